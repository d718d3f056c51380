import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.assets import build_assets


class Command(BaseCommand):
    help = "Makes the fonts and the trimmed Bootstrap the pages load, from the wheels, under VAR_DIR/built."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        start = time.perf_counter()
        sources = [
            settings.BASE_DIR / name for name in ("templates", "static", "portal", "accounts", "procedures")
        ]
        written = build_assets(settings.VAR_DIR / "built" / "portal", sources)
        spent = time.perf_counter() - start
        self.stdout.write(f"build_assets: {', '.join(written) or 'up to date'} ({spent:.1f} s)")
