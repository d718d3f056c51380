"""Offices as they were and as they are: who came after whom, and which rows a table of places has."""

from collections.abc import Collection, Mapping

from accounts.models import Office
from procedures.selectors.statistics.extent import Extent, Level, View
from procedures.selectors.statistics.regions import OTHER, REGION_NAMES, region_of

Offices = Mapping[str, Office]

COUNTRY = "toan-quoc"
COUNTRY_NAME = "Toàn quốc"


def all_offices() -> dict[str, Office]:
    """Every office there ever was, by key."""
    return Office.objects.in_bulk()


def current_key(key: str, offices: Offices) -> str:
    """The office that has taken over, after any number of mergers; itself while it stands."""
    while successor := offices[key].successor_id:
        key = successor
    return key


def lineage(key: str, offices: Offices) -> list[str]:
    """The office and all that it has taken over."""
    return [old for old in offices if key in _line(old, offices)]


def _line(key: str, offices: Offices) -> list[str]:
    line = [key]
    while successor := offices[line[-1]].successor_id:
        line.append(successor)
    return line


def rows_of_places(
    extent: Extent, offices: Offices, counted: Collection[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """The names of the rows by key, and which row each office counts to. ``counted``: offices with acts
    in the period, which are never left out."""
    if extent.level is Level.COUNTRY:
        return {COUNTRY: COUNTRY_NAME}, dict.fromkeys(offices, COUNTRY)
    if extent.level is Level.REGION:
        belongs = {key: region_of(key, lineage(key, offices)) for key in offices}
        rest = {OTHER: "Khác"} if OTHER in belongs.values() else {}
        return {**REGION_NAMES, **rest}, belongs
    if extent.view is View.NOW:
        belongs = {key: current_key(key, offices) for key in offices}
        return {key: offices[key].annex_name for key in belongs.values()}, belongs
    there = {
        key: office.annex_name for key, office in offices.items() if key in counted or _stood(office, extent)
    }
    return there, {key: key for key in offices}


def _stood(office: Office, extent: Extent) -> bool:
    return office.valid_from <= extent.last and (office.valid_to is None or office.valid_to >= extent.first)
