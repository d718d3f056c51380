"""A page with two planted holes, so that a scanner that finds nothing here is known to be blind. Loopback only, no
part of the portal: .venv/bin/python -m benchmarks.planted 8199; then /?ma=1 (SQL) and /?ten=x (script). With a
second argument, sessionid=planted, it is shown to nobody without that cookie: as behind a log-in."""

import sqlite3
import sys
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

COOKIE = sys.argv[2] if len(sys.argv) > 2 else ""


class Threads(ThreadingMixIn, WSGIServer):
    """Scanners keep connections open beside each other: one at a time would look like a site that hangs."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


def page(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    if COOKIE not in environ.get("HTTP_COOKIE", ""):
        start("302 Found", [("Location", "/dang-nhap/"), ("Content-Length", "0")])
        return []
    asked = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE TABLE ho_so (ma, ten)")
        database.execute("INSERT INTO ho_so VALUES (1, 'Nguyễn Thị Hằng')")
        try:
            rows = database.execute(f"SELECT ten FROM ho_so WHERE ma = {asked.get('ma', '1')}").fetchall()
            status, found = "200 OK", str(rows)
        except sqlite3.Error as error:
            status, found = "500 Internal Server Error", f"sqlite3.OperationalError: {error}"
    start(status, [("Content-Type", "text/html; charset=utf-8")])
    return [
        f"<form><input name=ten></form><p>{asked.get('ten', '')}</p><p>{found}</p><a href='/?ma=1'>1</a>".encode()
    ]


if __name__ == "__main__":
    with make_server("127.0.0.1", int(sys.argv[1]), page, Threads, Quiet) as server:
        server.serve_forever()
