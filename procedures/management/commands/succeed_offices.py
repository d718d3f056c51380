from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from portal.lib.money import format_number
from procedures.services.succession import Outcome, note_moves, succeed
from procedures.services.succession_plan import PlanRefused, read_plan

PLAN_2025 = Path(__file__).resolve().parents[2] / "data" / "offices-2025.csv"


class Command(BaseCommand):
    help = (
        "Merges offices by a plan: open dossiers, filings on their way, staff, people at the counter and lanes "
        "go to the successors in one transaction. --dry-run does all of it and takes it back."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("plan", type=Path, nargs="?", default=PLAN_2025, help="CSV; 63 → 34 without it")
        parser.add_argument("--on", type=date.fromisoformat, default=date(2025, 7, 1), help="first day")
        parser.add_argument("--by", help="login of whoever carries it out")
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            plan = read_plan(options["plan"].read_text(encoding="utf-8"), options["on"])
            by = User.objects.get(login=options["by"]) if options["by"] else None
            outcome = succeed(plan, by, rehearse=options["dry_run"])
        except PlanRefused as refused:
            raise CommandError("\n".join(refused.faults)) from refused
        except (OSError, User.DoesNotExist) as error:
            raise CommandError(str(error)) from error
        self.tell(outcome)
        if options["dry_run"]:
            self.stdout.write("Diễn tập: mọi thay đổi đã được hoàn lại.")
            return
        noted = 0
        while done := note_moves():
            noted += done
        self.stdout.write(f"{format_number(noted)} hồ sơ được ghi việc chuyển vào lịch sử.")

    def tell(self, outcome: Outcome) -> None:
        for pair, number in sorted(outcome.moved.items()):
            self.stdout.write(f"  {pair}: {format_number(number)} hồ sơ")
        self.stdout.write(
            f"{outcome.offices_before} → {outcome.offices_after} cơ quan; chuyển "
            f"{format_number(outcome.dossiers)} trong {format_number(outcome.open_before)} hồ sơ đang giải quyết, "
            f"{outcome.dispatches} lần gửi, {outcome.staff} cán bộ, {outcome.registrations} đăng ký chờ kiểm tra; "
            f"giữ khóa {outcome.seconds:.1f} giây."
        )
