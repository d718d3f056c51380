"""Words of the citizen's pages that come from a definition."""

from django import template
from django.utils.translation import gettext as _

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
