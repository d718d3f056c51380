"""The legal clock: one date for everybody, past Tết, pauses and outages; an apology once; overdue is told."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Role, User
from portal.lib.vietnamese import format_date
from portal.lib.working_days import add_working_days, is_working_day
from procedures.documents.printable import VIETNAM, long_date
from procedures.domain.clock import Stop, due_date
from procedures.domain.definition import Unit
from procedures.domain.errors import DomainError, NotAllowed, NotHeld
from procedures.domain.lifecycle import Status
from procedures.models import Apology, Breach, Clock, ClockPause, Dossier, Holiday, Notice, Outage
from procedures.services import apologies, clock, papers, supplements
from tests import makers
from tests.procedures.casework.conftest import browser_of
from tests.procedures.casework.pages import post, text, url
from tests.procedures.documents.sheets import text_of

TET = date(2026, 2, 17)  # the first day of the year of the horse
DAYS = st.dates(date(2019, 1, 1), date(2026, 12, 31))


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=VIETNAM)


def counted_from(dossier: Dossier, day: date) -> Dossier:
    """As if the dossier had been complete on that day."""
    Clock.objects.filter(dossier=dossier).update(counted_from=day)
    return kept(dossier)


def kept(dossier: Dossier) -> Dossier:
    clock.keep(makers.fresh(dossier))
    return makers.fresh(dossier)


# --- the arithmetic -------------------------------------------------------------------------------


@given(start=DAYS, days=st.integers(1, 40))
def test_without_stops_it_is_the_calendar_of_working_days(start: date, days: int) -> None:
    assert due_date(start, days, Unit.WORKING_DAY, is_working_day) == add_working_days(start, days)


@given(start=DAYS, days=st.integers(1, 40))
def test_calendar_days_end_on_a_working_day(start: date, days: int) -> None:
    due = due_date(start, days, Unit.DAY, is_working_day)
    assert is_working_day(due)
    assert due >= start + timedelta(days=days)
    assert not any(is_working_day(start + timedelta(days=ahead)) for ahead in range(days, (due - start).days))


@given(
    start=DAYS,
    days=st.integers(1, 20),
    unit=st.sampled_from(Unit),
    began=st.integers(0, 15),
    length=st.integers(0, 90),
)
def test_a_pause_never_brings_the_day_nearer_nor_moves_it_by_more_than_itself(
    start: date, days: int, unit: Unit, began: int, length: int
) -> None:
    plain = due_date(start, days, unit, is_working_day)
    first = start + timedelta(days=began)
    paused = due_date(start, days, unit, is_working_day, [Stop.pause(first, first + timedelta(days=length))])
    assert plain <= paused
    assert (paused - plain).days <= length + 16  # the days off around it
    if length == 0 or first >= plain:
        assert paused == plain


def test_two_stops_on_one_day_are_one() -> None:
    start, stop = date(2026, 3, 2), Stop(date(2026, 3, 4), date(2026, 3, 5))
    once = due_date(start, 5, Unit.WORKING_DAY, is_working_day, [stop])
    assert once == date(2026, 3, 11)
    assert due_date(start, 5, Unit.WORKING_DAY, is_working_day, [stop, stop]) == once


# --- the same date everywhere ---------------------------------------------------------------------


def dates_shown(dossier: Dossier, officer: User, hq: User) -> dict[str, bool]:
    """Whether each place shows the dossier's due date, read from the row of this dossier."""
    assert dossier.due_on
    day = format_date(dossier.due_on)
    citizen = browser_of(dossier.filer)
    return {
        "board of the headquarters": day in row_of(browser_of(hq).get("/can-bo/han-tra/"), dossier),
        "receipt": long_date(dossier.due_on) in text_of(papers.receipt_pdf_for(dossier)),
        "queue": day in row_of(browser_of(officer).get("/can-bo/"), dossier),
        "work page": day in text(browser_of(officer).get(url("dossier", dossier))),
        "filer": day in text(citizen.get(f"/ho-so/{dossier.public_id}/")),
        "filer's receipt": day in text(citizen.get(f"/ho-so/{dossier.public_id}/da-nop/")),
    }


