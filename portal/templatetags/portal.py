"""What every template has: dates, money and numbers as people here write them, and small pieces of page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.forms import BaseForm, BaseFormSet, BoundField, RadioSelect
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.lib.fonts import STYLESHEET, WEIGHTS
from portal.lib.money import format_number, format_rate, format_vnd
from portal.lib.vietnamese import format_date
from procedures.domain.lifecycle import ACT_NAMES, MEANINGS, NAMES, Act, Status

register = template.Library()


# --- dates, money, numbers ------------------------------------------------------------------------


@register.filter
def vnd(amount: int | None) -> str:
    """1490000 → 1.490.000 đ, never parted at the end of a line."""
    return "" if amount is None else format_vnd(int(amount)).replace(" ", "\u00a0")


@register.filter
def rate(value: Decimal | float | None) -> str:
    """36.994 → 36,99%."""
    return "–" if value is None else format_rate(Decimal(str(value)))


@register.filter
def number(value: int | Decimal | None) -> str:
    """168121 → 168.121; a decimal keeps its digits behind a comma."""
    if value is None:
        return ""
    whole, _point, rest = str(value).partition(".")
    return format_number(int(whole)) + (f",{rest}" if rest else "")


@register.filter
def vn_date(value: date | str | None) -> str:
    """dd/mm/yyyy of a date, a moment, or an ISO date as answers store it."""
    if not value:
        return ""
    if isinstance(value, str):
        return format_date(date.fromisoformat(value[:10]))
    return format_date(_local(value) if isinstance(value, datetime) else value)


@register.filter
def vn_datetime(value: datetime | None) -> str:
    """14:05 20/08/2019."""
    if value is None:
        return ""
    local = _local(value)
    return f"{local:%H:%M} {format_date(local)}"


@register.filter
def relative(value: datetime | None) -> str:
    """vừa xong · 5 phút trước · hôm qua 14:05 · 3 ngày trước; further away the date."""
    if value is None:
        return ""
    now, local = timezone.localtime(), _local(value)
    minutes = int((now - local).total_seconds() // 60)
    days = (now.date() - local.date()).days
    if minutes < 0 or days > 6:
        return vn_datetime(value)
    if minutes < 1:
        return _("vừa xong")
    if minutes < 60:
        return ngettext("%d phút trước", "%d phút trước", minutes) % minutes
    if days == 0:
        return ngettext("%d giờ trước", "%d giờ trước", minutes // 60) % (minutes // 60)
    if days == 1:
        return _("hôm qua %s") % f"{local:%H:%M}"
    return ngettext("%d ngày trước", "%d ngày trước", days) % days


@register.filter
def machine_time(value: datetime | None) -> str:
    """For the datetime attribute of <time>."""
    return "" if value is None else _local(value).isoformat(timespec="seconds")


@register.simple_tag
def ago(value: datetime | None) -> str:
    """<time> that reads relative and tells the exact moment when pointed at."""
    if value is None:
        return ""
    exact, machine = vn_datetime(value), machine_time(value)
    return format_html('<time datetime="{}" title="{}">{}</time>', machine, exact, relative(value))


@register.filter
def file_size(count: int | None) -> str:
    """2411724 → 2,3 MB."""
    if not count:
        return "0 KB"
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))}\u00a0KB"
    return f"{count / 1_000_000:.1f}".replace(".", ",") + "\u00a0MB"


@register.filter
def seconds_until(moment: datetime | None) -> int:
    """Whole seconds left by the server's clock; people's phones are often minutes off."""
    return 0 if moment is None else max(0, int((moment - timezone.now()).total_seconds()))


@register.filter
def clock(seconds: int) -> str:
    """272 → 4:32."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else timezone.make_aware(value)


# --- words of the law -----------------------------------------------------------------------------

STATUS_COLOURS: dict[Status, str] = {
    Status.DRAFT: "plain",
    Status.FILED: "info",
    Status.QUEUED: "info",
    Status.SUPPLEMENT_REQUESTED: "warning",
    Status.PROPOSED: "info",
    Status.TRANSFERRING: "warning",
    Status.APPROVED: "success",
    Status.REFUSED: "danger",
    Status.WITHDRAWN: "plain",
}

COPY_NAMES = {
    "chinh": "bản chính",
    "sao": "bản sao",
    "chup": "bản chụp",
    "dich_cong_chung": "bản dịch tiếng Việt có chứng thực hoặc công chứng",
}


@register.filter
def status_name(status: str) -> str:
    return NAMES[Status(status)] if status in NAMES else status


@register.filter
def status_meaning(status: str) -> str:
    return MEANINGS.get(Status(status), "") if status in NAMES else ""


@register.filter
def status_colour(status: str) -> str:
    return STATUS_COLOURS[Status(status)] if status in NAMES else "plain"


