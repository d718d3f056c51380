"""The relatives of a deceased person: who may choose what, what contradicts itself, the 50 % / 70 % rule."""

from datetime import date
from typing import Any

import pytest

from procedures.catalogue import procedure_on
from procedures.domain.answers import applicable_columns, broken_rules, relevant_answers
from procedures.domain.benefits import survivors
from procedures.domain.estimate import Estimate

DAY = date(2019, 8, 20)
PROCEDURE = procedure_on("tu_tuat", DAY)

FAMILY: dict[str, Any] = {
    "deceased_birth_date": "1950-03-02",
    "death_date": "2019-08-01",
    "deceased_status": "dang_huong",
    "drawn_benefit": "luong_huu",
    "arranged_funeral": False,
    "claim": "mot_lan",
}


def relative(relation: str, born: str = "1980-01-01", **more: Any) -> dict[str, Any]:
    return {"relation": relation, "relative_birth_date": born, "relative_sex": "nu", **more}


def once(relation: str, born: str = "1980-01-01", **more: Any) -> dict[str, Any]:
    return relative(relation, born, choice="mot_lan", **more)


def monthly(relation: str, born: str = "1980-01-01", **more: Any) -> dict[str, Any]:
    return relative(relation, born, choice="hang_thang", **more)


def broken(*rows: dict[str, Any], **answers: Any) -> set[str]:
    family = {**FAMILY, "relatives": list(rows), **answers}
    return {rule.name for rule in broken_rules(PROCEDURE, family, DAY) if not rule.is_warning}


def rows_of(rule_name: str, *rows: dict[str, Any], **answers: Any) -> tuple[int, ...]:
    rule = next(rule for rule in PROCEDURE.rules if rule.name == rule_name)
    assert rule.rows is not None
    return rule.rows(relevant_answers(PROCEDURE, {**FAMILY, "relatives": list(rows), **answers}), DAY)


FIVE = [monthly("con", f"201{year}-01-01") for year in range(5)]


@pytest.mark.parametrize(
    ("rows", "answers", "wall"),
    [
        ([], {"deceased_birth_date": "2019-08-02"}, "death_before_birth"),
        ([], {"death_date": "2019-08-21"}, "death_to_come"),
        ([once("con", "2022-08-01")], {}, "born_after_death"),
        (FIVE, {"claim": "hang_thang"}, "five_monthly"),
        ([once("con", "2013-08-02")], {}, "small_child_once"),
        ([{"relation": "con_chua_sinh", "choice": "mot_lan"}], {}, "small_child_once"),
        ([once("con", "1990-01-01", loss_81=True)], {}, "disabled_once"),
        ([once("vo", "1970-01-01", loss_81=True)], {}, "disabled_once"),
        ([once("chong", "1950-01-01", loss_81=True)], {}, "disabled_once"),
        ([once("con", "2015-01-01")], {"claim": "hang_thang"}, "small_child_once"),
        (
            [once("con", signs_here=True, relative_bhxh_number="0119000007") for _ in range(2)],
            {},
            "number_twice",
        ),
        (
            [once("con", signs_here=True, relative_bhxh_number="0119000007")],
            {"deceased_bhxh_number": "0119000007"},
            "number_twice",
        ),
    ],
)
def test_a_family_that_can_not_be_so_meets_one_wall(
    rows: list[dict[str, Any]], answers: dict[str, Any], wall: str
) -> None:
    assert broken(*rows, **answers) == {wall}


