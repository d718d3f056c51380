from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import backups

SHOWN = 100


class Command(BaseCommand):
    help = (
        "Restores the newest dump of a folder into a database of its own, verifies log, balance and files there, "
        "and lists the receipts given since."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = backups.drill(options["folder"])
        except (backups.BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{found.dump.name}: {found.filings} lần nộp / filings, {found.seconds:.1f} s")
        for line in found.said:
            self.stdout.write(f"  {line}")
        self.stdout.write(
            f"Giấy tiếp nhận sau bản sao lưu / receipts newer than the backup: {len(found.newer)}"
        )
        for line in found.newer[:SHOWN]:
            self.stdout.write(f"  {line}")
        if found.problems:
            raise CommandError("the backup doesn't hold: " + ", ".join(found.problems))
