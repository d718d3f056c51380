"""Transaction codes: what signs, what doesn't, and how often one may try."""

import hashlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.db.models import F, Value

from accounts.models import Message, TransactionCode, User
from accounts.services import codes, throttle

SIGN = TransactionCode.Purpose.SIGN
CONTACT = TransactionCode.Purpose.CONTACT
DIGEST = hashlib.sha256(b"a dossier").hexdigest()
OTHER_DIGEST = hashlib.sha256(b"another dossier").hexdigest()


def ask(user: User, digest: str = DIGEST, channel: str = "sms") -> TransactionCode:
    return codes.ask_code(
        user, SIGN, digest, subject="Hưởng BHXH một lần", channel=channel, account_tail="6789"
    )


def wrong(code: TransactionCode) -> str:
    """Eight digits that aren't the code."""
    return f"{(int(codes.derive(code)) + 1) % 10**8:08d}"


def make_older(code: TransactionCode, by: timedelta) -> None:
    """Move every time of a code back, by the database's clock."""
    TransactionCode.objects.filter(pk=code.pk).update(
        created_at=F("created_at") - Value(by), delivered_at=F("delivered_at") - Value(by)
    )


def forget_sends() -> None:
    """As if the last codes had been sent long ago."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_throttle")


def at_once(count: int, act: Callable[[int], object]) -> list[object]:
    """What ``act`` gives, or the refusal it raises, in so many threads let loose together."""
    barrier = threading.Barrier(count)

    def run(number: int) -> object:
        barrier.wait()
        try:
            return act(number)
        except codes.CodeRefused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.mark.django_db
class TestARightCode:
    def test_signs_what_it_was_asked_for(self, contributor: User) -> None:
        code = ask(contributor)
        assert codes.verify(contributor, SIGN, DIGEST, codes.derive(code)) == code

    @pytest.mark.parametrize("shape", ["{0} {1}", " {0}-{1} ", "{0}\u00a0{1}\n", "{0}–{1}"])
    def test_may_be_typed_in_groups(self, contributor: User, shape: str) -> None:
        digits = codes.derive(ask(contributor))
        assert codes.verify(contributor, SIGN, DIGEST, shape.format(digits[:4], digits[4:]))

    def test_has_eight_digits_that_change_with_challenge_and_digest(self, contributor: User) -> None:
        code = ask(contributor)
        same = TransactionCode(challenge=code.challenge, digest=DIGEST)
        other_digest = TransactionCode(challenge=code.challenge, digest=OTHER_DIGEST)
        other_challenge = TransactionCode(digest=DIGEST)
        digits = codes.derive(code)
        assert len(digits) == 8
        assert digits.isascii()
        assert digits.isdigit()
        assert codes.derive(same) == digits
        assert codes.derive(other_digest) != digits
        assert codes.derive(other_challenge) != digits

    def test_is_spent_once(self, contributor: User) -> None:
        code = ask(contributor)
        assert codes.spend(code)
        assert not codes.spend(code)

    def test_is_not_burnt_by_being_checked_often(self, contributor: User) -> None:
        code = ask(contributor)
        for _ in range(20):
            codes.verify(contributor, SIGN, DIGEST, codes.derive(code))
        assert codes.spend(code)


@pytest.mark.django_db
class TestRefused:
    def refused(self, user: User, typed: str, digest: str = DIGEST) -> str:
        with pytest.raises(codes.CodeRefused) as refusal:
            codes.verify(user, SIGN, digest, typed)
        return refusal.value.message

    def test_for_another_content_by_one_bit(self, contributor: User) -> None:
        flipped = f"{int(DIGEST, 16) ^ 1:064x}"
        self.refused(contributor, codes.derive(ask(contributor)), flipped)

    def test_in_the_same_words_whatever_the_reason(self, contributor: User, outsider: User) -> None:
        answers = {self.refused(outsider, "12345678")}  # none was ever asked for
        foreign = ask(outsider)
        code = ask(contributor)
        answers.add(self.refused(contributor, wrong(code)))
        answers.add(self.refused(contributor, codes.derive(foreign)))
        answers.add(self.refused(contributor, codes.derive(code), OTHER_DIGEST))
        codes.spend(code)
        answers.add(self.refused(contributor, codes.derive(code)))
        forget_sends()
        old = ask(contributor)
        make_older(old, codes.CAP + timedelta(minutes=1))
        answers.add(self.refused(contributor, codes.derive(old)))
        assert len(answers) == 1
        assert "Gửi mã mới" in answers.pop()

    @pytest.mark.parametrize(
        "digits", ["０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩"], ids=["full-width", "Arabic-Indic"]
    )
    def test_in_foreign_digits(self, contributor: User, digits: str) -> None:
        code = ask(contributor)
        self.refused(contributor, codes.derive(code).translate(str.maketrans("0123456789", digits)))

    @pytest.mark.parametrize(
        "typed", ["", "1234567", "123456789", "abcdefgh", "\x00" * 8, "1e7", "-1234567", "🙂"]
    )
    def test_in_any_other_shape(self, contributor: User, typed: str) -> None:
        ask(contributor)
        self.refused(contributor, typed)

    def test_once_a_newer_code_was_asked_for(self, contributor: User) -> None:
        first = ask(contributor)
        forget_sends()
        second = ask(contributor)
        self.refused(contributor, codes.derive(first))
        assert codes.verify(contributor, SIGN, DIGEST, codes.derive(second)) == second

    def test_by_another_person(self, contributor: User, outsider: User) -> None:
        code = ask(contributor)
        self.refused(outsider, codes.derive(code))

    def test_for_another_purpose(self, contributor: User) -> None:
        code = ask(contributor)
        with pytest.raises(codes.CodeRefused):
            codes.verify(contributor, CONTACT, DIGEST, codes.derive(code))


@pytest.mark.django_db
class TestLife:
    """By the database's clock alone: the tests move the rows, not the clock."""

    def delivered(self, user: User, ago: timedelta) -> TransactionCode:
        code = ask(user)
        codes.mark_delivered(code)
        make_older(code, ago)
        return code

    def test_is_five_minutes_from_delivery(self, contributor: User) -> None:
        code = self.delivered(contributor, timedelta(seconds=300))
        assert codes.verify(contributor, SIGN, DIGEST, codes.derive(code)) == code
        assert codes.spend(code)

    def test_ends_after_five_minutes(self, contributor: User) -> None:
        code = self.delivered(contributor, timedelta(seconds=301))
        with pytest.raises(codes.CodeRefused):
            codes.verify(contributor, SIGN, DIGEST, codes.derive(code))
        assert not codes.spend(code)

    def test_begins_when_a_late_message_arrives(self, contributor: User) -> None:
        code = ask(contributor)
        make_older(code, timedelta(minutes=12))
        codes.mark_delivered(code)
        assert codes.verify(contributor, SIGN, DIGEST, codes.derive(code)) == code

    def test_is_not_prolonged_by_a_second_receipt(self, contributor: User) -> None:
        code = self.delivered(contributor, timedelta(seconds=301))
        codes.mark_delivered(code)
        assert codes.live_code(contributor, SIGN) is None

    def test_ends_half_an_hour_after_asking_even_undelivered(self, contributor: User) -> None:
        code = ask(contributor)
        make_older(code, timedelta(minutes=29))
        assert codes.live_code(contributor, SIGN)
        make_older(code, timedelta(minutes=1, seconds=1))
        assert codes.live_code(contributor, SIGN) is None
        with pytest.raises(codes.CodeRefused):
            codes.verify(contributor, SIGN, DIGEST, codes.derive(code))

    def test_is_counted_down_for_the_page(self, contributor: User) -> None:
        code = self.delivered(contributor, timedelta(seconds=100))
        live = codes.live_code(contributor, SIGN, DIGEST)
        assert live is not None
        assert live.is_delivered
        assert live.seconds_left in (199, 200)
        assert live.seconds_to_resend == 0
        assert contributor.phone not in live.destination
        assert codes.live_code(contributor, SIGN, OTHER_DIGEST) is None
        assert code.destination == contributor.phone