@pytest.mark.parametrize(
    ("rows", "answers"),
    [
        ([], {"deceased_birth_date": "2019-08-01"}),  # died on the day of birth
        ([], {"death_date": "2019-08-20"}),
        ([once("con", "2013-08-01")], {}),  # exactly six
        ([once("vo", "1970-01-01", loss_81=False)], {}),
        ([once("cha_me", "1940-01-01", loss_81=True)], {}),  # a parent may choose
        ([relative("vo", "1970-01-01", loss_81=True, choice="khong")], {}),
        ([{"relation": "con_chua_sinh", "choice": "hang_thang"}], {"claim": "hang_thang"}),
        (FIVE[:4], {"claim": "hang_thang"}),
        ([*FIVE[:4], relative("vo", "1970-01-01", choice="khong")], {"claim": "hang_thang"}),
        (FIVE, {"claim": "hang_thang", "two_deceased": True}),
        ([once("con", "2019-08-01")], {"drawn_benefit": "tro_cap_khac"}),  # born the day the father died
        (
            [
                once("con", signs_here=True, relative_bhxh_number="0119000007"),
                once("con", signs_here=True, relative_bhxh_number="0119000008"),
            ],
            {},
        ),
    ],
)
def test_a_family_just_beside_a_wall_meets_none(rows: list[dict[str, Any]], answers: dict[str, Any]) -> None:
    assert broken(*rows, **answers) == set()


def contributed(first: str, last: str, kind: str = "employer") -> dict[str, Any]:
    row = {"from_month": first, "to_month": last, "wage_kind": kind, "monthly_wage": 5_000_000}
    return {"deceased_status": "bao_luu_tu_nguyen", "history": [row]}


@pytest.mark.parametrize(
    ("answers", "is_barred"),
    [
        (contributed("2004-01", "2018-12"), True),  # fifteen years: the child has the monthly allowance
        (contributed("2010-01", "2018-12"), False),  # nine years: there is only the one-time benefit
        (contributed("2004-01", "2018-12", "voluntary"), False),
        ({**contributed("2004-07", "2018-12"), "gave_up_monthly": False}, False),  # six months to buy
        ({**contributed("2004-07", "2018-12"), "gave_up_monthly": True}, True),
        ({"deceased_status": "bao_luu_tu_nguyen", "gave_up_monthly": True}, True),  # the family says so
        ({"deceased_status": "bao_luu_tu_nguyen", "gave_up_monthly": False}, False),
        ({"deceased_status": "dang_dong", "is_work_accident": True}, True),
        ({"drawn_benefit": "luong_huu_tu_nguyen"}, False),
        ({"drawn_benefit": "tnld_bnn", "loss_61": True}, True),
        ({"drawn_benefit": "tnld_bnn", "loss_61": False}, False),
        ({"drawn_benefit": "mat_suc_lao_dong"}, True),
        ({"drawn_benefit": "can_bo_xa"}, True),
        ({"drawn_benefit": "tro_cap_khac"}, False),
    ],
)
def test_a_small_child_is_kept_from_the_one_time_benefit_only_where_there_is_a_monthly_one(
    answers: dict[str, Any], is_barred: bool
) -> None:
    found = broken(once("con", "2015-01-01"), **answers)
    assert found == ({"small_child_once"} if is_barred else set())


def test_the_wall_names_the_rows_it_means() -> None:
    grown, small = once("con", "1990-01-01"), once("con", "2016-01-01")
    assert rows_of("small_child_once", grown, small, grown, small) == (1, 3)
    assert rows_of("born_after_death", grown, once("con", "2019-08-02")) == (1,)
    twice = {"signs_here": True, "relative_bhxh_number": "0119000007"}
    assert rows_of("number_twice", once("con", **twice), grown, once("con", **twice)) == (2,)


def test_who_chooses_otherwise_than_the_family_is_pointed_out() -> None:
    answers = {**FAMILY, "relatives": [once("con"), monthly("vo", "1950-01-01")]}
    assert "mixed_choices" in {rule.name for rule in broken_rules(PROCEDURE, answers, DAY)}
    answers = {**FAMILY, "relatives": [once("con"), relative("vo", "1950-01-01", choice="khong")]}
    assert "mixed_choices" not in {rule.name for rule in broken_rules(PROCEDURE, answers, DAY)}


