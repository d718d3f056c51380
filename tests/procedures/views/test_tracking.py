"""The dossier after filing: its own page, supplements, withdrawal, and following it without a login."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Throttle, User
from portal.lib.identifiers import reference
from procedures.models import Dossier
from tests import makers
from tests.makers import pdf


def address(dossier: Dossier, page: str = "") -> str:
    return f"/ho-so/{dossier.public_id}/{page}"


def page_of(browser: Client, dossier: Dossier, page: str = "") -> str:
    return str(browser.get(address(dossier, page)).content.decode())


def test_the_page_says_who_acts_next_and_when(browser: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)
    page = page_of(browser, dossier)

    assert dossier.reference in page
    assert "không cần làm gì" in page
    assert f"{dossier.due_on:%d/%m/%Y}" in page
    assert "Ông/bà đã ký và nộp hồ sơ" in page
    assert "giay-tiep-nhan.pdf" in page
    assert "Rút hồ sơ" in page


def test_an_awaited_original_is_named(browser: Client, contributor: User) -> None:
    page = page_of(browser, makers.queued(contributor, on_paper=["so_bhxh"]))

    assert "đang chờ bản giấy" in page
    assert "Sổ bảo hiểm xã hội" in page


def test_the_decision_is_read_there_and_fetched(browser: Client, contributor: User, officer: User) -> None:
    dossier = makers.approved(contributor, officer, amount_vnd=44_980_714)
    page = page_of(browser, dossier)

    assert "44.980.714" in page
    assert "Rút hồ sơ" not in page
    assert browser.get(address(dossier, "ket-qua.pdf")).content.startswith(b"%PDF")


def test_a_refusal_comes_with_its_reason_and_article(
    browser: Client, contributor: User, officer: User
) -> None:
    page = page_of(browser, makers.refused(contributor, officer, reason_code="dang_dong"))

    assert "Hồ sơ không được giải quyết" in page
    assert "115/2015" in page
    assert "khiếu nại" in page


def test_the_answers_as_signed_can_be_read_again(browser: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)
    attachment = dossier.attachments.get()
    page = page_of(browser, dossier)

    assert "Công an Hà Nội" in page
    assert address(dossier, f"tep/{attachment.public_id}/") in page


def test_a_draft_leads_back_to_where_it_was_left(browser: Client, contributor: User) -> None:
    draft = makers.draft(contributor)

    assert browser.get(address(draft))["Location"] == address(draft, "kiem-tra/")


def test_a_dossier_is_withdrawn_only_when_asked_twice(browser: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)
    assert "Rút hồ sơ này?" in page_of(browser, dossier, "rut/")
    assert Dossier.objects.get().status == "queued"

    assert browser.post(address(dossier, "rut/"))["Location"] == address(dossier)
    assert Dossier.objects.get().status == "withdrawn"
    assert browser.post(address(dossier, "rut/"))["Location"] == address(dossier)


def test_a_decided_dossier_is_not_withdrawn(browser: Client, contributor: User, officer: User) -> None:
    dossier = makers.approved(contributor, officer)

    assert browser.post(address(dossier, "rut/"))["Location"] == address(dossier)
    assert Dossier.objects.get().status == "approved"


# --- supplements ----------------------------------------------------------------------------------


@pytest.fixture
def asked(contributor: User, officer: User) -> Dossier:
    return makers.supplement_requested(contributor, officer, questions=["identity_issued_by"])


def supplement(browser: Client, dossier: Dossier, action: str = "next", **values: Any) -> Any:
    data = {"_action": action, **{name.replace("tep_", "tep-"): value for name, value in values.items()}}
    return browser.post(address(dossier, "bo-sung/"), data)


def book() -> SimpleUploadedFile:
    return SimpleUploadedFile("so.pdf", pdf())


def test_the_request_and_its_reason_are_on_the_page(browser: Client, asked: Dossier) -> None:
    assert makers.WHAT_IS_MISSING in page_of(browser, asked)
    page = page_of(browser, asked, "bo-sung/")
    assert makers.WHAT_IS_MISSING in page
    assert 'name="identity_issued_by"' in page
    assert 'name="full_name"' not in page


def test_the_filer_answers_and_signs_again(browser: Client, asked: Dossier) -> None:
    typed = {"identity_issued_by": "Công an Hưng Yên"}
    response = supplement(browser, asked, tep_so_bhxh=book(), **typed)
    assert response["Location"] == address(asked, "ky/")
    assert Dossier.objects.get().answers["identity_issued_by"] == "Công an Hưng Yên"

    makers.sign(makers.fresh(asked))
    page = page_of(browser, asked, "da-nop/")
    assert "Đã nộp phần bổ sung" in page


def test_what_is_missing_stands_at_its_paper_and_nothing_is_lost(browser: Client, asked: Dossier) -> None:
    response = supplement(browser, asked, identity_issued_by="")
    page = response.content.decode()
    assert response.status_code == 422
    assert "Xin tải giấy tờ này lên" in page
    assert "Xin điền mục này" in page

    supplement(browser, asked, "upload", tep_so_bhxh=book(), identity_issued_by="Công an Hưng Yên")
    assert "so.pdf" in page_of(browser, asked, "bo-sung/")
    assert Dossier.objects.get().answers["identity_issued_by"] == "Công an Hưng Yên"


def test_signing_waits_for_the_papers(browser: Client, asked: Dossier) -> None:
    assert browser.get(address(asked, "ky/"))["Location"] == address(asked, "bo-sung/")


def test_only_the_named_answers_reopen(browser: Client, asked: Dossier) -> None:
    typed = {"identity_issued_by": "Công an Hưng Yên", "full_name": "Người Khác"}
    supplement(browser, asked, tep_so_bhxh=book(), **typed)

    assert Dossier.objects.get().answers["full_name"] == "Nguyễn Thị Hằng"


def test_without_a_request_there_is_nothing_to_supplement(browser: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)

    assert browser.get(address(dossier, "bo-sung/"))["Location"] == address(dossier)


def test_the_request_is_fetched_as_a_paper(browser: Client, asked: Dossier) -> None:
    request = asked.supplement_requests.get()

    paper = browser.get(address(asked, f"yeu-cau-bo-sung/{request.pk}.pdf"))
    assert paper.content.startswith(b"%PDF")
    assert browser.get(address(asked, f"yeu-cau-bo-sung/{request.pk + 1}.pdf")).status_code == 404


# --- without a login ------------------------------------------------------------------------------


def track(visitor: Client, typed: str | None, number: str) -> Any:
    return visitor.post("/tra-cuu/", {"reference": typed, "bhxh_number": number})


def test_two_things_on_the_receipt_show_where_the_dossier_is(visitor: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)
    assert dossier.reference
    typed = dossier.reference.lower().replace("-", " ")
    page = track(visitor, typed, "0119 000 001").content.decode()

    assert "Đang giải quyết" in page
    assert "BHXH Thành phố Hà Nội" in page
    assert f"{dossier.due_on:%d/%m/%Y}" in page
    for private in ("Hằng", contributor.phone, contributor.email, "001160000018"):
        assert private not in page


def test_a_wrong_number_and_an_unknown_reference_get_the_same_answer(
    visitor: Client, contributor: User, offices: dict[str, Any]
) -> None:
    dossier = makers.queued(contributor)
    unknown = reference("001", date(2019, 8, 20), 99)
    answers = [
        track(visitor, dossier.reference, "0119000002"),
        track(visitor, unknown, "0119000001"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert all("Không tìm thấy hồ sơ" in answer.content.decode() for answer in answers)


def test_the_reference_of_the_receipt_is_filled_in(visitor: Client, db: None) -> None:
    page = visitor.get("/tra-cuu/", {"ma": 'DEMO-001"><script>'}).content.decode()

    assert "DEMO-001&quot;&gt;" in page


@pytest.mark.parametrize("typed", ["", "x", "DEMO-001-190820-0001-A", "x" * 5000, "\x00", "＋"])
def test_what_is_no_reference_gets_words_at_the_field(visitor: Client, db: None, typed: str) -> None:
    assert track(visitor, typed, "0119000001").status_code == 422


def test_guessing_is_slowed_down(visitor: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)
    for _ in range(10):
        track(visitor, dossier.reference, "0119000002")

    assert track(visitor, dossier.reference, "0119000001").status_code == 429
    Throttle.objects.all().delete()
    assert track(visitor, dossier.reference, "0119000001").status_code == 200
