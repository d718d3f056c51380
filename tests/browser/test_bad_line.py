"""Papers over a bad line, in Chromium against real processes: what has gone stays, the rest follows."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from itertools import count
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Request, Route, expect

from tests.browser.people import DESK, PHONE, Person
from tests.servers import ROOT, LivePortal

pytestmark = pytest.mark.browser

NUMBERS = count(1)
DRAFT = """
import os, sys, json, django
django.setup()
from accounts.models import User
from procedures.models import Dossier
from tests import makers
filer, number = User.objects.get(login="0119000001"), sys.argv[1]
for old in Dossier.objects.filter(filer=filer, status="draft"):
    makers.drafts.discard(old)
draft = makers.draft(filer)
for attachment in draft.attachments.all():
    makers.drafts.detach(draft, attachment)
print(draft.public_id)
"""
KEPT = """
import sys, json, django
django.setup()
from procedures.models import Attachment
found = Attachment.objects.filter(dossier__public_id=sys.argv[1]).order_by("pk")
print(json.dumps(list(found.values_list("name", "sha256"))))
"""


def photo(number: int, side: int = 900) -> bytes:
    """A photograph of a megabyte or so: noise can't be packed."""
    out = io.BytesIO()
    Image.effect_noise((side, side), 60 + number).convert("RGB").save(out, "JPEG", quality=95)
    return out.getvalue()


def file(name: str, content: bytes) -> Any:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


