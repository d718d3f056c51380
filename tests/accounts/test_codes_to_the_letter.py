"""Transaction codes, to the letter: the words people read, the edges of every limit, and what is kept of a code."""

import logging
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from accounts.models import Authenticator, Message, TransactionCode, User
from accounts.services import authenticator, cards, codes, messages, networks, trail
from tests.accounts.test_codes import (
    CONTACT,
    DIGEST,
    OTHER_DIGEST,
    SIGN,
    ask,
    at_once,
    forget_sends,
    make_older,
    wrong,
)
from tests.sweeper import listening

pytestmark = pytest.mark.django_db
SECONDS, MINUTES = timedelta(seconds=1), timedelta(minutes=1)


def ask_contact(user: User, channel: str, digest: str = DIGEST) -> TransactionCode:
    return codes.ask_code(user, CONTACT, digest, subject="xác nhận liên hệ", channel=channel)


def refusal_of(user: User, channel: str = "sms", purpose: str = SIGN) -> codes.CodeNotSent:
    with pytest.raises(codes.CodeNotSent) as refused:
        codes.ask_code(user, purpose, DIGEST, subject="Hưởng BHXH một lần", channel=channel)
    assert str(refused.value) == refused.value.message
    return refused.value


def with_app(user: User) -> None:
    authenticator.begin(user)
    Authenticator.objects.filter(user=user).update(confirmed_at=timezone.now())


def test_the_digits_are_those_of_hotp_over_challenge_and_digest(settings: Any) -> None:
    """RFC 4226 with a key of 20 bytes from HKDF-SHA256: pinned, for codes on their way during an upgrade;
    computed with nothing but hmac and hashlib."""
    settings.CODE_KEY = "a-key-for-this-test-0123456789"
    code = TransactionCode(challenge=uuid.UUID(int=846), digest="ab" * 32)
    assert codes.derive(code) == "08882070"


def test_a_refusal_says_what_to_do() -> None:
    refusal = codes.CodeRefused()
    assert str(refusal) == refusal.message
    assert refusal.message.startswith("Mã không đúng hoặc không còn dùng được. ")
    assert refusal.message.endswith("“Gửi mã mới”.")
    assert codes.CodeRefused("Mã khác").message == "Mã khác"
    assert codes.CodeNotSent("Chờ").wait == timedelta(0)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1 giây"),
        (119, "119 giây"),
        (120, "2 phút"),
        (121, "3 phút"),
        (7_199, "120 phút"),
        (7_200, "2 giờ"),
        (7_201, "3 giờ"),
    ],
)
def test_a_wait_is_said_in_whole_units(seconds: int, words: str) -> None:
    assert codes._words(timedelta(seconds=seconds)) == words


def test_why_no_code_was_sent_is_said(contributor: User, outsider: User) -> None:
    first = ask(contributor)
    waits = refusal_of(contributor)
    assert waits.message.startswith("Mã vừa được gửi. Ông/bà vui lòng chờ ")
    assert waits.message.endswith("giây rồi hãy yêu cầu mã mới.")
    TransactionCode.objects.filter(pk=first.pk).update(tries=codes.MAX_FAILURES)
    stopped = refusal_of(contributor)
    assert stopped.message.startswith("Mã đã bị nhập sai nhiều lần")
    assert stopped.message.endswith("nộp hồ sơ trực tiếp tại cơ quan BHXH.")
    assert stopped.wait == timedelta(hours=24)
    unknown = refusal_of(outsider, "bồ câu")
    assert unknown.message.startswith("Chưa gửi được mã bằng cách này.")
    assert unknown.message.endswith("chọn cách nhận mã khác.")


def test_a_new_account_confirms_a_contact_but_does_not_sign(contributor: User) -> None:
    User.objects.filter(pk=contributor.pk).update(is_vouched=False)
    assert ask_contact(contributor, "sms").purpose == CONTACT
    refused = refusal_of(contributor)
    assert refused.message.startswith("Tài khoản mới: ")
    assert refused.message.endswith("Hồ sơ vẫn được giữ nguyên.")


