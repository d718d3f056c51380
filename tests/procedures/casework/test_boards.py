"""What is read rather than done: the board of due dates, the time line, the control slip, print and keys."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Office, User
from procedures.models import Dossier
from procedures.selectors.due_board import due_board
from procedures.services import apologies, checklist, internal_notes, papers
from procedures.services.control_slip import control_slip_for
from tests import makers
from tests.procedures.casework.conftest import browser_of
from tests.procedures.casework.pages import link, references, text, url
from tests.procedures.documents.sheets import text_of

# --- hạn trả toàn quốc ----------------------------------------------------------------------------


@pytest.fixture
def many(contributor: User) -> list[str]:
    """Seven open dossiers, two of them due on one day, in the order they are due."""
    days = (9, 3, 3, 1, -2, 30, 12)
    made = [makers.due_on(makers.queued(contributor), day) for day in days]
    return [str(one.reference) for one in sorted(made, key=lambda one: (one.due_on, one.pk))]


def test_pages_go_both_ways_by_key_and_show_each_dossier_once(many: list[str]) -> None:
    seen, page = [], due_board(size=2)
    assert page.previous is None
    while True:
        seen.append([str(one.reference) for one in page.dossiers])
        if page.next is None:
            break
        page = due_board(size=2, after=page.next)
    assert [one for some in seen for one in some] == many
    back = [[str(one.reference) for one in page.dossiers]]
    while page.previous is not None:
        page = due_board(size=2, before=page.previous)
        back.insert(0, [str(one.reference) for one in page.dossiers])
    assert [one for some in back for one in some] == many
    assert page.previous is None


def test_the_board_shows_offices_and_dates_and_nobody_s_name(
    hq: User, many: list[str], offices: dict[str, Office]
) -> None:
    browser = browser_of(hq)
    page = browser.get("/can-bo/han-tra/")
    assert all(reference in text(page) for reference in many)
    assert "Hà Nội" in text(page)
    for hidden in ("Nguyễn Thị Hằng", "0119000001"):
        assert hidden not in page.content.decode()
    assert many[0] not in text(browser.get("/can-bo/han-tra/?co_quan=ca-mau"))
    for odd in ("?sau=x", "?truoc=2026-01-01_x", "?co_quan=%00", "?sau=9999-12-31_9"):
        assert browser.get(f"/can-bo/han-tra/{odd}").status_code == 200


def test_settled_dossiers_and_those_without_a_date_are_not_on_it(
    contributor: User, pensioner: User, officer: User
) -> None:
    makers.withdrawn(pensioner)
    makers.queued(pensioner, on_paper=["so_bhxh"])
    due = makers.queued(contributor)
    assert [one.pk for one in due_board().dossiers] == [due.pk]


def test_one_page_of_the_board_asks_few_questions(hq: User, many: list[str]) -> None:
    browser = browser_of(hq)
    browser.get("/can-bo/han-tra/")
    with CaptureQueriesContext(connection) as captured:
        browser.get("/can-bo/han-tra/")
    assert len(captured) <= 8
    listing = next(one["sql"] for one in captured if "due_order" in one["sql"])
    assert "OFFSET" not in listing
    assert "COUNT(" not in listing


# --- the queue, both ways -------------------------------------------------------------------------


def test_the_queue_goes_on_and_back_with_its_filters(desk: Client, contributor: User) -> None:
    for day in range(26):
        makers.due_on(makers.queued(contributor), day)
    first = desk.get("/can-bo/?thu_tuc=bhxh_mot_lan")
    second = desk.get(link(first, "next"))
    assert (len(references(first)), len(references(second))) == (25, 1)
    assert "thu_tuc=bhxh_mot_lan" in link(second, "prev")
    assert references(desk.get(link(second, "prev"))) == references(first)


@pytest.mark.parametrize("words", ["nguyen thi hang", "NGUYỄN THỊ HẰNG", "0119000001", "0919000001"])
def test_a_dossier_is_found_by_name_without_accents_number_and_phone(
    desk: Client, contributor: User, pensioner: User, words: str
) -> None:
    found, other = makers.queued(contributor), makers.queued(pensioner)
    assert references(desk.get("/can-bo/", {"q": words})) == [found.reference]
    assert references(desk.get("/can-bo/", {"q": str(other.reference)})) == [other.reference]


# --- the time line --------------------------------------------------------------------------------


def everything_happened(filer: User, officer: User) -> Dossier:
    dossier = makers.supplemented(filer, officer)
    dossier = makers.cured(makers.held(dossier, officer), officer)
    later = timezone.localdate() + timedelta(days=40)
    while not makers.calendar.overrides().get(later, later.weekday() < 5):
        later += timedelta(days=1)
    apologies.apologise(dossier, officer, new_due_on=later, reason="Chờ xác minh.")
    return makers.approve(dossier, officer)


def test_it_tells_of_filer_officers_portal_and_messages(
    desk: Client, contributor: User, officer: User
) -> None:
    dossier = everything_happened(contributor, officer)
    page = text(desk.get(url("dossier", dossier)))
    history = page[page.rindex("Quá trình giải quyết Tất cả") :]
    for words in (
        "· Người nộp",
        "· Cán bộ · Phạm Minh Châu",
        "· Cổng",
        "· Tin nhắn",
        "Nhận xử lý",
        "Kiểm tra hồ sơ",
        "Đồng hồ giải quyết tạm dừng",
        "Chờ người nộp bổ sung, đến lượt người nộp.",
        "Đồng hồ giải quyết chạy tiếp",
        "Thông báo: Yêu cầu bổ sung",
        "thư điện tử: đang gửi",
        "Ký duyệt hồ sơ",
    ):
        assert words in history, words


def test_one_kind_alone_is_shown_when_asked_for(desk: Client, contributor: User, officer: User) -> None:
    dossier = makers.approved(contributor, officer)
    page = text(desk.get(url("dossier", dossier) + "?loai=message"))
    history = page[page.rindex("Quá trình giải quyết Tất cả") :]
    assert "Thông báo: Hồ sơ được duyệt" in history
    assert "Ký duyệt hồ sơ" not in history
    assert "Ký duyệt hồ sơ" in text(desk.get(url("dossier", dossier) + "?loai=khong-co"))


# --- on paper -------------------------------------------------------------------------------------


def test_the_control_slip_has_every_hand_over_in_time_or_late(
    desk: Client, contributor: User, officer: User, head: User
) -> None:
    dossier = makers.approved(contributor, officer)
    response = desk.get(url("control_slip", dossier))
    assert response["Content-Type"] == "application/pdf"
    words = text_of(response.content)
    for expected in (
        "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
        str(dossier.reference),
        "Vào hàng chờ",
        "Nhận xử lý",
        "Trình ký",
        "Ký và trả kết quả",
        "Phạm Minh Châu",
        "Đỗ Quang Vinh",
        "trước hạn",
    ):
        assert expected in words, expected
    late = makers.held(makers.due_on(makers.queued(contributor), -3), officer)
    assert "quá hạn" in text_of(control_slip_for(late))


def test_the_printed_dossier_has_all_but_files_and_notes(
    desk: Client, contributor: User, officer: User
) -> None:
    dossier = makers.held(makers.queued(contributor), officer)
    internal_notes.write(dossier, officer, kind="fact", text="Chỉ giữa cán bộ")
    checklist.mark(dossier, officer, [checklist.Marked("paper:so_bhxh", "fine", "Rõ.")])
    assert dossier.estimate
    total = dossier.estimate["lines"][-1]["value"]
    page = desk.get(url("print", dossier))
    for words in ("Nguyễn Thị Hằng", "31/08/2016", "Đạt Rõ.", "Người nộp ký và nộp hồ sơ", str(total)):
        assert words in text(page), words
    assert "Chỉ giữa cán bộ" not in text(page)
    assert "viewer" not in page.content.decode()


# --- keys -----------------------------------------------------------------------------------------


def test_the_keys_stand_on_a_page_of_their_own_and_are_linked(desk: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)
    assert 'href="/can-bo/phim-tat/"' in desk.get(url("dossier", dossier)).content.decode()
    page = text(desk.get("/can-bo/phim-tat/"))
    for words in ("Nhận hồ sơ tiếp theo", "Yêu cầu bổ sung", "Xoay phải, xoay trái"):
        assert words in page


def test_no_key_signs_or_decides(desk: Client, contributor: User, officer: User, head: User) -> None:
    dossier = makers.proposed(contributor, officer)
    for address in (url("dossier", dossier), url("sign", dossier)):
        html = browser_of(head).get(address).content.decode()
        assert '<button type="submit" class="btn btn-primary" data-key' not in html


def test_a_refusal_is_form_03_with_its_ground_its_basis_and_the_way_to_complain(
    contributor: User, officer: User
) -> None:
    dossier = makers.refused(contributor, officer)
    decision = makers.decision_of(dossier)
    words = text_of(papers.decision_pdf_for(makers.decision_of(dossier)))
    for expected in (
        "PHIẾU TỪ CHỐI TIẾP NHẬN, GIẢI QUYẾT HỒ SƠ",
        decision.reason,
        f"Mã lý do: {decision.reason_code}",
        decision.legal_basis,
        "khiếu nại",
        str(dossier.reference),
    ):
        assert expected in words, expected
    assert "Số tiền được hưởng" not in words
