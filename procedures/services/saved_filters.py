"""Bộ lọc đã lưu, and reading the notes about handed-over work."""

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import User
from procedures.domain.errors import DomainError
from procedures.models import HandOver, SavedFilter

MOST = 8  # each is counted anew on every page of the queue
NAME_LENGTH, QUERY_LENGTH = 40, 400


def save_filter(officer: User, name: str, query: str) -> None:
    """Keep a view under a name; the same name again replaces it. Raises DomainError."""
    name = " ".join(name.split())
    if not name or len(name) > NAME_LENGTH:
        raise DomainError("Xin đặt tên bộ lọc, nhiều nhất 40 ký tự.", question="name")
    if not query or len(query) > QUERY_LENGTH:
        raise DomainError("Xin chọn điều kiện lọc trước khi lưu.", question="name")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=officer.pk)
        others = officer.saved_filters.exclude(name=name)
        if others.count() >= MOST:
            raise DomainError(f"Nhiều nhất {MOST} bộ lọc. Xin bỏ bớt một bộ lọc trước.", question="name")
        SavedFilter.objects.update_or_create(officer=officer, name=name, defaults={"query": query})


def drop_filter(officer: User, name: str) -> None:
    officer.saved_filters.filter(name=name).delete()


def mark_read(officer: User) -> None:
    """The officer has read what others did with the work."""
    told = Q(from_officer=officer) | Q(to_officer=officer)
    HandOver.objects.filter(told, read_at__isnull=True).update(read_at=Now())
