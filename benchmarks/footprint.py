"""(g) Memory of each process, and how long script/server takes from nothing, and again."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from portal.processes import free_port
from portal.serve import ROOT, Program

MIB = 1024 * 1024
_STARTED = re.compile(r"Khởi động mất ([0-9.]+) giây")


def children_mib(program: Program) -> tuple[float, float]:
    """The largest of a program's children, the web workers of gunicorn or the children of Celery: its proportional
    share (PSS), in which a page that several processes share after the fork counts once; and what is its own (USS).
    Resident size (RSS) would count the shared pages in each."""
    assert program.process is not None
    children = psutil.Process(program.process.pid).children()
    sizes = [child.memory_full_info() for child in children]
    return max(size.pss for size in sizes) / MIB, max(size.uss for size in sizes) / MIB


def start_seconds(times: int) -> tuple[float, list[float]]:
    """From script/server's start to its first page: with an empty folder, and again ``times`` times."""
    with tempfile.TemporaryDirectory(prefix="portal-start-") as folder:
        Path(folder).chmod(0o711)
        cold, *warm = [_one_start(Path(folder) / "var") for _ in range(times + 1)]
    return cold, warm


def _one_start(var_dir: Path) -> float:
    kept = ("PATH", "HOME", "LANG")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {"VAR_DIR": str(var_dir), "PORT": str(free_port())}
    command = [sys.executable, "-m", "portal.serve"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        began = psutil.Process(server.pid).create_time()
        for line in server.stdout:
            if _STARTED.search(line):
                seconds = time.time() - began
                server.send_signal(signal.SIGTERM)
                server.stdout.read()
                return seconds
    raise AssertionError("script/server did not start")