@pytest.mark.parametrize(
    ("row", "is_asked"),
    [
        (relative("con", "2001-08-01"), True),  # eighteen on the day of death
        (relative("con", "2001-08-02"), False),
        (relative("cha_me", "1930-01-01"), True),
        ({"relation": "con_chua_sinh", "relative_birth_date": "1980-01-01"}, False),
        ({"relation": "con"}, False),
    ],
)
def test_only_grown_up_relatives_are_asked_to_sign(row: dict[str, Any], is_asked: bool) -> None:
    columns = applicable_columns(PROCEDURE.question("relatives"), row, FAMILY)
    assert ("signs_here" in {column.name for column in columns}) is is_asked


# The official examples of Circular 59/2015, Article 26 -------------------------------------------------


def allowance(*rows: dict[str, Any], **answers: Any) -> Estimate:
    family = {**FAMILY, "claim": "hang_thang", "is_work_accident": True, **answers, "relatives": list(rows)}
    return survivors.estimate(relevant_answers(PROCEDURE, family), DAY)


def shares(estimate: Estimate) -> list[str]:
    return [line.working.split(" ×")[0] for line in estimate.lines if "× lương cơ sở" in line.working]


# The base salary of August 2019 was 1.490.000 đ: 50 % are 745.000 đ, 70 % are 1.043.000 đ.
def test_example_46_an_orphan_of_a_worker_gets_seventy_percent() -> None:
    found = allowance(monthly("con", "2014-01-01", without_carer=True))
    assert shares(found) == ["70%"]
    assert found.total_vnd == 1_043_000


def test_example_47_the_wife_keeps_seventy_percent_until_the_child_is_eighteen() -> None:
    child = monthly("con", "2006-05-10", relative_name="Lê Văn Bình", without_carer=False)
    wife = monthly("vo", "1963-01-01", relative_name="Trần Thị Cúc", has_income=False, without_carer=True)
    found = allowance(child, wife)
    assert found.total_vnd == 745_000 + 1_043_000
    assert shares(found) == ["50%", "70%", "50%"]
    later = found.lines[2]
    assert later.label == "Trần Thị Cúc, sau khi con đủ 18 tuổi (tháng 05/2024)"
    assert later.value == "745.000 đ mỗi tháng"
    assert later.basis == "khoản 2 Điều 26 Thông tư số 59/2015/TT-BLĐTBXH"
    assert not later.is_unsure


def test_with_several_children_it_is_not_known_which_one_counts() -> None:
    children = [monthly("con", born) for born in ("2006-05-10", "2010-05-10")]
    wife = monthly("vo", "1963-01-01", has_income=False, without_carer=True)
    later = allowance(*children, wife).lines[-2]
    assert later.label.endswith("sau khi con đủ 18 tuổi")
    assert later.is_unsure


def test_a_wife_whose_children_are_grown_keeps_her_share() -> None:
    wife = monthly("vo", "1950-01-01", has_income=False, without_carer=True)
    found = allowance(wife, relative("con", "1990-01-01", choice="khong"))
    assert shares(found) == ["70%"]


def test_example_48_a_father_alone_gets_seventy_percent() -> None:
    father = monthly("cha_me", "1957-01-01", relative_sex="nam", has_income=False, without_carer=True)
    assert allowance(father).total_vnd == 1_043_000


def test_example_49_a_mother_in_law_alone_gets_seventy_percent() -> None:
    mother = monthly("cha_me_ben_vo_chong", "1962-01-01", has_income=False, without_carer=True)
    assert allowance(mother).total_vnd == 1_043_000


def test_example_50_a_child_of_two_deceased_gets_twice_seventy_percent() -> None:
    child = monthly("con", "2013-01-01", without_carer=True)
    found = allowance(child, two_deceased=True)
    assert shares(found) == ["140%"]
    assert found.total_vnd == 2 * 1_043_000


def test_who_does_not_choose_the_monthly_allowance_is_not_counted() -> None:
    rows = [monthly("con", "2010-01-01"), relative("con", "2011-01-01", choice="khong")]
    assert allowance(*rows).total_vnd == 745_000
