from django.apps import AppConfig

from portal.languages.messages import compile_messages


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        """A changed translation is there at the next start; where the code may not be written, as in the
        image, build_assets has compiled it before."""
        try:
            compile_messages()
        except PermissionError:
            return
