"""Who looked, under which purpose, how often: to the letter."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Alarm, User
from procedures.models import AccessEntry, Attachment, Dossier
from procedures.services import access
from tests import makers

pytestmark = pytest.mark.django_db


def looked(viewer: User, dossier: Dossier, at: datetime) -> AccessEntry:
    """A paper of the dossier was opened then."""
    return AccessEntry.objects.create(
        dossier=dossier,
        viewer=viewer,
        role=viewer.role,
        office="",
        attachment=dossier.attachments.get(),
        at=at,
    )


def paper(dossier: Dossier) -> Attachment:
    return dossier.attachments.get()


def looks() -> int:
    return AccessEntry.objects.count()


def test_an_entry_says_who_with_which_office_and_what_for(
    contributor: User, officer: User, head: User
) -> None:
    dossier = makers.queued(contributor)
    first = access.record(dossier, officer, paper(dossier))
    assert (first.office, first.role, first.purpose) == ("ha-noi", officer.role, AccessEntry.Purpose.CASEWORK)
    done = makers.refused(contributor, officer)
    assert access.record(done, head).purpose == AccessEntry.Purpose.REVIEW


def test_whoever_has_no_office_is_written_down_without_one(contributor: User, hq: User) -> None:
    assert access.record(makers.queued(contributor), hq).office == ""


def test_a_day_of_reading_begins_at_midnight(contributor: User, officer: User, settings: Any) -> None:
    settings.DOSSIERS_READ_A_DAY = 1
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    before, after, now = (makers.queued(contributor) for _ in range(3))
    looked(officer, before, midnight - timedelta(microseconds=1))
    access.record(now, officer, paper(now))
    assert not Alarm.objects.exists()  # one today
    looked(officer, after, midnight)
    access.record(now, officer, paper(now))
    alarm = Alarm.objects.get()
    assert (alarm.subject, alarm.detail) == (f"{officer.login} {midnight.date().isoformat()}", "2")


def test_turning_the_pages_of_a_paper_is_one_entry_in_half_an_hour(contributor: User, officer: User) -> None:
    dossier = makers.queued(contributor)
    looked(officer, dossier, timezone.now() - access.ONE_LOOK - timedelta(seconds=1))
    access.record_once(dossier, officer, paper(dossier))
    assert looks() == 2  # the other look was over
    access.record_once(dossier, officer, paper(dossier))
    assert looks() == 2


def test_a_look_that_is_not_over_is_no_new_one(contributor: User, officer: User, head: User) -> None:
    dossier = makers.queued(contributor)
    looked(officer, dossier, timezone.now() - access.ONE_LOOK + timedelta(seconds=30))
    access.record_once(dossier, officer, paper(dossier))
    assert looks() == 1
    access.record_once(dossier, head, paper(dossier))  # somebody else
    assert looks() == 2
