"""A page that is out of date: the act is refused, says who did what and when, and nothing changes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from procedures.domain.lifecycle import Status
from procedures.models import Dossier, Proposal, SupplementRequest
from procedures.services import decisions
from tests import makers
from tests.procedures.casework.conftest import browser_of
from tests.procedures.casework.pages import seen, text, url

TYPED: dict[str, dict[str, Any]] = {
    "propose_approval": {"amount_vnd": "1.234.567", "remark": "Lời đã gõ", "sure": "1"},
    "propose_refusal": {"reason_code": "chua_du_mot_nam", "reason": "Lời đã gõ", "sure": "1"},
    "supplement": {"documents": ["so_bhxh"], "reason_paper_so_bhxh": "Lời đã gõ", "answer_by": "01/01/2099"},
}


def send(desk: Client, act: str, dossier: Dossier, mark: str) -> Any:
    return desk.post(url(act, dossier), {**TYPED[act], "seen": mark})


@pytest.mark.parametrize("act", TYPED)
def test_an_act_from_an_old_tab_is_refused_and_says_who_came_first(
    desk: Client, head: User, contributor: User, act: str
) -> None:
    dossier = makers.queued(contributor)
    mark = seen(desk, dossier, act)
    decisions.propose_approval(makers.held(dossier, head), head, amount_vnd=5_000_000)
    proposed_at = timezone.localtime(Proposal.objects.get().proposed_at)
    response = send(desk, act, dossier, mark)
    page = text(response)
    assert response.status_code == 409
    assert f"Đề nghị duyệt – Đỗ Quang Vinh, lúc {proposed_at:%H:%M}" in page
    assert "Lời đã gõ" in response.content.decode()
    assert 'type="submit" class="btn btn-primary"' not in response.content.decode()
    assert Proposal.objects.get().amount_vnd == 5_000_000
    assert not SupplementRequest.objects.exists()


@pytest.mark.parametrize("act", TYPED)
def test_when_the_act_is_still_possible_it_can_be_sent_again(
    desk: Client, contributor: User, officer: User, act: str
) -> None:
    dossier = makers.queued(contributor, on_paper=["so_bhxh"])
    mark = seen(desk, dossier, act)
    makers.receive(dossier, officer, "so_bhxh")
    response = send(desk, act, dossier, mark)
    assert response.status_code == 409
    assert "Nhận bản giấy – ông/bà" in text(response)
    assert makers.fresh(dossier).status == Status.QUEUED
    fresh_mark = str(dossier.events.latest("pk").pk)
    assert f'name="seen" value="{fresh_mark}"' in response.content.decode()
    typed = {**TYPED[act], "seen": fresh_mark, "answer_by": f"{timezone.localdate().year + 1}-01-01"}
    if act == "supplement":
        typed["answer_by"] = makers.supplements.usual_answer_by().strftime("%d/%m/%Y")
    assert desk.post(url(act, dossier), typed).status_code == 302


@pytest.mark.parametrize("mark", ["", "0", "abc", "-1", "9" * 60, "１２", "\x00"])
def test_a_form_without_its_mark_is_out_of_date(desk: Client, contributor: User, mark: str) -> None:
    dossier = makers.queued(contributor)
    for act in TYPED:
        assert send(desk, act, dossier, mark).status_code == 409
    assert makers.fresh(dossier).status == Status.QUEUED


def test_a_double_click_on_approve_decides_once_and_stays_calm(
    desk: Client, contributor: User, officer: User
) -> None:
    dossier = makers.queued(contributor)
    mark = seen(desk, dossier, "propose_approval")
    assert send(desk, "propose_approval", dossier, mark).status_code == 302
    second = send(desk, "propose_approval", dossier, mark)
    assert second.status_code == 409
    assert "Đề nghị duyệt – ông/bà" in text(second)
    assert Proposal.objects.filter(dossier=dossier).count() == 1
    assert dossier.events.filter(act="propose").count() == 1


@pytest.mark.parametrize("act", TYPED)
def test_the_page_of_an_act_that_is_over_leads_to_the_dossier(
    desk: Client, contributor: User, act: str
) -> None:
    dossier = makers.withdrawn(contributor)
    response = desk.get(url(act, dossier), follow=True)
    assert response.redirect_chain[-1][0] == url("dossier", dossier)
    assert "Người nộp rút hồ sơ – Nguyễn Thị Hằng" in text(response)


def test_a_decision_on_a_withdrawn_dossier_changes_nothing(desk: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)
    marks = {act: seen(desk, dossier, act) for act in TYPED}
    makers.withdrawal.withdraw(dossier, contributor)
    for act, mark in marks.items():
        response = send(desk, act, dossier, mark)
        assert response.status_code == 409
        assert "Người nộp rút hồ sơ" in text(response)
    assert makers.fresh(dossier).status == Status.WITHDRAWN


def test_a_paper_noted_from_an_old_page_is_refused_with_a_message(
    desk: Client, contributor: User, officer: User
) -> None:
    dossier = makers.queued(contributor, on_paper=["so_bhxh"])
    mark = str(dossier.events.latest("pk").pk)
    makers.receive(dossier, officer, "so_bhxh")
    response = desk.post(url("receive_original", dossier), {"seen": mark, "document": "so_bhxh"}, follow=True)
    assert "Chưa ghi gì" in text(response)
    assert dossier.events.filter(act="paper_received").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_officers_deciding_at_once_one_does(
    officer: User, head: User, contributor: User, citizen: Callable[..., User]
) -> None:
    dossier = makers.held(makers.queued(contributor), officer)
    mark = str(dossier.events.latest("pk").pk)
    acts = ("propose_approval", "propose_refusal") * 2
    browsers = [(browser_of(user), act) for user in (officer, head) for act in acts]

    def decide(browser: Client, act: str) -> int:
        try:
            return int(send(browser, act, dossier, mark).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(browsers)) as pool:
        answers = sorted(pool.map(lambda given: decide(*given), browsers))
    assert answers == [302] + [409] * (len(browsers) - 1)
    assert Proposal.objects.filter(dossier=dossier).count() == 1
    assert dossier.events.filter(act__in=["propose", "propose_refusal"]).count() == 1
