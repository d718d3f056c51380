"""Every form and every filter of the portal, found by following its links as each role, is sent what nobody
should send. Never a 500, nothing raw on the page, and what was typed is still there to be mended."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

from accounts.models import User
from tests import makers
from tests.accounts.declarations import registered
from tests.architecture.test_walls import PUBLIC
from tests.probes.pages import Form, read

MARK = "<script>probe()</script>"
PROBES = (
    "",
    "   ",
    "\u00a0\u200b",
    "x" * 5_000,
    "a\x00b",
    "a\r\nBcc: x@example.vn\tb",
    MARK,
    '"><img src=x onerror=probe()>',
    "{{7*7}} {% now 'Y' %} ${7*7}",
    "' or 1=1--",
    "../../etc/passwd",
    "=cmd|' /C calc'!A0",
    "%00%0d%0a",
    "１２３４５６７８",
    "١٢٣٤٥٦٧٨",
    "-1",
    "1e9",
    "NaN",
    "99999999999999999999999",
    "000",
    "\u202egnp.exe",
    "Nguye\u0302\u0303n Thi\u0323 Ha\u0306\u0300ng",
    "😀",
    "31/02/2019",
    "2019-13-45",
)
LONE_SURROGATE = b"%ED%A0%80%FF"
FORGED = {"status": "approved", "office": "ho-chi-minh", "owner_id": "1", "is_staff": "1", "role": "hq"}
USUAL_FILTERS = ("trang", "sau", "q", "next")
LEAVES = ("/dang-xuat/",)  # ends the session
ENOUGH_OF_A_KIND = 3  # pages of one route that are opened
MOST_PAGES = 400


@dataclass
class Visitor:
    """Somebody who follows every link they are shown."""

    browser: Client
    user: User | None

    def pages(self) -> Iterator[tuple[str, str, HttpResponse]]:
        """(route, address, answer) of each page, at most ENOUGH_OF_A_KIND of a route."""
        waiting, known = ["/"], {"/"}
        seen: dict[str, int] = {}
        while waiting and sum(seen.values()) < MOST_PAGES:
            place = waiting.pop(0)
            route = route_of(place)
            if route is None or seen.get(route, 0) >= ENOUGH_OF_A_KIND or place.startswith(LEAVES):
                continue
            seen[route] = seen.get(route, 0) + 1
            answer = self.browser.get(place)
            read_whole(answer)
            if answer.status_code in (301, 302):
                links = [answer["Location"]]
            elif answer.get("Content-Type", "").startswith("text/html"):
                yield route, place, answer
                links = read(answer.content.decode())[0]
            else:
                continue
            for link in links:
                target = urljoin(place, unescape(link)).partition("#")[0]
                if target.startswith("/") and target not in known:
                    known.add(target)
                    waiting.append(target)


def route_of(place: str) -> str | None:
    try:
        return resolve(urlsplit(place).path).view_name
    except Resolver404:
        return None


def read_whole(answer: HttpResponse) -> None:
    """As a browser does: a file is closed once it was read."""
    for _chunk in answer.streaming_content if answer.streaming else ():
        pass


def complaints_about(answer: HttpResponse, sent: str) -> str:
    """What is wrong with an answer to a probe; empty when nothing is."""
    if answer.status_code >= 500:
        return f"answers {answer.status_code}"
    if "text/html" not in answer.get("Content-Type", "") or answer.streaming:
        return ""
    html = answer.content.decode()
    is_raw = "probe()" in sent and (MARK in html or "<img src=x" in html)
    return "shows raw HTML" if is_raw else ""


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is rolled back, so that the next probe meets the same page."""
    block = transaction.Atomic(using=None, savepoint=True, durable=False)
    block._from_testcase = True  # type: ignore[attr-defined]  # durable blocks may open inside
    with block:
        yield
        transaction.set_rollback(True)


