"""What starting a process of our own takes: a port, a log, secrets, an end, and a sentence when it fails."""

import ctypes
import fcntl
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BufferedWriter
from pathlib import Path

LOCALHOST = "127.0.0.1"
LOG_BYTES_KEPT = 5_000_000
LOG_MARK = "────"
PR_SET_PDEATHSIG = 1
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class StartError(Exception):
    """Why something cannot start: one sentence in Vietnamese, the same in English."""

    def __init__(self, vietnamese: str, english: str) -> None:
        super().__init__(f"{vietnamese} / {english}")


def secrets_of(var_dir: Path, *names: str) -> dict[str, str]:
    """The named secrets from var/secrets.env, made on the first run. Readable by the owner alone."""
    path = var_dir / "secrets.env"
    var_dir.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        kept = dict(line.split("=", 1) for line in file.read().splitlines() if "=" in line)
        for name in names:
            if name not in kept:
                kept[name] = secrets.token_urlsafe(48)
                file.write(f"{name}={kept[name]}\n")
    return {name: kept[name] for name in names}


def open_log(var_dir: Path, name: str) -> BufferedWriter:
    """var/log/<name>.log, appended to below a line with the time; one older file is kept."""
    path = var_dir / "log" / f"{name}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_BYTES_KEPT:
        path.replace(path.with_suffix(".old.log"))
    log = path.open("ab")
    log.write(f"{LOG_MARK} {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n".encode())
    log.flush()
    return log


def last_line(var_dir: Path, name: str) -> str:
    """The most telling line since the last start: the reason a process gave for stopping."""
    text = (var_dir / "log" / f"{name}.log").read_text(encoding="utf-8", errors="replace")
    lines = [line.strip() for line in text.rpartition(LOG_MARK)[2].splitlines()[1:] if line.strip()]
    telling = [line for line in lines[-30:] if re.search("FATAL|ERROR|[Ee]rror:", line)]
    return (telling or lines or ["?"])[-1][-300:]


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOCALHOST, 0))
        return int(probe.getsockname()[1])


def port_is_taken(port: int) -> bool:
    """Whether somebody listens there. Ports still closing after a stop do not count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOCALHOST, port))
        except OSError:
            return True
    return False


@contextmanager
def no_stop_now() -> Iterator[None]:
    """Around Popen: a stop signal between the fork and the note of what was started would leave an orphan."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def as_child(end: signal.Signals) -> Callable[[], None]:
    """For Popen(preexec_fn=…): even a SIGKILLed starter leaves no orphan that holds ports and locks (Linux)."""

    def prepare() -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, int(end))

    return prepare


def stop_processes(
    processes: Sequence[subprocess.Popen[bytes]], sig: signal.Signals, patience: float
) -> None:
    """Ask all to stop, then wait. One not done in time is killed with its children: each leads its group."""
    for process in processes:
        if process.poll() is None:
            process.send_signal(sig)
    until = time.monotonic() + patience
    for process in processes:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
