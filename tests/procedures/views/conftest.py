import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User


@pytest.fixture(autouse=True)
def static_files() -> None:
    """WhiteNoise warns when their folder is missing."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


@pytest.fixture
def visitor() -> Client:
    """A browser in which nobody is logged in."""
    return Client()


@pytest.fixture
def browser(contributor: User) -> Client:
    """The contributor's browser."""
    return browser_of(contributor)


@pytest.fixture
def browser_elsewhere(outsider: User) -> Client:
    """The browser of a citizen with no part in the contributor's dossiers."""
    return browser_of(outsider)


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
