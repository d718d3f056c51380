"""The counter: declarations to the issuer's own office, the identity check, the activation code.

A declaration to another office is a 404, whatever address is guessed.
"""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.forms.issuing import PAPERS, CheckForm, RefusalForm, TwoPersonForm
from accounts.models import IdentityCheck, Registration, User
from accounts.selectors import registrations as seen_by
from accounts.selectors.issuing import days_left, due_on, overdue_count, ready, statistics
from accounts.selectors.two_people import acts_waiting, may_vouch, unvouched, waiting_act
from accounts.services import registration as office_acts
from accounts.services.letters import Given, activation_letters, refusal_notice
from accounts.services.registration import COMPARED, RegistrationRefused
from accounts.views.access import issuer_required, user_of
from portal.lib import units
from portal.lib.identifiers import group_activation_code
from portal.lib.vietnamese import format_date, parse_date

SEARCH_LENGTH = 100


@require_safe
@issuer_required
@never_cache
def registrations(request: HttpRequest) -> HttpResponse:
    issuer = user_of(request)
    group = request.GET.get("nhom", "")
    group = group if group in seen_by.GROUPS else "cho"
    search = request.GET.get("q", "")[:SEARCH_LENGTH]
    page = seen_by.registrations_in(issuer, group, search, request.GET.get("sau", ""))
    today = timezone.localdate()
    context = {
        "page": page,
        "ready": ready(issuer) if group == "cho" and not search else [],
        "overdue": overdue_count(issuer),
        "due": {row.pk: {"on": due_on(row), "days_left": days_left(row, today)} for row in page.rows},
        "group": group,
        "search": search,
        "tabs": tabs_of(issuer, group),
        "office": issuer.office,
    }
    return render(request, "accounts/registrations.html", context)


