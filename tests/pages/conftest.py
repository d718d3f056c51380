import logging
from typing import Any

import pytest
from django.conf import settings as site_settings

from accounts.models import User
from tests.architecture.test_isolation import ROLES, Ground
from tests.pages.screen import built_assets
from tests.pages.walk import full_ground


@pytest.fixture
def people(request: pytest.FixtureRequest) -> dict[str, User | None]:
    logging.getLogger("django.request").setLevel(logging.CRITICAL)  # what isn't there for somebody
    site_settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    return {role: request.getfixturevalue(role) if role != "anonymous" else None for role in ROLES}


@pytest.fixture
def ground(people: dict[str, User | None], settings: Any) -> Ground:
    built_assets()  # before the first page asks whether they are there
    settings.DEMO = True  # with the demo's mailbox and the style page
    return full_ground(people)
