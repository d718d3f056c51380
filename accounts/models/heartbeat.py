from django.db import models
from django.db.models.functions import Now


class Heartbeat(models.Model):
    """Nhịp báo tin: a process said that it lives. ``beat`` is said by a worker at beat's asking."""

    name = models.CharField(max_length=20, primary_key=True)  # "sweeper", "beat"
    at = models.DateTimeField(db_default=Now())
