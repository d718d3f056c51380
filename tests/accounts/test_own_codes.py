"""Signing without signal: an authenticator app and a printed card, bound to the digest like a code sent."""

import hashlib
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pyotp
import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from accounts.models import Authenticator, CardCode, Message, SecurityEvent, TransactionCode, User
from accounts.services import authenticator, cards, codes, own_codes
from procedures.services.filing import ask_for_code, file_dossier
from tests.makers import draft
from tests.procedures.documents.sheets import text_of

SIGN = TransactionCode.Purpose.SIGN
FACTOR = TransactionCode.Purpose.FACTOR
DIGEST = hashlib.sha256(b"a dossier").hexdigest()
OTHER_DIGEST = hashlib.sha256(b"another dossier").hexdigest()


def with_app(user: User) -> str:
    seed = authenticator.begin(user)
    Authenticator.objects.filter(user=user).update(confirmed_at=timezone.now())
    return seed


def digits(seed: str, ahead: int = 0) -> str:
    return pyotp.TOTP(seed).at(int(time.time()), counter_offset=ahead)


def ask(user: User, channel: str, digest: str = DIGEST) -> TransactionCode:
    return codes.ask_code(user, SIGN, digest, subject="Hưởng BHXH một lần", channel=channel)


def signs(user: User, typed: str, digest: str = DIGEST) -> bool:
    try:
        return codes.spend(codes.verify(user, SIGN, digest, typed))
    except codes.CodeRefused:
        return False


@pytest.mark.django_db
class TestAnApp:
    def test_signs_what_was_asked_for_and_leaves_a_record(self, contributor: User) -> None:
        seed = with_app(contributor)
        ask(contributor, "app")
        assert signs(contributor, digits(seed))
        record = TransactionCode.objects.get()
        assert (record.channel, record.digest) == ("app", DIGEST)
        assert record.spent_at
        assert not Message.objects.exists()

    def test_does_not_sign_another_content_and_is_not_used_up_by_it(self, contributor: User) -> None:
        seed = with_app(contributor)
        ask(contributor, "app")
        assert not signs(contributor, digits(seed), OTHER_DIGEST)
        assert signs(contributor, digits(seed))

    def test_does_not_sign_twice(self, contributor: User) -> None:
        seed = with_app(contributor)
        ask(contributor, "app")
        assert signs(contributor, digits(seed))
        ask(contributor, "app", OTHER_DIGEST)
        assert not signs(contributor, digits(seed), OTHER_DIGEST)

    def test_does_not_sign_unasked(self, contributor: User) -> None:
        assert not signs(contributor, digits(with_app(contributor)))

    def test_of_somebody_else_does_not_sign(self, contributor: User, outsider: User) -> None:
        with_app(contributor)
        other = with_app(outsider)
        ask(contributor, "app")
        assert not signs(contributor, digits(other))

    def test_is_offered_to_those_who_have_one(self, contributor: User) -> None:
        assert "app" not in codes.offered_channels(contributor)
        with pytest.raises(codes.CodeNotSent):
            ask(contributor, "app")
        with_app(contributor)
        assert "app" in codes.offered_channels(contributor)

    def test_shares_the_limit_of_wrong_tries_with_codes(self, contributor: User) -> None:
        seed = with_app(contributor)
        sent = ask(contributor, "sms")
        for _ in range(5):
            assert not signs(contributor, "00000000" if codes.derive(sent) != "00000000" else "11111111")
        for _ in range(5):
            ask(contributor, "app")
            assert not signs(contributor, "000000")
        with pytest.raises(codes.CodeNotSent, match="24 giờ"):
            ask(contributor, "app")
        assert not signs(contributor, digits(seed))

    @pytest.mark.skipif(
        not shutil.which("oathtool"), reason="no oathtool here (Debian: apt install oathtool)"
    )
    def test_may_be_any(self, contributor: User) -> None:
        seed = with_app(contributor)
        ask(contributor, "app")
        made = subprocess.run(["oathtool", "--totp", "-b", seed], capture_output=True, text=True, check=True)
        assert signs(contributor, made.stdout.strip())

    @pytest.mark.skipif(
        not shutil.which("oathtool"), reason="no oathtool here (Debian: apt install oathtool)"
    )
    @pytest.mark.parametrize(
        ("seconds", "is_accepted"),
        [(-120, False), (-60, False), (-30, True), (30, True), (60, False), (120, False)],
    )
    def test_of_a_phone_whose_clock_is_wrong_signs_within_one_step(
        self, contributor: User, seconds: int, is_accepted: bool
    ) -> None:
        seed = with_app(contributor)
        ask(contributor, "app")
        if time.time() % 30 > 25:  # the step must not end between the phone and the server
            time.sleep(30 - time.time() % 30)
        then = f"{datetime.fromtimestamp(time.time() + seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"
        command = ["oathtool", "--totp", "-b", "-N", then, seed]
        made = subprocess.run(command, capture_output=True, text=True, check=True)
        assert signs(contributor, made.stdout.strip()) is is_accepted


