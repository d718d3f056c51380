"""Ghi chú nội bộ: what officers of an office tell each other about a dossier. Nobody else reads it."""

from django.db import transaction

from accounts.models import User
from procedures.domain.errors import DomainError, NotAllowed
from procedures.models import Dossier, InternalNote
from procedures.services.lifecycle import locked

LONGEST = 4000  # characters


def write(dossier: Dossier, officer: User, *, kind: str, text: str) -> InternalNote:
    """Keep a note. Whoever works in the office may, without holding the dossier; the same words of the same
    officer once more (a double click) are one note.

    Raises DomainError without words or a known kind, NotAllowed for another office.
    """
    words = text.strip()
    if kind not in InternalNote.Kind.values:
        raise DomainError("Xin chọn loại ghi chú.", question="kind")
    if not words or len(words) > LONGEST:
        raise DomainError(f"Xin ghi nội dung, nhiều nhất {LONGEST} ký tự.", question="text")
    with transaction.atomic():
        fresh = locked(dossier)
        if not officer.is_officer or fresh.office_id != officer.office_id:
            raise NotAllowed("Hồ sơ này không thuộc cơ quan của ông/bà.")
        last = fresh.internal_notes.order_by("-pk").first()
        if last and (last.by_id, last.kind, last.text) == (officer.pk, kind, words):
            return last
        return InternalNote.objects.create(dossier=fresh, kind=kind, text=words, by=officer)
