"""/suc-khoe/: shallow for balancers; in detail and as figures for those who keep the portal running."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from accounts.models import Alarm, Heartbeat, User
from accounts.services import heartbeats
from procedures.models import Dispatch, FileCheck
from procedures.services import watch
from tests import makers

pytestmark = pytest.mark.django_db
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def alive() -> None:
    for name in heartbeats.EXPECTED:
        heartbeats.beat(name)


def detail(client: Client) -> tuple[int, dict[tuple[str, str], dict[str, Any]]]:
    response = client.get("/suc-khoe/chi-tiet/")
    signs = json.loads(response.content)["signs"]
    return response.status_code, {(sign["kind"], sign["subject"]): sign for sign in signs}


def test_the_shallow_answer_asks_nobody(
    client: Client, django_assert_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_num_queries(0):
        response = client.get("/suc-khoe/", **ELSEWHERE)
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.parametrize("page", ["chi-tiet", "so-lieu"])
def test_details_are_for_this_machine_and_for_those_with_the_token(
    client: Client, page: str, settings: Any
) -> None:
    address = f"/suc-khoe/{page}/"
    assert client.get(address, **ELSEWHERE).status_code == 404
    assert client.get(address, headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404
    assert client.get(address, **ELSEWHERE, headers={"Authorization": "Bearer "}).status_code == 404
    settings.HEALTH_TOKEN = "m" * 40
    assert client.get(address, **ELSEWHERE, headers={"Authorization": "Bearer x"}).status_code == 404
    assert (
        client.get(address, **ELSEWHERE, headers={"Authorization": f"Bearer {'m' * 40}"}).status_code != 404
    )


def test_all_is_well_on_a_running_portal(client: Client, alive: None) -> None:
    status, signs = detail(client)
    assert (status, [sign for sign in signs.values() if not sign["well"]]) == (200, [])


def test_a_dossier_on_its_way_for_too_long_is_seen(client: Client, alive: None, contributor: User) -> None:
    makers.filed(contributor)
    assert detail(client)[0] == 200
    Dispatch.objects.update(created_at=Now() - timedelta(seconds=121))
    status, signs = detail(client)
    assert (status, signs["stuck", "Dispatch"]["well"]) == (503, False)


def test_a_silent_process_is_seen(client: Client, alive: None) -> None:
    Heartbeat.objects.filter(name="beat").update(at=Now() - timedelta(seconds=61))
    Heartbeat.objects.filter(name="sweeper").delete()
    status, signs = detail(client)
    assert (status, signs["silent", "beat"]["well"], signs["silent", "sweeper"]["detail"]) == (
        503,
        False,
        "never",
    )


def test_what_gave_up_is_seen(client: Client, alive: None, contributor: User) -> None:
    makers.draft(contributor)
    FileCheck.objects.update(state="quarantined")
    assert detail(client)[0] == 503


def test_the_watch_sounds_an_alarm_once_and_ends_it(alive: None, contributor: User) -> None:
    makers.filed(contributor)
    Dispatch.objects.update(created_at=Now() - timedelta(seconds=121))
    assert watch.look() == 1
    assert watch.look() == 1
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.subject, alarm.times, alarm.cleared_at) == ("stuck", "Dispatch", 2, None)
    Dispatch.objects.update(state="done")
    assert watch.look() == 0
    assert Alarm.objects.get().cleared_at is not None


def test_a_dead_broker_and_a_dead_scanner_are_seen(client: Client, alive: None, settings: Any) -> None:
    settings.CLAMD_URL = "tcp://127.0.0.1:9"
    status, signs = detail(client)
    assert (status, signs["scanner", ""]["well"]) == (503, False)


def test_figures_are_prometheus_text_per_lane_and_stage(
    client: Client, alive: None, contributor: User, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    makers.filed(contributor)
    makers.checked(makers.queued(contributor))
    with django_assert_max_num_queries(16):
        text = client.get("/suc-khoe/so-lieu/").content.decode()
    found = {
        (sample.name, tuple(sorted(sample.labels.values()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert found["portal_waiting_rows", ("delivery", "province.ha-noi")] == 1
    assert found["portal_waiting_rows", ("documents", "file_check")] == 1
    assert found["portal_stage_seconds_max", ("delivery",)] > 0
    assert found["portal_heartbeat_age_seconds", ("beat",)] < 60
    assert "Hằng" not in text
