"""What the demo's gateways wrote: the stand-in for everybody's phone and mailbox."""

import base64
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from accounts.gateways.demo import tag

PAGE_SIZE = 30
_NAME = re.compile(r"[0-9]{20}-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class DemoMessage:
    """One message as it was sent."""

    name: str
    channel: str
    destination: str
    subject: str
    text: str
    attachments: list[str]  # names
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class DemoFile:
    name: str
    content_type: str
    content: bytes


def demo_messages(destination: str = "", before: str = "") -> list[DemoMessage]:
    """The newest messages, those older than the message ``before`` when it is given; to
    ``destination`` only, or to all."""
    found: list[DemoMessage] = []
    theirs = f"*-{tag(destination)}.json" if destination else "*.json"
    for path in sorted(_folder().glob(theirs), reverse=True):
        if before and path.stem >= before:
            continue
        message = _message(path)
        if message and destination in ("", message.destination):
            found.append(message)
        if len(found) == PAGE_SIZE:
            break
    return found


def demo_destinations() -> list[str]:
    """Everybody who got a message, in alphabetical order."""
    paths = _folder().glob("*.json")
    return sorted({message.destination for path in paths if (message := _message(path))})


def demo_file(name: str, position: int) -> DemoFile | None:
    """An attachment of a message by its position, if there is one."""
    path = _folder() / f"{name}.json"
    if not _NAME.fullmatch(name) or not path.is_file():
        return None
    attachments = _read(path).get("attachments", [])
    if not 0 <= position < len(attachments):
        return None
    kept = attachments[position]
    return DemoFile(kept["name"], kept["content_type"], base64.b64decode(kept["content"]))


def _folder() -> Path:
    return Path(settings.DEMO_INBOX_DIR)


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _message(path: Path) -> DemoMessage | None:
    if not _NAME.fullmatch(path.stem):
        return None
    content = _read(path)
    return DemoMessage(
        name=path.stem,
        channel=content["channel"],
        destination=content["destination"],
        subject=content.get("subject", ""),
        text=content["text"],
        attachments=[kept["name"] for kept in content.get("attachments", [])],
        sent_at=datetime.fromtimestamp(int(path.stem[:20]) / 1e9, UTC),
    )
