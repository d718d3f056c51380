from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from procedures.services import checkpoints, log_check

SHOWN = 100


class Command(BaseCommand):
    help = (
        "Computes the log anew from the rows, and names every row, node, checkpoint or file that doesn't fit."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--files", help="a folder of checkpoints: a copy that is kept elsewhere")
        parser.add_argument("--no-files", action="store_true", help="this machine keeps no checkpoint files")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["files"]) if options["files"] else checkpoints.folder()
        found = 0
        for finding in log_check.findings(None if options["no_files"] else folder):
            found += 1
            if found <= SHOWN:
                self.stderr.write(str(finding))
        entries, leaves, signed = log_check.counted()
        self.stdout.write(f"{entries} entries, {leaves} leaves, {signed} checkpoints; findings: {found}")
        if found:
            raise CommandError(f"{found} findings")
