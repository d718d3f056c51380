"""The six socio-economic regions of 2019 (Tổng cục Thống kê; 14, 11, 14, 5, 6 and 13 provinces)."""

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path

REGION_NAMES = {
    "mien-nui-phia-bac": "Trung du và miền núi phía Bắc",
    "dong-bang-song-hong": "Đồng bằng sông Hồng",
    "mien-trung": "Bắc Trung Bộ và Duyên hải miền Trung",
    "tay-nguyen": "Tây Nguyên",
    "dong-nam-bo": "Đông Nam Bộ",
    "dong-bang-song-cuu-long": "Đồng bằng sông Cửu Long",
}
OTHER = "khac"
_CSV = Path(__file__).with_name("regions.csv")


@cache
def _regions() -> dict[str, str]:
    with _CSV.open(encoding="utf-8", newline="") as file:
        return {line["key"]: line["region"] for line in csv.DictReader(file)}


def region_of(office_key: str, predecessors: Iterable[str] = ()) -> str:
    """The region of an office. One that was made by a merger is where most of its predecessors were; of
    two regions with as many, where the predecessor of its own name was."""
    known = _regions()
    if office_key in known:
        return known[office_key]
    old = [key for key in predecessors if key in known]
    votes = [known[key] for key in old]
    if not votes:
        return OTHER
    namesake = next((known[key] for key in old if office_key.startswith(key)), votes[0])
    return max(dict.fromkeys([namesake, *votes]), key=votes.count)
