"""Questions as a procedure file writes them, one a line: what kind of answer, its name, the words of the
form, the legal basis, and when it is asked at all.

    ask.past_day("left_on", "Ngày nghỉ việc", law.decree_115("Điều 8"), When("reason", "sau_mot_nam"))
"""

from dataclasses import replace
from typing import Protocol

from procedures.domain.conditions import ALWAYS, Condition
from procedures.domain.definition import Basis, Choice, Kind, Question


class Asking(Protocol):
    def __call__(
        self,
        name: str,
        label: str,
        basis: Basis,
        when: Condition = ALWAYS,
        *,
        help: str = "",
        required: bool = True,
        prefill: str = "",
    ) -> Question: ...


def _asking(kind: Kind, *, not_future: bool = False, minimum: int | None = None) -> Asking:
    def ask(
        name: str,
        label: str,
        basis: Basis,
        when: Condition = ALWAYS,
        *,
        help: str = "",
        required: bool = True,
        prefill: str = "",
    ) -> Question:
        return Question(
            name,
            label,
            kind,
            help=help,
            required=required,
            when=when,
            minimum=minimum,
            not_future=not_future,
            prefill=prefill,
            basis=basis,
        )

    return ask


text = _asking(Kind.TEXT)
person = _asking(Kind.NAME)  # họ và tên
past_day = _asking(Kind.DATE, not_future=True)
month = _asking(Kind.MONTH)
past_month = _asking(Kind.MONTH, not_future=True)
yes_no = _asking(Kind.YES_NO)
money = _asking(Kind.MONEY, minimum=1)
coefficient = _asking(Kind.DECIMAL)
identity_number = _asking(Kind.IDENTITY_NUMBER)
bhxh_number = _asking(Kind.BHXH_NUMBER)
phone = _asking(Kind.PHONE)
email = _asking(Kind.EMAIL)
address = _asking(Kind.ADDRESS)
province = _asking(Kind.PROVINCE)
bank = _asking(Kind.BANK)
bank_account = _asking(Kind.BANK_ACCOUNT)


def options(**labels: str) -> tuple[Choice, ...]:
    """``options(nam="Nam", nu="Nữ")``: the stored value and the words."""
    return tuple(Choice(value, label) for value, label in labels.items())


def or_else(question: Question, **labels: str) -> Question:
    """The same question with further options, as the pre-check asks it."""
    return replace(question, choices=(*question.choices, *options(**labels)))


def optional(question: Question) -> Question:
    return replace(question, required=False)


def choice(
    name: str,
    label: str,
    choices: tuple[Choice, ...],
    basis: Basis,
    when: Condition = ALWAYS,
    *,
    help: str = "",
    required: bool = True,
    prefill: str = "",
) -> Question:
    return Question(
        name,
        label,
        Kind.CHOICE,
        help=help,
        required=required,
        when=when,
        choices=choices,
        prefill=prefill,
        basis=basis,
    )


def count(
    name: str,
    label: str,
    basis: Basis,
    when: Condition = ALWAYS,
    *,
    most: int,
    help: str = "",
    required: bool = True,
) -> Question:
    """A whole number from 0 on: years, months, people."""
    return Question(
        name,
        label,
        Kind.INTEGER,
        help=help,
        required=required,
        when=when,
        minimum=0,
        maximum=most,
        basis=basis,
    )


def table(
    name: str,
    label: str,
    row_name: str,
    columns: tuple[Question, ...],
    basis: Basis,
    *,
    when: Condition = ALWAYS,
    help: str = "",
    required: bool = True,
    max_rows: int = 60,
) -> Question:
    """Repeating rows; ``row_name`` is what one of them is, e.g. "giai đoạn"."""
    return Question(
        name,
        label,
        Kind.TABLE,
        help=help,
        required=required,
        when=when,
        columns=columns,
        max_rows=max_rows,
        row_name=row_name,
        basis=basis,
    )
