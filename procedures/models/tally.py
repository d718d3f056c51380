"""Counts kept beside the acts (docs/decisions/0010). One stroke an act, written in its transaction;
strokes are folded into days and months, so that any period is a few thousand rows."""

from django.db import models

from accounts.models import Office


class Cell(models.Model):
    """What is counted apart from other things; ``event`` is an Act of domain.lifecycle."""

    procedure = models.CharField(max_length=40)
    channel = models.CharField(max_length=10)
    event = models.CharField(max_length=24)

    class Meta:
        abstract = True


class TallyMark(Cell):
    """Một vạch đếm: one act that isn't folded yet. Only ever inserted and taken away, so that no filing
    waits for another's count. The office is that of the moment of the act."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, db_index=False)
    day = models.DateField()  # in Việt Nam


class Tally(Cell):
    """How many acts an office had on a day, without the strokes that aren't folded yet."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["event", "day"], name="tally_of_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "day", "procedure", "channel", "event"], name="one_tally_a_cell"
            )
        ]


class MonthTally(Cell):
    """The sum of an office's days of a month; ``month`` is its first day."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, db_index=False)
    month = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        # The table of rates reads ten thousand of these rows, and nothing else of them.
        indexes = [
            models.Index(
                fields=["event", "month"],
                include=["office", "procedure", "channel", "count"],
                name="tally_of_month",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "month", "procedure", "channel", "event"], name="one_tally_a_month"
            )
        ]


class ReferenceSequence(models.Model):
    """The last sequence number given to dossiers of an office on a day."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "day"], name="one_sequence_a_day")]
