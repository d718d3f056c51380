"""Tests about the code itself: who may write a status, what a lane needs, how long a function may be."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery.fixups.django import DjangoWorkerFixup
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from portal.celery import app, close_what_broke
from procedures.services.dispatch import OUTBOXES

ROOT = Path(settings.BASE_DIR)
PACKAGES = ("portal", "accounts", "procedures")
MAX_FUNCTION, MAX_FILE, MAX_TEMPLATE = 50, 400, 150

# Pages anybody may open. Everything else must be guarded by a decorator of accounts.views.access.
PUBLIC = {
    "portal:home",
    "portal:health",
    "portal:help",
    "portal:guide",
    "portal:accessibility",
    "portal:style",
    "procedures:list",
    "procedures:sheet",
    "procedures:precheck",
    "procedures:track",
    "procedures:track_ask",
    "procedures:track_code",
    "procedures:tracked",  # opened by a code
    "procedures:tracked_complain",  # likewise
    "procedures:verify",
    "procedures:log",
    "procedures:log_keys",
    "procedures:latest_checkpoint",
    "procedures:checkpoint",
    "procedures:consistency",
    "accounts:register",
    "accounts:registered",
    "accounts:activate",
    "accounts:login",
    "accounts:second_factor",
    "accounts:enrol",
    "accounts:sms_receipt",  # signed by the carrier's key
    "accounts:logout",
    "accounts:demo_inbox",
    "statistics:public",
    "statistics:open_data",
    "statistics:schema",
}


def modules() -> list[Path]:
    return [
        path
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            yield node


def length(function: ast.FunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_only_advance_writes_the_status_of_a_dossier() -> None:
    writers = set()
    for path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            is_assigned = isinstance(node, ast.Assign) and any(
                isinstance(target, ast.Attribute) and target.attr == "status" for target in node.targets
            )
            if is_assigned and path.is_relative_to(ROOT / "procedures"):
                writers.add(str(path.relative_to(ROOT)))
    assert writers == {"procedures/services/lifecycle.py"}


def test_no_function_is_longer_than_the_budget() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{function.name} {length(function)}"
        for path in modules()
        for function in functions(path)
        if length(function) > MAX_FUNCTION
    ]
    assert long == []


def test_most_functions_are_short() -> None:
    lengths = sorted(length(function) for path in modules() for function in functions(path))
    assert lengths[int(len(lengths) * 0.95)] <= 30


def test_no_file_is_longer_than_the_budget() -> None:
    long = [
        str(path.relative_to(ROOT)) for path in modules() if len(path.read_text().splitlines()) > MAX_FILE
    ]
    assert long == []


def test_no_template_is_longer_than_the_budget() -> None:
    templates = sorted((ROOT / "templates").rglob("*.*"))
    long = [
        str(path.relative_to(ROOT))
        for path in templates
        if path.is_file() and len(path.read_text(encoding="utf-8").splitlines()) > MAX_TEMPLATE
    ]
    assert long == []


def test_nothing_is_imported_inside_a_function() -> None:
    hidden = [
        f"{path.relative_to(ROOT)}:{function.name}"
        for path in modules()
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_tasks_are_doors_of_at_most_five_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{function.name}"
        for path in modules()
        if path.name == "tasks.py"
        for function in functions(path)
        if length(function) > 5
    ]
    assert long == []


def test_every_outbox_has_a_task() -> None:
    app.loader.import_default_modules()
    assert {box.task for box in OUTBOXES} <= set(app.tasks)


def test_celery_keeps_the_settings_that_were_measured() -> None:
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.broker_transport_options["priority_steps"] == [0]
    assert app.conf.broker_transport_options["socket_timeout"] == 5
    assert not app.conf.task_create_missing_queues
    assert app.conf.result_backend is None


@pytest.mark.django_db(transaction=True)
def test_database_connections_are_kept_between_tasks_until_they_break() -> None:
    """Celery's own part for Django closes one around every task (docs/decisions/0140)."""
    around = DjangoWorkerFixup(app)

    def between_tasks() -> None:
        around.close_database()
        close_what_broke()

    connection.ensure_connection()
    before = connection.connection
    between_tasks()
    assert connection.connection is before
    assert before is not None
    before.close()
    connection.errors_occurred = True  # as after the first statement that failed
    between_tasks()
    assert connection.connection is None


def test_database_connections_are_kept_between_requests() -> None:
    assert settings.DATABASES["default"]["CONN_MAX_AGE"] == 60


def test_generated_documents_are_fresh() -> None:
    call_command("render_docs", check=True)


def routes(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, entry.namespace or namespace)
        else:
            yield f"{namespace}:{entry.name}", entry


ROUTES = dict(routes(get_resolver()))


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_every_page_is_on_the_public_list_or_guarded(name: str) -> None:
    guarded = hasattr(ROUTES[name].callback, "guarded_for")
    assert guarded != (name in PUBLIC)
