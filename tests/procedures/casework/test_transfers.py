"""Chuyển nơi hưởng: a handshake between two offices. Never two payers, never nobody unnoticed."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import settings as speed
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from accounts.models import Office, Role, User
from procedures.domain import transfers as rules
from procedures.domain.errors import DomainError, NotAllowed
from procedures.domain.lifecycle import Status
from procedures.domain.transfers import Move, Payer, State
from procedures.models import Decision, Dossier, Notice, Transfer
from procedures.selectors.reconciliation import reconcile
from procedures.services import complaints, decisions, transfers
from tests import makers
from tests.people import staff
from tests.procedures.casework.conftest import browser_of
from tests.procedures.casework.pages import post, read, references, text, url

CAN_THO = {"province": "92", "district": "916", "commune": "31117", "street": "12 Nguyễn Trãi"}
NEXT_YEAR = timezone.localdate().year + 1
LAST, FIRST = date(NEXT_YEAR, 1, 1), date(NEXT_YEAR, 2, 1)

Staff = dict[str, User]


@pytest.fixture
def cast(offices: dict[str, Office]) -> Staff:
    return {
        "sender": staff("canbo.bacgiang", "Thân Văn Khải", Role.OFFICER, offices["bac-giang"]),
        "signer": staff("lanhdao.bacgiang", "Giáp Văn Bình", Role.HEAD, offices["bac-giang"]),
        "receiver": staff("canbo.cantho", "Trương Mỹ Linh", Role.OFFICER, offices["can-tho"]),
    }


@pytest.fixture
def moving(pensioner: User) -> Dossier:
    """A pensioner's request to move from Bắc Giang to Cần Thơ, in the queue of Bắc Giang."""
    return makers.queued(
        pensioner,
        procedure="di_chuyen",
        holder_status="dang_huong",
        paying_province="bac-giang",
        new_address=CAN_THO,
        draws_regional_allowance=False,
        identity_differs=False,
    )


def sent(dossier: Dossier, cast: Staff, last_month: date = LAST) -> Transfer:
    officer = cast["sender"]
    decisions.propose_approval(makers.held(dossier, officer), officer, amount_vnd=None, last_month=last_month)
    assert decisions.sign(dossier, cast["signer"]) is None
    return Transfer.objects.get(dossier=dossier)


def answer(user: User, transfer: Transfer, **typed: str) -> Any:
    return browser_of(user).post(f"/can-bo/chuyen-den/{transfer.public_id}/", typed, follow=True)


# --- the journey ----------------------------------------------------------------------------------


def test_from_bac_giang_to_can_tho_accepted(moving: Dossier, cast: Staff) -> None:
    sender = browser_of(cast["sender"])
    assert moving.office_id == "bac-giang"
    response = post(sender, "propose_approval", moving, last_month="", sure="1")
    assert "Xin điền mục này" in text(response)
    month = f"01/{NEXT_YEAR}"
    assert month in text(post(sender, "propose_approval", moving, last_month=month, check="1"))
    post(sender, "propose_approval", moving, last_month=month, sure="1")
    mark = str(moving.events.latest("pk").pk)
    browser_of(cast["signer"]).post(url("sign", moving), {"seen": mark, "sure": "1"})
    dossier = makers.fresh(moving)
    assert (dossier.status, dossier.office_id, dossier.due_on) == (
        Status.TRANSFERRING,
        "bac-giang",
        None,
    )
    assert not Decision.objects.exists()  # the origin isn't done before the destination accepts
    assert "Đang chờ BHXH" in text(sender.get(url("dossier", moving)))

    transfer = Transfer.objects.get()
    receiver = browser_of(cast["receiver"])
    assert "Chuyển đến, chờ nhận 1" in text(receiver.get("/can-bo/"))
    assert str(moving.reference) in text(receiver.get("/can-bo/chuyen-den/"))
    page = text(receiver.get(f"/can-bo/chuyen-den/{transfer.public_id}/"))
    assert "Trần Văn Đức" in page
    assert month in page
    for attachment in makers.checked(moving).attachments.all():
        assert read(receiver.get(f"/can-bo/tep/{attachment.public_id}/"))
    assert "không hai nơi cùng trả" in text(answer(cast["receiver"], transfer, first_month=month, accept="1"))
    assert "Đã nhận hồ sơ." in text(
        answer(cast["receiver"], transfer, first_month=f"02/{NEXT_YEAR}", accept="1")
    )
    dossier = makers.fresh(moving)
    assert dossier.status == Status.APPROVED
    assert Decision.objects.get().decided_by == cast["signer"]
    for attachment in moving.attachments.all():
        assert receiver.get(f"/can-bo/tep/{attachment.public_id}/").status_code == 404
    history = text(sender.get(url("dossier", moving)))
    assert f"Nơi đi trả đến hết tháng {month}." in history
    assert f"Nơi đến trả từ tháng 02/{NEXT_YEAR}." in history
    kinds = set(Notice.objects.values_list("kind", flat=True))
    assert {Notice.Kind.TRANSFER_SENT, Notice.Kind.TRANSFER_ACCEPTED} <= kinds


