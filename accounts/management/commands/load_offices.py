from typing import Any

from django.core.management.base import BaseCommand

from accounts.services.offices import load_offices


class Command(BaseCommand):
    help = "Nạp 63 cơ quan BHXH tỉnh, thành phố. Chạy lại bao nhiêu lần cũng được."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_offices()} cơ quan BHXH")