def test_two_contacts_are_confirmed_side_by_side(contributor: User) -> None:
    by_sms, by_email = ask_contact(contributor, "sms"), ask_contact(contributor, "email", OTHER_DIGEST)
    assert (by_sms.destination, by_email.destination) == (contributor.phone, contributor.email)
    assert codes.verify(contributor, CONTACT, DIGEST, codes.derive(by_sms)) == by_sms
    assert codes.verify(contributor, CONTACT, OTHER_DIGEST, codes.derive(by_email)) == by_email
    assert "giây" in refusal_of(contributor, "sms", CONTACT).message
    forget_sends()
    again = ask_contact(contributor, "sms")
    with pytest.raises(codes.CodeRefused):
        codes.verify(contributor, CONTACT, DIGEST, codes.derive(by_sms))
    assert codes.verify(contributor, CONTACT, DIGEST, codes.derive(again)) == again


def test_a_contact_is_confirmed_with_what_was_declared(contributor: User) -> None:
    User.objects.filter(pk=contributor.pk).update(phone_confirmed_at=None)
    contributor.refresh_from_db()
    assert ask_contact(contributor, "sms").destination == contributor.phone
    with_app(contributor)
    refusal_of(contributor, "app", CONTACT)  # an app proves no contact


def test_of_an_own_code_nothing_is_sent_and_nothing_stands_as_destination(contributor: User) -> None:
    with_app(contributor)
    code = codes.ask_code(contributor, SIGN, DIGEST, subject="a", channel="app")
    assert (code.destination, Message.objects.count()) == ("", 0)
    live = codes.live_code(contributor, SIGN)
    assert live is not None
    assert (live.is_own, live.is_sent, live.is_delivered) == (True, True, True)
    assert live.destination == "ứng dụng xác thực trên điện thoại"
    assert codes.ask_code(contributor, SIGN, DIGEST, subject="a", channel="app")  # no wait between two


def test_the_ways_to_sign_are_named_without_giving_them_away(contributor: User) -> None:
    with_app(contributor)
    cards.new_card(contributor)
    offered = codes.offered_channels(contributor)
    assert list(offered) == ["sms", "email", "app", "card"]
    assert offered["sms"].endswith(contributor.phone[-3:])
    assert contributor.phone not in offered["sms"]
    assert "@" in offered["email"]
    assert contributor.email not in offered["email"]
    assert offered["app"] == "ứng dụng xác thực trên điện thoại"
    assert offered["card"] == f"thẻ mã in sẵn, mã số {cards.next_number(contributor)}"


def test_a_long_subject_is_cut(contributor: User) -> None:
    code = codes.ask_code(contributor, SIGN, DIGEST, subject="a" * 300, channel="sms")
    assert TransactionCode.objects.get(pk=code.pk).subject == "a" * 200


def test_half_a_character_is_refused(contributor: User) -> None:
    ask(contributor)
    with pytest.raises(codes.CodeRefused):
        codes.verify(contributor, SIGN, DIGEST, "1234567\ud800")


class TestWhatThePageIsTold:
    def test_of_a_code_that_has_not_gone_yet(self, contributor: User) -> None:
        ask(contributor)
        live = codes.live_code(contributor, SIGN)
        assert live is not None
        assert (live.channel, live.is_own, live.is_sent, live.is_delivered) == ("sms", False, False, False)
        assert live.seconds_left in (1_799, 1_800)
        assert live.seconds_to_resend in (59, 60)

    def test_of_one_that_a_carrier_has_taken(self, contributor: User) -> None:
        code = ask(contributor)
        Message.objects.filter(code=code).update(state=Message.State.DONE)
        live = codes.live_code(contributor, SIGN)
        assert live is not None
        assert (live.is_sent, live.is_delivered) == (True, False)

    def test_of_one_that_arrived_late_it_ends_with_the_cap(self, contributor: User) -> None:
        code = ask(contributor)
        make_older(code, 28 * MINUTES)
        codes.mark_delivered(code)
        live = codes.live_code(contributor, SIGN)
        assert live is not None
        assert live.is_delivered
        assert live.seconds_left in (119, 120)

    def test_in_its_last_second_nothing_is_left(self, contributor: User) -> None:
        code = ask(contributor)
        codes.mark_delivered(code)
        make_older(code, timedelta(seconds=300.3))
        live = codes.live_code(contributor, SIGN)
        assert live is not None
        assert live.seconds_left == 0

    def test_the_last_second_of_the_cap_counts_too(self, contributor: User) -> None:
        make_older(ask(contributor), 30 * MINUTES)
        assert codes.live_code(contributor, SIGN) is not None


