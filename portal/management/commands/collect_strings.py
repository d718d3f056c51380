from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.languages import listing
from portal.languages.messages import read_messages, sources


class Command(BaseCommand):
    help = "Brings the lists of translations (locale/*/LC_MESSAGES/django.po) up to the code: docs/how-to/translate.md."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail when something is missing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = listing.wanted(settings.BASE_DIR)
        for path in sources():
            kept = read_messages(path)
            fresh = listing.renewed(kept, wanted)
            faults = listing.faults(fresh)
            if options["check"]:
                faults += listing.differences(kept, fresh)
            else:
                fresh.save(str(path))
            self.stdout.write(
                f"{path.relative_to(settings.BASE_DIR)}: {len(fresh)} sentences, {len(faults)} faults"
            )
            for fault in faults:
                self.stdout.write(f"  {fault}")
            if options["check"] and faults:
                raise CommandError("run manage.py collect_strings and translate what is new")
