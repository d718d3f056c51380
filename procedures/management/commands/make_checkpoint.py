from typing import Any

from django.core.management.base import BaseCommand, CommandError

from procedures.services import checkpoints


class Command(BaseCommand):
    help = "Signs a checkpoint of the log now, if there is news or the last one is a day old."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = checkpoints.make()
        except checkpoints.NoLogKey as error:
            raise CommandError(str(error)) from error
        checkpoints.publish()
        self.stdout.write(f"{made.tree_size} leaves, key {made.key_id}" if made else "no news")