class TestFailures:
    def test_at_ten_the_right_code_is_not_judged_either(self, contributor: User) -> None:
        old = ask(contributor)
        forget_sends()
        code = ask(contributor)
        TransactionCode.objects.filter(pk=old.pk).update(tries=9)
        assert codes.verify(contributor, SIGN, DIGEST, codes.derive(code)) == code
        TransactionCode.objects.filter(pk=old.pk).update(tries=10)
        with pytest.raises(codes.CodeRefused):
            codes.verify(contributor, SIGN, DIGEST, codes.derive(code))

    def test_are_counted_for_a_day_and_the_life_of_a_code(self, contributor: User) -> None:
        code = ask(contributor)
        TransactionCode.objects.filter(pk=code.pk).update(tries=10)
        make_older(code, timedelta(hours=24, minutes=20))
        forget_sends()
        assert refusal_of(contributor).wait == codes.FAILURES_WINDOW

    def test_are_counted_on_the_code_for_this_content(self, contributor: User) -> None:
        by_sms, by_email = ask_contact(contributor, "sms"), ask_contact(contributor, "email", OTHER_DIGEST)
        with pytest.raises(codes.CodeRefused):
            codes.verify(contributor, CONTACT, DIGEST, wrong(by_sms))
        by_sms.refresh_from_db()
        by_email.refresh_from_db()
        assert (by_sms.tries, by_email.tries) == (1, 0)


