"""A completed form (14-HSB, 09-HSB …) from generic sections, with the electronic signature in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from procedures.documents.parts import Proof
from procedures.documents.printable import in_vietnam, long_date
from procedures.documents.typesetting import typeset


@dataclass(frozen=True)
class Field:
    label: str
    value: str  # as shown; "" is printed as a dash

    def content(self) -> Mapping[str, object]:
        return {"kind": "field", "label": self.label, "value": self.value}


@dataclass(frozen=True)
class Column:
    label: str
    is_number: bool = False  # set flush right


@dataclass(frozen=True)
class Table:
    """Repeating rows, e.g. the relatives of a deceased person."""

    label: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"rows of {self.label!r} don't have {len(self.columns)} cells")

    def content(self) -> Mapping[str, object]:
        return {
            "kind": "table",
            "label": self.label,
            "columns": [
                {"label": column.label, "is_number": column.is_number, "weight": self._weight(place)}
                for place, column in enumerate(self.columns)
            ],
            "rows": [list(row) for row in self.rows],
        }

    def _weight(self, place: int) -> int:
        """Width of a column beside the others, after its longest text, within bounds."""
        words = (len(word) for word in self.columns[place].label.split())
        cells = (min(len(row[place]), 28) for row in self.rows)
        return 4 + max(5, *words, *cells)


Item: TypeAlias = Field | Table


@dataclass(frozen=True)
class Section:
    title: str
    items: tuple[Item, ...]

    def content(self) -> Mapping[str, object]:
        return {"title": self.title, "items": [item.content() for item in self.items]}


@dataclass(frozen=True, kw_only=True)
class FormSheet:
    form: str  # số mẫu: "14-HSB"
    title: str  # "ĐƠN ĐỀ NGHỊ"
    subtitle: str = ""  # procedure
    addressed_to: str  # after "Kính gửi:"
    sections: tuple[Section, ...]
    commitment: str
    place: str
    written_at: datetime  # aware
    signed_as: str = "Người đề nghị"
    is_to_sign: bool = False  # to be signed as it is, with a certificate
    proof: Proof  # without a signing it is a preview


def form_pdf(sheet: FormSheet) -> bytes:
    """The form as PDF; a preview says so on its face."""
    content = {
        "form": sheet.form,
        "title": sheet.title,
        "subtitle": sheet.subtitle,
        "addressed_to": sheet.addressed_to,
        "sections": [section.content() for section in sheet.sections],
        "commitment": sheet.commitment,
        "place_and_date": f"{sheet.place}, {long_date(in_vietnam(sheet.written_at))}",
        "signed_as": sheet.signed_as,
        "is_to_sign": sheet.is_to_sign,
        "proof": sheet.proof.content(),
    }
    return typeset("form", content, at=sheet.written_at, qr=sheet.proof.tracking_url)