def row_of(response: Any, dossier: Dossier) -> str:
    """The row of a table that begins with the dossier's reference."""
    rows = re.findall(r"<tr>.*?</tr>", response.content.decode(), flags=re.DOTALL)
    return next((row for row in rows if str(dossier.reference) in row), "")


def test_receipt_queue_time_line_and_board_of_hq_see_one_date_past_tet_a_pause_and_an_outage(
    contributor: User, officer: User, hq: User
) -> None:
    dossier = counted_from(makers.queued(contributor), date(2026, 2, 11))  # a Wednesday before Tết
    days = Clock.objects.get().days
    assert Clock.objects.get().unit == Unit.WORKING_DAY
    assert dossier.due_on == add_working_days(date(2026, 2, 11), days)
    assert dossier.due_on > TET
    assert all(dates_shown(dossier, officer, hq).values()), dates_shown(dossier, officer, hq)
    plain = dossier.due_on

    ClockPause.objects.create(
        dossier=dossier, reason="supplement", owner="filer", began_at=at(date(2026, 2, 12))
    )
    ClockPause.objects.update(ended_at=at(date(2026, 2, 25)))
    dossier = kept(dossier)
    assert dossier.due_on == add_working_days(date(2026, 2, 25), days - 1)  # one day was used
    assert dossier.due_on > plain
    assert all(dates_shown(dossier, officer, hq).values())
    paused = dossier.due_on

    clock.record_outage(
        hq, first=date(2026, 2, 26), last=date(2026, 2, 27), reason="Mất điện trung tâm dữ liệu"
    )
    assert clock.keep_all() >= 1
    dossier = makers.fresh(dossier)
    assert dossier.due_on == add_working_days(paused, 2)
    assert all(dates_shown(dossier, officer, hq).values())
    for reader in (officer, contributor):
        path = url("dossier", dossier) if reader == officer else f"/ho-so/{dossier.public_id}/"
        page = text(browser_of(reader).get(path))
        assert "Ngày hẹn lùi lại vì sự cố hệ thống" in page
        assert f"Ngày hẹn mới: {format_date(dossier.due_on)}." in page


def test_an_override_of_the_calendar_counts_too(contributor: User) -> None:
    dossier = counted_from(makers.queued(contributor), date(2026, 3, 2))
    before = dossier.due_on
    Holiday.objects.create(day=date(2026, 3, 4), is_working=False, name="Nghỉ bù", source="Thông báo 1")
    assert before
    assert kept(dossier).due_on == add_working_days(before, 1)


def test_an_outage_is_applied_once_and_says_nothing_to_dossiers_it_does_not_move(
    contributor: User, pensioner: User, hq: User
) -> None:
    today = timezone.localdate()
    dossier = makers.queued(contributor)
    settled = makers.withdrawn(pensioner)
    clock.record_outage(hq, first=today + timedelta(days=0), last=today + timedelta(days=1), reason="Sự cố")
    clock.keep_all()
    clock.keep_all()
    assert dossier.events.filter(act=clock.EXTENDED).count() <= 1
    assert not settled.events.filter(act=clock.EXTENDED).exists()
    assert not Outage.objects.filter(applied_at__isnull=True).exists()


# --- pauses ---------------------------------------------------------------------------------------


def test_while_a_supplement_is_awaited_the_clock_stands_for_the_filer_and_then_goes_on(
    contributor: User, officer: User
) -> None:
    dossier = makers.supplement_requested(contributor, officer)
    assert dossier.due_on is None
    pause = ClockPause.objects.get()
    assert (pause.reason, pause.owner, pause.ended_at) == ("supplement", "filer", None)
    Clock.objects.update(counted_from=date(2026, 11, 2))
    ClockPause.objects.update(began_at=at(date(2026, 11, 4)))
    back = makers.deliver(makers.answered(dossier))
    left = Clock.objects.get().days - 2
    assert back.due_on == add_working_days(timezone.localdate(), left)
    assert ClockPause.objects.get().ended_at is not None


