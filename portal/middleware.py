import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from accounts import wall
from accounts.models import User
from accounts.services import devices, networks
from accounts.services.login import BEGAN, WAS_HERE
from accounts.views.access import has_entered
from accounts.views.client import network_of

FOR_MACHINES = ("/suc-khoe/chi-tiet/", "/suc-khoe/so-lieu/", "/tin-nhan/bien-nhan/")
SEEN = "seen"  # in the session: when it was prolonged last, in seconds since 1970


class SecondWall:
    """Tells PostgreSQL who asks, so that its policies show this person's rows and no others
    (docs/decisions/0041). Staff count once they have shown both factors."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            if has_entered(request):
                wall.enter(request.user.pk)
            return self.get_response(request)
        finally:
            wall.leave()


class MachineAddresses:
    """Over plain HTTP a machine is refused, where a browser is led to HTTPS: following a redirect it would never
    notice that it has just shown its token to everybody on the way."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_refused = settings.SECURE_SSL_REDIRECT and not request.is_secure()
        if is_refused and request.path.startswith(FOR_MACHINES):
            return HttpResponse("HTTPS\n", status=403, content_type="text/plain; charset=utf-8")
        return self.get_response(request)


class Origin:
    """Says which network the request comes from, for everything below that counts tries."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = networks.current.set(network_of(request))
        try:
            return self.get_response(request)
        finally:
            networks.current.reset(before)


class PrivatePages:
    """Pages of someone logged in are kept by no cache, so Back shows nothing after a log-out; nor what anybody was
    answered who sent something: a declaration with its mistakes, where a dossier stands."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_private = request.user.is_authenticated or request.method == "POST"
        if is_private and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response


class SessionLimits:
    """Ends a session SESSION_ABSOLUTE_AGE seconds after it began, however busy it was. That of someone
    who does nothing ends with its cookie (SESSION_COOKIE_AGE, counted from a request of at most
    SESSION_PROLONGED_EVERY seconds before their last). The page asked for then leads to the log-in page,
    which says so and leads back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and self._is_over(request):
            logout(request)
        self._prolong(request)
        response = self.get_response(request)
        if request.user.is_authenticated and not request.COOKIES.get(WAS_HERE):
            response.set_cookie(
                WAS_HERE,
                "1",
                max_age=settings.SESSION_ABSOLUTE_AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        if isinstance(request.user, User):
            devices.remember(request, response, request.user.login)
        return response

    def _is_over(self, request: HttpRequest) -> bool:
        now = int(time.time())
        return now - int(request.session.setdefault(BEGAN, now)) > settings.SESSION_ABSOLUTE_AGE

    def _prolong(self, request: HttpRequest) -> None:
        """Save a session that is in use now and then, its cookie with it."""
        if request.session.is_empty():
            return
        now = int(time.time())
        if not 0 <= now - int(request.session.get(SEEN, 0)) < settings.SESSION_PROLONGED_EVERY:
            request.session[SEEN] = now
