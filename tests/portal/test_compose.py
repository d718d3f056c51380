"""docker-compose.yml, as far as it can be seen without Docker, which doesn't run where this was made: the file is
read as Compose reads it, and everything it names must exist."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from celery.bin.celery import celery
from django.core.management import get_commands, load_command_class

from portal.embedded import POSTGRES_FLAGS
from portal.serve import programs

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
KEYS = {
    *(
        "build",
        "image",
        "restart",
        "init",
        "env_file",
        "environment",
        "volumes",
        "depends_on",
        "command",
        "ports",
    ),
    *("stop_grace_period", "healthcheck", "mem_limit", "shm_size"),
}  # of a service, as https://docs.docker.com/reference/compose-file/services/ has them
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}
GIVEN_BY_THE_SHELL = {"HOSTNAME", "WEB_DATABASE_URL"}  # `$$`: of the container, not of Compose


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(COMPOSE)
    return loaded


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose["services"]
    return found


def ours(services: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {name: service for name, service in services.items() if "build" in service}


def commands(service: dict[str, Any]) -> Iterator[list[str]]:
    """What runs in a container of ours, word by word; the image's own CMD where nothing is said."""
    command = service.get("command") or re.findall(
        r'"([^"]+)"', re.findall(r"^CMD (.+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)[0]
    )
    if command[:2] != ["sh", "-c"]:
        yield command
        return
    for part in command[2].split("&&"):
        yield shlex.split(part)


def test_it_is_a_compose_file_with_nothing_misspelt(compose: dict[str, Any]) -> None:
    assert {key for key in compose if not key.startswith("x-")} == {"services", "volumes"}
    for name, service in compose["services"].items():
        assert service.keys() <= KEYS, name
        for volume in service.get("volumes", []):
            assert volume.partition(":")[0] in compose["volumes"], f"{name}: {volume}"
        for value in [*service.get("environment", {}).values(), *(service.get("command") or [])]:
            assert isinstance(value, str), f"{name}: {value!r} isn't text"


def test_nothing_waits_for_what_is_not_there(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        for other, how in service.get("depends_on", {}).items():
            assert how["condition"] in CONDITIONS, name
            if how["condition"] == "service_healthy":
                assert services[other]["healthcheck"]["test"], f"{name} waits for {other}"
            if how["condition"] == "service_completed_successfully":
                assert services[other]["restart"] == "no", f"{name} waits for {other}"


def test_images_are_pinned(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        assert re.search(r":v?\d+\.\d+", service["image"]), name
    for name in ("web", "worker", "postgres", "redis", "mail"):
        assert services[name]["healthcheck"]["test"], name
    assert re.search(r"^FROM \S+:\d+\.\d+\.\d+\S*$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)


def test_nothing_is_published_but_on_this_machine(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name


def test_every_process_of_script_server_has_its_service(
    services: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    for name, program in programs(8000, "", tmp_path).items():
        [command] = commands(services[name])
        said = {
            "-m",
            "--hostname",
            "--schedule",
            "--bind",
            "--concurrency",
            str(tmp_path / "celerybeat-schedule"),
        }
        wanted = [
            word for word in program.arguments if word not in said and ":" not in word and "@" not in word
        ]
        missing = [word for word in wanted if word not in command and not word.isdigit()]
        assert missing == [], f"{name}: {command}"
    others = ours(services).keys() - programs(8000, "", tmp_path).keys()
    assert others == {"migrate", "documents", "lanes"}


def test_every_command_exists_and_knows_its_options(services: dict[str, dict[str, Any]]) -> None:
    seen = set()
    for service in ours(services).values():
        for command in commands(service):
            program, *rest = command
            if program == "python":
                assert rest[0] == "manage.py"
                assert rest[1] in get_commands(), command
                parser = load_command_class(get_commands()[rest[1]], rest[1]).create_parser(
                    "manage.py", rest[1]
                )
                parser.parse_args(rest[2:])  # SystemExit for what it doesn't know
                seen.add(rest[1])
            elif program == "celery":
                assert rest[:2] == ["-A", "portal.celery"]
                known = {option for param in celery.commands[rest[2]].params for option in param.opts}
                assert {word for word in rest[3:] if word.startswith("-")} <= known, command
            else:
                assert command[0] == "gunicorn"
    assert seen >= {"migrate", "load_offices", "web_role", "sweep", "watch_lanes"}


def test_the_lanes_are_all_consumed(services: dict[str, dict[str, Any]]) -> None:
    command = services["worker"]["command"]
    assert command[:4] == ["celery", "-A", "portal.celery", "worker"]
    # A worker without --queues takes all lanes (portal.celery.open_every_lane), but what another one takes.
    assert not {"-Q", "--queues", "-X"} & set(command)
    left_out = command[command.index("--exclude-queues") + 1]
    other = services["documents"]["command"]
    assert left_out == other[other.index("--queues") + 1] == "documents"


def test_every_name_of_the_environment_is_explained_and_read(services: dict[str, dict[str, Any]]) -> None:
    example = set(
        re.findall(r"^#? ?([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert set(re.findall(r"(?<!\$)\$\{([A-Z0-9_]+)", COMPOSE)) <= example
    assert set(re.findall(r"\$\$\{?([A-Z0-9_]+)", COMPOSE)) <= GIVEN_BY_THE_SHELL
    read = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("portal", "accounts", "procedures")
        for path in (ROOT / folder).rglob("*.py")
    )
    for name, service in ours(services).items():
        for variable in service["environment"]:
            is_read = re.search(rf"""(?:environ(?:\.get\(|\[)|given\.get\()\s*["']{variable}""", read)
            assert is_read, f"{name}: nobody reads {variable}"


def test_the_database_lets_go_of_machines_that_vanish_and_logs_nobodys_words(
    services: dict[str, dict[str, Any]],
) -> None:
    flags = dict(word.removeprefix("-c").split("=") for word in services["postgres"]["command"][1:])
    assert int(flags["tcp_user_timeout"]) <= 30_000
    idle, every, times = (int(flags[f"tcp_keepalives_{name}"]) for name in ("idle", "interval", "count"))
    assert idle + every * times <= 30
    quiet = {name: value for name, value in POSTGRES_FLAGS.items() if name.startswith("log_min_error")}
    assert quiet.items() <= flags.items()
    assert flags["log_parameter_max_length_on_error"] == POSTGRES_FLAGS["log_parameter_max_length_on_error"]