def test_the_clock_begins_when_the_last_promised_paper_came(contributor: User, officer: User) -> None:
    dossier = makers.queued(contributor, on_paper=["so_bhxh"])
    assert not Clock.objects.exists()
    assert ClockPause.objects.get().reason == "paper"
    dossier = makers.receive(dossier, officer, "so_bhxh")
    assert Clock.objects.get().counted_from == timezone.localdate()
    assert dossier.due_on == add_working_days(timezone.localdate(), Clock.objects.get().days)


def test_proposing_a_refusal_while_the_filer_is_silent_lets_the_clock_go_on(
    contributor: User, officer: User
) -> None:
    dossier = makers.supplement_requested(contributor, officer)
    ground = makers.procedure_of(dossier).refusals[0]
    makers.held(dossier, officer)
    makers.decisions.propose_refusal(dossier, officer, reason_code=ground.code, reason=ground.words)
    assert makers.fresh(dossier).due_on is not None


def test_a_second_request_for_what_was_visible_is_the_heads(
    contributor: User, officer: User, head: User
) -> None:
    dossier = makers.supplemented(contributor, officer)  # the so_bhxh came anew
    typed: dict[str, Any] = {
        "reasons": {"question:left_on": "Thiếu."},
        "answer_by": supplements.usual_answer_by(),
    }
    makers.held(dossier, officer)
    with pytest.raises(DomainError, match="lãnh đạo"):
        supplements.request_supplement(dossier, officer, documents=[], questions=["left_on"], **typed)
    makers.held(dossier, head)
    supplements.request_supplement(dossier, head, documents=[], questions=["left_on"], **typed)
    assert makers.fresh(dossier).status == Status.SUPPLEMENT_REQUESTED


def test_about_what_came_with_the_answer_anybody_may_ask(contributor: User, officer: User) -> None:
    dossier = makers.held(makers.supplemented(contributor, officer), officer)
    by = supplements.usual_answer_by()
    supplements.request_supplement(
        dossier,
        officer,
        documents=["so_bhxh"],
        questions=[],
        reasons={"paper:so_bhxh": "Ảnh mới bị mờ."},
        answer_by=by,
    )
    assert makers.fresh(dossier).status == Status.SUPPLEMENT_REQUESTED


# --- apology --------------------------------------------------------------------------------------


def new_day(days: int = 8) -> str:
    return format_date(add_working_days(timezone.localdate(), days))


def test_an_apology_gives_a_new_day_everywhere_and_a_paper(
    desk: Client, contributor: User, officer: User, hq: User
) -> None:
    dossier = makers.queued(contributor)
    old = dossier.due_on
    response = post(
        desk, "apologise", dossier, new_due_on=new_day(), reason="Chờ xác minh ở tỉnh khác.", sure="1"
    )
    assert response.status_code == 302
    dossier = makers.fresh(dossier)
    assert dossier.due_on == add_working_days(timezone.localdate(), 8)
    apology = Apology.objects.get()
    assert (apology.old_due_on, apology.made_by) == (old, officer)
    assert Notice.objects.filter(dossier=dossier, kind=Notice.Kind.APOLOGISED).count() == 2
    printed = text_of(papers.apology_pdf_for(apology))
    for words in ("PHIẾU XIN LỖI", "Chờ xác minh ở tỉnh khác.", long_date(apology.new_due_on)):
        assert words in printed
    assert all(dates_shown(dossier, officer, hq).values())
    page = text(browser_of(contributor).get(f"/ho-so/{dossier.public_id}/"))
    assert "xin lỗi và hẹn lại ngày trả" in page


def test_it_is_given_once(desk: Client, contributor: User, officer: User) -> None:
    dossier = makers.held(makers.queued(contributor), officer)
    typed: dict[str, Any] = {"reason": "Chờ xác minh."}
    later = add_working_days(timezone.localdate(), 8)
    apologies.apologise(dossier, officer, new_due_on=later, **typed)
    with pytest.raises(NotAllowed):
        apologies.apologise(dossier, officer, new_due_on=add_working_days(timezone.localdate(), 20), **typed)
    assert url("apologise", dossier) not in desk.get(url("dossier", dossier)).content.decode()


