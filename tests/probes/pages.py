"""A page as a browser reads it: its links, and its forms with the values they would send."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPED = {"text", "search", "tel", "email", "number", "date", "password", "url"}
CHOSEN = {"radio", "checkbox", "select"}
NOT_SENT = {"file", "reset", "image", "button"}


@dataclass
class Form:
    """What pressing its first button would send; ``typed`` are the fields a person types into."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)

    @property
    def fields(self) -> frozenset[str]:
        return frozenset([*self.typed, *self.chosen, *self.hidden])


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.area: str | None = None
        self.select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "form":
            self.open = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self.open)
        if self.open is not None and given.get("name"):
            self._field(tag, given, self.open)
        if tag == "option" and self.open is not None and self.select:
            is_first = self.select not in self.open.values
            if is_first or "selected" in given:
                self.open.values[self.select] = given.get("value", "")

    def _field(self, tag: str, given: dict[str, str], form: Form) -> None:
        name, kind, value = given["name"], given.get("type", "text"), given.get("value", "")
        if tag == "textarea":
            self.area, kind = name, "textarea"
        if tag == "select":
            self.select, kind = name, "select"
        if kind in {*TYPED, "textarea"}:
            form.typed.append(name)
        elif kind in CHOSEN:
            form.chosen.append(name)
        elif kind == "hidden":
            form.hidden.append(name)
        is_off = kind in CHOSEN and "checked" not in given
        if kind not in NOT_SENT and not is_off:
            form.values[name] = value

    def handle_data(self, data: str) -> None:
        if self.area and self.open is not None:
            self.open.values[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        if tag == "textarea":
            self.area = None
        if tag == "select":
            self.select = None


def read(html: str) -> tuple[list[str], list[Form]]:
    """Links and forms, in the order of the page."""
    reader = _Reader()
    reader.feed(html)
    return reader.links, reader.forms
