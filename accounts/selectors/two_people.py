"""What waits for a second issuer."""

from django.db.models import QuerySet

from accounts.models import Registration, TwoPersonAct, User

Status = Registration.Status


def acts_waiting(issuer: User) -> "QuerySet[TwoPersonAct]":
    """What issuers of the office ask for, oldest first: the own ones too, to be seen, not decided."""
    return (
        TwoPersonAct.objects.filter(
            registration__office_id=issuer.office_id, state=TwoPersonAct.State.WAITING
        )
        .select_related("registration", "asked_by")
        .order_by("asked_at")
    )


def unvouched(issuer: User) -> "QuerySet[Registration]":
    """Codes that one issuer gave out and no other has looked at, oldest first."""
    return (
        Registration.objects.filter(
            office_id=issuer.office_id,
            status__in=(Status.ISSUED, Status.ACTIVATED),
            vouched_by=None,
            activation_codes__isnull=False,
            activation_codes__asked_by=None,
            activation_codes__voided_at=None,
        )
        .distinct()
        .order_by("submitted_at")
    )


def may_vouch(registration: Registration, issuer: User) -> bool:
    """Whether this issuer is a second one for it, and one is wanted."""
    had_a_part = registration.identity_checks.filter(checked_by=issuer).exists()
    had_a_part = had_a_part or registration.activation_codes.filter(issued_by=issuer).exists()
    return not had_a_part and unvouched(issuer).filter(pk=registration.pk).exists()


def waiting_act(registration: Registration) -> TwoPersonAct | None:
    """What is being asked for about this registration."""
    return (
        registration.two_person_acts.filter(state=TwoPersonAct.State.WAITING)
        .select_related("asked_by")
        .first()
    )
