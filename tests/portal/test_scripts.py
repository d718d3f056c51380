"""What a newcomer types, and what runs in operation: scripts, requirements, .env.example."""

import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from portal.processes import free_port, port_is_taken
from portal.serve import programs

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPTS = sorted([*(ROOT / "script").iterdir(), ROOT / ".ci" / "run"])
REQUIREMENTS = ["requirements.txt", "requirements-dev.txt"]


@pytest.fixture
def var_dir() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="portal-test-"))
    folder.chmod(0o711)
    yield folder / "Hồ sơ" / "var"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.xdist_group("a group")
def test_tests_of_one_group_share_a_worker(request: pytest.FixtureRequest) -> None:
    """By the end of their ids, for xdist; with pytest 9.2 it lost them without a word, and every worker had a
    live portal, a broken one and a walk through all pages of its own."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        assert request.node.nodeid.endswith("@a group")


def run(script: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """As a person would at a terminal: without the test's servers in the environment."""
    return subprocess.run(
        [script, *arguments],
        env=clean_environment() | environment,
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def clean_environment() -> dict[str, str]:
    kept = ("PATH", "LANG", "HOME", "PIP_")
    return {name: value for name, value in os.environ.items() if name.startswith(kept)}


def is_one_sentence(text: str) -> bool:
    return text.count("\n") == 1 and " / " in text


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_short_executable_shell_that_says_what_it_does(script: Path) -> None:
    lines = script.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#!/bin/sh"
    assert lines[1].startswith("# ")
    assert len(lines) <= 20
    assert os.access(script, os.X_OK)
    assert subprocess.run(["sh", "-n", script], check=False).returncode == 0


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_requirement_is_pinned_with_hashes_and_names_no_index(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    requirements = re.split(r"\n(?=[a-z])", text.strip())
    assert len(requirements) > 40
    for requirement in requirements:
        assert re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+", requirement), requirement.splitlines()[0]
        assert "--hash=sha256:" in requirement, requirement.splitlines()[0]
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host", text)


def test_development_adds_to_the_pinned_requirements_and_changes_none() -> None:
    pinned = [
        set(re.findall(r"^(\S+==\S+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in REQUIREMENTS
    ]
    assert pinned[0] < pinned[1]


def test_the_worker_of_the_demo_consumes_the_lanes_it_is_given(tmp_path: Path) -> None:
    arguments = programs(8000, "codes,province.ha-noi", tmp_path)["worker"].arguments
    assert arguments[arguments.index("--queues") + 1] == "codes,province.ha-noi"


def test_every_setting_is_in_the_example_of_the_environment() -> None:
    read = set()
    for folder in ("portal", "accounts", "procedures"):
        for path in (ROOT / folder).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            read |= set(re.findall(r"""(?:environ(?:\.get\(|\[)|secret\()\s*["']([A-Z0-9_]+)""", text))
    explained = set(re.findall(r"^#? ?([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    internal = {"SERVER_BEGAN_AT", "TEST_DATABASE_NAME"}
    in_compose_alone = {"POSTGRES_PASSWORD", "WEB_POSTGRES_PASSWORD", "REDIS_PASSWORD"}
    in_compose_alone |= {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}  # read by the library of the store
    assert explained - in_compose_alone == read - internal


def test_a_taken_port_is_one_sentence_and_a_failure(var_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run(ROOT / "script" / "server", PORT=port, VAR_DIR=str(var_dir))
    assert done.returncode == 1
    assert is_one_sentence(done.stderr)
    assert port in done.stderr
    assert not (var_dir / "postgres").exists()


def test_a_senseless_port_is_one_sentence_and_a_failure(var_dir: Path) -> None:
    done = run(ROOT / "script" / "server", PORT="tám nghìn", VAR_DIR=str(var_dir))
    assert (done.returncode, is_one_sentence(done.stderr)) == (1, True)


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_a_server_that_is_not_there_is_one_sentence_and_a_failure(var_dir: Path, name: str) -> None:
    scheme = {"DATABASE_URL": "postgresql", "REDIS_URL": "redis"}[name]
    nowhere = f"{scheme}://127.0.0.1:{free_port()}/0"
    done = run(ROOT / "script" / "server", PORT=str(free_port()), VAR_DIR=str(var_dir), **{name: nowhere})
    assert (done.returncode, is_one_sentence(done.stderr)) == (1, True)
    assert name in done.stderr


def test_a_second_server_from_the_same_folder_is_one_sentence_and_a_failure(var_dir: Path) -> None:
    var_dir.mkdir(parents=True)
    with (var_dir / "serve.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = run(ROOT / "script" / "server", VAR_DIR=str(var_dir))
    assert (done.returncode, is_one_sentence(done.stderr)) == (1, True)


@pytest.fixture
def newcomer(tmp_path: Path) -> Path:
    """script/setup in a project of its own, where every Python on the PATH is a fake."""
    project = tmp_path / "Dự án mới"
    shutil.copytree(ROOT / "script", project / "script")
    for name in REQUIREMENTS:
        shutil.copy(ROOT / name, project / name)
    return project


def fake_python(project: Path, says: str) -> str:
    """A PATH on which each Python runs these lines of shell."""
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        program = project / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\n{says}\n")
        program.chmod(0o755)
    return f"{project / 'bin'}:{os.environ['PATH']}"


@pytest.mark.parametrize(
    ("python", "word"),
    [
        ("exit 1", "3.11"),
        ('case "$2" in *venv*) exit 1;; esac', "venv"),
        ('[ "$2" != venv ]', ".venv"),
        (
            '[ "$2" != venv ] || { mkdir -p .venv/bin; printf "exit 1" > .venv/bin/python; }',
            "requirements.txt",
        ),
    ],
    ids=["too old", "no venv module", "venv fails", "pip fails"],
)
def test_setup_says_in_one_sentence_what_is_missing(newcomer: Path, python: str, word: str) -> None:
    done = run(newcomer / "script" / "setup", PATH=fake_python(newcomer, python))
    assert done.returncode == 1
    assert is_one_sentence(done.stderr.splitlines(keepends=True)[-1])
    assert word in done.stderr


def test_setup_does_nothing_when_the_requirements_are_installed(newcomer: Path) -> None:
    python = newcomer / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho Python was called\nexit 1\n")
    python.chmod(0o755)
    checksum = subprocess.run(
        ["sh", "-c", "cksum < requirements.txt"], cwd=newcomer, capture_output=True, check=True
    )
    (newcomer / ".venv" / "requirements.txt").write_bytes(checksum.stdout)
    path = fake_python(newcomer, "exit 1")
    assert run(newcomer / "script" / "setup", PATH=path).returncode == 0
    with (newcomer / "requirements.txt").open("a") as changed:
        changed.write("one-more==1.0\n")
    assert run(newcomer / "script" / "setup", PATH=path).returncode == 1


def start_server(var_dir: Path, port: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [ROOT / "script" / "server"],
        env=clean_environment() | {"VAR_DIR": str(var_dir), "PORT": str(port)},
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read_until(server: "subprocess.Popen[str]", word: str) -> str:
    said = []
    assert server.stdout is not None
    for line in server.stdout:
        said.append(line)
        if word in line:
            break
    else:
        pytest.fail("".join(said))
    return "".join(said)


def processes_below(pid: int) -> set[int]:
    """All descendants that live, by the kernel's account."""
    children: dict[int, set[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), set()).add(int(stat.parent.name))
    found, waiting = set(), {pid}
    while waiting:
        below = children.get(waiting.pop(), set()) - found
        found |= below
        waiting |= below
    return found


def alive(pids: set[int]) -> set[int]:
    """A zombie, which only waits to be counted, has no command line."""
    found = set()
    for pid in pids:
        with suppress(OSError):
            if Path(f"/proc/{pid}/cmdline").read_bytes():
                found.add(pid)
    return found


@pytest.mark.faults
def test_the_server_starts_answers_revives_and_stops_everything_it_started(var_dir: Path) -> None:
    port = free_port()
    with start_server(var_dir, port) as server:
        said = read_until(server, "Ctrl-C")
        assert f"http://127.0.0.1:{port}" in said
        assert "/hop-thu-demo" in said
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            assert answer.status == 200
        below = processes_below(server.pid)
        commands = {pid: Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ") for pid in below}
        for part in (
            "postgres -D",
            "gunicorn",
            "celery -A portal.celery worker",
            "sweep",
            "celery -A portal.celery beat",
        ):
            assert any(part in command for command in commands.values()), part
        sweeper = next(pid for pid, command in commands.items() if "manage.py sweep" in command)
        os.kill(sweeper, signal.SIGKILL)
        assert "sweeper" in read_until(server, "sweeper")
        below |= processes_below(server.pid)
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0
    assert not alive(below)
    assert not port_is_taken(port)

    began = time.monotonic()
    with start_server(var_dir, port) as server:
        assert "warm" in read_until(server, "Ctrl-C")
        assert time.monotonic() - began < 20
        below = processes_below(server.pid)
        server.kill()
    until = time.monotonic() + 20
    while alive(below) and time.monotonic() < until:
        time.sleep(0.1)
    assert not alive(below), "a killed script/server left processes behind"
