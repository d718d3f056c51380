"""The history of a dossier in the words of its filer."""

from typing import Any

from django.utils.translation import gettext as _

from procedures.domain.lifecycle import ACT_NAMES, Act
from procedures.models import Dossier
from procedures.selectors.definitions import procedure_of
from procedures.selectors.history import Happening
from procedures.services.originals import RECEIVED
from procedures.views import journey


def shown(dossier: Dossier, history: list[Happening]) -> list[dict[str, Any]]:
    """Newest first, as components/event_list.html shows them."""
    return [
        {"title": _title(happening), "at": happening.event.at, **_more(dossier, happening)}
        for happening in reversed(history)
    ]


def awaited_originals(dossier: Dossier) -> list[str]:
    """Names of the paper originals the office still waits for."""
    awaited = dossier.paper_originals.filter(received_at__isnull=True)
    return [_paper_name(dossier, original.document) for original in awaited]


def _title(happening: Happening) -> str:
    act = happening.event.act
    if act == RECEIVED:
        return _("Cơ quan BHXH đã nhận bản giấy")
    return ACT_NAMES[Act(act)] if act in list(Act) else _("Hồ sơ được cập nhật")


def _more(dossier: Dossier, happening: Happening) -> dict[str, Any]:
    event = happening.event
    if event.act == RECEIVED:
        return {"text": _paper_name(dossier, event.detail.get("document", ""))}
    if event.act == Act.FILE:
        return {"url": journey.url_of(dossier, "receipt"), "url_label": _("Xem biên nhận")}
    if event.act == Act.DELIVER:
        return {"by": str(dossier.office)}
    if happening.request:
        url = journey.url_of(dossier, "supplement_pdf", request_id=happening.request.pk)
        label = _("Tải phiếu yêu cầu bổ sung (PDF)")
        return {"by": str(dossier.office), "text": happening.request.reason, "url": url, "url_label": label}
    if happening.decision:
        url = journey.url_of(dossier, "decision_pdf")
        return {
            "by": str(dossier.office),
            "text": happening.decision.reason,
            "url": url,
            "url_label": _("Tải thông báo kết quả (PDF)"),
        }
    return {}


def _paper_name(dossier: Dossier, code: str) -> str:
    try:
        return procedure_of(dossier).document(code).name
    except KeyError:
        return code
