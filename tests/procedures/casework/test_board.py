"""The head of office's board: every number is the length of its list; work is dealt out in one act."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from procedures.models import Dossier, HandOver
from procedures.selectors.colleagues import unread_of
from procedures.services import ratings
from tests import makers
from tests.people import Citizen, staff
from tests.procedures.casework.conftest import browser_of
from tests.procedures.casework.pages import references, text

pytestmark = pytest.mark.django_db
BOARD = reverse("casework:board")


@pytest.fixture
def board(head: User) -> Client:
    return browser_of(head)


@pytest.fixture
def colleague(officer: User) -> User:
    return staff("canbo2.hanoi", "Lê Thị Mận", Role.OFFICER, officer.office)


def many(citizen: Citizen, number: int) -> list[Dossier]:
    return [makers.queued(citizen(f"01190001{n:02d}", "Lê Văn Ba")) for n in range(number)]


def cells(page: Any) -> list[tuple[str, int]]:
    """Address and number of every cell that has a list."""
    html = page.content.decode()
    found = re.findall(r'<a href="(/can-bo/\?[^"]*)">([0-9.]+)</a>', html)
    return [(unescape(url), int(number)) for url, number in found]


def test_every_cell_opens_a_list_of_that_length(
    board: Client, citizen: Citizen, officer: User, colleague: User
) -> None:
    made = many(citizen, 6)
    for dossier, days in zip(made, (-3, -1, 0, 2, 9, 9), strict=True):
        makers.due_on(dossier, days)
    makers.held(made[0], officer)
    makers.held(made[3], colleague)
    makers.lease_over(makers.held(made[4], officer))
    page = board.get(BOARD)
    found = cells(page)
    assert sum(1 for _ in found) > 12
    for url, number in found:
        assert len(references(board.get(url))) == number, url
    assert "Lê Thị Mận" in text(page)


def test_the_board_costs_the_same_however_much_there_is(
    board: Client, citizen: Citizen, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    many(citizen, 3)
    with django_assert_max_num_queries(12):  # session, account; open work, results, ratings, complaints
        board.get(BOARD)


def test_results_after_their_day_are_counted_and_listed(
    board: Client, citizen: Citizen, officer: User
) -> None:
    in_time, late = many(citizen, 2)
    makers.due_on(makers.approve(late, officer), -1)
    makers.approve(in_time, officer)
    assert "Đúng hẹn 50,00%" in text(board.get(BOARD))
    page = text(board.get(reverse("casework:late")))
    assert str(late.reference) in page
    assert str(in_time.reference) not in page


def test_ratings_of_the_office_are_averaged(board: Client, citizen: Citizen, officer: User) -> None:
    for dossier, mark in zip(many(citizen, 2), (5, 2), strict=True):
        ratings.rate(makers.approve(dossier, officer), ease=mark, service=4)
    assert "dễ làm 3,5/5 · phục vụ 4,0/5 (2 người)" in text(board.get(BOARD))


def deal(board: Client, sources: list[Any], targets: list[User], reason: str = "Nghỉ ốm.") -> Any:
    given = {"sources": sources, "targets": [one.pk for one in targets], "reason": reason}
    return board.post(BOARD, given)


def holders() -> dict[str, int]:
    found: dict[str, int] = {}
    for name in Dossier.objects.values_list("assignee__full_name", flat=True):
        found[name or ""] = found.get(name or "", 0) + 1
    return found


def test_nobody_s_work_goes_to_who_has_fewest(
    board: Client, head: User, citizen: Citizen, officer: User, colleague: User
) -> None:
    made = many(citizen, 6)
    makers.held(made[0], officer)
    makers.held(made[1], officer)
    assert deal(board, ["nobody"], [officer, colleague]).status_code == 302
    assert holders() == {"Phạm Minh Châu": 3, "Lê Thị Mận": 3}
    assert HandOver.objects.filter(kind="assign", by=head, reason="Nghỉ ốm.").count() == 4
    assert len(unread_of(colleague)) == 3


def test_an_absent_officer_s_work_goes_on(
    board: Client, citizen: Citizen, officer: User, colleague: User
) -> None:
    for dossier in many(citizen, 3):
        makers.lease_over(makers.held(dossier, officer))
        Dossier.objects.filter(pk=dossier.pk).update(held_until=None)  # given, not begun
    User.objects.filter(pk=officer.pk).update(is_active=False)
    page = board.get(BOARD)
    assert "đã nghỉ" in text(page)
    assert all(len(references(board.get(url))) == number for url, number in cells(page))
    assert deal(board, [officer.pk], [colleague]).status_code == 302
    assert holders() == {"Lê Thị Mận": 3}


def test_a_balance_moves_no_more_than_it_must(
    board: Client, citizen: Citizen, officer: User, colleague: User
) -> None:
    for dossier in many(citizen, 4):
        makers.held(dossier, officer)
    Dossier.objects.update(held_until=None)
    deal(board, [officer.pk], [officer, colleague])
    assert holders() == {"Phạm Minh Châu": 2, "Lê Thị Mận": 2}
    assert HandOver.objects.filter(kind="assign").count() == 2


def test_what_somebody_is_working_on_stays(
    board: Client, citizen: Citizen, officer: User, colleague: User
) -> None:
    one, other = many(citizen, 2)
    makers.held(one, officer)
    makers.held(other, officer)
    Dossier.objects.filter(pk=other.pk).update(held_until=None)
    page = board.post(
        BOARD, {"sources": [officer.pk], "targets": [colleague.pk], "reason": "Nghỉ."}, follow=True
    )
    assert "1 hồ sơ đang có người mở" in text(page)
    assert makers.fresh(one).assignee == officer
    assert makers.fresh(other).assignee == colleague


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"targets": ["officer"], "reason": "x"}, "người đang có việc"),
        ({"sources": ["nobody"], "reason": "x"}, "người nhận việc"),
        ({"sources": ["nobody"], "targets": ["officer"]}, "lý do"),
        ({"sources": ["999999"], "targets": ["officer"], "reason": "x"}, "999999"),
        ({"sources": ["nobody"], "targets": ["999999"], "reason": "x"}, "999999"),
    ],
)
def test_a_choice_that_is_missing_or_foreign_moves_nothing(
    board: Client, citizen: Citizen, officer: User, given: dict[str, Any], words: str
) -> None:
    many(citizen, 1)
    sent = {**given, "targets": [officer.pk if one == "officer" else one for one in given.get("targets", [])]}
    response = board.post(BOARD, sent)
    assert response.status_code == 422
    assert words in text(response)
    assert holders() == {"": 1}


def test_no_work_leaves_the_office(
    board: Client, citizen: Citizen, officer: User, officer_elsewhere: User
) -> None:
    many(citizen, 1)
    assert deal(board, ["nobody"], [officer_elsewhere]).status_code == 422
    assert holders() == {"": 1}


@pytest.mark.parametrize("role", ["officer", "officer_elsewhere", "issuer", "hq", "outsider"])
def test_only_a_head_has_a_board(request: pytest.FixtureRequest, citizen: Citizen, role: str) -> None:
    many(citizen, 1)
    client = browser_of(request.getfixturevalue(role))
    for address in (BOARD, reverse("casework:late")):
        assert client.get(address).status_code == 404
        assert client.post(address, {"sources": ["nobody"]}).status_code == 404


def test_a_day_s_work_is_in_its_band(board: Client, citizen: Citizen) -> None:
    dossier = many(citizen, 1)[0]
    for days in (-1, 0, 1, 3, 4):
        makers.due_on(dossier, days)
        day: date = timezone.localdate() + timedelta(days=days)
        assert all(len(references(board.get(url))) == number for url, number in cells(board.get(BOARD))), day
