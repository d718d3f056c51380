from typing import Any

from django.apps import AppConfig, apps
from django.core.management.base import CommandError
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.models.signals import post_migrate, pre_migrate

from portal import wall
from portal.languages.messages import compile_messages


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        """A changed translation is there at the next start; where the code may not be written, as in the
        image, build_assets has compiled it before. The second wall follows every migration."""
        pre_migrate.connect(
            refuse_half_way, sender=apps.get_app_config("procedures"), dispatch_uid="half way"
        )
        post_migrate.connect(wall.build, sender=apps.get_app_config("procedures"), dispatch_uid="second wall")
        try:
            compile_messages()
        except PermissionError:
            return


def refuse_half_way(using: str, **_: Any) -> None:
    """Django passes over a migration that stands for others when some of them were applied and some are gone."""
    loader = MigrationLoader(connections[using])
    for name, migration in loader.disk_migrations.items():
        missing = [old for old in migration.replaces if old not in loader.applied_migrations]
        if missing and len(missing) < len(migration.replaces):
            raise CommandError(
                f"{'.'.join(missing[0])} was not applied and is now part of {'.'.join(name)}: migrate with the "
                "version before it first (docs/decisions/0145)"
            )
