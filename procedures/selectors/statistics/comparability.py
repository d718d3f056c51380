"""Rows that shouldn't be compared with others without a thought. They are marked, never smoothed."""

from dataclasses import dataclass
from decimal import Decimal

from portal.lib.money import format_number, format_rate
from procedures.selectors.statistics.extent import Level
from procedures.selectors.statistics.table import RateTable, Row

MANY = 5  # times the median, or a so-manieth of it
SHARE = 10  # per cent of all dossiers of the country in one office
LARGE = 10_000  # dossiers without a single electronic one
# What a rule can't see, said of one office and exactly this number of dossiers (the annex's).
SAID = {
    (
        "ho-chi-minh",
        84_690,
    ): "Mẫu số 84.690 thấp hơn Tây Ninh (141.272) và chỉ bằng một phần mười một Bình Dương (945.863), "
    "dù đây là địa phương đông dân nhất: có thể các cơ quan đếm hồ sơ không giống nhau.",
}


@dataclass(frozen=True, slots=True)
class Flag:
    row: Row
    words: str


def flags_of(table: RateTable) -> list[Flag]:
    """Odd denominators of a table of offices, biggest first."""
    if table.extent.level is not Level.OFFICE:
        return []
    totals = sorted(row.count.total for row in table.rows if row.count.total)
    if not totals:
        return []
    median = totals[len(totals) // 2]
    found = [Flag(row, words) for row in table.rows if (words := _words(row, table, median))]
    return sorted(found, key=lambda flag: -flag.row.count.total)


def _words(row: Row, table: RateTable, median: int) -> str:
    total, country = row.count.total, table.total.count.total
    parts = []
    if total >= MANY * median:
        parts.append(
            f"Mẫu số {format_number(total)} gấp {total // median} lần trung vị ({format_number(median)})."
        )
    if total * 100 >= SHARE * country:
        share = format_rate(Decimal(100 * total) / Decimal(country))
        parts.append(f"Chiếm {share} số hồ sơ cả nước: tỷ lệ cả nước phụ thuộc nhiều vào một cơ quan này.")
    if 0 < total * MANY <= median:
        parts.append(f"Mẫu số {format_number(total)} rất nhỏ: vài chục hồ sơ đã đổi thứ hạng.")
    if total >= LARGE and not row.count.electronic:
        parts.append(
            f"Không có hồ sơ điện tử nào trên {format_number(total)} hồ sơ: cần kiểm tra cách ghi nhận."
        )
    if said := SAID.get((row.key, total)):
        parts.append(said)
    return " ".join(parts)
