"""Uploads in S3-compatible storage, sealed before they leave: FILES_S3_BUCKET chooses it."""

from django.core.files.base import ContentFile
from storages.backends.s3 import S3Storage

from portal.storage import Sealed


class SealedObjects(Sealed, S3Storage):  # type: ignore[misc] # the library has no types
    """Objects of one bucket. Durable and whole when the store says so; nothing of it is public."""

    def replace(self, name: str, content: bytes) -> None:
        S3Storage._save(self, name, ContentFile(self._keys.seal(content, name)))
