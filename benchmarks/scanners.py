"""The scanners as functions: where to go in, what was found out. Each knows nothing of the portal, carries the
session's cookies and its CSRF token, and is stopped when its time is over (docs/how-to/scan.md)."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

from benchmarks.visitor import LANGUAGE, LEAVES, TOKEN, Target, Visitor
from portal.processes import LOCALHOST

FORM = "application/x-www-form-urlencoded"
REFUSALS = "400,401,403,404,405,409,410,412,415,422,423,429"
MODULES = "sql,xss,permanentxss,exec,file,redirect,crlf,csrf,csp,http_headers,cookieflags"
# Without ssrf, which asks a server of its authors.
EXAMPLES, AT_ONCE = 30, 10  # requests an operation (of right and of wrong values each), addresses a run
# What wapiti says of any site that is scanned over plain HTTP, as the demo is; docs/asvs.md, 3.3.1 and 3.4.1.
PLAIN_HTTP = re.compile(r"Strict-Transport-Security|Secure flag is not set", re.IGNORECASE)


@dataclass
class Report:
    """``tried``: addresses with what they take; ``left``: those the time didn't reach."""

    tried: int = 0
    left: int = 0
    found: list[str] = field(default_factory=list)


Scanner = Callable[[Visitor, Sequence[Target], Path, float], Report]


def run(arguments: list[str], folder: Path, seconds: float) -> tuple[str, bool]:
    """What it said, and whether it came to its end: killed, with what it started, when its time is over."""
    log = folder / f"{time.monotonic_ns()}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            arguments, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        )
        try:
            with suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
        finally:  # Ctrl+C stops it, too
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    return log.read_text(encoding="utf-8", errors="replace"), process.returncode != -signal.SIGKILL


def sqlmap(visitor: Visitor, targets: Sequence[Target], folder: Path, seconds: float) -> Report:
    """Every field of every address and form."""
    until, wanted = time.monotonic() + seconds, [target for target in targets if target.fields]

    def look(target: Target) -> tuple[str, bool]:
        rest = until - time.monotonic()
        return run(_sqlmap(visitor, target, folder), folder, rest) if rest > 5 else ("", False)

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(look, wanted))
    tried = sum(is_over for _, is_over in said)
    wrong = [
        f"{target.method} {target.path}: {one}"
        for target, (text, _) in zip(wanted, said, strict=True)
        for one in told_by_sqlmap(text)
    ]
    return Report(tried, len(wanted) - tried, wrong)


def told_by_sqlmap(said: str) -> list[str]:
    return [f"SQL by {name}" for name in re.findall(r"^Parameter: (\S+)", said, re.MULTILINE)]


def _sqlmap(visitor: Visitor, target: Target, folder: Path) -> list[str]:
    values = urlencode([(name, value or "1") for name, value in target.fields])
    sent = ["--data", values, "--method", "POST"] if target.method == "POST" else []
    address = f"{visitor.base}{target.path}" + ("" if sent else f"?{values}")
    return [
        *(
            "sqlmap",
            "-u",
            address,
            *sent,
            "--batch",
            "--disable-coloring",
            "--flush-session",
            "--technique",
            "BE",
        ),
        *(
            "--output-dir",
            str(folder / f"sqlmap-{abs(hash(target))}"),
            "--ignore-code",
            REFUSALS,
            "--timeout",
            "20",
        ),
        *("--cookie", visitor.cookie, "--drop-set-cookie", "--headers", f"X-CSRFToken: {visitor.token}"),
    ]


def wapiti(visitor: Visitor, targets: Sequence[Target], folder: Path, seconds: float) -> Report:
    """Opens every address that is known and what it leads to, then attacks what it found, a module at a time: a third
    of the time to crawl, a fifth at most for each module, most of which end much earlier."""
    place = folder / f"wapiti-{visitor.role}-{visitor.port}"
    report, crawl, attack = place / "report.json", int(seconds / 3), int(seconds / 5)
    place.mkdir()
    starts = [
        part
        for target in targets
        for part in ("-s", f"{visitor.base}{target.path}")
        if target.method == "GET"
    ]
    arguments = [
        *("wapiti", "-u", f"{visitor.base}/", *starts, "-m", MODULES, "--scope", "folder", "--flush-session"),
        # Kept whatever the site sets; --drop-set-cookie would take this one away, too, and scan the log-in page.
        *("-C", visitor.cookie, "--skip", TOKEN, "-r", LANGUAGE, "-t", "20", "--tasks", "4"),
        *("-d", "1", "-v", "1"),  # forms of the pages given; says which module was stopped
        *(part for path in LEAVES for part in ("-x", f"{visitor.base}{path}")),
        *("--max-scan-time", str(crawl), "--max-attack-time", str(attack)),
        *("--max-links-per-page", "60", "--max-files-per-dir", "8"),
        *("--no-bugreport", "--dns-endpoint", LOCALHOST),  # else it asks for the name of its authors' server
        *("--store-session", str(place), "--store-config", str(place / "config")),
        *("-f", "json", "-o", str(report)),
    ]
    said, _is_over = run(arguments, folder, crawl + attack * len(MODULES.split(",")) + 60)
    if not report.exists():
        return Report(found=["no report was written"])
    told = told_by_wapiti(report.read_text(encoding="utf-8"))
    told.left = cut_short(place, said)
    return told


