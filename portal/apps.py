from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate

from portal import wall
from portal.languages.messages import compile_messages


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        """A changed translation is there at the next start; where the code may not be written, as in the
        image, build_assets has compiled it before. The second wall follows every migration."""
        post_migrate.connect(wall.build, sender=apps.get_app_config("procedures"), dispatch_uid="second wall")
        try:
            compile_messages()
        except PermissionError:
            return
