"""The annex of 3040/BHXH-CNTT as it was printed, and its dossiers in any number."""

import csv
from pathlib import Path
from typing import Any

from portal.lib.money import format_number
from procedures.services.annex_load import load_annex

FACTS = Path(__file__).parents[1] / "facts" / "provinces.csv"


def facts() -> list[dict[str, str]]:
    with FACTS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def printed_annex() -> list[tuple[str, str, str, str, str]]:
    """The 63 lines as the annex prints them."""
    return [
        (
            line["annex_order"],
            line["annex_name"],
            format_number(int(line["electronic_2019"])),
            format_number(int(line["total_2019"])),
            line["rate_2019"].replace(".", ",") + "%",
        )
        for line in facts()
    ]


def load(scale: int = 1000, **options: Any) -> None:
    """A so-manieth of the dossiers."""
    load_annex(scale, lambda progress: None, **options)
