"""The work page: everything about one dossier, and nothing that wasn't signed."""

import hashlib
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from portal.lib.digests import short_digest
from portal.lib.vietnamese import format_date
from procedures.casework.dossier import signing_of
from procedures.models import Dossier, Filing
from procedures.services import drafts, supplements
from tests import makers
from tests.procedures.casework.pages import text, url

Citizen = Callable[..., User]


def page_of(desk: Client, dossier: Dossier) -> str:
    response = desk.get(url("dossier", dossier))
    assert response.status_code == 200
    return text(response)


def test_the_answers_stand_there_in_words_step_by_step(desk: Client, contributor: User) -> None:
    page = page_of(desk, makers.queued(contributor))
    for words in (
        "Người nộp hồ sơ",
        "Nguyễn Thị Hằng",
        "001160000018",
        "Đã nghỉ việc một năm",
        "31/08/2016",
        "01/2012",
        "4.000.000 đ",
        "Tiền mặt tại cơ quan BHXH",
    ):
        assert words in page


def test_the_estimate_stands_there_line_by_line_with_its_articles(desk: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)
    page = page_of(desk, dossier)
    assert dossier.estimate
    for line in dossier.estimate["lines"]:
        assert line["label"] in page
        assert line["basis"] in page


def test_every_paper_says_whether_it_is_there(desk: Client, contributor: User) -> None:
    dossier = makers.queued(contributor, "dinh_cu", on_paper=["so_bhxh"])
    page = page_of(desk, dossier)
    assert "Sổ bảo hiểm xã hội Chờ bản giấy" in page
    assert "Đơn đề nghị Khai trên cổng" in page
    assert "nhập cảnh với lý do định cư Đã nộp" in page


def test_images_and_pdfs_are_shown_page_by_page_as_pictures(desk: Client, contributor: User) -> None:
    dossier = makers.draft(contributor)
    makers.attach(dossier, "so_bhxh", makers.pdf())
    dossier = makers.checked(makers.deliver(makers.sign(dossier)))
    html = desk.get(url("dossier", dossier)).content.decode()
    image, pdf = dossier.attachments.order_by("pk")
    for file in (image, pdf):
        assert f'src="/can-bo/tep/{file.public_id}/trang/1/?xoay=0&amp;rong=1400"' in html
        assert f'href="/can-bo/tep/{file.public_id}/xem/?trang=1&amp;xoay=90&amp;phong=100"' in html
    assert "<iframe" not in html


def test_the_routing_says_why_the_dossier_came_here(desk: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)
    assert dossier.routing
    assert dossier.routing["words"] in page_of(desk, dossier)


def test_warnings_the_filer_stayed_with_are_named(desk: Client, contributor: User) -> None:
    dossier = makers.queued(contributor, birth_date="1961-02-01")
    page = page_of(desk, dossier)
    assert "Cổng đã nhắc, người nộp đọc và giữ nguyên" in page
    assert "Số CCCD cho thấy năm sinh khác" in page


def test_the_signing_shows_its_time_and_the_short_digest(desk: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)
    page = page_of(desk, dossier)
    assert short_digest(dossier.filings.get().digest) in page
    assert f"lúc {makers.timezone.localtime(dossier.filings.get().filed_at):%H:%M}" in page


def test_content_that_no_longer_fits_its_digest_is_known() -> None:
    content = b"{}"
    digest = hashlib.sha256(content).hexdigest()
    assert signing_of(Filing(digest=digest, signed_content=content), []).is_intact
    assert not signing_of(Filing(digest=digest, signed_content=b"{ }"), []).is_intact


def test_earlier_dossiers_of_the_same_person_and_procedure_are_linked(
    desk: Client, contributor: User, officer: User, pensioner: User
) -> None:
    earlier = makers.refused(contributor, officer)
    stranger = makers.queued(pensioner)
    dossier = makers.queued(contributor)
    html = desk.get(url("dossier", dossier)).content.decode()
    assert url("dossier", earlier) in html
    assert url("dossier", stranger) not in html


def test_an_earlier_dossier_may_wait_for_a_supplement(desk: Client, contributor: User, officer: User) -> None:
    earlier = makers.supplement_requested(contributor, officer)
    html = desk.get(url("dossier", makers.queued(contributor, "du_tuoi"))).content.decode()
    assert url("dossier", earlier) in html


