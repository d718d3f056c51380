"""Tallies: counted in the transaction of the act, waiting for nobody, and proven from the rows."""

import threading
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Office, User
from procedures.models import Dossier, MonthTally, Tally, TallyMark
from procedures.selectors.statistics.recount import recount
from procedures.services import tallies, withdrawal
from tests import makers

pytestmark = pytest.mark.django_db


def marks() -> list[tuple[str, str]]:
    return list(TallyMark.objects.order_by("pk").values_list("office_id", "event"))


def test_filing_and_deciding_leave_a_stroke_each(contributor: User, officer: User) -> None:
    makers.approved(contributor, officer)
    assert marks() == [("ha-noi", "file"), ("ha-noi", "approve")]
    assert set(TallyMark.objects.values_list("day", "procedure", "channel")) == {
        (timezone.localdate(), "bhxh_mot_lan", "electronic")
    }


def test_a_stroke_goes_with_the_act_that_is_rolled_back(contributor: User) -> None:
    dossier = makers.queued(contributor)
    with transaction.atomic():
        withdrawal.withdraw(dossier, contributor)
        assert marks() == [("ha-noi", "file"), ("ha-noi", "withdraw")]
        transaction.set_rollback(True)
    assert marks() == [("ha-noi", "file")]


def test_dossiers_of_demo_people_are_never_counted(contributor: User, officer: User) -> None:
    User.objects.filter(pk=contributor.pk).update(is_test=True)
    contributor.refresh_from_db()
    makers.approved(contributor, officer)
    assert marks() == []
    assert recount().mismatches == []


def test_a_supplement_is_not_a_second_dossier(contributor: User, officer: User) -> None:
    makers.supplemented(contributor, officer)
    assert marks() == [("ha-noi", "file")]


def test_folding_keeps_every_count_in_days_and_months(contributor: User, officer: User) -> None:
    makers.approved(contributor, officer)
    makers.filed(contributor, "dinh_cu")
    assert tallies.fold_all() == 3
    assert marks() == []
    today = timezone.localdate()
    assert dict(Tally.objects.filter(day=today).values_list("event", "count")) == {"file": 2, "approve": 1}
    months = MonthTally.objects.filter(month=today.replace(day=1)).values_list("event", "count")
    assert dict(months) == {"file": 2, "approve": 1}
    makers.filed(contributor, "du_tuoi")
    tallies.fold_all()
    assert Tally.objects.get(event="file").count == 3
    assert recount().mismatches == []


def test_a_recount_finds_the_tallies_equal_whether_they_are_folded_or_not(
    contributor: User, outsider: User, officer: User
) -> None:
    makers.refused(contributor, officer)
    tallies.fold_all()
    makers.withdrawn(outsider)
    found = recount()
    assert (found.acts, found.mismatches) == (4, [])


def test_the_day_of_a_filing_is_that_of_viet_nam(contributor: User) -> None:
    dossier = makers.filed(contributor)
    tallies.fold_all()
    Dossier.objects.filter(pk=dossier.pk).update(filed_at="2019-08-20T18:30:00Z")
    assert {str(one.day) for one in recount().mismatches if one.counted} == {"2019-08-21"}


def test_a_mismatch_is_an_alarm_with_the_cell_named(
    contributor: User, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    makers.filed(contributor)
    tallies.fold_all()
    Tally.objects.update(count=5)
    with pytest.raises(CommandError):
        call_command("recount_tallies")
    day = timezone.localdate()
    assert f"day ha-noi {day} bhxh_mot_lan electronic file: tally 5, rows 1" in caplog.text
    assert "tally 1, rows 5" in caplog.text  # the month was right: it disagrees with the day


def test_repairing_writes_the_counts_afresh(contributor: User, officer: User) -> None:
    makers.approved(contributor, officer)
    tallies.fold_all()
    Tally.objects.update(count=7)
    makers.filed(contributor, "du_tuoi")
    call_command("recount_tallies", repair=True)
    assert recount().mismatches == []
    assert recount().acts == 3


@pytest.mark.django_db(transaction=True)
def test_a_filing_that_is_not_committed_makes_no_other_wait_and_folding_neither(
    offices: dict[str, Office], contributor: User
) -> None:
    """The stroke of an open transaction is locked by nobody else's count of the same cell."""
    first = makers.filed(contributor)
    open_, done = threading.Event(), threading.Event()

    def hold_a_stroke_open() -> None:
        with transaction.atomic():
            tallies.bump(first, "file")  # type: ignore[arg-type]
            open_.set()
            done.wait(10)
        connection.close()

    holder = threading.Thread(target=hold_a_stroke_open)
    holder.start()
    try:
        assert open_.wait(10)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
            tallies.bump(first, "file")  # type: ignore[arg-type]
            assert tallies.fold() == 2
    finally:
        done.set()
        holder.join()
    assert TallyMark.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_every_so_many_strokes_are_folded_after_the_commit(
    contributor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT setval('procedures_tallymark_id_seq', {tallies.FOLD_EVERY - 2})")
    makers.filed(contributor)
    assert TallyMark.objects.count() == 1
    makers.filed(contributor, "du_tuoi")
    assert TallyMark.objects.count() == 0
    assert Tally.objects.get().count == 2
    assert Tally.objects.get().day > date(2019, 8, 20)
