"""Checking, signing with a code, and the receipt: once, whatever is pressed how often."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import TransactionCode, User
from accounts.services import codes
from portal.lib.digests import short_digest
from procedures.models import Dispatch, Dossier, Filing
from procedures.services import content, drafts
from tests import makers


@pytest.fixture
def draft(contributor: User) -> Dossier:
    return makers.draft(contributor)


def address(dossier: Dossier, page: str) -> str:
    return f"/ho-so/{dossier.public_id}/{page}"


def ask(browser: Client, dossier: Dossier, channel: str = "email") -> Any:
    return browser.post(address(dossier, "ky/"), {"channel": channel})


def digits() -> str:
    return codes.derive(TransactionCode.objects.latest("pk"))


def type_in(browser: Client, dossier: Dossier, code: str) -> Any:
    return browser.post(address(dossier, "ky/ma/"), {"code": code})


def test_the_check_page_shows_the_whole_dossier(browser: Client, draft: Dossier) -> None:
    page = browser.get(address(draft, "kiem-tra/")).content.decode()

    assert "Nguyễn Thị Hằng" in page
    assert "Phường Phúc Xá, Quận Ba Đình, Thành phố Hà Nội" in page
    assert "BHXH Thành phố Hà Nội" in page
    assert "5 ngày làm việc" in page
    assert "Ước tính khoảng" in page
    assert short_digest(content.digest_of(draft)) in page
    assert f'href="{address(draft, "buoc/ly_do/")}"' in page


def test_the_check_page_leads_to_what_is_missing(browser: Client, draft: Dossier) -> None:
    drafts.detach(draft, draft.attachments.get())
    page = browser.get(address(draft, "kiem-tra/")).content.decode()

    assert "Còn 1 chỗ chưa xong" in page
    assert f"{address(draft, 'giay-to/')}#div_tep-so_bhxh" in page
    assert "Đúng rồi, ký và nộp" not in page


def test_an_unfinished_draft_is_not_signed(browser: Client, draft: Dossier) -> None:
    drafts.detach(draft, draft.attachments.get())
    for page in ("ky/", "ky/ma/"):
        assert browser.get(address(draft, page))["Location"] == address(draft, "kiem-tra/")
    assert ask(browser, draft)["Location"] == address(draft, "kiem-tra/")
    assert not TransactionCode.objects.exists()


def test_only_masked_contacts_are_offered(browser: Client, draft: Dossier, contributor: User) -> None:
    page = browser.get(address(draft, "ky/")).content.decode()

    assert contributor.email not in page
    assert contributor.phone not in page
    assert "01•••@example.vn" in page


def test_without_a_confirmed_contact_the_page_says_what_to_do(
    browser: Client, draft: Dossier, contributor: User
) -> None:
    User.objects.filter(pk=contributor.pk).update(phone_confirmed_at=None, email_confirmed_at=None)
    page = browser.get(address(draft, "ky/")).content.decode()

    assert f'href="{reverse("accounts:account")}"' in page
    assert "Gửi mã cho tôi" not in page
    assert ask(browser, draft).status_code == 422


@pytest.mark.parametrize("channel", ["", "fax", "<b>", "x" * 9000])
def test_an_unknown_way_sends_nothing(browser: Client, draft: Dossier, channel: str) -> None:
    assert ask(browser, draft, channel).status_code == 422
    assert not TransactionCode.objects.exists()


def test_the_code_page_says_whether_the_code_has_gone(browser: Client, draft: Dossier) -> None:
    assert ask(browser, draft)["Location"] == address(draft, "ky/ma/")
    page = browser.get(address(draft, "ky/ma/")).content.decode()
    assert "Đang gửi mã đến" in page
    assert "<noscript>" in page

    TransactionCode.objects.update(delivered_at=timezone.now())
    part = browser.get(address(draft, "ky/ma/"), headers={"HX-Request": "true"}).content.decode()
    assert "Đã gửi mã đến" in part
    assert "data-countdown" in part
    assert "<html" not in part


def test_asking_again_too_soon_leads_to_the_code_that_is_there(browser: Client, draft: Dossier) -> None:
    ask(browser, draft)
    response = ask(browser, draft)

    assert response["Location"] == address(draft, "ky/ma/")
    assert TransactionCode.objects.count() == 1
    assert "chờ" in browser.get(address(draft, "ky/ma/")).content.decode()


def test_a_right_code_files_and_leads_to_the_receipt(browser: Client, draft: Dossier) -> None:
    ask(browser, draft)
    code = digits()
    response = type_in(browser, draft, f"{code[:4]} {code[4:]}")
    filed = Dossier.objects.get(pk=draft.pk)

    assert response["Location"] == address(draft, "da-nop/")
    page = browser.get(response["Location"]).content.decode()
    assert filed.reference in page
    assert "BHXH Thành phố Hà Nội" in page


def test_a_wrong_code_keeps_the_filer_there_calmly(browser: Client, draft: Dossier) -> None:
    ask(browser, draft)
    wrong = f"{(int(digits()) + 1) % 10**8:08d}"
    response = type_in(browser, draft, wrong)
    page = response.content.decode()

    assert response.status_code == 422
    assert "Mã không đúng hoặc không còn dùng được" in page
    assert wrong not in page
    assert Dossier.objects.get(pk=draft.pk).status == "draft"
    assert TransactionCode.objects.get().tries == 1


@pytest.mark.parametrize("typed", ["", "1234", "１２３４５６７８", "abcdefgh", "1" * 2000, "<b>"])
def test_what_cannot_be_a_code_costs_no_try(browser: Client, draft: Dossier, typed: str) -> None:
    ask(browser, draft)

    assert type_in(browser, draft, typed).status_code == 422
    assert TransactionCode.objects.get().tries == 0


def test_a_changed_dossier_has_no_code_any_more(browser: Client, draft: Dossier) -> None:
    ask(browser, draft)
    code = digits()
    current = Dossier.objects.get(pk=draft.pk)
    drafts.save_answers(current, {"identity_issued_by": "Công an Hưng Yên"}, current.revision)
    response = type_in(browser, draft, code)

    assert response.status_code == 422
    assert "Chưa có mã nào còn dùng được" in response.content.decode()
    assert not Filing.objects.exists()


def test_filing_twice_gives_one_dossier_and_the_same_receipt(browser: Client, draft: Dossier) -> None:
    ask(browser, draft)
    code = digits()
    first, second = type_in(browser, draft, code), type_in(browser, draft, code)

    assert first["Location"] == second["Location"] == address(draft, "da-nop/")
    assert Filing.objects.count() == Dispatch.objects.count() == 1
    assert browser.get(address(draft, "ky/ma/"))["Location"] == address(draft, "da-nop/")
    assert browser.get(address(draft, "ky/"))["Location"] == address(draft, "")


def test_the_receipt_waits_for_the_promised_day_and_then_has_it(browser: Client, draft: Dossier) -> None:
    makers.sign(draft)
    page = browser.get(address(draft, "da-nop/")).content.decode()
    assert "Giấy hẹn có sau vài giây" in page
    assert browser.get(address(draft, "giay-tiep-nhan.pdf"))["Location"] == address(draft, "da-nop/")

    due = makers.deliver(makers.fresh(draft)).due_on
    part = browser.get(address(draft, "da-nop/"), headers={"HX-Request": "true"}).content.decode()
    assert f"{due:%d/%m/%Y}" in part
    assert "giay-tiep-nhan.pdf" in part
    assert "<html" not in part


def test_a_draft_has_no_receipt(browser: Client, draft: Dossier) -> None:
    assert browser.get(address(draft, "da-nop/"))["Location"] == address(draft, "kiem-tra/")
    assert browser.get(address(draft, "giay-tiep-nhan.pdf")).status_code == 404
