import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User


@pytest.fixture(autouse=True)
def static_files() -> None:
    """WhiteNoise warns when their folder is missing."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


@pytest.fixture
def desk(officer: User) -> Client:
    """The browser of the officer of Hà Nội."""
    return browser_of(officer)


@pytest.fixture
def desk_elsewhere(officer_elsewhere: User) -> Client:
    """The browser of the officer of TP Hồ Chí Minh."""
    return browser_of(officer_elsewhere)


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
