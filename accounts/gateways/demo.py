"""The demo's stand-in for mailboxes and phones: one file a message, read on the page /hop-thu-demo.

The files are the only place outside a person's phone where a code can be read, so they exist in the
demo and in tests only: another way round, sending raises GatewayError.
"""

import base64
import hashlib
import json
import os
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from django.conf import settings

from accounts.gateways.base import Attached, Delivery, GatewayError

CLOCKS_DIFFER = timedelta(minutes=2)  # the database's, which made the code, and the worker's
STRUCK_OUT = "(đã dùng)"


def tag(destination: str) -> str:
    """The end of the names of somebody's messages, which are found without reading anybody else's."""
    return hashlib.sha256(destination.encode()).hexdigest()[:8]


class DemoKeeper:
    """Keeps what it sends, and forgets a code in it once that was used."""

    def forget(self, destination: str, digits: str, since: datetime) -> None:
        """Strike the digits out of everything kept for them since then. A file somebody else takes away is gone."""
        written = re.compile(rf"{digits[:4]}[ -]?{digits[4:]}")
        oldest = f"{int((since - CLOCKS_DIFFER).timestamp() * 1e9):020d}"
        for path in Path(settings.DEMO_INBOX_DIR).glob(f"*-{tag(destination)}.json"):
            with suppress(FileNotFoundError):
                if path.stem >= oldest and written.search(content := path.read_text(encoding="utf-8")):
                    _write(path.parent, path.stem, written.sub(STRUCK_OUT, content))


class DemoMail(DemoKeeper):
    """Writes e-mails as files, and says at once that they arrived."""

    def send(
        self, destination: str, subject: str, text: str, html: str = "", attachments: Sequence[Attached] = ()
    ) -> Delivery:
        kept = [
            {
                "name": attached.name,
                "content_type": attached.content_type,
                "content": base64.b64encode(attached.content).decode(),
            }
            for attached in attachments
        ]
        return _keep("email", destination, text, subject=subject, html=html, attachments=kept)


class DemoSms(DemoKeeper):
    """Writes text messages as files, and says at once that they arrived."""

    def send(
        self, destination: str, subject: str, text: str, html: str = "", attachments: Sequence[Attached] = ()
    ) -> Delivery:
        return _keep("sms", destination, text)


def _keep(channel: Literal["email", "sms"], destination: str, text: str, **more: object) -> Delivery:
    if not (settings.DEMO or settings.TESTING):
        raise GatewayError("the demo inbox is for the demo only")
    message = {"channel": channel, "destination": destination, "text": text, **more}
    name = f"{time.time_ns():020d}-{tag(destination)}"
    try:
        _write(Path(settings.DEMO_INBOX_DIR), name, json.dumps(message, ensure_ascii=False))
    except OSError as error:
        raise GatewayError(str(error)) from error
    return Delivery("delivered")


def _write(folder: Path, name: str, content: str) -> None:
    """All of the file or none: whoever lists the folder never sees half a message."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = folder / f"{name}.part"
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(content)
    part.rename(folder / f"{name}.json")
