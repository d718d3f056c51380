"""Uploads in S3-compatible storage, sealed before they leave: FILES_S3_BUCKET chooses it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from django.core.files.base import ContentFile
from storages.backends.s3 import S3Storage

from portal.lib.sealed import StoreAway
from portal.storage import Sealed

# A person waits for the answer: botocore's own patience is five tries of a minute each.
PATIENCE = Config(
    connect_timeout=3,
    read_timeout=10,
    retries={"total_max_attempts": 2, "mode": "standard"},
    s3={"addressing_style": "path"},  # which stores other than Amazon's own understand, too
)
_SERVER_ERROR = 500


class SealedObjects(Sealed, S3Storage):  # type: ignore[misc] # the library has no types
    """Objects of one bucket. Durable and whole when the store says so; nothing of it is public. Whatever is asked
    raises StoreAway while the store doesn't answer."""

    def get_default_settings(self) -> dict[str, Any]:
        return {**super().get_default_settings(), "client_config": PATIENCE}

    def _save(self, name: str, content: File[bytes]) -> str:
        with answering():
            return super()._save(name, content)

    def sealed_bytes(self, name: str) -> bytes:
        with answering():
            return super().sealed_bytes(name)

    def exists(self, name: str) -> bool:
        with answering():
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        with answering():
            super().delete(name)

    def replace(self, name: str, content: bytes) -> None:
        with answering():
            S3Storage._save(self, name, ContentFile(self._keys.seal(content, name)))


@contextmanager
def answering() -> Iterator[None]:
    """No answer, and an answer that the store itself is broken, are StoreAway; a refusal stays what it is."""
    try:
        yield
    except BotoCoreError as error:
        raise StoreAway(type(error).__name__) from error
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if status < _SERVER_ERROR:
            raise
        raise StoreAway(f"{type(error).__name__} {status}") from error
