"""Paper originals to follow: expected, received on a day, missing; the clock respects each."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from portal.lib.vietnamese import format_date
from portal.lib.working_days import add_working_days
from procedures.documents.printable import long_date
from procedures.domain.errors import NotAllowed
from procedures.domain.lifecycle import Status
from procedures.models import Clock, ClockPause, Dossier, PaperOriginal
from procedures.services import originals, papers
from tests import makers
from tests.procedures.casework.conftest import browser_of
from tests.procedures.casework.pages import text, url
from tests.procedures.documents.sheets import text_of


def send(desk: Client, dossier: Dossier, document: str = "so_bhxh", **typed: str) -> str:
    mark = str(dossier.events.latest("pk").pk)
    response: Any = desk.post(
        url("receive_original", dossier), {"seen": mark, "document": document, **typed}, follow=True
    )
    return text(response)


def promised_before(dossier: Dossier, days: int) -> Dossier:
    """As if the filer had promised it so many days ago, and the clock had waited since."""
    earlier = timezone.now() - timedelta(days=days)
    PaperOriginal.objects.update(promised_at=earlier, expected_on=timezone.localdate() - timedelta(days=1))
    ClockPause.objects.update(began_at=earlier)
    return makers.fresh(dossier)


def test_a_promise_says_until_when_it_is_expected(desk: Client, contributor: User) -> None:
    dossier = makers.queued(contributor, on_paper=["so_bhxh"])
    paper = PaperOriginal.objects.get()
    assert paper.expected_on == add_working_days(timezone.localdate(), originals.USUAL_WORKING_DAYS)
    page = text(desk.get(url("dossier", dossier)))
    assert f"Dự kiến đến hết ngày {format_date(paper.expected_on)}; đồng hồ đang chờ." in page
    assert (makers.fresh(dossier).due_on, Clock.objects.count()) == (None, 0)


def test_the_clock_counts_from_the_day_the_paper_came_not_from_when_it_was_recorded(
    desk: Client, contributor: User
) -> None:
    dossier = promised_before(makers.queued(contributor, on_paper=["so_bhxh"]), 10)
    came = timezone.localdate() - timedelta(days=3)
    assert "Đã ghi nhận bản giấy" in send(desk, dossier, received_on=format_date(came))
    paper = PaperOriginal.objects.get()
    assert paper.received_on == came
    assert paper.received_at is not None
    clock = Clock.objects.get()
    assert clock.counted_from == came
    dossier = makers.fresh(dossier)
    assert dossier.due_on == add_working_days(came, clock.days)
    pause = ClockPause.objects.get()
    assert pause.ended_at is not None
    assert timezone.localdate(pause.ended_at) == came
    page = text(desk.get(url("dossier", dossier)))
    assert f"Nhận bản giấy ngày {format_date(came)}; ghi lúc" in page
    assert dossier.due_on
    assert long_date(dossier.due_on) in text_of(papers.receipt_pdf_for(dossier))


@pytest.mark.parametrize("typed", ["mai", "31/02/2026", "01/01/2001", "01/01/2099"])
def test_a_day_that_cannot_be_is_refused_and_nothing_kept(
    desk: Client, contributor: User, typed: str
) -> None:
    dossier = makers.queued(contributor, on_paper=["so_bhxh"])
    page = send(desk, dossier, received_on=typed)
    assert "Đã ghi nhận" not in page
    assert "gày" in page
    assert PaperOriginal.objects.get().received_at is None
    assert not Clock.objects.exists()


def test_of_two_papers_the_one_that_came_last_starts_the_clock(contributor: User, officer: User) -> None:
    dossier = makers.queued(contributor, "dinh_cu", on_paper=["so_bhxh", "thi_thuc_dinh_cu"])
    promised_before(dossier, 10)
    today = timezone.localdate()
    first, last = today - timedelta(days=6), today - timedelta(days=2)
    originals.receive_original(dossier, "so_bhxh", officer, received_on=last)
    assert not Clock.objects.exists()
    originals.receive_original(dossier, "thi_thuc_dinh_cu", officer, received_on=first)
    assert Clock.objects.get().counted_from == last


def test_a_paper_recorded_as_missing_stops_nobody_and_its_dossier_gets_a_due_date(
    desk: Client, contributor: User
) -> None:
    dossier = promised_before(makers.queued(contributor, on_paper=["so_bhxh"]), 20)
    assert "Bản giấy chưa đến đúng ngày dự kiến" in text(desk.get(url("dossier", dossier)))
    page = send(desk, dossier, missing="1")
    assert "Đã ghi chưa nhận được: Sổ bảo hiểm xã hội." in page
    assert "Sổ bảo hiểm xã hội Chưa nhận được bản giấy" in page
    dossier = makers.fresh(dossier)
    assert Clock.objects.get().counted_from == timezone.localdate()
    assert dossier.due_on == add_working_days(timezone.localdate(), Clock.objects.get().days)
    assert ClockPause.objects.get().ended_at is not None
    citizen = text(browser_of(contributor).get(f"/ho-so/{dossier.public_id}/"))
    assert "chưa nhận được bản giấy" in citizen


def test_what_was_missing_is_asked_for_like_any_other_paper(contributor: User, officer: User) -> None:
    dossier = makers.queued(contributor, on_paper=["so_bhxh"])
    originals.record_missing(dossier, "so_bhxh", officer)
    makers.supplements.request_supplement(
        makers.held(dossier, officer),
        officer,
        documents=["so_bhxh"],
        questions=[],
        reasons={"paper:so_bhxh": "Chưa nhận được sổ."},
        answer_by=timezone.localdate() + timedelta(days=10),
    )
    dossier = makers.fresh(dossier)
    assert (dossier.status, dossier.due_on) == (Status.SUPPLEMENT_REQUESTED, None)


def test_a_missing_paper_may_still_come(desk: Client, contributor: User) -> None:
    dossier = makers.queued(contributor, on_paper=["so_bhxh"])
    send(desk, dossier, missing="1")
    due: date | None = makers.fresh(dossier).due_on
    assert "Đã ghi nhận bản giấy" in send(desk, makers.fresh(dossier), came="1")
    assert PaperOriginal.objects.get().received_on == timezone.localdate()
    assert makers.fresh(dossier).due_on == due  # the clock was running


def test_missing_twice_after_arrival_or_on_a_settled_dossier_changes_nothing(
    contributor: User, officer: User, pensioner: User
) -> None:
    dossier = makers.queued(contributor, on_paper=["so_bhxh"])
    originals.record_missing(dossier, "so_bhxh", officer)
    with pytest.raises(NotAllowed):
        originals.record_missing(dossier, "so_bhxh", officer)
    originals.receive_original(dossier, "so_bhxh", officer)
    with pytest.raises(NotAllowed):
        originals.record_missing(dossier, "so_bhxh", officer)
    withdrawn = makers.withdrawn(pensioner, on_paper=["so_bhxh"])
    with pytest.raises(NotAllowed):
        originals.record_missing(withdrawn, "so_bhxh", officer)
    assert dossier.events.filter(act=originals.MISSING).count() == 1
