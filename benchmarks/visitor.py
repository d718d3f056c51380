"""Somebody with a browser on a running portal: logs in as the demo's people do, follows every link, and brings back
every address and form that takes something: what the scanners are sent to (benchmarks/scan.py)."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from portal.processes import LOCALHOST
from tests.probes.pages import read

# Ends the session; and what would take the ground from under the next tool, which therefore comes last.
LEAVES, LAST = ("/dang-xuat/",), ("/xoa/", "/rut/", "/ky/", "/noi-dang-nhap/", "/mat-khau/")
MOST_PAGES, ENOUGH_OF_A_KIND, MOST_OF_A_KIND = 160, 2, 1
TOKEN, LANGUAGE = "csrfmiddlewaretoken", "_language"


@dataclass(frozen=True)
class Target:
    """An address that takes fields, with values as a person would send them."""

    method: str
    path: str
    fields: tuple[tuple[str, str], ...]

    @property
    def kind(self) -> tuple[str, str, frozenset[str]]:
        """Two addresses that differ in whose dossier they are about are tried once; so is the choice of the language,
        which stands on every page and is answered before any of them."""
        names = frozenset(name for name, _value in self.fields)
        shape = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9]+", "#", self.path)
        return self.method, "/" if names == {LANGUAGE} else shape, names


@dataclass
class Visitor:
    """One session: its cookies, and every target found so far."""

    port: int
    role: str
    cookies: dict[str, str] = field(default_factory=dict)
    pages: int = 0

    @property
    def base(self) -> str:
        return f"http://{LOCALHOST}:{self.port}"

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    @property
    def token(self) -> str:
        return self.cookies.get("csrftoken", "")

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, Location and the page ("" for what isn't one)."""
        connection = HTTPConnection(LOCALHOST, self.port, timeout=30)
        body = urlencode(fields) if fields is not None else None
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        headers["X-CSRFToken"] = self.token  # as the scanners send it: being let in shows that it is taken
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _is, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        is_page = (answer.getheader("Content-Type") or "").startswith("text/html")
        html = answer.read().decode(errors="replace") if is_page else ""
        connection.close()
        return answer.status, answer.getheader("Location") or "", html

    def log_in(self, login: str, password: str, digits: Callable[[str], str]) -> None:
        """``digits``: what the person's app shows now."""
        self.ask("GET", "/dang-nhap/")
        status, place, _ = self.ask("POST", "/dang-nhap/", {"login": login, "password": password})
        assert status == 302, f"{login} was not let in: {status}"
        if place.endswith("/ma-xac-thuc/"):
            self.ask("GET", place)
            status, _, _ = self.ask("POST", place, {"app_code": digits(login)})
            assert status == 302, f"{login} was not let in by the second factor: {status}"
            time.sleep(0.1)

    def targets(self) -> list[Target]:
        """GET before POST, what ends something last."""
        found: dict[tuple[object, ...], Target] = {}
        for target in self._all():
            found.setdefault(target.kind, target)
        return sorted(found.values(), key=lambda it: (it.path.endswith(LAST), it.method, it.path))

    def _all(self) -> Iterator[Target]:
        waiting, known, seen = ["/"], {"/"}, dict[str, int]()
        while waiting and self.pages < MOST_PAGES:
            place = waiting.pop(0)
            kind = str(Target("GET", urlsplit(place).path, ()).kind)
            if place.startswith(LEAVES) or seen.get(kind, 0) >= ENOUGH_OF_A_KIND:
                continue
            seen[kind] = seen.get(kind, 0) + 1
            self.pages += 1
            status, location, html = self.ask("GET", place)
            links, forms = read(html)
            for link in [*links, *([location] if status in (301, 302) else [])]:
                target = urljoin(place, unescape(link)).partition("#")[0]
                if target.startswith("/") and target not in known:
                    known.add(target)
                    waiting.append(target)
            path, _mark, query = place.partition("?")
            yield Target("GET", path, tuple(parse_qsl(query, keep_blank_values=True)))
            for form in forms:
                if form.method == "dialog":
                    continue  # closes a box on the page, sends nothing
                where = urljoin(place, form.action or place).partition("?")[0]
                if not where.startswith(LEAVES):
                    fields = {
                        name: form.values.get(name, "") for name in sorted(form.fields) if name != TOKEN
                    }
                    yield Target(form.method.upper(), where, tuple(fields.items()))
