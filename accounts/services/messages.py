"""Messages about an account. Rows first; the words are made when they leave, so that a code stands in
no table."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Case, Value, When
from django.db.models.functions import Now
from django.template.loader import render_to_string

from accounts import gateways
from accounts.models import Message, Outgoing
from accounts.services import codes, outbox
from accounts.services.letters import refusal_notice
from portal.lib import lanes
from portal.lib.digests import short_digest
from portal.lib.vietnamese import gsm7

Kind = Message.Kind

# A person is waiting in front of the screen for a code; a letter may take its time.
RETRY_AFTER = {Kind.TRANSACTION_CODE: timedelta(seconds=5)}
RETRY_LETTER_AFTER = timedelta(minutes=1)
# Codes never wait behind letters.
LANE = Case(When(kind=Kind.TRANSACTION_CODE, then=Value(lanes.CODES)), default=Value(lanes.NOTICES))
SMS_LENGTH = 160  # septets of one text message (GSM 03.38)


def send(message_id: int) -> None:
    """Send one message, as often as the broker asks; a failing gateway leaves it for a later try.

    A code that could no longer be used isn't sent at all.
    """
    with outbox.work(Message, message_id) as message:
        if message is None:
            return
        if message.code and not codes.is_worth_sending(message.code):
            outbox.finish(message)
            return
        try:
            delivery = _send(message)
        except gateways.GatewayError as error:
            outbox.postpone(message, error, RETRY_AFTER.get(Kind(message.kind), RETRY_LETTER_AFTER))
            return
        _finish(message, delivery)


def receive_receipt(gateway: str, reference: str, is_delivered: bool) -> bool:
    """A carrier's word about a message it took. False: no such message (yet); the carrier should call again.

    A message that could not be delivered leaves again by another carrier: the same words, the same code.
    """
    message = (
        Message.objects.filter(gateway=gateway, carrier_reference=reference)
        .exclude(carrier_reference="")
        .select_related("code")
        .first()
    )
    if message is None:
        return False
    undelivered = Message.objects.filter(pk=message.pk, delivered_at=None)
    if is_delivered:
        if undelivered.update(delivered_at=Now()) and message.code:
            codes.mark_delivered(message.code)
    elif gateway not in message.failed_gateways and set(gateways.names_of(message.channel)) - {gateway}:
        undelivered.filter(state=Outgoing.State.DONE, carrier_reference=reference).update(
            state=Outgoing.State.WAITING,
            next_try_at=Now(),
            failed_gateways=[*message.failed_gateways, gateway],
        )
        outbox.wake_sweeper()
    return True


def _finish(message: Message, delivery: gateways.Delivery) -> None:
    kept: dict[str, Any] = {"gateway": delivery.gateway, "carrier_reference": delivery.reference}
    if delivery.delivered:
        kept["delivered_at"] = Now()
        if message.code:
            codes.mark_delivered(message.code)
    outbox.finish(message, **kept)


def _send(message: Message) -> gateways.Delivery:
    context = _context(message)
    if message.channel == "sms":
        text = _sms(message, context)
        return gateways.send("sms", message.destination, "", text, avoid=message.failed_gateways)
    name = f"accounts/messages/{message.kind}"
    subject = render_to_string(f"{name}.subject", context).strip()
    text = render_to_string(f"{name}.text", context).strip()
    html = render_to_string("notices/letter.html", {"subject": subject, "text": text})
    return gateways.send("email", message.destination, subject, text, html, _papers(message))


def _papers(message: Message) -> list[gateways.Attached]:
    """Form 01/TB-GDĐT goes with the refusal it is about."""
    if message.kind != Kind.REGISTRATION_REFUSED or message.registration is None:
        return []
    return [gateways.Attached("01-TB-GDDT.pdf", refusal_notice(message.registration), "application/pdf")]


def _sms(message: Message, context: dict[str, Any]) -> str:
    """One text message: what it is for gives way when it is too long, the code never."""
    name = f"accounts/messages/{message.kind}.sms"
    subject = gsm7(str(context["subject"]))
    text = gsm7(render_to_string(name, {**context, "subject": subject}).strip())
    excess = len(text) - SMS_LENGTH
    if excess <= 0:
        return text
    shorter = subject[: max(0, len(subject) - excess)].rstrip()
    return gsm7(render_to_string(name, {**context, "subject": shorter}).strip())


def _context(message: Message) -> dict[str, Any]:
    context: dict[str, Any] = {
        "host": urlsplit(settings.PUBLIC_URL).hostname,
        "url": settings.PUBLIC_URL,
        "subject": "",
        "registration": message.registration,
        "name": message.user.full_name if message.user else "",
    }
    if message.registration:
        context["name"] = message.registration.full_name
    if message.alarm:
        context |= {"alarm": message.alarm, "subject": message.alarm.get_kind_display()}
    if message.code:
        context |= {
            "code": codes.derive(message.code),
            "subject": message.code.subject,
            "is_contact": message.code.purpose != codes.Purpose.SIGN,
            "short_digest": short_digest(message.code.digest),
            "account_tail": message.code.account_tail,
            "minutes": int(codes.LIFE.total_seconds() // 60),
        }
    return context