@pytest.mark.django_db
class TestACard:
    def test_signs_by_the_number_asked_for(self, contributor: User) -> None:
        printed = cards.new_card(contributor).codes
        ask(contributor, "card")
        live = codes.live_code(contributor, SIGN)
        assert live
        assert live.is_own
        assert "số 1" in live.destination
        assert not signs(contributor, printed[1])
        assert signs(contributor, f"{printed[0][:4]} {printed[0][4:]}")
        assert cards.next_number(contributor) == 2

    def test_code_works_once(self, contributor: User) -> None:
        printed = cards.new_card(contributor).codes
        ask(contributor, "card")
        assert signs(contributor, printed[0])
        ask(contributor, "card")
        assert not signs(contributor, printed[0])
        assert signs(contributor, printed[1])

    def test_does_not_sign_another_content_and_is_not_used_up_by_it(self, contributor: User) -> None:
        printed = cards.new_card(contributor).codes
        ask(contributor, "card")
        assert not signs(contributor, printed[0], OTHER_DIGEST)
        assert signs(contributor, printed[0])

    def test_is_void_when_a_new_one_is_made(self, contributor: User) -> None:
        old = cards.new_card(contributor).codes
        cards.new_card(contributor)
        ask(contributor, "card")
        assert not signs(contributor, old[0])

    def test_of_somebody_else_does_not_sign(self, contributor: User, outsider: User) -> None:
        cards.new_card(contributor)
        other = cards.new_card(outsider).codes
        ask(contributor, "card")
        assert not signs(contributor, other[0])

    def test_ends_after_twenty_signatures(self, contributor: User) -> None:
        for code in cards.new_card(contributor).codes:
            ask(contributor, "card")
            assert signs(contributor, code)
        assert "card" not in codes.offered_channels(contributor)

    def test_stands_in_no_table(self, contributor: User) -> None:
        printed = cards.new_card(contributor).codes
        with connection.cursor() as cursor:
            cursor.execute("SELECT t::text FROM accounts_cardcode t")
            rows = " ".join(row for (row,) in cursor)
        assert not [code for code in printed if code in rows]

    def test_prints_twenty_codes(self, contributor: User) -> None:
        made = cards.new_card(contributor)
        text = text_of(cards.card_pdf(made))
        assert all(f"{code[:4]} {code[4:]}" in text for code in made.codes)
        assert contributor.full_name in text


@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    @pytest.mark.parametrize("channel", ["app", "card"])
    def test_sign_once(self, contributor: User, channel: str) -> None:
        right = digits(with_app(contributor)) if channel == "app" else cards.new_card(contributor).codes[0]
        ask(contributor, channel)

        def sign(_number: int) -> bool:
            try:
                return signs(contributor, right)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(sign, range(16))).count(True) == 1