@pytest.mark.django_db
class TestTries:
    def test_five_of_one_code_are_judged_and_no_more(self, contributor: User) -> None:
        code = ask(contributor)
        for _ in range(5):
            with pytest.raises(codes.CodeRefused):
                codes.verify(contributor, SIGN, DIGEST, wrong(code))
        with pytest.raises(codes.CodeRefused):
            codes.verify(contributor, SIGN, DIGEST, codes.derive(code))

    def test_ten_failures_a_day_end_signing_over_all_codes(self, contributor: User) -> None:
        for _ in range(2):
            code = ask(contributor)
            forget_sends()
            for _ in range(5):
                with pytest.raises(codes.CodeRefused):
                    codes.verify(contributor, SIGN, DIGEST, wrong(code))
        with pytest.raises(codes.CodeNotSent) as refusal:
            ask(contributor)
        assert "24 giờ" in refusal.value.message

    def test_failures_of_yesterday_are_forgotten(self, contributor: User) -> None:
        code = ask(contributor)
        TransactionCode.objects.filter(pk=code.pk).update(tries=10)
        make_older(code, timedelta(hours=25))
        forget_sends()
        fresh = ask(contributor)
        assert codes.verify(contributor, SIGN, DIGEST, codes.derive(fresh)) == fresh

    def test_failures_leave_logging_in_alone(self, contributor: User) -> None:
        code = ask(contributor)
        TransactionCode.objects.filter(pk=code.pk).update(tries=10)
        contributor.refresh_from_db()
        assert contributor.is_active

    def test_of_confirming_a_contact_do_not_stop_signing(self, contributor: User) -> None:
        contact = codes.ask_code(contributor, CONTACT, OTHER_DIGEST, subject="số điện thoại", channel="sms")
        TransactionCode.objects.filter(pk=contact.pk).update(tries=10)
        code = ask(contributor)
        assert codes.verify(contributor, SIGN, DIGEST, codes.derive(code)) == code


