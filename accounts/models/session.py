from django.db import models
from django.db.models.functions import Now

from accounts.models.user import User


class LiveSession(models.Model):
    """Where somebody is logged in, for them to see and to end. The row of django_session decides, this one only
    describes it; what ended otherwise is tidied at the next log-in."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="live_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    began_at = models.DateTimeField(db_default=Now())
    device = models.CharField(max_length=60, blank=True)  # "Chrome, Android": what the browser says it is
