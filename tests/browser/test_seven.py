"""Each of the seven procedures is filed in Chromium by somebody who answers whatever the page asks, and
stands in the queue of the right office. Pictures of every step are kept under var/screenshots."""

import re
from datetime import date
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, expect

from procedures import catalogue
from procedures.domain.definition import Kind, Question
from tests.browser.people import DESK, PHONE, Person, code_in, pdf, wait_for_message
from tests.figures import figure
from tests.servers import LivePortal

pytestmark = pytest.mark.browser

DAY = date(2019, 8, 20)
CITIZEN = ("0119000001", "0119000001@example.vn")

# What is typed where the first choice, or the usual answer of the kind, would not do.
ANSWERS: dict[str, dict[str, str]] = {
    "bhxh_mot_lan": {"reason": "sau_mot_nam", "left_on": "31/8/2016"},
    "tro_cap_dinh_cu": {"paying_province": "ho-chi-minh", "settlement_paper": "the_thuong_tru"},
    "tu_tuat": {
        "deceased_birth_date": "2/3/1950",
        "death_date": "20/7/2019",
        "deceased_status": "dang_huong",
        "claim": "hang_thang",
        "relation": "vo",
        "relative_sex": "nu",
        "relative_birth_date": "1/1/1955",
    },
    "huong_tiep": {"reason": "huy_mat_tich", "stopped_from": "3/2018"},
    "di_chuyen": {"paying_province": "bac-giang", "new_address": "92"},
    "tro_cap_qd91_613": {"reason": "qd613", "stopped_month": "1/1992", "working_years": "17"},
    "tro_cap_nha_giao": {
        "retired_on": "1/9/2005",
        "drew_in_2012": "co",
        "paying_province": "bac-giang",
        "taught_from": "9/1975",
        "taught_to": "8/2005",
    },
}
OFFICERS = {
    "di_chuyen": "canbo.bacgiang",
    "tro_cap_nha_giao": "canbo.bacgiang",
    "tro_cap_dinh_cu": "canbo.hochiminh",
}
USUAL = {
    Kind.NAME: "Nguyễn Văn Tám",
    Kind.DATE: "1/6/2015",
    Kind.MONTH: "1/2015",
    Kind.INTEGER: "6",
    Kind.MONEY: "4.000.000",
    Kind.YES_NO: "khong",
    Kind.BANK: "970436",
    Kind.BANK_ACCOUNT: "0123456789",
    Kind.PROVINCE: "ha-noi",
    Kind.BHXH_NUMBER: "0119000009",
    Kind.IDENTITY_NUMBER: "001150000019",
    Kind.PHONE: "0912000111",
    Kind.EMAIL: "ai-do@example.vn",
    Kind.TEXT: "Theo hồ sơ đã có",
    Kind.LONG_TEXT: "Theo hồ sơ đã có",
}


# Seconds of an unhurried person on a phone.
READS_A_PAGE, FILLS_A_FIELD, PRESSES, WAITS_FOR_THE_CODE = 15, 8, 2, 30
MOST_MINUTES = 8


class Filer(Person):
    def answer_step(self, questions: tuple[Question, ...], answers: dict[str, str]) -> None:
        """Answer every box that is there and empty, and again what opens with the answers."""
        for _ in range(6):
            answered = [self.answer(question, answers) for question in questions]
            if True not in answered:
                return
            self.page.wait_for_timeout(500)  # a question that opens comes with the next answer of the server

    def answer(self, question: Question, answers: dict[str, str]) -> bool:
        if question.kind is Kind.TABLE:
            cells = [(f"{question.name}-0-{column.name}", column) for column in question.columns]
            return True in [self.fill(name, column, answers) for name, column in cells]
        if question.kind is Kind.ADDRESS:
            return self.fill_address(question.name, answers.get(question.name, ""))
        return self.fill(question.name, question, answers)

    def fill(self, name: str, question: Question, answers: dict[str, str]) -> bool:
        """Whether there was an empty box for it, filled now."""
        box = self.page.locator(f"[name='{name}']").first
        if not box.count() or (not box.is_visible() and not box.is_enabled()):
            return False
        value = answers.get(question.name) or self.usual(question)
        kind = box.evaluate("box => box.type")
        if kind == "radio":
            if self.page.locator(f"[name='{name}']:checked").count():
                return False
            self.choose(name, value)
        elif box.input_value():
            return False
        elif kind == "select-one":
            box.select_option(value)
        else:
            box.fill(value)
        return True

    def usual(self, question: Question) -> str:
        return question.choices[0].value if question.choices else USUAL.get(question.kind, "3,33")

    def fill_address(self, name: str, province: str) -> bool:
        if not province or self.page.locator(f"[name='{name}-province']").input_value():
            return False
        self.page.locator(f"[name='{name}-province']").select_option(province)
        for part in ("district", "commune"):
            self.page.wait_for_selector(f"[name='{name}-{part}'] option:nth-child(2)", state="attached")
            self.page.locator(f"[name='{name}-{part}']").select_option(index=1)
        self.page.fill(f"[name='{name}-street']", "Số 1")
        return True

    def hand_in_everything(self) -> None:
        """Upload one page for each paper that is asked for."""
        for number in range(self.page.locator("input[type=file]").count()):
            box = self.page.locator("input[type=file]").nth(number)
            box.set_input_files(
                files=[{"name": "trang 1.pdf", "mimeType": "application/pdf", "buffer": pdf()}]
            )
            self.page.get_by_role("button", name="Tải lên").nth(number).click()
            expect(self.page.get_by_role("link", name="trang 1.pdf")).to_have_count(number + 1)
        self.look("giay-to")
        self.press("Lưu và tiếp tục")

    def drop_drafts(self) -> None:
        """Whoever begins a procedure goes on with the open draft: what another test left would be counted as done."""
        self.open("/ho-so/")
        while (drop := self.page.get_by_role("link", name=re.compile("^Xóa bản nháp"))).count():
            drop.first.click()
            self.press("Xóa bản nháp")

    def confirm_warnings(self) -> None:
        for box in self.page.locator("main input[type=checkbox][name=_confirm]").all():
            box.check()


