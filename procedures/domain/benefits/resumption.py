"""P4, hưởng tiếp: what is owed for the months in which payment stood still. Never any interest."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from portal.lib.money import format_vnd
from procedures.domain import reading
from procedures.domain.conditions import Answers
from procedures.domain.definition import Basis
from procedures.domain.errors import NoEstimate
from procedures.domain.estimate import Estimate, Line, Rule, Term
from procedures.domain.parameters import Raise, pension_raises
from procedures.domain.sources import circular_59, law_58
from procedures.domain.wording import percent

ANNULLED = "huy_mat_tich"
RETURNED = "xuat_canh"

_WHY_NOT = {
    RETURNED: "Không ước tính được: luật cho hưởng tiếp khi về nước nhưng không nói đến tiền "
    "của thời gian ở nước ngoài (chưa kiểm chứng).",
    "het_han_tu": "Không ước tính được: việc hưởng tiếp theo quy định có hiệu lực lúc bị dừng "
    "(trước 01/01/2016), cổng chưa có các mức của thời gian đó.",
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Months in a row at one level."""

    first: int
    last: int
    monthly: int
    raised_by: Raise | None

    @property
    def months(self) -> int:
        return self.last - self.first + 1

    @property
    def total(self) -> int:
        return self.months * self.monthly


def arrears(monthly: int, first: int, last: int) -> tuple[Stretch, ...]:
    """The unpaid months at the level of their time. ``monthly`` is what was paid when payment stopped;
    each raise gives a whole number of đồng, as pensions are paid. Raises NoEstimate where some raise of
    that time may be unknown."""
    raises = pension_raises(reading.first_day(first), reading.first_day(last))
    if raises is None:
        raise NoEstimate("Không ước tính được vì cổng chưa có đủ các lần tăng lương hưu của thời gian này.")
    stretches, start, level, by = [], first, monthly, None
    for raised in raises:
        month = reading.month_of(raised.since)
        stretches.append(Stretch(start, month - 1, level, by))
        start, level, by = month, _whole_dong(level * (1 + raised.rate)), raised
    stretches.append(Stretch(start, last, level, by))
    return tuple(stretches)


def arrears_after_death(unpaid_months: int) -> Estimate:
    """Declared missing, later declared dead: nothing is owed for the suspended time."""
    line = Line(
        "Tiền của thời gian tạm dừng",
        f"{unpaid_months} tháng, không được nhận vì Tòa án đã tuyên bố là đã chết",
        format_vnd(0),
        str(circular_59("khoản 4 Điều 23")),
        exact=Fraction(0),
    )
    return Estimate((line,), 0, answer=line)


def estimate(answers: Answers, day: date) -> Estimate:
    try:
        return _estimate(answers, day)
    except NoEstimate as reason:
        return Estimate(unavailable=reason.message)


def _estimate(answers: Answers, day: date) -> Estimate:
    reason = reading.text(answers, "reason")
    if reason in _WHY_NOT:
        raise NoEstimate(_WHY_NOT[reason])
    monthly, first = reading.whole(answers, "monthly_amount"), reading.month(answers, "stopped_from")
    if reason != ANNULLED or monthly is None or first is None:
        raise NoEstimate("Chưa ước tính được vì chưa có tháng bị dừng và mức hưởng lúc đó.")
    last = reading.month_of(day)
    if first > last:
        raise NoEstimate("Chưa ước tính được vì tháng bị dừng chưa tới.", "stopped_from")
    stretches = arrears(monthly, first, last)
    total = sum(stretch.total for stretch in stretches)
    basis = law_58("khoản 2 Điều 64")
    lines = tuple(_line(stretch, basis) for stretch in stretches)
    no_interest = str(circular_59("khoản 1 Điều 23"))
    last_line = Line(
        "Số tiền truy lĩnh ước tính",
        "không có tiền lãi",
        format_vnd(total),
        no_interest,
        exact=Fraction(total),
        rule=Rule(tuple(Term(1, (line,)) for line in lines)),
    )
    return Estimate((*lines, last_line), total, answer=last_line)


def _line(stretch: Stretch, basis: Basis) -> Line:
    raised = stretch.raised_by
    return Line(
        f"Từ {reading.month_words(stretch.first)} đến {reading.month_words(stretch.last)}"
        + (f", sau khi tăng {percent(raised.rate)}" if raised else ""),
        f"{stretch.months} tháng × {format_vnd(stretch.monthly)}",
        format_vnd(stretch.total),
        f"{basis}; {raised.basis}" if raised else str(basis),
        raised is not None and raised.basis.is_unsure,
        exact=Fraction(stretch.total),
    )


def _whole_dong(amount: Fraction) -> int:
    return int(amount + Fraction(1, 2))
