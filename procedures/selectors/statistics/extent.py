"""What a table of rates counts: the period, the rows, what is left out. In an address, in the definition
line of a printed report, and in the hash of a frozen one."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from portal.lib.vietnamese import format_date


class Level(StrEnum):
    """What a row of the table is."""

    OFFICE = "co-quan"
    REGION = "vung"
    COUNTRY = "ca-nuoc"
    PROCEDURE = "thu-tuc"
    MONTH = "thang"


class Series(StrEnum):
    FIELD = "toan-linh-vuc"
    SEVEN = "bay-thu-tuc"


class View(StrEnum):
    """Whose an act is when offices have merged since."""

    THEN = "khi-do"
    NOW = "hien-nay"


LEVEL_NAMES = {
    Level.OFFICE: "cơ quan BHXH",
    Level.REGION: "vùng",
    Level.COUNTRY: "cả nước",
    Level.PROCEDURE: "thủ tục",
    Level.MONTH: "tháng",
}
SERIES_NAMES = {Series.FIELD: "toàn lĩnh vực", Series.SEVEN: "bảy thủ tục"}
SERIES_MEANINGS = {
    Series.FIELD: "hồ sơ trên cổng và số hồ sơ giấy được nhập từ báo cáo",
    Series.SEVEN: "chỉ hồ sơ có trên cổng, thuộc bảy thủ tục",
}
VIEW_NAMES = {View.THEN: "theo cơ quan khi đó", View.NOW: "theo cơ quan hiện nay"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """Both days are included. ``office``, ``procedure`` and ``channel`` are "" for all."""

    first: date
    last: date
    level: Level = Level.OFFICE
    series: Series = Series.SEVEN
    view: View = View.THEN
    office: str = ""  # only this office, for the months of one
    procedure: str = ""
    channel: str = ""  # only a list of dossiers asks for one; a rate needs all

    def at_level(self, level: Level) -> "Extent":
        return replace(self, level=level)

    @property
    def definition(self) -> str:
        """What exactly is counted, in one line; part of a frozen report's hash."""
        parts = [
            f"Hồ sơ nộp từ {format_date(self.first)} đến {format_date(self.last)}",
            f"{SERIES_NAMES[self.series]} ({SERIES_MEANINGS[self.series]})",
            f"theo {LEVEL_NAMES[self.level]}",
            VIEW_NAMES[self.view],
        ]
        if self.procedure:
            parts.append(f"thủ tục {self.procedure}")
        if self.office:
            parts.append(f"cơ quan {self.office}")
        return (
            "; ".join(parts) + "; không tính hồ sơ thử. Tỷ lệ = hồ sơ điện tử / tổng số hồ sơ, "
            "làm tròn đến hai chữ số thập phân, nửa lên."
        )


# The annex of 3040/BHXH-CNTT prints no period; that it is January to August 2019 is an assumption.
ANNEX = Extent(first=date(2019, 1, 1), last=date(2019, 8, 31))
