"""Số nhập từ báo cáo: paper dossiers that offices reported and the portal hasn't."""

import csv
from datetime import date
from typing import IO

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import Office, User
from portal.lib.vietnamese import parse_month
from procedures.domain.errors import DomainError
from procedures.models import ImportedCount

MOST = 10_000_000  # dossiers of an office in a month; more is a slip of the keyboard


def import_count(by: User | None, *, office: Office, month: date, count: int, source: str) -> ImportedCount:
    """Keep a number; one imported before for the office and month is kept as replaced.

    Raises DomainError, naming the question.
    """
    if not 0 <= count <= MOST:
        raise DomainError("Số hồ sơ không hợp lệ.", question="count")
    if not source.strip():
        raise DomainError("Xin ghi nguồn: số và ngày của báo cáo.", question="source")
    first = month.replace(day=1)
    with transaction.atomic():
        Office.objects.select_for_update(no_key=True).get(pk=office.pk)
        before = ImportedCount.objects.filter(office=office, month=first, replaced_at__isnull=True)
        before.update(replaced_at=Now())
        return ImportedCount.objects.create(
            office=office, month=first, count=count, source=source.strip(), imported_by=by
        )


def import_file(file: IO[str], source: str, by: User | None = None) -> int:
    """Lines of ``key,month,count`` (month 3/2019 or 2019-03): all of them or none. Returns how many.

    Raises DomainError, naming the line.
    """
    offices = Office.objects.in_bulk()
    with transaction.atomic():
        lines = list(csv.DictReader(file))
        for number, line in enumerate(lines, start=2):
            _import_line(line, number, offices, source, by)
    return len(lines)


def _import_line(
    line: dict[str, str], number: int, offices: dict[str, Office], source: str, by: User | None
) -> None:
    try:
        office, month, count = offices[line["key"]], parse_month(line["month"]), int(line["count"])
    except (KeyError, ValueError, TypeError) as error:
        raise DomainError(f"Dòng {number} không đọc được: {error}") from error
    import_count(by, office=office, month=month, count=count, source=source)
