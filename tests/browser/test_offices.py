"""The office and the citizen's side of it, in Chromium against real processes, by keyboard alone: counter intake, a
complaint, following by code, the head's sharing out, a difficulty answered. Pictures of every page are kept."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.people import DESK, EIGHT_DIGITS, PHONE, Person, code_in, wait_for_message
from tests.servers import LivePortal

pytestmark = pytest.mark.browser
REFERENCE = r"DEMO-001-[0-9]{6}-[0-9]{4}-[0-9A-Z]"
MOST_TABS = 150


class Typist(Person):
    """Somebody without a mouse."""

    def to(self, selector: str) -> None:
        """Tab on until it has the focus."""
        for _ in range(MOST_TABS):
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard never came to {selector}")

    def go(self, selector: str) -> None:
        """To it, and press Enter."""
        self.to(selector)
        self.enter()

    def enter(self) -> None:
        """Press Enter where one is, and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, name: str, words: str) -> None:
        self.to(f"[name='{name}']")
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(words)

    def mark(self, selector: str) -> None:
        self.to(selector)
        self.page.keyboard.press("Space")

    def send(self) -> None:
        """The button that sends the form one is in."""
        self.go("main button[type=submit]")

    @property
    def reference(self) -> str:
        found = re.search(REFERENCE, self.page.inner_text("main"))
        assert found, self.page.inner_text("main")
        return found.group(0)


def take_in(clerk: Typist, number: str, name: str = "Lò Văn Pún") -> float:
    """A paper dossier, typed in from the list of procedures to the receipt; seconds the keyboard took."""
    clerk.open("/can-bo/tiep-nhan/")
    clerk.look("chon-thu-tuc")
    began = time.monotonic()
    clerk.go("main ol a")
    clerk.to("[name=branch]")
    clerk.page.keyboard.type("Sau một năm")
    if not clerk.page.eval_on_selector("[name=branch]", "e => e.value"):
        clerk.page.keyboard.press("ArrowDown")
    clerk.write("full_name", name)
    clerk.write("birth_date", "2/9/1961")
    clerk.write("bhxh_number", number)
    clerk.write("identity_number", "011234777")
    clerk.write("phone", f"09{number[-8:]}")
    clerk.write("street", "Bản Nà Sản, xã Chiềng Mung")
    clerk.mark("[name=documents][value=so_bhxh]")
    clerk.mark("[name=documents][value=don_14hsb]")
    clerk.look("nhap-ho-so-giay")
    clerk.send()
    return time.monotonic() - began


def intake(chromium: Browser, portal: LivePortal, number: str, width: int) -> tuple[Typist, str]:
    clerk = Typist(chromium, portal.url, "van-thu", width)
    clerk.log_in("canbo.hanoi")
    spent = take_in(clerk, number)
    clerk.sees("Đã tiếp nhận hồ sơ giấy")
    assert spent < 60
    reference = clerk.reference
    clerk.look("da-tiep-nhan")
    return clerk, reference


@pytest.mark.parametrize(("width", "number"), [(DESK, "0119666001"), (PHONE, "0119666002")])
def test_a_paper_dossier_is_taken_in_by_keyboard_and_followed_by_code(
    chromium: Browser, live_processes: LivePortal, width: int, number: str
) -> None:
    clerk, reference = intake(chromium, live_processes, number, width)
    take_in(clerk, number)
    clerk.sees("Người này đã có hồ sơ cùng thủ tục")
    clerk.look("trung-ho-so")
    clerk.open("/can-bo/tiep-nhan/bhxh_mot_lan/")
    clerk.send()
    clerk.sees("Xin điền mục này")
    clerk.look("thieu-muc")

    inbox = live_processes.var_dir / "demo-inbox"
    phone = f"09{number[-8:]}"
    assert reference in wait_for_message(inbox, phone, "Da tiep nhan ho so")["text"]
    follower = Typist(chromium, live_processes.url, "nguoi-nop-giay", width)
    code = ask_for_code(follower, live_processes, reference, phone)
    follower.write("code", "00000000")
    follower.enter()
    follower.sees("Mã không đúng")
    follower.look("ma-sai")
    follower.write("code", code)
    follower.enter()
    follower.sees("Đến lượt: cơ quan BHXH")
    follower.sees("Cơ quan BHXH đã nhận hồ sơ giấy")
    follower.look("dien-bien")
    assert clerk.complaints + follower.complaints == []


