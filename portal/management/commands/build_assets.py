import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.assets import build_assets
from portal.languages.messages import compile_messages


class Command(BaseCommand):
    help = "Makes what the pages load from the wheels, under VAR_DIR/built, and compiles the translations."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        start = time.perf_counter()
        sources = [
            settings.BASE_DIR / name for name in ("templates", "static", "portal", "accounts", "procedures")
        ]
        written = build_assets(settings.VAR_DIR / "built" / "portal", sources)
        written += [path.parent.parent.name + "/" + path.name for path in compile_messages()]
        spent = time.perf_counter() - start
        self.stdout.write(f"build_assets: {', '.join(written) or 'up to date'} ({spent:.1f} s)")
