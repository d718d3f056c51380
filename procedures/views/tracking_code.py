"""Following a dossier by its reference and a code sent to the registered phone: no account, and no word
about which references there are."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import wall
from accounts.services import codes, throttle
from accounts.services.paper_people import is_paper_person
from accounts.views.client import address_of
from procedures.domain.errors import DomainError
from procedures.domain.lifecycle import ACTOR_NAMES, NEXT_ACTOR, Status
from procedures.forms.after import PaperComplaintForm, RatingForm, ReferenceForm, TrackCodeForm
from procedures.models import Dossier
from procedures.selectors.complaints import complaint_of, is_open_to_complaint
from procedures.selectors.decisions import standing
from procedures.selectors.definitions import procedure_of
from procedures.selectors.dossiers import dossier_of_reference, story_of
from procedures.services import ratings, tracking
from procedures.views import happenings
from procedures.views.after import complaint_page

KEPT = "tracked"  # in the session: the reference and when it ends
MOST_OF_AN_ADDRESS = 20  # codes asked for, and codes typed
MOST_OF_A_REFERENCE = 10
WINDOW = timedelta(minutes=10)


@require_http_methods(["GET", "POST"])
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """The reference; a code is sent if there is such a dossier and its filer can be reached."""
    if request.method == "GET":
        form = ReferenceForm(initial={"reference": request.GET.get("ma", "")[:60]})
        return render(request, "procedures/track_ask.html", {"form": form})
    form = ReferenceForm(request.POST)
    if not form.is_valid():
        return render(request, "procedures/track_ask.html", {"form": form}, status=422)
    reference = form.cleaned_data["reference"]
    if not _may_go_on(request, "ask", reference):
        messages.warning(request, _("Ông/bà đã yêu cầu nhiều lần. Xin chờ ít phút rồi thử lại."))
        return render(request, "procedures/track_ask.html", {"form": form}, status=429)
    tracking.ask_for_code(reference)
    return redirect(f"{reverse('procedures:track_code')}?ma={reference}")


@require_http_methods(["GET", "POST"])
@never_cache
def type_code(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        form = TrackCodeForm(initial={"reference": request.GET.get("ma", "")[:60]})
        return render(request, "procedures/track_code.html", {"form": form})
    form = TrackCodeForm(request.POST)
    if not form.is_valid():
        return render(request, "procedures/track_code.html", {"form": form}, status=422)
    reference = form.cleaned_data["reference"]
    if not _may_go_on(request, "type", reference):
        messages.warning(request, _("Ông/bà đã thử nhiều lần. Xin chờ ít phút rồi thử lại."))
        return render(request, "procedures/track_code.html", {"form": form}, status=429)
    try:
        dossier = tracking.open_with_code(reference, form.cleaned_data["code"])
    except codes.CodeRefused as refused:
        form.add_error("code", refused.message)
        return render(request, "procedures/track_code.html", {"form": form}, status=422)
    request.session.cycle_key()
    until = timezone.now() + tracking.OPEN_FOR
    request.session[KEPT] = {"reference": dossier.reference, "until": until.isoformat()}
    return redirect("procedures:tracked")


@require_http_methods(["GET", "POST"])
@never_cache
def tracked(request: HttpRequest) -> HttpResponse:
    """The time line, for half an hour after the code; POST keeps the two answers after the result."""
    reference = _opened(request)
    with wall.door(wall.FOLLOW, reference):
        found = dossier_of_reference(reference)
        if found is not None:
            return _shown(request, found)
    messages.info(request, _("Xin nhập mã hồ sơ và mã tra cứu để xem."))
    return redirect("procedures:track_ask")


@require_http_methods(["GET", "POST"])
@never_cache
def complain(request: HttpRequest) -> HttpResponse:
    """About the decision on a paper dossier, by its filer, who has no account."""
    reference = _opened(request)
    with wall.door(wall.FOLLOW, reference):
        found = dossier_of_reference(reference)
        if found is None or not tracking.may_complain(found):
            messages.info(request, _("Hồ sơ này không khiếu nại được ở đây."))
            return redirect("procedures:tracked")
        form = PaperComplaintForm(request.POST if request.method == "POST" else None)
        if not form.is_valid():
            return complaint_page(request, found, form, reverse("procedures:tracked"))
        if not _may_go_on(request, "complain", reference):
            form.add_error(None, _("Ông/bà đã thử nhiều lần. Xin chờ ít phút rồi thử lại."))
            return complaint_page(request, found, form, reverse("procedures:tracked"))
        try:
            tracking.complain(reference, form.cleaned_data["identity_number"], form.cleaned_data["text"])
        except DomainError as refused:
            form.add_error(refused.question if refused.question in form.fields else None, refused.message)
            return complaint_page(request, found, form, reverse("procedures:tracked"))
    messages.success(request, _("Đã nhận khiếu nại của ông/bà. Hạn trả lời ghi ở dưới."))
    return redirect("procedures:tracked")


def _shown(request: HttpRequest, found: Dossier) -> HttpResponse:
    form = RatingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            ratings.rate(found, **form.cleaned_data)
        except DomainError as refused:
            messages.warning(request, refused.message)
        else:
            messages.success(request, _("Cảm ơn ông/bà đã đánh giá."))
        return redirect("procedures:tracked")
    status = 422 if form.errors else 200
    return render(request, "procedures/track_story.html", _story(found, form), status=status)


def _story(found: Dossier, form: RatingForm) -> dict[str, Any]:
    """Without what only the account opens: papers and downloads."""
    story = story_of(found)
    decisions = happenings.decisions_in(found, story)
    decision = standing(found, decisions)
    complaint = complaint_of(found) if decisions else None
    events = happenings.shown(found, story, decisions)
    may_complain, is_paper = is_open_to_complaint(decision, complaint), is_paper_person(found.filer)
    actor = NEXT_ACTOR[Status(found.status)]
    return {
        "dossier": found,
        "procedure": procedure_of(found),
        "decision": decision,
        "complaint": complaint,
        "may_complain": may_complain and is_paper and bool(found.answers.get("identity_number")),
        "must_log_in": may_complain and not is_paper,
        "events": [{**event, "url": ""} for event in events],
        "supplement": happenings.open_request(story),
        "awaited": happenings.awaited_originals(found),
        "is_settled": found.decided_at is not None,
        "next_actor": ACTOR_NAMES[actor] if actor else "",
        "may_rate": ratings.may_rate(found),
        "rating_form": form,
    }


def _opened(request: HttpRequest) -> str:
    """The reference whose code was typed in this browser within the last half hour, or ""."""
    kept = request.session.get(KEPT)
    if not isinstance(kept, dict) or datetime.fromisoformat(str(kept["until"])) < timezone.now():
        return ""
    return str(kept["reference"])


def _may_go_on(request: HttpRequest, what: str, reference: str) -> bool:
    """Both are counted each time, so that the answer doesn't tell which one was full."""
    by_address = throttle.hit(f"track-{what}:address:{address_of(request)}", MOST_OF_AN_ADDRESS, WINDOW)
    by_reference = throttle.hit(f"track-{what}:reference:{reference}", MOST_OF_A_REFERENCE, WINDOW)
    return by_address and by_reference
