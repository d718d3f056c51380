"""Complaints of an office, and who may answer one."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Role, User
from accounts.selectors.offices import office_book, reach_of
from accounts.services.paper_people import is_paper_person
from procedures.models import Complaint, Decision, Dossier
from procedures.selectors.decisions import people_of_decision

MOST = 100


def complaints_of(viewer: User) -> list[Complaint]:
    """What waits for an answer, soonest due first, then the latest answered."""
    rows = _visible(viewer)
    waiting = rows.filter(answered_at__isnull=True, withdrawn_at__isnull=True).order_by("due_on", "pk")
    done = rows.exclude(answered_at__isnull=True, withdrawn_at__isnull=True).order_by("-pk")
    found = [*waiting[:MOST], *done[:MOST]]
    if viewer.role != Role.HQ:
        return found
    return [one for one in found if one.reviewer_id == viewer.pk or nobody_is_left(one)]


def complaint_for(viewer: User, public_id: UUID) -> Complaint:
    """Raises Complaint.DoesNotExist for another office's; HQ gets those for which an office has nobody."""
    complaint = _visible(viewer).get(public_id=public_id)
    if viewer.role == Role.HQ and complaint.reviewer_id != viewer.pk and not nobody_is_left(complaint):
        raise Complaint.DoesNotExist
    return complaint


def may_answer(reviewer: User, complaint: Complaint) -> bool:
    """Somebody of the office, or of the one that has taken it over, who had no part in the decision; the
    headquarters where there is nobody."""
    if reviewer.role == Role.HQ:
        return nobody_is_left(complaint)
    had_no_part = reviewer.pk not in people_of_decision(complaint.dossier)
    return had_no_part and reviewer.is_active and _is_of_office(reviewer, complaint)


def nobody_is_left(complaint: Complaint) -> bool:
    """Whether everybody who works at the office, or at the one that has taken it over, had a part in the
    decision."""
    office = complaint.dossier.office
    if office is not None and office.successor_id is not None:
        office = office_book().in_force(office.key)
    return not _had_no_part(office.key if office else None, complaint).exists()


def withdrawn_at_counter(dossier: Dossier) -> Complaint | None:
    """The complaint that waits and whose filer, having no account, can take it back on paper only."""
    latest = complaint_of(dossier) if is_paper_person(dossier.filer) else None
    return latest if latest and latest.is_waiting else None


def may_record_withdrawal(officer: User, complaint: Complaint) -> bool:
    """Somebody of the office, or of the one that has taken it over. Not who had a part in the decision, for
    whom it would be convenient, as long as anybody else works there."""
    if not _is_of_office(officer, complaint) or not is_paper_person(complaint.dossier.filer):
        return False
    others = _had_no_part(officer.office_id, complaint)
    return others.filter(pk=officer.pk).exists() or not others.exists()


def complaint_of(dossier: Dossier) -> Complaint | None:
    """The latest one: after a new decision there may be a second."""
    return (
        Complaint.objects.filter(dossier=dossier)
        .select_related("reviewer", "dossier__filer")
        .order_by("-pk")
        .first()
    )


def is_open_to_complaint(decision: Decision | None, latest: Complaint | None) -> bool:
    """Whether nobody has complained about the decision that stands; ``latest`` of its dossier."""
    return decision is not None and (latest is None or latest.decision_id != decision.pk)


def overdue_complaints() -> int:
    """In the whole country."""
    today = timezone.localdate()
    return Complaint.objects.filter(
        answered_at__isnull=True, withdrawn_at__isnull=True, due_on__lt=today
    ).count()


def _is_of_office(officer: User, complaint: Complaint) -> bool:
    if not officer.is_officer or officer.office_id is None:
        return False
    reach = reach_of(officer.office_id)
    return Dossier.objects.filter(pk=complaint.dossier_id, office_id__in=reach).exists()


def _had_no_part(office_id: str | None, complaint: Complaint) -> QuerySet[User]:
    """Who works at an office and had no part in the decision."""
    there = User.objects.filter(office_id=office_id, role__in=[Role.OFFICER, Role.HEAD], is_active=True)
    return there.exclude(pk__in=people_of_decision(complaint.dossier))


def _visible(viewer: User) -> QuerySet[Complaint]:
    rows = Complaint.objects.select_related(
        "dossier__office", "dossier__filer", "decision__decided_by", "reviewer", "withdrawn_by"
    )
    if viewer.role == Role.HQ:
        return rows
    if not viewer.is_officer or viewer.office_id is None:
        return rows.none()
    return rows.filter(dossier__office_id__in=reach_of(viewer.office_id))
