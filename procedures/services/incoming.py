"""Tệp đang tải lên: a file that arrives in pieces, so that a dropped line costs a piece and not the file.

What is there is the size of the piece file; nothing else counts. A whole file goes the way of every upload
(``drafts.attach``), in the transaction that notes what came of it: asking again gives the same answer.
"""

import fcntl
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Now

from portal.lib.uploads import MAX_BYTES, UploadRefused, display_name
from procedures.domain.errors import DomainError
from procedures.models import Dossier, IncomingFile
from procedures.services import drafts
from procedures.services.lifecycle import locked

KEPT = timedelta(hours=24)  # how long a file may lie half there
LEFT_OVER = 5 * 60  # seconds after which nobody writes on: what a killed process left


class Busy(Exception):
    """Another request is writing this file right now."""


class WrongPlace(Exception):
    """The piece doesn't begin where the file ends; ``offset`` is where it does."""

    def __init__(self, offset: int) -> None:
        self.offset = offset
        super().__init__(offset)


def begin(dossier: Dossier, document: str, name: str, size: int) -> IncomingFile:
    """A place for a file of ``size`` bytes. Raises UploadRefused for its size, DomainError as ``attach``."""
    if not 0 < size <= MAX_BYTES:
        raise UploadRefused.of_size(size)
    with transaction.atomic():
        draft = locked(dossier)
        drafts.require_place(draft, document, size)
        return IncomingFile.objects.create(
            dossier=draft, document=document, name=display_name(name), size=size
        )


def offset_of(incoming: IncomingFile) -> int:
    """How many bytes are there; all of them for a file that has found its end, whatever it was."""
    if incoming.finished_at:
        return incoming.size
    try:
        return _path(incoming).stat().st_size
    except FileNotFoundError:
        return 0


def add(incoming: IncomingFile, offset: int, pieces: Iterable[bytes]) -> int:
    """Write the bytes that come behind those that are there; returns how many are there now.

    What came before ``pieces`` broke off is kept. A file that is whole is attached, or refused for good
    (``incoming.refusal``). Raises Busy, WrongPlace (also for more bytes than promised), and OSError of a full
    disk.
    """
    if incoming.finished_at:
        if offset != incoming.size:
            raise WrongPlace(incoming.size)
        return incoming.size
    with _writing(incoming) as file:
        there = os.fstat(file).st_size
        if offset != there:
            raise WrongPlace(there)
        try:
            for piece in pieces:
                there += _write(file, piece[: incoming.size - there])
                if there == incoming.size:
                    break
        finally:
            os.fsync(file)
        if there == incoming.size:
            _finish(incoming)
    if not incoming.finished_at:
        IncomingFile.objects.filter(pk=incoming.pk).update(touched_at=Now())
    return there


def give_up(incoming: IncomingFile) -> None:
    _path(incoming).unlink(missing_ok=True)
    incoming.delete()


def tidy() -> int:
    """Remove what nobody will go on with: half files after a day, left-overs of killed processes after minutes.
    Returns how many."""
    old = list(IncomingFile.objects.filter(touched_at__lt=Now() - Value(KEPT))[:1000])
    for incoming in old:
        give_up(incoming)
    stale = [
        *_left_over(Path(str(settings.FILE_UPLOAD_TEMP_DIR))),
        *_left_over(settings.UPLOAD_DIR, "*.part"),
        *_without_row(_left_over(settings.PIECES_DIR)),
    ]
    for path in stale:
        path.unlink(missing_ok=True)
    return len(old) + len(stale)


def _left_over(folder: Path, pattern: str = "*") -> Iterator[Path]:
    now = time.time()
    for path in folder.glob(pattern):
        if path.is_file() and now - path.stat().st_mtime > LEFT_OVER:
            yield path


def _without_row(pieces: Iterable[Path]) -> list[Path]:
    """Pieces of drafts that were discarded."""
    found = {path.name: path for path in pieces}
    known = IncomingFile.objects.filter(public_id__in=list(found)).values_list("public_id", flat=True)
    return [found[name] for name in found.keys() - {public_id.hex for public_id in known}]


def _path(incoming: IncomingFile) -> Path:
    return settings.PIECES_DIR / incoming.public_id.hex


@contextmanager
def _writing(incoming: IncomingFile) -> Iterator[int]:
    """The piece file, for one writer at a time: the lock goes with a process that dies."""
    path = _path(incoming)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy from error
        yield file
    finally:
        os.close(file)


def _write(file: int, piece: bytes) -> int:
    """All of it, or OSError with as much as fitted."""
    written = 0
    while written < len(piece):
        written += os.write(file, piece[written:])
    return written


def _finish(incoming: IncomingFile) -> None:
    """Attach the whole file, or note why it can't be. Somebody else may have done it just now."""
    path = _path(incoming)
    with transaction.atomic(), path.open("rb") as file:
        now = IncomingFile.objects.select_for_update().get(pk=incoming.pk)
        if now.finished_at is None:
            whole = UploadedFile(file, now.name, size=now.size)
            try:
                now.attachment = drafts.attach(now.dossier, now.document, whole)
            except (UploadRefused, DomainError) as error:
                now.refusal = str(error)
            IncomingFile.objects.filter(pk=now.pk).update(
                attachment=now.attachment, refusal=now.refusal, finished_at=Now(), touched_at=Now()
            )
    incoming.refresh_from_db()
    path.unlink(missing_ok=True)
