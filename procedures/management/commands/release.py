from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from procedures.services import dispatch


class Command(BaseCommand):
    help = (
        "Rows in quarantine: without arguments lists them; with a table and a number hands that one out again, "
        "with --all every one. First mend what the last error says."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("table", nargs="?", default="", help="As listed: dispatch, message, notice, …")
        parser.add_argument("number", nargs="?", type=int, help="As listed.")
        parser.add_argument("--all", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        table, number = options["table"], options["number"]
        if bool(table) != (number is not None) or (table and options["all"]):
            raise CommandError("Give a table and a number, or --all, or nothing.")
        rows = dispatch.quarantined()
        if table:
            rows = [row for row in rows if (row.table, row.number) == (table, number)]
            if not rows:
                raise CommandError(f"{table} {number} is not in quarantine.")
        for row in rows:
            is_let_go = bool(table or options["all"]) and dispatch.release(row)
            error = f"  {row.last_error}" if row.last_error else ""
            self.stdout.write(
                f"{row.table} {row.number}  {'released' if is_let_go else 'in quarantine'}"
                f"  since {row.since:%Y-%m-%d %H:%M}, {row.starts} starts{error}"
            )
        if not rows:
            self.stdout.write("nothing is in quarantine")