@pytest.mark.parametrize("typed", ["", "mai", "01/01/2020", "02/01/2027"])  # the last one is a Saturday
def test_a_day_that_will_not_do_is_refused_at_the_field(desk: Client, contributor: User, typed: str) -> None:
    dossier = makers.queued(contributor)
    response = post(desk, "apologise", dossier, new_due_on=typed, reason="Lý do", sure="1")
    assert response.status_code == 200
    assert "Cần sửa 1 chỗ" in text(response)
    assert makers.fresh(dossier).due_on == dossier.due_on


def test_after_the_promised_day_only_the_head_apologises_with_the_words_that_are_ready(
    desk: Client, contributor: User, officer: User, head: User
) -> None:
    dossier = makers.held(makers.due_on(makers.queued(contributor), -2), officer)
    assert clock.keep_all() == 1
    assert clock.keep_all() == 0
    breach = Breach.objects.get()
    assert breach.due_on == dossier.due_on
    assert makers.fresh(dossier).assignee == officer  # nobody is taken off
    later = add_working_days(timezone.localdate(), 5)
    with pytest.raises(NotAllowed):
        apologies.apologise(dossier, officer, new_due_on=later, reason="Xin lỗi.")
    assert breach.escalated_to == Role.HEAD
    assert "Quá hạn 1" in text(browser_of(head).get("/can-bo/"))
    seen_by_head = text(browser_of(head).get(url("dossier", dossier)))
    assert f"Quá hạn từ ngày {format_date(breach.due_on)}, đã báo: Lãnh đạo cơ quan BHXH" in seen_by_head
    assert "Hẹn lại ngày trả" in seen_by_head
    page = browser_of(head).get(url("apologise", dossier)).content.decode()
    assert breach.draft in page
    apologies.apologise(dossier, head, new_due_on=later, reason=breach.draft)
    assert makers.fresh(dossier).due_on == later
    assert "Quá ngày hẹn, đã báo lãnh đạo" in text(desk.get(url("dossier", dossier)))


def test_it_needs_the_lease_and_a_running_clock(contributor: User, officer: User) -> None:
    later = add_working_days(timezone.localdate(), 8)
    dossier = makers.queued(contributor)
    with pytest.raises(NotHeld):
        apologies.apologise(dossier, officer, new_due_on=later, reason="Lý do")
    waiting = makers.queued(contributor, "dinh_cu", on_paper=["so_bhxh"])
    with pytest.raises(NotAllowed):
        apologies.apologise(makers.held(waiting, officer), officer, new_due_on=later, reason="Lý do")


# --- outages are the headquarters' ----------------------------------------------------------------


def test_the_headquarters_record_an_outage(hq: User, contributor: User) -> None:
    browser = browser_of(hq)
    today = format_date(timezone.localdate())
    response = browser.post(
        "/can-bo/su-co/", {"first": today, "last": today, "reason": "Đứt cáp"}, follow=True
    )
    assert "Đã ghi sự cố" in text(response)
    assert "Đứt cáp" in text(response)
    assert Outage.objects.get().recorded_by == hq


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"first": "01/03/2026", "last": "28/02/2026", "reason": "x"},
        {"first": "01/01/2099", "last": "02/01/2099", "reason": "x"},
        {"first": "01/01/2026", "last": "01/11/2026", "reason": "x"},
        {"first": "31/02/2026", "last": "mai", "reason": "\x00"},
    ],
)
def test_absurd_outages_are_not_recorded(hq: User, typed: dict[str, str]) -> None:
    assert browser_of(hq).post("/can-bo/su-co/", typed).status_code == 200
    assert not Outage.objects.exists()


@pytest.mark.parametrize("role", ["officer", "head", "issuer", "contributor"])
def test_nobody_else_records_an_outage(role: str, request: pytest.FixtureRequest) -> None:
    user = request.getfixturevalue(role)
    assert browser_of(user).get("/can-bo/su-co/").status_code == 404
    with pytest.raises(NotAllowed):
        clock.record_outage(user, first=TET, last=TET, reason="x")
