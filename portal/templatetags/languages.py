"""The language switch, and official names beside their translation."""

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from portal.languages.choice import SWITCH
from portal.languages.speech import SOURCE, translated

register = template.Library()

MAIN_FORM = "main-form"  # id of the form whose answers the switch takes along


@register.inclusion_tag("components/language_switch.html", takes_context=True)
def language_switch(context: template.Context, place: str = "head") -> dict[str, object]:
    """The other language, as a link, or beside a form as a button that sends what is typed along.

    The button stands behind the form (``place`` "foot") and the head has its label: the first button of a form
    is the one Enter presses, and nobody who types a code and Enter wants another language.
    """
    request = context.get("request")
    here = get_language() or SOURCE
    other = next(code for code, _name in settings.LANGUAGES if code != here)
    query = request.GET.copy() if request else None
    address = ""
    if query is not None:
        query[SWITCH] = other
        address = f"?{query.urlencode()}"
    return {
        "place": place,
        "code": other,
        "name": dict(settings.LANGUAGES)[other],
        "address": address,
        "form": MAIN_FORM if f'id="{MAIN_FORM}"' in _source_of(context) else "",
    }


def _source_of(context: template.Context) -> str:
    """The text of the page's own template: the form stands below the switch, so it can't tell itself."""
    return str(getattr(context.template, "source", ""))


@register.filter
def in_vietnamese(name: str) -> SafeString:
    """A name or amount the law gives, in its own words only."""
    return format_html('<span lang="vi">{}</span>', name)


@register.filter
def official(name: str) -> SafeString:
    """A name the law gives, in the language of the page with the Vietnamese name beside it."""
    words = translated(name)
    if get_language() == SOURCE:
        return format_html("{}", name)
    if words == name:
        return format_html('<span lang="vi">{}</span>', name)
    return format_html('{} <span lang="vi" class="soft small">({})</span>', words, name)
