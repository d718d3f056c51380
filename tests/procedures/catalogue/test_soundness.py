"""What must hold of every procedure file, an eighth included."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from procedures import catalogue
from procedures.catalogue import all_editions
from procedures.domain.answers import naming
from procedures.domain.completeness import documents_for
from procedures.domain.conditions import Condition
from procedures.domain.definition import Basis, Kind, Procedure, Question, Verdict
from procedures.domain.precheck import outcome
from procedures.domain.sheet import UNVERIFIED, basis_words, sheet

FILES = [path for path in Path(catalogue.__file__).parent.glob("*.py") if path.stem != "__init__"]
EDITIONS = [pytest.param(one, id=f"{one.code}-{one.edition}") for one in all_editions()]
every_edition = pytest.mark.parametrize("procedure", EDITIONS)


def all_questions(procedure: Procedure) -> list[Question]:
    return [one for question in procedure.questions for one in (question, *question.columns)]


def conditions(procedure: Procedure) -> Iterator[Condition]:
    yield from (step.when for step in procedure.steps)
    yield from (question.when for question in all_questions(procedure))
    yield from (document.when for document in procedure.documents)
    yield from (branch.when for branch in procedure.branches)
    yield from (limit.when for limit in procedure.deadlines)
    yield from (
        route.when for route in (*procedure.routes, *([procedure.onward] if procedure.onward else []))
    )
    yield from (rule.when for rule in procedure.rules)


def bases(procedure: Procedure) -> Iterator[tuple[str, Basis | None]]:
    yield from ((f"document {document.code}", document.basis) for document in procedure.documents)
    yield from ((f"rule {rule.name}", rule.basis) for rule in procedure.rules)
    yield from ((f"limit {limit.value}", limit.basis) for limit in procedure.deadlines)
    yield from ((f"branch {branch.code}", branch.basis) for branch in procedure.branches)
    yield from ((f"question {question.name}", question.basis) for question in all_questions(procedure))
    yield from ((f"refusal {refusal.code}", refusal.basis) for refusal in procedure.refusals)
    yield from ((f"result {result.name}", result.basis) for result in procedure.results)
    yield from ((f"route {route.question}", route.basis) for route in procedure.routes)
    if procedure.precheck is not None:
        yield from ((criterion.words, criterion.basis) for criterion in procedure.precheck.criteria)
    if procedure.filing_limit is not None:
        yield "filing limit", procedure.filing_limit.basis


@pytest.mark.parametrize("path", sorted(FILES), ids=lambda path: path.stem)
def test_a_procedure_file_is_short_enough_to_be_read_to_its_end(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 180
    assert max(len(line) for line in lines) <= 120


@every_edition
def test_a_pre_check_answers_with_an_article_and_bars_nobody(procedure: Procedure) -> None:
    assert procedure.precheck is not None
    assert procedure.precheck.questions
    assert {criterion.verdict for criterion in procedure.precheck.criteria} >= {
        Verdict.LIKELY,
        Verdict.UNLIKELY,
    }
    assert outcome(procedure.precheck, {}).verdict is Verdict.CANNOT_TELL


@every_edition
def test_everything_the_law_asks_names_its_basis(procedure: Procedure) -> None:
    assert [what for what, basis in bases(procedure) if basis is None or not basis.source] == []
    assert procedure.legal_basis


@every_edition
def test_names_and_codes_are_unique(procedure: Procedure) -> None:
    names = Counter(question.name for question in all_questions(procedure))
    codes = Counter(document.code for document in procedure.documents)
    rules = Counter(rule.name for rule in procedure.rules)
    steps = Counter(step.name for step in procedure.steps)
    refusals = Counter(refusal.code for refusal in procedure.refusals)
    assert max(max(counter.values()) for counter in (names, codes, rules, steps, refusals)) == 1


@every_edition
def test_conditions_look_only_at_questions_that_are_asked(procedure: Procedure) -> None:
    known = {question.name for question in all_questions(procedure)}
    asked = {name for condition in conditions(procedure) for name in condition.questions()}
    assert asked <= known


@every_edition
def test_a_question_depends_only_on_earlier_ones(procedure: Procedure) -> None:
    """So the form can be walked from the front, and no two questions hide each other."""
    seen: set[str] = set()
    for step in procedure.steps:
        assert step.when.questions() <= seen
        for question in step.questions:
            assert question.when.questions() <= seen
            columns = {column.name for column in question.columns}
            for column in question.columns:
                assert column.when.questions() <= seen | columns
            seen.add(question.name)


@every_edition
def test_rules_routes_and_limits_stand_beside_questions_that_exist(procedure: Procedure) -> None:
    names = {question.name for question in procedure.questions}
    assert {rule.question for rule in procedure.rules} <= names
    for route in (*procedure.routes, *([procedure.onward] if procedure.onward else [])):
        assert procedure.question(route.question).kind in (Kind.ADDRESS, Kind.PROVINCE)
    limit = procedure.filing_limit
    if limit is not None and limit.since:
        assert procedure.question(limit.since).kind is Kind.DATE
        assert not limit.late_document or procedure.document(limit.late_document)


@every_edition
def test_choices_and_tables_are_filled_in(procedure: Procedure) -> None:
    for question in all_questions(procedure):
        assert (question.kind is Kind.CHOICE) == bool(question.choices)
        assert (question.kind is Kind.TABLE) == bool(question.columns)
        assert len({choice.value for choice in question.choices}) == len(question.choices)
        assert question.label


@every_edition
def test_groups_of_papers_have_a_name(procedure: Procedure) -> None:
    used = {document.one_of for document in procedure.documents if document.one_of}
    assert used == {group.code for group in procedure.groups}
    with pytest.raises(KeyError):
        procedure.document("no such paper")
    with pytest.raises(KeyError):
        procedure.step("no such step")
    with pytest.raises(KeyError):
        procedure.question("no such question")


@every_edition
def test_every_branch_can_be_chosen_and_every_value_of_a_condition_exists(procedure: Procedure) -> None:
    for branch in procedure.branches:
        (name,) = branch.when.questions()
        assert branch.when.holds({name: branch.code})
        assert branch.code in {choice.value for choice in procedure.question(name).choices}


@every_edition
def test_a_form_the_portal_fills_in_is_not_sent_on_paper(procedure: Procedure) -> None:
    for document in procedure.documents:
        assert not (document.filled_here and document.may_follow_on_paper)


@every_edition
def test_citizens_are_addressed_politely_and_alike(procedure: Procedure) -> None:
    texts = [rule.message for rule in procedure.rules]
    texts += [text for question in all_questions(procedure) for text in (question.label, question.help)]
    texts += [text for step in procedure.steps for text in (step.title, step.intro)]
    texts += [refusal.words for refusal in procedure.refusals]
    assert [text for text in texts if "bạn" in text.lower().split()] == []


@every_edition
def test_the_sheet_shows_every_paper_limit_and_branch(procedure: Procedure) -> None:
    page = sheet(procedure)
    assert page.startswith(f"# {procedure.order}. {procedure.name}\n")
    for document in procedure.documents:
        assert document.name in page
        assert basis_words(document.basis) in page
    for limit in procedure.deadlines:
        assert f"{limit.value} ngày" in page
    for branch in procedure.branches:
        assert branch.name in page
    for rule in procedure.rules:
        assert rule.message in page
    for refusal in procedure.refusals:
        assert refusal.words in page
    assert "“chưa trả lời”" not in page or "settlement_paper" in {q.name for q in procedure.questions}


@every_edition
def test_unsure_facts_are_marked_on_the_sheet(procedure: Procedure) -> None:
    page = sheet(procedure)
    unsure = [basis for _, basis in bases(procedure) if basis is not None and basis.is_unsure]
    assert page.count(UNVERIFIED) > bool(unsure)  # the legend has it once
    assert all(f"{basis}; {UNVERIFIED}" in page for basis in unsure if basis in printed_bases(procedure))


def printed_bases(procedure: Procedure) -> set[Basis]:
    documents = {document.basis for document in procedure.documents}
    return documents | {limit.basis for limit in procedure.deadlines} | {procedure.agency_basis}


@every_edition
def test_no_name_of_the_code_reaches_the_sheet(procedure: Procedure) -> None:
    name = naming(procedure)
    for condition in conditions(procedure):
        words = condition.words(name)
        assert not [asked for asked in condition.questions() if f"“{asked}”" in words]


@every_edition
def test_an_empty_draft_is_met_without_falling_over(procedure: Procedure) -> None:
    assert all(need.document.when.holds({}) for need in documents_for(procedure, {}))
    if procedure.estimate is not None:
        assert procedure.estimate({}, date(2019, 8, 20)).unavailable
