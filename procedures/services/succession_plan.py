"""The plan of a merger: a CSV with one line an office that is closed, and the office that takes over."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from accounts.models import Office
from portal.lib.vietnamese import nfc_text

COLUMNS = (
    *("key", "successor_key", "successor_name", "successor_official_name"),
    *("successor_code", "successor_province_code"),
)
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class PlanRefused(Exception):
    """What is wrong with the plan, one sentence a fault."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("; ".join(faults))


@dataclass(frozen=True, slots=True)
class Successor:
    key: str
    name: str
    official_name: str
    code: str  # VSS, 3 digits
    province_code: str  # GSO, 2 digits


@dataclass(frozen=True, slots=True)
class Plan:
    text: str
    effective_on: date
    closed: Mapping[str, Successor]  # by the key of the office that is closed

    @property
    def successors(self) -> list[Successor]:
        """Each once, in the order of the plan."""
        return list(dict.fromkeys(self.closed.values()))

    def require_possible(self, offices: Mapping[str, Office]) -> None:
        """That the offices there are can be merged like this. Raises PlanRefused."""
        faults = [fault for key in self.closed for fault in self._faults_of_closed(key, offices)]
        faults += [fault for one in self.successors for fault in self._faults_of_successor(one, offices)]
        if faults:
            raise PlanRefused(faults)

    def _faults_of_closed(self, key: str, offices: Mapping[str, Office]) -> list[str]:
        office = offices.get(key)
        if office is None:
            return [f"Không có cơ quan “{key}”."]
        if office.successor_id:
            return [f"Cơ quan “{key}” đã được {office.successor_id} kế thừa."]
        if office.valid_from >= self.effective_on:
            return [f"Cơ quan “{key}” mới có từ {office.valid_from}, không thể thôi từ {self.effective_on}."]
        return []

    def _faults_of_successor(self, one: Successor, offices: Mapping[str, Office]) -> list[str]:
        if one.key in self.closed:
            return [f"“{one.key}” vừa thôi hoạt động vừa kế thừa."]
        there = offices.get(one.key)
        if there is None:
            return []
        if there.successor_id:
            return [f"Cơ quan kế thừa “{one.key}” đã thôi hoạt động."]
        if (there.name, there.code) != (one.name, one.code):
            return [f"Cơ quan “{one.key}” đã có với tên hoặc mã khác."]
        return []


def read_plan(text: str, effective_on: date) -> Plan:
    """The plan in a CSV with COLUMNS. Raises PlanRefused for one that contradicts itself."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise PlanRefused([f"Các cột phải là: {', '.join(COLUMNS)}."])
    closed: dict[str, Successor] = {}
    by_key: dict[str, Successor] = {}
    faults: list[str] = []
    for number, line in enumerate(reader, start=2):
        values = [nfc_text(line[column] or "") for column in COLUMNS]
        key, successor = values[0], Successor(*values[1:])
        faults += [f"Dòng {number}: {fault}" for fault in _faults(key, successor, closed, by_key)]
        closed[key] = by_key.setdefault(successor.key, successor)
    if not closed:
        faults.append("Phương án không có dòng nào.")
    if faults:
        raise PlanRefused(faults)
    return Plan(text, effective_on, closed)


def _faults(
    key: str, successor: Successor, closed: Mapping[str, Successor], by_key: Mapping[str, Successor]
) -> list[str]:
    faults = []
    if key in closed:
        faults.append(f"cơ quan “{key}” có hai lần.")
    if not _KEY.fullmatch(successor.key) or not successor.name or not successor.official_name:
        faults.append("thiếu khóa hoặc tên của cơ quan kế thừa.")
    if not re.fullmatch(r"[0-9]{3}", successor.code) or not re.fullmatch(
        r"[0-9]{2}", successor.province_code
    ):
        faults.append("mã cơ quan gồm 3 chữ số, mã tỉnh gồm 2 chữ số.")
    if by_key.get(successor.key, successor) != successor:
        faults.append(f"“{successor.key}” được ghi khác dòng trước.")
    return faults
