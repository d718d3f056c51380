"""Settling abroad, survivors, resumption, the fixed allowances and the teachers' allowance."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.domain.benefits import fixed_allowance, resumption, settle_abroad, survivors, teachers
from procedures.domain.estimate import Estimate

DAY = date(2019, 8, 20)


@given(before=st.integers(0, 480), after=st.integers(0, 200), drawn=st.integers(0, 600))
def test_settling_abroad_gives_at_least_three_months_and_never_more_for_longer_drawing(
    before: int, after: int, drawn: int
) -> None:
    months = settle_abroad.pension_months(before, after, drawn)
    assert months >= 3
    assert settle_abroad.pension_months(before, after, drawn + 1) <= months


def test_odd_months_of_a_pensioner_settling_abroad_are_marked_unsure() -> None:
    answers = {
        "benefit": "luong_huu",
        "monthly_amount": 4_000_000,
        "months_received": 0,
        "years_before_2014": 20,
    }
    assert not settle_abroad.estimate(answers, DAY).is_unsure
    assert settle_abroad.estimate({**answers, "odd_months_from_2014": 5}, DAY).is_unsure


def test_settling_abroad_waits_for_the_amount_drawn() -> None:
    assert settle_abroad.estimate({"benefit": "luong_huu"}, DAY).unavailable
    assert settle_abroad.estimate({"benefit": "luong_huu", "monthly_amount": 1}, DAY).unavailable


@given(drawn=st.integers(0, 600))
def test_relatives_of_a_pensioner_get_between_three_and_forty_eight_months(drawn: int) -> None:
    assert 3 <= survivors.pensioner_months(drawn) <= 48
    assert survivors.pensioner_months(drawn + 1) <= survivors.pensioner_months(drawn)


@pytest.mark.parametrize(("drawn", "months"), [(0, 48), (1, 48), (2, 48), (3, "47.5"), (92, 3), (93, 3)])
def test_the_reduction_begins_with_the_third_month(drawn: int, months: Any) -> None:
    assert float(survivors.pensioner_months(drawn)) == float(months)


def test_the_voluntary_scheme_promises_no_minimum() -> None:
    assert survivors.pensioner_months(98, is_voluntary=True) == 0


def relative(relation: str, born: str, sex: str = "nu", **more: Any) -> dict[str, Any]:
    return {"relation": relation, "relative_birth_date": born, "relative_sex": sex, **more}


@pytest.mark.parametrize(
    ("person", "is_eligible"),
    [
        (relative("con", "2001-08-21"), True),
        (relative("con", "2001-08-20"), False),
        (relative("con", "1990-01-01", loss_81=True), True),
        ({"relation": "con_chua_sinh"}, True),
        (relative("vo", "1964-08-20"), True),
        (relative("vo", "1964-08-21"), False),
        (relative("chong", "1959-08-20", "nam"), True),
        (relative("chong", "1960-01-01", "nam"), False),
        (relative("vo", "1964-08-20", has_income=True), False),
        (relative("vo", "1980-01-01", loss_81=True), True),
        (relative("vo", "1980-01-01", loss_81=True, has_income=True), False),
        (relative("cha_me", "1950-01-01", "nam"), True),
        (relative("khac", "2010-01-01", "nam"), True),
        (relative("khac", "1980-01-01", "nam"), False),
        ({"relation": "vo"}, False),
    ],
)
def test_who_may_draw_the_monthly_allowance(person: dict[str, Any], is_eligible: bool) -> None:
    assert survivors.is_eligible(person, DAY) is is_eligible


def survivors_estimate(**answers: Any) -> Estimate:
    pensioner = {
        "deceased_status": "dang_huong",
        "drawn_benefit": "luong_huu",
        "monthly_amount": 4_000_000,
        "months_received": 26,
        "death_date": "2019-08-20",
        "arranged_funeral": True,
    }
    return survivors.estimate({**pensioner, **answers}, DAY)


def test_the_one_time_benefit_and_the_funeral_grant_add_up() -> None:
    assert survivors_estimate(claim="mot_lan").total_vnd == 144_000_000 + 14_900_000


def test_who_did_not_arrange_the_funeral_gets_no_grant() -> None:
    assert survivors_estimate(claim="mot_lan", arranged_funeral=False).total_vnd == 144_000_000


@pytest.mark.parametrize(
    ("drawn", "total"),
    [
        ("luong_huu", 144_000_000),
        ("luong_huu_tu_nguyen", 144_000_000),
        ("can_bo_xa", 144_000_000),
        ("mat_suc_lao_dong", 12_000_000),
        ("tro_cap_khac", 12_000_000),
    ],
)
def test_the_one_time_benefit_follows_what_the_deceased_drew(drawn: str, total: int) -> None:
    found = survivors_estimate(claim="mot_lan", drawn_benefit=drawn, arranged_funeral=False)
    assert found.total_vnd == total


def test_at_most_four_relatives_draw_monthly() -> None:
    children = [relative("con", "2010-01-01") for _ in range(6)]
    found = survivors_estimate(claim="hang_thang", relatives=children)
    assert found.per_month
    assert found.total_vnd == 4 * 745_000


def test_a_child_of_two_deceased_without_a_carer_gets_twice_seventy_percent() -> None:
    child = relative("con", "2013-01-01", without_carer=True)
    found = survivors_estimate(claim="hang_thang", relatives=[child], two_deceased=True)
    assert found.total_vnd == 2_086_000


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"claim": "hang_thang", "relatives": []}, "chưa có thân nhân nào"),
        ({"claim": "hang_thang", "drawn_benefit": "luong_huu_tu_nguyen"}, "tự nguyện"),
        ({"claim": "hang_thang", "drawn_benefit": "tro_cap_khac"}, "3 tháng"),
        ({"claim": "hang_thang", "drawn_benefit": "tnld_bnn"}, "61%"),
        ({"claim": "mot_lan", "drawn_benefit": "tnld_bnn"}, "một lần hay chưa"),
        ({"claim": "mot_lan", "monthly_amount": None}, "mỗi tháng"),
        ({"claim": "mot_lan", "months_received": None}, "số tháng"),
        ({"claim": None}, "chưa chọn"),
        ({"death_date": ""}, "ngày mất"),
    ],
)
def test_survivors_are_told_why_there_is_no_amount(answers: dict[str, Any], words: str) -> None:
    found = survivors_estimate(**answers)
    assert found.total_vnd is None
    assert words in found.unavailable


def contributor(first: str, last: str, kind: str = "employer", **answers: Any) -> Estimate:
    row = {"from_month": first, "to_month": last, "wage_kind": kind, "monthly_wage": 5_000_000}
    return survivors_estimate(
        deceased_status="bao_luu_tu_nguyen", history=[row], **{"claim": "mot_lan", **answers}
    )


def test_a_few_months_of_compulsory_insurance_give_three_months_and_no_funeral_grant() -> None:
    assert contributor("2018-01", "2018-04").total_vnd == 15_000_000


def test_a_work_accident_gives_the_funeral_grant_at_once() -> None:
    assert contributor("2018-01", "2018-04", is_work_accident=True).total_vnd == 15_000_000 + 14_900_000


def test_voluntary_insurance_needs_sixty_months_for_the_funeral_grant() -> None:
    assert contributor("2018-01", "2018-04", "voluntary").total_vnd == 4_400_000  # 22 % of four months
    without_grant = contributor("2014-01", "2018-11", "voluntary").total_vnd
    with_grant = contributor("2014-01", "2018-12", "voluntary").total_vnd
    assert without_grant is not None
    assert with_grant is not None
    assert with_grant > without_grant + 14_000_000


def test_fifteen_years_open_the_monthly_allowance_and_six_missing_months_can_be_bought() -> None:
    child = [relative("con", "2013-01-01")]
    monthly = {"claim": "hang_thang", "relatives": child}
    assert contributor("2004-01", "2018-12", **monthly).total_vnd == 745_000
    assert "đóng một lần" in contributor("2004-07", "2018-12", **monthly).unavailable
    assert "một lần" in contributor("2010-01", "2018-12", **monthly).unavailable


@pytest.mark.parametrize("reason", ["het_han_tu", "xuat_canh"])
def test_arrears_are_not_promised_where_the_law_is_silent(reason: str) -> None:
    answers = {"reason": reason, "monthly_amount": 4_000_000, "stopped_from": "2018-03"}
    found = resumption.estimate(answers, DAY)
    assert found.total_vnd is None
    assert found.unavailable


@pytest.mark.parametrize("stopped_from", ["2015-01", "2017-07", "2020-01", ""])
def test_arrears_are_not_reckoned_where_raises_are_unknown(stopped_from: str) -> None:
    answers = {"reason": "huy_mat_tich", "monthly_amount": 4_000_000, "stopped_from": stopped_from}
    assert resumption.estimate(answers, DAY).total_vnd is None


def test_a_month_is_paid_at_the_level_of_its_time() -> None:
    answers = {"reason": "huy_mat_tich", "monthly_amount": 4_000_000, "stopped_from": "2019-06"}
    assert resumption.estimate(answers, date(2019, 6, 30)).total_vnd == 4_000_000
    assert resumption.estimate(answers, date(2019, 7, 1)).total_vnd == 4_000_000 + 4_287_600


def test_the_present_level_of_the_fixed_allowances_is_not_invented() -> None:
    for reason in ("qd91", "qd613", "qd613_thuong_binh"):
        found = fixed_allowance.estimate({"reason": reason}, DAY)
        assert found.total_vnd is None
        assert found.unavailable
        assert found.per_month


def test_the_starting_level_of_decision_613_is_marked_unsure() -> None:
    assert fixed_allowance.estimate({"reason": "qd613"}, DAY).is_unsure
    assert not fixed_allowance.estimate({"reason": "qd91"}, DAY).is_unsure


def test_the_funeral_grant_of_decision_613_follows_the_month_of_death() -> None:
    answers = {"reason": "mai_tang", "death_date": "2019-06-30"}
    assert fixed_allowance.estimate(answers, DAY).total_vnd == 13_900_000
    assert fixed_allowance.estimate({"reason": "mai_tang"}, DAY).unavailable
    assert fixed_allowance.estimate({}, DAY).unavailable


@given(june=st.integers(0, 10_000_000))
def test_the_raise_of_2026_never_takes_anything_away(june: int) -> None:
    assert fixed_allowance.raised_in_2026(june) >= june


@pytest.mark.parametrize(
    ("months", "years"), [(60, "5"), (62, "5"), (63, "5.5"), (66, "5.5"), (67, "6"), (71, "6"), (72, "6")]
)
def test_odd_months_of_teaching(months: int, years: str) -> None:
    assert float(teachers.years_counted(months)) == float(years)


@given(months=st.integers(60, 600), pension=st.integers(0, 20_000_000))
def test_more_teaching_never_gives_less(months: int, pension: int) -> None:
    assert teachers.amount(months + 1, pension) >= teachers.amount(months, pension)


def test_teaching_at_two_schools_in_one_month_counts_once() -> None:
    rows = [
        {"taught_from": "1980-01", "taught_to": "1985-12"},
        {"taught_from": "1985-12", "taught_to": "1986-12"},
    ]
    assert teachers.teaching_months({"teaching": rows}) == 84


def test_a_teacher_with_under_five_years_is_told_so() -> None:
    rows = [{"taught_from": "1980-01", "taught_to": "1984-11"}]
    found = teachers.estimate({"teaching": rows, "monthly_pension": 2_000_000}, DAY)
    assert "5 năm" in found.unavailable


def test_a_possible_minimum_is_a_remark_and_not_added() -> None:
    rows = [{"taught_from": "1980-01", "taught_to": "1984-12"}]
    found = teachers.estimate({"teaching": rows, "monthly_pension": 2_000_000}, DAY)
    assert found.total_vnd == 1_000_000
    assert any("3.000.000 đ" in line.working for line in found.lines)
