"""Scanners against a running portal, before and behind the log-in. script/scan [tool …] [role …] [minutes]

Starts a portal of its own on 127.0.0.1, with dossiers in many states, logs in as the demo's people with both factors,
and beside it the page with planted holes, which asks for the session's cookie, too: a tool that finds nothing there is
blind, whatever it says of the portal. Prints one table; ends with 1 for a finding, or a control that wasn't found.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.scanners import SCANNERS, Report
from benchmarks.visitor import Target, Visitor
from portal.processes import LOCALHOST, free_port
from portal.serve import ROOT, prepare, set_environment
from tests.faults.portal import breakable_portal, wait_until

TOOLS = ["sqlmap==1.10.10", "wapiti3==3.2.3", "schemathesis==3.39.16", "hypothesis==6.131.30"]
# In this order: who may take away a colleague's second factor, and with it the session, comes after the colleague.
PEOPLE = {
    "anonymous": "",
    "citizen": "0119000001",
    "officer": "canbo.hanoi",
    "issuer": "capma.hanoi",
    "head": "lanhdao.hanoi",
    "hq": "trunguong",
}
USUAL = ("anonymous", "citizen", "officer")
MINUTES = 4.0  # of one tool as one person
CONTROL = [Target("GET", "/", (("ma", "1"),)), Target("GET", "/", (("ten", "x"),))]
# What a tool says of the planted holes; that the page has no headers against clickjacking is no hole found.
HOLES = r"SQL|Cross Site Scripting|^GET /$"
TUS = (
    *(("Tus-Resumable", "1.0.0"), ("Upload-Length", "10"), ("Upload-Offset", "0")),
    ("Upload-Metadata", "filename eA=="),
)
HEAD = """
| Công cụ | Vai | Đã thử | Chưa kịp | Giây | Thấy | Đối chứng | Phiên |
|---|---|---|---|---|---|---|---|"""


def main() -> int:
    words = sys.argv[1:]
    tools = [word for word in words if word in SCANNERS] or list(SCANNERS)
    roles = [role for role in PEOPLE if role in words] or list(USUAL)
    minutes = next((float(word) for word in words if re.fullmatch(r"[\d.]+", word)), MINUTES)
    folder = Path(tempfile.mkdtemp(prefix="portal-scan-"))
    folder.chmod(0o711)
    for name in ("DATABASE_URL", "WEB_DATABASE_URL", "REDIS_URL", "BROKER_URL"):
        os.environ.pop(name, None)
    os.environ["PATH"] = f"{tools_folder()}:{os.environ['PATH']}"
    try:
        set_environment(folder / "var", 8000)
        with breakable_portal(folder / "var", _prepare) as portal, planted() as control:
            visitors = [entered(Visitor(portal.port, role), PEOPLE[role]) for role in roles]
            return scan(tools, visitors, control, folder, minutes * 60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def scan(tools: list[str], visitors: list[Visitor], control: int, folder: Path, seconds: float) -> int:
    twin = Visitor(control, "control", {"sessionid": "planted", "csrftoken": "planted"})
    told = {tool: SCANNERS[tool](twin, CONTROL, folder, seconds).found for tool in tools}
    planted_found = {tool: [it for it in found if re.search(HOLES, it)] for tool, found in told.items()}
    print(f"control: {planted_found}", flush=True)
    lines, is_sound = [], all(planted_found.values())
    for visitor in visitors:
        targets = visitor.targets() + (templates() if visitor.role == "anonymous" else [])
        targets += machine(targets) if visitor.role == "citizen" else []
        print(f"{visitor.role}: {visitor.pages} pages, {len(targets)} addresses and forms", flush=True)
        for tool in tools:
            began = time.monotonic()
            report = SCANNERS[tool](visitor, targets, folder, seconds)
            took, is_in = time.monotonic() - began, is_still_in(visitor)
            is_sound &= not report.found and is_in
            lines.append(line(tool, visitor, report, took, is_found=bool(planted_found[tool]), is_in=is_in))
            print(lines[-1], *report.found[:40], sep="\n   ", flush=True)
    print(HEAD)
    print("\n".join(lines))
    return 0 if is_sound else 1


def line(tool: str, visitor: Visitor, report: Report, took: float, *, is_found: bool, is_in: bool) -> str:
    cells = [tool, visitor.role, report.tried, report.left, f"{took:.0f}", len(report.found) or "không"]
    cells += ["thấy" if is_found else "KHÔNG THẤY", "còn" if is_in else "MẤT"]
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def is_still_in(visitor: Visitor) -> bool:
    """Whether the tool had the session to the end: else it scanned the log-in page."""
    return visitor.role == "anonymous" or visitor.ask("GET", "/tai-khoan/")[0] == 200


def entered(visitor: Visitor, login: str) -> Visitor:
    from accounts.services.demo import DEMO_PASSWORD, demo_totp  # noqa: PLC0415 - after django.setup

    if login:
        visitor.log_in(login, DEMO_PASSWORD, demo_totp)
    else:
        visitor.ask("GET", "/dang-nhap/")
    return visitor


def templates() -> list[Target]:
    """Every address of the URL conf with anything at all where an id stands."""
    from tests.architecture.test_walls import ROUTES  # noqa: PLC0415 - after django.setup

    found = []
    for name, route in ROUTES.items():
        if route.pattern.converters:
            prefix = {"casework": "can-bo/", "statistics": "ty-le/"}.get(name.partition(":")[0], "")
            path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(route.pattern))
            found.append(Target("GET", f"/{prefix}{path}", ()))
    return found


def machine(targets: list[Target]) -> list[Target]:
    """Uploads in pieces (tus) of the citizen's own dossier: what no page links to."""
    papers = next((it.path for it in targets if it.path.endswith("/giay-to/")), "")
    if not papers:
        return []
    begin, piece = f"{papers}tep/", f"{papers}tep/{{file_id}}/"
    return [
        Target("OPTIONS", begin, TUS),
        *(Target(method, piece, TUS) for method in ("HEAD", "PATCH", "DELETE")),
    ]


