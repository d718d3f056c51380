"""People in front of a browser: each has a window of an own, and does what a person would do."""

import json
import re
import time
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from playwright.sync_api import Browser, Frame, Page, expect

from accounts.gateways.demo import STRUCK_OUT
from accounts.services.demo import demo_totp
from tests.makers import jpeg, pdf

PASSWORD_OF_THE_DEMO = "ban-mau-bhxh-2019"
SHOTS = Path(settings.BASE_DIR) / "var" / "screenshots"
PHONE, DESK = 360, 1280
# What a person does, counted by the pages themselves: boxes filled or chosen, and things pressed.
COUNTING = """
const count = (what, key) => {
  const known = JSON.parse(sessionStorage.getItem(what) || "[]");
  if (!known.includes(key)) sessionStorage.setItem(what, JSON.stringify([...known, key]));
};
addEventListener("change", ({target}) => target.name && count("fields", location.pathname + target.name), true);
addEventListener("click", ({target}) => target.closest("a, button, summary, input[type=radio], input[type=checkbox]")
  && count("clicks", performance.timeOrigin + performance.now()), true);
"""
EIGHT_DIGITS = r"(?<![0-9])[0-9]{4} ?[0-9]{4}(?![0-9])"


class Person:
    """Someone at a screen of ``width`` px; a picture of every page they look at is kept."""

    def __init__(self, browser: Browser, url: str, name: str, width: int, *, scripts: bool = True) -> None:
        context = browser.new_context(
            viewport={"width": width, "height": 780}, locale="vi-VN", java_script_enabled=scripts
        )
        self.page: Page = context.new_page()
        self.url, self.name, self.width = url, name, width
        self.scripts = scripts
        self.pictures = 0
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.pages: list[str] = []
        self.page.on("framenavigated", self._arrive)
        self.page.add_init_script(COUNTING)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: object) -> None:
        text = getattr(message, "text", "")
        # A page that refuses what was typed answers 422; Chromium calls that an error.
        if getattr(message, "type", "") == "error" and "422" not in text:
            self.complaints.append(text)

    def _arrive(self, frame: Frame) -> None:
        if frame == self.page.main_frame and urlsplit(frame.url).path not in self.pages:
            self.pages.append(urlsplit(frame.url).path)

    def begin_count(self) -> None:
        """What follows is counted: pages, fields, clicks."""
        self.pages = [urlsplit(self.page.url).path]
        self.page.evaluate("sessionStorage.clear()")

    def counted(self) -> tuple[int, int, int]:
        """(pages seen, fields filled, things pressed) since ``begin_count``."""
        fields, clicks = (
            self.page.evaluate("what => JSON.parse(sessionStorage.getItem(what) || '[]').length", what)
            for what in ("fields", "clicks")
        )
        return len(self.pages), fields, clicks

    def open(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}")

    def look(self, what: str) -> None:
        """Keep a picture; nothing may stick out sideways."""
        self.pictures += 1
        folder = SHOTS / f"{self.name}-{self.width}{'' if self.scripts else '-no-scripts'}"
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{self.pictures:02d}-{what}.png", full_page=True)
        if self.scripts:
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= self.width, f"{what} is {wide} px wide on a screen of {self.width}"

    def log_in(self, login: str, password: str = PASSWORD_OF_THE_DEMO) -> None:
        self.open("/dang-nhap/")
        self.page.fill("[name=login]", login)
        self.page.fill("[name=password]", password)
        with self.page.expect_navigation():
            self.press("Đăng nhập")
        if "." in login or login == "trunguong":
            self.type_app_code(login)

    def type_app_code(self, login: str) -> None:
        """What the phone of a member of the demo's staff shows; each code works once, so the next is tried."""
        for ahead in (-1, 0, 1):
            self.type(app_code=demo_totp(login, ahead))
            self.press("Tiếp tục")
            if self.page.locator("[name=app_code]").count() == 0:
                return
        raise AssertionError(f"no code of {login}'s phone was accepted")

    def press(self, label: str) -> None:
        self.page.locator("main").get_by_role("button", name=label, exact=True).first.click()

    def choose(self, field: str, value: str) -> None:
        self.page.locator(f"[name='{field}'][value='{value}']").check()

    def type(self, **values: str) -> None:
        for name, value in values.items():
            self.page.fill(f"[name='{name}']", value)

    def sees(self, text: str) -> None:
        expect(self.page.locator("body")).to_contain_text(text)


def messages_to(inbox: Path, destination: str) -> list[dict[str, str]]:
    """What the demo's phones and mailboxes hold for somebody, oldest first."""
    found = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(inbox.glob("*.json"))]
    return [message for message in found if message["destination"] == destination]


def wait_for_message(inbox: Path, destination: str, holding: str, seconds: float = 20) -> dict[str, str]:
    """The newest message to somebody whose words match and whose code wasn't used; real workers need a moment."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for message in reversed(messages_to(inbox, destination)):
            text = f"{message.get('subject', '')} {message['text']}"
            if STRUCK_OUT not in text and re.search(holding, text):
                return message
        time.sleep(0.1)
    raise AssertionError(f"no message to {destination} holding {holding!r}")


def code_in(message: dict[str, str]) -> str:
    """The eight digits of a transaction code."""
    found = re.search(EIGHT_DIGITS, message["text"])
    assert found, message["text"]
    return found.group(0)


__all__ = [
    "DESK",
    "EIGHT_DIGITS",
    "PHONE",
    "Person",
    "code_in",
    "jpeg",
    "messages_to",
    "pdf",
    "wait_for_message",
]
