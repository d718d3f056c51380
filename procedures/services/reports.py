"""Chốt báo cáo: a table frozen with its definition, printed again from its own bytes for ever.

What comes in after is never put into it. It shows as a difference, and is published as a correction: an
edition that names the one it corrects, and why.
"""

import hashlib
import json
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from portal.lib.vietnamese import format_date
from procedures.domain.errors import DomainError
from procedures.models import ReportEdition
from procedures.selectors.statistics.extent import Extent, Level, Series, View
from procedures.selectors.statistics.table import HEADINGS, RateTable, Row, rate_table

FORMAT = "bao-cao-ty-le/1"
TITLE = "Tỷ lệ hồ sơ điện tử của BHXH các tỉnh, thành phố"


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter a report is sent with; both empty for none."""

    number: str = ""  # "3040/BHXH-CNTT"
    day: date | None = None

    @property
    def words(self) -> str:
        if not self.number:
            return ""
        of_day = f" ngày {format_date(self.day)}" if self.day else ""
        return f"Gửi kèm Công văn số {self.number}{of_day} của BHXH Việt Nam"


@dataclass(frozen=True, slots=True)
class Change:
    """A row that isn't what an edition says. Figures as printed; "" for a row that isn't there."""

    name: str
    frozen: tuple[str, ...]  # electronic, total, rate
    now: tuple[str, ...]


def freeze(extent: Extent, by: User, *, letter: Letter = Letter(), title: str = TITLE) -> ReportEdition:
    """Keep the table as it is now. Raises DomainError for one without a single dossier."""
    table = rate_table(extent)
    if not table.total.count.total:
        raise DomainError("Kỳ này chưa có hồ sơ nào nên chưa có gì để chốt.")
    return _keep(table, by, letter.words, title)


def correct(edition: ReportEdition, by: User, reason: str) -> ReportEdition:
    """Publish what is different now, under the same definition and letter.

    Raises DomainError when nothing is different, there is a correction already, or no reason is given.
    """
    if not reason.strip():
        raise DomainError("Xin ghi rõ lý do đính chính.", question="reason")
    content = content_of(edition)
    if not changes_since(edition):
        raise DomainError("Số liệu không khác bản đã chốt nên không cần đính chính.")
    table = rate_table(extent_of(content))
    try:
        with transaction.atomic():
            return _keep(
                table, by, content["attached_to"], content["title"], corrects=edition, reason=reason.strip()
            )
    except IntegrityError:
        raise DomainError("Bản này đã có bản đính chính. Xin đính chính bản mới nhất.") from None


def content_of(edition: ReportEdition) -> dict[str, Any]:
    """What was frozen. Raises ValueError when the bytes aren't those of the digest."""
    if not is_intact(edition):
        raise ValueError(f"report edition {edition.pk} isn't what its digest says")
    content: dict[str, Any] = json.loads(bytes(edition.content))
    return content


def is_intact(edition: ReportEdition) -> bool:
    return hashlib.sha256(bytes(edition.content)).hexdigest() == edition.digest


def changes_since(edition: ReportEdition) -> list[Change]:
    """Rows whose figures are others now than in the edition, in the order of the edition."""
    content = content_of(edition)
    frozen = _figures_by_key(content)
    table = rate_table(extent_of(content))
    current = {row.key: row for row in (*table.rows, table.total)}
    names = {key: line[0] for key, line in frozen.items()} | {key: row.name for key, row in current.items()}
    return [
        Change(names[key], was, now)
        for key in names
        if (was := frozen.get(key, ("",))[1:]) != (now := _numbers(current.get(key)))
    ]


def extent_of(content: dict[str, Any]) -> Extent:
    """What an edition counted."""
    asked = content["extent"]
    return Extent(
        first=date.fromisoformat(asked["first"]),
        last=date.fromisoformat(asked["last"]),
        level=Level(asked["level"]),
        series=Series(asked["series"]),
        view=View(asked["view"]),
        procedure=asked["procedure"],
    )


def canonical(content: dict[str, Any]) -> bytes:
    """The bytes an edition's digest covers: sorted keys, no spaces, NFC."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return unicodedata.normalize("NFC", text).encode()


def _keep(table: RateTable, by: User, attached_to: str, title: str, **fields: Any) -> ReportEdition:
    extent = table.extent
    content = {
        "format": FORMAT,
        "title": title,
        "attached_to": attached_to,
        "definition": extent.definition,
        "extent": {
            "first": extent.first.isoformat(),
            "last": extent.last.isoformat(),
            "level": extent.level,
            "series": extent.series,
            "view": extent.view,
            "procedure": extent.procedure,
        },
        "headings": list(HEADINGS),
        "rows": [[row.key, *row.figures] for row in table.rows],
        "total": [table.total.key, *table.total.figures],
    }
    kept = canonical(content)
    return ReportEdition.objects.create(
        content=kept,
        digest=hashlib.sha256(kept).hexdigest(),
        title=title,
        period=f"{format_date(extent.first)}–{format_date(extent.last)}",
        frozen_by=by,
        **fields,
    )


def _figures_by_key(content: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Name, electronic, total and rate of each row, by key."""
    return {key: tuple(figures[1:]) for key, *figures in (*content["rows"], content["total"])}


def _numbers(row: Row | None) -> tuple[str, ...]:
    return row.figures[2:] if row else ()
