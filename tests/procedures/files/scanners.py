"""A real clamd with signatures of our own: the official ones can't be fetched here, and needn't be."""

import hashlib
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.processes import LOCALHOST, free_port

CLAMD = shutil.which("clamd") or (
    "/usr/sbin/clamd" if Path("/usr/sbin/clamd").exists() else None  # not in everybody's PATH
)
# In two parts, or the scanners of developers' machines would take this file away.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
CONFIGURATION = """
TCPSocket {port}
TCPAddr 127.0.0.1
DatabaseDirectory {folder}/signatures
TemporaryDirectory {folder}
Foreground yes
AlertExceedsMax yes
AlertEncrypted yes
StreamMaxLength {limit}
MaxFileSize {limit}
"""


class Clamd:
    """The daemon in a process of its own; it may be stopped (SIGSTOP), gone, and back."""

    def __init__(self, folder: Path, limit: str = "20M") -> None:
        self.port, self.folder = free_port(), folder
        self.url = f"tcp://{LOCALHOST}:{self.port}"
        signatures = folder / "signatures"
        signatures.mkdir()
        body = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE".hex()
        digest = hashlib.md5(EICAR, usedforsecurity=False).hexdigest()
        (signatures / "local.hdb").write_text(f"{digest}:{len(EICAR)}:Local.EICAR.Hash\n")
        (signatures / "local.ndb").write_text(f"Local.EICAR:0:*:{body}\n")
        self.configuration = folder / "clamd.conf"
        self.configuration.write_text(CONFIGURATION.format(port=self.port, folder=folder, limit=limit))
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        assert CLAMD is not None
        self.process = subprocess.Popen(
            [CLAMD, "--config-file", str(self.configuration)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
        )
        until = time.monotonic() + 30
        while time.monotonic() < until:
            assert self.process.poll() is None, "clamd ended"
            try:
                socket.create_connection((LOCALHOST, self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("clamd did not start")

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()
            self.process = None

    def freeze(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[Clamd]:
    if CLAMD is None:
        pytest.skip("no clamd here (Debian: apt install clamav-daemon)")
    tmp_path.chmod(0o711)
    daemon = Clamd(tmp_path)
    daemon.start()
    yield daemon
    daemon.stop()