@pytest.mark.django_db
class TestSending:
    def test_writes_one_message_with_no_code_in_it(self, contributor: User) -> None:
        code = ask(contributor)
        message = Message.objects.get(code=code)
        assert (message.channel, message.destination) == ("sms", contributor.phone)
        assert message.state == Message.State.WAITING

    def test_waits_a_minute_between_two_codes(self, contributor: User) -> None:
        ask(contributor)
        with pytest.raises(codes.CodeNotSent) as refusal:
            ask(contributor, channel="email")
        assert timedelta(seconds=55) < refusal.value.wait <= timedelta(seconds=60)
        assert "giây" in refusal.value.message

    def test_is_limited_to_ten_a_day(self, contributor: User) -> None:
        sent = 0
        for _ in range(12):
            with connection.cursor() as cursor:  # eleven minutes pass
                cursor.execute(
                    "UPDATE accounts_throttle SET window_from = window_from - interval '11 minutes'"
                )
            try:
                ask(contributor)
                sent += 1
            except codes.CodeNotSent:
                pass
        assert sent == 10

    def test_is_limited_to_three_in_ten_minutes(self, contributor: User) -> None:
        sent = 0
        for _ in range(6):
            with connection.cursor() as cursor:  # 61 seconds pass
                cursor.execute(
                    "UPDATE accounts_throttle SET window_from = window_from - interval '61 seconds'"
                )
            try:
                ask(contributor)
                sent += 1
            except codes.CodeNotSent:
                pass
        assert sent == 3

    def test_is_limited_for_one_destination_of_several_people(
        self, contributor: User, outsider: User
    ) -> None:
        User.objects.filter(pk=outsider.pk).update(phone=contributor.phone)
        outsider.refresh_from_db()
        ask(contributor)
        with pytest.raises(codes.CodeNotSent):
            ask(outsider)

    def test_goes_to_confirmed_contacts_only(self, contributor: User) -> None:
        contributor.phone_confirmed_at = None
        with pytest.raises(codes.CodeNotSent):
            ask(contributor)

    def test_is_not_offered_without_a_gateway(
        self, contributor: User, settings: pytest.FixtureRequest
    ) -> None:
        settings.SMS_GATEWAY = ""
        assert list(codes.offered_channels(contributor)) == ["email"]
        with pytest.raises(codes.CodeNotSent):
            ask(contributor)

    def test_keeps_one_live_code(self, contributor: User) -> None:
        ask(contributor)
        forget_sends()
        ask(contributor, OTHER_DIGEST, "email")
        live = TransactionCode.objects.filter(user=contributor, spent_at=None, voided_at=None)
        assert live.count() == 1


