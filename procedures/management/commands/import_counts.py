from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from procedures.domain.errors import DomainError
from procedures.services.imported_counts import import_file


class Command(BaseCommand):
    help = "Imports paper counts from reports: a CSV of key,month,count. All lines or none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="number and date of the report")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open(encoding="utf-8-sig", newline="") as file:
                self.stdout.write(f"{import_file(file, options['source'])} imported")
        except DomainError as refused:
            raise CommandError(refused.message) from refused
