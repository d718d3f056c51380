"""Cases of the seven procedures: answers in, papers, office, limit and amount out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from procedures.catalogue import procedure_on
from procedures.domain.answers import broken_rules
from procedures.domain.completeness import documents_for
from procedures.domain.deadlines import promised_limit
from procedures.domain.definition import Verdict
from procedures.domain.estimate import reckon
from procedures.domain.precheck import outcome
from procedures.domain.routing import competent_office

DAY = date(2019, 8, 20)
OFFICES = {"01": "ha-noi", "79": "ho-chi-minh", "40": "nghe-an"}
SETTLEMENT = {
    "thoi_quoc_tich",
    "ho_chieu_nuoc_ngoai",
    "thi_thuc_dinh_cu",
    "dang_nhap_tich",
    "the_thuong_tru",
}
HANOI = {"address": {"province": "01"}}


@dataclass(frozen=True)
class Case:
    title: str
    procedure: str
    answers: Mapping[str, Any]
    papers: set[str]
    limit: str = ""
    office: str = "ha-noi"
    onward: str | None = None
    total: int | None = None
    broken: set[str] = field(default_factory=set)


def wages(*rows: tuple[str, str, int]) -> dict[str, Any]:
    return {
        "history": [
            {"from_month": first, "to_month": last, "wage_kind": "employer", "monthly_wage": wage}
            for first, last, wage in rows
        ]
    }


WITHDRAWAL = {"so_bhxh", "don_14hsb"}

CASES = [
    Case(
        "one year after leaving",
        "bhxh_mot_lan",
        {
            **HANOI,
            "reason": "sau_mot_nam",
            "left_on": "2018-01-31",
            **wages(("2016-01", "2017-12", 5_000_000)),
        },
        WITHDRAWAL,
        "5 working_days",
        total=21_100_000,  # (12 × 1.07 + 12 × 1.04) : 24 × 5,000,000 × 4
    ),
    Case(
        "left half a year ago",
        "bhxh_mot_lan",
        {
            **HANOI,
            "reason": "sau_mot_nam",
            "left_on": "2019-02-28",
            **wages(("2018-01", "2018-12", 5_000_000)),
        },
        WITHDRAWAL,
        "5 working_days",
        total=10_000_000,
        broken={"left_recently"},
    ),
    Case(
        "settling abroad with a residence card",
        "bhxh_mot_lan",
        {**HANOI, "reason": "dinh_cu", "settlement_paper": "the_thuong_tru"},
        {*WITHDRAWAL, "the_thuong_tru"},
    ),
    Case(
        "settling abroad, paper not chosen",
        "bhxh_mot_lan",
        {**HANOI, "reason": "dinh_cu"},
        WITHDRAWAL | SETTLEMENT,
    ),
    Case(
        "cancer",
        "bhxh_mot_lan",
        {**HANOI, "reason": "benh_hiem_ngheo", "disease": "ung_thu"},
        {*WITHDRAWAL, "ho_so_benh_an"},
    ),
    Case(
        "another disease",
        "bhxh_mot_lan",
        {**HANOI, "reason": "benh_hiem_ngheo", "disease": "benh_khac"},
        {*WITHDRAWAL, "bien_ban_gdyk"},
    ),
    Case(
        "demobilised, served in a regional-allowance area, someone else collects",
        "bhxh_mot_lan",
        {**HANOI, "reason": "phuc_vien", "army_regional_allowance": True, "representative": True},
        {*WITHDRAWAL, "qd_phuc_vien", "khai_phu_cap_khu_vuc", "uy_quyen"},
    ),
    Case(
        "too young for the pension age",
        "bhxh_mot_lan",
        {**HANOI, "reason": "du_tuoi", "sex": "nu", "birth_date": "1970-01-01", "lower_age": False},
        WITHDRAWAL,
        broken={"below_pension_age"},
    ),
    Case(
        "pensioner settling abroad",
        "tro_cap_dinh_cu",
        {
            **HANOI,
            "benefit": "luong_huu",
            "paying_province": "nghe-an",
            "monthly_amount": 4_000_000,
            "months_received": 12,
            "years_before_2014": 22,
            "years_from_2014": 2,
            "settlement_paper": "ho_chieu_nuoc_ngoai",
        },
        {"don_14hsb", "ho_chieu_nuoc_ngoai"},
        "10 days",
        office="nghe-an",
        total=124_000_000,
    ),
    Case(
        "someone with another allowance settling abroad",
        "tro_cap_dinh_cu",
        {"benefit": "tro_cap_hang_thang", "paying_province": "ha-noi", "monthly_amount": 2_000_000},
        {"don_14hsb"} | SETTLEMENT,
        "10 days",
        total=6_000_000,
    ),
    Case(
        "survivors of a pensioner, one-time, filed at the paying place",
        "tu_tuat",
        {
            **HANOI,
            "death_date": "2019-07-20",
            "deceased_status": "dang_huong",
            "drawn_benefit": "luong_huu",
            "monthly_amount": 4_000_000,
            "months_received": 26,
            "office_choice": "noi_chi_tra",
            "paying_province": "nghe-an",
            "arranged_funeral": True,
            "claim": "mot_lan",
            "several_recipients": True,
        },
        {"to_khai_09hsb", "chung_tu", "bien_ban_hop"},
        "15 days",
        office="nghe-an",
        total=158_900_000,
    ),
    Case(
        "survivors of an active worker whose employer has not closed the book",
        "tu_tuat",
        {
            **HANOI,
            "death_date": "2019-04-01",
            "deceased_status": "dang_dong",
            "is_work_accident": True,
            "employer_closed_book": False,
            "arranged_funeral": True,
            "claim": "hang_thang",
            "relatives": [
                {"relation": "con", "relative_birth_date": "2010-01-01", "loss_81": True},
                {
                    "relation": "vo",
                    "relative_birth_date": "1960-01-01",
                    "relative_sex": "nu",
                    "without_carer": True,
                },
            ],
        },
        {"to_khai_09hsb", "chung_tu", "so_bhxh", "giam_dinh_81", "bb_tnld", "giai_trinh_nop_cham"},
        "15 days",
        total=695_000 + 973_000,  # base salary of April 2019
        broken={"through_the_employer", "accident_through_the_employer", "filed_late"},
    ),
    Case(
        "a family that gives up the monthly allowance of a small child",
        "tu_tuat",
        {
            **HANOI,
            "death_date": "2019-08-01",
            "deceased_status": "bao_luu_tu_nguyen",
            "claim": "mot_lan",
            "gave_up_monthly": True,
            "relatives": [{"relation": "con", "relative_birth_date": "2015-01-01", "choice": "mot_lan"}],
        },
        {"to_khai_09hsb", "chung_tu", "so_bhxh", "bien_ban_hop"},
        "15 days",
        broken={"small_child_once"},
    ),
    Case(
        "resumption after an annulled declaration",
        "huong_tiep",
        {**HANOI, "reason": "huy_mat_tich", "stopped_from": "2018-03", "monthly_amount": 4_000_000},
        {"don_14hsb", "qd_huy_mat_tich"},
        "15 days",
        total=16_000_000 + 51_321_600 + 2 * 4_584_302,
    ),
    Case(
        "resumption after prison, stopped too late for the old rules",
        "huong_tiep",
        {**HANOI, "reason": "het_han_tu", "stopped_from": "2016-01"},
        {"don_14hsb", "giay_cn_het_han_tu"},
        "15 days",
        broken={"prison_before_2016"},
    ),
    Case(
        "resumption after a legal return",
        "huong_tiep",
        {**HANOI, "reason": "xuat_canh", "stopped_from": "2012-05"},
        {"don_14hsb", "vb_tro_ve"},
        "15 days",
    ),
    Case(
        "moving with a regional allowance",
        "di_chuyen",
        {
            "holder_status": "dang_huong",
            "paying_province": "ha-noi",
            "new_address": {"province": "79"},
            "draws_regional_allowance": True,
            "new_place_has_allowance": True,
            "identity_differs": True,
        },
        {"don_14hsb", "ho_khau", "giay_to_nhan_than"},
        "5 working_days",
        onward="ho-chi-minh",
    ),
    Case(
        "moving while waiting for the age",
        "di_chuyen",
        {"holder_status": "cho_huong", "paying_province": "ha-noi", "new_address": {"province": "40"}},
        {"don_14hsb"},
        "5 working_days",
        onward="nghe-an",
    ),
    Case(
        "Decision 91",
        "tro_cap_qd91_613",
        {**HANOI, "reason": "qd91", "file_at_office": False},
        {"don_qd91", "hs_msld_qd91"},
        "30 working_days",
    ),
    Case(
        "Decision 613 of someone who returned from abroad, with too few years",
        "tro_cap_qd91_613",
        {
            **HANOI,
            "reason": "qd613",
            "file_at_office": True,
            "special_case": "nuoc_ngoai",
            "working_years": 14,
            "sex": "nam",
            "birth_date": "1960-01-01",
        },
        {"don_03qd613", "giay_to_dac_biet"},
        "30 working_days",
        broken={"working_years", "below_pension_age"},
    ),
    Case(
        "funeral grant of Decision 613",
        "tro_cap_qd91_613",
        {**HANOI, "reason": "mai_tang", "death_date": "2019-07-01", "was_drawing": True},
        {"to_khai_09a", "chung_tu", "qd_huong"},
        "30 working_days",
        total=14_900_000,
    ),
    Case(
        "a retired teacher",
        "tro_cap_nha_giao",
        {
            **HANOI,
            "claimant": "nha_giao",
            "paying_province": "ho-chi-minh",
            "retired_on": "2010-06-30",
            "drew_in_2012": True,
            "monthly_pension": 2_800_000,
            "teaching": [{"school": "THPT", "taught_from": "1980-01", "taught_to": "2009-12"}],
        },
        {"to_khai_01qd52", "qd_huu_tri"},
        "30 working_days",
        office="ho-chi-minh",
        total=8_400_000,
    ),
    Case(
        "relatives of a teacher who retired and died outside the dates",
        "tro_cap_nha_giao",
        {
            "claimant": "than_nhan",
            "death_date": "2011-12-31",
            "paying_province": "ha-noi",
            "retired_on": "2011-06-01",
            "drew_in_2012": False,
            "teaching": [{"school": "THPT", "taught_from": "1980-01", "taught_to": "1984-11"}],
        },
        {"to_khai_02qd52", "qd_huu_tri", "chung_tu"},
        "30 working_days",
        broken={"retired_outside", "did_not_draw_in_2012", "died_before_2012", "taught_under_five_years"},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_a_case(case: Case) -> None:
    procedure = procedure_on(case.procedure, DAY)
    found = {need.document.code for need in documents_for(procedure, case.answers, DAY)}
    assert found == case.papers
    routing = competent_office(procedure, case.answers, OFFICES.get)
    assert (routing.office_key, routing.onward_office_key) == (case.office, case.onward)
    limit = promised_limit(procedure, case.answers)
    assert f"{limit.value} {limit.unit}" == (case.limit or "5 working_days")
    if procedure.estimate is not None:
        estimate = procedure.estimate(case.answers, DAY)
        assert estimate.total_vnd == case.total
        if estimate.answer:
            # Its own value on any line changes nothing.
            for at, line in enumerate(estimate.lines):
                if line.exact is not None:
                    assert reckon(estimate, {at: line.exact}).total == case.total
                    assert line.written(line.exact) == line.value or line.value == "chưa tính"
    broken = {rule.name for rule in broken_rules(procedure, case.answers, DAY)}
    assert broken == case.broken


@pytest.mark.parametrize(
    ("code", "answers", "verdict"),
    [
        ("bhxh_mot_lan", {"reason": "dinh_cu"}, Verdict.LIKELY),
        ("bhxh_mot_lan", {"reason": "khac"}, Verdict.UNLIKELY),
        ("bhxh_mot_lan", {"reason": "benh_hiem_ngheo", "disease": "phong"}, Verdict.LIKELY),
        ("bhxh_mot_lan", {"reason": "benh_hiem_ngheo", "disease": "benh_khac"}, Verdict.CANNOT_TELL),
        ("bhxh_mot_lan", {"reason": "sau_mot_nam"}, Verdict.CANNOT_TELL),
        (
            "bhxh_mot_lan",
            {"reason": "sau_mot_nam", "months_since_leaving": 11, "years_contributed": 5},
            Verdict.UNLIKELY,
        ),
        (
            "bhxh_mot_lan",
            {"reason": "sau_mot_nam", "months_since_leaving": 12, "years_contributed": 19},
            Verdict.LIKELY,
        ),
        (
            "bhxh_mot_lan",
            {"reason": "sau_mot_nam", "months_since_leaving": 12, "years_contributed": 20},
            Verdict.UNLIKELY,
        ),
        ("bhxh_mot_lan", {"reason": "du_tuoi", "years_contributed": 17}, Verdict.CANNOT_TELL),
        ("bhxh_mot_lan", {}, Verdict.CANNOT_TELL),
        ("tro_cap_dinh_cu", {"draws_monthly": False}, Verdict.UNLIKELY),
        ("huong_tiep", {"reason": "xuat_canh", "has_reason_paper": True}, Verdict.LIKELY),
        ("di_chuyen", {"moves_province": True, "draws_or_waits": True}, Verdict.LIKELY),
        ("tro_cap_qd91_613", {"reason": "qd613", "old_enough": True, "working_years": 20}, Verdict.UNLIKELY),
        ("tro_cap_nha_giao", {"taught_years": 4}, Verdict.UNLIKELY),
    ],
)
def test_the_pre_check_has_three_answers_with_an_article(
    code: str, answers: dict[str, Any], verdict: Verdict
) -> None:
    procedure = procedure_on(code, DAY)
    assert procedure.precheck is not None
    found = outcome(procedure.precheck, answers)
    assert found.verdict is verdict
    assert found.words
    assert found.basis is not None or verdict is Verdict.CANNOT_TELL


@pytest.mark.parametrize("code", sorted({case.procedure for case in CASES}))
def test_every_branch_of_a_procedure_has_a_case(code: str) -> None:
    cases = [case.answers for case in CASES if case.procedure == code]
    untried = [
        branch.code
        for branch in procedure_on(code, DAY).branches
        if not any(branch.when.holds(answers) for answers in cases)
    ]
    assert untried in ([], ["tro_cap_can_bo_xa"], ["qd613_thuong_binh"])