def told_by_wapiti(report: str) -> Report:
    written = json.loads(report)
    wrong = {
        f"{kind}: {one['method']} {one['path']} {one['parameter']} {one['info']}"
        for part in ("vulnerabilities", "anomalies")
        for kind, ones in written[part].items()
        for one in ones
    }
    return Report(
        tried=int(written["infos"].get("crawled_pages_nbr") or 0),
        found=sorted(it for it in wrong if not PLAIN_HTTP.search(it)),
    )


def cut_short(place: Path, said: str) -> int:
    """How many requests it knew of but had no time for, in the crawl or in a module that was stopped."""
    stopped = re.findall(r"Max attack time was reached for module (\w+)", said)
    with closing(sqlite3.connect(next(place.glob("*.db")))) as database:
        known = database.execute("SELECT path_id, response_id FROM paths WHERE NOT evil").fetchall()
        logs = set(database.execute("SELECT path_id, module FROM attack_logs"))
    return sum(
        answer is None or any((number, module) not in logs for module in stopped) for number, answer in known
    )


def schemathesis(visitor: Visitor, targets: Sequence[Target], folder: Path, seconds: float) -> Report:
    """Every address as an operation of an OpenAPI document made for it, some at a time: any value in any field, never
    a 500."""
    until, report = time.monotonic() + seconds, Report()
    described = openapi(targets)
    paths = list(described["paths"].items())
    for first in range(0, len(paths), AT_ONCE):
        part = dict(paths[first : first + AT_ONCE])
        operations, rest = sum(len(methods) for methods in part.values()), until - time.monotonic()
        junit = folder / f"junit-{visitor.role}-{visitor.port}-{first}.xml"
        if rest > 5:
            document = junit.with_suffix(".json")
            document.write_text(json.dumps({**described, "paths": part}), encoding="utf-8")
            run(_schemathesis(visitor, document, junit), folder, rest)
        told = told_by_schemathesis(junit.read_text(encoding="utf-8") if junit.exists() else "")
        report.tried += told.tried
        report.left += operations - told.tried
        report.found += told.found
    return report


def _schemathesis(visitor: Visitor, document: Path, junit: Path) -> list[str]:
    return [
        *("st", "run", str(document), "--base-url", visitor.base, "--checks", "not_a_server_error"),
        *("-H", f"Cookie: {visitor.cookie}", "-H", f"X-CSRFToken: {visitor.token}"),
        *("--request-timeout", "20000", "--hypothesis-deadline", "30000", "--hypothesis-seed", "846"),
        *("--hypothesis-max-examples", str(EXAMPLES), "--hypothesis-suppress-health-check", "all"),
        *("--data-generation-method", "all", "--hypothesis-database", ":memory:", "--no-color"),
        *("--junit-xml", str(junit), "-w", "2"),
    ]


def told_by_schemathesis(junit: str) -> Report:
    """Nothing of a run that was stopped: it writes its report at the end."""
    cases = list(ElementTree.fromstring(junit).iter("testcase")) if junit else []
    wrong = [
        case.get("name", "") for case in cases for kind in ("failure", "error") if case.find(kind) is not None
    ]
    return Report(tried=len(cases), found=wrong)


def openapi(targets: Sequence[Target]) -> dict[str, Any]:
    """OpenAPI 3.0.3: the addresses with their fields; {names} in an address are parameters, too. Two forms at one
    address are one operation with the fields of both."""
    paths: dict[str, dict[str, Any]] = {}
    for target in targets:
        made = paths.setdefault(target.path, {}).setdefault(target.method.lower(), _operation(target.path))
        if target.method == "POST":
            body = made.setdefault(
                "requestBody", {"content": {FORM: {"schema": {"type": "object", "properties": {}}}}}
            )
            properties = body["content"][FORM]["schema"]["properties"]
            properties |= {name: {"type": "string", "example": value} for name, value in target.fields}
            continue
        place, known = (
            ("query" if target.method == "GET" else "header"),
            {it["name"] for it in made["parameters"]},
        )
        made["parameters"] += [
            {"name": name, "in": place, "schema": {"type": "string"}, "example": value}
            for name, value in dict(target.fields).items()
            if name not in known
        ]
    return {"openapi": "3.0.3", "info": {"title": "Cổng hồ sơ BHXH", "version": "1"}, "paths": paths}


def _operation(path: str) -> dict[str, Any]:
    words = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in re.findall(r"\{(\w+)\}", path)
    ]
    return {"parameters": words, "responses": {"200": {"description": "a page"}}}


SCANNERS: dict[str, Scanner] = {"sqlmap": sqlmap, "wapiti": wapiti, "schemathesis": schemathesis}
