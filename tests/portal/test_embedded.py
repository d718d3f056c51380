"""The embedded PostgreSQL and Redis: from odd places, twice, after a crash, and with nothing left behind."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from portal.embedded import Postgres, Running, embedded_servers
from portal.keeper import POSTGRES_PROGRAMS, Keeper, keeper_of
from portal.processes import StartError, port_is_taken, secrets_of


@pytest.fixture
def var_dir(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that PostgreSQL's user may enter, unlike tmp_path when root runs the tests."""
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")
    folder = Path(tempfile.mkdtemp(prefix="portal-test-"))
    folder.chmod(0o711)
    yield folder / "Hồ sơ của Đặng Ơn" / "var"
    shutil.rmtree(folder)


def one(running: Running, query: str) -> object:
    with psycopg.connect(running.database_url) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def broker(running: Running) -> "redis.Redis":
    return redis.Redis.from_url(running.redis_url, decode_responses=True)


def ports(running: Running) -> list[int]:
    return [server.port for server in running.servers]


def test_a_path_with_spaces_and_vietnamese_letters_works_and_data_is_kept(var_dir: Path) -> None:
    with embedded_servers(var_dir) as running, broker(running) as queue:
        with psycopg.connect(running.database_url) as connection:
            connection.execute("CREATE TABLE dossier AS SELECT 'Đặng Ơn' AS filer")
        queue.set("lane", "province.ha-noi")
    assert not any(port_is_taken(port) for port in ports(running))
    with embedded_servers(var_dir) as again, broker(again) as queue:
        assert one(again, "SELECT filer FROM dossier") == "Đặng Ơn"
        assert queue.get("lane") == "province.ha-noi"


