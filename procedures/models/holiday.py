from django.db import models


class Holiday(models.Model):
    """A day that differs from the package's calendar: Tết days and swapped Saturdays of coming years
    are known only when the yearly notice comes."""

    day = models.DateField(primary_key=True)
    is_working = models.BooleanField(default=False)
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=200)  # the notice it comes from

    class Meta:
        ordering = ["day"]
