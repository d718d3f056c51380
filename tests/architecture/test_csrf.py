"""No route takes anything from a page of somebody else's site. What wapiti says of a form it can't judge
(benchmarks/scanners.py) is answered here for every one of them."""

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.architecture.test_walls import ROUTES

# Answered to programs: a carrier's signature stands where a person has the token.
SIGNED = {"accounts:sms_receipt"}
UNSAFE = ("post", "put", "patch", "delete")


def values_of(name: str) -> dict[str, object]:
    """Anything where an object's id stands: the token is asked for before anything is looked up."""
    made = {"UUIDConverter": UUID(int=1), "IntConverter": 1}
    return {key: made.get(type(it).__name__, "x") for key, it in ROUTES[name].pattern.converters.items()}


def address_of(name: str) -> str:
    return reverse(name, kwargs=values_of(name))


def is_refused(client: Client, method: str, address: str, **headers: str) -> bool:
    answer = getattr(client, method)(address, headers=headers)
    return answer.status_code == 403 and "403_csrf.html" in [template.name for template in answer.templates]


@pytest.mark.django_db
def test_every_route_refuses_what_comes_without_the_csrf_token(contributor: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(contributor)
    taken = {name for name in ROUTES for method in UNSAFE if not is_refused(client, method, address_of(name))}
    assert taken == SIGNED


@pytest.mark.django_db
def test_with_the_token_of_the_page_the_same_request_is_read(client: Client) -> None:
    """The control: else a refusal of everything would prove nothing."""
    client.handler.enforce_csrf_checks = True
    address = address_of("procedures:verify")
    client.get(address)
    token = client.cookies["csrftoken"].value
    assert not is_refused(client, "post", address, X_CSRFToken=token)
    assert is_refused(client, "post", address, X_CSRFToken="a" * 64)
    assert is_refused(client, "post", address)
