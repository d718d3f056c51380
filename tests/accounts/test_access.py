"""The doors of pages, one by one: who passes, who is led to the log-in page, for whom there is no page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from accounts.models import Role, User
from accounts.services.second_factor import VERIFIED
from accounts.views import access

Door = Callable[[Any], Any]
DOORS: dict[Door, tuple[str, set[Role]]] = {
    access.citizen_required: ("citizen", {Role.CITIZEN}),
    access.officer_required: ("officer", {Role.OFFICER, Role.HEAD}),
    access.head_required: ("head", {Role.HEAD}),
    access.overseer_required: ("overseer", {Role.HEAD, Role.HQ}),
    access.casework_or_hq_required: ("officer or hq", {Role.OFFICER, Role.HEAD, Role.HQ}),
    access.staff_required: ("staff", set(Role) - {Role.CITIZEN}),
    access.issuer_required: ("issuer", {Role.ISSUER}),
    access.keyholder_required: ("keyholder", {Role.ISSUER, Role.HEAD, Role.HQ}),
    access.hq_required: ("hq", {Role.HQ}),
    access.login_required: ("anybody logged in", set(Role)),
}
ASKED = "/ho-so/?sau=1"


def asks(role: Role | None, *, both_factors: bool = True, method: str = "get") -> HttpRequest:
    request: HttpRequest = getattr(RequestFactory(), method)(ASKED)
    user = User(pk=7, login="x", role=role) if role else AnonymousUser()
    request.user = user
    request.session = {VERIFIED: 7} if both_factors else {}  # type: ignore[assignment]
    return request


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_a_door_lets_in_whom_it_is_for_and_is_no_page_for_others(door: Door) -> None:
    name, may = DOORS[door]

    @door
    def page(request: HttpRequest, number: int, *, word: str) -> HttpResponse:
        """Words of the page."""
        return HttpResponse(f"{number} {word}")

    assert (page.guarded_for, page.__name__, page.__doc__) == (name, "page", "Words of the page.")
    for role in Role:
        if role in may:
            assert page(asks(role), 3, word="xin chào").content.decode() == "3 xin chào"
        else:
            with pytest.raises(Http404):
                page(asks(role), 3, word="xin chào")
    led = page(asks(None), 3, word="xin chào")
    assert led.status_code == 302


@pytest.mark.parametrize("role", [role for role in Role if role != Role.CITIZEN])
def test_staff_who_have_shown_a_password_only_are_nobody_yet(role: Role) -> None:
    page = access.login_required(lambda request: HttpResponse("here"))
    assert page(asks(role, both_factors=False)).status_code == 302
    another = asks(role)
    another.session[VERIFIED] = 8  # somebody else's second factor
    assert page(another).status_code == 302
    assert access.has_entered(asks(role))
    assert not access.has_entered(asks(role, both_factors=False))
    assert access.has_entered(asks(Role.CITIZEN, both_factors=False))
    assert not access.has_entered(asks(None))


@pytest.mark.parametrize(
    ("method", "back"), [("get", "/ho-so/%3Fsau%3D1"), ("head", "/ho-so/%3Fsau%3D1"), ("post", "/ho-so/")]
)
def test_after_logging_in_one_comes_back_but_no_post_is_repeated(method: str, back: str) -> None:
    page = access.citizen_required(lambda request: HttpResponse("here"))
    led = page(asks(None, method=method))
    assert led.headers["Location"] == f"{reverse('accounts:login')}?next={back}"


def test_a_fragment_sends_the_whole_browser_to_the_login_page() -> None:
    page = access.citizen_required(lambda request: HttpResponse("here"))
    request = asks(None)
    request.htmx = True  # type: ignore[attr-defined]
    led = page(request)
    assert (led.status_code, led.headers["HX-Redirect"]) == (
        200,
        f"{reverse('accounts:login')}?next=/ho-so/%3Fsau%3D1",
    )
    request.htmx = False  # type: ignore[attr-defined]
    assert page(request).status_code == 302


def test_the_person_behind_a_request() -> None:
    assert access.user_of(asks(Role.HQ)).pk == 7
    with pytest.raises(Http404):
        access.user_of(asks(None))
