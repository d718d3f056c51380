import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from procedures.selectors.statistics.recount import recount
from procedures.services import tallies

logger = logging.getLogger(__name__)

NAMED = 50


class Command(BaseCommand):
    help = "Counts every dossier afresh and compares with the tallies; names the rows that differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="write the tallies afresh when they differ")

    def handle(self, *args: Any, **options: Any) -> None:
        folded = tallies.fold_all()
        found = recount()
        self.stdout.write(
            f"acts tallied {found.acts}; folded now {folded}; cells that differ: {len(found.mismatches)}"
        )
        if not found.mismatches:
            return
        for mismatch in found.mismatches[:NAMED]:
            logger.error("tally mismatch: %s", mismatch)
            self.stderr.write(str(mismatch))
        if not options["repair"]:
            raise CommandError("the tallies aren't what the rows say (--repair writes them afresh)")
        tallies.rebuild()
        self.stdout.write("written afresh")
