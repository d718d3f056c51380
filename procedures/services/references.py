"""Mã hồ sơ: `DEMO-<office>-<yymmdd>-<seq>-<check>`, a prototype's shape, not a real agency code."""

from datetime import date

from django.db.models import F

from accounts.models import Office
from portal.lib.identifiers import reference
from procedures.models import ReferenceSequence


def next_reference(office: Office, day: date) -> str:
    """The next reference of the office on that day: without gaps or doubles, however many file at
    once, because the row stays locked until the filing's transaction ends."""
    ReferenceSequence.objects.bulk_create([ReferenceSequence(office=office, day=day)], ignore_conflicts=True)
    row = ReferenceSequence.objects.filter(office=office, day=day)
    row.update(last=F("last") + 1)
    return reference(office.code, day, row.get().last)