def ask_for_code(follower: Typist, portal: LivePortal, reference: str, phone: str) -> str:
    follower.open(f"/tra-cuu/?ma={reference}")
    follower.look("tra-cuu")
    follower.go("main a[href^='/tra-cuu/ma/']")
    follower.look("xin-ma")
    follower.send()
    follower.look("nhap-ma")
    return code_in(wait_for_message(portal.var_dir / "demo-inbox", phone, f"(?s){EIGHT_DIGITS}.*tra cuu"))


@pytest.mark.parametrize(("width", "number"), [(DESK, "0119666005"), (PHONE, "0119666006")])
def test_a_paper_filer_complains_by_code(
    chromium: Browser, live_processes: LivePortal, width: int, number: str
) -> None:
    reference = refused_on_paper(live_processes, number)
    filer = Typist(chromium, live_processes.url, "nguoi-nop-giay-khieu-nai", width)
    filer.write("code", ask_for_code(filer, live_processes, reference, f"09{number[-8:]}"))
    filer.enter()
    filer.look("ket-qua")
    filer.go("main a[href='/tra-cuu/ho-so/khieu-nai/']")
    filer.look("khieu-nai")
    filer.write("identity_number", "011234778")
    filer.write("text", "Tôi đã nghỉ việc trên một năm. Xin xem lại sổ BHXH trang 3.")
    filer.send()
    filer.sees("Số giấy tờ không khớp với hồ sơ")
    filer.look("sai-so-giay-to")
    filer.write("identity_number", "011234777")
    filer.send()
    filer.sees("Đang chờ trả lời")
    filer.look("da-khieu-nai")
    assert filer.complaints == []


@pytest.mark.parametrize(("width", "number"), [(DESK, "0119666003"), (PHONE, "0119666004")])
def test_the_head_shares_work_out_by_keyboard(
    chromium: Browser, live_processes: LivePortal, width: int, number: str
) -> None:
    _clerk, reference = intake(chromium, live_processes, number, width)
    head = Typist(chromium, live_processes.url, "lanh-dao-chia-viec", width)
    head.log_in("lanhdao.hanoi")
    head.open("/can-bo/lanh-dao/")
    head.look("bang")
    head.mark("[name=sources][value=nobody]")
    head.mark("[name=targets]")
    head.write("reason", "Chia việc đầu tuần.")
    head.look("chon")
    head.send()
    head.sees("Đã chuyển")
    head.look("da-chia")
    head.go("main td a[href*='giu=']")
    head.look("danh-sach-cua-o")
    head.sees("DEMO-001")
    assert reference
    assert head.complaints == []


@pytest.mark.parametrize(("width", "officer"), [(DESK, "canbo.hanoi"), (PHONE, "canbo.hochiminh")])
def test_a_difficulty_is_reported_answered_and_read_by_all(
    chromium: Browser, live_processes: LivePortal, width: int, officer: str
) -> None:
    words = f"Trang trắng khi bấm đề nghị duyệt ({width})."
    reporter = Typist(chromium, live_processes.url, "nguoi-bao", width)
    reporter.log_in(officer)
    reporter.open("/can-bo/")
    reporter.go("footer a[href^='/can-bo/vuong-mac/bao/']")
    reporter.look("bao-vuong-mac")
    reporter.write("text", words)
    reporter.send()
    reporter.sees("Đã báo Trung tâm CNTT")
    reporter.look("danh-sach")
    centre = Typist(chromium, live_processes.url, "trung-tam", width)
    centre.log_in("trunguong")
    centre.open("/can-bo/vuong-mac/")
    centre.look("danh-sach")
    centre.go("main table a")
    centre.sees(words)
    centre.write("answer", "Tải lại trang. Bản sửa đã cài lúc 9 giờ sáng nay.")
    centre.write("publish_as", "Trang trắng khi đề nghị duyệt")
    centre.look("tra-loi")
    centre.send()
    centre.sees("Đã trả lời")
    reporter.open("/can-bo/vuong-mac/")
    reporter.sees("Trang trắng khi đề nghị duyệt")
    reporter.look("da-tra-loi")
    assert reporter.complaints + centre.complaints == []


