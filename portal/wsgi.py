"""What gunicorn runs. With --preload everything is loaded once, before the workers are forked: they share it. No
PDF is made and no connection opened until then (portal.lib.typesetting)."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()
# Every page, which Django would load with the first request, in each worker apart.
get_resolver().url_patterns  # noqa: B018
gc.collect()
gc.freeze()  # the collector would write into shared pages
