from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from accounts.models import Office


class Target(models.Model):
    """Chỉ tiêu: the e-filing rate an office is to reach by a day, with the document that says so. The
    dispatch asks for parity with the participation field without giving that rate: no target is built in."""

    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT)  # None: every office
    series = models.CharField(max_length=20)  # selectors.statistics.extent.Series
    procedure = models.CharField(max_length=40, blank=True)  # "" for all of the series
    value = models.DecimalField(max_digits=5, decimal_places=2)  # per cent
    due_on = models.DateField()
    source = models.CharField(max_length=200)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    set_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="a_target_is_a_rate", condition=models.Q(value__gt=0, value__lte=100)
            ),
            models.CheckConstraint(name="a_target_has_a_source", condition=~models.Q(source="")),
        ]