@pytest.mark.parametrize("code", list(ANSWERS))
def test_a_procedure_is_filed_and_reaches_its_office(
    chromium: Browser, live_processes: LivePortal, code: str
) -> None:
    procedure = catalogue.procedure_on(code, DAY)
    width = DESK if procedure.order % 2 else PHONE
    live_processes.forget_drafts(CITIZEN[0])
    filer = Filer(chromium, live_processes.url, code, width)
    filer.log_in(CITIZEN[0])
    filer.drop_drafts()
    filer.open(f"/thu-tuc/{code}/")
    filer.begin_count()
    filer.look("to-khai")
    filer.press("Bắt đầu nộp hồ sơ")
    walk_the_steps(filer, procedure, ANSWERS[code])
    filer.look("kiem-tra")
    reference = sign(filer, live_processes)
    report(code, *filer.counted())
    officer = Person(chromium, live_processes.url, f"{code}-can-bo", DESK)
    officer.log_in(OFFICERS.get(code, "canbo.hanoi"))
    officer.open(f"/can-bo/?q={reference}")
    expect(officer.page.get_by_role("link", name=reference).first).to_be_visible()
    officer.page.get_by_role("link", name=reference).first.click()
    officer.look("ho-so")
    assert filer.complaints + officer.complaints == []


def report(code: str, pages: int, fields: int, clicks: int) -> None:
    """From the sheet to the receipt, logged in, at the pace of somebody who has never seen it."""
    seconds = READS_A_PAGE * pages + FILLS_A_FIELD * fields + PRESSES * clicks + WAITS_FOR_THE_CODE
    minutes = seconds / 60
    figure("effort", f"{code:<18} {pages:3} pages {fields:3} fields {clicks:3} clicks {minutes:5.1f} minutes")
    if code == "bhxh_mot_lan":
        assert minutes < MOST_MINUTES


def walk_the_steps(filer: Filer, procedure: Any, answers: dict[str, str]) -> None:
    for _ in range(20):
        here = re.search(r"/(?:buoc/([\w-]+)|giay-to|kiem-tra)/", filer.page.url)
        assert here, filer.page.url
        if "kiem-tra" in here.group(0):
            return
        if "giay-to" in here.group(0):
            filer.hand_in_everything()
            continue
        filer.answer_step(procedure.step(here.group(1)).questions, answers)
        filer.confirm_warnings()
        filer.look(here.group(1))
        filer.press("Lưu và tiếp tục")
    raise AssertionError(f"stuck at {filer.page.url}: {filer.page.inner_text('main')[:600]}")


def sign(filer: Filer, portal: LivePortal) -> str:
    with psycopg.connect(portal.database_url, autocommit=True) as database:
        database.execute("DELETE FROM accounts_throttle")  # one person signs seven times in a minute here
    filer.page.get_by_role("link", name="Đúng rồi, ký và nộp").click()
    filer.choose("channel", "email")
    filer.press("Gửi mã cho tôi")
    short = filer.page.locator("main strong.mono").first.inner_text()
    message = wait_for_message(portal.var_dir / "demo-inbox", CITIZEN[1], re.escape(short))
    filer.type(code=code_in(message))
    filer.press("Ký và nộp hồ sơ")
    found = re.search(r"DEMO-[0-9]{3}-[0-9]{6}-[0-9]{4}-[0-9A-Z]", filer.page.inner_text("main"))
    assert found, filer.page.inner_text("main")
    filer.look("da-nop")
    wait_for_message(portal.var_dir / "demo-inbox", CITIZEN[1], f"đã tiếp nhận hồ sơ {found.group(0)}")
    return found.group(0)
