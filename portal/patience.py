"""A gunicorn worker whose threads are not held by slow or silent clients.

A thread gets a connection only when the head of the request is there; a body has to come at a kilobyte a second
after the first ten seconds. The proxy of real operation buffers requests anyway (docs/how-to/run-in-production.md);
this is for the day when it doesn't.
"""

import socket
import struct
import time
from collections import deque
from typing import Any

from gunicorn.workers.gthread import _DEFER, TConn, ThreadWorker

FIRST_BYTE = 0.05  # seconds a thread waits for; the poller waits for the rest
WHOLE_HEAD = 10.0  # seconds
MOST_HEAD = 16 * 1024  # bytes; gunicorn's own limits judge the rest
SILENCE = 20  # seconds without a byte, either way
GRACE = 10.0  # seconds of a request in which any speed will do
SLOWEST = 1024  # bytes a second afterwards

_SLOW = object()
_NO_WAIT = socket.MSG_PEEK | socket.MSG_DONTWAIT


class PatientSocket(socket.socket):
    """Gives up on a peer that is silent, or so slow that it must be on purpose."""

    since: float = 0.0
    got: int = 0

    @classmethod
    def around(cls, plain: socket.socket) -> "PatientSocket":
        sock = cls(plain.family, plain.type, plain.proto, fileno=plain.detach())
        patience = struct.pack("ll", SILENCE, 0)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, patience)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, patience)
        return sock

    def begin(self) -> None:
        """A new request: its time begins."""
        self.since, self.got = time.monotonic(), 0

    def recv(self, size: int, flags: int = 0) -> bytes:
        """As socket.recv. Raises ConnectionResetError for a peer that is too slow."""
        try:
            some = super().recv(size, flags)
        except BlockingIOError as error:
            if flags & socket.MSG_DONTWAIT:
                raise
            raise ConnectionResetError("silent") from error
        self.got += len(some)
        took = time.monotonic() - self.since
        if took > GRACE and self.got < SLOWEST * took:
            raise ConnectionResetError("too slow")
        return some


class PatientWorker(ThreadWorker):  # type: ignore[misc] # gunicorn has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slow: deque[tuple[TConn, float]] = deque()

    def enqueue_req(self, conn: TConn) -> None:
        if not isinstance(conn.sock, PatientSocket):
            conn.sock = PatientSocket.around(conn.sock)
        super().enqueue_req(conn)

    def handle(self, conn: TConn) -> Any:
        read_ahead = conn.parser is not None and conn.parser.unreader.buf.getvalue()
        if not read_ahead:
            if not conn.wait_for_data(FIRST_BYTE):
                return _DEFER
            if not _has_head(conn.sock):
                return _SLOW
        conn.sock.begin()
        return super().handle(conn)

    def finish_request(self, conn: TConn, fs: Any) -> None:
        if not fs.cancelled() and fs.exception() is None and fs.result() is _SLOW and self.alive:
            self.slow.append((conn, time.monotonic() + WHOLE_HEAD))
            return
        super().finish_request(conn, fs)

    def murder_pending(self) -> None:
        """Once a second: heads that are whole now are served, those that never come are dropped."""
        super().murder_pending()
        for _ in range(len(self.slow)):
            conn, until = self.slow.popleft()
            if _has_head(conn.sock):
                self.enqueue_req(conn)
            elif time.monotonic() > until:
                self.nr_conns -= 1
                conn.close()
            else:
                self.slow.append((conn, until))


def _has_head(sock: socket.socket) -> bool:
    """Whether the whole head of a request lies there, or the peer is gone (which gunicorn finds out)."""
    try:
        there = socket.socket.recv(sock, MOST_HEAD, _NO_WAIT)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return not there or b"\r\n\r\n" in there or len(there) == MOST_HEAD
