"""Đánh giá: two questions to the filer once there is a result. Counted, never shown with a name."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from procedures.domain.errors import DomainError, NotAllowed
from procedures.domain.lifecycle import DECIDED
from procedures.models import Dossier, Rating
from procedures.models.rating import HIGHEST, LOWEST


def may_rate(dossier: Dossier) -> bool:
    return dossier.status in DECIDED and not Rating.objects.filter(dossier=dossier).exists()


def rate(dossier: Dossier, *, ease: int, service: int) -> Rating:
    """Keep the two answers; sent twice, the first ones stay. Raises DomainError for something that isn't
    1 to 5, NotAllowed before there is a result."""
    for name, value in (("ease", ease), ("service", service)):
        if not LOWEST <= value <= HIGHEST:
            raise DomainError(_("Xin chọn một mức."), question=name)
    if dossier.status not in DECIDED:
        raise NotAllowed(_("Ông/bà đánh giá sau khi có kết quả."))
    try:
        with transaction.atomic():
            return Rating.objects.create(
                dossier=dossier, office_id=str(dossier.office_id), ease=ease, service=service
            )
    except IntegrityError:
        return Rating.objects.get(dossier=dossier)
