"""Paper dossiers at the counter: what is there already of the same person."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.services.paper_people import PREFIX
from procedures.domain.lifecycle import OPEN
from procedures.models import Dossier

MOST = 5
LATELY = timedelta(days=90)


def duplicates_of(officer: User, procedure: str, bhxh_number: str) -> list[Dossier]:
    """Dossiers of the same mã số BHXH and procedure in the own office that are open or were filed in the
    last 90 days, newest first."""
    people = User.objects.filter(Q(login=bhxh_number) | Q(login__startswith=f"{PREFIX}-{bhxh_number}-"))
    same = Dossier.objects.filter(
        Q(status__in=sorted(OPEN)) | Q(filed_at__gt=timezone.now() - LATELY),
        filer__in=people,
        procedure=procedure,
        office_id=officer.office_id,
        queued_at__isnull=False,
    )
    return list(same.order_by("-filed_at")[:MOST])
