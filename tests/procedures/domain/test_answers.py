"""Which questions the answers open, which answers count, and which rules they break."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.catalogue import procedure_on, procedures_on
from procedures.domain.answers import (
    applicable_columns,
    applicable_questions,
    applicable_steps,
    broken_rules,
    naming,
    relevant_answers,
)
from procedures.domain.completeness import documents_for, missing_answers
from procedures.domain.conditions import ALWAYS, AnyRow, Compare, When
from procedures.domain.definition import Kind, Procedure, Question

DAY = date(2019, 8, 20)
WITHDRAWAL = procedure_on("bhxh_mot_lan", DAY)
SURVIVORS = procedure_on("tu_tuat", DAY)


def names(step: str, answers: Mapping[str, Any]) -> list[str]:
    return [question.name for question in applicable_questions(WITHDRAWAL.step(step), answers)]


def broken(answers: Mapping[str, Any]) -> set[str]:
    return {rule.name for rule in broken_rules(WITHDRAWAL, answers, DAY)}


def test_a_branch_opens_its_own_questions() -> None:
    assert "left_on" in names("ly_do", {"reason": "sau_mot_nam"})
    assert "left_on" not in names("ly_do", {"reason": "dinh_cu"})


def test_answers_of_a_branch_left_behind_are_dropped() -> None:
    answers = {"reason": "dinh_cu", "disease": "ung_thu", "left_on": "2018-01-01"}
    assert relevant_answers(WITHDRAWAL, answers) == {"reason": "dinh_cu"}


def test_a_hidden_answer_no_longer_opens_others() -> None:
    answers = {
        "deceased_status": "dang_dong",
        "drawn_benefit": "tnld_bnn",
        "loss_61": True,
        "office_choice": "noi_chi_tra",
        "paying_province": "ha-noi",
    }
    assert relevant_answers(SURVIVORS, answers) == {"deceased_status": "dang_dong"}


def test_a_step_of_another_branch_takes_its_answers_along() -> None:
    rows = [{"from_month": "2018-01", "to_month": "2018-02", "wage_kind": "employer", "monthly_wage": 1}]
    kept = relevant_answers(SURVIVORS, {"deceased_status": "dang_huong", "history": rows})
    assert "history" not in kept


def test_empty_answers_are_no_answers_but_no_and_zero_are() -> None:
    answers = {"full_name": "", "email": None, "contributes_again": False, "reason": "sau_mot_nam"}
    assert relevant_answers(WITHDRAWAL, answers) == {"contributes_again": False, "reason": "sau_mot_nam"}


def test_unknown_names_are_dropped() -> None:
    assert relevant_answers(WITHDRAWAL, {"status": "approved", "is_staff": True}) == {}


def test_columns_follow_the_kind_of_wage_of_their_row() -> None:
    row = {"wage_kind": "state_scale", "monthly_wage": 5, "coefficient": "3.33", "note": "x"}
    kept = relevant_answers(WITHDRAWAL, {"history": [row, {}, "nonsense"]})
    assert kept == {"history": [{"wage_kind": "state_scale", "coefficient": "3.33"}]}


def test_columns_may_depend_on_answers_outside_the_table() -> None:
    table = SURVIVORS.question("relatives")
    row = {"relation": "vo"}
    monthly = {column.name for column in applicable_columns(table, row, {"claim": "hang_thang"})}
    once = {column.name for column in applicable_columns(table, row, {"claim": "mot_lan"})}
    assert monthly - once == {"has_income", "without_carer"}


def test_a_stale_answer_never_changes_what_the_right_ones_open() -> None:
    answers = {"reason": "sau_mot_nam", "sex": "nam", "commune_woman": True}
    steps = applicable_steps(WITHDRAWAL, answers)
    assert [step.name for step in steps] == ["nguoi_nop", "ly_do", "qua_trinh", "nhan_tien", "nguoi_dai_dien"]
    assert "commune_woman" not in relevant_answers(WITHDRAWAL, answers)


def test_relevant_answers_are_stable() -> None:
    answers = {
        "reason": "du_tuoi",
        "sex": "nu",
        "commune_woman": True,
        "history": [{"wage_kind": "voluntary", "coefficient": "1.00", "state_support": 0}],
    }
    once = relevant_answers(WITHDRAWAL, answers)
    assert relevant_answers(WITHDRAWAL, once) == once
    assert answers["history"] == [{"wage_kind": "voluntary", "coefficient": "1.00", "state_support": 0}]


def test_conditions_are_printed_in_vietnamese() -> None:
    name = naming(WITHDRAWAL)
    assert When("reason", "dinh_cu").words(name) == (
        "“Ông/bà thuộc trường hợp nào?” là “Ra nước ngoài để định cư”"
    )
    assert When("contributes_again").words(name).endswith("là “có”")
    assert (~When("contributes_again")).words(name).startswith("không phải: ")
    assert When("settlement_paper", "ho_chieu_nuoc_ngoai", None).words(name).endswith("hoặc “chưa trả lời”")
    assert name("wage_kind", "voluntary") == ("Đóng theo", "BHXH tự nguyện")
    assert name("no_such_question", 3) == ("no_such_question", "3")


def test_an_or_inside_an_and_is_put_in_brackets() -> None:
    either = When("reason", "dinh_cu") | When("reason", "phuc_vien")
    assert ") và " in (either & When("sex", "nu")).words(naming(WITHDRAWAL))


def test_an_unanswered_question_makes_no_condition_hold() -> None:
    assert not When("reason", "dinh_cu").holds({})
    assert not Compare("years", "<", 20).holds({})
    assert not Compare("years", "<", 20).holds({"years": True})
    assert not AnyRow("relatives", "loss_81").holds({"relatives": "nonsense"})
    assert AnyRow("relatives", "loss_81").holds({"relatives": [{"loss_81": False}, {"loss_81": True}]})
    assert ALWAYS.holds({})


def test_numbers_compare_on_both_sides_of_the_limit() -> None:
    held = {sign: Compare("years", sign, 20).holds({"years": 20}) for sign in ("<", "<=", ">=", ">")}
    assert held == {"<": False, "<=": True, ">=": True, ">": False}
    assert Compare("years_contributed", ">=", 20).words(naming(WITHDRAWAL)).endswith("từ 20")


def history(*spans: tuple[str, str], **more: Any) -> dict[str, Any]:
    row = {"wage_kind": "employer", "monthly_wage": 5_000_000, **more}
    return {"history": [{"from_month": first, "to_month": last, **row} for first, last in spans]}


@pytest.mark.parametrize(
    ("answers", "name"),
    [
        (history(("2018-06", "2018-01")), "history_order"),
        (history(("2018-01", "2018-06"), ("2018-06", "2018-09")), "history_overlap"),
        (history(("2019-01", "2019-09")), "history_future"),
        (history(("1950-01", "2018-01")), "history_too_long"),
        ({**history(("1994-12", "1995-12")), "birth_date": "1980-01-01"}, "history_too_young"),
        (history(("2018-01", "2018-06"), monthly_wage=26_000_001), "history_wage_above_cap"),
        (history(("2018-01", "2018-06"), wage_kind="state_scale", coefficient="333"), "history_coefficient"),
        ({"reason": "sau_mot_nam", "left_on": "2018-08-21"}, "left_recently"),
        (
            {"reason": "sau_mot_nam", "left_on": "2018-01-01", **history(("2018-01", "2018-03"))},
            "contributed_after_leaving",
        ),
        ({"reason": "sau_mot_nam", "contributes_again": True}, "contributes_again"),
        ({"reason": "sau_mot_nam", **history(("1998-01", "2017-12"))}, "has_twenty_years"),
        (
            {"reason": "du_tuoi", "sex": "nu", "commune_woman": True, **history(("2003-01", "2017-12"))},
            "has_fifteen_years",
        ),
        (
            {"reason": "du_tuoi", "sex": "nam", "birth_date": "1959-08-21", "lower_age": False},
            "below_pension_age",
        ),
        ({"birth_date": "1981-01-01", "sex": "nam", "identity_number": "001080000123"}, "cccd_birth_year"),
        ({"birth_date": "1980-01-01", "sex": "nu", "identity_number": "001080000123"}, "cccd_sex"),
        (
            {"full_name": "Nguyễn Văn An", "payment_method": "account", "account_holder": "TRAN THI BE"},
            "account_holder_differs",
        ),
    ],
)
def test_a_rule_is_broken(answers: dict[str, Any], name: str) -> None:
    assert name in broken(answers)


@pytest.mark.parametrize(
    ("answers", "name"),
    [
        (history(("2018-01", "2018-06"), ("2018-07", "2018-09")), "history_overlap"),
        (history(("2019-01", "2019-08")), "history_future"),
        ({**history(("1995-01", "1995-12")), "birth_date": "1980-01-31"}, "history_too_young"),
        (history(("2018-01", "2018-06"), monthly_wage=26_000_000), "history_wage_above_cap"),
        ({"reason": "sau_mot_nam", "left_on": "2018-08-20"}, "left_recently"),
        ({"reason": "phuc_vien", "left_on": "2019-08-01"}, "left_recently"),
        ({"reason": "sau_mot_nam", **history(("1998-01", "2017-11"))}, "has_twenty_years"),
        ({"reason": "dinh_cu", **history(("1990-01", "2017-12"))}, "has_twenty_years"),
        (
            {"reason": "du_tuoi", "sex": "nam", "birth_date": "1959-08-20", "lower_age": False},
            "below_pension_age",
        ),
        (
            {"reason": "du_tuoi", "sex": "nam", "birth_date": "1965-01-01", "lower_age": True},
            "below_pension_age",
        ),
        ({"birth_date": "1980-01-01", "sex": "nam", "identity_number": "001080000123"}, "cccd_sex"),
        ({"birth_date": "2001-01-01", "sex": "nu", "identity_number": "001301000123"}, "cccd_birth_year"),
        ({"birth_date": "1980-01-01", "identity_number": "012345678"}, "cccd_birth_year"),
        (
            {
                "full_name": "Nguyễn Văn Đăng",
                "payment_method": "account",
                "account_holder": "NGUYEN VAN  DANG",
            },
            "account_holder_differs",
        ),
        ({"full_name": "An", "payment_method": "cash", "account_holder": "Bé"}, "account_holder_differs"),
    ],
)
def test_a_rule_is_kept_just_beside_its_limit(answers: dict[str, Any], name: str) -> None:
    assert name not in broken(answers)


def test_only_contradictions_are_walls() -> None:
    walls = {rule.name for rule in WITHDRAWAL.rules if not rule.is_warning}
    assert walls == {"history_order", "history_overlap", "history_future", "history_too_long"}


def answers_of(procedure: Procedure) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {}, optional={question.name: value_of(question) for question in procedure.questions}
    )


def value_of(question: Question) -> st.SearchStrategy[Any]:
    if question.choices:
        return st.sampled_from([choice.value for choice in question.choices])
    if question.columns:
        row = st.fixed_dictionaries(
            {}, optional={column.name: value_of(column) for column in question.columns}
        )
        return st.lists(row, max_size=3)
    simple: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.YES_NO: st.booleans(),
        Kind.INTEGER: st.integers(0, 100),
        Kind.MONEY: st.integers(1, 50_000_000),
        Kind.DATE: st.dates(date(1930, 1, 1), DAY).map(date.isoformat),
        Kind.MONTH: st.dates(date(1960, 1, 1), DAY).map(lambda day: day.strftime("%Y-%m")),
        Kind.DECIMAL: st.sampled_from(["1.00", "2.34", "4.98"]),
        Kind.ADDRESS: st.just({"province": "01"}),
    }
    return simple.get(question.kind, st.sampled_from(["", "x"]))


ANY_DRAFT = st.sampled_from(procedures_on(DAY)).flatmap(
    lambda procedure: st.tuples(st.just(procedure), answers_of(procedure))
)


@given(ANY_DRAFT)
def test_of_any_draft_only_open_answers_count_and_dropping_the_rest_changes_nothing(
    draft: tuple[Procedure, dict[str, Any]],
) -> None:
    procedure, answers = draft
    known = relevant_answers(procedure, answers)
    assert known.keys() <= answers.keys()
    assert relevant_answers(procedure, known) == known
    assert documents_for(procedure, known, DAY) == documents_for(procedure, answers, DAY)
    assert missing_answers(procedure, known) == missing_answers(procedure, answers)
    assert broken_rules(procedure, known, DAY) == broken_rules(procedure, answers, DAY)


@given(ANY_DRAFT)
def test_any_draft_has_an_amount_or_a_reason_why_not(draft: tuple[Procedure, dict[str, Any]]) -> None:
    procedure, answers = draft
    if procedure.estimate is None:
        return
    found = procedure.estimate(relevant_answers(procedure, answers), DAY)
    assert (found.total_vnd is None) == bool(found.unavailable)
    assert found.total_vnd is None or found.total_vnd >= 0
    assert all(line.basis for line in found.lines)


NONSENSE: list[Any] = [None, "", "x", 0, -1, True, [], [None], [{}], {"a": 1}, "2019-13-45", "9" * 40]


@pytest.mark.parametrize("value", NONSENSE, ids=repr)
def test_no_rule_or_estimate_falls_over_nonsense(value: Any) -> None:
    for procedure in (WITHDRAWAL, SURVIVORS, *(procedure_on(code, DAY) for code in OTHERS)):
        answers = {question.name: value for question in procedure.questions}
        for rule in procedure.rules:
            rule.broken(answers, DAY)
        broken_rules(procedure, answers, DAY)
        if procedure.estimate is not None:
            procedure.estimate(answers, DAY)


OTHERS = ("tro_cap_dinh_cu", "huong_tiep", "di_chuyen", "tro_cap_qd91_613", "tro_cap_nha_giao")
