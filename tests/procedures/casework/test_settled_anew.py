"""An upheld complaint opens the dossier for a new decision, by people who had no part in the earlier one."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from portal.lib.working_days import add_working_days
from procedures.domain.errors import DomainError, NotAllowed
from procedures.domain.lifecycle import Act, Status
from procedures.models import Clock, Complaint, Dossier, DossierEvent, Notice
from procedures.selectors.definitions import procedure_of
from procedures.selectors.reconciliation import reconcile
from procedures.selectors.statistics.recount import recount
from procedures.services import calendar, complaints, decisions, tallies, transfers, withdrawal
from procedures.services.control_slip import control_slip_for
from procedures.services.log_check import findings
from tests import makers
from tests.people import staff
from tests.procedures.casework.conftest import browser_of
from tests.procedures.casework.pages import text
from tests.procedures.documents.sheets import text_of

pytestmark = pytest.mark.django_db
WORDS = "Tôi đã nghỉ việc trên một năm, xin xem lại sổ BHXH trang 3."
ANSWER = "Sổ BHXH trang 3 chứng minh đã nghỉ việc trên một năm; quyết định từ chối là sai."


@pytest.fixture
def refused(contributor: User, officer: User, head: User) -> Dossier:
    return makers.refused(contributor, officer)


@pytest.fixture
def browser(contributor: User) -> Client:
    return browser_of(contributor)


@pytest.fixture
def reviewer(officer: User) -> User:
    return staff("canbo3.hanoi", "Hoàng Văn Thái", Role.OFFICER, officer.office)


@pytest.fixture
def deputy(officer: User) -> User:
    return staff("lanhdao2.hanoi", "Mai Thị Loan", Role.HEAD, officer.office)


def upheld(dossier: Dossier, reviewer: User, outcome: str = "upheld") -> Dossier:
    complaint = complaints.complain(dossier, dossier.filer, WORDS)
    complaints.answer(complaint, reviewer, outcome=outcome, text=ANSWER)
    return makers.fresh(dossier)


def page(dossier: Dossier, name: str = "dossier") -> str:
    return reverse(f"procedures:{name}", kwargs={"public_id": dossier.public_id})


def desk_of(dossier: Dossier) -> str:
    return reverse("casework:dossier", kwargs={"public_id": dossier.public_id})


def test_the_control_slip_holds_each_decision_against_the_day_promised_then(
    contributor: User, officer: User, head: User, reviewer: User, deputy: User
) -> None:
    late = makers.due_on(makers.refused(contributor, officer), -1)  # decided a day after the one promised
    dossier = upheld(late, reviewer)
    decisions.propose_approval(makers.held(dossier, reviewer), reviewer, amount_vnd=1_000_000)
    decisions.sign(makers.fresh(dossier), deputy)
    slip = text_of(control_slip_for(makers.fresh(dossier)))
    first, second = slip.split("Mở lại theo khiếu nại")
    assert "quá hạn" in first
    assert "quá hạn" not in second
    assert "trước hạn" in second


@pytest.mark.parametrize("outcome", ["upheld", "partly"])
def test_a_right_complaint_puts_the_dossier_back_into_the_queue(
    refused: Dossier, reviewer: User, outcome: str
) -> None:
    dossier = upheld(refused, reviewer, outcome)
    assert (dossier.status, dossier.decided_at) == (Status.QUEUED, None)
    limit = calendar.limit_of(procedure_of(dossier), dossier)
    assert dossier.due_on == add_working_days(timezone.localdate(), limit.value, calendar.overrides())
    assert Clock.objects.get(dossier=dossier).counted_from == timezone.localdate()
    assert (dossier.assignee, dossier.held_until) == (reviewer, None)  # the next work of who found it right
    event = DossierEvent.objects.get(dossier=dossier, act=Act.REOPEN)
    assert event.actor == reviewer
    assert event.detail["due_on"] == dossier.due_on.isoformat()
    assert event.detail["old_due_on"] == refused.due_on.isoformat()
    assert {one.kind for one in Notice.objects.filter(event=event)} == {"reopened"}
    assert str(dossier.reference) in text(browser_of(reviewer).get(reverse("casework:queue")))
    assert list(findings()) == []
    assert reconcile().is_balanced


def test_a_wrong_complaint_leaves_the_decision_as_it_is(refused: Dossier, reviewer: User) -> None:
    dossier = upheld(refused, reviewer, "dismissed")
    assert dossier.status == Status.REFUSED
    assert not dossier.events.filter(act=Act.REOPEN).exists()


def test_both_decisions_are_counted_logged_and_readable(
    browser: Client, refused: Dossier, reviewer: User, deputy: User
) -> None:
    dossier = upheld(refused, reviewer)
    decisions.propose_approval(makers.held(dossier, reviewer), reviewer, amount_vnd=44_980_714)
    decisions.sign(makers.fresh(dossier), deputy)
    dossier = makers.fresh(dossier)
    assert dossier.status == Status.APPROVED
    assert dossier.decided_at is not None
    assert [one.outcome for one in dossier.decisions.all()] == ["refuse", "approve"]
    tallies.fold_all()
    assert recount().mismatches == []
    assert list(findings()) == []
    shown = browser.get(page(dossier)).content.decode()
    assert "Hồ sơ được duyệt" in shown
    assert "?lan=1" in shown
    assert "?lan=2" in shown
    earlier, latest = (
        text_of(browser.get(page(dossier, "decision_pdf"), {"lan": number}).content) for number in "12"
    )
    assert "không được giải quyết" in earlier.lower() or "từ chối" in earlier.lower()
    assert "44.980.714" in latest
    assert "44.980.714" not in earlier
    assert "44.980.714" in text_of(browser.get(page(dossier, "decision_pdf")).content)
    for number in ("0", "3", "99999999999999999999"):
        assert browser.get(page(dossier, "decision_pdf"), {"lan": number}).status_code == 404


def test_who_decided_before_neither_proposes_nor_signs(
    refused: Dossier, officer: User, head: User, reviewer: User, deputy: User
) -> None:
    dossier = upheld(refused, reviewer)
    assert "Giải quyết lại, vì khiếu nại đúng" in text(browser_of(reviewer).get(desk_of(dossier)))
    for earlier in (officer, head):
        with pytest.raises(DomainError, match="đã tham gia quyết định trước"):
            decisions.propose_approval(makers.held(dossier, earlier), earlier, amount_vnd=1_000_000)
    decisions.propose_approval(makers.held(dossier, reviewer), reviewer, amount_vnd=1_000_000)
    with pytest.raises(DomainError, match="không tham gia quyết định trước"):
        decisions.sign(makers.fresh(dossier), head)
    assert makers.fresh(dossier).status == Status.PROPOSED
    assert "Ông/bà đã tham gia quyết định trước" in text(browser_of(officer).get(desk_of(dossier)))
    decisions.sign(makers.fresh(dossier), deputy)
    assert makers.fresh(dossier).status == Status.APPROVED


def test_where_every_head_had_a_part_another_officer_signs(
    refused: Dossier, head: User, reviewer: User, officer: User
) -> None:
    second = staff("canbo4.hanoi", "Lưu Thị Yến", Role.OFFICER, officer.office)
    dossier = upheld(refused, reviewer)
    decisions.propose_approval(makers.held(dossier, reviewer), reviewer, amount_vnd=1_000_000)
    proposal = decisions.open_proposal(makers.fresh(dossier))
    assert proposal is not None
    assert [decisions.may_sign(one, proposal) for one in (officer, head, reviewer, second)] == [
        False,
        False,
        False,
        True,
    ]


def test_where_nobody_is_left_the_usual_people_settle_it(
    refused: Dossier, officer: User, head: User, hq: User
) -> None:
    dossier = upheld(refused, hq)  # everybody of the office had a part
    assert (dossier.status, dossier.assignee) == (Status.QUEUED, None)
    decisions.propose_approval(makers.held(dossier, officer), officer, amount_vnd=1_000_000)
    decisions.sign(makers.fresh(dossier), head)
    assert makers.fresh(dossier).status == Status.APPROVED
    assert list(findings()) == []


def test_the_filer_reads_what_happens_and_when(browser: Client, refused: Dossier, reviewer: User) -> None:
    dossier = upheld(refused, reviewer)
    shown = text(browser.get(page(dossier)))
    assert "Khiếu nại đúng: hồ sơ được mở lại để giải quyết lại" in shown
    assert "đang được giải quyết lại" in shown
    assert f"{dossier.due_on:%d/%m/%Y}" in shown
    assert "Hồ sơ không được giải quyết" not in shown  # it no longer stands; the time line tells of it
    assert "Rút hồ sơ" not in shown
    assert "ket-qua.pdf?lan=1" in browser.get(page(dossier)).content.decode()


def test_what_is_settled_anew_is_neither_withdrawn_nor_referred(
    refused: Dossier, reviewer: User, officer_elsewhere: User
) -> None:
    dossier = upheld(refused, reviewer)
    with pytest.raises(NotAllowed, match="đã có quyết định"):
        withdrawal.withdraw(dossier, dossier.filer)
    elsewhere = officer_elsewhere.office
    assert elsewhere is not None
    with pytest.raises(DomainError, match="giải quyết lại"):
        transfers.refer(makers.held(dossier, reviewer), reviewer, to_office=elsewhere, reason="Sai nơi.")
    assert makers.fresh(dossier).status == Status.QUEUED


def test_a_new_decision_may_be_complained_about_too(
    browser: Client, refused: Dossier, reviewer: User, deputy: User
) -> None:
    dossier = upheld(refused, reviewer)
    assert not complaints.may_complain(dossier)
    assert browser.get(page(dossier, "complain")).status_code == 302
    code = procedure_of(dossier).refusals[0].code
    decisions.propose_refusal(makers.held(dossier, reviewer), reviewer, reason_code=code, reason="Vẫn thiếu.")
    decisions.sign(makers.fresh(dossier), deputy)
    assert page(dossier, "complain") in browser.get(page(dossier)).content.decode()
    assert browser.post(page(dossier, "complain"), {"text": "Vẫn chưa đúng."}).status_code == 302
    first, second = Complaint.objects.order_by("pk")
    assert (first.outcome, second.outcome) == ("upheld", "")
    assert first.decision_id != second.decision_id
    assert list(findings()) == []
