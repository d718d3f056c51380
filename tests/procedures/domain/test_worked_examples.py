"""Every worked example of the facts file, official or derived by hand, comes out of the code."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from procedures.domain import reading
from procedures.domain.benefits import (
    fixed_allowance,
    lump_sum,
    resumption,
    settle_abroad,
    survivors,
    teachers,
)
from procedures.domain.parameters import adjustment

FACTS = Path(__file__).parents[2] / "facts"
EXAMPLES = yaml.safe_load((FACTS / "worked_examples.yaml").read_text(encoding="utf-8"))["examples"]
DECIDED = date(2019, 8, 20)


def history(first: str, last: str, wage: int, kind: str = "employer", **more: Any) -> dict[str, Any]:
    return {"from_month": first, "to_month": last, "wage_kind": kind, "monthly_wage": wage, **more}


def lump_sum_by_months(inputs: dict[str, Any]) -> dict[str, Any]:
    return {"months": lump_sum.benefit_months(inputs["months_before_2014"], inputs["months_from_2014"])}


def lump_sum_by_history(inputs: dict[str, Any]) -> dict[str, Any]:
    for year, coefficient in inputs["coefficients"].items():
        rate = adjustment(year, DECIDED)
        assert rate is not None
        assert float(rate.value) == coefficient
    rows = [history(period["from"], period["to"], period["wage"]) for period in inputs["periods"]]
    return {"vnd": lump_sum.estimate({"history": rows}, DECIDED).total_vnd, "months": Fraction(9)}


def under_one_year(inputs: dict[str, Any]) -> dict[str, Any]:
    rows = [history("2018-01", "2018-09", inputs["average_wage"])]
    assert inputs["months_from_2014"] == 9
    return {"vnd": lump_sum.estimate({"history": rows}, DECIDED).total_vnd}


def with_state_support(inputs: dict[str, Any]) -> dict[str, Any]:
    support = inputs["state_support_per_month"]
    row = history("2018-01", "2019-12", inputs["average_wage"], "voluntary", state_support=support)
    assert inputs["months_from_2014"] == 24
    return {"vnd": lump_sum.estimate({"history": [row]}, DECIDED).total_vnd}


def settling_pensioner(inputs: dict[str, Any]) -> dict[str, Any]:
    answers = {
        "benefit": "luong_huu",
        "monthly_amount": inputs["monthly_pension"],
        "months_received": inputs["months_pension_received"],
        "years_before_2014": inputs["years_before_2014"],
        "years_from_2014": inputs["years_from_2014"],
    }
    months = settle_abroad.pension_months(
        inputs["years_before_2014"] * 12, inputs["years_from_2014"] * 12, inputs["months_pension_received"]
    )
    return {"months": months, "vnd": settle_abroad.estimate(answers, DECIDED).total_vnd}


def settling_with_an_allowance(inputs: dict[str, Any]) -> dict[str, Any]:
    answers = {"benefit": "tro_cap_hang_thang", "monthly_amount": inputs["monthly_allowance"]}
    return {"months": Fraction(3), "vnd": settle_abroad.estimate(answers, DECIDED).total_vnd}


def contributor_dies(inputs: dict[str, Any]) -> dict[str, Any]:
    months = survivors.contributor_months(inputs["months_before_2014"], inputs["months_from_2014"])
    return {"months": months, "vnd": int(months * inputs["average_wage"])}


def funeral(inputs: dict[str, Any]) -> dict[str, Any]:
    died = date.fromisoformat(f"{inputs['death']}-15")
    answers = {
        "deceased_status": "dang_huong",
        "death_date": died.isoformat(),
        "claim": "mai_tang",
        "arranged_funeral": True,
    }
    assert survivors.funeral(died) == 10 * inputs["base_salary"]
    return {"vnd": survivors.estimate(answers, DECIDED).total_vnd}


def monthly_survivors(inputs: dict[str, Any]) -> dict[str, Any]:
    amounts = []
    for relative in inputs["relatives"]:
        rate = survivors.monthly_rate(has_carer=relative["rate"] == 0.5)
        assert float(rate) == relative["rate"]
        amounts.append(survivors.monthly_allowance(inputs["base_salary"], rate))
    return {"vnd_per_month": amounts}


def pensioner_dies(inputs: dict[str, Any]) -> dict[str, Any]:
    months = survivors.pensioner_months(inputs["months_pension_received"])
    return {"months": months, "vnd": int(months * inputs["monthly_pension"])}


def resumed(inputs: dict[str, Any]) -> dict[str, Any]:
    answers = {
        "reason": "huy_mat_tich",
        "monthly_amount": inputs["monthly_pension"],
        "stopped_from": inputs["from"],
    }
    end = date.fromisoformat(f"{inputs['to']}-31")
    return {"vnd": resumption.estimate(answers, end).total_vnd}


def declared_dead(inputs: dict[str, Any]) -> dict[str, Any]:
    return {"vnd": resumption.arrears_after_death(inputs["unpaid_months"]).total_vnd}


def starting_level(inputs: dict[str, Any]) -> dict[str, Any]:
    level = fixed_allowance.starting_level("qd91")
    assert level is not None
    assert level.since == date.fromisoformat(f"{inputs['from']}-01")
    return {"vnd_per_month": [level.vnd]}


def raised_in_2026(inputs: dict[str, Any]) -> dict[str, Any]:
    return {"vnd_per_month": [fixed_allowance.raised_in_2026(inputs["june_2026"])]}


def teacher(inputs: dict[str, Any]) -> dict[str, Any]:
    first = reading.month_number(1975, 9)
    last = reading.first_day(first + inputs["teaching_months"] - 1)
    row = {"school": "THCS", "taught_from": "1975-09", "taught_to": last.strftime("%Y-%m")}
    answers = {"teaching": [row], "monthly_pension": inputs["monthly_pension"]}
    return {"vnd": teachers.estimate(answers, DECIDED).total_vnd}


RECKONED: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "P1-E1": lump_sum_by_months,
    "P1-E3": lump_sum_by_history,
    "P1-E5": under_one_year,
    "P1-E7": with_state_support,
    "P2-E1": settling_pensioner,
    "P2-E3": settling_with_an_allowance,
    "P3-E1": contributor_dies,
    "P3-E2": funeral,
    "P3-E3": funeral,
    "P3-E4": monthly_survivors,
    "P3-E6": pensioner_dies,
    "P3-E7": pensioner_dies,
    "P4-E1": resumed,
    "P4-E3": declared_dead,
    "P6-E1": starting_level,
    "P6-E3": raised_in_2026,
    "P6-E4": raised_in_2026,
    "P6-E5": raised_in_2026,
    "P7-E1": teacher,
    "P7-E3": teacher,
}


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["id"] for example in EXAMPLES])
def test_a_worked_example_comes_out(example: dict[str, Any]) -> None:
    found = RECKONED[example["id"]](example["inputs"])
    if "result_months" in example:
        assert found["months"] == example["result_months"]
    if "result_vnd" in example:
        assert abs(found["vnd"] - example["result_vnd"]) <= example.get("tolerance_vnd", 0)
    if "result_vnd_per_month" in example:
        assert found["vnd_per_month"] == example["result_vnd_per_month"]


def test_official_example_42_gives_the_least_benefit_of_settling_abroad() -> None:
    answers = {
        "benefit": "luong_huu",
        "monthly_amount": 3_500_000,
        "months_received": 120,
        "years_before_2014": 25,
    }
    assert settle_abroad.estimate(answers, DECIDED).total_vnd == 10_500_000


@pytest.mark.parametrize(
    ("has_carer", "deceased", "share"),
    [(False, 1, "0.7"), (True, 1, "0.5"), (False, 2, "1.4")],
    ids=["examples 46, 48, 49", "the child of example 47", "example 50"],
)
def test_official_examples_of_monthly_shares(has_carer: bool, deceased: int, share: str) -> None:
    assert survivors.monthly_rate(has_carer=has_carer, deceased=deceased) == Fraction(share)
