"""Puts what somebody had typed back into a page of HTML."""

from collections.abc import Mapping, Sequence
from html import escape
from html.parser import HTMLParser

# Never written into a page: what is a secret, what the browser won't take, and the page's own marks.
NOT_TYPED = frozenset({"password", "file", "hidden", "submit", "button", "image", "reset"})
CHOSEN = frozenset({"radio", "checkbox"})


def refill(page: str, typed: Mapping[str, Sequence[str]]) -> str:
    """``page`` with the values of ``typed`` (name → all its values) in its inputs, choices and text areas."""
    writer = _Writer(page, typed)
    writer.feed(page)
    writer.close()
    return writer.page


class _Writer(HTMLParser):
    """Copies the page and changes only the tags of fields."""

    def __init__(self, page: str, typed: Mapping[str, Sequence[str]]) -> None:
        super().__init__(convert_charrefs=False)
        self.typed = typed
        self.pieces: list[str] = []
        self.copied = 0
        self.source = page
        self.lines = [0]
        for at, char in enumerate(page):
            if char == "\n":
                self.lines.append(at + 1)
        self.chosen: Sequence[str] | None = None  # of the <select> we are in
        self.text: str | None = None  # of the <textarea> we are in

    @property
    def page(self) -> str:
        return "".join(self.pieces) + self.source[self.copied :]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        name = found.get("name", "")
        values = self.typed.get(name) if name else None
        if tag == "input" and values is not None:
            self._input(found, values)
        elif tag == "select":
            self.chosen = values
        elif tag == "option" and self.chosen is not None:
            self._mark(found, "selected", found.get("value", "") in self.chosen)
        elif tag == "textarea" and values is not None:
            self.text = values[0] if values else ""
            self._copy_to(self._here() + len(self.get_starttag_text() or ""))
            self.pieces.append("\n" + escape(self.text))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.chosen = None
        elif tag == "textarea" and self.text is not None:
            self.text, self.copied = None, self._here()

    def _input(self, found: dict[str, str], values: Sequence[str]) -> None:
        kind = found.get("type", "text")
        if kind in CHOSEN:
            self._mark(found, "checked", found.get("value", "on") in values)
        elif kind not in NOT_TYPED:
            self._write({**found, "value": values[0] if values else ""})

    def _mark(self, found: dict[str, str], mark: str, is_chosen: bool) -> None:
        kept = {name: value for name, value in found.items() if name != mark}
        self._write({**kept, mark: ""} if is_chosen else kept)

    def _write(self, attributes: dict[str, str]) -> None:
        """The tag at hand with these attributes instead."""
        old = self.get_starttag_text() or ""
        here = self._here()
        tag = old[1:].split(None, 1)[0].rstrip(">")
        self._copy_to(here)
        inner = "".join(
            f' {name}="{escape(value)}"' if value or name in ("value", "alt") else f" {name}"
            for name, value in attributes.items()
        )
        self.pieces.append(f"<{tag}{inner}>")
        self.copied = here + len(old)

    def _copy_to(self, end: int) -> None:
        self.pieces.append(self.source[self.copied : end])
        self.copied = end

    def _here(self) -> int:
        line, column = self.getpos()
        return self.lines[line - 1] + column
