"""Nhận, trả lại, bàn giao, tiếp quản: one officer works on a dossier at a time, and everybody sees who."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Office, Role, User
from procedures.domain.errors import DomainError, NotAllowed, NotHeld
from procedures.domain.lifecycle import Status
from procedures.models import Dossier, HandOver, SavedFilter
from procedures.selectors.colleagues import unread_of
from procedures.services import assignment
from tests import makers
from tests.people import staff
from tests.procedures.casework.conftest import browser_of
from tests.procedures.casework.pages import references, seen, text, url

QUEUE = "/can-bo/"
Citizen = Callable[..., User]


def test_a_dossier_is_taken_for_half_an_hour_and_others_see_by_whom(
    desk: Client, head: User, contributor: User, officer: User
) -> None:
    dossier = makers.queued(contributor)
    assert "Chưa ai nhận" in text(desk.get(url("dossier", dossier)))
    desk.post(url("take", dossier))
    dossier = makers.fresh(dossier)
    assert dossier.assignee == officer
    assert dossier.held_until
    assert timedelta(minutes=29) < dossier.held_until - timezone.now() <= timedelta(minutes=30)
    page = text(browser_of(head).get(url("dossier", dossier)))
    assert "Hồ sơ đang do Phạm Minh Châu giữ, từ" in page
    assert "Tiếp quản" in page
    assert "Phạm Minh Châu" in text(browser_of(head).get(QUEUE))


def test_a_held_dossier_is_not_taken_by_another(contributor: User, officer: User, head: User) -> None:
    dossier = makers.held(makers.queued(contributor), officer)
    with pytest.raises(NotHeld, match="Phạm Minh Châu giữ"):
        assignment.take(dossier, head)
    assert makers.fresh(dossier).assignee == officer


def test_after_half_an_hour_without_a_click_anybody_may_take_it(
    contributor: User, officer: User, head: User
) -> None:
    dossier = makers.lease_over(makers.held(makers.queued(contributor), officer))
    assignment.take(dossier, head)
    assert makers.fresh(dossier).assignee == head
    last = HandOver.objects.latest("pk")
    assert (last.from_officer, last.to_officer, last.kind) == (officer, head, "take")


def test_every_page_makes_an_old_lease_longer_but_does_not_revive_a_lost_one(
    desk: Client, contributor: User, officer: User
) -> None:
    dossier = makers.held(makers.queued(contributor), officer)
    soon = timezone.now() + timedelta(minutes=3)
    Dossier.objects.filter(pk=dossier.pk).update(held_until=soon)
    desk.get(url("dossier", dossier))
    renewed = makers.fresh(dossier).held_until
    assert renewed
    assert renewed > soon + timedelta(minutes=20)
    lost = makers.lease_over(dossier)
    desk.get(url("dossier", dossier))
    assert makers.fresh(dossier).held_until == lost.held_until


def test_an_act_after_the_lease_was_lost_is_refused_and_what_was_typed_can_be_sent_again(
    desk: Client, contributor: User
) -> None:
    dossier = makers.queued(contributor)
    mark = seen(desk, dossier, "supplement")
    makers.lease_over(dossier)
    by = makers.supplements.usual_answer_by().strftime("%d/%m/%Y")
    typed = {"documents": ["so_bhxh"], "reason_paper_so_bhxh": "Lời đã gõ", "answer_by": by, "seen": mark}
    response = desk.post(url("supplement", dossier), typed)
    assert response.status_code == 409
    assert "Phạm Minh Châu thôi giữ hồ sơ từ" in text(response)
    assert "Lời đã gõ" in response.content.decode()
    assert makers.fresh(dossier).status == Status.QUEUED
    again = desk.post(url("supplement", dossier), {**typed, "take": "1"})
    assert "Lời đã gõ" in again.content.decode()
    assert makers.fresh(dossier).status == Status.QUEUED  # taken again, nothing replayed
    assert desk.post(url("supplement", dossier), typed).status_code == 302


def test_an_act_on_a_dossier_somebody_took_over_names_them(
    desk: Client, contributor: User, head: User
) -> None:
    dossier = makers.queued(contributor)
    mark = seen(desk, dossier, "propose_refusal")
    makers.held(dossier, head)
    ground = makers.procedure_of(dossier).refusals[0]
    typed = {"reason_code": ground.code, "reason": "Lời đã gõ", "sure": "1", "seen": mark}
    response = desk.post(url("propose_refusal", dossier), typed)
    assert response.status_code == 409
    assert "Hồ sơ đang do Đỗ Quang Vinh giữ, từ" in text(response)
    assert makers.fresh(dossier).status == Status.QUEUED


def test_the_page_of_an_act_opens_only_for_who_holds_the_dossier(desk: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)
    for act in ("propose_approval", "propose_refusal", "supplement"):
        response = desk.get(url(act, dossier), follow=True)
        assert response.redirect_chain
        assert "Bấm “Nhận xử lý” trước khi ghi" in text(response)


# --- next, back, over -----------------------------------------------------------------------------


def test_the_next_dossier_is_the_most_urgent_that_nobody_has(
    desk: Client, citizen: Citizen, head: User
) -> None:
    held = makers.due_on(makers.queued(citizen("0120000001", "Lê Văn Ba")), 1)
    makers.held(held, head)
    soon = makers.due_on(makers.queued(citizen("0120000002", "Lê Văn Tư")), 2)
    later = makers.due_on(makers.queued(citizen("0120000003", "Lê Văn Năm")), 3)
    for expected in (soon, later):
        assert desk.post("/can-bo/nhan-tiep/")["Location"] == url("dossier", expected)
    response = desk.post("/can-bo/nhan-tiep/", follow=True)
    assert "Không còn hồ sơ nào chưa có người nhận" in text(response)


def test_work_that_was_given_comes_before_what_is_nobodys(
    citizen: Citizen, officer: User, head: User
) -> None:
    makers.due_on(makers.queued(citizen("0120000001", "Lê Văn Ba")), 1)
    given = makers.due_on(makers.queued(citizen("0120000002", "Lê Văn Tư")), 9)
    assignment.assign([given], head, to=officer)
    assert assignment.take_next(officer) == given


def test_a_dossier_put_back_is_anybodys(desk: Client, contributor: User, head: User) -> None:
    dossier = makers.queued(contributor)
    desk.post(url("take", dossier))
    desk.post(url("release", dossier))
    assert makers.fresh(dossier).assignee is None
    assert assignment.take_next(head) == dossier


def test_a_colleague_who_is_given_a_dossier_is_told(
    desk: Client, contributor: User, officer: User, head: User
) -> None:
    dossier = makers.held(makers.queued(contributor), officer)
    desk.post(url("hand_over", dossier), {"to": str(head.pk), "reason": "Tôi đi công tác."})
    assert makers.fresh(dossier).assignee == head
    browser = browser_of(head)
    page = text(browser.get(QUEUE))
    assert f"{dossier.reference} : Phạm Minh Châu giao cho ông/bà" in page
    assert "Tôi đi công tác." in page
    browser.post("/can-bo/da-doc/")
    assert "Tôi đi công tác." not in text(browser.get(QUEUE))


def test_taking_over_needs_a_reason_and_tells_who_had_it(
    desk: Client, contributor: User, officer: User, head: User
) -> None:
    dossier = makers.held(makers.queued(contributor), officer)
    browser = browser_of(head)
    assert "Xin điền mục này" in text(browser.post(url("take_over", dossier), {"reason": " "}))
    browser.post(url("take_over", dossier), {"reason": "Người dân đang chờ ở quầy."})
    assert makers.fresh(dossier).assignee == head
    page = text(desk.get(QUEUE))
    assert "Đỗ Quang Vinh tiếp quản" in page
    assert "Người dân đang chờ ở quầy." in page
    assert unread_of(head) == []


@pytest.mark.parametrize("role", ["issuer", "officer_elsewhere", "contributor", "hq"])
def test_work_is_only_given_to_officers_of_the_office(
    contributor: User, officer: User, role: str, request: pytest.FixtureRequest
) -> None:
    dossier = makers.held(makers.queued(contributor), officer)
    with pytest.raises(DomainError):
        assignment.hand_over(dossier, officer, to=request.getfixturevalue(role))
    with pytest.raises(NotAllowed):
        assignment.take_over(dossier, request.getfixturevalue(role), reason="x")
    assert makers.fresh(dossier).assignee == officer


def test_only_a_head_assigns_and_only_in_the_own_office(
    contributor: User, officer: User, officer_elsewhere: User, offices: dict[str, Office]
) -> None:
    dossier = makers.queued(contributor)
    with pytest.raises(NotAllowed):
        assignment.assign([dossier], officer, to=officer)
    head_elsewhere = staff("lanhdao.hcm", "Ngô Thị Lan", Role.HEAD, offices["ho-chi-minh"])
    assert assignment.assign([dossier], head_elsewhere, to=officer_elsewhere) == 0
    assert makers.fresh(dossier).assignee is None


@pytest.mark.django_db(transaction=True)
def test_twenty_officers_taking_two_hundred_dossiers_at_once_get_each_its_own(
    contributor: User, offices: dict[str, Office]
) -> None:
    first = makers.queued(contributor)
    copies = [copy_of(first, number) for number in range(199)]
    Dossier.objects.bulk_create(copies)
    officers = [staff(f"cb{n}.hanoi", f"Cán bộ {n}", Role.OFFICER, offices["ha-noi"]) for n in range(20)]

    def work(officer: User) -> list[int]:
        try:
            taken = []
            while (dossier := assignment.take_next(officer)) is not None:
                taken.append(dossier.pk)
            return taken
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        taken = [pk for found in pool.map(work, officers) for pk in found]
    assert len(taken) == 200
    assert max(Counter(taken).values()) == 1
    holders = dict(Dossier.objects.values_list("pk", "assignee_id"))
    for note in HandOver.objects.all():
        assert holders[note.dossier_id] == note.to_officer_id


@pytest.mark.django_db(transaction=True)
def test_of_twenty_officers_reaching_for_one_dossier_one_has_it(
    contributor: User, offices: dict[str, Office]
) -> None:
    dossier = makers.queued(contributor)
    officers = [staff(f"cb{n}.hanoi", f"Cán bộ {n}", Role.OFFICER, offices["ha-noi"]) for n in range(20)]

    def reach(officer: User) -> bool:
        try:
            assignment.take(dossier, officer)
        except NotHeld:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(20) as pool:
        won = [officer for officer, has in zip(officers, pool.map(reach, officers), strict=True) if has]
    assert won == [makers.fresh(dossier).assignee]


def copy_of(dossier: Dossier, number: int) -> Dossier:
    return Dossier(
        reference=f"DEMO-001-190820-{number:04d}-X",
        procedure=dossier.procedure,
        edition=dossier.edition,
        filer=dossier.filer,
        status=dossier.status,
        office=dossier.office,
        filed_at=dossier.filed_at,
        queued_at=dossier.queued_at,
        due_on=dossier.due_on,
    )


# --- the queue's filters --------------------------------------------------------------------------


def test_the_queue_is_filtered_by_holder_age_and_channel(
    desk: Client, citizen: Citizen, officer: User, head: User
) -> None:
    late = makers.held(makers.due_on(makers.queued(citizen("0120000001", "Lê Văn Ba")), -2), officer)
    today = makers.held(makers.due_on(makers.queued(citizen("0120000002", "Lê Văn Tư")), 0), head)
    free = makers.due_on(makers.queued(citizen("0120000003", "Lê Văn Năm")), 2)

    def found(**query: Any) -> list[str]:
        return references(desk.get(QUEUE, query))

    assert found(giu=officer.pk) == [late.reference]
    assert found(giu=head.pk) == [today.reference]
    assert found(giu="nobody") == [free.reference]
    makers.lease_over(today)
    assert found(giu="nobody") == [today.reference, free.reference]
    assert found(han="overdue") == [late.reference]
    assert found(han="today") == [today.reference]
    assert found(han="soon") == [free.reference]
    assert found(han="without") == found(han="later") == found(kenh="counter") == []
    assert len(found(kenh="electronic")) == 3
    for strange in ({"giu": "x"}, {"han": "\x00"}, {"kenh": "fax"}, {"giu": "9" * 30}):
        assert len(found(**strange)) == 3


def test_a_kept_view_shows_its_count_and_can_be_dropped(desk: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)
    desk.post("/can-bo/bo-loc/", {"name": " Việc  mới ", "query": "giu=nobody&sau=1&x=2&trang_thai="})
    assert SavedFilter.objects.get().query == "giu=nobody"
    page = desk.get(QUEUE)
    assert "Việc mới 1" in text(page)
    assert 'href="/can-bo/?giu=nobody"' in page.content.decode()
    desk.post(url("take", dossier))
    assert "Việc mới 0" in text(desk.get(QUEUE))
    desk.post("/can-bo/bo-loc/bo/", {"name": "Việc mới"})
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "", "query": "giu=nobody"},
        {"name": "x" * 41, "query": "giu=nobody"},
        {"name": "a", "query": ""},
        {"name": "a", "query": "x=1"},
        {"name": "\x00", "query": "giu=nobody"},
        {"name": "a", "query": "q=" + "á" * 399},
        {},
    ],
)
def test_a_view_without_name_or_filter_is_not_kept(desk: Client, typed: dict[str, str]) -> None:
    assert desk.post("/can-bo/bo-loc/", typed).status_code == 302
    assert not SavedFilter.objects.exists()


def test_kept_views_are_few_and_the_queue_asks_the_database_a_bounded_number_of_times(
    desk: Client, citizen: Citizen
) -> None:
    for number in range(12):
        desk.post("/can-bo/bo-loc/", {"name": f"Bộ lọc {number}", "query": "giu=nobody"})
    assert SavedFilter.objects.count() == 8
    for number in range(5):
        makers.queued(citizen(f"012000000{number}", "Lê Văn Ba"))
    with CaptureQueriesContext(connection) as captured:
        desk.get(QUEUE)
    # The queue itself, eight counts of kept views, and whether another office has sent something.
    assert len(captured) <= 8 + 12 + 1
