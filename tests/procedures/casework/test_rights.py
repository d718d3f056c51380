"""Rights: every officer's URL, tried as everybody. What isn't the office's doesn't exist."""

import uuid
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, resolve, reverse

from accounts.models import User
from procedures.casework.urls import urlpatterns
from procedures.domain.lifecycle import Status
from procedures.models import Dossier
from procedures.selectors.queue import Wanted, attachment_in_office, dossier_in_office, queue_of
from tests import makers
from tests.procedures.casework.conftest import browser_of
from tests.procedures.casework.pages import read, references, text, url

OF_FILES = {"file", "view", "page"}
OF_TRANSFERS = {"answer_transfer"}  # tried in test_transfers
OF_PAPER_DOSSIERS = {
    *("intake_done", "intake_receipt", "counter_supplement", "counter_withdraw", "counter_complaint_back")
}
# Pages that officers share with others, or have no part in: tests/architecture/test_isolation.py walks them.
OTHERS = {"head", "hq", "officer or hq", "staff"}
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
POST = {
    "seen": "1",
    "document": "so_bhxh",
    "amount_vnd": "1000000",
    "reason_code": "dang_dong",
    "reason": "x",
}


@pytest.fixture
def dossier(contributor: User) -> Dossier:
    return makers.checked(makers.queued(contributor, on_paper=[]))


def addresses(dossier: Dossier) -> Iterator[str]:
    """Every address of the casework for this dossier, taken from the URL conf itself."""
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        if pattern.name in OF_TRANSFERS or getattr(pattern.callback, "guarded_for", "") in OTHERS:
            continue
        name, named = f"casework:{pattern.name}", set(pattern.pattern.converters)
        common = {"code": "bhxh_mot_lan", "page": 1}
        more = {key: value for key, value in common.items() if key in named}
        if "public_id" not in named:
            yield reverse(name, kwargs=more)
        elif pattern.name in OF_FILES:
            for attachment in dossier.attachments.all():
                yield reverse(name, kwargs={"public_id": attachment.public_id, **more})
        else:
            yield reverse(name, kwargs={"public_id": dossier.public_id})


def of_this_dossier(dossier: Dossier) -> list[str]:
    return [
        address for address in addresses(dossier) if str(dossier.public_id) in address or "/tep/" in address
    ]


def test_every_address_is_walked(dossier: Dossier) -> None:
    assert len(list(addresses(dossier))) >= 30


def test_every_view_says_whom_it_is_for() -> None:
    for pattern in urlpatterns:
        assert getattr(pattern.callback, "guarded_for", "") in {"officer", *OTHERS}, pattern


@pytest.mark.parametrize("role", ["issuer", "hq", "contributor", "outsider", "issuer_elsewhere"])
def test_other_roles_find_nothing_at_any_address(
    dossier: Dossier, role: str, request: pytest.FixtureRequest
) -> None:
    client = browser_of(request.getfixturevalue(role))
    for address in addresses(dossier):
        for method in METHODS:
            assert getattr(client, method)(address, POST).status_code == 404, (method, address)
    assert makers.fresh(dossier).status == Status.QUEUED


def test_an_officer_of_another_province_finds_nothing_of_the_dossier(
    dossier: Dossier, desk_elsewhere: Client
) -> None:
    for address in of_this_dossier(dossier):
        for method in ("get", "head", "post"):
            status = getattr(desk_elsewhere, method)(address, POST).status_code
            assert status in (404, 405), (method, address)
        assert desk_elsewhere.post(address, POST).status_code in (404, 405)
        assert desk_elsewhere.get(address).status_code in (404, 405)
    assert makers.fresh(dossier).status == Status.QUEUED
    assert not dossier.events.filter(act="paper_received").exists()


def test_a_foreign_dossier_looks_exactly_like_one_that_does_not_exist(
    dossier: Dossier, desk_elsewhere: Client
) -> None:
    foreign = desk_elsewhere.get(url("dossier", dossier))
    nowhere = desk_elsewhere.get(reverse("casework:dossier", kwargs={"public_id": uuid.uuid4()}))
    assert (foreign.status_code, text(foreign)) == (nowhere.status_code, text(nowhere))


def test_a_stranger_is_led_to_the_login_page(dossier: Dossier, client: Client) -> None:
    for address in addresses(dossier):
        for method in ("get", "post"):
            response = getattr(client, method)(address, POST)
            assert response.status_code == 302, (method, address)
            assert response["Location"].startswith(reverse("accounts:login"))


def test_a_head_of_office_may_do_what_an_officer_does(dossier: Dossier, head: User) -> None:
    client = browser_of(head)
    client.post(url("take", dossier))
    for address in addresses(dossier):
        response = client.get(address)
        nothing = {404} if resolve(address).url_name in OF_PAPER_DOSSIERS else set()
        assert response.status_code in {200, 302, 405} | nothing, address
        if response.streaming:
            read(response)


def test_the_query_cannot_widen_the_office(dossier: Dossier, desk_elsewhere: Client) -> None:
    for words in (str(dossier.reference), "nguyen thi hang", "0119000001", ""):
        for more in ({}, {"office": "ha-noi"}, {"office_id": "ha-noi"}, {"co_quan": "ha-noi"}):
            for status in ("", "all", "queued"):
                query = {"q": words, "trang_thai": status, **more}
                response = desk_elsewhere.get("/can-bo/", query)
                assert references(response) == []
                assert str(dossier.public_id) not in response.content.decode()
    # The cursor of another office's list leads nowhere else either.
    place = f"{dossier.due_on}_{dossier.pk - 1}"
    assert references(desk_elsewhere.get("/can-bo/", {"sau": place})) == []


def test_drafts_and_dossiers_on_their_way_do_not_exist_for_officers(
    desk: Client, contributor: User, pensioner: User
) -> None:
    for dossier in (makers.draft(contributor), makers.filed(pensioner)):
        for address in of_this_dossier(dossier):
            assert desk.get(address).status_code in (404, 405)
            assert desk.post(address, POST).status_code in (404, 405)


def test_an_officer_who_changed_role_or_office_is_out_at_the_next_click(
    desk: Client, dossier: Dossier, officer: User, officer_elsewhere: User
) -> None:
    assert desk.get(url("dossier", dossier)).status_code == 200
    User.objects.filter(pk=officer.pk).update(office=officer_elsewhere.office)
    assert desk.get(url("dossier", dossier)).status_code == 404
    User.objects.filter(pk=officer.pk).update(role="issuer")
    assert desk.get("/can-bo/").status_code == 404


def test_the_selectors_themselves_keep_to_the_office(
    dossier: Dossier, officer_elsewhere: User, issuer: User, contributor: User, hq: User
) -> None:
    file = dossier.attachments.get()
    for user in (officer_elsewhere, issuer, contributor, hq):
        assert queue_of(user, Wanted(status="all")).dossiers == []
        with pytest.raises(Dossier.DoesNotExist):
            dossier_in_office(user, dossier.public_id)
        with pytest.raises(type(file).DoesNotExist):
            attachment_in_office(user, file.public_id)


def test_acts_need_the_csrf_token(dossier: Dossier, officer: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(officer)
    for act in ("propose_approval", "propose_refusal", "supplement", "receive_original"):
        assert client.post(url(act, dossier), {**POST, "sure": "1"}).status_code == 403
    assert makers.fresh(dossier).status == Status.QUEUED