def test_from_bac_giang_to_can_tho_returned_with_a_reason(moving: Dossier, cast: Staff) -> None:
    transfer = sent(moving, cast)
    assert "vì sao trả lại" in text(answer(cast["receiver"], transfer, **{"return": "1"}))
    answer(cast["receiver"], transfer, **{"return": "1", "reason": "Thiếu giấy giới thiệu."})
    dossier = makers.fresh(moving)
    assert (dossier.status, dossier.office_id) == (Status.QUEUED, "bac-giang")
    assert dossier.due_on is not None
    browser = browser_of(cast["sender"])
    assert references(browser.get("/can-bo/")) == [dossier.reference]
    page = text(browser.get(url("dossier", dossier)))
    assert "trả lại hồ sơ" in page
    assert "Thiếu giấy giới thiệu." in page
    again = sent_again(dossier, cast)
    assert again.state == State.SENT


def test_a_move_the_other_office_accepted_is_not_reopened(moving: Dossier, cast: Staff) -> None:
    transfers.accept(sent(moving, cast), cast["receiver"], first_month=FIRST)
    complaint = complaints.complain(moving, moving.filer, "Tháng đầu ghi sai.")
    office = moving.office
    reviewer = staff("canbo2.bacgiang", "Ong Thị Thủy", Role.OFFICER, office)
    page = browser_of(reviewer).get(f"/can-bo/khieu-nai/{complaint.public_id}/")
    assert "không mở lại được" in text(page)
    complaints.answer(complaint, reviewer, outcome="upheld", text="Đúng, Cần Thơ sửa tháng đầu.")
    assert makers.fresh(moving).status == Status.APPROVED


def sent_again(dossier: Dossier, cast: Staff) -> Transfer:
    officer = cast["sender"]
    decisions.propose_approval(makers.held(dossier, officer), officer, amount_vnd=None, last_month=LAST)
    decisions.sign(dossier, cast["signer"])
    return Transfer.objects.latest("pk")


def test_what_is_not_answered_in_time_comes_back_with_an_alarm(moving: Dossier, cast: Staff) -> None:
    transfer = sent(moving, cast)
    assert transfers.time_out() == 0
    Transfer.objects.update(answer_by=timezone.localdate() - timedelta(days=1))
    assert transfers.time_out() == 1
    assert transfers.time_out() == 0
    assert makers.fresh(moving).status == Status.QUEUED
    page = browser_of(cast["sender"]).get(url("dossier", moving)).content.decode()
    assert "không trả lời trong 5 ngày làm việc" in page
    assert "notice-danger" in page
    with pytest.raises(NotAllowed):
        transfers.accept(transfer, cast["receiver"], first_month=FIRST)


def test_a_gap_needs_somebody_who_answers_for_it(moving: Dossier, cast: Staff) -> None:
    transfer = sent(moving, cast)
    late = date(NEXT_YEAR, 4, 1)
    with pytest.raises(DomainError, match="truy trả"):
        transfers.accept(transfer, cast["receiver"], first_month=late)
    transfers.accept(transfer, cast["receiver"], first_month=late, exception="Cần Thơ truy trả tháng 2, 3.")
    assert Transfer.objects.get().exception


def test_while_it_is_under_way_past_the_last_month_an_alarm_stands(moving: Dossier, cast: Staff) -> None:
    sent(moving, cast, last_month=date(2026, 1, 1))
    assert "Có tháng chưa nơi nào trả" in text(browser_of(cast["sender"]).get(url("dossier", moving)))


def test_a_withdrawal_ends_the_hand_over(moving: Dossier, cast: Staff) -> None:
    transfer = sent(moving, cast)
    makers.withdrawal.withdraw(moving, moving.filer)
    with pytest.raises(NotAllowed):
        transfers.accept(transfer, cast["receiver"], first_month=FIRST)
    assert Transfer.objects.get().state == State.DROPPED


@pytest.mark.parametrize("role", ["officer", "officer_elsewhere", "contributor", "issuer", "hq"])
def test_nobody_but_the_destination_sees_or_answers_it(
    moving: Dossier, cast: Staff, role: str, request: pytest.FixtureRequest
) -> None:
    transfer = sent(moving, cast)
    user = request.getfixturevalue(role)
    assert answer(user, transfer, first_month=f"02/{NEXT_YEAR}").status_code == 404
    assert browser_of(user).get(f"/can-bo/chuyen-den/{transfer.public_id}/").status_code == 404
    for attachment in moving.attachments.all():
        assert browser_of(user).get(f"/can-bo/tep/{attachment.public_id}/").status_code == 404
    with pytest.raises(NotAllowed):
        transfers.accept(transfer, user, first_month=FIRST)
    assert browser_of(cast["receiver"]).get(url("dossier", moving)).status_code == 404


# --- filed in the wrong province ------------------------------------------------------------------


