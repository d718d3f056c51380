from typing import Any

from django.core.management.base import BaseCommand

from procedures.services import files


class Command(BaseCommand):
    help = "Seals every uploaded file by the newest key of FILE_KEYS. Afterwards older keys may go."

    def handle(self, *args: Any, **options: Any) -> None:
        done = 0
        while some := files.reseal():
            done += some
        self.stdout.write(f"{done} tệp đã được niêm phong bằng khóa mới nhất / files resealed")
