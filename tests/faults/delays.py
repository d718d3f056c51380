"""How long dossiers took from their receipt to their office's queue, by the database's clock."""

from collections.abc import Iterable

from procedures.models import Dossier


def delays_of(receipts: Iterable[str]) -> list[float]:
    moments = Dossier.objects.filter(public_id__in=list(receipts), queued_at__isnull=False)
    return [
        (queued - filed).total_seconds()
        for filed, queued in moments.values_list("filed_at", "queued_at")
        if filed and queued
    ]
