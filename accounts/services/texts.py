"""Tin nhắn mang mã: each costs money. Whoever has many accounts and networks can stay under every limit of a person, a
destination and a network; what the people of one office were sent in a day still shows it."""

from django.conf import settings
from django.db.models import Count, F
from django.utils import timezone

from accounts.models import Alarm, TransactionCode
from accounts.services import alarms


def look() -> None:
    """Sound an alarm at the headquarters for each office whose people asked for more than ``TEXTS_A_DAY`` codes by text
    message since midnight. Nobody is kept from signing: a person decides.

    The office is that of the registration; people without an account, who follow a paper dossier, count together.
    """
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    today = TransactionCode.objects.filter(channel="sms", created_at__gte=midnight)
    offices = today.values(office=F("user__registration__office")).annotate(texts=Count("pk"))
    for row in offices.filter(texts__gt=settings.TEXTS_A_DAY).order_by("office"):
        alarms.sound(Alarm.Kind.TEXTS, f"{row['office'] or '–'} {midnight.date()}", detail=str(row["texts"]))
