from django.contrib.staticfiles.apps import StaticFilesConfig


class StaticFiles(StaticFilesConfig):
    """What the wheels bring and no page asks for isn't collected: compressing it takes longer than everything else.
    build_assets takes what the pages need out of Bootstrap."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        *("js-lib-bootstrap5", "htmax-*", "htmx-4*", "htmx-2.js", "ext"),
    ]
