"""Confirming a phone number or an e-mail address by a code sent to it."""

import hashlib

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import TransactionCode, User
from accounts.services import codes

Purpose = TransactionCode.Purpose


def contact_digest(user: User, channel: str) -> str:
    """SHA-256 (hex) of who confirms what: a code for another number or address doesn't fit."""
    destination = user.phone if channel == "sms" else user.email
    return hashlib.sha256(f"contact\0{user.pk}\0{channel}\0{destination}".encode()).hexdigest()


def ask_contact_code(user: User, channel: str) -> TransactionCode:
    """Send a code to the declared phone number ("sms") or e-mail address ("email").

    Raises codes.CodeNotSent when it can't be sent, or not yet.
    """
    name = "số điện thoại" if channel == "sms" else "địa chỉ email"  # kept with the code
    digest = contact_digest(user, channel)
    return codes.ask_code(user, Purpose.CONTACT, digest, subject=name, channel=channel)


def confirm_contact(user: User, channel: str, typed: str) -> None:
    """Mark the contact as confirmed. Raises codes.CodeRefused."""
    code = codes.verify(user, Purpose.CONTACT, contact_digest(user, channel), typed)
    field = "phone_confirmed_at" if channel == "sms" else "email_confirmed_at"
    with transaction.atomic():
        if not codes.spend(code):
            raise codes.CodeRefused
        User.objects.filter(pk=user.pk).update(**{field: Now()})
