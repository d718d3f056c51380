"""A browser of few words: one kept connection, cookies, the token against forgery, forms and files."""

import http.client
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from time import perf_counter
from typing import TypeVar
from urllib.parse import urlencode

from portal.processes import LOCALHOST

Work = TypeVar("Work")
File = tuple[str, bytes]  # file name, content
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(slots=True)
class Answer:
    status: int
    location: str
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Browser:
    """Raises AssertionError with the page when an answer isn't the one that was expected."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    asked: int = 0

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection(LOCALHOST, self.port, timeout=60)
        self.cookies.setdefault("csrftoken", secrets.token_hex(16))

    def get(self, path: str, status: int = 200) -> Answer:
        return self._ask("GET", path, b"", {}, status)

    def post(self, path: str, fields: Mapping[str, object], status: int = 302) -> Answer:
        body = urlencode({"csrfmiddlewaretoken": self.cookies["csrftoken"], **fields}, doseq=True)
        return self.send(path, body.encode(), "application/x-www-form-urlencoded", status)

    def post_files(
        self, path: str, fields: Mapping[str, object], files: Mapping[str, File], status: int = 302
    ) -> Answer:
        edge = secrets.token_hex(16)
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in {"csrfmiddlewaretoken": self.cookies["csrftoken"], **fields}.items()
        ]
        parts += [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{called}"\r\n'
            f"Content-Type: image/jpeg\r\n\r\n".encode()
            + content
            + b"\r\n"
            for name, (called, content) in files.items()
        ]
        body = b"".join(parts) + f"--{edge}--\r\n".encode()
        return self.send(path, body, f"multipart/form-data; boundary={edge}", status)

    def follow(self, answer: Answer) -> Answer:
        return self.get(answer.location)

    def send(self, path: str, body: bytes, content_type: str, status: int) -> Answer:
        return self._ask("POST", path, body, {"Content-Type": content_type}, status)

    def close(self) -> None:
        self.connection.close()

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str], status: int) -> Answer:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.connection.close()  # the server's patience with an idle connection ended
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
        content = response.read()
        self.asked += 1
        for line in response.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        assert response.status == status, f"{method} {path}: {response.status}\n{content.decode()[:2000]}"
        return Answer(response.status, response.getheader("Location", "") or "", content)


def seconds_for(act: Callable[[Work], object], work: Sequence[Work], at_once: int) -> float:
    """How long so many people at once take for all of the work. The first failure is raised."""
    with ThreadPoolExecutor(at_once) as pool:
        began = perf_counter()
        list(pool.map(act, work))
        return perf_counter() - began
