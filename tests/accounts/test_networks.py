"""Limits per network: whatever is sent or guessed from one /24 or /48, by whatever account, on whatever page."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client, RequestFactory

from accounts.models import Message, Throttle, TransactionCode, User
from accounts.services import codes, networks, throttle
from accounts.views.client import network_of
from portal.lib.identifiers import new_activation_code
from tests import makers

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2::9", "2001:db8:1::/48"),
        ("2001:db8:1:ffff::9", "2001:db8:1::/48"),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("rubbish", "unknown"),
    ],
)
def test_a_network_is_a_24_or_a_48(address: str, network: str) -> None:
    assert network_of(RequestFactory(REMOTE_ADDR=address).get("/")) == network


def at(user: User, address: str) -> Client:
    client = Client(REMOTE_ADDR=address)
    client.force_login(user)
    return client


@pytest.mark.django_db
class TestSends:
    def test_from_one_network_are_limited_over_all_accounts(
        self, citizen: Callable[..., User], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(networks, "SENDS", ((3, HOUR),))
        people = [citizen(f"01190003{n:02d}", f"Người Thứ {n}") for n in range(4)]
        for n, person in enumerate(people):
            dossier = makers.draft(person)
            at(person, f"192.0.2.{n}").post(f"/ho-so/{dossier.public_id}/ky/", {"channel": "email"})
        assert Message.objects.filter(kind="transaction_code").count() == 3
        elsewhere = at(people[3], "198.51.100.9")
        last = makers.fresh(people[3].dossiers.get())
        Throttle.objects.filter(key=throttle._key(f"code-sends:sign::user:{people[3].pk}:60")).delete()
        Throttle.objects.filter(
            key=throttle._key(f"code-sends:sign:destination:{people[3].email}:60")
        ).delete()
        elsewhere.post(f"/ho-so/{last.public_id}/ky/", {"channel": "email"})
        assert Message.objects.filter(kind="transaction_code").count() == 4

    def test_do_not_count_as_guesses(self, contributor: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(networks, "SENDS", ((1, HOUR),))
        monkeypatch.setattr(networks, "GUESSES", ((1, HOUR),))
        dossier, client = makers.draft(contributor), at(contributor, "192.0.2.1")
        client.post(f"/ho-so/{dossier.public_id}/ky/", {"channel": "email"})
        code = codes.derive(TransactionCode.objects.get())
        answer = client.post(f"/ho-so/{dossier.public_id}/ky/ma/", {"code": code})
        assert answer.headers["Location"].endswith("/da-nop/")


@pytest.mark.django_db
class TestGuesses:
    @pytest.fixture(autouse=True)
    def one_guess(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(networks, "GUESSES", ((1, HOUR),))

    def used_up(self, network: str = "192.0.2.0/24") -> None:
        token = networks.current.set(network)
        networks.wait_for_guess()
        networks.current.reset(token)

    def test_are_not_judged_any_more_but_lose_nothing(self, contributor: User) -> None:
        dossier = makers.draft(contributor)
        client = at(contributor, "192.0.2.1")
        client.post(f"/ho-so/{dossier.public_id}/ky/", {"channel": "email"})
        code = TransactionCode.objects.get()
        self.used_up()
        answer = client.post(f"/ho-so/{dossier.public_id}/ky/ma/", {"code": codes.derive(code)})
        assert (answer.status_code, "Mạng này" in answer.content.decode()) == (422, True)
        code.refresh_from_db()
        assert code.tries == 0
        elsewhere = at(contributor, "198.51.100.1")
        answer = elsewhere.post(f"/ho-so/{dossier.public_id}/ky/ma/", {"code": codes.derive(code)})
        assert answer.headers["Location"].endswith("/da-nop/")

    @pytest.mark.parametrize(
        ("page", "posted"),
        [
            ("/kich-hoat/", {"code": new_activation_code(), "password": "x" * 20, "repeated": "x" * 20}),
            ("/tai-khoan/xac-nhan/email/", {"code": "12345678"}),
            ("/tai-khoan/cach-ky/the-ma/", {"code": "12345678"}),
            ("/tai-khoan/cach-ky/ung-dung/", {"code": "12345678"}),
        ],
    )
    def test_are_counted_on_every_page_that_takes_one(
        self, page: str, posted: dict[str, str], contributor: User
    ) -> None:
        """One wrong guess there uses up the network's only one; the next page refuses a right code."""
        if "xac-nhan" in page:
            User.objects.filter(pk=contributor.pk).update(email_confirmed_at=None)
        answer = at(contributor, "192.0.2.1").post(page, posted)
        assert answer.status_code == 422, page
        token = networks.current.set("192.0.2.0/24")
        assert networks.wait_for_guess() > timedelta(0)
        networks.current.reset(token)

    def test_leave_logging_in_alone(self, contributor: User) -> None:
        self.used_up()
        contributor.set_password("một mật khẩu thật dài")
        contributor.save()
        answer: Any = Client(REMOTE_ADDR="192.0.2.1").post(
            "/dang-nhap/", {"login": contributor.login, "password": "một mật khẩu thật dài"}
        )
        assert answer.status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_forty_guesses_at_once_from_one_network_as_many_are_let_through_as_may(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(networks, "GUESSES", ((7, HOUR),))
    barrier = threading.Barrier(40)

    def guess(_number: int) -> bool:
        networks.current.set("192.0.2.0/24")
        barrier.wait()
        try:
            return not networks.wait_for_guess()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(40) as pool:
        assert list(pool.map(guess, range(40))).count(True) == 7


def test_outside_a_request_nothing_is_counted() -> None:
    assert networks.current.get() == ""
    assert not networks.wait_for_guess()
