"""The table of statuses and acts."""

import pytest

from procedures.domain.errors import DomainError, NotAllowed
from procedures.domain.lifecycle import (
    ACT_NAMES,
    ACTORS,
    DECIDED,
    MEANINGS,
    NAMES,
    NEXT_ACTOR,
    OPEN,
    PAUSED,
    TRANSITIONS,
    Act,
    Actor,
    Status,
    acts_of,
    after,
    may,
)
from procedures.domain.sheet import lifecycle_sheet


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("act", Act)
def test_every_act_either_leads_on_or_is_refused_in_vietnamese(status: Status, act: Act) -> None:
    if may(status, act):
        assert after(status, act) is TRANSITIONS[status, act]
        return
    with pytest.raises(NotAllowed) as refused:
        after(status, act)
    assert NAMES[status] in refused.value.message


def test_a_settled_dossier_stays_settled_unless_a_complaint_reopens_it() -> None:
    assert not any(may(Status.WITHDRAWN, act) for act in Act)
    for status in DECIDED:
        assert [act for act in Act if may(status, act)] == [Act.REOPEN]
        assert NEXT_ACTOR[status] is None


def test_every_status_can_be_reached_from_a_draft() -> None:
    reached = {Status.DRAFT}
    for _ in Status:
        reached |= {following for (status, _), following in TRANSITIONS.items() if status in reached}
    assert reached == set(Status)


def test_every_open_dossier_can_be_decided_or_withdrawn() -> None:
    for status in OPEN | {Status.FILED}:
        assert may(status, Act.WITHDRAW)


def test_whose_turn_it_is_can_act() -> None:
    for status, actor in NEXT_ACTOR.items():
        if actor is not None:
            assert acts_of(actor, status)


def test_the_filer_has_to_act_while_the_clock_stands_still() -> None:
    assert {NEXT_ACTOR[status] for status in PAUSED} == {Actor.FILER}


def test_everything_has_a_vietnamese_name() -> None:
    assert set(NAMES) == set(MEANINGS) == set(NEXT_ACTOR) == set(Status)
    assert set(ACT_NAMES) == set(ACTORS) == set(Act)


def test_the_printed_table_shows_every_status_and_line() -> None:
    printed = lifecycle_sheet()
    assert all(name in printed for name in (*NAMES.values(), *MEANINGS.values()))
    assert printed.count("\n| ") == len(Status) + len(TRANSITIONS) + 4  # two headers, two rules


def test_a_refusal_names_the_question_it_is_about() -> None:
    refusal = DomainError("Chưa chọn.", "reason")
    assert (refusal.message, refusal.question, str(refusal)) == ("Chưa chọn.", "reason", "Chưa chọn.")


def test_an_actor_may_do_exactly_what_the_table_gives_that_actor_in_that_status() -> None:
    for actor in Actor:
        for status in Status:
            given = acts_of(actor, status)
            assert set(given) == {act for act in Act if may(status, act) and ACTORS[act] is actor}
            assert len(given) == len(set(given))


def test_what_the_table_has_no_line_for_is_refused_in_whole_words() -> None:
    with pytest.raises(NotAllowed) as refused:
        after(Status.WITHDRAWN, Act.WITHDRAW)
    assert refused.value.message == (
        f"Hồ sơ đang ở trạng thái “{NAMES[Status.WITHDRAWN]}” nên không thực hiện được việc này."
    )
