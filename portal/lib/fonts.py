"""The letters of the pages: named here, made by portal.assets, linked by a template tag, which shouldn't have to
load what cuts fonts."""

from dataclasses import dataclass

STYLESHEET = "foundation.css"


@dataclass(frozen=True)
class Weight:
    """A weight of the font, and how far Arial must be stretched to take the same room."""

    css: int
    file: str
    arial: float


# Average widths over Vietnamese text, Be Vietnam Pro against Arial (Liberation Sans has its widths).
WEIGHTS = (Weight(400, "Regular", 1.089), Weight(600, "SemiBold", 1.037))
