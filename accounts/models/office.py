from datetime import date

from django.db import models
from django.db.models import Q


class OfficeQuerySet(models.QuerySet["Office"]):
    def valid_on(self, day: date) -> "OfficeQuerySet":
        return self.filter(Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day))


class Office(models.Model):
    """Cơ quan BHXH tỉnh. The key is permanent; names and codes are dated.

    GSO codes were given to other territory in 2025, so a bare code is never a key.
    """

    key = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=80)  # "Hà Nội"
    official_name = models.CharField(max_length=120)  # "BHXH Thành phố Hà Nội"
    annex_name = models.CharField(max_length=80)  # as printed in the annex of 3040/BHXH-CNTT
    annex_order = models.PositiveSmallIntegerField(null=True)
    code = models.CharField(max_length=3)  # VSS code: "0" + GSO code of the province
    province_code = models.CharField(max_length=2)  # GSO code, valid in the office's dates only
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.official_name
