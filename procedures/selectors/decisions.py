"""Decisions of a dossier: which one stands, and who may make the next one after a complaint was upheld
(docs/decisions/0110)."""

from django.db.models import QuerySet

from accounts.models import Role, User
from procedures.domain.lifecycle import DECIDED
from procedures.models import Decision, Dossier, Proposal


def decision_of(dossier: Dossier) -> Decision | None:
    """The decision that stands; None while there is none, or while the dossier is settled anew."""
    if dossier.status not in DECIDED:
        return None
    return dossier.decisions.select_related("decided_by").last()


def decisions_of(dossier: Dossier) -> list[Decision]:
    """Every decision there ever was, oldest first."""
    return list(dossier.decisions.select_related("decided_by", "revision").order_by("pk"))


def standing(dossier: Dossier, decisions: list[Decision]) -> Decision | None:
    """As ``decision_of``, of decisions that were fetched before."""
    return decisions[-1] if decisions and dossier.status in DECIDED else None


def was_decided(dossier: Dossier) -> bool:
    """Whether anything was ever decided; of an open dossier: whether it is settled anew."""
    return dossier.decisions.exists()


def people_of_decision(dossier: Dossier) -> set[int]:
    """Who ever proposed, returned or signed."""
    people = set(dossier.decisions.values_list("decided_by_id", flat=True))
    return people | _people_of(dossier.proposals.all())


def earlier_deciders(dossier: Dossier) -> set[int]:
    """Of a dossier that is settled anew: who had a part in what was decided before. Nobody of any other."""
    last = None if dossier.status in DECIDED else dossier.decisions.last()
    if last is None:
        return set()
    before = dossier.proposals.filter(proposed_at__lte=last.decided_at)
    return {last.decided_by_id} | _people_of(before)


def may_propose(officer: User, dossier: Dossier) -> bool:
    """What is settled anew is proposed by somebody new, as long as the office has anybody."""
    earlier = earlier_deciders(dossier)
    return officer.pk not in earlier or not _others(dossier, earlier).exists()


def signers_anew(proposal: Proposal) -> set[int]:
    """Who signs what is settled anew: a head who had no part in the earlier decision, else officers who had
    none. Empty where nobody is left, and for a dossier that is settled for the first time: then the usual
    people sign."""
    earlier = earlier_deciders(proposal.dossier)
    if not earlier:
        return set()
    others = _others(proposal.dossier, earlier | {proposal.proposed_by_id})
    roles = dict(others.values_list("pk", "role"))
    return {pk for pk, role in roles.items() if role == Role.HEAD} or set(roles)


def _others(dossier: Dossier, people: set[int]) -> QuerySet[User]:
    """Who else works on dossiers at the office."""
    there = User.objects.filter(
        office_id=dossier.office_id, role__in=[Role.OFFICER, Role.HEAD], is_active=True
    )
    return there.exclude(pk__in=people)


def _people_of(proposals: QuerySet[Proposal]) -> set[int]:
    rows = proposals.values_list("proposed_by_id", "answered_by_id")
    return {pk for row in rows for pk in row if pk is not None}
