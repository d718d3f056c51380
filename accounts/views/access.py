"""Who may enter a page. Every guarded view says so with one of these decorators.

Not logged in: to the log-in page, and back afterwards. The wrong role: 404, as if there were no such
page. The role is read from the account in each request, never from the session, so a change counts at
once. The decorators leave ``guarded_for`` on the view, which the walk over all URLs reads.
"""

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import Role, User
from accounts.services.second_factor import VERIFIED
from accounts.views import kept

Args = ParamSpec("Args")
View = Callable[Concatenate[HttpRequest, Args], HttpResponse]


def user_of(request: HttpRequest) -> User:
    """The person behind a request in a guarded view. Raises Http404 for nobody."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    return user


def has_entered(request: HttpRequest) -> bool:
    """Whether somebody is logged in; of staff by both factors. Someone who became staff since the log-in
    has shown a password only."""
    user = request.user
    if not isinstance(user, User):
        return False
    return user.is_citizen or request.session.get(VERIFIED) == user.pk


def citizen_required(view: View[Args]) -> View[Args]:
    """Only people who file for themselves."""
    return _guarded(view, "citizen", lambda user: user.is_citizen)


def officer_required(view: View[Args]) -> View[Args]:
    """Only those who work on dossiers: officers and heads of office."""
    return _guarded(view, "officer", lambda user: user.is_officer)


def head_required(view: View[Args]) -> View[Args]:
    """Only heads of office."""
    return _guarded(view, "head", lambda user: user.role == Role.HEAD)


def issuer_required(view: View[Args]) -> View[Args]:
    """Only issuers of activation codes."""
    return _guarded(view, "issuer", lambda user: user.is_issuer)


def keyholder_required(view: View[Args]) -> View[Args]:
    """Only those who may help a colleague without the second factor."""
    return _guarded(view, "keyholder", lambda user: user.is_keyholder)


def overseer_required(view: View[Args]) -> View[Args]:
    """Only those who are told when something is wrong: heads of office and the headquarters."""
    return _guarded(view, "overseer", lambda user: user.role in (Role.HEAD, Role.HQ))


def hq_required(view: View[Args]) -> View[Args]:
    """Only the headquarters."""
    return _guarded(view, "hq", lambda user: user.role == Role.HQ)


def casework_or_hq_required(view: View[Args]) -> View[Args]:
    """Those who work on dossiers, and the headquarters."""
    return _guarded(view, "officer or hq", lambda user: user.is_officer or user.role == Role.HQ)


def staff_required(view: View[Args]) -> View[Args]:
    """Anybody of an office or of the headquarters."""
    return _guarded(view, "staff", lambda user: not user.is_citizen)


def login_required(view: View[Args]) -> View[Args]:
    """Anybody who is logged in."""
    return _guarded(view, "anybody logged in", lambda user: True)


def _guarded(view: View[Args], name: str, may_enter: Callable[[User], bool]) -> View[Args]:
    def guard(request: HttpRequest, /, *args: Args.args, **kwargs: Args.kwargs) -> HttpResponse:
        if not has_entered(request):
            if request.method == "POST" and getattr(view, "keeps_typed", False):
                kept.keep(request)
            return _to_login(request)
        if not may_enter(user_of(request)):
            raise Http404
        return view(request, *args, **kwargs)

    update_wrapper(guard, view)
    guard.guarded_for = name  # type: ignore[attr-defined]
    return guard


def _to_login(request: HttpRequest) -> HttpResponse:
    is_page = request.method in ("GET", "HEAD")
    to_login = redirect_to_login(request.get_full_path() if is_page else request.path)
    if getattr(request, "htmx", False):
        # The fragment's place would swallow the log-in page: let the browser go there.
        return HttpResponseClientRedirect(to_login.url)
    return to_login
