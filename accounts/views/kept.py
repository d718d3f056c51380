"""What somebody typed on a page whose session had meanwhile ended: kept until they have logged in again, then shown
on the same page, not saved yet.

It waits in the session of the log-in page (the database, SESSION_COOKIE_AGE), is shown for its own address only, and
who logs in as somebody else can't open that address. Passwords, codes and files are never on such a page.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django.http import HttpRequest, QueryDict

from accounts.services import throttle
from accounts.services.login import WAS_HERE
from accounts.views.client import address_of

TYPED = "kept_typed"
MOST_CHARACTERS = 64_000
TIMES = (20, timedelta(minutes=15))  # of one address: a session is a row

View = TypeVar("View", bound=Callable[..., object])


def keeps_typed(view: View) -> View:
    """Mark a view whose POST may come after the session ended. Goes under the decorator that guards it."""
    view.keeps_typed = True  # type: ignore[attr-defined]
    return view


def keep(request: HttpRequest) -> None:
    """Keep the fields of a POST that nobody is logged in for, if somebody was in this browser."""
    fields = {str(name): [str(one) for one in values] for name, values in request.POST.lists()}
    fields.pop("csrfmiddlewaretoken", None)
    length = sum(len(name) + sum(map(len, values)) for name, values in fields.items())
    if not request.COOKIES.get(WAS_HERE) or not 0 < length <= MOST_CHARACTERS:
        return
    if throttle.hit(f"kept:{address_of(request)}", *TIMES):
        request.session[TYPED] = {"path": request.path, "fields": fields}


def is_waiting(request: HttpRequest) -> bool:
    return TYPED in request.session


def take(request: HttpRequest) -> QueryDict | None:
    """What was typed on this page before the session ended, once; None when nothing was."""
    found = request.session.get(TYPED)
    if found is None or found["path"] != request.path:
        return None
    del request.session[TYPED]
    typed = QueryDict(mutable=True)
    for name, values in found["fields"].items():
        typed.setlist(name, values)
    return typed
