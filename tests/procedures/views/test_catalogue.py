"""What anybody can read before logging in."""

import pytest
from django.test import Client

from procedures import catalogue
from procedures.selectors import sheets
from procedures.services.calendar import legal_date

CODES = [procedure.code for procedure in catalogue.procedures_on(legal_date())]
PRECHECKED = [p.code for p in catalogue.procedures_on(legal_date()) if p.precheck]


def text(response: object) -> str:
    return str(response.content.decode())  # type: ignore[attr-defined]


def test_all_procedures_are_listed_in_the_words_people_use(visitor: Client, db: None) -> None:
    page = text(visitor.get("/thu-tuc/"))

    assert all(p.plain_name in page for p in catalogue.procedures_on(legal_date()))


@pytest.mark.parametrize(("words", "code"), [("rut bao hiem", "bhxh_mot_lan"), ("MAI TÁNG", "tu_tuat")])
def test_a_procedure_is_found_by_words_without_accents(words: str, code: str) -> None:
    every = catalogue.procedures_on(legal_date())

    assert code in [procedure.code for procedure in sheets.found(every, words)]


def test_a_search_without_a_hit_says_so_and_shows_everything(visitor: Client, db: None) -> None:
    page = text(visitor.get("/thu-tuc/", {"q": '<script>"zzz'}))

    assert "Không có thủ tục nào có chữ" in page
    assert "<script>" not in page.split("<main")[1]
    assert page.count('class="procedure"') == len(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_sheet_tells_all_of_its_definition(visitor: Client, code: str, db: None) -> None:
    procedure = catalogue.procedure_on(code, legal_date())
    page = text(visitor.get(f"/thu-tuc/{code}/")).replace("&quot;", '"').replace("&#x27;", "'")

    told = [
        procedure.name,
        procedure.who_may_file,
        procedure.formula,
        procedure.form,
        *(branch.condition for branch in procedure.branches),
        *(document.name for document in procedure.documents),
        *(ground.words for ground in procedure.refusals),
        *(str(basis) for basis in procedure.legal_basis),
        *(result.name for result in procedure.results),
        *(words for _, words, _ in procedure.changes_since),
    ]
    assert [words for words in told if words not in page] == []


def test_the_promised_limit_stands_first_and_the_unsure_one_says_so() -> None:
    limits = sheets.limits_of(catalogue.procedure_on("tu_tuat", legal_date()))

    assert not limits[0].deadline.basis.is_unsure
    assert any(limit.deadline.basis.is_unsure for limit in limits)


def test_papers_of_a_branch_come_with_their_own_condition_only() -> None:
    procedure = catalogue.procedure_on("bhxh_mot_lan", legal_date())
    papers = {found.branch.code: found.groups for found in sheets.papers_by_branch(procedure)}

    assert [group.name for group in papers["dinh_cu"]] == [procedure.group_name("dinh_cu")]
    assert len(papers["dinh_cu"][0].papers) == 5
    assert papers["du_tuoi"] == ()


def test_an_unknown_procedure_is_no_page(visitor: Client, db: None) -> None:
    for address in ("/thu-tuc/khong-co/", "/thu-tuc/khong-co/tu-kiem-tra/"):
        assert visitor.get(address).status_code == 404


def test_the_pre_check_answers_with_its_article_and_never_bars(visitor: Client, db: None) -> None:
    answers = {
        "_shown": "reason years_contributed months_since_leaving contributes_again",
        "reason": "sau_mot_nam",
        "years_contributed": "5",
        "months_since_leaving": "3",
        "contributes_again": "khong",
    }
    page = text(visitor.get("/thu-tuc/bhxh_mot_lan/tu-kiem-tra/", answers))

    assert "Nhiều khả năng ông/bà chưa được hưởng" in page
    assert "115/2015" in page
    assert "Bắt đầu nộp hồ sơ" in page


def test_the_pre_check_asks_kindly_for_what_an_answer_opens(visitor: Client, db: None) -> None:
    answers = {"_shown": "reason years_contributed", "reason": "sau_mot_nam", "years_contributed": "5"}
    page = text(visitor.get("/thu-tuc/bhxh_mot_lan/tu-kiem-tra/", answers))

    assert "Xin trả lời thêm" in page
    assert "Cần sửa" not in page


@pytest.mark.parametrize("code", PRECHECKED)
def test_every_pre_check_bears_anything(visitor: Client, code: str, db: None) -> None:
    step = sheets.precheck_step(catalogue.procedure_on(code, legal_date()))
    assert step is not None
    for value in ("", "1e9", "<b>", "１２", "-1", "x" * 3000):
        answers = {question.name: value for question in step.questions}
        assert visitor.get(f"/thu-tuc/{code}/tu-kiem-tra/", {**answers, "_shown": ""}).status_code == 200
