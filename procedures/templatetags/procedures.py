"""Words of the citizen's pages that come from a definition."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.lib.vietnamese import format_date
from portal.templatetags.portal import copy_name
from procedures.domain.definition import Document

register = template.Library()


@register.simple_tag
def paper_hint(document: Document) -> str:
    """Which copy, which form, and what to know about a paper, in one sentence or two."""
    kind = copy_name(document.copy)
    words = f"{kind[:1].upper()}{kind[1:]}"
    if document.form:
        words = _("%(kind)s, mẫu %(form)s") % {"kind": words, "form": document.form}
    optional = "" if document.required else _(" (nếu có)")
    return f"{words}{optional}. {document.note}".strip()


def logged_act(kind: str) -> str:
    """An act of the log in words that are nobody's in particular."""
    words = {
        "file": _("Nộp hồ sơ"),
        "deliver": _("Chuyển đến cơ quan BHXH"),
        "supplement": _("Nộp bổ sung"),
        "request_supplement": _("Yêu cầu bổ sung"),
        "approve": _("Duyệt"),
        "refuse": _("Từ chối"),
        "withdraw": _("Rút hồ sơ"),
    }
    return words.get(kind, _("Cập nhật hồ sơ"))


@register.filter
def logged_moment(text: str) -> str:
    """A time as the log writes it, as people here read it: 08:02:03 23/11/2026."""
    try:
        local = timezone.localtime(datetime.fromisoformat(text))
    except ValueError:
        return text
    return f"{local:%H:%M:%S} {format_date(local)}"


@register.filter
def hex_start(content: bytes) -> str:
    """The first 16 hex digits, to be compared by eye."""
    return bytes(content).hex()[:16]
