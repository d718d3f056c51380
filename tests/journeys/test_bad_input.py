"""What nobody should type, typed anyway: each has its own clear message at its own field, what was typed stays
on the page, and nothing is stored half-way."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings

from accounts.models import User
from procedures.forms.builder import StepForm
from procedures.models import Dossier
from procedures.selectors.definitions import procedure_of
from procedures.services import content, drafts
from tests import makers
from tests.journeys.test_procedures import JOURNEYS, NEW_ADDRESS, PAYMENT, PERSON
from tests.journeys.walking import Walk, typed

pytestmark = pytest.mark.django_db

ANSWERS = {journey.procedure: {**PERSON, **PAYMENT, **journey.answers} for journey in JOURNEYS}
OPTION = "Xin chọn một trong các câu trả lời có sẵn."
TO_COME = "chưa tới"
AFTER_THE_LEGAL_DAY = "ngày của quy định đang áp dụng"


def child(number: int, **more: Any) -> dict[str, Any]:
    return {
        "relative_name": f"Con {('Cả', 'Hai', 'Ba', 'Tư', 'Út')[number]}",
        "relation": "con",
        "relative_birth_date": "2005-01-01",
        "relative_sex": "nam",
        "loss_81": False,
        "without_carer": False,
        "choice": "hang_thang",
        **more,
    }


def family(*rows: dict[str, Any], claim: str = "mot_lan") -> dict[str, Any]:
    """The stored answers of the claim, as a family would type them."""
    return {"claim": claim, "two_deceased": False, "relatives": list(rows)}


SIGNS = {"signs_here": True, "relative_bhxh_number": "0119000007", "relative_birth_date": "1980-01-01"}


@dataclass(frozen=True)
class Slip:
    procedure: str
    step: str
    instead: dict[str, Any]  # stored answers to type instead
    raw: dict[str, str]  # text to type instead
    field: str
    words: str  # of the message


SLIPS = [
    Slip(*slip)
    for slip in (
        ("bhxh_mot_lan", "nguoi_nop", {}, {"birth_date": "01/01/2099"}, "birth_date", TO_COME),
        ("bhxh_mot_lan", "nguoi_nop", {}, {"bhxh_number": "12"}, "bhxh_number", "10 chữ số"),
        ("bhxh_mot_lan", "ly_do", {}, {"reason": "tien_nhanh"}, "reason", OPTION),
        ("bhxh_mot_lan", "ly_do", {}, {"left_on": "31/02/2018"}, "left_on", "không có ngày 31"),
        (
            "bhxh_mot_lan",
            "qua_trinh",
            {},
            {"history-1-from_month": "12/2012"},
            "history-1-from_month",
            "trùng tháng",
        ),
        (
            "bhxh_mot_lan",
            "qua_trinh",
            {},
            {"history-0-to_month": "12/2011"},
            "history-0-to_month",
            "Tháng bắt đầu sau tháng kết thúc",
        ),
        (
            "bhxh_mot_lan",
            "qua_trinh",
            {},
            {"history-4-to_month": "03/2023"},
            "history-4-to_month",
            AFTER_THE_LEGAL_DAY,
        ),
        ("bhxh_mot_lan", "qua_trinh", {}, {"history-0-from_month": "01/1935"}, "history", "trên 60 năm"),
        (
            "bhxh_mot_lan",
            "qua_trinh",
            {},
            {"history-0-monthly_wage": "1000000001"},
            "history-0-monthly_wage",
            "không quá 1.000.000.000",
        ),
        ("bhxh_mot_lan", "qua_trinh", {}, {"history-0-wage_kind": "vang"}, "history-0-wage_kind", OPTION),
        (
            "bhxh_mot_lan",
            "qua_trinh",
            {},
            {"history-0-from_month": "13/2012"},
            "history-0-from_month",
            "tháng 13",
        ),
        (
            "tro_cap_dinh_cu",
            "tro_cap",
            {},
            {"months_received": "1000000000"},
            "months_received",
            "không quá 900",
        ),
        ("tro_cap_dinh_cu", "tro_cap", {}, {"years_before_2014": "61"}, "years_before_2014", "không quá 60"),
        ("tro_cap_dinh_cu", "tro_cap", {}, {"monthly_amount": "-4.000.000"}, "monthly_amount", "số âm"),
        ("tro_cap_dinh_cu", "tro_cap", {}, {"paying_province": "atlantis"}, "paying_province", OPTION),
        ("tro_cap_dinh_cu", "dinh_cu", {}, {"settlement_paper": "giay_khac"}, "settlement_paper", OPTION),
        ("tu_tuat", "nguoi_mat", {}, {"death_date": "01/03/1950"}, "death_date", "trước ngày sinh"),
        ("tu_tuat", "nguoi_mat", {}, {"death_date": "20/07/2023"}, "death_date", AFTER_THE_LEGAL_DAY),
        ("tu_tuat", "nguoi_mat", {}, {"death_date": "20/07/2099"}, "death_date", TO_COME),
        ("tu_tuat", "nguoi_mat", {}, {"months_received": "1e9"}, "months_received", "số nguyên"),
        ("tu_tuat", "nguoi_mat", {}, {"drawn_benefit": "xo_so"}, "drawn_benefit", OPTION),
        (
            "tu_tuat",
            "che_do",
            family(*(child(number) for number in range(5)), claim="hang_thang"),
            {},
            "relatives",
            "Nhiều nhất 4 người",
        ),
        (
            "tu_tuat",
            "che_do",
            family(child(1, choice="khong"), child(2, choice="mot_lan", relative_birth_date="2015-01-01")),
            {},
            "relatives-1-choice",
            "Con dưới 6 tuổi",
        ),
        (
            "tu_tuat",
            "che_do",
            family(child(1, choice="mot_lan", loss_81=True)),
            {},
            "relatives-0-choice",
            "suy giảm từ 81%",
        ),
        (
            "tu_tuat",
            "che_do",
            family(child(1, choice="khong", relative_birth_date="2022-07-20")),
            {},
            "relatives-0-relative_birth_date",
            "Ngày sinh sau ngày mất",
        ),
        (
            "tu_tuat",
            "che_do",
            family(child(1, choice="khong", **SIGNS), child(2, choice="khong", **SIGNS)),
            {},
            "relatives-1-relative_bhxh_number",
            "đã ghi cho người khác",
        ),
        (
            "tu_tuat",
            "che_do",
            family(child(1, choice="mot_lan")),
            {"relatives-0-choice": "tat_ca"},
            "relatives-0-choice",
            OPTION,
        ),
        ("huong_tiep", "ly_do", {}, {"stopped_from": "00/2018"}, "stopped_from", "tháng 0"),
        ("huong_tiep", "ly_do", {}, {"stopped_from": "01/2099"}, "stopped_from", TO_COME),
        (
            "di_chuyen",
            "noi_huong",
            {"new_address": {"province": "01", "district": "001", "commune": "00001", "street": "5 Lê Lợi"}},
            {},
            "new_address-province",
            "trùng với nơi đang chi trả",
        ),
        ("di_chuyen", "noi_huong", {}, {"holder_status": "dang_di"}, "holder_status", OPTION),
        ("di_chuyen", "noi_huong", {}, {"paying_province": "ha-noi-2"}, "paying_province", OPTION),
        (
            "di_chuyen",
            "noi_huong",
            {"new_address": {**NEW_ADDRESS, "commune": "00001"}},
            {},
            "new_address-commune",
            "Xin chọn lại",
        ),
        (
            "tro_cap_qd91_613",
            "truong_hop",
            {},
            {"death_date": "20/07/2023"},
            "death_date",
            AFTER_THE_LEGAL_DAY,
        ),
        ("tro_cap_qd91_613", "truong_hop", {}, {"reason": "qd99"}, "reason", OPTION),
        (
            "tro_cap_nha_giao",
            "nha_giao",
            {},
            {"teaching-0-taught_to": "12/1979"},
            "teaching-0-taught_to",
            "Tháng bắt đầu sau tháng kết thúc",
        ),
        (
            "tro_cap_nha_giao",
            "nha_giao",
            {},
            {"monthly_pension": "2,8"},
            "monthly_pension",
            "không có phần lẻ",
        ),
    )
]


@pytest.fixture
def filers(contributor: User, pensioner: User, outsider: User) -> dict[str, User]:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns when it is missing
    return {"contributor": contributor, "pensioner": pensioner, "outsider": outsider}


def finished(filers: dict[str, User], code: str) -> Walk:
    """A draft all of whose steps have been answered well."""
    journey = next(journey for journey in JOURNEYS if journey.procedure == code)
    walk = Walk(filers[journey.filer], code)
    dossier = walk.dossier
    drafts.save_answers(dossier, ANSWERS[code], dossier.revision)
    return walk


def post(
    walk: Walk, step_name: str, instead: dict[str, Any], raw: dict[str, str], action: str = "next"
) -> Any:
    dossier = walk.dossier
    step = procedure_of(dossier).step(step_name)
    data = {**typed(step.questions, {**dossier.answers, **instead}), **raw}
    return walk.browser.post(
        walk.url(f"buoc/{step_name}/"), {**data, "_revision": dossier.revision, "_action": action}
    )


def messages(form: StepForm) -> dict[str, list[str]]:
    """The words at each field, by the name it has on the page."""
    return {
        part[name].html_name: [str(error) for error in errors]
        for part in form.all_forms
        for name, errors in part.errors.items()
    }


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: f"{slip.procedure}-{slip.field}-{slip.words}")
def test_a_slip_has_its_own_message_at_its_own_field(slip: Slip, filers: dict[str, User]) -> None:
    walk = finished(filers, slip.procedure)
    before = walk.dossier
    page = post(walk, slip.step, slip.instead, slip.raw)

    assert page.status_code == 422
    form = page.context["form"]
    found = messages(form)
    assert list(found) == [slip.field]
    assert slip.words in found[slip.field][0]
    shown = {part[name].html_name: part[name].value() for part in form.all_forms for name in part.fields}
    assert slip.raw.items() <= shown.items()  # what was typed is still there
    after = walk.dossier
    assert (after.answers, after.revision) == (before.answers, before.revision)


def test_the_message_stands_in_its_row_whatever_rows_are_wrong_or_empty_above_it(
    filers: dict[str, User],
) -> None:
    walk = finished(filers, "bhxh_mot_lan")
    emptied = dict.fromkeys(("from_month", "to_month", "wage_kind", "monthly_wage"), "")
    raw = {
        "history-0-from_month": "hôm qua",
        **{f"history-1-{name}": text for name, text in emptied.items()},
        "history-3-from_month": "12/2014",
    }
    found = messages(post(walk, "qua_trinh", {}, raw).context["form"])
    assert set(found) == {"history-0-from_month", "history-3-from_month"}
    assert "trùng tháng" in found["history-3-from_month"][0]


def test_an_account_in_another_name_is_a_warning_that_can_be_confirmed(filers: dict[str, User]) -> None:
    walk = finished(filers, "tro_cap_dinh_cu")
    account = {
        "payment_method": "account",
        "bank": "970436",
        "account_number": "0123456789",
        "account_holder": "LE VAN BA",
        "result_delivery": "office",
    }
    answer = post(walk, "nhan_tien", account, {})
    assert answer["Location"].endswith("#xem-lai")
    page = walk.browser.get(walk.url("buoc/nhan_tien/"))
    assert [rule.name for rule in page.context["warnings"]] == ["account_holder_differs"]
    assert "Tên chủ tài khoản khác tên ông/bà." in page.content.decode()
    assert not content.readiness(walk.dossier).is_ready
    confirmed = walk.post_step(
        procedure_of(walk.dossier).step("nhan_tien"), account, _confirm="account_holder_differs"
    )
    assert confirmed["Location"] == walk.url("buoc/nguoi_dai_dien/")


def test_a_transfer_to_where_one_already_is_can_not_be_signed_even_when_it_was_kept_for_later(
    filers: dict[str, User],
) -> None:
    walk = finished(filers, "di_chuyen")
    here = {"province": "01", "district": "001", "commune": "00001", "street": "5 Lê Lợi"}
    assert post(walk, "noi_huong", {"new_address": here}, {}, action="later").status_code == 302
    walk.hand_in()
    page = walk.browser.get(walk.url("kiem-tra/"))
    assert any("trùng với nơi đang chi trả" in gap.words for gap in page.context["gaps"])
    assert walk.browser.get(walk.url("ky/")).status_code == 302


@pytest.mark.parametrize("journey", JOURNEYS, ids=[journey.procedure for journey in JOURNEYS])
def test_a_step_posted_out_of_order_leads_back_and_stores_nothing(
    journey: Any, filers: dict[str, User]
) -> None:
    walk = Walk(filers[journey.filer], journey.procedure)
    before = walk.dossier
    answer = post(walk, "nguoi_dai_dien", {"representative": False}, {})
    assert answer.status_code == 302
    assert answer["Location"] == walk.url("buoc/nguoi_nop/")
    assert walk.dossier.answers == before.answers
    assert walk.browser.post(walk.url("buoc/khong_co/"), {}).status_code == 404


def test_papers_and_answers_of_a_branch_left_behind_are_neither_asked_for_nor_signed(
    filers: dict[str, User],
) -> None:
    dossier = makers.draft(filers["contributor"], "dinh_cu")
    walk = Walk(filers["contributor"], "bhxh_mot_lan")
    assert walk.pk == dossier.pk
    answer = post(walk, "ly_do", {**makers.BRANCHES["sau_mot_nam"], "reason": "sau_mot_nam"}, {})
    assert answer.status_code == 302

    changed: Dossier = walk.dossier
    assert "settlement_paper" not in changed.answers
    assert {file.document for file in changed.attachments.all()} == {"so_bhxh", "thi_thuc_dinh_cu"}
    assert {file.document for file in content.wanted_attachments(changed)} == {"so_bhxh"}
    page = walk.browser.get(walk.url("giay-to/"))
    assert [file.document for file in page.context["left_over"]] == ["thi_thuc_dinh_cu"]
    assert b"thi_thuc_dinh_cu" not in content.signed_content(changed)
