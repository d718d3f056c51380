"""The ways out: which carrier serves which channel is a setting (EMAIL_GATEWAY, SMS_GATEWAY)."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.gateways.base import Attached, Delivery, Gateway, GatewayError

__all__ = ["Attached", "Delivery", "Gateway", "GatewayError", "gateway_of", "offers", "send"]


def offers(channel: str) -> bool:
    """Whether messages can be sent by this channel ("sms" or "email") at all."""
    return bool(_setting(channel))


def gateway_of(channel: str) -> Gateway:
    """The carrier of a channel. Raises GatewayError when there is none."""
    path = _setting(channel)
    if not path:
        raise GatewayError(f"no gateway for {channel!r}")
    gateway: Gateway = import_string(path)()
    return gateway


def send(  # noqa: PLR0917 - the parts of a message, as in the protocol
    channel: str,
    destination: str,
    subject: str,
    text: str,
    html: str = "",
    attachments: Sequence[Attached] = (),
) -> Delivery:
    """Send one message by a channel. Raises GatewayError when it didn't leave."""
    return gateway_of(channel).send(destination, subject, text, html, attachments)


def _setting(channel: str) -> str:
    return {"email": settings.EMAIL_GATEWAY, "sms": settings.SMS_GATEWAY}.get(channel, "")
