from typing import Any

from django.core.management.base import BaseCommand, CommandError

from procedures.selectors.reconciliation import reconcile


class Command(BaseCommand):
    help = "Proves that no dossier is lost: filings = delivered + on their way, each in one office's queue."

    def handle(self, *args: Any, **options: Any) -> None:
        found = reconcile()
        self.stdout.write(
            f"filings {found.filings} = delivered {found.delivered} + waiting {found.waiting} "
            f"+ quarantined {found.quarantined}; contradictions: {len(found.contradictions)}"
        )
        if not found.is_balanced:
            raise CommandError("not balanced: " + ", ".join(found.contradictions[:20]))
