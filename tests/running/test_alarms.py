"""What is wrong is seen: once, by those it is for; and who opens too many people's papers is noticed."""

import pytest
from django.test import Client

from accounts.models import Alarm, Message, Office, TransactionCode, User
from accounts.services import alarms, codes, messages, texts
from procedures.models import AccessEntry
from procedures.services import access
from tests import makers

pytestmark = pytest.mark.django_db

READS = Alarm.Kind.READS


@pytest.fixture
def ha_noi(offices: dict[str, Office]) -> Office:
    return offices["ha-noi"]


@pytest.fixture
def told(head: User, hq: User) -> dict[str, User]:
    """A head and a headquarters that can be reached."""
    for user in (head, hq):
        User.objects.filter(pk=user.pk).update(
            email=f"{user.login}@example.vn", email_confirmed_at="2019-08-20T00:00Z"
        )
    return {"head": head, "hq": hq}


def recipients() -> list[str]:
    return sorted(Message.objects.filter(kind="alarm").values_list("user__login", flat=True))


def test_a_matter_is_told_once_however_often_it_is_seen(told: dict[str, User], ha_noi: Office) -> None:
    for _ in range(5):
        alarms.sound(READS, "a", office=ha_noi, detail="7")
    assert recipients() == [told["head"].login]
    assert Alarm.objects.get().times == 5


def test_the_headquarters_are_told_what_is_nobodys_office(told: dict[str, User]) -> None:
    alarms.sound(Alarm.Kind.DISK, detail="1 MiB free")
    assert recipients() == [told["hq"].login]


def test_what_comes_and_goes_is_one_matter_and_what_comes_back_later_is_told_again(
    told: dict[str, User],
) -> None:
    alarms.sound(Alarm.Kind.DISK)
    alarms.clear(Alarm.Kind.DISK)
    alarms.sound(Alarm.Kind.DISK)
    assert len(recipients()) == 1
    alarms.clear(Alarm.Kind.DISK)
    Alarm.objects.update(cleared_at="2019-08-20T00:00Z")
    alarms.sound(Alarm.Kind.DISK)
    assert len(recipients()) == 2
    assert Alarm.objects.get().cleared_at is None


def test_the_message_says_what_and_since_when(told: dict[str, User], settings: object) -> None:
    alarms.sound(Alarm.Kind.STUCK, "Dispatch", detail="180 s")
    messages.send(Message.objects.get(kind="alarm").pk)
    assert Message.objects.get(kind="alarm").state == "done"


def test_an_officer_who_opens_papers_of_too_many_people_is_noticed_but_not_stopped(
    told: dict[str, User], contributor: User, officer: User, settings: object
) -> None:
    settings.DOSSIERS_READ_A_DAY = 2  # type: ignore[attr-defined]
    dossiers = [makers.queued(contributor) for _ in range(4)]
    for dossier in dossiers[:2]:
        for _ in range(9):  # the same papers again and again are one person's
            access.record(dossier, officer, dossier.attachments.get())
    access.record(dossiers[2], officer)  # the page of a dossier isn't its papers
    assert Alarm.objects.count() == 0

    for dossier in dossiers[2:]:
        access.record(dossier, officer, dossier.attachments.get())
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.office_id, alarm.detail) == ("reads", officer.office_id, "4")
    assert recipients() == [told["head"].login]
    assert AccessEntry.objects.filter(viewer=officer, attachment__isnull=False).count() == 20


def test_many_codes_by_text_message_in_a_day_are_told_to_the_headquarters(
    told: dict[str, User], contributor: User, outsider: User, pensioner: User, settings: object
) -> None:
    settings.TEXTS_A_DAY = 1  # type: ignore[attr-defined]
    for person, channel in ((contributor, "sms"), (pensioner, "email"), (outsider, "sms")):
        codes.ask_code(person, "sign", "0" * 64, subject="x", channel=channel)
    texts.look()
    assert Alarm.objects.count() == 0  # one an office, and one letter

    codes.ask_code(pensioner, "contact", "1" * 64, subject="x", channel="sms")
    texts.look()
    texts.look()
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.subject.split()[0], alarm.detail, alarm.times) == ("texts", "ha-noi", "2", 2)
    assert recipients() == [told["hq"].login]

    TransactionCode.objects.update(created_at="2019-08-20T00:00Z")
    texts.look()
    assert Alarm.objects.get().times == 2


def test_a_look_costs_two_queries_more_at_most(
    contributor: User, officer: User, django_assert_max_num_queries: object
) -> None:
    dossier = makers.queued(contributor)
    file = dossier.attachments.get()
    with django_assert_max_num_queries(2):  # type: ignore[operator]
        access.record(dossier, officer, file)


def test_heads_see_the_alarms_of_their_office_and_end_them(
    client: Client, head: User, ha_noi: Office
) -> None:
    mine = alarms.sound(READS, "canbo.hanoi 2019-08-20", office=ha_noi)
    alarms.sound(Alarm.Kind.DISK, detail="1 MiB free")
    client.force_login(head)
    page = client.get("/can-bo/canh-bao/").content.decode()
    assert "canbo.hanoi 2019-08-20" in page
    assert "1 MiB" not in page
    assert client.post(f"/can-bo/canh-bao/{mine.pk}/").status_code == 302
    mine.refresh_from_db()
    assert mine.cleared_at is not None