@require_safe
@issuer_required
@never_cache
def registration(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return detail(request, own_registration(request, public_id), CheckForm(), RefusalForm())


@require_POST
@issuer_required
def check(request: HttpRequest, public_id: UUID) -> HttpResponse:
    declared = own_registration(request, public_id)
    form = CheckForm(request.POST)
    if not form.is_valid():
        return detail(request, declared, form, RefusalForm(), status=422)
    facts = form.cleaned_data
    seen = form.seen(office_acts.compared_facts(declared))
    try:
        kept = office_acts.record_check(
            declared,
            user_of(request),
            facts["papers"],
            seen,
            facts["note"],
            is_present=not facts["is_absent"],
        )
    except RegistrationRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("accounts:registration", public_id)
    if kept.matches:
        messages.success(request, _("Đã ghi nhận: giấy tờ khớp với tờ khai. Có thể cấp mã kích hoạt."))
    else:
        messages.warning(request, _("Đã ghi nhận: giấy tờ khác tờ khai. Không cấp mã được với tờ khai này."))
    return redirect("accounts:registration", public_id)


@require_POST
@issuer_required
@never_cache
def issue(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The code stands in this one answer and nowhere else; the page can't be asked for again."""
    declared = own_registration(request, public_id)
    known = request.POST.get("after", "")
    after = int(known) if known.isascii() and known.isdigit() and len(known) < 19 else -1
    is_on_paper = "paper" in request.POST
    try:
        code = office_acts.issue(declared, user_of(request), after, is_on_paper=is_on_paper)
    except RegistrationRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("accounts:registration", public_id)
    return issued_page(request, declared, code)


@require_POST
@issuer_required
@never_cache
def issue_many(request: HttpRequest) -> HttpResponse:
    """One PDF of letters for the chosen ones; the codes stand in this one answer and nowhere else."""
    chosen = set(request.POST.getlist("chosen"))
    issuer = user_of(request)
    able = [declared for declared in ready(issuer) if str(declared.public_id) in chosen]
    given = office_acts.issue_many(able, issuer)
    if not given:
        messages.warning(request, _("Chưa chọn ai, hoặc những người đã chọn vừa được cấp mã."))
        return redirect("accounts:registrations")
    return _letters(given)


@require_safe
@issuer_required
@never_cache
def refusal_pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    declared = own_registration(request, public_id)
    if declared.status != Registration.Status.REFUSED:
        raise Http404
    return _pdf(refusal_notice(declared), f"01-TB-GDDT-{declared.bhxh_number}.pdf")


@require_safe
@issuer_required
@never_cache
def statistics_page(request: HttpRequest) -> HttpResponse:
    issuer = user_of(request)
    context = {"rows": statistics(issuer), "tabs": tabs_of(issuer, "thong-ke"), "office": issuer.office}
    return render(request, "accounts/issuing_statistics.html", context)


@require_POST
@issuer_required
def refuse(request: HttpRequest, public_id: UUID) -> HttpResponse:
    declared = own_registration(request, public_id)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return detail(request, declared, CheckForm(), form, status=422)
    try:
        office_acts.refuse(declared, user_of(request), form.cleaned_data["reason"])
    except RegistrationRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Đã từ chối và báo lý do cho người đăng ký."))
    return redirect("accounts:registration", public_id)


def _letters(given: list[tuple[Registration, str]]) -> HttpResponse:
    letters = [
        Given(issued, code) for declared, code in given if (issued := seen_by.last_code(declared)) is not None
    ]
    return _pdf(activation_letters(letters), "phieu-ma-kich-hoat.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def issued_page(request: HttpRequest, declared: Registration, code: str) -> HttpResponse:
    """The code on the screen, or on paper when it was given out for paper."""
    issued = seen_by.last_code(declared)
    if issued and issued.is_on_paper:
        return _letters([(declared, code)])
    context = {
        "registration": declared,
        "code": group_activation_code(code),
        "hours": int(office_acts.CODE_LIFE.total_seconds() // 3600),
        "issued": issued,
    }
    return render(request, "accounts/issued.html", context)


def own_registration(request: HttpRequest, public_id: UUID) -> Registration:
    return get_object_or_404(seen_by.registrations_of(user_of(request)), public_id=public_id)


def detail(
    request: HttpRequest,
    declared: Registration,
    check: CheckForm,
    refusal: RefusalForm,
    *,
    second: TwoPersonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    last_code = seen_by.last_code(declared)
    last_check = seen_by.last_check(declared)
    is_open = declared.status in (Registration.Status.WAITING, Registration.Status.ISSUED)
    context = {
        "registration": declared,
        "rows": _rows(declared),
        "compared": _compared(declared, last_check, check),
        "check": check,
        "refusal": refusal,
        "second": second or TwoPersonForm(declared),
        "act": waiting_act(declared),
        "may_vouch": may_vouch(declared, user_of(request)),
        "last_check": last_check,
        "papers_seen": [str(name) for key, name in PAPERS if last_check and key in last_check.papers],
        "last_code": last_code,
        "has_account": seen_by.has_account(declared),
        "is_open": is_open,
        # Once the papers agree, typing again is the exception.
        "is_typing": is_open
        and (check.is_bound or "lai" in request.GET or not (last_check and last_check.matches)),
    }
    return render(request, "accounts/registration.html", context, status=status)


def tabs_of(issuer: User, group: str) -> list[dict[str, object]]:
    labels = {"cho": _("Chờ kiểm tra"), "da-cap": _("Đã cấp mã"), "xong": _("Đã xong")}
    url = reverse("accounts:registrations")
    tabs: list[dict[str, object]] = [
        {
            "label": label,
            "url": f"{url}?nhom={key}",
            "is_current": key == group,
            "count": seen_by.waiting_count(issuer) if key == "cho" else None,
        }
        for key, label in labels.items()
    ]
    second = {
        "label": _("Cần người thứ hai"),
        "url": reverse("accounts:second_person"),
        "is_current": group == "hai-nguoi",
        "count": acts_waiting(issuer).count() + unvouched(issuer).count(),
    }
    numbers: dict[str, object] = {
        "label": _("Thống kê"),
        "url": reverse("accounts:issuing_statistics"),
        "is_current": group == "thong-ke",
        "count": None,
    }
    return [*tabs, second, numbers]


def _rows(declared: Registration) -> list[dict[str, object]]:
    return [
        {"label": _("Điện thoại"), "value": declared.phone},
        {"label": _("Email"), "value": declared.email},
        {"label": _("Địa chỉ"), "value": f"{declared.street}, {_place(declared)}"},
    ]


def _place(declared: Registration) -> str:
    if declared.commune:
        return units.path_of(declared.commune)
    district = units.district_of(declared.district)  # an island without communes
    return f"{district.name}, {units.province_of(declared.province).name}"


def _compared(
    declared: Registration, last_check: IdentityCheck | None, form: CheckForm
) -> list[dict[str, object]]:
    """Declared and seen side by side, with the box to type in."""
    facts = office_acts.compared_facts(declared)
    seen = last_check.seen if last_check else {}
    return [
        {
            "field": form[name],
            "declared": _shown(name, facts[name]),
            "seen": _shown(name, seen.get(name, "")),
            "differs": bool(seen) and not office_acts.is_same(facts[name], seen.get(name, "")),
        }
        for name in COMPARED
    ]


def _shown(name: str, value: str) -> str:
    if name == "birth_date" and value:
        return format_date(parse_date(value))
    if name == "sex":
        return dict(Registration.Sex.choices).get(value, "")
    return value
