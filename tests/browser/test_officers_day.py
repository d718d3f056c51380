"""The officer's day in Chromium, by keyboard alone: nobody touches a mouse, and every page is looked at.

The dossiers are made by the services, the pages are the real ones on a real PostgreSQL; a worker's part is done
by the same service the worker calls.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Locator

from accounts.models import Office, Role, Throttle, TransactionCode, User
from accounts.services import codes
from portal.lib.vietnamese import format_date
from portal.lib.working_days import add_working_days
from procedures.domain.lifecycle import Status
from procedures.models import CheckMark, Complaint, Dossier, Transfer
from procedures.services import clock, complaints
from tests import makers
from tests.browser.people import DESK, PHONE, Person
from tests.people import fully_verified, staff
from tests.procedures.casework.pages import url
from tests.procedures.casework.test_transfers import CAN_THO, NEXT_YEAR

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = pytest.mark.parametrize("width", [PHONE, DESK])
FAR = 400  # presses of Tab: more than any page has stops

Window = Callable[..., "Typist"]


class Typist(Person):
    """Somebody with a keyboard and nothing else."""

    def enter_as(self, user: User) -> None:
        client = Client()
        client.force_login(user)
        fully_verified(client, user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.url}]
        )

    def key(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def go(self, key: str) -> None:
        """A key that leads to another page, or to the same one anew."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def tab_to(self, target: Locator) -> None:
        """Press Tab until the focus is there: what can't be reached so can't be used."""
        wanted = target.first
        for _press in range(FAR):
            if wanted.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never came to {target}")

    def stops_to(self, button: str) -> int:
        """How often Tab is pressed from where one is."""
        wanted = self.page.locator("main").get_by_role("button", name=button, exact=True)
        for stops in range(FAR):
            if wanted.evaluate("one => one === document.activeElement"):
                return stops
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never came to {button}")

    def follow(self, name: str) -> None:
        """A link of the page, by Tab and Enter."""
        self.tab_to(self.page.locator("main").get_by_role("link", name=name, exact=True))
        self.go("Enter")

    def press_button(self, name: str) -> None:
        self.tab_to(self.page.locator("main").get_by_role("button", name=name, exact=True))
        self.go("Enter")

    def write(self, field: str, words: str) -> None:
        self.tab_to(self.page.locator(f"main [name='{field}']"))
        self.key("Control+a")
        self.page.keyboard.type(words)

    def pick(self, field: str, value: str) -> None:
        """A radio button: Tab comes to its group, the arrows go through it."""
        chosen = self.page.locator(f"main [name='{field}'][value='{value}']")
        group = self.page.locator(f"main [name='{field}']")
        checked = self.page.locator(f"main [name='{field}']:checked")
        self.tab_to(checked if checked.count() else group)
        for _press in range(group.count() + 1):
            if chosen.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows never came to {field}={value}")

    def resting_place(self) -> float:
        """Where what has the focus stands once the page has glided there (px from the top)."""
        places = [-1.0, -2.0]
        while places[-1] != places[-2]:
            self.page.wait_for_timeout(250)
            places.append(self.page.evaluate("document.activeElement.getBoundingClientRect().top"))
        return places[-1]

    def sees_focus(self) -> None:
        """The focus can be seen where it is."""
        outline = self.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none"


@pytest.fixture
def window(chromium: Browser, live_server: Any) -> Window:
    def open_for(user: User, name: str, width: int, *, scripts: bool = True) -> Typist:
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        typist = Typist(chromium, live_server.url, name, width, scripts=scripts)
        typist.enter_as(user)
        return typist

    return open_for


def answer_and_sign(filer: Typist, dossier: Dossier) -> None:
    """The filer gives the paper anew, changes the answer, and signs again."""
    filer.open(f"/ho-so/{dossier.public_id}/bo-sung/")
    filer.look("bo-sung")
    file = {"name": "sổ mới.jpg", "mimeType": "image/jpeg", "buffer": makers.jpeg("so moi")}
    filer.page.locator("input[type=file]").first.set_input_files(files=[file])  # the system's own dialog
    filer.write("left_on", "01/09/2016")
    filer.press_button("Lưu và đi ký")
    filer.look("ky-lai")
    Throttle.objects.all().delete()
    button = filer.page.locator("main").get_by_role("button", name=re.compile("Gửi mã|Nhận mã"))
    filer.tab_to(button)
    filer.go("Enter")
    code = codes.derive(TransactionCode.objects.latest("pk"))
    filer.write("code", code)
    filer.go("Enter")
    filer.look("da-bo-sung")


