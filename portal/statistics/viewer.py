"""Who looks: figures are for all staff, lists of dossiers for those whose dossiers they are, and for HQ."""

from django.http import Http404, HttpRequest

from accounts.models import Role, User
from accounts.views.access import user_of


def viewer_of(request: HttpRequest) -> User:
    """Somebody of an office or of the headquarters. Raises Http404 for citizens, who have the public page."""
    user = user_of(request)
    if user.is_citizen:
        raise Http404
    return user


def is_hq(user: User) -> bool:
    return user.role == Role.HQ
