"""Which language a page is in: what this browser chose last, Vietnamese until then.

The choice is a cookie and nothing else: the phone's own language says little in Vietnam, where many
phones of Vietnamese readers speak English (docs/decisions/0090).
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import patch_vary_headers

from portal.languages.refill import refill
from procedures.forms.builder import ACTION

SWITCH = "_language"  # in the query: the language to go on in
A_YEAR = 365 * 24 * 60 * 60
# Pages whose form changes with its answers show themselves again; of the others the empty page is filled in.
SHOW_THEMSELVES = frozenset({"procedures:step"})


class Language:
    """Sets the language of each page, and changes it where the switch in the head was pressed.

    Pressed beside a half-filled form, the switch sends the form along: nothing is acted on, the page comes
    again in the other language with what was typed (passwords and files excepted)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.GET.get(SWITCH, "")
        if chosen in dict(settings.LANGUAGES):
            response = self._switched(request, chosen)
            _remember(response, chosen)
        else:
            chosen = language_of(request)
            with translation.override(chosen):
                response = self.get_response(request)
        response.headers.setdefault("Content-Language", chosen)
        patch_vary_headers(response, ["Cookie"])
        return response

    def _switched(self, request: HttpRequest, chosen: str) -> HttpResponse:
        query = request.GET.copy()
        del query[SWITCH]
        if request.method != "POST":
            address = f"{request.path}?{query.urlencode()}" if query else request.path
            return HttpResponseRedirect(address)
        typed = request.POST
        _set_query(request, query)
        with translation.override(chosen):
            if _shows_itself(request):
                again = typed.copy()
                again[ACTION] = "refresh"
                request.POST = again  # type: ignore[assignment]
                return self.get_response(request)
            request.method = "GET"
            request.POST = QueryDict()
            response = self.get_response(request)
        if response.status_code == 200 and not response.streaming:
            page = response.content.decode(response.charset)
            response.content = refill(page, dict(typed.lists())).encode(response.charset)
        return response


def language_of(request: HttpRequest) -> str:
    """The language this browser chose; Vietnamese when it never did, or its cookie is nonsense."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _set_query(request: HttpRequest, query: QueryDict) -> None:
    request.GET = query  # type: ignore[assignment]
    request.META["QUERY_STRING"] = query.urlencode()


def _shows_itself(request: HttpRequest) -> bool:
    try:
        return resolve(request.path_info).view_name in SHOW_THEMSELVES
    except Resolver404:
        return False


def _remember(response: HttpResponse, chosen: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=A_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