class Sender(Person):
    """Nguyễn Thị Hằng at the page of the papers, on a line that can be made bad."""

    def __init__(self, browser: Browser, portal: LivePortal, width: int = PHONE) -> None:
        super().__init__(browser, portal.url, "mang-yeu", width)
        self.portal = portal
        self.draft = self._ask_portal(DRAFT, str(next(NUMBERS))).strip()
        self.offsets: list[int] = []
        self.page.on("request", self._note)
        self.devtools = self.page.context.new_cdp_session(self.page)
        self.log_in("0119000001")
        self.open(f"/ho-so/{self.draft}/giay-to/")

    def _ask_portal(self, code: str, argument: str) -> str:
        environment = {**os.environ, **(self.portal.programs["worker"].environment or {})}
        done = subprocess.run(
            [sys.executable, "-c", code, argument],
            cwd=ROOT,
            env={**environment, "DJANGO_SETTINGS_MODULE": "portal.settings", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _note(self, request: Request) -> None:
        if request.method == "PATCH":
            self.offsets.append(int(request.headers["upload-offset"]))

    def kept(self) -> list[tuple[str, str]]:
        """Names and SHA-256 of the files the portal has."""
        return [tuple(row) for row in json.loads(self._ask_portal(KEPT, self.draft))]

    def choose_files(self, *files: Any) -> None:
        self.page.locator("#tep-so_bhxh").set_input_files(files=list(files))

    def line(self, kilobytes: int = 0, *, is_cut: bool = False) -> None:
        """So many kilobytes a second, 0: as fast as it goes; or none at all."""
        speed = kilobytes * 1024 if kilobytes else -1
        conditions = {"latency": 20, "downloadThroughput": speed, "uploadThroughput": speed}
        self.devtools.send("Network.emulateNetworkConditions", {"offline": is_cut, **conditions})

    def is_past_half(self) -> None:
        expect(self.page.locator(".sending .file-facts")).to_contain_text(
            re.compile("[5-9][05]%"), timeout=20_000
        )

    def row(self, name: str) -> Any:
        return self.page.locator("#div_tep-so_bhxh .file-row", has_text=name)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_a_line_that_drops_in_the_middle_goes_on_where_it_was(
    live_processes: LivePortal, chromium: Browser
) -> None:
    sender, content = Sender(chromium, live_processes), photo(1, 1800)
    sender.line(150)
    sender.choose_files(file("Sổ BHXH trang 1.jpg", content))
    expect(sender.row("Sổ BHXH trang 1.jpg")).to_contain_text("Đang gửi")
    sender.is_past_half()
    sender.line(is_cut=True)
    expect(sender.row("Sổ BHXH trang 1.jpg")).to_contain_text("Mất kết nối")
    sender.look("mat-ket-noi")
    sender.line()
    expect(sender.page.locator("#div_tep-so_bhxh .file-row a")).to_have_text("Sổ BHXH trang 1.jpg")
    sender.look("da-gui")

    assert sender.kept() == [("Sổ BHXH trang 1.jpg", digest(content))]
    assert sender.offsets.count(0) == 1, "it did not begin again"
    assert len(sender.offsets) - len(set(sender.offsets)) <= 1, "only the piece that was cut is sent again"


def test_twenty_files_over_a_line_that_breaks_again_and_again(
    live_processes: LivePortal, chromium: Browser
) -> None:
    sender = Sender(chromium, live_processes, DESK)
    breaks = count(1)

    def unreliable(route: Route) -> None:
        route.abort("connectionreset") if next(breaks) % 3 == 0 else route.continue_()

    sender.page.route("**/giay-to/tep/**", unreliable)
    contents = {f"trang {number}.jpg": photo(number, 300) for number in range(1, 21)}
    sender.choose_files(*(file(name, content) for name, content in contents.items()))
    sender.press("Tải lên")
    sender.look("hai-muoi-tep")
    expect(sender.page.locator("#div_tep-so_bhxh .file-row a")).to_have_count(20, timeout=60_000)
    sender.look("hai-muoi-tep-da-gui")

    assert sorted(sender.kept()) == sorted((name, digest(content)) for name, content in contents.items())


def test_after_the_page_was_closed_the_same_file_goes_on(
    live_processes: LivePortal, chromium: Browser
) -> None:
    sender, content = Sender(chromium, live_processes), photo(2, 1800)
    sender.line(150)
    sender.page.on("dialog", lambda dialog: dialog.accept())
    # A file of the disk: only such a one has the same date when it is chosen again.
    path = live_processes.var_dir / "trang 2.jpg"
    path.write_bytes(content)
    sender.page.locator("#tep-so_bhxh").set_input_files(path)
    sender.is_past_half()
    sender.open(f"/ho-so/{sender.draft}/giay-to/")
    sender.line()
    sender.offsets.clear()
    sender.page.locator("#tep-so_bhxh").set_input_files(path)
    expect(sender.page.locator("#div_tep-so_bhxh .file-row a")).to_have_text("trang 2.jpg")

    assert sender.offsets[0] > 0
    assert sender.kept() == [("trang 2.jpg", digest(content))]


def test_a_refused_file_says_why_at_its_paper_and_the_others_are_kept(
    live_processes: LivePortal, chromium: Browser
) -> None:
    sender, content = Sender(chromium, live_processes), photo(3, 200)
    sender.choose_files(
        file("don xin huong che do dai ngay.docx", b"PK\x03\x04 word/ " * 9), file("so.jpg", content)
    )
    sender.press("Tải lên")
    expect(sender.row("don xin")).to_contain_text("Tệp này là Word")
    sender.look("bi-tu-choi")
    sender.row("don xin").get_by_role("button").click()
    expect(sender.row("don xin")).to_have_count(0)
    assert sender.kept() == [("so.jpg", digest(content))]


def test_a_line_that_breaks_once_all_is_sent_hides_no_file(
    live_processes: LivePortal, chromium: Browser
) -> None:
    sender, content = Sender(chromium, live_processes), photo(4, 200)
    asked = count(1)

    def broken_twice(route: Route) -> None:
        """The last piece has gone; what is cut is the answer with the list of files."""
        is_list = route.request.resource_type == "xhr" and route.request.method == "GET"
        route.abort("connectionreset") if is_list and next(asked) <= 2 else route.continue_()

    sender.page.route("**/giay-to/", broken_twice)
    sender.choose_files(file("trang 3.jpg", content))
    expect(sender.row("trang 3.jpg")).to_contain_text("Đã gửi xong")
    sender.look("da-gui-xong")
    expect(sender.row("trang 3.jpg")).to_have_count(1)
    expect(sender.row("trang 3.jpg").get_by_role("link")).to_be_visible()
    expect(sender.page.locator(".sending .file-row")).to_have_count(0)
    assert next(asked) == 4, "the list is asked for until it comes"
    assert sender.kept() == [("trang 3.jpg", digest(content))]
