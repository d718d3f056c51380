"""Clients that are slow on purpose, and uploads that break off: threads stay free, disks stay clean (F30)."""

import contextlib
import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from accounts.models import Outgoing
from portal import patience
from portal.processes import LOCALHOST
from procedures.models import FileCheck
from tests.faults.conftest import Filers
from tests.faults.portal import BreakablePortal, wait_until

THREADS = 8  # of all web processes


def seconds_for_a_page(port: int) -> float:
    began = time.monotonic()
    line = http.client.HTTPConnection(LOCALHOST, port, timeout=60)
    line.request("GET", "/suc-khoe/", headers={"Host": f"{LOCALHOST}:{port}"})
    assert line.getresponse().status == 200
    line.close()
    return time.monotonic() - began


@pytest.fixture
def sockets(portal: BreakablePortal) -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def connect(portal: BreakablePortal, stack: ExitStack, said: bytes) -> socket.socket:
    line = stack.enter_context(socket.create_connection((LOCALHOST, portal.port), 10))
    line.sendall(said)
    return line


def is_closed(line: socket.socket) -> bool:
    line.settimeout(0.01)
    try:
        return line.recv(1000) == b"" or is_closed(line)
    except TimeoutError:
        return False
    except ConnectionError:
        return True


def test_two_hundred_half_requests_hold_no_thread(portal: BreakablePortal, sockets: ExitStack) -> None:
    lines = [connect(portal, sockets, b"GET / HTTP/1.1\r\nHost: x\r\n") for _ in range(150)]
    lines += [connect(portal, sockets, b"") for _ in range(50)]
    waited = [seconds_for_a_page(portal.port) for _ in range(10)]
    print("pages beside 200 half requests, seconds:", [round(each, 3) for each in waited])
    assert max(waited) < 2
    assert wait_until(lambda: all(map(is_closed, lines)), seconds=patience.WHOLE_HEAD + 10)


def test_bodies_that_trickle_give_their_threads_back(portal: BreakablePortal, sockets: ExitStack) -> None:
    head = f"POST /dang-nhap/ HTTP/1.1\r\nHost: {LOCALHOST}:{portal.port}\r\nContent-Length: 100000\r\n\r\n".encode()
    lines = [connect(portal, sockets, head) for _ in range(2 * THREADS)]
    until = time.monotonic() + 60
    while time.monotonic() < until and not all(map(is_closed, lines)):
        for line in lines:
            with contextlib.suppress(OSError):
                line.send(b"x")
        time.sleep(0.5)
    assert all(map(is_closed, lines))
    assert seconds_for_a_page(portal.port) < 2


def test_an_upload_that_breaks_off_leaves_no_file(
    portal: BreakablePortal, filers: Filers, sockets: ExitStack
) -> None:
    (person,) = filers()
    # Until a worker has made the copies of what was sent before: they are kept, too.
    assert wait_until(lambda: not FileCheck.objects.filter(state=Outgoing.State.WAITING).exists())
    body = (
        b'--b\r\nContent-Disposition: form-data; name="tep-so_bhxh"; filename="a.jpg"\r\n\r\n'
        + b"x" * 2_000_000
    )
    head = (
        f"POST /ho-so/{person.dossier.public_id}/giay-to/ HTTP/1.1\r\nHost: {LOCALHOST}:{portal.port}\r\n"
        f"Cookie: {person.cookie}\r\nX-CSRFToken: {person.token}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 9000000\r\n\r\n"
    )
    line = connect(portal, sockets, head.encode() + body)
    incoming = portal.var_dir / "uploads" / "incoming"
    before = set((portal.var_dir / "uploads" / "kept").iterdir())
    assert wait_until(lambda: any(incoming.iterdir()), seconds=10), "the upload is under way"
    line.close()
    assert wait_until(lambda: not any(incoming.iterdir()), seconds=30)
    assert set((portal.var_dir / "uploads" / "kept").iterdir()) == before