class TestFromANetwork:
    """One that has used up what it may."""

    @pytest.fixture(autouse=True)
    def one_hour(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        for kind in ("SENDS", "GUESSES"):
            monkeypatch.setattr(networks, kind, ((1, timedelta(hours=1)),))
        token = networks.current.set("192.0.2.0/24")
        yield
        networks.current.reset(token)

    def test_no_code_is_sent_and_it_is_said_for_how_long(self, contributor: User, outsider: User) -> None:
        ask(outsider)
        refused = refusal_of(contributor)
        assert refused.message == (
            "Mạng này vừa xin quá nhiều mã. Ông/bà chờ 60 phút, hoặc dùng mạng khác rồi xin lại."
        )
        assert timedelta(minutes=58) < refused.wait <= timedelta(hours=1)
        assert not TransactionCode.objects.filter(user=contributor).exists()

    def test_no_code_is_judged_and_it_is_said_for_how_long(self, contributor: User, outsider: User) -> None:
        code = ask(contributor)
        with pytest.raises(codes.CodeRefused):
            codes.verify(outsider, SIGN, DIGEST, "12345678")
        with pytest.raises(codes.CodeRefused) as refused:
            codes.verify(contributor, SIGN, DIGEST, codes.derive(code))
        assert refused.value.message == (
            "Mạng này vừa nhập sai quá nhiều mã. Ông/bà chờ 60 phút, hoặc dùng mạng khác rồi nhập lại."
        )


def test_every_try_to_sign_is_in_the_log_and_never_what_was_typed(
    contributor: User, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(networks, "GUESSES", ((1, timedelta(hours=1)),))
    caplog.set_level(logging.INFO, trail.__name__)
    code = ask(contributor)
    token = networks.current.set("192.0.2.0/24")
    codes.verify(contributor, SIGN, DIGEST, codes.derive(code))
    for _ in range(2):
        with pytest.raises(codes.CodeRefused):
            codes.verify(contributor, SIGN, DIGEST, wrong(code))
    networks.current.reset(token)
    assert [record.getMessage() for record in caplog.records if record.name == trail.__name__] == [
        f"authentication: sign by code {outcome}, account {contributor.public_id}"
        for outcome in ("accepted", "refused", "too many tries")
    ]


def test_while_a_card_has_no_code_left_the_page_names_no_number(contributor: User) -> None:
    cards.new_card(contributor)
    codes.ask_code(contributor, SIGN, DIGEST, subject="a", channel="card")
    cards.void(contributor)
    live = codes.live_code(contributor, SIGN)
    assert live is not None
    assert live.destination == "thẻ mã in sẵn, mã số –"


class TestUsedUp:
    """What is left of a code's digits in the demo's mailbox once they have signed."""

    @pytest.fixture(autouse=True)
    def inbox(self, settings: Any, tmp_path: Path) -> Path:
        settings.DEMO_INBOX_DIR = tmp_path
        return tmp_path

    def kept(self, inbox: Path) -> str:
        return " ".join(path.read_text(encoding="utf-8") for path in inbox.glob("*.json"))

    def sent(self, user: User) -> TransactionCode:
        code = ask(user)
        messages.send(Message.objects.get(code=code).pk)
        return code

    @pytest.mark.django_db(transaction=True)
    def test_they_are_struck_out_when_the_act_is_sure(self, inbox: Path, contributor: User) -> None:
        code = self.sent(contributor)
        digits = codes.derive(code)
        before = self.kept(inbox)
        assert digits in before.replace(" ", "")
        with transaction.atomic():
            assert codes.spend(code)
            assert self.kept(inbox) == before  # the act may still be undone
        assert digits not in self.kept(inbox).replace(" ", "")

    @pytest.mark.django_db(transaction=True)
    def test_the_act_stands_when_the_mailbox_cannot_be_written(
        self, inbox: Path, contributor: User, caplog: pytest.LogCaptureFixture
    ) -> None:
        code = self.sent(contributor)
        (file,) = inbox.glob("*.json")
        (inbox / f"{file.stem}.part").mkdir()  # where the new text would be written first
        with transaction.atomic():
            assert codes.spend(code)
        code.refresh_from_db()
        assert code.spent_at is not None
        assert [record.levelname for record in caplog.records if record.name == "django.db.backends.base"]


@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    def test_who_asks_for_an_own_code_in_many_tabs_has_one_and_no_tab_breaks(self, contributor: User) -> None:
        with_app(contributor)
        asked = at_once(
            12, lambda _: codes.ask_code(contributor, SIGN, DIGEST, subject="a", channel="app").pk
        )
        assert len(set(asked)) == 12
        assert TransactionCode.objects.filter(voided_at=None).count() == 1

    def test_the_tenth_failure_of_a_day_is_the_last_one_judged(self, contributor: User) -> None:
        old = ask(contributor)
        forget_sends()
        code = ask(contributor)
        TransactionCode.objects.filter(pk=old.pk).update(tries=8)
        at_once(20, lambda _: codes.verify(contributor, SIGN, DIGEST, wrong(code)))
        code.refresh_from_db()
        assert code.tries == 2

    def test_whatever_is_being_saved_for_the_person_holds_up_neither_asking_nor_signing(
        self, contributor: User
    ) -> None:
        other = connections.create_connection("default")
        try:
            other.set_autocommit(False)
            with other.cursor() as saving, connection.cursor() as here:
                # What the foreign key of every new row of the person does until its transaction ends.
                saving.execute("SELECT 1 FROM accounts_user WHERE id = %s FOR KEY SHARE", [contributor.pk])
                here.execute("SET lock_timeout = '2s'")
                code = ask(contributor)
                assert codes.verify(contributor, SIGN, DIGEST, codes.derive(code)) == code
                here.execute("RESET lock_timeout")
        finally:
            other.close()


@pytest.mark.django_db(transaction=True)
def test_an_own_code_is_asked_for_outside_any_transaction(contributor: User) -> None:
    with_app(contributor)
    with transaction.atomic(), pytest.raises(RuntimeError):
        codes.ask_code(contributor, SIGN, DIGEST, subject="a", channel="app")


@pytest.mark.django_db(transaction=True)
def test_a_code_is_asked_for_outside_any_transaction_and_wakes_the_sweeper(contributor: User) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError):
        ask(contributor)
    forget_sends()
    with listening() as is_woken:
        ask(contributor)
        assert is_woken()
