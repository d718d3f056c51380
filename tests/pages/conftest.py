import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as site_settings

from accounts.models import User
from tests.architecture.test_isolation import ROLES, Ground
from tests.pages.screen import built_assets
from tests.pages.walk import Visit, full_ground, visits_in


@pytest.fixture
def people(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> dict[str, User | None]:
    caplog.set_level(logging.CRITICAL, "django.request")  # what isn't there for somebody
    site_settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    return {role: request.getfixturevalue(role) if role != "anonymous" else None for role in ROLES}


@pytest.fixture
def ground(people: dict[str, User | None], settings: Any) -> Ground:
    built_assets()  # before the first page asks whether they are there
    settings.DEMO = True  # with the demo's mailbox and the style page
    return full_ground(people)


WALKED: dict[str, list[Visit]] = {}


@pytest.fixture
def walk(request: pytest.FixtureRequest) -> Callable[[str], list[Visit]]:
    """All pages in a language. They are walked once for all tests that look at them: those of one language share
    a worker (``xdist_group``)."""

    def visits(language: str) -> list[Visit]:
        if language not in WALKED:
            people, ground = request.getfixturevalue("people"), request.getfixturevalue("ground")
            WALKED[language] = list(visits_in(people, ground, language))
        return WALKED[language]

    return visits
