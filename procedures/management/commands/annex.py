import csv
import io
from datetime import date
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from procedures.selectors.statistics.extent import ANNEX, Extent, Level, Series, View
from procedures.selectors.statistics.table import HEADINGS, RateTable, rate_table


class Command(BaseCommand):
    help = "Prints the annex of 3040/BHXH-CNTT from the tallies, or the same table of any other period."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="first", type=date.fromisoformat, default=ANNEX.first)
        parser.add_argument("--to", dest="last", type=date.fromisoformat, default=ANNEX.last)
        parser.add_argument("--level", type=Level, choices=list(Level), default=Level.OFFICE)
        parser.add_argument("--series", type=Series, choices=list(Series), default=Series.SEVEN)
        parser.add_argument("--view", type=View, choices=list(View), default=View.THEN)
        parser.add_argument("--procedure", default="")
        parser.add_argument(
            "--load", type=int, metavar="SCALE", help="first make the tables and load the annex's dossiers"
        )
        parser.add_argument("--csv", action="store_true", help="the figures only, as CSV")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["load"]:
            call_command("migrate", verbosity=0)
            call_command("load_offices", stdout=io.StringIO())
            call_command("load_annex", scale=options["load"], stdout=self.stderr)
        names = ("first", "last", "level", "series", "view", "procedure")
        table = rate_table(Extent(**{name: options[name] for name in names}))
        if options["csv"]:
            csv.writer(self.stdout, lineterminator="\n").writerows(lines_of(table))
        else:
            self.stdout.write(f"{aligned(lines_of(table))}\n\n{table.extent.definition}")


def lines_of(table: RateTable) -> list[tuple[str, ...]]:
    return [HEADINGS, *(row.figures for row in table.rows), table.total.figures]


def aligned(lines: list[tuple[str, ...]]) -> str:
    """Columns below each other: names to the left, numbers to the right."""
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    texts = []
    for place, name, *numbers in lines:
        right = "  ".join(cell.rjust(width) for cell, width in zip(numbers, widths[2:], strict=True))
        texts.append(f"{place:>{widths[0]}}  {name:<{widths[1]}}  {right}")
    return "\n".join(texts)