@WIDTHS
def test_a_supplement_goes_round_and_two_people_approve_an_amount(
    window: Window, contributor: User, officer: User, head: User, width: int
) -> None:
    dossier = makers.checked(makers.queued(contributor))
    at = window(officer, "ban-lam-viec", width)
    at.open("/can-bo/")
    at.look("hang-cho")
    at.key("j")
    at.sees_focus()
    at.go("Enter")
    at.look("ho-so")
    at.go("n")
    at.sees("Đã nhận hồ sơ này.")
    at.go("c")
    at.look("kiem-tra")
    at.pick("paper_so_bhxh_verdict", "defect")
    at.write("paper_so_bhxh_remark", "Trang 3 mờ, không đọc được tháng đóng.")
    step = next(
        name
        for name in at.page.eval_on_selector_all(
            "[name$='_questions'][value='left_on']", "boxes => boxes.map(one => one.name)"
        )
    )
    at.pick(step.replace("_questions", "_verdict"), "defect")
    at.write(step.replace("_questions", "_remark"), "Ngày nghỉ việc không khớp sổ.")
    at.tab_to(at.page.locator(f"details:has([name='{step}']) > summary"))
    at.key("Enter")
    at.tab_to(at.page.locator(f"[name='{step}'][value='left_on']"))
    at.key(" ")
    at.look("kiem-tra-da-danh-dau")
    at.press_button("Ghi kết quả kiểm tra")
    at.sees("2 mục chưa đạt.")
    at.look("ho-so-da-kiem-tra")
    at.go("b")
    at.sees("Trang 3 mờ, không đọc được tháng đóng.")
    at.look("yeu-cau-bo-sung")
    at.press_button("Gửi yêu cầu bổ sung")
    at.sees("Đã gửi yêu cầu bổ sung.")
    assert makers.fresh(dossier).status == Status.SUPPLEMENT_REQUESTED

    answer_and_sign(window(contributor, "nguoi-nop-bo-sung", width), dossier)
    dossier = makers.checked(makers.deliver(makers.fresh(dossier)))
    at.open(url("dossier", dossier))
    at.sees("01/09/2016")
    at.look("da-bo-sung")
    at.go("n")
    at.go("c")
    at.look("xac-nhan-khac-phuc")
    at.pick("paper_so_bhxh_verdict", "fine")
    at.pick("question_left_on_verdict", "fine")
    at.press_button("Ghi kết quả kiểm tra")
    at.go("u")
    last = (
        len(dossier.estimate["lines"]) - 1
    )  # the amount to be paid; what stands above it follows from the wages
    at.write("value_0", "45000000")
    at.press_button("Ghi cách tính")
    at.sees("Xin ghi lý do thay đổi dòng này.")
    at.look("tinh-lai-thieu-ly-do")
    at.write("value_0", dossier.estimate["lines"][0]["value"])
    at.write(f"value_{last}", "45000000")
    at.write(f"reason_{last}", "Tính đủ hai tháng theo sổ mới.")
    at.look("tinh-lai")
    at.press_button("Ghi cách tính")
    at.sees("Cổng tính ra 45.000.000 đ.")
    at.look("ho-so-da-tinh-lai")
    at.go("d")
    at.look("de-nghi-duyet")
    at.press_button("Xem lại trước khi trình")
    at.look("sap-trinh")
    at.press_button("Trình đề nghị duyệt")
    at.sees("Hồ sơ chờ người thứ hai ký.")

    chief = window(head, "lanh-dao", width)
    chief.open("/can-bo/")
    chief.look("hang-cho")
    chief.open(url("dossier", dossier))
    chief.go("d")
    chief.look("ky")
    chief.press_button("Ký duyệt")
    chief.sees("Đã duyệt 45.000.000 đ")
    chief.look("da-ky")
    decision = makers.decision_of(makers.fresh(dossier))
    assert (decision.amount_vnd, decision.decided_by) == (45_000_000, head)
    assert decision.revision is not None
    assert CheckMark.objects.filter(verdict="fine", filing_number=2).count() == 2
    assert at.complaints + chief.complaints == []