@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    def test_of_two_hundred_guesses_exactly_five_are_judged(self, contributor: User) -> None:
        code = ask(contributor)

        def guess(number: int) -> None:
            for _ in range(5):
                try:
                    codes.verify(contributor, SIGN, DIGEST, wrong(code))
                except codes.CodeRefused:
                    continue

        at_once(40, guess)
        code.refresh_from_db()
        assert code.tries == 5
        with pytest.raises(codes.CodeRefused):
            codes.verify(contributor, SIGN, DIGEST, codes.derive(code))

    def test_fifty_right_codes_are_spent_once(self, contributor: User) -> None:
        code = ask(contributor)

        def sign(number: int) -> bool:
            checked = codes.verify(contributor, SIGN, DIGEST, codes.derive(code))
            with transaction.atomic():
                return codes.spend(checked)

        assert at_once(50, sign).count(True) == 1

    def test_of_forty_requests_for_a_code_one_is_answered(self, contributor: User) -> None:
        at_once(40, lambda number: ask(contributor))
        assert Message.objects.filter(user=contributor).count() == 1

    def test_a_try_must_not_be_judged_inside_a_transaction(self, contributor: User) -> None:
        code = ask(contributor)
        with transaction.atomic(), pytest.raises(RuntimeError):
            codes.verify(contributor, SIGN, DIGEST, codes.derive(code))

    def test_counting_stays_when_the_request_fails_later(self, contributor: User) -> None:
        with transaction.atomic(), pytest.raises(RuntimeError):
            throttle.hit("what", 1, timedelta(minutes=1))


@pytest.mark.django_db
class TestThrottle:
    def test_lets_so_many_through_and_no_more(self) -> None:
        minute = timedelta(minutes=1)
        assert [throttle.hit("a", 3, minute) for _ in range(5)] == [True, True, True, False, False]
        assert throttle.hit("b", 3, minute)

    def test_begins_anew_when_the_window_has_passed(self) -> None:
        assert throttle.hit("a", 1, timedelta(minutes=1))
        with connection.cursor() as cursor:
            cursor.execute("UPDATE accounts_throttle SET window_from = window_from - interval '61 seconds'")
        assert throttle.hit("a", 1, timedelta(minutes=1))
        assert not throttle.hit("a", 1, timedelta(minutes=1))

    def test_takes_a_success_off_again(self) -> None:
        minute = timedelta(minutes=1)
        throttle.hit("a", 1, minute)
        throttle.give_back("a")
        assert throttle.hit("a", 1, minute)

    def test_keeps_nothing_readable(self) -> None:
        throttle.hit("login:0119000001", 1, timedelta(minutes=1))
        with connection.cursor() as cursor:
            cursor.execute("SELECT key FROM accounts_throttle")
            assert "0119000001" not in cursor.fetchone()[0]