def test_a_dossier_in_the_wrong_province_is_referred_and_keeps_its_reference(
    contributor: User, officer: User, officer_elsewhere: User
) -> None:
    dossier = makers.queued(contributor)
    browser = browser_of(officer)
    due = dossier.due_on
    post(
        browser, "refer", dossier, to_office="ho-chi-minh", reason="Người nộp đã chuyển vào TP HCM.", sure="1"
    )
    transfer = Transfer.objects.get()
    assert makers.fresh(dossier).office_id == "ha-noi"
    assert "Người nộp đã chuyển vào TP HCM." in text(
        browser_of(officer_elsewhere).get(f"/can-bo/chuyen-den/{transfer.public_id}/")
    )
    answer(officer_elsewhere, transfer, accept="1")
    there = makers.fresh(dossier)
    assert (there.office_id, there.status, there.reference) == (
        "ho-chi-minh",
        Status.QUEUED,
        dossier.reference,
    )
    assert there.due_on == due
    assert references(browser_of(officer_elsewhere).get("/can-bo/")) == [dossier.reference]
    assert browser.get(url("dossier", dossier)).status_code == 404
    told = set(Notice.objects.filter(dossier=dossier).values_list("kind", flat=True))
    assert {Notice.Kind.REFERRED, Notice.Kind.REFERRAL_ACCEPTED} <= told
    assert "Hồ sơ được chuyển đến cơ quan BHXH có thẩm quyền" in text(
        browser_of(contributor).get(f"/ho-so/{dossier.public_id}/")
    )
    assert reconcile().is_balanced


def test_a_referral_can_be_returned(contributor: User, officer: User, officer_elsewhere: User) -> None:
    dossier = makers.held(makers.queued(contributor), officer)
    to_office = officer_elsewhere.office
    assert to_office
    transfer = transfers.refer(dossier, officer, to_office=to_office, reason="Nơi ở mới.")
    transfers.give_back(transfer, officer_elsewhere, reason="Vẫn thường trú ở Hà Nội.")
    back = makers.fresh(dossier)
    assert (back.office_id, back.status, back.assignee) == ("ha-noi", Status.QUEUED, officer)


@pytest.mark.parametrize(
    "typed",
    [
        {"to_office": "", "reason": "x"},
        {"to_office": "ha-noi", "reason": "x"},
        {"to_office": "khong-co", "reason": "x"},
        {"to_office": "ho-chi-minh", "reason": "  "},
    ],
)
def test_a_referral_without_office_or_reason_changes_nothing(
    contributor: User, officer: User, typed: dict[str, str]
) -> None:
    dossier = makers.queued(contributor)
    assert post(browser_of(officer), "refer", dossier, **typed).status_code == 200
    assert not Transfer.objects.exists()
    assert makers.fresh(dossier).status == Status.QUEUED


# --- never two payers, never nobody without an open exception -------------------------------------


class Moving(RuleBasedStateMachine):
    """A pensioner's months, whatever the two offices do and however long they take."""

    def __init__(self) -> None:
        super().__init__()
        self.start = self.now = 24_000
        self.moves: list[Move] = []

    @property
    def move(self) -> Move | None:
        return self.moves[-1] if self.moves else None

    @precondition(lambda self: self.move is None or self.move.state is State.RETURNED)
    @rule(ahead=st.integers(-3, 6))
    def send(self, ahead: int) -> None:
        self.moves.append(Move(last_month=self.now + ahead))

    @precondition(lambda self: self.move is not None and self.move.state is State.SENT)
    @rule(ahead=st.integers(-6, 9), words=st.sampled_from(["", "truy trả"]))
    def accept(self, ahead: int, words: str) -> None:
        move = self.moves[-1]
        try:
            self.moves[-1] = rules.accept(move, self.now + ahead, words)
        except DomainError:
            first = self.now + ahead
            assert first <= move.last_month or (first > move.last_month + 1 and not words)

    @precondition(lambda self: self.move is not None)
    @rule(late=st.booleans())
    def give_back(self, late: bool) -> None:
        move = self.moves[-1]
        try:
            back = rules.give_back(move, is_timed_out=late)
        except DomainError:
            assert move.state is not State.SENT
        else:
            self.moves[-1] = rules.give_back(move) if late else back

    @rule(months=st.integers(1, 4))
    def wait(self, months: int) -> None:
        self.now += months

    @invariant()
    def every_month_has_one_payer_or_an_open_exception(self) -> None:
        if self.move is None:
            return
        for month in range(self.start - 12, self.now + 24):
            payers = self.move.payers_of(month, self.now)
            assert len(payers) <= 1
            if not payers:
                assert self.move.has_open_exception(self.now)

    @invariant()
    def the_origin_is_done_only_when_the_destination_accepted(self) -> None:
        if self.move is not None and self.move.state is not State.ACCEPTED:
            assert Payer.DESTINATION not in self.move.payers_of(self.now + 20, self.now)


TestMoving = Moving.TestCase
TestMoving.settings = speed(max_examples=100, stateful_step_count=20, deadline=None)