@contextmanager
def planted() -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.planted", str(port), "sessionid=planted"], cwd=ROOT
    )
    try:
        assert wait_until(lambda: _answers(port), 20)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _answers(port: int) -> bool:
    try:
        return Visitor(port, "", {"sessionid": "planted"}).ask("GET", "/")[0] == 200
    except OSError:
        return False


def tools_folder() -> Path:
    """The scanners, in an environment of their own: they are no part of what the portal is built from."""
    folder = ROOT / "var" / "scanners"
    stamp = folder / "tools.txt"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != "\n".join(TOOLS):
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", *TOOLS], check=True)
        stamp.write_text("\n".join(TOOLS), encoding="utf-8")
    return folder / "bin"


def _prepare(environment: dict[str, str]) -> str:
    os.environ |= environment
    lanes = prepare(Path(environment["VAR_DIR"]))[0]
    _ground()
    return lanes


def _ground() -> None:
    """Something of everything for the demo's citizen and officer."""
    from django.db import connections  # noqa: PLC0415 - after django.setup

    from accounts.models import User  # noqa: PLC0415
    from procedures.services import checkpoints  # noqa: PLC0415
    from tests import makers  # noqa: PLC0415

    people: dict[str, Any] = {user.login: user for user in User.objects.all()}
    filer, other, officer = people["0119000001"], people["0119000002"], people["canbo.hanoi"]
    for make in (makers.approved, makers.refused, makers.supplement_requested, makers.proposed):
        makers.checked(make(filer, officer))
    makers.checked(makers.held(makers.queued(filer), officer))
    makers.checked(makers.queued(other))
    makers.paper_asked(officer)
    makers.draft(filer)
    checkpoints.make()
    connections.close_all()


if __name__ == "__main__":
    print(f"only on {LOCALHOST}", flush=True)
    sys.exit(main())