@WIDTHS
def test_a_refusal(window: Window, pensioner: User, officer: User, head: User, width: int) -> None:
    dossier = makers.queued(pensioner)
    at = window(officer, "tu-choi", width)
    at.open(url("dossier", dossier))
    at.go("n")
    at.go("t")
    at.look("chon-ly-do")
    ground = makers.procedure_of(dossier).refusals[0]
    at.press_button("Tiếp tục")
    at.sees("Xin chọn một lý do.")
    at.look("chua-chon")
    at.tab_to(at.page.locator("[name=reason_code]"))
    at.key(" ")
    at.press_button("Tiếp tục")
    at.look("loi-mau")
    at.sees(ground.words)
    at.press_button("Trình đề nghị từ chối")
    at.sees("Hồ sơ chờ lãnh đạo ký.")
    chief = window(head, "lanh-dao-tu-choi", width)
    chief.open(url("dossier", dossier))
    chief.go("d")
    chief.look("ky-tu-choi")
    chief.press_button("Ký từ chối")
    chief.sees("Đã từ chối")
    chief.look("da-tu-choi")
    assert makers.decision_of(makers.fresh(dossier)).reason_code == ground.code
    assert at.complaints + chief.complaints == []


@WIDTHS
def test_an_upheld_complaint_is_settled_anew_by_other_people(
    window: Window, contributor: User, officer: User, head: User, width: int
) -> None:
    reviewer = staff("canbo3.hanoi", "Hoàng Văn Thái", Role.OFFICER, officer.office)
    deputy = staff("lanhdao2.hanoi", "Mai Thị Loan", Role.HEAD, officer.office)
    dossier = makers.checked(makers.refused(contributor, officer))
    complaints.complain(dossier, contributor, "Tôi đã nghỉ việc trên một năm, xin xem lại sổ BHXH trang 3.")
    at = window(reviewer, "giai-quyet-lai", width)
    at.open("/can-bo/khieu-nai/")
    at.follow(str(dossier.reference))
    at.look("khieu-nai")
    at.pick("outcome", "upheld")
    at.write("answer", "Khiếu nại đúng: sổ trang 3 ghi nghỉ việc từ 31/8/2016. Cơ quan giải quyết lại.")
    at.press_button("Trả lời khiếu nại")
    at.sees("Đã trả lời khiếu nại.")
    at.open(url("dossier", dossier))
    at.sees("Giải quyết lại, vì khiếu nại đúng")
    at.look("ho-so-mo-lai")
    before = window(officer, "nguoi-quyet-dinh-truoc", width)
    before.open(url("dossier", dossier))
    before.sees("Ông/bà đã tham gia quyết định trước")
    before.look("ho-so-mo-lai")
    filer = window(contributor, "nguoi-nop-giai-quyet-lai", width)
    filer.open(f"/ho-so/{dossier.public_id}/")
    filer.sees("Hồ sơ đang được giải quyết lại.")
    filer.look("dang-giai-quyet-lai")
    at.go("n")
    at.go("d")
    at.press_button("Xem lại trước khi trình")
    at.press_button("Trình đề nghị duyệt")
    at.sees("Hồ sơ chờ người thứ hai ký.")
    chief = window(deputy, "lanh-dao-giai-quyet-lai", width)
    chief.open(url("dossier", dossier))
    chief.go("d")
    chief.look("ky")
    chief.press_button("Ký duyệt")
    chief.look("da-ky")
    filer.open(f"/ho-so/{dossier.public_id}/")
    filer.sees("Hồ sơ được duyệt")
    filer.look("ket-qua-moi")
    assert [one.outcome for one in dossier.decisions.all()] == ["refuse", "approve"]
    assert at.complaints + before.complaints + filer.complaints + chief.complaints == []


