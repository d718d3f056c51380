"""Papers of a draft: files kept or refused each by itself, originals that follow by post."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from procedures.models import Attachment, Dossier
from procedures.services import drafts
from tests import makers
from tests.makers import jpeg, pdf


@pytest.fixture
def draft(contributor: User) -> Dossier:
    """A draft with every answer, that asks for one of five settlement papers; no files yet."""
    draft = makers.draft(contributor, "dinh_cu", settlement_paper=None)
    for attachment in draft.attachments.all():
        drafts.detach(draft, attachment)
    return makers.fresh(draft)


def photo(name: str = "so.jpg", content: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or jpeg(name))


def post(browser: Client, dossier: Dossier, action: str = "upload", **values: Any) -> Any:
    revision = Dossier.objects.get(pk=dossier.pk).revision
    data = {
        "_revision": revision,
        "_action": action,
        **{k.replace("tep_", "tep-"): v for k, v in values.items()},
    }
    return browser.post(f"/ho-so/{dossier.public_id}/giay-to/", data)


def files(dossier: Dossier) -> list[str]:
    return sorted(dossier.attachments.values_list("document", flat=True))


def test_the_page_asks_for_what_the_answers_ask_for(browser: Client, draft: Dossier) -> None:
    page = browser.get(f"/ho-so/{draft.public_id}/giay-to/").content.decode()

    assert "Một trong các giấy tờ về việc định cư" in page
    assert page.count('type="file"') == 6
    assert 'accept="image/jpeg,image/png,image/heic,image/heif,application/pdf"' in page


def test_several_files_go_to_one_paper(browser: Client, draft: Dossier) -> None:
    response = post(browser, draft, tep_so_bhxh=[photo("1.jpg"), photo("2.jpg")])

    assert response.status_code == 302
    assert files(draft) == ["so_bhxh", "so_bhxh"]


def test_a_refused_file_says_so_at_its_paper_and_costs_nothing_else(browser: Client, draft: Dossier) -> None:
    word = SimpleUploadedFile("don.docx", b"PK\x03\x04 word/ ")
    response = post(
        browser,
        draft,
        **{"tep_so_bhxh": [photo(), word], "tep_the_thuong_tru": SimpleUploadedFile("the.pdf", pdf())},
        **{"gui-sau": "ho_chieu_nuoc_ngoai"},
    )
    page = response.content.decode()

    assert response.status_code == 422
    assert 'href="#tep-so_bhxh"' in page
    assert "don.docx: Tệp này là Word" in page
    assert files(draft) == ["so_bhxh", "the_thuong_tru"]
    assert Dossier.objects.get(pk=draft.pk).follows_on_paper == ["ho_chieu_nuoc_ngoai"]


def test_going_on_names_what_is_missing(browser: Client, draft: Dossier) -> None:
    page = post(browser, draft, "next").content.decode()

    assert "Cần sửa 2 chỗ" in page
    assert "một trong các giấy tờ này" in page


def test_any_one_paper_of_a_group_is_enough(browser: Client, draft: Dossier) -> None:
    response = post(browser, draft, "next", tep_so_bhxh=photo(), tep_thi_thuc_dinh_cu=photo())

    assert response["Location"] == f"/ho-so/{draft.public_id}/kiem-tra/"


def test_an_original_may_follow_by_post(browser: Client, draft: Dossier) -> None:
    response = post(browser, draft, "next", **{"gui-sau": ["so_bhxh", "the_thuong_tru", "don_14hsb", "<b>"]})

    assert response["Location"] == f"/ho-so/{draft.public_id}/kiem-tra/"
    assert Dossier.objects.get(pk=draft.pk).follows_on_paper == ["so_bhxh", "the_thuong_tru"]


def test_a_file_is_taken_out_while_another_is_sent(browser: Client, draft: Dossier) -> None:
    post(browser, draft, tep_so_bhxh=photo())
    old = draft.attachments.get()
    post(browser, draft, "", tep_so_bhxh=photo("moi.jpg"), _remove=str(old.public_id))

    assert [attachment.name for attachment in draft.attachments.all()] == ["moi.jpg"]


@pytest.mark.parametrize("raw", ["abc", "", "00000000-0000-0000-0000-000000000000", "<b>"])
def test_taking_out_what_is_not_there_does_nothing(browser: Client, draft: Dossier, raw: str) -> None:
    assert post(browser, draft, _remove=raw).status_code == 302


def test_nobody_takes_out_a_file_of_somebody_else(browser: Client, draft: Dossier, outsider: User) -> None:
    others = makers.draft(outsider).attachments.get()
    post(browser, draft, _remove=str(others.public_id))

    assert Attachment.objects.filter(pk=others.pk).exists()


def test_files_of_a_branch_that_was_left_are_no_longer_needed(browser: Client, draft: Dossier) -> None:
    post(browser, draft, tep_the_thuong_tru=photo("the.jpg"))
    current = Dossier.objects.get(pk=draft.pk)
    drafts.save_answers(current, {"reason": "benh_hiem_ngheo", "disease": "ung_thu"}, current.revision)
    page = browser.get(f"/ho-so/{draft.public_id}/giay-to/").content.decode()

    assert "Tệp không cần nữa" in page
    assert "the.jpg" in page


def test_a_paper_nobody_asked_for_is_refused(browser: Client, draft: Dossier) -> None:
    assert post(browser, draft, tep_qd_phuc_vien=photo()).status_code == 422
    assert files(draft) == []


def test_ticks_from_an_old_page_are_not_kept_but_files_are(browser: Client, draft: Dossier) -> None:
    response = browser.post(
        f"/ho-so/{draft.public_id}/giay-to/", {"_revision": "0", "gui-sau": "so_bhxh", "tep-so_bhxh": photo()}
    )

    assert response.status_code == 422
    assert files(draft) == ["so_bhxh"]
    assert Dossier.objects.get(pk=draft.pk).follows_on_paper == []


def test_work_is_saved_for_later(browser: Client, draft: Dossier) -> None:
    assert post(browser, draft, "later", tep_so_bhxh=photo())["Location"] == "/ho-so/"
    assert files(draft) == ["so_bhxh"]


def test_too_many_files_at_once_are_named_and_the_first_twenty_kept(browser: Client, draft: Dossier) -> None:
    response = post(browser, draft, tep_so_bhxh=[photo(f"{number}.jpg") for number in range(23)])

    assert response.status_code == 422
    assert response.content.decode().count("nhiều nhất 20 tệp") == 2 * 3  # in the summary and at the paper
    assert len(files(draft)) == 20
