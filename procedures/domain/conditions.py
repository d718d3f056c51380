"""Conditions as values: they can be evaluated against answers and printed for the lawyer.

``When("reason", "dinh_cu")`` holds when the answer to ``reason`` is ``dinh_cu``. Conditions combine
with ``&``, ``|`` and ``~``. An unanswered question makes no
condition hold; its negation, ``~When(...)``, does hold then.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

# Answers by question name, in stored form: text, int, bool, ISO dates as text, lists of rows.
Answers: TypeAlias = Mapping[str, Any]

# Gives the Vietnamese label of a question and of one of its values.
Naming: TypeAlias = Callable[[str, object], tuple[str, str]]


class Condition(ABC):
    """Something that holds, or not, for a set of answers."""

    @abstractmethod
    def holds(self, answers: Answers) -> bool: ...

    @abstractmethod
    def words(self, naming: Naming) -> str:
        """The condition in Vietnamese, for generated pages."""

    @abstractmethod
    def questions(self) -> frozenset[str]:
        """Names of the questions the condition looks at."""

    def __and__(self, other: "Condition") -> "Condition":
        return All((self, other))

    def __or__(self, other: "Condition") -> "Condition":
        return Either((self, other))

    def __invert__(self) -> "Condition":
        return Not(self)


@dataclass(frozen=True)
class Always(Condition):
    def holds(self, answers: Answers) -> bool:
        return True

    def words(self, naming: Naming) -> str:
        return "luôn luôn"

    def questions(self) -> frozenset[str]:
        return frozenset()


ALWAYS = Always()


@dataclass(frozen=True, init=False)
class When(Condition):
    """The answer to ``question`` is one of ``values``."""

    question: str
    values: tuple[object, ...]

    def __init__(self, question: str, *values: object) -> None:
        object.__setattr__(self, "question", question)
        object.__setattr__(self, "values", values or (True,))

    def holds(self, answers: Answers) -> bool:
        return answers.get(self.question) in self.values

    def words(self, naming: Naming) -> str:
        label = naming(self.question, None)[0]
        values = " hoặc ".join(f"“{naming(self.question, value)[1]}”" for value in self.values)
        return f"“{label}” là {values}"

    def questions(self) -> frozenset[str]:
        return frozenset({self.question})


@dataclass(frozen=True)
class Compare(Condition):
    """The number given for ``question`` compares with ``number`` (``<``, ``<=``, ``>=``, ``>``)."""

    question: str
    operator: str
    number: int

    def holds(self, answers: Answers) -> bool:
        value = answers.get(self.question)
        if not isinstance(value, int) or isinstance(value, bool):
            return False
        return {
            "<": value < self.number,
            "<=": value <= self.number,
            ">=": value >= self.number,
            ">": value > self.number,
        }[self.operator]

    def words(self, naming: Naming) -> str:
        signs = {"<": "dưới", "<=": "không quá", ">=": "từ", ">": "trên"}
        return f"“{naming(self.question, None)[0]}” {signs[self.operator]} {self.number}"

    def questions(self) -> frozenset[str]:
        return frozenset({self.question})


@dataclass(frozen=True, init=False)
class AnyRow(Condition):
    """Some row of ``table`` has one of ``values`` in ``column``."""

    table: str
    column: str
    values: tuple[object, ...]

    def __init__(self, table: str, column: str, *values: object) -> None:
        object.__setattr__(self, "table", table)
        object.__setattr__(self, "column", column)
        object.__setattr__(self, "values", values or (True,))

    def holds(self, answers: Answers) -> bool:
        rows = answers.get(self.table)
        if not isinstance(rows, (list, tuple)):
            return False
        return any(isinstance(row, Mapping) and row.get(self.column) in self.values for row in rows)

    def words(self, naming: Naming) -> str:
        values = " hoặc ".join(f"“{naming(self.column, value)[1]}”" for value in self.values)
        label, table = naming(self.column, None)[0], naming(self.table, None)[0]
        return f"có dòng trong “{table}” mà “{label}” là {values}"

    def questions(self) -> frozenset[str]:
        return frozenset({self.table})


@dataclass(frozen=True)
class All(Condition):
    parts: tuple[Condition, ...]

    def holds(self, answers: Answers) -> bool:
        return all(part.holds(answers) for part in self.parts)

    def words(self, naming: Naming) -> str:
        words = ((part, part.words(naming)) for part in self.parts)
        return " và ".join(f"({text})" if isinstance(part, Either) else text for part, text in words)

    def questions(self) -> frozenset[str]:
        return frozenset().union(*(part.questions() for part in self.parts))


@dataclass(frozen=True)
class Either(Condition):
    parts: tuple[Condition, ...]

    def holds(self, answers: Answers) -> bool:
        return any(part.holds(answers) for part in self.parts)

    def words(self, naming: Naming) -> str:
        return " hoặc ".join(part.words(naming) for part in self.parts)

    def questions(self) -> frozenset[str]:
        return frozenset().union(*(part.questions() for part in self.parts))


@dataclass(frozen=True)
class Not(Condition):
    part: Condition

    def holds(self, answers: Answers) -> bool:
        return not self.part.holds(answers)

    def words(self, naming: Naming) -> str:
        return f"không phải: {self.part.words(naming)}"

    def questions(self) -> frozenset[str]:
        return self.part.questions()
