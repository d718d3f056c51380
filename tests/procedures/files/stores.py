"""A real S3-compatible server on the wire (moto's, in a process of its own), with one bucket."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from django.conf import settings as active

from portal.processes import LOCALHOST, free_port

BUCKET = "ho-so"
KEYS = {
    "AWS_ACCESS_KEY_ID": "kho",
    "AWS_SECRET_ACCESS_KEY": "khoa-cua-kho",
    "AWS_DEFAULT_REGION": "us-east-1",
}
PROGRAM = "from moto.server import main; main(['-H', '127.0.0.1', '-p', '{}'])"


class Store:
    """The server, which may be away and back with what it kept."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://{LOCALHOST}:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM.format(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            assert self.process.poll() is None, "the store ended"
            try:
                socket.create_connection((LOCALHOST, self.port), 2).close()
            except OSError:
                time.sleep(0.1)
                continue
            self.client().create_bucket(Bucket=BUCKET)
            return
        raise AssertionError("the store did not start")

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def client(self) -> Any:
        keys = {
            "aws_access_key_id": "kho",
            "aws_secret_access_key": "khoa-cua-kho",
            "region_name": "us-east-1",
        }
        return boto3.client("s3", endpoint_url=self.url, **keys)

    def raw(self, name: str) -> bytes:
        """An object as it lies there, read without the portal."""
        return bytes(self.client().get_object(Bucket=BUCKET, Key=name)["Body"].read())

    def put(self, name: str, content: bytes) -> None:
        self.client().put_object(Bucket=BUCKET, Key=name, Body=content)

    def names(self) -> set[str]:
        listed = self.client().list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return {found["Key"] for found in listed}


@pytest.fixture(scope="module")
def running_store() -> Iterator[Store]:
    store = Store()
    store.start()
    yield store
    store.stop()


@pytest.fixture
def store(running_store: Store, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Files are kept there, by the tests' process and by every process it starts."""
    if running_store.process is None:
        running_store.start()
    for name, value in {**KEYS, "FILES_S3_BUCKET": BUCKET, "FILES_S3_ENDPOINT": running_store.url}.items():
        monkeypatch.setenv(name, value)
    options = {
        "bucket_name": BUCKET,
        "endpoint_url": running_store.url,
        "default_acl": None,
        "file_overwrite": True,
    }
    settings.STORAGES = {
        **active.STORAGES,
        "default": {"BACKEND": "portal.object_storage.SealedObjects", "OPTIONS": options},
    }
    return running_store