def settled(portal: LivePortal, citizen: str) -> Path:
    """A dossier of a citizen of the demo, refused by the office: made by the portal's own services."""
    program = (
        "import django; django.setup()\n"
        "from accounts.models import User\n"
        "from tests import makers\n"
        f"filer, officer = (User.objects.get(login=it) for it in ('{citizen}', 'canbo.hanoi'))\n"
        "print(makers.refused(filer, officer).public_id)\n"
    )
    portal.forget_drafts(citizen)
    done = portal.run(program)
    return Path("/ho-so") / done.strip().splitlines()[-1]


def refused_on_paper(portal: LivePortal, number: str) -> str:
    """… of somebody who filed on paper. Its reference."""
    program = (
        "import django; django.setup()\n"
        "from accounts.models import User\n"
        "from tests import makers\n"
        "officer = User.objects.get(login='canbo.hanoi')\n"
        f"print(makers.refuse(makers.on_paper(officer, '{number}'), officer).reference)\n"
    )
    return portal.run(program).strip().splitlines()[-1]


@pytest.mark.parametrize(("width", "citizen"), [(DESK, "0119000001"), (PHONE, "0119000002")])
def test_a_complaint_is_made_and_answered_by_keyboard(
    chromium: Browser, live_processes: LivePortal, width: int, citizen: str
) -> None:
    address = f"{settled(live_processes, citizen)}/"
    filer = Typist(chromium, live_processes.url, "nguoi-khieu-nai", width)
    filer.log_in(citizen)
    filer.open(address)
    filer.look("ket-qua")
    filer.go("main a[href$='/khieu-nai/']")
    filer.look("khieu-nai")
    filer.send()
    filer.sees("Xin ghi điều ông/bà không đồng ý")
    filer.look("de-trong")
    filer.write(
        "text", "Tôi nghỉ việc đã hơn một năm và không đóng tiếp. Xin xem lại sổ BHXH trang 3 và trang 4."
    )
    filer.send()
    filer.sees("Đang chờ trả lời")
    filer.look("da-khieu-nai")
    filer.mark("[name=ease][value='4'], [name=ease][value='5']")
    filer.mark("[name=service][value='4'], [name=service][value='5']")
    filer.go("section.panel button[type=submit]")
    filer.sees("Cảm ơn")

    answering = Typist(chromium, live_processes.url, "tra-loi-khieu-nai", width)
    answering.log_in("trunguong")
    answering.open("/can-bo/khieu-nai/")
    answering.look("danh-sach")
    row = answering.page.locator("main table a", has_text=filer.reference)
    answering.go(f"main table a[href='{row.get_attribute('href')}']")
    answering.look("khieu-nai")
    answering.mark("[name=outcome]")
    answering.write("answer", "Khiếu nại đúng. Cơ quan giải quyết lại trước ngày 30 tháng này và báo ông/bà.")
    answering.send()
    answering.sees("Đã trả lời khiếu nại")
    filer.open(address)
    filer.sees("Khiếu nại đúng: hồ sơ được mở lại để giải quyết lại")
    filer.look("da-tra-loi")
    assert filer.complaints + answering.complaints == []
