from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from procedures import catalogue
from procedures.domain import lifecycle
from procedures.domain.sheet import sheet

# The sheets in the tree are those of the date of official letter 3040/BHXH-CNTT.
SEED_DATE = date(2019, 8, 20)


class Command(BaseCommand):
    help = "Writes the generated documents: docs/procedures/<code>.md for the lawyer, and docs/lifecycle.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when one is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        stale = [path for path, text in documents().items() if not _is_fresh(path, text)]
        if options["check"]:
            if stale:
                names = ", ".join(str(path.relative_to(settings.BASE_DIR)) for path in stale)
                raise CommandError(f"stale: {names} (run: manage.py render_docs)")
            return
        for path in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(documents()[path], encoding="utf-8")
            self.stdout.write(str(path.relative_to(settings.BASE_DIR)))


def documents() -> dict[Path, str]:
    """Every generated document: its path and its text."""
    docs = settings.BASE_DIR / "docs"
    sheets = {
        docs / "procedures" / f"{procedure.code}.md": sheet(procedure)
        for procedure in catalogue.procedures_on(SEED_DATE)
    }
    return {**sheets, docs / "lifecycle.md": lifecycle_page()}


def lifecycle_page() -> str:
    lines = [
        "# Vòng đời của hồ sơ",
        "",
        "Sinh tự động từ `procedures/domain/lifecycle.py` bằng `manage.py render_docs`.",
        "",
        "| Trạng thái | Mã | Nghĩa là |",
        "|---|---|---|",
        *(f"| {lifecycle.NAMES[s]} | `{s}` | {lifecycle.MEANINGS[s]} |" for s in lifecycle.Status),
        "",
        "| Từ | Việc | Người làm | Đến |",
        "|---|---|---|---|",
        *(
            f"| {lifecycle.NAMES[start]} | `{act}` | {lifecycle.ACTOR_NAMES[lifecycle.ACTORS[act]]} "
            f"| {lifecycle.NAMES[end]} |"
            for (start, act), end in lifecycle.TRANSITIONS.items()
        ),
        "",
    ]
    return "\n".join(lines)


def _is_fresh(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text
