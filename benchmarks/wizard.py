"""The baseline: the same four steps and two uploads in a django-formtools SessionWizardView, and a view that
inserts one row, as small as Django makes them. Run by gunicorn exactly as the portal is.

    gunicorn benchmarks.wizard:application     WIZARD_DATABASE_URL, WIZARD_FILES and WIZARD_FIELDS set

No log-in, no law, no signature, no log, no queue: what a form costs before anything is promised.
"""

import json
import os
from typing import Any

import django
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from portal.settings import database

PAGE = """<!doctype html><title>Wizard</title><form method="post" enctype="multipart/form-data">
{% csrf_token %}{{ wizard.management_form }}{{ wizard.form.as_p }}<button>Tiếp tục</button></form>"""
TABLE = "CREATE TABLE IF NOT EXISTS wizard_row (id bigserial PRIMARY KEY, content jsonb NOT NULL)"
INSERT = "INSERT INTO wizard_row (content) VALUES (%s)"

if not settings.configured:
    settings.configure(
        SECRET_KEY="benchmark",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        DATABASES={"default": database(os.environ["WIZARD_DATABASE_URL"])},
        INSTALLED_APPS=["django.contrib.sessions", "formtools"],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [
                        (
                            "django.template.loaders.cached.Loader",
                            [("django.template.loaders.locmem.Loader", {"page.html": PAGE})],
                        )
                    ]
                },
            }
        ],
        USE_TZ=True,
    )
    django.setup()

from django import forms  # noqa: E402 - after the settings
from django.db import connection  # noqa: E402
from formtools.wizard.views import SessionWizardView  # noqa: E402


def step_form(name: str, fields: list[str], files: list[str]) -> type[forms.Form]:
    """A step with text fields and files, nothing checked."""
    made: dict[str, Any] = {field: forms.CharField(max_length=200, required=False) for field in fields}
    made |= {field: forms.FileField() for field in files}
    return type(name, (forms.Form,), made)


STEPS: dict[str, dict[str, list[str]]] = json.loads(os.environ["WIZARD_FIELDS"])


class Wizard(SessionWizardView):  # type: ignore[misc]
    template_name = "page.html"
    file_storage = FileSystemStorage(os.environ["WIZARD_FILES"])

    def done(self, form_list: list[forms.Form], **_: Any) -> HttpResponse:
        data: dict[str, object] = {}
        for form in form_list:
            data |= {name: str(value) for name, value in form.cleaned_data.items()}
        with connection.cursor() as cursor:
            cursor.execute(INSERT, [json.dumps(data)])
        return HttpResponse("Đã nộp")


@csrf_exempt
def one_insert(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [request.body.decode()])
    return HttpResponse("1")


urlpatterns = [
    path("", Wizard.as_view([(name, step_form(name, **parts)) for name, parts in STEPS.items()])),
    path("mot-dong/", one_insert),
]
application = get_wsgi_application()
