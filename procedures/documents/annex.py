"""Phụ lục tỷ lệ hồ sơ điện tử, laid out like the annex of 3040/BHXH-CNTT."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from procedures.documents.typesetting import typeset


@dataclass(frozen=True, kw_only=True)
class AnnexSheet:
    """The table as text; whoever calls has rounded and sorted."""

    title: str
    attached_to: str  # "Gửi kèm Công văn số 3040/BHXH-CNTT ngày 20/8/2019 của BHXH Việt Nam"; "" for none
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    total: Sequence[str]
    definition: str
    notes: Sequence[str] = ()
    digest: str = ""  # SHA-256 of a frozen edition, in groups
    made_at: datetime  # aware; for a frozen edition the moment it was frozen


def annex_pdf(sheet: AnnexSheet) -> bytes:
    """The annex as PDF: the same sheet gives the same bytes."""
    content = {
        "title": sheet.title,
        "attached_to": sheet.attached_to,
        "headings": list(sheet.headings),
        "rows": [list(row) for row in sheet.rows],
        "total": list(sheet.total),
        "definition": sheet.definition,
        "notes": list(sheet.notes),
        "digest": sheet.digest,
    }
    return typeset("annex", content, at=sheet.made_at)