@register.filter
def act_name(act: str) -> str:
    return ACT_NAMES[Act(act)] if act in ACT_NAMES else act


@register.filter
def copy_name(copy: str) -> str:
    return COPY_NAMES.get(copy, copy)


# --- forms ----------------------------------------------------------------------------------------


class FieldError(NamedTuple):
    target: str  # id of the input, "" when the message belongs to no field
    label: str
    message: str


@register.filter
def errors_of(source: BaseForm | BaseFormSet[Any] | Iterable[BaseForm] | None) -> list[FieldError]:
    """Every message of a form, a formset or several forms, in the order of the page."""
    if not source:
        return []
    if isinstance(source, BaseForm):
        return list(_form_errors(source))
    loose = source.non_form_errors() if isinstance(source, BaseFormSet) and source.is_bound else []
    parts = [errors_of(part) for part in source]
    return [FieldError("", "", str(message)) for message in loose] + [
        error for part in parts for error in part
    ]


@register.simple_tag(takes_context=True)
def errors_here(context: template.Context) -> list[FieldError]:
    """The messages of ``forms``, ``formset`` and ``form``, whichever of them the template was given."""
    sources = (context.get(name) for name in ("forms", "formset", "form"))
    return [error for source in sources for error in errors_of(source)]


def _form_errors(form: BaseForm) -> Iterator[FieldError]:
    if not form.is_bound:
        return
    for message in form.non_field_errors():
        yield FieldError("", "", str(message))
    for field in form:
        for message in field.errors:
            yield FieldError(input_id(field), str(field.label), str(message))


@register.filter
def input_id(field: BoundField) -> str:
    """Where a link to the field must lead so that typing can begin."""
    if (
        isinstance(field.field.widget, RadioSelect)
        or field.field.widget.__class__.__name__ == "CheckboxSelectMultiple"
    ):
        return f"{field.auto_id}_0"
    return field.id_for_label or str(field.auto_id)


@register.filter
def lookup(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    """mapping[key], or "" where there is none."""
    return (mapping or {}).get(key, "")


@register.filter
def at(rows: Sequence[Any], position: int) -> Any:
    """rows[position]."""
    return rows[position]


@register.filter
def is_list(value: object) -> bool:
    return isinstance(value, (list, tuple))


# --- pieces of page -------------------------------------------------------------------------------


@register.simple_tag
def url_or_none(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a page, or "" while there is no such page: {% url_or_none 'portal:help' as help %}."""
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def nav_link(context: template.Context, name: str, label: str, but: str = "") -> str:
    """A list item of the navigation; nothing while there is no such page. ``but``: names of pages below it, apart
    by spaces, that are items of their own."""
    url = url_or_none(name)
    if not url:
        return ""
    path = getattr(context.get("request"), "path", "")
    is_elsewhere = any(path.startswith(url_or_none(other) or "-") for other in but.split())
    here = path == url or (url != "/" and path.startswith(url) and not is_elsewhere)
    if here:
        return format_html('<li><a href="{}" aria-current="page">{}</a></li>', url, label)
    return format_html('<li><a href="{}">{}</a></li>', url, label)


@register.simple_tag
def foundation() -> SafeString:
    """Letters and Bootstrap: what build_assets made, or Bootstrap as it is in the wheel until then."""
    built = settings.VAR_DIR / "built" / "portal"
    if not (built / STYLESHEET).is_file():
        return format_html(
            '<link rel="stylesheet" href="{}">', static("js-lib-bootstrap5/css/bootstrap.min.css")
        )
    fonts = format_html_join(
        "",
        '<link rel="preload" as="font" type="font/woff2" crossorigin href="{}">',
        ((static(f"portal/fonts/be-vietnam-pro-{weight.css}.woff2"),) for weight in WEIGHTS),
    )
    return format_html('{}<link rel="stylesheet" href="{}">', fonts, static(f"portal/{STYLESHEET}"))


@register.simple_tag
def minutes_left(steps: Sequence[Any]) -> int:
    """Whole minutes from the present step to the end; 0 when nobody said how long steps take."""
    states = [_part(step, "state") for step in steps]
    at = states.index("current") if "current" in states else len(states)
    return -(-sum(int(_part(step, "seconds") or 0) for step in steps[at:]) // 60)


def _part(step: Any, name: str) -> Any:
    return step.get(name) if isinstance(step, Mapping) else getattr(step, name, None)


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "") -> str:
    """A box around anything: {% notice "warning" title=… %} … {% endnotice %}."""
    return render_to_string("components/notice.html", {"kind": kind, "title": title, "content": content})


@register.simple_tag
def right_now() -> datetime:
    return timezone.now()


@register.simple_tag
def today() -> date:
    return timezone.localdate()


@register.filter
def days_until(day: date | None) -> int | None:
    """Calendar days from today; negative once it is past."""
    return None if day is None else (day - timezone.localdate()) // timedelta(days=1)
