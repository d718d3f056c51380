"""The table of offices, filled from accounts/data/offices.csv (the annex of 3040/BHXH-CNTT)."""

import csv
from datetime import date
from pathlib import Path

from accounts.models import Office

OFFICES_CSV = Path(__file__).resolve().parent.parent / "data" / "offices.csv"
# The day since which there have been exactly these 63 provinces (Nghị quyết 15/2008/QH12: Hà Tây went
# to Hà Nội). Not the founding day of any office: most are older. The portal only needs a day before
# every dossier.
FIRST_DAY = date(2008, 8, 1)
_NAMES = ("name", "official_name", "annex_name", "annex_order", "code", "province_code")


def load_offices() -> int:
    """Write the 63 offices; those that are there get their names and codes again, nothing else.

    Dates and successors of an existing office are left alone. Returns how many offices the file has.
    """
    with OFFICES_CSV.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    offices = [
        Office(key=row["key"], valid_from=FIRST_DAY, **{name: row[name] for name in _NAMES}) for row in rows
    ]
    Office.objects.bulk_create(offices, update_conflicts=True, unique_fields=["key"], update_fields=_NAMES)
    return len(offices)
