"""Transaction codes against a model of a few lines: whatever somebody asks for, types and waits, in any order, the
portal takes exactly the digits the model takes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db.models import F, Value
from hypothesis import Phase
from hypothesis import settings as speed
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import Throttle, TransactionCode, User
from accounts.services import codes
from tests.accounts.test_codes import DIGEST, OTHER_DIGEST, SIGN, wrong

DIGESTS = st.sampled_from([DIGEST, OTHER_DIGEST])
# Seconds before an act. Whatever they add up to is far from every limit: the time the test takes doesn't matter.
AFTER = st.sampled_from([*[0] * 4, *[110] * 4, *[740] * 3, 90_000])
DAY, HALF_HOUR = 86_400, 1_800


@dataclass
class Code:
    row: TransactionCode
    asked: int
    tries: int = 0
    delivered: int | None = None
    is_spent: bool = False


@dataclass
class Model:
    """The rules as they are told to people. Times in seconds."""

    now: int = 0
    codes: list[Code] = field(default_factory=list)
    sends: dict[int, tuple[int, int]] = field(default_factory=dict)  # window → (since when, how many)

    @property
    def failures(self) -> int:
        return sum(code.tries for code in self.codes if self.now - code.asked < DAY + HALF_HOUR)

    def may_ask(self) -> bool:
        return self.failures < 10 and all(
            self._counts(most, window) for most, window in ((1, 60), (3, 600), (10, DAY))
        )

    def _counts(self, most: int, window: int) -> bool:
        since, before = self.sends.get(window, (self.now, 0))
        since, before = (self.now, 0) if self.now - since >= window else (since, before)
        self.sends[window] = since, before + 1
        return before < most

    def accepts(self, digest: str, is_right: bool) -> bool:
        """Count a try on the newest code, and judge it."""
        code = self.codes[-1] if self.codes else None
        if code is None or code.is_spent or code.tries == 5 or self.failures >= 10:
            return False
        if self.now - code.asked > HALF_HOUR:
            return False
        if code.delivered is not None and self.now - code.delivered > 300:
            return False
        is_right = is_right and digest == code.row.digest
        code.tries += not is_right
        return is_right


class Signing(RuleBasedStateMachine):
    def __init__(self, person: User) -> None:
        super().__init__()
        self.person, self.model = person, Model()

    @rule(after=AFTER, digest=DIGESTS)
    def ask(self, after: int, digest: str) -> None:
        self.wait(after)
        may = self.model.may_ask()
        try:
            row = codes.ask_code(self.person, SIGN, digest, subject="x", channel="sms")
        except codes.CodeNotSent:
            assert not may
        else:
            assert may
            self.model.codes.append(Code(row, self.model.now))

    @precondition(lambda self: self.model.codes)
    @rule(after=AFTER)
    def arrive(self, after: int) -> None:
        self.wait(after)
        newest = self.model.codes[-1]
        codes.mark_delivered(newest.row)
        if newest.delivered is None:
            newest.delivered = self.model.now

    @precondition(lambda self: self.model.codes)
    @rule(after=AFTER, digest=DIGESTS, times=st.integers(1, 6))
    def guess(self, after: int, digest: str, times: int) -> None:
        self.wait(after)
        for _ in range(times):
            self.type(digest, wrong(self.model.codes[-1].row), is_right=False)

    @precondition(lambda self: len(self.model.codes) > 1)
    @rule(digest=DIGESTS)
    def type_the_code_before(self, digest: str) -> None:
        self.type(digest, codes.derive(self.model.codes[-2].row), is_right=False)

    @precondition(lambda self: self.model.codes)
    @rule(after=AFTER, digest=DIGESTS, signs=st.booleans())
    def type_the_code(self, after: int, digest: str, signs: bool) -> None:
        self.wait(after)
        newest = self.model.codes[-1]
        found = self.type(digest, codes.derive(newest.row), is_right=True)
        if found and signs:
            assert codes.spend(found)
            newest.is_spent = True

    def type(self, digest: str, typed: str, is_right: bool) -> TransactionCode | None:
        takes = self.model.accepts(digest, is_right)
        try:
            found = codes.verify(self.person, SIGN, digest, typed)
        except codes.CodeRefused:
            assert not takes
            return None
        assert takes
        return found

    def wait(self, seconds: int) -> None:
        by = Value(timedelta(seconds=seconds))
        TransactionCode.objects.filter(user=self.person).update(
            created_at=F("created_at") - by, delivered_at=F("delivered_at") - by
        )
        Throttle.objects.update(window_from=F("window_from") - by)
        self.model.now += seconds

    @invariant()
    def ten_wrong_ones_a_day_are_judged(self) -> None:
        assert self.model.failures <= 10


@pytest.mark.django_db
def test_the_portal_takes_what_the_model_takes(citizen: Callable[..., User]) -> None:
    numbers = count(119_100_000)

    def machine() -> Signing:
        number = next(numbers)
        return Signing(citizen(f"0{number}", "Nguyễn Thị Hằng", phone=f"0912{number % 10**6:06d}"))

    limits: dict[str, Any] = {"max_examples": 30, "stateful_step_count": 25, "deadline": None}
    limits["phases"] = [Phase.generate]  # to shorten what failed would take minutes
    run_state_machine_as_test(machine, settings=speed(**limits))  # type: ignore[no-untyped-call]
