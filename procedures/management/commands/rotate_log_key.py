import base64
import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from procedures.services import checkpoints


class Command(BaseCommand):
    help = (
        "Makes the next key of the log, endorsed by the present one, and prints it: put it into LOG_KEY and "
        "start the processes again. Until then the present key signs; old receipts stay valid for ever."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        seed = base64.b64encode(secrets.token_bytes(checkpoints.SEED_BYTES)).decode()
        try:
            entered = checkpoints.announce(checkpoints.private_key(seed))
        except checkpoints.NoLogKey as error:
            raise CommandError(str(error)) from error
        self.stderr.write(f"key {entered.key_id}, endorsed by {entered.endorsed_by_id}")
        self.stdout.write(f"LOG_KEY={seed}")
