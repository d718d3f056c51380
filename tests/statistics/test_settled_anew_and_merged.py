"""A complaint opens a dossier again, and then its office is merged: the two lives of the dossier in the numbers,
in one queue, and before the right people."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Office, Role, User
from procedures.domain.errors import DomainError
from procedures.domain.lifecycle import Status
from procedures.models import Complaint, Dossier, SuccessionMove, Tally
from procedures.selectors.board import open_complaints_of
from procedures.selectors.complaints import complaints_of, may_answer, may_record_withdrawal
from procedures.selectors.decisions import may_propose
from procedures.selectors.definitions import procedure_of
from procedures.selectors.queue import ANY_STATUS, Wanted, queue_of
from procedures.selectors.reconciliation import reconcile
from procedures.selectors.statistics.dossiers import dossiers_behind
from procedures.selectors.statistics.extent import Extent, View
from procedures.selectors.statistics.recount import recount
from procedures.selectors.statistics.table import rate_table
from procedures.services import complaints, decisions, tallies
from procedures.services.log_check import findings
from procedures.services.succession import note_moves, succeed
from procedures.services.succession_plan import read_plan
from tests import makers
from tests.people import staff
from tests.procedures.casework.conftest import browser_of
from tests.procedures.casework.pages import text
from tests.statistics.test_succession import HEADER, small

pytestmark = pytest.mark.django_db
Offices = dict[str, Office]


@pytest.fixture(autouse=True)
def static_files() -> None:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


@pytest.fixture
def reviewer(officer: User) -> User:
    return staff("canbo3.hanoi", "Hoàng Văn Thái", Role.OFFICER, officer.office)


@pytest.fixture
def neighbour(offices: Offices) -> User:
    return staff("canbo.hoabinh", "Bùi Thị Mị", Role.OFFICER, offices["hoa-binh"])


@pytest.fixture
def neighbours_head(offices: Offices) -> User:
    return staff("lanhdao.hoabinh", "Đinh Công Tạ", Role.HEAD, offices["hoa-binh"])


@pytest.fixture
def neighbours(neighbour: User, neighbours_head: User) -> tuple[User, User]:
    return neighbour, neighbours_head


@pytest.fixture
def reopened(contributor: User, officer: User, head: User, reviewer: User) -> Dossier:
    return upheld(makers.refused(contributor, officer), reviewer)


def upheld(dossier: Dossier, reviewer: User) -> Dossier:
    complaint = complaints.complain(dossier, dossier.filer, "Xin xem lại sổ trang 3.")
    complaints.answer(complaint, reviewer, outcome="upheld", text="Đúng, giải quyết lại.")
    return makers.fresh(dossier)


def merged(*people: User, on: date | None = None) -> None:
    """Hà Nội and Hoà Bình become one office; who is loaded already works there from now on."""
    succeed(small(on))
    while note_moves():
        pass
    for one in people:
        one.refresh_from_db()


def counted() -> dict[tuple[str, str], int]:
    tallies.fold_all()
    rows = Tally.objects.values_list("office_id", "event", "count")
    return {(office, event): number for office, event, number in rows if office != "dak-lak"}


def queues_with(dossier: Dossier) -> set[str]:
    """Which offices have it in their queue, asked as an officer of each."""
    found = set()
    for office in Office.objects.all():
        asking = User.objects.create_user(f"x.{office.key}", role=Role.OFFICER, office=office, full_name="X")
        if dossier.pk in {one.pk for one in queue_of(asking).dossiers}:
            found.add(office.key)
        asking.delete()
    return found


def test_both_decisions_are_counted_where_they_were_taken_and_the_filing_once(
    reopened: Dossier, reviewer: User, neighbours_head: User, hq: User
) -> None:
    before = counted()
    assert before == {("ha-noi", "file"): 1, ("ha-noi", "refuse"): 1}
    merged(reviewer, neighbours_head)
    assert counted() == before
    assert recount().mismatches == []
    decisions.propose_approval(makers.held(reopened, reviewer), reviewer, amount_vnd=44_980_714)
    decisions.sign(makers.fresh(reopened), neighbours_head)
    after = counted()
    assert after == {**before, ("thu-do-moi", "approve"): 1}
    assert recount().mismatches == []
    tallies.rebuild()
    assert counted() == after
    today = timezone.localdate()
    then, now = (Extent(first=today, last=today, view=view) for view in (View.THEN, View.NOW))
    for extent, office in ((then, "ha-noi"), (now, "thu-do-moi")):
        table = rate_table(extent)
        assert {row.key: row.count.total for row in table.rows if row.count.total} == {office: 1}
        assert table.total.count.total == 1
        assert [one.pk for one in dossiers_behind(hq, extent, office).dossiers] == [reopened.pk]
    assert reconcile().is_balanced
    assert list(findings()) == []


def test_it_stands_in_the_queue_of_one_office(reopened: Dossier, reviewer: User, neighbour: User) -> None:
    assert queues_with(reopened) == {"ha-noi"}
    merged(reviewer, neighbour)
    assert queues_with(reopened) == {"thu-do-moi"}
    moved = makers.fresh(reopened)
    assert (moved.status, moved.office_id, moved.due_on) == (Status.QUEUED, "thu-do-moi", reopened.due_on)
    assert moved.assignee == reviewer  # still the next work of who found the complaint right
    assert SuccessionMove.objects.filter(dossier=reopened).count() == 1
    decisions.propose_approval(makers.held(moved, neighbour), neighbour, amount_vnd=1_000_000)
    assert queues_with(reopened) == {"thu-do-moi"}


def test_who_decided_before_the_merger_still_neither_proposes_nor_signs(
    reopened: Dossier, officer: User, head: User, reviewer: User, neighbours: tuple[User, User]
) -> None:
    neighbour, neighbours_head = neighbours
    merged(officer, head, reviewer, neighbour, neighbours_head)
    for earlier in (officer, head):
        with pytest.raises(DomainError, match="đã tham gia quyết định trước"):
            decisions.propose_approval(makers.held(reopened, earlier), earlier, amount_vnd=1_000_000)
    decisions.propose_approval(makers.held(reopened, neighbour), neighbour, amount_vnd=1_000_000)
    proposal = decisions.open_proposal(makers.fresh(reopened))
    assert proposal is not None
    # Before the merger another officer would have signed, since every head had a part.
    assert [decisions.may_sign(one, proposal) for one in (officer, head, reviewer, neighbours_head)] == [
        False,
        False,
        False,
        True,
    ]
    with pytest.raises(DomainError):
        decisions.sign(makers.fresh(reopened), head)
    assert makers.fresh(reopened).status == Status.PROPOSED


def test_where_nobody_was_left_the_merger_brings_somebody(
    contributor: User, officer: User, head: User, hq: User, neighbours: tuple[User, User]
) -> None:
    neighbour, neighbours_head = neighbours
    dossier = upheld(makers.refused(contributor, officer), hq)
    assert may_propose(officer, dossier)
    merged(officer, head, neighbour, neighbours_head)
    moved = makers.fresh(dossier)
    assert [may_propose(one, moved) for one in (officer, head, neighbour)] == [False, False, True]


def test_a_proposal_that_waits_during_the_merger_is_signed_by_somebody_new(
    reopened: Dossier, reviewer: User, head: User, neighbours_head: User
) -> None:
    decisions.propose_approval(makers.held(reopened, reviewer), reviewer, amount_vnd=1_000_000)
    merged(reviewer, head, neighbours_head)
    assert queues_with(reopened) == {"thu-do-moi"}
    with pytest.raises(DomainError):
        decisions.sign(makers.fresh(reopened), head)
    decisions.sign(makers.fresh(reopened), neighbours_head)
    assert makers.fresh(reopened).status == Status.APPROVED
    assert counted()[("thu-do-moi", "approve")] == 1
    assert recount().mismatches == []


def test_a_second_complaint_after_the_merger_opens_it_at_the_new_office_and_it_moves_again(
    reopened: Dossier, reviewer: User, neighbour: User, neighbours_head: User
) -> None:
    merged(reviewer, neighbour, neighbours_head, on=timezone.localdate() - timedelta(days=1))
    ground = procedure_of(reopened).refusals[0]
    held = makers.held(reopened, reviewer)
    decisions.propose_refusal(held, reviewer, reason_code=ground.code, reason=ground.words)
    decisions.sign(held, neighbours_head)
    refused = makers.fresh(reopened)
    complaint = complaints.complain(refused, refused.filer, "Vẫn chưa đúng.")
    assert complaint in complaints_of(neighbour)
    complaints.answer(complaint, neighbour, outcome="partly", text="Đúng một phần.")
    again = f"{HEADER}\nthu-do-moi,vung-thu-do,Vùng Thủ đô,BHXH Vùng Thủ đô,018,18\n"
    succeed(read_plan(again, timezone.localdate()))
    third = User.objects.create_user("canbo.vung", role=Role.OFFICER, full_name="Y", office_id="vung-thu-do")
    assert queues_with(reopened) == {"vung-thu-do"}
    for one in (reviewer, neighbour, neighbours_head):
        one.refresh_from_db()
    moved = makers.fresh(reopened)
    assert [may_propose(one, moved) for one in (reviewer, neighbours_head, neighbour, third)] == [
        False,
        False,
        True,
        True,
    ]
    assert counted() == {
        ("ha-noi", "file"): 1,
        ("ha-noi", "refuse"): 1,
        ("thu-do-moi", "refuse"): 1,
    }
    assert recount().mismatches == []
    assert reconcile().is_balanced


def test_a_complaint_that_waits_during_the_merger_is_taken_back_at_the_successors_counter(
    officer: User, head: User, neighbour: User, officer_elsewhere: User
) -> None:
    dossier = makers.complained_on_paper(officer)
    merged(officer, head, neighbour)
    complaint = Complaint.objects.get()
    listed = queue_of(neighbour, Wanted(status=ANY_STATUS)).dossiers
    assert [one.pk for one in listed] == [dossier.pk]
    people = (officer, head, neighbour, officer_elsewhere)
    assert [may_record_withdrawal(one, complaint) for one in people] == [False, False, True, False]
    complaints.record_withdrawal(dossier, neighbour, signed_on=timezone.localdate())
    assert Complaint.objects.get().withdrawn_by == neighbour
    assert recount().mismatches == []


def test_a_complaint_that_waits_during_the_merger_is_answered_by_the_successor(
    contributor: User, officer: User, head: User, neighbours: tuple[User, User]
) -> None:
    dossier = makers.refused(contributor, officer)
    complaint = complaints.complain(dossier, contributor, "Xin xem lại sổ trang 3.")
    neighbour, neighbours_head = neighbours
    merged(officer, head, *neighbours)
    page = reverse("casework:complaint", args=[complaint.public_id])
    for one in (officer, head, *neighbours):
        assert str(dossier.reference) in text(browser_of(one).get(reverse("casework:complaints")))
    assert open_complaints_of(neighbours_head) == 1
    complaint = Complaint.objects.get()
    assert [may_answer(one, complaint) for one in (officer, head, *neighbours)] == [False, False, True, True]
    given = {"outcome": "upheld", "answer": "Đúng; ông/bà nộp hồ sơ mới, cơ quan giải quyết trong 5 ngày."}
    assert browser_of(neighbour).post(page, given).status_code == 302
    assert Complaint.objects.get().reviewer == neighbour
    assert makers.fresh(dossier).status == Status.REFUSED  # what was merged isn't opened again
    assert list(findings()) == []


def test_the_headquarters_answer_only_where_the_successor_has_nobody_either(
    contributor: User, officer: User, head: User, hq: User
) -> None:
    complaint = complaints.complain(makers.refused(contributor, officer), contributor, "Xin xem lại.")
    merged(officer, head)
    page = reverse("casework:complaint", args=[complaint.public_id])
    assert browser_of(hq).get(page).status_code == 200
    staff("canbo.thudo", "Bùi Thị Mị", Role.OFFICER, Office.objects.get(key="thu-do-moi"))
    assert browser_of(hq).get(page).status_code == 404
    assert str(complaint.dossier.reference) not in text(browser_of(hq).get(reverse("casework:complaints")))
