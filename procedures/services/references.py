"""Mã hồ sơ: `DEMO-<office>-<yymmdd>-<seq>-<check>`, a prototype's shape, not a real agency code."""

from datetime import date

from django.db import connection

from accounts.models import Office
from portal.lib.identifiers import reference

_NEXT = """
INSERT INTO procedures_referencesequence AS kept (office_id, day, last) VALUES (%s, %s, 1)
ON CONFLICT (office_id, day) DO UPDATE SET last = kept.last + 1 RETURNING last
"""


def next_reference(office: Office, day: date) -> str:
    """The next reference of the office on that day: without gaps or doubles, however many file at
    once, because the row stays locked until the filing's transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [office.key, day])
        return reference(office.code, day, cursor.fetchone()[0])
