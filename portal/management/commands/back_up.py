from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import backups


class Command(BaseCommand):
    help = "Dumps the database into a folder, and copies new files and checkpoints beside it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(str(backups.back_up(options["folder"])))
        except (backups.BackupError, OSError) as error:
            raise CommandError(str(error)) from error
