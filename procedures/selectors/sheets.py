"""What the public pages tell about a procedure, worked out from its definition alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from portal.lib.vietnamese import fold
from procedures.domain.answers import naming
from procedures.domain.conditions import ALWAYS, All, Condition
from procedures.domain.deadlines import promised_limit
from procedures.domain.definition import Branch, Deadline, Document, Kind, Procedure, Step, Unit
from procedures.domain.errors import NoDeadline

_MOST_COMBINATIONS = 5_000
_UNITS = {Unit.WORKING_DAY: "ngày làm việc", Unit.DAY: "ngày"}


@dataclass(frozen=True, slots=True)
class Paper:
    document: Document
    condition: str  # in words; "" when it is always asked for


@dataclass(frozen=True, slots=True)
class PaperGroup:
    """Papers asked for together; of a named group any one is enough."""

    name: str
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    deadline: Deadline
    words: str
    condition: str  # in words; "" when it always holds


@dataclass(frozen=True, slots=True)
class BranchPapers:
    branch: Branch
    groups: tuple[PaperGroup, ...]


def found(procedures: Iterable[Procedure], words: str) -> list[Procedure]:
    """Those with every word somewhere in their names, summary or keywords, accents or not."""
    wanted = fold(words).split()
    return [procedure for procedure in procedures if all(word in _searched(procedure) for word in wanted)]


def _searched(procedure: Procedure) -> str:
    parts = (procedure.name, procedure.plain_name, procedure.summary, procedure.keywords, procedure.form)
    return fold(" ".join((*parts, *(branch.name for branch in procedure.branches))))


def papers_for_all(procedure: Procedure) -> tuple[PaperGroup, ...]:
    """Papers whose condition has nothing to do with the branch."""
    branching = _branching(procedure)
    mine = [
        _paper(procedure, document, document.when)
        for document in procedure.documents
        if not (document.when.questions() & branching)
    ]
    return _grouped(procedure, mine)


def papers_by_branch(procedure: Procedure) -> tuple[BranchPapers, ...]:
    """What each branch needs on top of that."""
    branching = _branching(procedure)
    depending = [document for document in procedure.documents if document.when.questions() & branching]
    return tuple(
        BranchPapers(
            branch,
            _grouped(
                procedure,
                (
                    _paper(procedure, document, _rest(document.when, branching))
                    for document in depending
                    if _may_hold(procedure, All((branch.when, document.when)))
                ),
            ),
        )
        for branch in procedure.branches
    )


def limit_words(deadline: Deadline) -> str:
    """ "5 ngày làm việc"."""
    return f"{deadline.value} {_UNITS[deadline.unit]}"


def limits_of(procedure: Procedure) -> list[Limit]:
    """The limits in force, the promised one first."""
    try:
        promised = promised_limit(procedure, {})
    except NoDeadline:
        promised = None  # each depends on the answers
    now = [deadline for deadline in procedure.deadlines if not deadline.is_later_rule]
    return [
        Limit(deadline, limit_words(deadline), _condition(procedure, deadline.when))
        for deadline in sorted(now, key=lambda deadline: (deadline is not promised, not deadline.is_service))
    ]


def precheck_step(procedure: Procedure) -> Step | None:
    """The questions of the pre-check as a step, for the form builder."""
    if procedure.precheck is None:
        return None
    return Step(name="tu_kiem_tra", title="Tự kiểm tra", questions=procedure.precheck.questions)


def _branching(procedure: Procedure) -> frozenset[str]:
    return frozenset().union(*(branch.when.questions() for branch in procedure.branches))


def _paper(procedure: Procedure, document: Document, condition: Condition) -> Paper:
    if document.condition_note:
        return Paper(document, document.condition_note)
    return Paper(document, _condition(procedure, condition))


def _condition(procedure: Procedure, condition: Condition) -> str:
    return "" if condition == ALWAYS else f"khi {condition.words(naming(procedure))}"


def _grouped(procedure: Procedure, papers: Iterable[Paper]) -> tuple[PaperGroup, ...]:
    """In the order of the sheet; papers of one group stand together where the first one stands."""
    groups: dict[str, list[Paper]] = {}
    for paper in papers:
        groups.setdefault(paper.document.one_of or f"={paper.document.code}", []).append(paper)
    return tuple(
        PaperGroup(
            "" if code.startswith("=") or len(members) == 1 else procedure.group_name(code), tuple(members)
        )
        for code, members in groups.items()
    )


def _rest(condition: Condition, branching: frozenset[str]) -> Condition:
    """The part of a condition that doesn't only repeat which branch it is."""
    if condition.questions() <= branching:
        return ALWAYS
    if not isinstance(condition, All):
        return condition
    parts = [_rest(part, branching) for part in condition.parts]
    kept = tuple(part for part in parts if part != ALWAYS)
    return kept[0] if len(kept) == 1 else All(kept)


def _may_hold(procedure: Procedure, condition: Condition) -> bool:
    """Whether some answers make it hold. Conditions too wide to try count as possible."""
    names = sorted(condition.questions())
    values = [list(_values(procedure, name)) for name in names]
    size = 1
    for offered in values:
        size *= len(offered)
    if size > _MOST_COMBINATIONS:
        return True
    return any(
        condition.holds(dict(zip(names, combination, strict=True))) for combination in product(*values)
    )


def _values(procedure: Procedure, name: str) -> Iterator[object]:
    yield None
    try:
        question = procedure.question(name)
    except KeyError:
        return
    if question.kind is Kind.YES_NO:
        yield from (True, False)
    elif question.kind is Kind.TABLE:
        rows = [{column.name: True} for column in question.columns]
        choices = [{column.name: one.value} for column in question.columns for one in column.choices]
        yield from ([row] for row in (*rows, *choices))
    yield from (choice.value for choice in question.choices)
