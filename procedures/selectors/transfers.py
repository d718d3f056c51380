"""What another office is handing to an officer's own office."""

import json
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Office, User
from procedures.domain.transfers import State
from procedures.models import Dossier, Transfer

MOST = 100


def _to_office_of(officer: User) -> QuerySet[Transfer]:
    if not officer.is_officer or officer.office_id is None:
        return Transfer.objects.none()
    to_answer = Transfer.objects.filter(to_office_id=officer.office_id, state=State.SENT)
    return to_answer.select_related("dossier__filer", "from_office", "to_office", "sent_by")


def incoming_of(officer: User) -> list[Transfer]:
    """What waits for an answer, soonest first."""
    return list(_to_office_of(officer).order_by("answer_by", "pk")[:MOST])


def incoming_transfer(officer: User, public_id: UUID) -> Transfer:
    """One of them, its dossier with the answers that were signed. Raises Transfer.DoesNotExist."""
    transfer = _to_office_of(officer).get(public_id=public_id)
    signed = transfer.dossier.filings.latest("number")
    transfer.dossier.answers = json.loads(bytes(signed.signed_content))["answers"]
    return transfer


def other_offices(dossier: Dossier) -> list[Office]:
    """Where a dossier could be referred to."""
    return offices_but(dossier.office_id)


def offices_but(key: str | None) -> list[Office]:
    """Every office of today but one, by name."""
    offices = Office.objects.valid_on(timezone.localdate())
    return list(offices.exclude(pk=key).order_by("name"))
