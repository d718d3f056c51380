"""Chromium before a page that Django made in this very test: no server, real styles, letters and scripts."""

from functools import cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route

from portal.assets import build_assets

Scheme = Literal["light", "dark"]
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


@cache
def static_file(built: Path, name: str) -> tuple[bytes, str] | None:
    """Content and type of what a page asks for; it is asked for on every page."""
    found = built / name if (built / name).is_file() else finders.find(name)
    if not found:
        return None
    path = Path(str(found))
    return path.read_bytes(), TYPES.get(path.suffix, "application/octet-stream")


class Screen:
    """A window of ``width`` px."""

    def __init__(
        self,
        browser: Browser,
        width: int,
        *,
        scripts: bool = True,
        scheme: Scheme = "light",
        sharpness: float = 1,
    ) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 780},
            locale="vi-VN",
            java_script_enabled=scripts,
            color_scheme=scheme,
            reduced_motion="reduce",
            device_scale_factor=sharpness,
            base_url=ORIGIN,
        )
        self.page: Page = self.context.new_page()
        self.scheme = scheme
        self.html = ""
        self.built = built_assets()
        self.context.route("**/*", self._answer)
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def show(self, html: str, address: str) -> None:
        """A page that was fetched already. Its own requests find styles, scripts and letters, nothing else."""
        self.html = html
        self.page.goto(ORIGIN + address)

    def close(self) -> None:
        self.context.close()

    def _answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if route.request.is_navigation_request():
            is_page = route.request.frame == self.page.main_frame  # not a file shown inside it
            body = self.html if is_page else "<title>–</title>"
            return route.fulfill(body=body, content_type="text/html")
        static = f"/{settings.STATIC_URL.strip('/')}/"
        if not path.startswith(static):
            return route.fulfill(status=404, body="")
        found = static_file(self.built, path.removeprefix(static))
        if found is None:
            return route.fulfill(status=404, body="")
        return route.fulfill(body=found[0], content_type=found[1])
