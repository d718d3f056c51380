"""Where files are kept: sealed, and on disk before their row exists, or not there at all."""

import io
import os
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage

from portal.lib.sealed import Keys


class Sealed(Storage):
    """For a storage to inherit from first: what lies in it is sealed by FILE_KEYS (docs/decisions/0093).

    A file is sealed and opened whole, in memory: uploads have a limit of 10 MB. Opening raises
    sealed.Unreadable for a file that was changed, or sealed by a key that is no longer given.
    """

    def _save(self, name: str, content: File[bytes]) -> str:
        content.seek(0)
        return str(super()._save(name, ContentFile(self._keys.seal(content.read(), name))))  # type: ignore[misc]

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        return File(io.BytesIO(self._keys.unseal(self.sealed_bytes(name), name)), name)

    def sealed_bytes(self, name: str) -> bytes:
        """The bytes as they lie there. Raises FileNotFoundError."""
        with super()._open(name, "rb") as file:  # type: ignore[misc]
            return bytes(file.read())

    def replace(self, name: str, content: bytes) -> None:
        """Seal ``content`` by the newest key under a name that is taken."""
        raise NotImplementedError

    @property
    def _keys(self) -> Keys:
        return Keys.parse(settings.FILE_KEYS)


class DurableFiles(FileSystemStorage):
    """Django's file storage leaves a cut-off file behind when the disk is full, and never fsyncs: a
    receipt given after a save would promise papers that a power cut can take away."""

    def _save(self, name: str, content: File[bytes]) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = target.with_name(target.name + ".part")
        try:
            with part.open("xb") as file:
                _copy(content, file)
            part.chmod(0o600)
            part.rename(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)
        return name


class SealedFiles(Sealed, DurableFiles):
    """Files on a disk of ours."""

    def replace(self, name: str, content: bytes) -> None:
        DurableFiles._save(self, name, ContentFile(self._keys.seal(content, name)))


def _copy(content: File[Any], file: IO[bytes]) -> None:
    for chunk in content.chunks():
        file.write(chunk)
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
