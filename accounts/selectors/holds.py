"""How long nothing about a person's money may change, after the way to the person has changed."""

from datetime import datetime

from django.db.models.functions import Now

from accounts.models import User


def hold_until(user: User) -> datetime | None:
    """Until when no new bank account can be signed, by the database's clock; None when there is no hold."""
    return User.objects.filter(pk=user.pk, hold_until__gt=Now()).values_list("hold_until", flat=True).first()
