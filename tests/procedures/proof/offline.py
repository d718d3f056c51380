"""Running verify_receipt.py where there is no network and no portal."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

WITHOUT_NETWORK = """
import runpy, socket, sys
def refuse(*_, **__): raise OSError("no network")
socket.socket = socket.create_connection = socket.getaddrinfo = refuse
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def offline(*arguments: "str | Path") -> "subprocess.CompletedProcess[str]":
    """Run the verifier in a folder of its own, without any network."""
    command = [sys.executable, "-I", "-c", WITHOUT_NETWORK, *map(str, arguments)]
    unshare = shutil.which("unshare")
    if unshare and os.geteuid() == 0:
        probe = subprocess.run([unshare, "-n", "true"], capture_output=True, check=False)
        command = [unshare, "-n", *command] if probe.returncode == 0 else command
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", timeout=30)