def test_the_database_is_durable_and_the_portals_role_is_no_superuser(var_dir: Path) -> None:
    with embedded_servers(var_dir) as running:
        shown = {
            name: one(running, f"SHOW {name}")
            for name in ("fsync", "full_page_writes", "data_checksums", "server_encoding", "listen_addresses")
        }
        assert shown == {
            "fsync": "on",
            "full_page_writes": "on",
            "data_checksums": "on",
            "server_encoding": "UTF8",
            "listen_addresses": "127.0.0.1",
        }
        assert one(running, "SELECT upper('đặng thị ơn')") == "ĐẶNG THỊ ƠN"
        assert one(running, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        assert (
            one(running, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'portal'")
            == "portal"
        )
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(f"postgresql://portal:wrong@127.0.0.1:{ports(running)[0]}/portal")


def test_redis_keeps_its_messages_and_asks_for_a_password(var_dir: Path) -> None:
    with embedded_servers(var_dir) as running, broker(running) as queue:
        wanted = ("appendonly", "appendfsync", "maxmemory-policy", "bind", "protected-mode")
        assert {name: queue.config_get(name)[name] for name in wanted} == {
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
            "bind": "127.0.0.1",
            "protected-mode": "yes",
        }
        with socket.create_connection(("127.0.0.1", ports(running)[1])) as stranger:
            stranger.sendall(b"PING\r\n")
            assert stranger.recv(100).startswith(b"-NOAUTH")


def test_a_second_start_from_the_same_folder_uses_the_running_servers_and_leaves_them(var_dir: Path) -> None:
    with embedded_servers(var_dir) as first:
        with embedded_servers(var_dir) as second:
            assert (second.database_url, second.redis_url) == (first.database_url, first.redis_url)
        assert one(first, "SELECT 1") == 1
        with broker(first) as queue:
            assert queue.ping()


def test_after_a_crash_a_stale_pid_file_is_no_obstacle(var_dir: Path) -> None:
    with embedded_servers(var_dir) as running:
        pid_file = running.servers[0].data / "postmaster.pid"
        for server in running.servers:
            assert server.process is not None
            server.process.kill()
            server.process.wait()
        # The pid now belongs to somebody else who is alive: this test.
        pid_file.write_text(f"{os.getpid()}\n" + pid_file.read_text().split("\n", 1)[1])
    with embedded_servers(var_dir) as again:
        assert one(again, "SELECT 1") == 1


def test_a_dead_server_comes_back_at_the_address_others_know(var_dir: Path) -> None:
    with embedded_servers(var_dir) as running:
        for server in running.servers:
            assert server.process is not None
            server.process.kill()
            server.process.wait()
            server.start()
        assert one(running, "SELECT 1") == 1
        with broker(running) as queue:
            assert queue.ping()


def test_servers_named_by_the_environment_are_used_and_not_touched(
    var_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://someone@elsewhere/portal")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")
    monkeypatch.delenv("WEB_DATABASE_URL", raising=False)
    with embedded_servers(var_dir) as running:
        assert running == Running("postgresql://someone@elsewhere/portal", "redis://elsewhere/0", "", ())
    assert not var_dir.exists()


def test_even_a_killed_starter_leaves_no_orphan(var_dir: Path) -> None:
    program = (
        "import pathlib, sys, time; from portal.embedded import embedded_servers\n"
        "with embedded_servers(pathlib.Path(sys.argv[1])) as running:\n"
        "    print(*(server.port for server in running.servers), flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", program, str(var_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        taken = [int(port) for port in starter.stdout.readline().split()]
        assert len(taken) == 2
        starter.send_signal(signal.SIGKILL)
    until = time.monotonic() + 10
    while any(port_is_taken(port) for port in taken) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(port_is_taken(port) for port in taken)


def test_a_broken_wheel_is_one_sentence(var_dir: Path) -> None:
    broken = var_dir / "wheels"
    (broken / POSTGRES_PROGRAMS).mkdir(parents=True)
    initdb = broken / POSTGRES_PROGRAMS / "initdb"
    initdb.write_text("#!/bin/sh\necho 'initdb: error: could not load libpq.so' >&2\nexit 1\n")
    initdb.chmod(0o755)
    with pytest.raises(StartError) as refused:
        Postgres(Keeper(var_dir, broken), var_dir, "password").start()
    assert "could not load libpq.so" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not (var_dir / "postgres").exists()


def test_lost_passwords_are_one_sentence_and_nothing_is_left_running(var_dir: Path) -> None:
    with embedded_servers(var_dir) as running:
        data = running.servers[0].data
    (var_dir / "secrets.env").rename(var_dir / "secrets.kept")
    with pytest.raises(StartError, match=r"secrets\.env"), embedded_servers(var_dir):
        pass
    assert not (data / "postmaster.pid").exists(), "it was left running"


def test_secrets_are_made_once_and_readable_by_the_owner_alone(var_dir: Path) -> None:
    first = secrets_of(var_dir, "SECRET_KEY", "CODE_KEY")
    assert len(set(first.values())) == 2
    assert all(len(secret) >= 50 for secret in first.values())
    assert secrets_of(var_dir, "CODE_KEY", "REDIS_PASSWORD")["CODE_KEY"] == first["CODE_KEY"]
    assert stat.S_IMODE((var_dir / "secrets.env").stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to change the user")
def test_a_folder_only_root_may_enter_keeps_its_data_elsewhere(var_dir: Path) -> None:
    var_dir.mkdir(parents=True)
    var_dir.parent.chmod(0o700)
    home = keeper_of(var_dir).home
    try:
        assert home.parent == Path("/var/lib/cong-ho-so-bhxh")
        with embedded_servers(var_dir) as running:
            assert one(running, "SELECT 1") == 1
        assert keeper_of(var_dir).home == home
        with embedded_servers(var_dir, throwaway=True) as running:
            assert one(running, "SELECT 1") == 1
        assert not home.exists()
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to change the user")
def test_a_folder_others_may_enter_but_not_list_keeps_its_own_data(var_dir: Path) -> None:
    var_dir.mkdir(parents=True)
    var_dir.chmod(0o711)
    assert keeper_of(var_dir).home == var_dir
