"""A client of clamd, the ClamAV daemon: the bytes go over its socket (INSTREAM), so it needs no right to read ours.

Only the answer "stream: OK" means clean. Everything else but a found threat (a daemon that is away, slow, full
or over its limits) is ScannerAway: nobody knows, so the file must wait.
"""

import re
import socket
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 30.0  # the longest silence
_CHUNK = 64 * 1024
_MOST_ANSWER = 4096  # bytes
_FOUND = re.compile(rb"stream: (.+) FOUND")


class ScannerAway(Exception):
    """Nobody has looked at the bytes; the message says why."""


@dataclass(frozen=True, slots=True)
class Scanner:
    """``url``: tcp://host:3310 or unix:///run/clamav/clamd.ctl."""

    url: str
    patience: float = ANSWER_SECONDS  # seconds

    def threat_in(self, content: bytes) -> str:
        """The name of what was found, "" for nothing. Raises ScannerAway."""
        parts = [b"zINSTREAM\0"]
        for at in range(0, len(content), _CHUNK):
            chunk = content[at : at + _CHUNK]
            parts += [struct.pack("!I", len(chunk)), chunk]
        answer = self._ask([*parts, struct.pack("!I", 0)])
        if answer == b"stream: OK":
            return ""
        if found := _FOUND.fullmatch(answer):
            return found[1].decode("ascii", "replace")[:100]
        raise ScannerAway(answer.decode("ascii", "replace")[:200] or "no answer")

    def signatures_from(self) -> datetime | None:
        """When the signatures were made; None when they carry no date (local ones). Raises ScannerAway."""
        stamp = self._ask([b"zVERSION\0"]).decode("ascii", "replace").rpartition("/")[2]
        try:
            return datetime.strptime(stamp, "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
        except ValueError:
            return None

    def _ask(self, parts: list[bytes]) -> bytes:
        """One question and its answer without the closing NUL."""
        try:
            with self._connect() as line:
                line.settimeout(self.patience)
                try:
                    for part in parts:
                        line.sendall(part)
                except (BrokenPipeError, ConnectionResetError):
                    pass  # over its limits it hangs up while we talk, having said why
                return _read(line).rstrip(b"\0\n")
        except OSError as error:
            raise ScannerAway(f"{type(error).__name__}: {error}") from error

    def _connect(self) -> socket.socket:
        where = urlsplit(self.url)
        if where.scheme == "unix":
            line = socket.socket(socket.AF_UNIX)
            line.settimeout(CONNECT_SECONDS)
            try:
                line.connect(where.path)
            except OSError:
                line.close()
                raise
            return line
        return socket.create_connection((where.hostname or "127.0.0.1", where.port or 3310), CONNECT_SECONDS)


def _read(line: socket.socket) -> bytes:
    answer = b""
    while not answer.endswith((b"\0", b"\n")) and len(answer) < _MOST_ANSWER:
        some = line.recv(_MOST_ANSWER)
        if not some:
            break
        answer += some
    return answer
