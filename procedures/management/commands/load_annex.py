import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.lib.money import format_number
from procedures.services.annex_load import LoadRefused, Progress, load_annex

WIDTH = 24


class Command(BaseCommand):
    help = (
        "Loads dossiers in the numbers of the annex of 3040/BHXH-CNTT: 63 offices, 4,177,524 rows, 2 GB. "
        "They belong to nobody. Can be stopped and started again; offices that are loaded are skipped."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=int, default=1, help="load a so-manieth: 100 for tests and demos")
        parser.add_argument(
            "--compare", action="store_true", help="load everything a second time into a bare table"
        )

        parser.add_argument(
            "--named", action="store_true", help="give each dossier a name and a number to be searched by"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.began = self.told_at = time.monotonic()
        try:
            done = load_annex(options["scale"], self.tell, compare=options["compare"], named=options["named"])
        except LoadRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stderr.write("")
        rate = int(done.rows / done.seconds) if done.seconds else 0
        self.stdout.write(
            f"loaded {done.rows} dossiers in {done.seconds:.1f} s ({rate}/s), {done.skipped} were there"
        )
        if options["compare"] and done.bare_seconds:
            for name, seconds in (("its COPY", done.copy_seconds), ("the whole load", done.seconds)):
                self.stdout.write(f"{name}: {seconds:.1f} s, {seconds / done.bare_seconds:.2f} of bare COPY")

    def tell(self, progress: Progress) -> None:
        """One line that is written over; a line of its own every 10 s when nobody watches."""
        is_watched = self.stderr.isatty()
        now = time.monotonic()
        if now - self.told_at < (0.2 if is_watched else 10):
            return
        self.told_at = now
        done = progress.rows + progress.skipped
        bar = "█" * (WIDTH * done // progress.rows_in_all)
        line = (
            f"{bar:░<{WIDTH}} {100 * done // progress.rows_in_all:3d} %  {format_number(done)} / "
            f"{format_number(progress.rows_in_all)}  {progress.office}"
        )
        self.stderr.write(f"\r{line:<100}" if is_watched else line, ending="" if is_watched else "\n")
        self.stderr.flush()