@pytest.mark.parametrize(("width", "scripts"), [(PHONE, True), (DESK, True), (PHONE, False)])
def test_a_complaint_is_taken_back_on_paper(
    window: Window, officer: User, head: User, width: int, scripts: bool
) -> None:
    clerk = staff("canbo3.hanoi", "Hoàng Văn Thái", Role.OFFICER, officer.office)
    dossier = makers.complained_on_paper(officer)
    at = window(clerk, "rut-khieu-nai", width, scripts=scripts)
    at.open(f"/can-bo/?q={dossier.reference}&trang_thai=all")
    at.look("tim-ho-so")
    at.follow(str(dossier.reference))
    at.sees("Đang khiếu nại, hạn trả lời")
    at.look("ho-so")
    at.follow("Ghi nhận rút khiếu nại")
    at.look("ghi-nhan")
    stops = at.stops_to("Ghi nhận rút khiếu nại")
    assert stops <= 3, "the day stands there: a reason, a tick, the button"
    at.go("Enter")
    at.sees("Chỉ ghi nhận khi có đơn do chính người nộp ký.")
    at.look("chua-danh-dau")
    at.write("reason", "Đã được giải thích tại quầy.")
    at.tab_to(at.page.locator("[name=is_theirs]"))
    at.key(" ")
    at.press_button("Ghi nhận rút khiếu nại")
    at.sees("Đã ghi nhận rút khiếu nại. Người nộp được báo.")
    at.look("da-ghi")
    at.open("/can-bo/khieu-nai/")
    at.sees("Đã rút")
    at.follow(str(dossier.reference))
    at.sees("Hoàng Văn Thái")
    at.look("khieu-nai")
    assert Complaint.objects.get().withdrawn_by == clerk
    assert at.complaints == []


@WIDTHS
def test_an_apology_and_a_note(window: Window, contributor: User, officer: User, width: int) -> None:
    dossier = makers.queued(contributor)
    at = window(officer, "xin-loi", width)
    at.open(url("dossier", dossier))
    at.go("n")
    at.follow("Hẹn lại ngày trả")
    at.write("new_due_on", "hôm sau")
    at.press_button("Gửi phiếu xin lỗi và hẹn lại")
    at.look("ngay-sai")
    later = add_working_days(timezone.localdate(), 12)
    at.write("new_due_on", format_date(later))
    at.write("reason", "Chờ xác minh quá trình đóng ở tỉnh khác.")
    at.look("hen-lai")
    at.press_button("Gửi phiếu xin lỗi và hẹn lại")
    at.sees(format_date(later))
    at.go("s")
    at.pick("kind", "call")
    at.write("text", "Đã gọi báo người nộp ngày hẹn mới.")
    at.look("ghi-chu")
    at.press_button("Ghi")
    at.sees("Chỉ cán bộ của cơ quan đọc được.")
    at.look("ho-so")
    assert makers.fresh(dossier).due_on == later
    assert at.complaints == []


def moving(filer: User) -> Dossier:
    return makers.queued(
        filer,
        procedure="di_chuyen",
        holder_status="dang_huong",
        paying_province="bac-giang",
        new_address=CAN_THO,
        draws_regional_allowance=False,
        identity_differs=False,
    )


@WIDTHS
def test_a_pension_moves_from_bac_giang_to_can_tho_and_one_is_returned(
    window: Window, offices: dict[str, Office], pensioner: User, contributor: User, width: int
) -> None:
    sender = window(
        staff("canbo.bacgiang", "Thân Văn Khải", Role.OFFICER, offices["bac-giang"]), "noi-di", width
    )
    signer = window(
        staff("lanhdao.bacgiang", "Giáp Văn Bình", Role.HEAD, offices["bac-giang"]), "noi-di-ky", width
    )
    receiver = window(
        staff("canbo.cantho", "Trương Mỹ Linh", Role.OFFICER, offices["can-tho"]), "noi-den", width
    )
    for filer, is_accepted in ((pensioner, True), (contributor, False)):
        dossier = makers.checked(moving(filer))
        sender.open(url("dossier", dossier))
        sender.go("n")
        sender.go("d")
        sender.write("last_month", f"01/{NEXT_YEAR}")
        sender.look("thang-cuoi")
        sender.press_button("Xem lại trước khi trình")
        sender.press_button("Trình đề nghị duyệt")
        signer.open(url("dossier", dossier))
        signer.go("d")
        signer.press_button("Ký duyệt")
        signer.look("dang-chuyen")
        receiver.open("/can-bo/")
        receiver.tab_to(receiver.page.get_by_role("link", name=re.compile("Chuyển đến, chờ nhận")))
        receiver.go("Enter")
        receiver.look("chuyen-den")
        receiver.follow(str(dossier.reference))
        if is_accepted:
            receiver.write("first_month", f"01/{NEXT_YEAR}")
            receiver.press_button("Nhận hồ sơ")
            receiver.sees("không hai nơi cùng trả")
            receiver.look("hai-noi-cung-tra")
            receiver.write("first_month", f"02/{NEXT_YEAR}")
            receiver.press_button("Nhận hồ sơ")
            receiver.sees("Đã nhận hồ sơ.")
        else:
            receiver.write("reason", "Thiếu giấy xác nhận nơi cư trú mới.")
            receiver.look("tra-lai")
            receiver.press_button("Trả lại nơi đi")
            receiver.sees("Đã trả lại nơi đi.")
        sender.open(url("dossier", dossier))
        sender.look("sau-cung")
        expected = Status.APPROVED if is_accepted else Status.QUEUED
        assert makers.fresh(dossier).status == expected
    sender.sees("Thiếu giấy xác nhận nơi cư trú mới.")
    assert [one.state for one in Transfer.objects.order_by("pk")] == ["accepted", "returned"]
    assert sender.complaints + signer.complaints + receiver.complaints == []


