"""The ways out: which carriers serve which channel is a setting (EMAIL_GATEWAY, SMS_GATEWAY).

A setting names one carrier or several, with commas: the first that works carries the message. A carrier is
the path of a class, or the address of an HTTP gateway for text messages (gateways/http_sms.py). One that
failed rests for a minute, so that a slow one doesn't hold every message up.
"""

import time
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.gateways.base import Attached, Delivery, Gateway, GatewayError
from accounts.gateways.demo import DemoKeeper
from accounts.gateways.http_sms import HttpSms

__all__ = [
    "Attached",
    "Delivery",
    "Gateway",
    "GatewayError",
    "forget",
    "http_gateways",
    "names_of",
    "offers",
    "send",
]

REST = 60  # seconds without a carrier that failed
_resting: dict[str, float] = {}


def offers(channel: str) -> bool:
    """Whether messages can be sent by this channel ("sms" or "email") at all."""
    return bool(_setting(channel))


def names_of(channel: str) -> list[str]:
    """The carriers of a channel in the order they are tried: a class by its path, an address by its host."""
    return [_name(entry) for entry in _entries(channel)]


def forget(channel: str, destination: str, digits: str, since: datetime) -> None:
    """Have the carriers that keep what they sent, which are the demo's, forget a code that was used."""
    for entry in _entries(channel):
        if not _is_address(entry) and isinstance(keeper := _gateway(entry), DemoKeeper):
            keeper.forget(destination, digits, since)


def http_gateways() -> list[HttpSms]:
    """The HTTP gateways there are: whose receipts are believed."""
    return [HttpSms(entry) for entry in _entries("sms") if _is_address(entry)]


def send(  # noqa: PLR0917 - the parts of a message, as in the protocol
    channel: str,
    destination: str,
    subject: str,
    text: str,
    html: str = "",
    attachments: Sequence[Attached] = (),
    *,
    avoid: Collection[str] = (),
) -> Delivery:
    """Send one message by a channel, by the first carrier that takes it; those in ``avoid`` come last.

    The message is the same whoever carries it, so two carriers never bring two codes. Raises GatewayError
    when it didn't leave.
    """
    entries = _entries(channel)
    if not entries:
        raise GatewayError(f"no gateway for {channel!r}")
    now = time.monotonic()
    entries.sort(key=lambda entry: (_name(entry) in avoid, _resting.get(entry, 0) > now))
    errors = []
    for entry in entries:
        try:
            delivery = _gateway(entry).send(destination, subject, text, html, attachments)
        except GatewayError as error:
            _resting[entry] = time.monotonic() + REST
            errors.append(f"{_name(entry)}: {error}")
            continue
        _resting.pop(entry, None)
        return replace(delivery, gateway=_name(entry))
    raise GatewayError("; ".join(errors))


def _entries(channel: str) -> list[str]:
    return [entry.strip() for entry in _setting(channel).split(",") if entry.strip()]


def _gateway(entry: str) -> Gateway:
    if _is_address(entry):
        return HttpSms(entry)
    gateway: Gateway = import_string(entry)()
    return gateway


def _name(entry: str) -> str:
    return HttpSms(entry).name if _is_address(entry) else entry.rpartition(".")[2]


def _is_address(entry: str) -> bool:
    return entry.startswith(("http://", "https://"))


def _setting(channel: str) -> str:
    return {"email": settings.EMAIL_GATEWAY, "sms": settings.SMS_GATEWAY}.get(channel, "")
