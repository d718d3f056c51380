"""/suc-khoe/: whether this process answers; in detail and as figures for those who run the portal."""

import ipaddress
import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from accounts import wall
from procedures.selectors import health, metrics

View = Callable[[HttpRequest], HttpResponse]


@require_safe
def shallow(request: HttpRequest) -> HttpResponse:
    """For load balancers: this process answers. Nothing else is asked, so nothing else makes it fail."""
    return _plain(HttpResponse("ok\n", content_type="text/plain; charset=utf-8"))


def for_keepers(view: View) -> View:
    """Only from this machine itself, or with HEALTH_TOKEN; 404 for everybody else."""

    def guard(request: HttpRequest) -> HttpResponse:
        if not (_is_local(request) or _has_token(request)):
            raise Http404
        return _plain(view(request))

    guard.guarded_for = "keeper"  # type: ignore[attr-defined]
    return guard


@for_keepers
@require_safe
def deep(request: HttpRequest) -> HttpResponse:
    """Everything the portal stands on: 503 when something isn't well."""
    with wall.door(wall.FIGURES):
        signs = health.signs()
    found = [
        {"kind": sign.kind.value, "subject": sign.subject, "well": sign.is_well, "detail": sign.detail}
        for sign in signs
    ]
    is_well = all(sign.is_well for sign in signs)
    return JsonResponse({"well": is_well, "signs": found}, status=200 if is_well else 503)


@for_keepers
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    with wall.door(wall.FIGURES):
        text = metrics.exposition()
    return HttpResponse(text, content_type="text/plain; version=0.0.4; charset=utf-8")


def _plain(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def _is_local(request: HttpRequest) -> bool:
    """From loopback, and not handed on by a proxy on this machine (which says for whom)."""
    if "X-Forwarded-For" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _has_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.HEALTH_TOKEN) and secrets.compare_digest(
        given.encode(), str(settings.HEALTH_TOKEN).encode()
    )
