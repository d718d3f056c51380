from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Role, User
from procedures.domain.errors import DomainError
from procedures.selectors.statistics.extent import ANNEX, Extent, Level, Series, View
from procedures.services.reports import TITLE, Letter, freeze


class Command(BaseCommand):
    help = "Freezes a table of rates as a numbered report edition and prints its number and hash."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--by", required=True, help="login of somebody of the headquarters")
        parser.add_argument("--from", dest="first", type=date.fromisoformat, default=ANNEX.first)
        parser.add_argument("--to", dest="last", type=date.fromisoformat, default=ANNEX.last)
        parser.add_argument("--level", type=Level, choices=list(Level), default=Level.OFFICE)
        parser.add_argument("--series", type=Series, choices=list(Series), default=Series.SEVEN)
        parser.add_argument("--view", type=View, choices=list(View), default=View.THEN)
        parser.add_argument("--title", default=TITLE)
        parser.add_argument("--letter", default="", help="number of the letter it is sent with")
        parser.add_argument("--letter-day", type=date.fromisoformat)

    def handle(self, *args: Any, **options: Any) -> None:
        extent = Extent(**{name: options[name] for name in ("first", "last", "level", "series", "view")})
        letter = Letter(options["letter"], options["letter_day"])
        try:
            by = User.objects.get(login=options["by"], role=Role.HQ)
            kept = freeze(extent, by, letter=letter, title=options["title"])
        except User.DoesNotExist:
            raise CommandError(f"nobody of the headquarters has the login {options['by']}") from None
        except DomainError as refused:
            raise CommandError(refused.message) from refused
        self.stdout.write(f"{kept.pk} {kept.digest}")
