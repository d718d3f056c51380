"""The catalogue against the facts file: every paper, limit, branch, result and agency, with its mark."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from procedures.catalogue import procedure_on
from procedures.domain.definition import Document, Procedure

FACTS_FILE = Path(__file__).parents[2] / "facts" / "procedures.yaml"
FACTS = yaml.safe_load(FACTS_FILE.read_text(encoding="utf-8"))
BY_CODE = {facts["code"]: facts for facts in FACTS["procedures"]}
DAY = date(2019, 8, 20)

# One paper of two branches has two marks in the facts; it is two documents here.
RENAMED = {("qd91", "hs_msld"): "hs_msld_qd91"}


def procedure(code: str) -> Procedure:
    return procedure_on(code, DAY)


def papers() -> list[tuple[str, str, dict[str, Any]]]:
    found = []
    for facts in FACTS["procedures"]:
        found += [(facts["code"], "", paper) for paper in facts["common_documents"]]
        for branch in facts["branches"]:
            found += [(facts["code"], branch["code"], paper) for paper in branch["documents"]]
    return found


def of(facts_name: str) -> list[Any]:
    rows = [(facts["code"], row) for facts in FACTS["procedures"] for row in facts[facts_name]]
    return [
        pytest.param(code, row, id=f"{code}-{row.get('code') or row.get('value') or index}")
        for index, (code, row) in enumerate(rows)
    ]


def document(code: str, branch: str, paper: dict[str, Any]) -> Document:
    return procedure(code).document(RENAMED.get((branch, paper["code"]), paper["code"]))


def test_the_seven_procedures_of_the_letter_are_there_in_their_order() -> None:
    for facts in FACTS["procedures"]:
        found = procedure(facts["code"])
        assert found.order == facts["seed_order"]
        assert found.name.replace("\xa0", " ") == facts["seed_name"]


PAPERS = [
    pytest.param(code, branch, paper, id=f"{code}-{branch or 'common'}-{paper['code']}")
    for code, branch, paper in papers()
]


@pytest.mark.parametrize(("code", "branch", "paper"), PAPERS)
def test_a_paper_of_the_facts_is_asked_for_with_the_same_mark(
    code: str, branch: str, paper: dict[str, Any]
) -> None:
    if "group" in paper:
        members = [document for document in procedure(code).documents if document.one_of == paper["group"]]
        assert len(members) == 5
        assert {str(member.basis.certainty) for member in members} == {paper["certainty"]}
        return
    found = document(code, branch, paper)
    assert found.basis.certainty == paper["certainty"]
    assert found.copy == paper["copy"]
    assert found.form == paper.get("form", "")
    group = paper["required"].removeprefix("one_of:") if paper["required"].startswith("one_of:") else ""
    assert found.one_of == group


@pytest.mark.parametrize(("code", "branch", "paper"), PAPERS)
def test_a_paper_with_a_condition_is_not_asked_for_always(
    code: str, branch: str, paper: dict[str, Any]
) -> None:
    if "group" in paper:
        return
    found, asked = document(code, branch, paper), procedure(code)
    is_explanation = asked.filing_limit is not None and asked.filing_limit.late_document == found.code
    is_conditional = bool(found.when.questions()) or is_explanation
    assert is_conditional == (bool(branch) or paper["required"] != "always")


@pytest.mark.parametrize(("code", "limit"), of("time_limits"))
def test_a_limit_of_the_facts_is_there_with_the_same_mark(code: str, limit: dict[str, Any]) -> None:
    matching = [
        found
        for found in procedure(code).deadlines
        if (found.value, found.unit, found.basis.certainty)
        == (limit["value"], limit["unit"], limit["certainty"])
    ]
    assert len(matching) == 1
    is_of_a_later_sheet = "later" in limit["basis"] or "only" in limit["basis"]
    assert matching[0].is_later_rule == is_of_a_later_sheet


@pytest.mark.parametrize(("code", "branch"), of("branches"))
def test_a_branch_of_the_facts_is_there_with_the_same_mark(code: str, branch: dict[str, Any]) -> None:
    (found,) = [found for found in procedure(code).branches if found.code == branch["code"]]
    assert found.basis.certainty == branch["certainty"]
    assert found.when.questions()
    assert found.condition


@pytest.mark.parametrize("code", BY_CODE)
def test_nothing_is_in_the_catalogue_that_the_facts_do_not_know(code: str) -> None:
    asked = [(branch, paper["code"]) for of_code, branch, paper in papers() if of_code == code]
    known = {RENAMED.get((branch, paper), paper) for branch, paper in asked}
    known |= {paper["code"] for paper in FACTS["common"]["submission_extra_documents"]}
    settlement = {paper["code"] for paper in BY_CODE["bhxh_mot_lan"]["branches"][2]["documents"]}
    found = procedure(code)
    assert {document.code for document in found.documents} <= known | settlement
    assert len(found.deadlines) == len(BY_CODE[code]["time_limits"])
    assert len(found.branches) == len(BY_CODE[code]["branches"])
    assert len(found.results) == len(BY_CODE[code]["results"])


@pytest.mark.parametrize("code", BY_CODE)
def test_the_agency_has_the_mark_of_the_facts(code: str) -> None:
    agency = BY_CODE[code]["competent_agency"]
    found = procedure(code)
    assert found.agency_basis.certainty == agency["certainty"]
    expected = {
        "residence_province": ["address"],
        "paying_province": ["paying_province"],
        "relative_residence_or_paying_province": ["paying_province", "address"],
        "paying_province_then_destination": ["paying_province"],
    }[agency["routing"]]
    assert [route.question for route in found.routes] == expected
    assert (found.onward is not None) == agency["routing"].endswith("then_destination")


@pytest.mark.parametrize(("code", "result"), of("results"))
def test_a_result_of_the_facts_is_there_with_the_same_mark(code: str, result: dict[str, Any]) -> None:
    index = BY_CODE[code]["results"].index(result)
    found = procedure(code).results[index]
    assert found.basis.certainty == result["certainty"]
    assert found.form == result.get("form", "")


@pytest.mark.parametrize("code", BY_CODE)
def test_who_may_file_has_the_mark_of_the_facts(code: str) -> None:
    assert procedure(code).who_basis.certainty == BY_CODE[code]["who_may_file"]["certainty"]


@pytest.mark.parametrize("code", BY_CODE)
def test_there_is_no_fee(code: str) -> None:
    assert procedure(code).fee == FACTS["common"]["fee"]["value"]
    assert procedure(code).fee_basis.certainty == FACTS["common"]["fee"]["certainty"]


@pytest.mark.parametrize("code", BY_CODE)
def test_a_representative_brings_the_authorization(code: str) -> None:
    extra = {paper["code"]: paper for paper in FACTS["common"]["submission_extra_documents"]}
    found = procedure(code).document("uy_quyen")
    assert (found.form, found.copy, found.basis.certainty) == (
        extra["uy_quyen"]["form"],
        extra["uy_quyen"]["copy"],
        extra["uy_quyen"]["certainty"],
    )
    assert found.when.holds({"representative": True})


def test_only_the_survivors_limit_needs_an_explanation_when_late() -> None:
    explained = [code for code in BY_CODE if (limit := procedure(code).filing_limit) and limit.late_document]
    assert explained == ["tu_tuat"]
    limit = procedure("tu_tuat").filing_limit
    assert limit is not None
    assert limit.days == 90


@pytest.mark.parametrize("code", BY_CODE)
def test_later_changes_are_told_from_their_day(code: str) -> None:
    days = {row["from"] for row in BY_CODE[code]["since"]}
    assert {since for since, _, _ in procedure(code).changes_since} == days
    assert all(since > DAY for since in days)
