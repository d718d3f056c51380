"""The harness of script/scan, without the scanners: that the page with planted holes has them, that what the tools
write is read as they write it, and that nothing it names has been renamed since."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.urls import resolve

from accounts.services import demo
from benchmarks import scan, scanners
from benchmarks.scanners import Report, openapi, run
from benchmarks.visitor import LAST, LEAVES, Target, Visitor
from portal.languages.choice import SWITCH
from tests.architecture.test_csrf import address_of, values_of
from tests.architecture.test_walls import ROUTES

# As sqlmap 1.10.10, wapiti 3.2.3 and schemathesis 3.39.16 write, cut to what is read.
SQLMAP = """[11:51:04] [INFO] testing for SQL injection on GET parameter 'ma'
GET parameter 'ma' is vulnerable. Do you want to keep testing the others (if any)? [y/N] N
sqlmap identified the following injection point(s) with a total of 7 HTTP(s) requests:
---
Parameter: ma (GET)
    Type: boolean-based blind
    Title: AND boolean-based blind - WHERE or HAVING clause
    Payload: ma=1 AND 2275=2275
---
[11:51:04] [INFO] the back-end DBMS is SQLite
"""
SQLMAP_SILENT = "[11:51:07] [CRITICAL] all tested parameters do not appear to be injectable."
WAPITI = """{"vulnerabilities": {
 "SQL Injection": [{"method": "GET", "path": "/", "parameter": "ma", "level": 4, "module": "sql",
  "info": "SQL Injection (DBMS: SQLite) via injection in the parameter ma"}],
 "Secure Flag cookie": [{"method": "GET", "path": "/", "parameter": "", "level": 1, "module": "cookieflags",
  "info": "Secure flag is not set in the cookie : csrftoken"}],
 "Stored Cross Site Scripting": []},
 "anomalies": {"Internal Server Error": [{"method": "GET", "path": "/", "parameter": "ma",
  "info": "The server responded with a 500 HTTP error code while attempting to inject a payload in the parameter ma"}]},
 "additionals": {}, "infos": {"target": "http://127.0.0.1:8199/", "crawled_pages_nbr": 4}}"""
SCHEMATHESIS = """<?xml version="1.0" ?>
<testsuites errors="0" failures="1" tests="2"><testsuite name="schemathesis" tests="2" failures="1">
<testcase name="GET /" time="1.8"><failure type="failure" message="1. Server error [500]"/></testcase>
<testcase name="GET /kiem-chung/" time="0.9"/></testsuite></testsuites>"""
SESSION = """CREATE TABLE paths (path_id INTEGER, path TEXT, method TEXT, evil BOOLEAN, response_id INTEGER);
CREATE TABLE attack_logs (path_id INTEGER, module TEXT);
INSERT INTO paths VALUES (1, '/', 'GET', 0, 1), (2, '/a/', 'GET', 0, 2), (3, '/b/', 'GET', 0, NULL);
INSERT INTO paths VALUES (4, '/', 'GET', 1, 4);
INSERT INTO attack_logs VALUES (1, 'sql'), (2, 'sql'), (3, 'sql'), (1, 'xss');"""


@pytest.fixture(scope="module")
def control() -> Iterator[Visitor]:
    with scan.planted() as port:
        yield Visitor(port, "control", {"sessionid": "planted"})


def test_the_planted_holes_are_holes(control: Visitor) -> None:
    script = "<script>alert(1)</script>"
    assert script in control.ask("GET", f"/?ten={quote(script)}")[2]
    assert "Hằng" in control.ask("GET", f"/?ma={quote('1 AND 1=1')}")[2]
    assert "Hằng" not in control.ask("GET", f"/?ma={quote('1 AND 1=2')}")[2]
    assert control.ask("GET", "/?ma='")[0] == 500


def test_nobody_sees_the_planted_page_without_the_cookie(control: Visitor) -> None:
    assert Visitor(control.port, "nobody").ask("GET", "/?ma='") == (302, "/dang-nhap/", "")


def test_a_visitor_finds_the_planted_holes(control: Visitor) -> None:
    found = {(it.path, name) for it in control.targets() for name, _ in it.fields}
    assert (
        found
        == {("/", "ma"), ("/", "ten")}
        == {(it.path, name) for it in scan.CONTROL for name, _ in it.fields}
    )


def test_what_sqlmap_says() -> None:
    assert scanners.told_by_sqlmap(SQLMAP) == ["SQL by ma"]
    assert scanners.told_by_sqlmap(SQLMAP_SILENT) == []


def test_what_wapiti_writes() -> None:
    report = scanners.told_by_wapiti(WAPITI)
    assert report.tried == 4
    assert [it.partition(":")[0] for it in report.found] == ["Internal Server Error", "SQL Injection"]


def test_what_wapiti_had_no_time_for(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "127.0.0.1_folder.db") as database:
        database.executescript(SESSION)
    database.close()
    assert scanners.cut_short(tmp_path, "[*] Launching module xss") == 1  # /b/ wasn't crawled any more
    assert scanners.cut_short(tmp_path, "Max attack time was reached for module xss, stopping.") == 2


def test_what_schemathesis_writes() -> None:
    assert scanners.told_by_schemathesis(SCHEMATHESIS) == Report(tried=2, found=["GET /"])
    assert scanners.told_by_schemathesis("") == Report()


def test_the_openapi_document_names_every_field_once() -> None:
    document = openapi(
        [
            Target("GET", "/ho-so/{public_id}/tep/{name}/", (("q", "1"), ("q", "2"))),
            Target("POST", "/ho-so/", (("ten", "Hằng"),)),
            Target("POST", "/ho-so/", (("ngay", ""),)),
            Target("PATCH", "/ho-so/{public_id}/", scan.TUS),
        ]
    )
    read = document["paths"]["/ho-so/{public_id}/tep/{name}/"]["get"]["parameters"]
    assert [(it["in"], it["name"]) for it in read] == [
        ("path", "public_id"),
        ("path", "name"),
        ("query", "q"),
    ]
    body = document["paths"]["/ho-so/"]["post"]["requestBody"]["content"][scanners.FORM]["schema"]
    assert set(body["properties"]) == {"ten", "ngay"}
    piece = document["paths"]["/ho-so/{public_id}/"]["patch"]
    assert {it["in"] for it in piece["parameters"]} == {"path", "header"}
    assert all(one["responses"] for methods in document["paths"].values() for one in methods.values())


def test_a_tool_is_stopped_when_its_time_is_over(tmp_path: Path) -> None:
    assert run(["echo", "xong"], tmp_path, 20) == ("xong\n", True)
    assert run(["sh", "-c", "echo bắt đầu; sleep 60"], tmp_path, 0.5) == ("bắt đầu\n", False)


def test_every_address_with_an_id_is_tried() -> None:
    names = [name for name, route in ROUTES.items() if route.pattern.converters]
    made = zip(names, scan.templates(), strict=True)
    assert [it.path.format(**values_of(name)) for name, it in made] == [address_of(name) for name in names]


def test_the_people_and_the_way_out_are_those_of_the_demo() -> None:
    known = {person.login for person in demo.STAFF} | {person.bhxh_number for person in demo.CITIZENS}
    assert set(scan.PEOPLE.values()) - {""} <= known
    assert [resolve(path).view_name for path in LEAVES] == ["accounts:logout"]
    names = {path.rsplit("/", 2)[-2] for path in map(address_of, ROUTES)}
    assert {path.strip("/") for path in LAST} <= names
    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} == {"sessionid", "csrftoken"}


def test_the_choice_of_the_language_is_one_target() -> None:
    pages = [Target("GET", path, ((SWITCH, "en"),)) for path in ("/", "/thu-tuc/")]
    assert len({it.kind for it in pages}) == 1
    assert len({Target("GET", it.path, (("q", ""),)).kind for it in pages}) == 2
