"""A filing without a mouse: every step by Tab, Space, arrows and Enter, and one always sees where one is."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import DESK, Person, code_in, pdf, wait_for_message
from tests.servers import LivePortal

pytestmark = pytest.mark.browser

CITIZEN = ("0119000002", "0119000002@example.vn")
# Where the focus is, whether something shows it, and whether anything lies over it (WCAG 2.2, 2.4.7 and 2.4.11).
FOCUS = """() => {
  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
  const x = box.x + box.width / 2, y = box.y + Math.min(box.height / 2, 20);
  const top = document.elementFromPoint(x, y);
  return {
    name: at.name || "", value: at.value || "", text: (at.innerText || "").trim(), tag: at.tagName,
    isSeen: at === document.body || at.tabIndex < 0
      || style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    isCovered: at !== document.body && top !== null && !(at.contains(top) || top.contains(at)),
  };
}"""


class Typist(Person):
    """Touches nothing but keys."""

    def at(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(FOCUS)
        assert found["isSeen"], f"nothing shows that the focus is on {found}"
        assert not found["isCovered"], f"something lies over {found}"
        return found

    def tab_to(self, name: str = "", text: str = "", value: str = "") -> None:
        """Press Tab until the focus is on the field or on what reads ``text``."""
        for _ in range(80):
            self.page.keyboard.press("Tab")
            here = self.at()
            if name and here["name"] == name and value in ("", here["value"]):
                return
            if text and here["text"] == text:
                return
        raise AssertionError(f"Tab never comes to {name or text} on {self.page.url}")

    def fill(self, **values: str) -> None:
        for name, value in values.items():
            self.tab_to(name=name)
            self.page.keyboard.press("Control+a")
            self.page.keyboard.type(value)

    def pick(self, name: str, value: str) -> None:
        """A radio button: Tab into the group, arrows to the answer."""
        self.tab_to(name=name)
        for _ in range(10):
            if self.at()["value"] == value:
                self.page.keyboard.press("Space")
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"arrows never come to {value}")

    def go(self, text: str) -> None:
        self.tab_to(text=text)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


def test_a_filing_by_keyboard_alone(chromium: Browser, live_processes: LivePortal) -> None:
    typist = Typist(chromium, live_processes.url, "ban-phim", DESK)
    typist.log_in(CITIZEN[0])
    typist.open("/thu-tuc/bhxh_mot_lan/")
    typist.page.keyboard.press("Tab")
    assert typist.at()["text"] == "Đến nội dung chính"
    typist.page.keyboard.press("Enter")
    typist.go("Bắt đầu nộp hồ sơ")
    typist.fill(identity_issued_on="1-6-2015", identity_issued_by="Công an Hà Nội")
    typist.go("Lưu và tiếp tục")
    reasons(typist)
    typist.go("Lưu và tiếp tục")
    typist.fill(**{"history-0-from_month": "1/2012", "history-0-to_month": "8/2016"})
    typist.tab_to(name="history-0-wage_kind")
    typist.page.keyboard.press("ArrowDown")
    expect(typist.page.locator("[name=history-0-monthly_wage]")).to_be_visible()
    assert typist.at()["name"] == "history-0-wage_kind", "the focus stays when a question opens"
    typist.fill(**{"history-0-monthly_wage": "4000000"})
    assert typist.page.input_value("[name=history-0-monthly_wage]") == "4.000.000"
    rows_come_and_go(typist)
    typist.go("Lưu và tiếp tục")
    typist.pick("payment_method", "cash")
    typist.pick("result_delivery", "office")
    typist.go("Lưu và tiếp tục")
    typist.pick("representative", "khong")
    typist.go("Lưu và tiếp tục")
    papers_and_signature(typist, live_processes)


def reasons(typist: Typist) -> None:
    """An answer opens further questions; the focus is where it was."""
    typist.pick("reason", "sau_mot_nam")
    expect(typist.page.locator("[name=left_on]")).to_be_visible()
    assert typist.at()["value"] == "sau_mot_nam"
    typist.fill(left_on="31/8/2016")
    typist.pick("contributes_again", "khong")
    typist.pick("army_regional_allowance", "khong")


def rows_come_and_go(typist: Typist) -> None:
    """The focus goes to the new row; when one is taken away again, to the table it stood in."""
    rows = typist.page.locator(".row-card")
    typist.tab_to(text="Thêm một giai đoạn")
    typist.page.keyboard.press("Enter")
    expect(rows).to_have_count(2)
    expect(typist.page.locator("legend:focus")).to_have_text("Giai đoạn 2")
    typist.tab_to(name="_action", value="remove:history:1")
    typist.page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    expect(typist.page.locator("#id_history")).to_be_focused()


def papers_and_signature(typist: Typist, portal: LivePortal) -> None:
    # Choosing a file belongs to the system's own window; everything round it to us.
    typist.page.locator("input[type=file]").first.set_input_files(
        files=[{"name": "so.pdf", "mimeType": "application/pdf", "buffer": pdf()}]
    )
    typist.go("Lưu và tiếp tục")
    typist.go("Đúng rồi, ký và nộp")
    typist.pick("channel", "email")
    typist.go("Gửi mã cho tôi")
    message = wait_for_message(portal.var_dir / "demo-inbox", CITIZEN[1], "Mã này chỉ dùng để ký")
    code = code_in(message).replace(" ", "")
    typist.fill(code=f"{code[:4]} {code[4:]}")
    typist.go("Ký và nộp hồ sơ")
    assert re.search(r"DEMO-001-[0-9]{6}-[0-9]{4}-[0-9A-Z]", typist.page.inner_text("main"))
    assert typist.complaints == []


def test_a_mistake_is_reached_from_the_summary_by_keyboard(chromium: Browser, live_portal: str) -> None:
    typist = Typist(chromium, live_portal, "ban-phim-sai", DESK)
    typist.open("/dang-ky/")
    typist.go("Gửi đăng ký")
    assert "Cần sửa" in typist.page.evaluate("document.activeElement.innerText")
    typist.page.keyboard.press("Tab")
    typist.page.keyboard.press("Enter")
    assert typist.at()["name"] == "full_name"


def test_the_headquarters_enter_and_read_the_rates_by_keyboard(chromium: Browser, live_portal: str) -> None:
    typist = Typist(chromium, live_portal, "ban-phim-ty-le", DESK)
    typist.log_in("trunguong")
    typist.open("/ty-le/")
    typist.go("Số nhập từ báo cáo")
    typist.go("Nhập số mới")
    typist.tab_to(name="office")
    typist.page.keyboard.type("BHXH Tp. Hà")
    typist.fill(month="3/2019", count="1200", source="Báo cáo 12/BC-BHXH")
    typist.go("Nhập")
    typist.sees("Báo cáo 12/BC-BHXH")
    typist.go("Chỉ tiêu")
    typist.go("Ghi chỉ tiêu")
    typist.fill(value="50", due_on="31/12/2019", source="Công văn 99/BHXH")
    typist.go("Ghi chỉ tiêu")
    typist.sees("Theo Công văn 99/BHXH")
    typist.tab_to(name="chuoi")
    typist.page.keyboard.press("ArrowDown")
    typist.go("Xem")
    typist.tab_to(name="neu")
    typist.page.keyboard.press("ArrowDown")
    typist.fill(dat="50")
    typist.go("Tính")
    assert typist.page.locator("#neu").inner_text().startswith("Cả nước từ 0,00%")
    for tab in ("Bản đồ và biểu đồ", "Phễu nộp hồ sơ", "Báo cáo đã chốt", "Bảng số liệu"):
        typist.go(tab)
        typist.look(tab)
    typist.go("Chỉ tiêu")
    typist.go("Rút chỉ tiêu")
    assert typist.complaints == []


def test_the_focus_outlives_what_the_server_puts_in(chromium: Browser, live_portal: str) -> None:
    typist = Typist(chromium, live_portal, "ban-phim-cho-dung", DESK)
    typist.open("/dang-ky/")
    typist.tab_to(name="province")
    typist.page.keyboard.press("ArrowDown")
    typist.page.wait_for_selector("[name=district] option:nth-child(2)", state="attached")
    expect(typist.page.locator("[name=province]")).to_be_focused()
    typist.tab_to(name="district")
    typist.page.keyboard.press("ArrowDown")
    typist.page.wait_for_selector("[name=commune] option:nth-child(2)", state="attached")
    expect(typist.page.locator("[name=district]")).to_be_focused()
