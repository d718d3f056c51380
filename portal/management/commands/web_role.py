from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError, connection

from portal import wall


class Command(BaseCommand):
    help = (
        "Makes the role the web process connects as, with the password in WEB_DATABASE_URL. Before migrate."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("url", help="what the web process gets as DATABASE_URL")

    def handle(self, *args: Any, url: str, **options: Any) -> None:
        parts = urlsplit(url)
        if parts.username != wall.ROLE or not parts.password:
            raise CommandError(f"postgresql://{wall.ROLE}:<password>@… is what the web process connects with")
        connection.ensure_connection()
        made = wall.role_with(unquote(parts.password))
        raw: Any = connection.connection
        try:
            raw.execute(made)
            raw.execute(f"GRANT {wall.ROLE} TO CURRENT_USER")
        except Exception as error:
            raise CommandError(
                f"a database administrator has to make the role {wall.ROLE}: {error}"
            ) from error
        with connection.cursor() as cursor:
            try:
                cursor.execute(wall.LEAKPROOF)
            except ProgrammingError:
                self.stderr.write(
                    "Only a superuser may say that the search's functions leak nothing; until one does, a search "
                    f"is right and slow:{wall.LEAKPROOF}"
                )
