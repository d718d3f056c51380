from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from procedures.models import Attachment
from procedures.services import files


class Command(BaseCommand):
    help = "Has uploaded files scanned and copied anew: unscanned ones, or clean ones for new signatures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("safety", nargs="?", default="unscanned", choices=Attachment.Safety.values)

    def handle(self, *args: Any, **options: Any) -> None:
        found = files.ask_again(Attachment.Safety(options["safety"]))
        self.stdout.write(f"{found} tệp chờ kiểm tra lại / files wait to be checked again")
