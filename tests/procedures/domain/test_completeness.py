"""Which papers the answers ask for and what is still missing."""

from datetime import date
from typing import Any

import pytest

from procedures.catalogue import procedure_on
from procedures.domain.completeness import (
    documents_for,
    missing_answers,
    missing_documents,
    papers_to_follow,
)

DAY = date(2019, 8, 20)
WITHDRAWAL = procedure_on("bhxh_mot_lan", DAY)
SURVIVORS = procedure_on("tu_tuat", DAY)
ABROAD = {"reason": "dinh_cu"}


def missing(answers: dict[str, Any], *uploaded: str, on_paper: tuple[str, ...] = ()) -> list[list[str]]:
    found = missing_documents(WITHDRAWAL, answers, uploaded, on_paper)
    return [[document.code for document in paper.documents] for paper in found]


def test_any_one_paper_of_a_group_is_enough() -> None:
    assert missing(ABROAD, "so_bhxh")[0][:2] == ["thoi_quoc_tich", "ho_chieu_nuoc_ngoai"]
    assert missing(ABROAD, "so_bhxh", "the_thuong_tru") == []


def test_a_missing_group_is_one_missing_paper() -> None:
    (group,) = missing_documents(WITHDRAWAL, ABROAD, {"so_bhxh"})
    assert group.is_choice
    assert group.group == "dinh_cu"
    assert WITHDRAWAL.group_name(group.group).startswith("Một trong")


def test_who_names_their_settlement_paper_is_asked_for_that_one() -> None:
    answers = {**ABROAD, "settlement_paper": "ho_chieu_nuoc_ngoai"}
    assert missing(answers) == [["so_bhxh"], ["ho_chieu_nuoc_ngoai"]]


def test_forms_the_portal_fills_in_are_never_missing() -> None:
    assert missing({"reason": "sau_mot_nam"}) == [["so_bhxh"]]


def test_a_paper_announced_to_follow_is_not_missing() -> None:
    assert missing({"reason": "sau_mot_nam"}, on_paper=("so_bhxh",)) == []
    follows = papers_to_follow(WITHDRAWAL, {"reason": "sau_mot_nam"}, (), ("so_bhxh", "don_14hsb", "unknown"))
    assert follows == ("so_bhxh",)


def test_an_uploaded_paper_no_longer_follows() -> None:
    assert papers_to_follow(WITHDRAWAL, {"reason": "sau_mot_nam"}, ("so_bhxh",), ("so_bhxh",)) == ()


def test_papers_of_a_branch_left_behind_are_not_asked_for() -> None:
    answers = {"reason": "sau_mot_nam", "settlement_paper": "ho_chieu_nuoc_ngoai", "disease": "ung_thu"}
    assert [need.document.code for need in documents_for(WITHDRAWAL, answers)] == ["so_bhxh", "don_14hsb"]


def test_a_late_filing_needs_an_explanation() -> None:
    answers = {"death_date": "2019-05-01", "deceased_status": "dang_huong", "claim": "mai_tang"}

    def codes(filed_on: date | None) -> set[str]:
        return {need.document.code for need in documents_for(SURVIVORS, answers, filed_on)}

    assert "giai_trinh_nop_cham" not in codes(date(2019, 7, 30))  # the ninetieth day
    assert "giai_trinh_nop_cham" in codes(date(2019, 7, 31))
    assert "giai_trinh_nop_cham" not in codes(None)


def test_a_relative_with_a_grave_loss_brings_the_assessment() -> None:
    relative = {"relation": "con", "loss_81": True}
    answers = {"claim": "hang_thang", "deceased_status": "dang_huong", "relatives": [relative]}
    assert "giam_dinh_81" in {need.document.code for need in documents_for(SURVIVORS, answers)}
    once = {**answers, "claim": "mot_lan"}
    assert "giam_dinh_81" not in {need.document.code for need in documents_for(SURVIVORS, once)}


def test_missing_answers_name_step_question_row_and_column() -> None:
    rows = [{"from_month": "2018-01", "to_month": "2018-02", "wage_kind": "state_scale"}]
    gaps = missing_answers(WITHDRAWAL, {"history": rows})
    places = {(gap.step.name, gap.question.name, gap.row, gap.column and gap.column.name) for gap in gaps}
    assert ("qua_trinh", "history", 0, "coefficient") in places
    assert ("nguoi_nop", "full_name", None, None) in places
    assert not any(question == "email" for _, question, _, _ in places)


@pytest.mark.parametrize("code", ["bhxh_mot_lan", "tu_tuat"])
def test_an_empty_draft_misses_its_first_question(code: str) -> None:
    assert missing_answers(procedure_on(code, DAY), {})[0].question.name == "full_name"
