from typing import Any

from django.core.management.base import BaseCommand

from accounts.models import Office
from portal.lib import lanes


class Command(BaseCommand):
    help = "Prints the names of all lanes, comma separated, for `celery worker -Q`."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(",".join(lanes.every(Office.objects.values_list("key", flat=True))))
