"""The relatives of a deceased person, as rows of form 09-HSB. Ages are those on the day of death.

What the law forbids is told in the procedure's file, with its article; what merely contradicts itself
stands here.
"""

from datetime import date

from procedures.domain import reading
from procedures.domain.benefits import survivors
from procedures.domain.benefits.survivors import RELATIVES
from procedures.domain.conditions import Answers
from procedures.domain.rules import row_wall, warning
from procedures.domain.sources import KNOWN, law_58, vss_sheet

_SMALL_CHILD = 6


def too_many_monthly(answers: Answers, today: date) -> bool:
    chosen = [row for row in reading.rows(answers, RELATIVES) if row.get("choice") == "hang_thang"]
    return len(chosen) > survivors.MOST_RELATIVES


def nobody_is_eligible(answers: Answers, today: date) -> bool:
    died = reading.day(answers, "death_date")
    wanting = [row for row in reading.rows(answers, RELATIVES) if survivors.wants_monthly(row)]
    return died is not None and bool(wanting) and not any(survivors.is_eligible(row, died) for row in wanting)


def small_child_takes_once(row: Answers, index: int, answers: Answers, today: date) -> bool:
    """Under six, or not born yet when the father died."""
    born, died = reading.day(row, "relative_birth_date"), reading.day(answers, "death_date")
    is_small = born is not None and died is not None and 0 <= reading.whole_years(born, died) < _SMALL_CHILD
    is_child = row.get("relation") == "con_chua_sinh" or (row.get("relation") == "con" and is_small)
    return is_child and _gives_up_monthly(row, answers)


def disabled_takes_once(row: Answers, index: int, answers: Answers, today: date) -> bool:
    """A child, wife or husband with a loss of 81 % or more."""
    is_protected = row.get("relation") in ("con", "vo", "chong") and reading.is_yes(row, "loss_81")
    return is_protected and _gives_up_monthly(row, answers)


def _gives_up_monthly(row: Answers, answers: Answers) -> bool:
    """Chose the one-time benefit although the deceased gives a right to the monthly one. Where the
    answers don't tell that right, what the family says of it counts."""
    if row.get("choice") != "mot_lan":
        return False
    right = survivors.gives_monthly_right(answers)
    if right is None:
        return answers.get("claim") == "hang_thang" or reading.is_yes(answers, "gave_up_monthly")
    return right


def _born_after_death(row: Answers, index: int, answers: Answers, today: date) -> bool:
    born, died = reading.day(row, "relative_birth_date"), reading.day(answers, "death_date")
    return born is not None and died is not None and born > died


def _number_is_taken(row: Answers, index: int, answers: Answers, today: date) -> bool:
    """The mã số BHXH of a row above it, or of the deceased."""
    number = reading.text(row, "relative_bhxh_number")
    above = reading.rows(answers, RELATIVES)[:index]
    taken = {reading.text(other, "relative_bhxh_number") for other in above}
    return bool(number) and number in {*taken, reading.text(answers, "deceased_bhxh_number")}


def _chose_otherwise(answers: Answers, today: date) -> bool:
    """Somebody of the table chose the benefit the family does not ask for."""
    other = {"hang_thang": "mot_lan", "mot_lan": "hang_thang"}.get(reading.text(answers, "claim"))
    chosen = {reading.text(row, "choice") for row in reading.rows(answers, RELATIVES)}
    return other in chosen


CONTRADICTIONS = (
    row_wall(
        "born_after_death",
        (RELATIVES, "relative_birth_date"),
        _born_after_death,
        law_58("điểm a khoản 2 Điều 67"),
        "Ngày sinh sau ngày mất. Nếu lúc người cha mất con chưa sinh, xin chọn như vậy ở ô “Là gì của người mất”.",
    ),
    row_wall(
        "number_twice",
        (RELATIVES, "relative_bhxh_number"),
        _number_is_taken,
        vss_sheet("mẫu 09-HSB trong", KNOWN),
        "Mã số BHXH này đã ghi cho người khác. Mỗi người có một mã số riêng.",
    ),
    warning(
        "mixed_choices",
        RELATIVES,
        _chose_otherwise,
        vss_sheet("mẫu 09-HSB trong", KNOWN),
        "Trong bảng có người chọn khác với chế độ gia đình đề nghị. Ông/bà xem lại giúp.",
    ),
)