@pytest.mark.django_db
class TestADossier:
    def test_is_filed_by_an_app(self, contributor: User) -> None:
        seed, dossier = with_app(contributor), draft(contributor)
        ask_for_code(dossier, "app")
        assert file_dossier(dossier, contributor, digits(seed)).code.channel == "app"

    def test_is_not_filed_when_it_changed_after_asking(self, contributor: User) -> None:
        seed, dossier = with_app(contributor), draft(contributor)
        ask_for_code(dossier, "app")
        dossier.answers = {**dossier.answers, "phone": "0987654321"}
        dossier.save(update_fields=["answers"])
        with pytest.raises(codes.CodeRefused):
            file_dossier(dossier, contributor, digits(seed))

    def test_is_filed_on_the_pages_with_a_card(self, client: Client, contributor: User) -> None:
        printed, dossier = cards.new_card(contributor).codes, draft(contributor)
        client.force_login(contributor)
        url = f"/ho-so/{dossier.public_id}"
        page = next(page for page in ("ky/", "ma/") if client.get(f"{url}/{page}").status_code == 200)
        asked = client.post(f"{url}/{page}", {"channel": "card"})
        assert asked.status_code == 302
        assert "thẻ mã in sẵn, mã số 1" in client.get(asked.url).text
        assert client.post(asked.url, {"code": printed[0]}).status_code == 302
        assert TransactionCode.objects.get().spent_at


@pytest.mark.django_db
class TestAddingAWay:
    URL = "/tai-khoan/cach-ky/"

    def code_of(self, user: User) -> str:
        return codes.derive(
            TransactionCode.objects.get(user=user, purpose=FACTOR, voided_at=None, spent_at=None)
        )

    def test_needs_a_code_sent_to_a_contact(self, client: Client, contributor: User) -> None:
        client.force_login(contributor)
        assert client.get(f"{self.URL}gan-ung-dung/").url == self.URL
        client.post(f"{self.URL}ung-dung/", {"send": "1"})
        assert client.post(f"{self.URL}ung-dung/", {"code": "00000000"}).status_code == 422
        assert not Authenticator.objects.exists()

    def test_binds_an_app(self, client: Client, contributor: User) -> None:
        client.force_login(contributor)
        client.post(f"{self.URL}ung-dung/", {"send": "1"})
        bind = client.post(f"{self.URL}ung-dung/", {"code": self.code_of(contributor)}).url
        seed = client.get(bind).context["seed"].replace(" ", "")
        assert client.post(bind, {"app_code": "000000"}).status_code == 422
        assert client.post(bind, {"app_code": digits(seed)}).url == self.URL
        assert authenticator.is_enrolled(contributor)
        assert client.get(bind).url == self.URL  # the seed is never shown again
        assert SecurityEvent.objects.filter(kind="factor_enrolled", person=contributor).exists()

    def test_prints_a_card_in_the_one_answer(self, client: Client, contributor: User) -> None:
        client.force_login(contributor)
        client.post(f"{self.URL}the-ma/", {"send": "1"})
        answer = client.post(f"{self.URL}the-ma/", {"code": self.code_of(contributor)})
        assert answer["Content-Type"] == "application/pdf"
        assert "no-store" in answer["Cache-Control"]
        assert CardCode.objects.count() == cards.CODES

    def test_takes_no_code_made_for_the_other(self, client: Client, contributor: User) -> None:
        own_codes.ask(contributor, "card")
        client.force_login(contributor)
        assert client.post(f"{self.URL}ung-dung/", {"code": self.code_of(contributor)}).status_code == 422

    def test_is_for_people_who_can_be_reached(self, client: Client, contributor: User) -> None:
        User.objects.filter(pk=contributor.pk).update(phone_confirmed_at=None, email_confirmed_at=None)
        client.force_login(contributor)
        assert client.get(f"{self.URL}the-ma/").status_code == 404
        assert client.get(self.URL).status_code == 200

    @pytest.mark.parametrize("role", ["officer", "issuer"])
    def test_is_for_citizens(self, client: Client, request: pytest.FixtureRequest, role: str) -> Any:
        client.force_login(request.getfixturevalue(role))
        assert client.get(self.URL).status_code == 404
