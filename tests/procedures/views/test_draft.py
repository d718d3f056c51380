"""A draft: begun, filled in step by step, resumed, never mixed up, never lost."""

import pytest
from django.test import Client

from accounts.models import User
from procedures import catalogue
from procedures.models import Dossier
from procedures.services import drafts
from procedures.services.calendar import legal_date
from tests import makers
from tests.procedures.forms.probes import PROBES
from tests.procedures.views.steps import HISTORY, PERSON, REASON, STEPS, post, step_url


@pytest.fixture
def draft(contributor: User) -> Dossier:
    """A draft just begun."""
    return drafts.start_draft(contributor, catalogue.procedure_on("bhxh_mot_lan", legal_date()))


def fresh(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def test_who_is_not_logged_in_comes_back_to_the_start(visitor: Client, db: None) -> None:
    response = visitor.get("/thu-tuc/bhxh_mot_lan/bat-dau/")

    assert response.status_code == 302
    assert response["Location"].endswith("?next=/thu-tuc/bhxh_mot_lan/bat-dau/")


def test_a_draft_begins_with_what_the_registration_knows(browser: Client, contributor: User) -> None:
    response = browser.post("/thu-tuc/bhxh_mot_lan/bat-dau/", follow=True)
    page = response.content.decode()

    assert Dossier.objects.filter(filer=contributor).count() == 1
    assert 'value="Nguyễn Thị Hằng"' in page
    assert 'value="01/02/1960"' in page
    assert "Bước 1/8" in page


def test_starting_again_leads_back_to_the_open_draft(browser: Client, draft: Dossier) -> None:
    post(browser, draft, "nguoi_nop", PERSON)
    response = browser.post("/thu-tuc/bhxh_mot_lan/bat-dau/")

    assert response["Location"] == step_url(draft, "ly_do")
    assert Dossier.objects.count() == 1


def test_the_whole_form_leads_to_the_papers(browser: Client, draft: Dossier) -> None:
    for name, values in STEPS.items():
        response = post(browser, draft, name, values)
        assert response.status_code == 302, response.context["form"].errors

    assert response["Location"] == f"/ho-so/{draft.public_id}/giay-to/"
    answers = fresh(draft).answers
    assert answers["phone"] == "0919000001"
    assert answers["address"]["commune"] == "00001"
    assert answers["history"][0]["monthly_wage"] == 4_000_000


def test_wrong_input_keeps_every_typed_value_and_stores_nothing(browser: Client, draft: Dossier) -> None:
    before = draft.answers
    typed = {**PERSON, "birth_date": "31/02/1960", "identity_issued_by": "Công an <b>"}
    response = post(browser, draft, "nguoi_nop", typed)
    page = response.content.decode()

    assert response.status_code == 422
    assert 'href="#id_birth_date"' in page
    assert 'value="31/02/1960"' in page
    assert 'value="+84 919000001"' in page
    assert "Công an &lt;b&gt;" in page
    assert fresh(draft).answers == before


def test_an_answer_opens_questions_without_scripts(browser: Client, draft: Dossier) -> None:
    post(browser, draft, "nguoi_nop", PERSON)
    typed = {"reason": "sau_mot_nam", "army_regional_allowance": "khong", "_shown": "reason"}
    response = post(browser, draft, "ly_do", typed)
    page = response.content.decode()

    assert "Xin trả lời thêm" in page
    assert 'name="left_on"' in page
    assert "has-error" not in page
    assert "reason" not in fresh(draft).answers


def test_a_script_gets_only_what_has_changed(browser: Client, draft: Dossier) -> None:
    post(browser, draft, "nguoi_nop", PERSON)
    typed = {"reason": "dinh_cu", "_shown": "reason army_regional_allowance", "_changed": "reason"}
    page = post(browser, draft, "ly_do", typed, "refresh", headers={"HX-Request": "true"}).content.decode()

    assert 'id="q-settlement_paper" data-hx-swap-oob="true"' in page
    assert "<html" not in page
    assert 'name="reason"' not in page


def test_the_districts_follow_the_province(browser: Client, draft: Dossier) -> None:
    typed = {**PERSON, "address-province": "79", "_changed": "address-province"}
    typed["_shown"] = " ".join(typed)
    headers = {"HX-Request": "true"}
    page = post(browser, draft, "nguoi_nop", typed, "refresh", headers=headers).content.decode()

    assert "Quận 1" in page
    assert 'name="address-street"' not in page


def test_rows_are_added_and_removed_without_scripts(browser: Client, contributor: User) -> None:
    draft = makers.draft(contributor)
    typed = {**HISTORY, "history-0-from_month": "tháng một"}
    page = post(browser, draft, "qua_trinh", typed, "add:history").content.decode()

    assert 'value="tháng một"' in page
    assert 'name="history-1-from_month"' in page
    assert "has-error" not in page
    page = post(browser, draft, "qua_trinh", typed, "remove:history:0").content.decode()
    assert 'value="tháng một"' not in page


def test_a_warning_is_confirmed_once_and_never_a_wall(browser: Client, draft: Dossier) -> None:
    post(browser, draft, "nguoi_nop", PERSON)
    typed = {**REASON, "contributes_again": "co"}
    response = post(browser, draft, "ly_do", typed)
    assert response["Location"] == f"{step_url(draft, 'ly_do')}#xem-lai"
    assert "Tôi đã xem lại và vẫn giữ" in browser.get(step_url(draft, "ly_do")).content.decode()

    response = post(browser, draft, "ly_do", {**typed, "_confirm": "contributes_again"})
    assert response["Location"] == step_url(draft, "qua_trinh")
    assert fresh(draft).confirmed_warnings == ["contributes_again"]
    assert post(browser, draft, "ly_do", typed)["Location"] == step_url(draft, "qua_trinh")


def test_only_warnings_that_stand_there_can_be_confirmed(browser: Client, draft: Dossier) -> None:
    post(browser, draft, "nguoi_nop", PERSON)
    post(browser, draft, "ly_do", {**REASON, "_confirm": ["x" * 500, "has_twenty_years"]})

    assert fresh(draft).confirmed_warnings == []


def test_unfinished_work_is_saved_for_later(browser: Client, draft: Dossier) -> None:
    typed = {**PERSON, "identity_issued_on": "", "identity_issued_by": "Công an Hà Nội"}
    response = post(browser, draft, "nguoi_nop", typed, "later")

    assert response["Location"] == "/ho-so/"
    assert fresh(draft).answers["identity_issued_by"] == "Công an Hà Nội"
    page = browser.get("/ho-so/").content.decode()
    assert "Đang ở bước 1/8" in page
    assert step_url(draft, "nguoi_nop") in page


def test_what_cannot_be_read_is_not_saved_for_later_either(browser: Client, draft: Dossier) -> None:
    response = post(browser, draft, "nguoi_nop", {**PERSON, "phone": "abc"}, "later")

    assert response.status_code == 422
    assert 'value="abc"' in response.content.decode()


def test_a_page_from_an_older_revision_saves_nothing_and_keeps_what_was_typed(
    browser: Client, draft: Dossier
) -> None:
    old = draft.revision
    post(browser, draft, "nguoi_nop", PERSON)
    response = post(browser, draft, "nguoi_nop", {**PERSON, "full_name": "Hằng Nga"}, revision=old)
    page = response.content.decode()

    assert response.status_code == 409
    assert 'value="Hằng Nga"' in page
    assert "cửa sổ hoặc thiết bị khác" in page
    assert fresh(draft).answers["full_name"] == "Nguyễn Thị Hằng"
    assert f'name="_revision" value="{fresh(draft).revision}"' in " ".join(page.split())


def test_pressing_save_twice_is_no_conflict(browser: Client, draft: Dossier) -> None:
    old = draft.revision
    for _ in range(2):
        response = post(browser, draft, "nguoi_nop", PERSON, revision=old)
        assert response["Location"] == step_url(draft, "ly_do")


@pytest.mark.parametrize("revision", ["", "abc", "1e9", "-1", "９", "9" * 50])
def test_a_mangled_revision_is_an_old_one(browser: Client, draft: Dossier, revision: str) -> None:
    assert post(browser, draft, "nguoi_nop", PERSON, revision=revision).status_code == 409


def test_a_step_out_of_order_leads_to_the_one_that_is_missing(browser: Client, draft: Dossier) -> None:
    for response in (browser.get(step_url(draft, "nhan_tien")), post(browser, draft, "nhan_tien", {})):
        assert response["Location"] == step_url(draft, "nguoi_nop")
    assert "làm xong bước này trước" in browser.get(step_url(draft, "nguoi_nop")).content.decode()


def test_pages_after_the_steps_wait_for_them(browser: Client, draft: Dossier) -> None:
    for page in ("giay-to", "kiem-tra"):
        response = browser.get(f"/ho-so/{draft.public_id}/{page}/")
        assert response["Location"] == step_url(draft, "nguoi_nop")


def test_an_unknown_step_is_no_page(browser: Client, draft: Dossier) -> None:
    assert browser.get(step_url(draft, "khong-co")).status_code == 404


def test_a_filed_dossier_is_no_draft_any_more(browser: Client, contributor: User) -> None:
    filed = makers.filed(contributor)
    response = post(browser, filed, "nguoi_nop", {**PERSON, "full_name": "Người Khác"})

    assert response["Location"] == f"/ho-so/{filed.public_id}/"
    assert fresh(filed).answers["full_name"] == "Nguyễn Thị Hằng"


def test_the_estimate_follows_what_is_being_typed(browser: Client, contributor: User) -> None:
    draft = makers.draft(contributor)
    typed = {**HISTORY, "_shown": " ".join(HISTORY), "_changed": "history"}
    headers = {"HX-Request": "true"}
    page = post(browser, draft, "qua_trinh", typed, "refresh", headers=headers).content.decode()

    assert 'id="uoc-tinh"' in page
    assert "Luật Bảo hiểm xã hội số 58/2014/QH13" in page
    assert fresh(draft).answers["history"] != typed


def test_a_draft_is_deleted_only_when_asked_twice(browser: Client, contributor: User) -> None:
    draft = makers.draft(contributor)
    address = f"/ho-so/{draft.public_id}/xoa/"

    assert "Xóa bản nháp này?" in browser.get(address).content.decode()
    assert Dossier.objects.exists()
    assert browser.post(address)["Location"] == "/ho-so/"
    assert not Dossier.objects.exists()


@pytest.mark.parametrize("probe", PROBES)
@pytest.mark.parametrize("name", STEPS)
def test_a_step_bears_whatever_is_typed(browser: Client, contributor: User, name: str, probe: str) -> None:
    draft = makers.draft(contributor)
    stored, value = fresh(draft).answers, PROBES[probe]
    typed = {**dict.fromkeys(STEPS[name], value), "_shown": " ".join(STEPS[name])}
    extra = {"status": "approved", "filer": "1", "is_staff": "1", f"{name}[]": value}
    for action in ("next", "later", "refresh"):
        response = post(browser, draft, name, {**typed, **extra}, action)
        assert response.status_code in (200, 302, 400, 409, 422)
        if response.status_code == 422:
            assert b"<script>alert(1)" not in response.content
            assert fresh(draft).answers == stored
    assert fresh(draft).status == "draft"


def test_bytes_that_are_no_text_are_answered(browser: Client, draft: Dossier) -> None:
    body = b"full_name=%ff%fe%00&birth_date=%C0%80&sex=nu&sex=nam&_revision=0&address-province=%F0%9F"
    response = browser.post(step_url(draft, "nguoi_nop"), body, "application/x-www-form-urlencoded")

    assert response.status_code == 422


def test_a_megabyte_is_refused_before_it_is_read(browser: Client, draft: Dossier) -> None:
    response = post(browser, draft, "nguoi_nop", {**PERSON, "full_name": "x" * 1_100_000})

    assert response.status_code == 400
