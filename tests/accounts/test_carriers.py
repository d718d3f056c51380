"""Carriers of text messages: a small real one by HTTP, its receipts, and the second that takes over."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db.models import F, Value
from django.test import Client

from accounts import gateways
from accounts.gateways import http_sms
from accounts.models import Message, TransactionCode, User
from accounts.services import codes, messages
from portal.lib.vietnamese import gsm7

SIGN = TransactionCode.Purpose.SIGN
DIGEST = hashlib.sha256(b"a dossier").hexdigest()
KEY, OTHER_KEY = "carrier-key", "second-key"
URL = "/tin-nhan/bien-nhan/"


class Carrier:
    """A carrier in a thread: what it was sent, and how it answers."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.taken: list[dict[str, str]] = []
        self.status, self.delay, self.state = 200, 0.0, "accepted"
        self.body: bytes | None = None
        carrier = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                status = carrier.status if self.headers["Authorization"] == f"Bearer {carrier.key}" else 401
                time.sleep(carrier.delay)
                if status == 200:
                    carrier.taken.append(json.loads(content))
                answer = {"id": f"m{len(carrier.taken)}", "state": carrier.state}
                body = carrier.body if carrier.body is not None else json.dumps(answer).encode()
                try:
                    self.send_response(status)
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    pass  # the portal gave up waiting

            def log_message(self, *parts: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.name = f"127.0.0.1:{self.server.server_port}"
        self.address = f"http://portal:{key}@{self.name}/v1/messages"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def receipt(self, client: Client, reference: str = "m1", state: str = "delivered", **changed: str) -> int:
        body = json.dumps({"id": reference, "state": state}).encode()
        signature = hmac.new(self.key.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Signature": changed.get("signature", signature)}
        sent = changed.get("body", "").encode() or body
        answer = client.post(URL, sent, content_type="application/json", headers=headers)
        return int(answer.status_code)


@pytest.fixture
def carrier(settings: Any) -> Iterator[Carrier]:
    gateways._resting.clear()
    made = Carrier(KEY)
    settings.SMS_GATEWAY = made.address
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def second(settings: Any, carrier: Carrier) -> Iterator[Carrier]:
    made = Carrier(OTHER_KEY)
    settings.SMS_GATEWAY = f"{carrier.address},{made.address}"
    yield made
    made.server.shutdown()
    made.server.server_close()


def asked(user: User) -> TransactionCode:
    return codes.ask_code(
        user, SIGN, DIGEST, subject="Hưởng BHXH một lần", channel="sms", account_tail="6789"
    )


def send(code: TransactionCode) -> Message:
    message = Message.objects.get(code=code)
    messages.send(message.pk)
    message.refresh_from_db()
    return message


def signs(user: User, code: TransactionCode) -> bool:
    try:
        return codes.spend(codes.verify(user, SIGN, DIGEST, codes.derive(code)))
    except codes.CodeRefused:
        return False


def later(code: TransactionCode, **by: int) -> None:
    moved = Value(timedelta(**by))
    TransactionCode.objects.filter(pk=code.pk).update(
        created_at=F("created_at") - moved, delivered_at=F("delivered_at") - moved
    )


@pytest.mark.django_db
class TestAnHttpCarrier:
    def test_is_handed_the_text_of_an_old_phone(self, carrier: Carrier, contributor: User) -> None:
        code = asked(contributor)
        message = send(code)
        (taken,) = carrier.taken
        assert taken["to"] == contributor.phone
        assert taken["text"] == gsm7(taken["text"])
        assert taken["text"].splitlines()[-1] == f"@127.0.0.1 #{codes.derive(code)}"
        assert (message.state, message.gateway, message.carrier_reference) == ("done", carrier.name, "m1")
        assert message.delivered_at is None

    @pytest.mark.parametrize(
        ("status", "state"), [(422, "done"), (500, "waiting"), (401, "waiting"), (302, "waiting")]
    )
    def test_that_fails_is_tried_again_unless_it_says_never(
        self, carrier: Carrier, contributor: User, status: int, state: str
    ) -> None:
        carrier.status = status
        assert send(asked(contributor)).state == state

    @pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"<html>", b"\xff" * 99, b'"x"', b"x" * 200_000])
    def test_that_answers_nonsense_is_not_believed(
        self, carrier: Carrier, contributor: User, body: bytes
    ) -> None:
        carrier.body = body
        message = send(asked(contributor))
        assert message.state == "waiting"
        assert "protocol" in message.last_error

    def test_keeps_its_key_out_of_errors(self, carrier: Carrier, contributor: User) -> None:
        carrier.status = 500
        assert KEY not in send(asked(contributor)).last_error


