"""Tệp đính kèm on their way: kept sealed, checked by a worker, opened as a safe copy only.

The original is evidence: its SHA-256 is what people sign, and nobody opens it. A worker on the lane
``documents`` has it scanned and makes the copy (docs/decisions/0093). A scanner that is away leaves the file
waiting; the sweeper asks again, without end.
"""

import hashlib
import logging
from datetime import timedelta
from typing import BinaryIO, cast

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.crypto import get_random_string

from accounts.models import Alarm
from accounts.services import alarms, outbox
from portal.lib import safe_copies
from portal.lib.clamd import Scanner, ScannerAway
from portal.lib.sealed import Keys, StoreAway, Unreadable, key_id
from portal.lib.uploads import CONTENT_TYPES
from procedures.models import Attachment, FileCheck

logger = logging.getLogger(__name__)

RETRY_AFTER = timedelta(seconds=30)
KINDS = {content_type: kind.value for kind, content_type in CONTENT_TYPES.items()}
Safety = Attachment.Safety


class DamagedFile(Exception):
    """A file on disk isn't the one that was signed."""


def keep(file: BinaryIO | ContentFile[bytes]) -> tuple[str, str]:
    """Seal a file and have it on disk. Returns its storage name and the id of the key."""
    return default_storage.save(get_random_string(32), file), Keys.parse(settings.FILE_KEYS).newest


def original_of(attachment: Attachment) -> bytes:
    """The bytes as they were uploaded. Raises DamagedFile when they are gone or not those."""
    try:
        with default_storage.open(attachment.storage_name) as file:
            content = cast(bytes, file.read())
    except (FileNotFoundError, Unreadable) as error:
        raise DamagedFile(f"attachment {attachment.pk}: {type(error).__name__}") from error
    if hashlib.sha256(content).hexdigest() != attachment.sha256:
        raise DamagedFile(f"attachment {attachment.pk} isn't the file that was signed")
    return content


def copy_of(attachment: Attachment) -> bytes:
    """The bytes people open. Raises FileNotFoundError when there are none (yet)."""
    if not attachment.may_be_opened:
        raise FileNotFoundError(attachment.public_id)
    try:
        with default_storage.open(attachment.copy_name) as file:
            return cast(bytes, file.read())
    except Unreadable as error:
        logger.error("the copy of attachment %s doesn't open: %s", attachment.pk, error)
        raise FileNotFoundError(attachment.public_id) from error


def delete(attachment: Attachment) -> None:
    """Remove the bytes from the disk, once the transaction that removes the row is through."""
    for name in filter(None, (attachment.storage_name, attachment.copy_name)):
        transaction.on_commit(lambda name=name: default_storage.delete(name))  # type: ignore[misc]


def ask_for_check(attachment: Attachment) -> None:
    """Write the outbox row, in the transaction that writes the attachment."""
    FileCheck.objects.create(attachment=attachment)
    outbox.wake_sweeper()


def check(check_id: int) -> None:
    """Scan a file and make the copy people open. Does nothing the second time.

    Raises DamagedFile when the file isn't the one uploaded: after ``outbox.MAX_STARTS`` starts a person must
    look.
    """
    with outbox.work(FileCheck, check_id) as row:
        if row is None:
            return
        try:
            content = original_of(row.attachment)
            if threat := _threat_in(content):
                _quarantine(row, threat)
            else:
                _copy(row, content)
        except (ScannerAway, StoreAway) as error:
            logger.warning("file check %s waits: %s: %s", check_id, type(error).__name__, error)
            outbox.postpone(row, error, RETRY_AFTER)


def ask_again(safety: Attachment.Safety) -> int:
    """Have every file of this safety checked anew, its copy made again. Returns how many."""
    rows = FileCheck.objects.filter(attachment__safety=safety, state=FileCheck.State.DONE)
    found = rows.update(state=FileCheck.State.WAITING, starts=0, done_at=None)
    outbox.wake_sweeper()
    return found


def reseal(limit: int = 1000) -> int:
    """Seal by the newest key what an older one sealed, or none did. Returns how many files; 0: all are.

    Raises DamagedFile for one that isn't what was uploaded.
    """
    keys = Keys.parse(settings.FILE_KEYS)
    old = list(Attachment.objects.exclude(key_id=keys.newest).order_by("pk")[:limit])
    for attachment in old:
        for name in filter(None, (attachment.storage_name, attachment.copy_name)):
            _reseal_one(attachment, name)
        Attachment.objects.filter(pk=attachment.pk).update(key_id=keys.newest)
    return len(old)


def _reseal_one(attachment: Attachment, name: str) -> None:
    raw = default_storage.sealed_bytes(name)  # type: ignore[attr-defined] # settings.STORAGES: a storage.Sealed
    if key_id(raw):
        with default_storage.open(name) as file:
            raw = cast(bytes, file.read())
    elif hashlib.sha256(raw).hexdigest() != attachment.sha256:
        raise DamagedFile(f"attachment {attachment.pk} isn't the file that was signed")
    default_storage.replace(name, raw)  # type: ignore[attr-defined]


def _threat_in(*contents: bytes) -> str:
    """The scanner's name for the first threat; "" for none, and where there is no scanner. Raises ScannerAway."""
    scanner = Scanner(settings.CLAMD_URL) if settings.CLAMD_URL else None
    found = (scanner.threat_in(content) for content in contents) if scanner else ()
    return next((threat for threat in found if threat), "")


def _quarantine(row: FileCheck, threat: str) -> None:
    logger.error("attachment %s: %s found", row.attachment_id, threat)
    alarms.sound(Alarm.Kind.INFECTED, threat[:80], detail=f"attachment {row.attachment_id}")
    _settle(row, safety=Safety.INFECTED, threat=threat)


def _copy(row: FileCheck, content: bytes) -> None:
    """Make the copy, unless a file inside a PDF is a threat. Raises ScannerAway."""
    try:
        made = safe_copies.make(content, KINDS[row.attachment.content_type])
    except safe_copies.NotCopied as error:
        logger.error("attachment %s can't be copied: %s", row.attachment_id, error)
        _settle(row, safety=Safety.UNREADABLE)
        return
    if threat := _threat_in(*made.inside):
        _quarantine(row, threat)
        return
    name, key = keep(ContentFile(made.content))
    kept = _settle(
        row,
        safety=Safety.CLEAN if settings.CLAMD_URL else Safety.UNSCANNED,
        threat="",
        is_signed=made.is_signed,
        copy_name=name,
        copy_type=made.content_type,
        copy_size=len(made.content),
        key_id=key,
    )
    if not kept:
        default_storage.delete(name)


def _settle(row: FileCheck, **facts: object) -> bool:
    """Note what came of the check. False when it was done before, or the file was taken out meanwhile."""
    with transaction.atomic():
        attachment = Attachment.objects.select_for_update().filter(pk=row.attachment_id).first()
        if attachment is None or not outbox.finish(row):
            return False
        if attachment.copy_name:
            transaction.on_commit(lambda: default_storage.delete(attachment.copy_name))
        Attachment.objects.filter(pk=attachment.pk).update(**{"copy_name": "", **facts})
        return True
