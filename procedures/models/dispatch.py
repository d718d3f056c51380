from django.db import models

from accounts.models import Office, Outgoing
from procedures.models.filing import Filing


class Dispatch(Outgoing):
    """The outbox row of a filing: on its way to the queue of ``office``."""

    filing = models.OneToOneField(Filing, on_delete=models.PROTECT, related_name="dispatch")
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