class Prober:
    def __init__(self, browser: Client) -> None:
        self.browser = browser
        self.found: list[str] = []
        self.sent = 0

    def send(self, route: str, place: str, form: Form, values: dict[str, object], what: str) -> HttpResponse:
        target = urljoin(place, form.action) if form.action else place
        self.sent += 1
        with undone():
            if form.method == "post":
                answer = self.browser.post(target, values)
            else:
                answer = self.browser.get(target.partition("?")[0], values)
        read_whole(answer)
        problem = complaints_about(answer, str(values))
        if problem:
            self.found.append(f"{route} {what}: {problem}")
        return answer

    def try_form(self, route: str, place: str, form: Form) -> None:
        for probe in PROBES:
            everywhere = {**form.values, **dict.fromkeys(form.typed, probe)}
            answer = self.send(route, place, form, everywhere, f"all fields {probe[:20]!r}")
            self._keeps(route, form, probe, answer)
        for place_in_turn, name in enumerate([*form.typed, *form.chosen, *form.hidden]):
            for step in range(2):
                probe = PROBES[(place_in_turn * 2 + step) % len(PROBES)]
                self.send(route, place, form, {**form.values, name: probe}, f"{name} {probe[:20]!r}")
            self.send(route, place, form, {**form.values, name: ["a", MARK]}, f"{name} twice")
        self.send(route, place, form, {**form.values, **FORGED}, "forged fields")
        self.send(route, place, form, {}, "nothing at all")

    def _keeps(self, route: str, form: Form, probe: str, answer: HttpResponse) -> None:
        """A page that says what is wrong still holds what was typed."""
        if answer.status_code != 422 or not probe.isascii() or not probe.isprintable() or len(probe) > 100:
            return
        kept = [name for name in form.typed if not is_secret(name)]
        html = answer.content.decode()
        if kept and probe.strip() and escape(probe) not in html and probe not in unescape(html):
            self.found.append(f"{route}: {probe!r} typed into {kept} is gone")

    def try_filters(self, route: str, place: str) -> None:
        given = dict(parse_qsl(urlsplit(place).query))
        path = urlsplit(place).path
        for probe in (MARK, "-1", "1e9", "a\x00b", "https://example.com/", "owner__password"):
            for name in given:
                self._filter(route, path, {**given, name: probe}, f"{name}={probe!r}")
            # What most pages don't read goes at once; a page that refuses may have read the first of it only.
            everywhere = dict.fromkeys(USUAL_FILTERS, probe)
            if self._filter(route, path, {**given, **everywhere}, f"{everywhere}").status_code != 200:
                for name in USUAL_FILTERS:
                    self._filter(route, path, {**given, name: probe}, f"{name}={probe!r}")
        raw = self.browser.generic("GET", path, QUERY_STRING="q=" + LONE_SURROGATE.decode())
        read_whole(raw)
        if raw.status_code >= 500:
            self.found.append(f"{route}?q=<lone surrogate>: answers {raw.status_code}")

    def _filter(self, route: str, path: str, query: dict[str, str], what: str) -> HttpResponse:
        self.sent += 1
        answer = self.browser.get(path, query)
        read_whole(answer)
        problem = complaints_about(answer, str(query))
        if answer.status_code in (301, 302) and answer["Location"].startswith(("http", "//")):
            problem = f"leads to {answer['Location']}"
        if problem:
            self.found.append(f"{route}?{what}: {problem}")
        return answer


def is_secret(name: str) -> bool:
    return any(word in name for word in ("code", "password", "repeated", "csrf"))


ROLES = ("anonymous", "contributor", "pensioner", "officer", "head", "issuer", "hq")


@pytest.fixture
def world(contributor: User, pensioner: User, officer: User, head: User, issuer: User) -> None:
    """Something of everything, so that every page has its forms."""
    makers.draft(contributor)
    makers.queued(contributor, "du_tuoi")
    makers.supplement_requested(contributor, officer, "dinh_cu")
    makers.approved(contributor, officer, "phuc_vien")
    makers.proposed(pensioner, officer)
    makers.held(makers.queued(pensioner, "du_tuoi"), officer)
    registered(issuer.office, bhxh_number="0119000055")


def test_a_planted_fault_is_found() -> None:
    """What the probes look for is what they find: a quiet run means something."""
    assert complaints_about(HttpResponse(f"<p>{MARK}</p>"), MARK) == "shows raw HTML"
    assert complaints_about(HttpResponse("ok", status=500), "x") == "answers 500"
    assert complaints_about(HttpResponse(escape(MARK)), MARK) == ""


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_no_form_and_no_filter_answers_badly(
    role: str, world: None, request: pytest.FixtureRequest, client: Client
) -> None:
    user = None if role == "anonymous" else request.getfixturevalue(role)
    if user is not None:
        client.force_login(user)
    client.raise_request_exception = False
    prober = Prober(client)
    known: set[tuple[str, frozenset[str]]] = set()
    todo: list[tuple[str, str, Form]] = []
    places: dict[str, str] = {}
    for route, place, answer in Visitor(client, user or AnonymousUser()).pages():
        if user is not None and route in PUBLIC:
            continue  # the anonymous visitor's part
        places.setdefault(route, place)
        for form in read(answer.content.decode())[1]:
            key = (route, form.fields)
            if key not in known and not urljoin(place, form.action).startswith(LEAVES):
                known.add(key)
                todo.append((route, place, form))
    for route, place, form in todo:
        prober.try_form(route, place, form)
    for route, place in places.items():
        prober.try_filters(route, place)
    print(f"{role}: {len(places)} routes, {len(todo)} forms, {prober.sent} requests")
    assert not prober.found, "\n".join(dict.fromkeys(prober.found))
    assert len(todo) >= 3
