"""Chỉ tiêu: set by the headquarters with the document that says so; withdrawn, never changed."""

from datetime import date
from decimal import Decimal

from django.db.models.functions import Now

from accounts.models import Office, User
from procedures.domain.errors import DomainError
from procedures.models import Target
from procedures.selectors.statistics.extent import Series

CENT = Decimal("0.01")


def set_target(
    by: User,
    *,
    value: Decimal,
    due_on: date,
    source: str,
    series: Series,
    office: Office | None = None,
    procedure: str = "",
) -> Target:
    """``value`` in per cent with at most two decimals; ``source`` names the document and its date.

    Raises DomainError, naming the question.
    """
    if not 0 < value <= 100 or value != value.quantize(CENT):
        raise DomainError("Chỉ tiêu là tỷ lệ từ 0,01 đến 100, tối đa hai chữ số thập phân.", question="value")
    if not source.strip():
        raise DomainError("Xin ghi văn bản giao chỉ tiêu: số, ngày, cơ quan ban hành.", question="source")
    return Target.objects.create(
        office=office,
        series=series,
        procedure=procedure,
        value=value,
        due_on=due_on,
        source=source.strip(),
        set_by=by,
    )


def withdraw_target(target: Target) -> None:
    """It stays in the list with the day it was withdrawn."""
    Target.objects.filter(pk=target.pk, withdrawn_at__isnull=True).update(withdrawn_at=Now())
