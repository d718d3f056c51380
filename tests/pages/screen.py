"""Chromium in front of the Django of this very test: no server, no second database, real styles and scripts."""

from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, Route

from portal.assets import build_assets

ORIGIN = "http://testserver"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


def built_assets() -> Path:
    """The letters and Bootstrap as every visitor gets them."""
    base = Path(settings.BASE_DIR)
    target = Path(settings.VAR_DIR) / "built" / "portal"
    sources = [
        base / "templates",
        base / "static",
        *(base / name for name in ("portal", "accounts", "procedures")),
    ]
    build_assets(target, sources)
    return target.parent


class Screen:
    """A window of ``width`` px. Addresses are answered by ``client``, so it is logged in as whoever that is."""

    def __init__(self, browser: Browser, width: int, *, scripts: bool = True, scheme: str = "light") -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 780},
            locale="vi-VN",
            java_script_enabled=scripts,
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
            base_url=ORIGIN,
        )
        self.page: Page = self.context.new_page()
        self.client = Client()
        self.built = built_assets()
        self.context.route("**/*", self._answer)
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def show(self, html: str, address: str) -> None:
        """A page that was fetched already; what it links to is fetched from ``client``."""
        self.context.route(
            ORIGIN + address, lambda route: route.fulfill(body=html, content_type="text/html"), times=1
        )
        self.page.goto(ORIGIN + address)

    def close(self) -> None:
        self.context.close()

    def _answer(self, route: Route) -> None:
        parts = urlsplit(route.request.url)
        if parts.path.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
            return self._static(route, parts.path.split("/", 2)[2])
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        asked = route.request
        headers = {
            f"HTTP_{name.upper().replace('-', '_')}": value
            for name, value in asked.headers.items()
            if name.startswith("hx-") or name == "accept-language"
        }
        response = self.client.generic(
            asked.method,
            path,
            asked.post_data_buffer or b"",
            asked.headers.get("content-type", "application/octet-stream"),
            **headers,
        )
        body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        sent = {name: value for name, value in response.headers.items() if name.lower() != "content-length"}
        return route.fulfill(status=response.status_code, headers=sent, body=body)

    def _static(self, route: Route, name: str) -> None:
        found = self.built / name if (self.built / name).is_file() else finders.find(name)
        if not found:
            return route.fulfill(status=404, body="")
        path = Path(str(found))
        return route.fulfill(
            body=path.read_bytes(), content_type=TYPES.get(path.suffix, "application/octet-stream")
        )
