"""The demo's stand-in for mailboxes and phones: one file a message, read on the page /hop-thu-demo.

The files are the only place outside a person's phone where a code can be read, so they exist in the
demo and in tests only: another way round, sending raises GatewayError.
"""

import base64
import json
import os
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from django.conf import settings

from accounts.gateways.base import Attached, Delivery, GatewayError


class DemoMail:
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


class DemoSms:
    """Writes text messages as files, and says at once that they arrived."""

    def send(
        self, destination: str, subject: str, text: str, html: str = "", attachments: Sequence[Attached] = ()
    ) -> Delivery:
        return _keep("sms", destination, text)


def _keep(channel: Literal["email", "sms"], destination: str, text: str, **more: object) -> Delivery:
    if not (settings.DEMO or settings.TESTING):
        raise GatewayError("the demo inbox is for the demo only")
    message = {"channel": channel, "destination": destination, "text": text, **more}
    name = f"{time.time_ns():020d}-{uuid.uuid4().hex[:8]}"
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
