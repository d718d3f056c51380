"""The public side of the log: its checkpoints and keys, and having a receipt checked. No login, and
nothing about anybody."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.services import throttle
from accounts.views.client import address_of
from procedures.documents.printable import grouped_digest
from procedures.forms.verify import CodesForm, ReceiptForm
from procedures.models import Checkpoint
from procedures.selectors import log as tree
from procedures.services import checkpoints, verification
from procedures.templatetags.procedures import logged_act, logged_moment

MOST_OF_AN_ADDRESS = 60
MOST_OF_A_REFERENCE = 10
WINDOW = timedelta(minutes=10)
LARGEST = 2**53  # what JSON readers can count to

REASONS = {
    "unreadable": gettext_lazy("Tệp này không phải là giấy tiếp nhận của cổng, hoặc đã hỏng."),
    "facts": gettext_lazy("Điều ghi trên giấy khác với điều đã ghi vào sổ nhật ký. Giấy đã bị sửa."),
    "leaf": gettext_lazy("Dòng nhật ký trong giấy đã bị sửa."),
    "inclusion": gettext_lazy("Dòng nhật ký trong giấy không có trong sổ."),
    "signature": gettext_lazy("Chữ ký của điểm chốt trong giấy không đúng."),
    "key": gettext_lazy("Giấy được ký bằng khóa không phải của sổ nhật ký này."),
    "pending": gettext_lazy("Giấy tải về quá sớm, chưa có bằng chứng. Xin tải lại giấy ở trang hồ sơ."),
}


@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """A receipt as a file; or the two codes on it, which its QR code fills in."""
    is_codes = request.method == "POST" and "receipt" not in request.FILES and "nd" in request.POST
    is_file = request.method == "POST" and not is_codes
    receipt = ReceiptForm(request.POST, request.FILES) if is_file else ReceiptForm()
    codes = CodesForm(request.POST) if is_codes else CodesForm(initial=_initial(request))
    bound = codes if is_codes else receipt
    context: dict[str, object] = {"receipt": receipt, "codes": codes, "bound": bound}
    if not bound.is_bound:
        return render(request, "procedures/verify.html", context)
    if not bound.is_valid():
        return render(request, "procedures/verify.html", context, status=422)
    if not _may_ask(request, str(codes.cleaned_data.get("ma", "")) if is_codes else ""):
        messages.warning(request, _("Ông/bà đã kiểm chứng nhiều lần. Xin chờ ít phút rồi thử lại."))
        return render(request, "procedures/verify.html", context, status=429)
    context |= _match(codes) if is_codes else _verdict(receipt)
    return render(request, "procedures/verify.html", context)


def _verdict(form: ReceiptForm) -> dict[str, object]:
    verdict = verification.judge(form.cleaned_data["receipt"].read())
    reason = REASONS.get(verdict.reason, REASONS["unreadable"])
    return {"verdict": verdict, "reason": reason, "rows": _rows(verdict) if verdict.is_proven else []}


def _rows(verdict: verification.Verdict) -> list[dict[str, str]]:
    """What is proven, as components/summary_list.html shows it."""
    facts = (
        (_("Mã hồ sơ"), verdict.reference),
        (_("Việc đã làm"), logged_act(verdict.kind)),
        (_("Lúc"), logged_moment(verdict.at)),
        (_("Cơ quan"), tree.office_name(verdict.office)),
        (_("SHA-256 của nội dung đã ký"), grouped_digest(verdict.digest)),
    )
    return [{"label": label, "value": value} for label, value in facts]


def _match(form: CodesForm) -> dict[str, object]:
    reference, code = form.cleaned_data["ma"], form.cleaned_data["nd"]
    return {"is_asked": True, "is_filed": verification.is_filed(reference, code)}


def _initial(request: HttpRequest) -> dict[str, str]:
    return {"ma": request.GET.get("ma", "")[:60], "nd": request.GET.get("nd", "")[:80]}


def _may_ask(request: HttpRequest, reference: str) -> bool:
    """Both are counted each time, so that the answer doesn't tell which one was full."""
    by_address = throttle.hit(f"verify:address:{address_of(request)}", MOST_OF_AN_ADDRESS, WINDOW)
    by_reference = not reference or throttle.hit(f"verify:reference:{reference}", MOST_OF_A_REFERENCE, WINDOW)
    return by_address and by_reference


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """The newest checkpoints, older ones behind them, and the public keys."""
    raw = request.GET.get("truoc", "")
    before = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 16 else None
    page = tree.page_of_checkpoints(before)
    # Each with the one before it; on a new portal there is none yet.
    pairs = list(zip(page.checkpoints, [*page.checkpoints[1:], None], strict=False))
    context = {"page": page, "pairs": pairs, "keys": checkpoints.published_keys(), "is_first": before is None}
    return render(request, "procedures/verify_log.html", context)


@require_safe
def checkpoint(request: HttpRequest, number: int) -> HttpResponse:
    """The signed note, byte for byte."""
    if number >= LARGEST:
        raise Http404
    found = get_object_or_404(Checkpoint, pk=number)
    return HttpResponse(found.note, content_type="text/plain; charset=utf-8")


@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """The newest signed note: what a watcher asks for."""
    found = tree.latest_checkpoint()
    if found is None:
        raise Http404
    return HttpResponse(found.note, content_type="text/plain; charset=utf-8")


@require_safe
def consistency(request: HttpRequest, old: int, new: int) -> HttpResponse:
    if new >= LARGEST:
        raise Http404
    try:
        return JsonResponse(verification.consistency(old, new), json_dumps_params={"indent": 1})
    except (ValueError, KeyError) as error:
        raise Http404 from error


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    return JsonResponse(checkpoints.published_keys(), safe=False, json_dumps_params={"indent": 1})
