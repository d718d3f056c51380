"""The demo's stand-in for phones and mailboxes. There is no such page outside the demo."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.selectors.demo_inbox import PAGE_SIZE, demo_destinations, demo_file, demo_messages
from accounts.services.demo import demo_apps


@require_safe
@never_cache
def demo_inbox(request: HttpRequest) -> HttpResponse:
    """All messages, newest first; ?den= one destination, ?truoc= older ones, ?thu=&tep= an attachment."""
    if not settings.DEMO:
        raise Http404
    if "tep" in request.GET:
        return _attachment(request.GET.get("thu", ""), request.GET["tep"])
    destination = request.GET.get("den", "")
    messages = demo_messages(destination, request.GET.get("truoc", ""))
    is_first = not destination and "truoc" not in request.GET
    context = {
        "apps": demo_apps() if is_first else [],
        "inbox": messages,
        "destination": destination,
        "destinations": demo_destinations(),
        "older": messages[-1].name if len(messages) == PAGE_SIZE else "",
    }
    return render(request, "accounts/demo_inbox.html", context)


def _attachment(name: str, position: str) -> HttpResponse:
    is_number = position.isascii() and position.isdigit() and len(position) < 3
    kept = demo_file(name, int(position)) if is_number else None
    if kept is None:
        raise Http404
    response = HttpResponse(kept.content, content_type=kept.content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, kept.name) or "attachment"
    return response