def test_the_history_tells_in_plain_words_who_did_what(
    desk: Client, contributor: User, officer: User
) -> None:
    dossier = makers.supplemented(contributor, officer, questions=["identity_issued_by"])
    request = dossier.supplement_requests.get()
    page = page_of(desk, dossier)
    history = page[page.index("Quá trình giải quyết") :]
    for words in (
        "Người nộp ký và nộp hồ sơ",
        "Hồ sơ vào hàng chờ của cơ quan",
        "Yêu cầu bổ sung",
        "Phạm Minh Châu",
        f"Sổ bảo hiểm xã hội: {makers.WHAT_IS_MISSING}",
        f"Nơi cấp: {makers.WHAT_IS_MISSING}",
        f"Hạn bổ sung: {format_date(request.answer_by)}",
        "Người nộp ký và nộp bổ sung",
        "Thông báo: ",
    ):
        assert words in history
    assert history.index("Người nộp ký và nộp bổ sung") < history.index("Người nộp ký và nộp hồ sơ")


def test_a_decision_stands_above_everything_with_its_officer(
    desk: Client, contributor: User, pensioner: User, officer: User
) -> None:
    approved = makers.approved(contributor, officer, amount_vnd=44_980_714)
    assert "Đã duyệt 44.980.714 đ" in page_of(desk, approved)
    refused = makers.refused(pensioner, officer)
    page = page_of(desk, refused)
    assert "Đã từ chối" in page
    assert makers.decision_of(refused).legal_basis in page


def test_a_settled_dossier_offers_no_acts(desk: Client, contributor: User, officer: User) -> None:
    dossier = makers.approved(contributor, officer)
    html = desk.get(url("dossier", dossier)).content.decode()
    for act in ("propose_approval", "propose_refusal", "supplement", "receive_original"):
        assert url(act, dossier) not in html


def test_what_the_filer_types_for_a_supplement_is_not_shown_before_it_is_signed(
    desk: Client, contributor: User, officer: User
) -> None:
    dossier = makers.supplement_requested(contributor, officer, questions=["identity_issued_by"])
    supplements.answer_questions(dossier, {"identity_issued_by": "Công an tỉnh Cao Bằng"})
    makers.attach(dossier, "so_bhxh", makers.pdf())
    page = page_of(desk, dossier)
    assert "Công an Hà Nội" in page
    assert "Cao Bằng" not in page
    assert ".pdf" not in page
    makers.deliver(makers.sign(makers.fresh(dossier)))
    page = page_of(desk, dossier)
    assert "Công an tỉnh Cao Bằng" in page
    assert "bổ sung lần 1" in page


@pytest.mark.parametrize(
    "name", ["H'Hen Niê", "Y Moan Ênuôl", "Công Tằng Tôn Nữ Nguyễn Phước Thị Hoàng Quỳnh Hương Giang"]
)
def test_any_name_people_bear_is_shown(desk: Client, citizen: Citizen, name: str) -> None:
    dossier = makers.queued(citizen("0120000001", name))
    assert name in page_of(desk, dossier)


def test_what_a_filer_typed_is_never_markup_here(desk: Client, contributor: User) -> None:
    dossier = makers.draft(contributor, identity_issued_by="<script>alert(1)</script>")
    file = makers.SimpleUploadedFile('"><img src=x onerror=alert(1)>.pdf', makers.pdf())
    drafts.attach(dossier, "so_bhxh", file)
    dossier = makers.deliver(makers.sign(makers.fresh(dossier)))
    html = desk.get(url("dossier", dossier)).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_the_number_of_queries_does_not_grow_with_the_dossier(
    desk: Client, contributor: User, pensioner: User, officer: User
) -> None:
    small = makers.queued(contributor)
    makers.refused(pensioner, officer)
    makers.withdrawn(pensioner)
    large = makers.supplemented(pensioner, officer, "dinh_cu", questions=["identity_issued_by"])

    def queries(dossier: Dossier) -> int:
        with CaptureQueriesContext(connection) as captured:
            page_of(desk, dossier)
        return len([one for one in captured if "SAVEPOINT" not in one["sql"]])

    queries(small)
    few = queries(small)
    # The decisions of the earlier dossiers; the request, the content before it and the new papers.
    assert queries(large) <= few + 4
    assert few <= 33
