"""The people one works with."""

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Authenticator, Role, User


def colleagues_of(user: User) -> "QuerySet[User]":
    """Staff of the same office, the person among them; of the headquarters those there."""
    staff = User.objects.exclude(role=Role.CITIZEN).filter(is_active=True)
    own = staff.filter(role=Role.HQ) if user.role == Role.HQ else staff.filter(office_id=user.office_id)
    if user.role != Role.HQ:
        own = own.exclude(role=Role.HQ)
    bound = Authenticator.objects.filter(user=OuterRef("pk"), confirmed_at__isnull=False)
    return own.annotate(has_app=Exists(bound)).order_by("role", "full_name")
