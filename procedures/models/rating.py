from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now

from accounts.models import Office
from procedures.models.dossier import Dossier

LOWEST, HIGHEST = 1, 5


class Rating(models.Model):
    """Đánh giá of the filer after the result: two questions, once a dossier."""

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="rating")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")  # that settled it
    ease = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(LOWEST), MaxValueValidator(HIGHEST)]
    )
    service = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(LOWEST), MaxValueValidator(HIGHEST)]
    )
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["office", "-id"], name="rating_of_office")]
        constraints = [
            models.CheckConstraint(
                name="ratings_are_one_to_five",
                condition=models.Q(ease__range=(LOWEST, HIGHEST), service__range=(LOWEST, HIGHEST)),
            )
        ]
