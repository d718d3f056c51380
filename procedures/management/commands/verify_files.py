from typing import Any

from django.core.management.base import BaseCommand, CommandError

from procedures.models import Attachment
from procedures.services import files

SHOWN = 100


class Command(BaseCommand):
    help = "Opens every uploaded file and compares it with what was signed; names every one that is damaged."

    def handle(self, *args: Any, **options: Any) -> None:
        looked_at = damaged = 0
        for attachment in Attachment.objects.order_by("pk").iterator():
            looked_at += 1
            try:
                files.original_of(attachment)
            except files.DamagedFile as error:
                damaged += 1
                if damaged <= SHOWN:
                    self.stderr.write(str(error))
        self.stdout.write(f"{looked_at} files; damaged: {damaged}")
        if damaged:
            raise CommandError(f"{damaged} damaged files")