@WIDTHS
def test_papers_are_zoomed_and_turned_by_keys_and_nothing_moves(
    window: Window, contributor: User, officer: User, width: int
) -> None:
    draft = makers.draft(contributor)
    makers.attach(draft, "so_bhxh", makers.pdf(3))
    dossier = makers.checked(makers.deliver(makers.sign(draft)))
    at = window(officer, "xem-giay-to", width)
    at.open(url("dossier", dossier))
    at.key("v")
    place = at.resting_place()
    for key, words in (("+", "150%"), ("r", "xoay 90°"), ("-", "100%"), ("l", "xoay 0°"), ("+", "150%")):
        at.key(key)
        at.page.locator(f"[data-view-state]:visible:has-text('{words}')").first.wait_for()
    at.page.wait_for_load_state("networkidle")
    assert at.resting_place() == place
    at.look("phong-to")
    at.key("0")
    pdf = dossier.attachments.get(content_type="application/pdf")
    at.open(f"/can-bo/tep/{pdf.public_id}/xem/?trang=2&xoay=90&phong=150")
    at.sees("Trang 2/3 · 150% · xoay 90°")
    at.look("ca-trang")


@WIDTHS
def test_the_keys_open_by_a_question_mark_and_can_be_switched_off(
    window: Window, contributor: User, officer: User, width: int
) -> None:
    dossier = makers.queued(contributor)
    at = window(officer, "phim-tat", width)
    at.open(url("dossier", dossier))
    at.key("?")
    at.sees("Không phím nào ký")
    at.look("bang-phim-tat")
    at.tab_to(at.page.get_by_role("button", name="Tắt phím tắt"))
    at.key("Enter")
    at.key("Escape")
    at.key("g")
    assert at.page.url.endswith(url("dossier", dossier))
    at.key("?")
    at.tab_to(at.page.get_by_role("button", name="Bật phím tắt"))
    at.key("Enter")
    at.key("Escape")
    at.key("g")
    at.page.wait_for_url("**/can-bo/")
    at.key("/")
    at.page.keyboard.type("g")  # in a field a key is a letter
    assert at.page.locator("[name=q]").input_value() == "g"
    at.open("/can-bo/phim-tat/")
    at.look("trang-phim-tat")


@WIDTHS
def test_the_board_and_the_printed_dossier_are_looked_at(
    window: Window, contributor: User, officer: User, hq: User, width: int
) -> None:
    dossier = makers.due_on(makers.held(makers.queued(contributor), officer), -1)
    makers.queued(contributor)
    clock.keep_all()
    board = window(hq, "han-tra", width)
    board.open("/can-bo/han-tra/")
    board.look("toan-quoc")
    at = window(officer, "ban-in", width)
    at.open("/can-bo/")
    at.look("co-the-trung")
    at.open(url("print", dossier))
    at.look("ban-in")
    at.open(url("note", dossier))
    at.press_button("Ghi")
    at.look("ghi-chu-trong")
