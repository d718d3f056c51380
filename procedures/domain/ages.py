"""A condition over an age, for questions that only grown-ups are asked."""

from dataclasses import dataclass

from procedures.domain import reading
from procedures.domain.conditions import Answers, Condition, Naming


@dataclass(frozen=True)
class Aged(Condition):
    """Who was born on the day answered to ``born`` has turned ``years`` by the day answered to ``on``."""

    born: str
    years: int
    on: str

    def holds(self, answers: Answers) -> bool:
        born, on = reading.day(answers, self.born), reading.day(answers, self.on)
        return born is not None and on is not None and reading.whole_years(born, on) >= self.years

    def words(self, naming: Naming) -> str:
        return f"từ đủ {self.years} tuổi, theo “{naming(self.born, None)[0]}” và “{naming(self.on, None)[0]}”"

    def questions(self) -> frozenset[str]:
        return frozenset({self.born, self.on})
