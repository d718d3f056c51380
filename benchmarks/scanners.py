"""The scanners as functions: where to go in, what was found out. Each knows nothing of the portal, carries the
session's cookies and its CSRF token, and is stopped when its time is over (docs/how-to/scan.md)."""

import json
import re
import subprocess
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

from benchmarks.visitor import LEAVES, Target, Visitor

FORM = "application/x-www-form-urlencoded"
REFUSALS = "400,401,403,404,405,409,410,412,415,422,423,429"
MODULES = "sql,xss,permanentxss,exec,file,redirect,crlf,csrf,csp,http_headers,cookieflags"
# Without ssrf, which asks a server of its authors.
# What wapiti says of any site that is scanned over plain HTTP, as the demo is; docs/asvs.md, 3.3.1 and 3.4.1.
PLAIN_HTTP = re.compile(r"Strict-Transport-Security|Secure flag is not set", re.IGNORECASE)


@dataclass
class Report:
    """``tried``: addresses with what they take; ``left``: those the time didn't reach."""

    tried: int = 0
    left: int = 0
    found: list[str] = field(default_factory=list)


Scanner = Callable[[Visitor, Sequence[Target], Path, float], Report]


def run(arguments: list[str], folder: Path, seconds: float) -> str:
    """What it said; killed, with what it started, when its time is over."""
    log = folder / f"{time.monotonic_ns()}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            arguments, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        )
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return log.read_text(encoding="utf-8", errors="replace")


def sqlmap(visitor: Visitor, targets: Sequence[Target], folder: Path, seconds: float) -> Report:
    """Every field of every address and form."""
    until, report = time.monotonic() + seconds, Report()
    wanted = [target for target in targets if target.fields]

    def look(target: Target) -> None:
        if time.monotonic() > until - 5:
            report.left += 1
            return
        said = run(_sqlmap(visitor, target, folder), folder, min(60.0, until - time.monotonic()))
        report.tried += 1
        names = re.findall(r"^Parameter: (\S+)", said, re.MULTILINE)
        report.found += [f"{target.method} {target.path}: SQL by {name}" for name in names]

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(look, wanted))
    return report


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
    """Crawls for itself from every address that is known, then attacks what it found, a module at a time."""
    report = folder / f"wapiti-{visitor.role}-{visitor.port}.json"
    starts = [
        part
        for target in targets
        for part in ("-s", f"{visitor.base}{target.path}")
        if target.method == "GET"
    ]
    modules = MODULES.split(",")
    attack = max(8, int(seconds * 0.6 / len(modules)))
    arguments = [
        *("wapiti", "-u", f"{visitor.base}/", *starts, "-m", MODULES, "--scope", "folder", "--flush-session"),
        *(
            "-C",
            visitor.cookie,
            "--drop-set-cookie",
            "-H",
            f"X-CSRFToken: {visitor.token}",
            "-t",
            "20",
            "-d",
            "3",
        ),
        *(part for path in LEAVES for part in ("-x", f"{visitor.base}{path}")),
        *(
            "--skip",
            "csrfmiddlewaretoken",
            "--max-scan-time",
            str(int(seconds * 0.3)),
            "--max-attack-time",
            str(attack),
        ),
        *("--max-links-per-page", "60", "--max-files-per-dir", "8", "--no-bugreport", "--tasks", "4"),
        *("--store-session", str(folder / "wapiti"), "--store-config", str(folder / "wapiti-config")),
        *("-f", "json", "-o", str(report)),
    ]
    run(arguments, folder, seconds * 0.3 + attack * len(modules) + 60)
    if not report.exists():
        return Report(found=["no report was written"])
    written = json.loads(report.read_text(encoding="utf-8"))
    wrong = [
        f"{kind}: {one['method']} {one['path']} {one['parameter']} {one['info']}"
        for part in ("vulnerabilities", "anomalies")
        for kind, ones in written[part].items()
        for one in ones
    ]
    return Report(
        tried=int(written["infos"].get("crawled_pages_nbr") or 0),
        found=sorted({it for it in wrong if not PLAIN_HTTP.search(it)}),
    )


def schemathesis(visitor: Visitor, targets: Sequence[Target], folder: Path, seconds: float) -> Report:
    """Every address as an operation of an OpenAPI document made for it: any value in any field, never a 500."""
    document, junit = (
        folder / f"openapi-{visitor.role}-{visitor.port}.json",
        folder / f"junit-{visitor.role}.xml",
    )
    described = openapi(targets)
    document.write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
    junit.unlink(missing_ok=True)
    operations = sum(len(methods) for methods in described["paths"].values())
    each = max(5, min(60, int(seconds * 12 / max(1, operations))))  # some 20 requests a second
    said = run(
        [
            *("st", "run", str(document), "--base-url", visitor.base, "--checks", "not_a_server_error"),
            *(
                "-H",
                f"Cookie: {visitor.cookie}",
                "-H",
                f"X-CSRFToken: {visitor.token}",
                "--request-timeout",
                "20000",
            ),
            *(
                "--hypothesis-max-examples",
                str(each),
                "--hypothesis-deadline",
                "30000",
                "--hypothesis-seed",
                "846",
            ),
            *("--hypothesis-suppress-health-check", "all", "--data-generation-method", "all", "-w", "2"),
            *("--junit-xml", str(junit), "--hypothesis-database", ":memory:", "--no-color"),
        ],
        folder,
        seconds,
    )
    if not junit.exists():
        return Report(left=operations, found=[f"no report was written: {said[-200:]}"])
    cases = list(ElementTree.fromstring(junit.read_text(encoding="utf-8")).iter("testcase"))
    wrong = [
        case.get("name", "") for case in cases for kind in ("failure", "error") if case.find(kind) is not None
    ]
    return Report(tried=len(cases), left=operations - len(cases), found=wrong)


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
