"""After filing: the dossier's own page, withdrawing it, and following it without logging in."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.services import throttle
from accounts.views.access import citizen_required, user_of
from accounts.views.client import address_of
from procedures.domain.errors import DomainError
from procedures.domain.lifecycle import ACTOR_NAMES, NEXT_ACTOR, Act, Status, may
from procedures.forms.after import RatingForm
from procedures.forms.confirm import TrackForm
from procedures.models import Dossier
from procedures.selectors.complaints import complaint_of, is_open_to_complaint
from procedures.selectors.decisions import standing
from procedures.selectors.definitions import procedure_of
from procedures.selectors.dossiers import story_of, tracked_dossier
from procedures.services import ratings, withdrawal
from procedures.views import happenings, journey, review

# Guessing a reference together with a mã số BHXH is hopeless within these; a family shares an address.
MOST_OF_AN_ADDRESS = 30
MOST_OF_A_REFERENCE = 10
WINDOW = timedelta(minutes=10)


@require_GET
@citizen_required
def dossier(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = journey.own_dossier(request, public_id)
    if found.status == Status.DRAFT:
        return redirect(journey.next_url(found))
    story = story_of(found)
    decisions = happenings.decisions_in(found, story)
    decision = standing(found, decisions)
    complaint = complaint_of(found) if decisions else None
    context = {
        "dossier": found,
        "procedure": procedure_of(found),
        "decision": decision,
        "supplement": happenings.open_request(story),
        "asked": happenings.asked_now(story),
        "may_withdraw": may(Status(found.status), Act.WITHDRAW) and not decisions,
        "is_settled": found.decided_at is not None,
        "events": happenings.shown(found, story, decisions),
        "parts": review.parts_of(found),
        "papers": review.papers_of(found, []),
        "awaited": happenings.awaited_originals(found),
        "next_actor": _next_actor(found),
        "complaint": complaint,
        "may_complain": is_open_to_complaint(decision, complaint),
        "may_rate": decision is not None and ratings.may_rate(found),
        "rating_form": RatingForm(),
    }
    return render(request, "procedures/dossier.html", context)


@require_http_methods(["GET", "POST"])
@citizen_required
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """GET asks, POST takes the dossier back."""
    found = journey.own_dossier(request, public_id)
    if not withdrawal.may_withdraw(found):
        messages.info(request, _("Hồ sơ này không còn rút được."))
        return redirect(journey.url_of(found))
    if request.method == "GET":
        return render(
            request, "procedures/withdraw.html", {"dossier": found, "procedure": procedure_of(found)}
        )
    try:
        withdrawal.withdraw(found, user_of(request))
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Đã rút hồ sơ. Ông/bà có thể nộp lại bất cứ lúc nào."))
    return redirect(journey.url_of(found))


@require_http_methods(["GET", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Status, office and promised day for who knows two things that stand on the receipt."""
    if request.method == "GET":
        form = TrackForm(initial={"reference": request.GET.get("ma", "")[:60]})
        return render(request, "procedures/track.html", {"form": form})
    form = TrackForm(request.POST)
    if not form.is_valid():
        return render(request, "procedures/track.html", {"form": form}, status=422)
    if not _may_look(request, form.cleaned_data["reference"]):
        messages.warning(request, _("Ông/bà đã tra nhiều lần. Xin chờ ít phút rồi thử lại."))
        return render(request, "procedures/track.html", {"form": form}, status=429)
    found = tracked_dossier(form.cleaned_data["reference"], form.cleaned_data["bhxh_number"])
    context = {"form": form, "found": found, "procedure": _procedure(found), "is_asked": True}
    return render(request, "procedures/track.html", context, status=200 if found else 404)


def _next_actor(found: Dossier) -> str:
    actor = NEXT_ACTOR[Status(found.status)]
    return ACTOR_NAMES[actor] if actor else ""


def _may_look(request: HttpRequest, reference: str) -> bool:
    """Both are counted each time, so that the answer doesn't tell which one was full."""
    by_address = throttle.hit(f"track:address:{address_of(request)}", MOST_OF_AN_ADDRESS, WINDOW)
    by_reference = throttle.hit(f"track:reference:{reference}", MOST_OF_A_REFERENCE, WINDOW)
    return by_address and by_reference


def _procedure(found: Dossier | None) -> object:
    return procedure_of(found) if found else None
