"""Tự kiểm tra: likely, unlikely, or nobody can tell yet. It advises and never bars a filing."""

from dataclasses import dataclass

from procedures.domain.conditions import Answers, Condition
from procedures.domain.definition import Basis, Criterion, Precheck, Verdict


@dataclass(frozen=True, slots=True)
class Outcome:
    verdict: Verdict
    words: str
    basis: Basis | None = None


CANNOT_TELL = Outcome(
    Verdict.CANNOT_TELL,
    "Từ những câu trả lời này chưa thể biết trước kết quả. Ông/bà vẫn nộp hồ sơ được; "
    "cơ quan BHXH sẽ xem xét cụ thể.",
)


def outcome(precheck: Precheck, answers: Answers) -> Outcome:
    """The first criterion that holds decides."""
    for criterion in precheck.criteria:
        if criterion.when.holds(answers):
            return Outcome(criterion.verdict, criterion.words, criterion.basis)
    return CANNOT_TELL


def likely(when: Condition, words: str, basis: Basis) -> Criterion:
    return Criterion(when, Verdict.LIKELY, words, basis)


def unlikely(when: Condition, words: str, basis: Basis) -> Criterion:
    return Criterion(when, Verdict.UNLIKELY, words, basis)


def cannot_tell(when: Condition, words: str, basis: Basis) -> Criterion:
    return Criterion(when, Verdict.CANNOT_TELL, words, basis)