@pytest.mark.django_db
class TestAReceipt:
    def test_starts_the_five_minutes(self, client: Client, carrier: Carrier, contributor: User) -> None:
        code = asked(contributor)
        send(code)
        live = codes.live_code(contributor, SIGN)
        assert live
        assert live.is_sent
        assert not live.is_delivered
        assert carrier.receipt(client) == 204
        live = codes.live_code(contributor, SIGN)
        assert live
        assert live.is_delivered
        assert 290 < live.seconds_left <= 300

    def test_twelve_minutes_late_still_signs(
        self, client: Client, carrier: Carrier, contributor: User
    ) -> None:
        code = asked(contributor)
        send(code)
        later(code, minutes=12)
        carrier.receipt(client)
        later(code, minutes=4)
        assert signs(contributor, code)

    def test_that_never_comes_ends_at_the_cap(self, carrier: Carrier, contributor: User) -> None:
        code = asked(contributor)
        send(code)
        later(code, minutes=31)
        assert not signs(contributor, code)

    def test_coming_again_gives_no_more_time(
        self, client: Client, carrier: Carrier, contributor: User
    ) -> None:
        code = asked(contributor)
        send(code)
        carrier.receipt(client)
        later(code, minutes=6)
        assert carrier.receipt(client) == 204
        assert not signs(contributor, code)

    @pytest.mark.parametrize("signature", ["", "0" * 64, "é", "\u0660" * 64])
    def test_by_somebody_else_is_not_believed(
        self, client: Client, carrier: Carrier, contributor: User, signature: str
    ) -> None:
        send(asked(contributor))
        assert carrier.receipt(client, signature=signature) == 403
        assert not TransactionCode.objects.get().delivered_at

    def test_changed_on_the_way_is_not_believed(
        self, client: Client, carrier: Carrier, contributor: User
    ) -> None:
        send(asked(contributor))
        assert carrier.receipt(client, body='{"id": "m1", "state": "delivered" }') == 403

    def test_of_another_carrier_is_not_believed(
        self, client: Client, carrier: Carrier, second: Carrier, contributor: User
    ) -> None:
        send(asked(contributor))
        assert second.receipt(client) == 404  # signed by its own key, about the other's message
        assert not TransactionCode.objects.get().delivered_at

    @pytest.mark.parametrize("reference", ["m99", "", "\0", "x" * 5000, "' or 1=1--"])
    def test_about_an_unknown_message_may_come_again(
        self, client: Client, carrier: Carrier, contributor: User, reference: str
    ) -> None:
        send(asked(contributor))
        assert carrier.receipt(client, reference) in (400, 404)

    @pytest.mark.parametrize("body", ["[]", "{}", "x", '{"id": "m1"}', '{"id": "m1", "state": "odd"}', "1"])
    def test_that_is_none_is_refused(self, client: Client, carrier: Carrier, db: None, body: str) -> None:
        signature = hmac.new(KEY.encode(), body.encode(), hashlib.sha256).hexdigest()
        assert carrier.receipt(client, body=body, signature=signature) == 400


@pytest.mark.django_db
class TestASecondCarrier:
    def test_takes_over_from_one_that_fails(
        self, carrier: Carrier, second: Carrier, contributor: User
    ) -> None:
        carrier.status = 503
        assert send(asked(contributor)).gateway == second.name

    def test_takes_over_from_one_that_is_slow(
        self, carrier: Carrier, second: Carrier, contributor: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(http_sms, "TIMEOUT", 0.2)
        carrier.delay = 1
        began = time.monotonic()
        assert send(asked(contributor)).gateway == second.name
        assert time.monotonic() - began < 1

    def test_takes_over_from_one_that_is_not_there(
        self, carrier: Carrier, second: Carrier, contributor: User
    ) -> None:
        carrier.server.shutdown()
        carrier.server.server_close()
        assert send(asked(contributor)).gateway == second.name

    def test_goes_on_for_a_minute_without_asking_the_first(
        self, carrier: Carrier, second: Carrier, contributor: User, outsider: User
    ) -> None:
        carrier.status = 503
        send(asked(contributor))
        carrier.status = 200
        send(asked(outsider))
        assert carrier.taken == []

    def test_never_brings_another_code(
        self, client: Client, carrier: Carrier, second: Carrier, contributor: User
    ) -> None:
        code = asked(contributor)
        send(code)
        assert carrier.receipt(client, state="failed") == 204
        message = send(code)
        assert message.gateway == second.name
        assert carrier.taken == second.taken  # the same words, the same code
        live = TransactionCode.objects.filter(spent_at=None, voided_at=None)
        assert live.count() == 1

    def test_that_fails_too_is_the_end(
        self, client: Client, carrier: Carrier, second: Carrier, contributor: User
    ) -> None:
        code = asked(contributor)
        send(code)
        carrier.receipt(client, state="failed")
        send(code)
        second.receipt(client, state="failed")
        message = send(code)
        for _ in range(3):
            carrier.receipt(client, message.carrier_reference, "failed")
        assert len(carrier.taken) + len(second.taken) <= 3

    def test_of_two_that_fail_leaves_the_message_for_later(
        self, carrier: Carrier, second: Carrier, contributor: User
    ) -> None:
        carrier.status = second.status = 503
        message = send(asked(contributor))
        assert message.state == "waiting"
        assert carrier.name in message.last_error
        assert second.name in message.last_error
