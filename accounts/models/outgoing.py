from django.db import models
from django.db.models.functions import Now


class Outgoing(models.Model):
    """A row that must leave: the record of which a broker message is only a hint.

    The sweeper publishes every waiting row whose ``next_try_at`` has come, without limit of age or
    number (docs/decisions/0002).
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Đang chờ"
        DONE = "done", "Xong"
        QUARANTINED = "quarantined", "Cần người xử lý"

    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField(db_default=Now())
    next_try_at = models.DateTimeField(db_default=Now())
    published = models.PositiveIntegerField(default=0)  # times handed to the broker
    starts = models.PositiveIntegerField(default=0)  # times a worker began
    done_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        abstract = True
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="%(class)s_waiting",
                condition=models.Q(state="waiting"),
            )
        ]
