from django.db import models

from accounts.models import Office


class Tally(models.Model):
    """How many dossiers an office had on a day: bumped in the transaction of the act itself."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    day = models.DateField()
    procedure = models.CharField(max_length=40)
    channel = models.CharField(max_length=10)
    event = models.CharField(max_length=24)  # domain.lifecycle.Act
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "day", "procedure", "channel", "event"], name="one_tally_a_cell"
            )
        ]


class ReferenceSequence(models.Model):
    """The last sequence number given to dossiers of an office on a day."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "day"], name="one_sequence_a_day")]
