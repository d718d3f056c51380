"""What of a paper the viewer shows, and where each of its controls leads.

The links work without scripts; static/portal/viewer.js does the same in place. The addresses and steps here
are the only ones.
"""

from dataclasses import dataclass, replace

from django.http import QueryDict
from django.urls import reverse

from portal.lib.pictures import TURNS, WIDTHS
from procedures.models import Attachment

ZOOMS = (50, 75, 100, 150, 200, 300)  # per cent of the viewer's width
WIDE_FROM = 200  # from this zoom on the larger picture is fetched


@dataclass(frozen=True, slots=True)
class Viewed:
    """What of a file is shown, and where each control leads."""

    file: Attachment
    page: int = 1
    turn: int = 0
    zoom: int = 100

    @property
    def pages(self) -> int | None:
        """None on files that were stored before pages were counted."""
        return 1 if self.file.is_picture else self.file.pages

    @property
    def image_url(self) -> str:
        address = reverse("casework:page", kwargs={"public_id": self.file.public_id, "page": self.page})
        width = WIDTHS[1] if self.zoom >= WIDE_FROM else WIDTHS[0]
        return f"{address}?xoay={self.turn}&rong={width}"

    @property
    def image_base(self) -> str:
        """The address of a page, for scripts: 0 stands for its number."""
        return reverse("casework:page", kwargs={"public_id": self.file.public_id, "page": 0})

    @property
    def url(self) -> str:
        address = reverse("casework:view", kwargs={"public_id": self.file.public_id})
        return f"{address}?trang={self.page}&xoay={self.turn}&phong={self.zoom}"

    @property
    def previous(self) -> str:
        return replace(self, page=self.page - 1).url if self.page > 1 else ""

    @property
    def next(self) -> str:
        is_last = self.pages is not None and self.page >= self.pages
        return "" if is_last else replace(self, page=self.page + 1).url

    @property
    def smaller(self) -> str:
        return self._zoomed(-1)

    @property
    def larger(self) -> str:
        return self._zoomed(1)

    @property
    def left(self) -> str:
        return replace(self, turn=(self.turn - 90) % 360).url

    @property
    def right(self) -> str:
        return replace(self, turn=(self.turn + 90) % 360).url

    @property
    def usual(self) -> str:
        return replace(self, turn=0, zoom=100).url

    def _zoomed(self, by: int) -> str:
        place = ZOOMS.index(self.zoom) + by
        return replace(self, zoom=ZOOMS[place]).url if 0 <= place < len(ZOOMS) else ""


def viewed_of(file: Attachment, query: QueryDict) -> Viewed:
    number = query.get("trang", "")
    page = int(number) if number.isascii() and number.isdigit() and 0 < len(number) < 4 else 1
    zoom = one_of(query.get("phong"), ZOOMS, usual=100)
    return Viewed(file, max(page, 1), one_of(query.get("xoay"), TURNS), zoom)


def one_of(typed: str | None, known: tuple[int, ...], usual: int | None = None) -> int:
    found = next((value for value in known if str(value) == typed), None)
    return found if found is not None else (known[0] if usual is None else usual)
