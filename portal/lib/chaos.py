"""Where the fault tests may kill a process: named steps of filing and delivery. Elsewhere it does nothing.

Only with PORTAL_CHAOS=1, which the tests' harness alone sets, CHAOS_KILL_AT is a folder. A file in it named
like a step kills the next process that comes by, and is gone with it; one named `<step>.<subject>` stays,
and kills everybody who comes by with that subject. A file that says "group" takes the whole process group:
a worker with its children, a web server with its processes. One that says "hang" kills nobody: the process stands
still, whatever it is told politely.
"""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path


def _armed() -> Path | None:
    folder = os.getenv("CHAOS_KILL_AT", "")
    return Path(folder) if os.getenv("PORTAL_CHAOS") == "1" and folder else None


ARMED = _armed()


def step(name: str, subject: object = "") -> None:
    """A step is reached, with the row it is about."""
    if ARMED is None:
        return
    _die_if_told(ARMED / name, is_once=True)
    _die_if_told(ARMED / f"{name}.{subject}", is_once=False)


def _die_if_told(order: Path, *, is_once: bool) -> None:
    try:
        victim = order.read_text(encoding="ascii")
        if is_once:
            order.unlink()
    except FileNotFoundError:  # no such order, or another process took it
        return
    while victim == "hang":
        with suppress(Exception):  # a soft time limit, too
            time.sleep(1)
    if victim == "group":
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
