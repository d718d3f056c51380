"""Nobody reaches a dossier that isn't theirs, by any address; and what every page costs."""

import uuid
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from procedures import urls
from procedures.models import Dossier
from tests import makers

MOST_QUERIES = 12
MOST_QUERIES_OF_A_BUNDLE = 48  # every paper, proof and message of a dossier at once
MOST_QUERIES_OF_A_PAPER = 20  # a PDF or a proof: asked for now and then, never on the way
OWN = [pattern.name for pattern in urls.urlpatterns if "public_id" in str(pattern.pattern)]


def address(name: str, dossier: Dossier) -> str:
    parts: dict[str, object] = {"public_id": dossier.public_id}
    if name == "step":
        parts["name"] = "nguoi_nop"
    if name == "signing_content":
        parts["kind"] = "pdf"
    if name in ("attachment", "piece"):  # no file of these is on its way: test_incoming has one
        parts["file_id"] = dossier.attachments.all()[0].public_id
    if name == "supplement_pdf":
        request = dossier.supplement_requests.first()
        parts["request_id"] = request.pk if request else 1
    return reverse(f"procedures:{name}", kwargs=parts)


@pytest.fixture
def theirs(contributor: User, officer: User) -> Iterator[list[Dossier]]:
    """One dossier of the contributor's in every state."""
    return [
        makers.supplement_requested(contributor, officer),
        makers.approved(contributor, officer),
        makers.queued(contributor),
        makers.draft(contributor),
    ]


@pytest.mark.parametrize("name", OWN)
def test_another_citizen_finds_nothing(browser_elsewhere: Client, theirs: list[Dossier], name: str) -> None:
    for dossier in theirs:
        place = address(name, dossier)
        assert {browser_elsewhere.get(place).status_code, browser_elsewhere.post(place).status_code} <= {
            404,
            405,
        }


@pytest.mark.parametrize("name", OWN)
def test_an_officer_has_no_part_in_the_citizens_pages(
    officer: User, visitor: Client, theirs: list[Dossier], name: str
) -> None:
    visitor.force_login(officer)
    place = address(name, theirs[0])

    assert {visitor.get(place).status_code, visitor.post(place).status_code} <= {404, 405}


@pytest.mark.parametrize("name", OWN)
def test_who_is_not_logged_in_is_sent_to_log_in(visitor: Client, theirs: list[Dossier], name: str) -> None:
    place = address(name, theirs[0])
    responses = [r for r in (visitor.get(place), visitor.post(place)) if r.status_code != 405]

    assert responses
    assert all(response["Location"].startswith("/dang-nhap") for response in responses)


def test_an_unknown_dossier_is_no_page(browser: Client) -> None:
    assert browser.get(f"/ho-so/{uuid.uuid4()}/").status_code == 404
    assert browser.get("/ho-so/abc/").status_code == 404


def test_a_file_is_reached_only_through_its_own_dossier(browser: Client, theirs: list[Dossier]) -> None:
    mine, other = theirs[0], theirs[1]
    file = mine.attachments.all()[0]

    assert browser.get(f"/ho-so/{other.public_id}/tep/{file.public_id}/").status_code == 404


def test_a_file_can_do_nothing_in_the_browser(browser: Client, contributor: User) -> None:
    dossier = makers.draft(contributor)
    makers.attach(dossier, "so_bhxh", makers.pdf())
    for file in makers.checked(dossier).attachments.all():
        response = browser.get(f"/ho-so/{dossier.public_id}/tep/{file.public_id}/")
        assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "no-store"
        assert response["Content-Type"] == file.content_type
        is_pdf = file.content_type == "application/pdf"
        assert response["Content-Disposition"].startswith("attachment" if is_pdf else "inline")
        assert b"".join(response.streaming_content)


def test_a_paper_of_the_portal_is_kept_by_no_cache(browser: Client, theirs: list[Dossier]) -> None:
    response = browser.get(address("form_pdf", theirs[2]))

    assert response.content.startswith(b"%PDF")
    assert response["Cache-Control"] == "no-store"


def test_no_page_costs_more_than_twelve_queries(browser: Client, theirs: list[Dossier]) -> None:
    pages = [reverse("procedures:my_dossiers"), reverse("procedures:list"), "/thu-tuc/tu_tuat/"]
    pages += [address(name, dossier) for dossier in theirs for name in OWN]
    costs = {}
    for page in pages:
        with CaptureQueriesContext(connection) as queries:
            response = browser.get(page)
        costs[page] = len(queries)
        if response.streaming:
            list(response.streaming_content)

    assert {page: cost for page, cost in costs.items() if cost > _most(page)} == {}


def _most(page: str) -> int:
    if page.endswith(".zip"):
        return MOST_QUERIES_OF_A_BUNDLE
    return MOST_QUERIES_OF_A_PAPER if page.endswith((".pdf", ".json")) else MOST_QUERIES


def test_a_page_of_many_dossiers_costs_no_more(browser: Client, contributor: User) -> None:
    for _ in range(4):
        makers.queued(contributor)
    with CaptureQueriesContext(connection) as queries:
        browser.get("/ho-so/")

    assert len(queries) <= MOST_QUERIES


def test_older_dossiers_are_on_the_next_page(browser: Client, contributor: User) -> None:
    made = [
        Dossier.objects.create(filer=contributor, procedure="bhxh_mot_lan", edition="2019") for _ in range(23)
    ]
    first = browser.get("/ho-so/")
    second = browser.get("/ho-so/", {"sau": first.context["following"]})
    shown = [item["dossier"].pk for item in (*first.context["shown"], *second.context["shown"])]

    assert sorted(shown) == [dossier.pk for dossier in made]
    assert len(first.context["shown"]) == 20
    assert browser.get("/ho-so/", {"sau": "x_y"}).context["shown"][0]["dossier"].pk == shown[0]
