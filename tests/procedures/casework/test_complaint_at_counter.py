"""At the counter: a filer without an account takes a complaint back on a signed paper."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from portal.lib.vietnamese import format_date
from procedures.domain.errors import DomainError, NotAllowed
from procedures.domain.lifecycle import Status
from procedures.models import Complaint, Dossier, Notice
from procedures.selectors.complaints import overdue_complaints
from procedures.services import complaints, notices
from procedures.services.log_check import findings
from procedures.views.tracking_code import KEPT
from tests import makers
from tests.people import staff
from tests.procedures.casework.conftest import browser_of
from tests.procedures.casework.pages import post, seen, text, url

pytestmark = pytest.mark.django_db
BACK = "counter_complaint_back"
TOMORROW, YESTERDAY = "+1", "-1"  # as words: the name of a test doesn't change from day to day
REASON = "Đã được giải thích, tôi đồng ý với quyết định."


@pytest.fixture
def dossier(officer: User, head: User) -> Dossier:
    return makers.complained_on_paper(officer)


@pytest.fixture
def clerk(officer: User) -> User:
    """Of the office, without a part in the decision."""
    return staff("canbo3.hanoi", "Hoàng Văn Thái", Role.OFFICER, officer.office)


@pytest.fixture
def counter(clerk: User) -> Client:
    return browser_of(clerk)


def day(days: int = 0) -> str:
    return format_date(timezone.localdate() + timedelta(days=days))


def typed(**changed: Any) -> dict[str, Any]:
    return {"signed_on": day(), "reason": REASON, "is_theirs": "on", "sure": "1", **changed}


def followed(dossier: Dossier) -> str:
    """What its filer reads, who has opened it with a code."""
    client = Client()
    session = client.session
    until = timezone.now() + timedelta(minutes=30)
    session[KEPT] = {"reference": dossier.reference, "until": until.isoformat()}
    session.save()
    client.cookies["sessionid"] = str(session.session_key)
    return text(client.get(reverse("procedures:tracked")))


def test_it_is_recorded_and_both_read_by_whom_and_of_which_day(
    counter: Client, dossier: Dossier, clerk: User
) -> None:
    assert url(BACK, dossier) in counter.get(url("dossier", dossier)).content.decode()
    complaint = Complaint.objects.get()
    listed = counter.get(reverse("casework:complaint", args=[complaint.public_id]))
    assert url(BACK, dossier) in listed.content.decode()
    asked = text(counter.get(url(BACK, dossier)))
    assert "đã ghi trong hồ sơ: 011234777" in asked  # to compare
    response = post(counter, BACK, dossier, **typed())
    assert response.status_code == 302
    complaint.refresh_from_db()
    assert complaint.withdrawn_at is not None
    assert (complaint.withdrawn_by, complaint.withdrawal_signed_on, complaint.withdrawal_reason) == (
        clerk,
        timezone.localdate(),
        REASON,
    )
    event = dossier.events.latest("pk")
    assert (event.act, event.actor, event.detail["signed_on"]) == (
        complaints.TAKEN_BACK,
        clerk,
        timezone.localdate().isoformat(),
    )
    assert REASON not in str(event.detail)  # the history is for ever
    office = text(counter.get(url("dossier", dossier)))
    assert "Ghi nhận người nộp rút khiếu nại bằng đơn giấy" in office
    assert f"Đơn ký ngày {day()}." in office
    assert url(BACK, dossier) not in counter.get(url("dossier", dossier)).content.decode()
    assert REASON in text(counter.get(reverse("casework:complaint", args=[complaint.public_id])))
    citizen = followed(dossier)
    assert "Cơ quan BHXH ghi nhận ông/bà rút khiếu nại" in citizen
    assert f"Theo đơn ông/bà ký ngày {day()}." in citizen
    assert list(findings()) == []


def test_the_clock_of_the_answer_stops_and_the_decision_stands(
    counter: Client, dossier: Dossier, clerk: User
) -> None:
    Complaint.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    assert overdue_complaints() == 1
    post(counter, BACK, dossier, **typed())
    assert overdue_complaints() == 0
    complaint = Complaint.objects.get()
    with pytest.raises(NotAllowed, match="đã rút"):
        complaints.answer(complaint, clerk, outcome="upheld", text="Đúng.")
    assert makers.fresh(dossier).status == Status.REFUSED
    assert not complaints.may_complain(makers.fresh(dossier))


def test_the_filer_is_told_so_that_a_false_one_comes_out(counter: Client, dossier: Dossier) -> None:
    post(counter, BACK, dossier, **typed())
    notice = Notice.objects.get(event__act=complaints.TAKEN_BACK)
    assert (notice.kind, notice.channel) == ("complaint_withdrawn", "sms")
    notices.send(notice.pk)
    notice.refresh_from_db()
    assert notice.state == Notice.State.DONE


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"signed_on": ""}, "Xin điền mục này"),
        ({"signed_on": "hôm qua"}, "ngày/tháng/năm"),
        ({"signed_on": "31/2/2026"}, "không có ngày 31"),
        ({"signed_on": TOMORROW}, "chưa tới"),
        ({"signed_on": YESTERDAY}, "không thể ký trước ngày đó"),
        ({"reason": "x" * 301}, "dài quá 300 ký tự"),
        ({"is_theirs": ""}, "đơn do chính người nộp ký"),
    ],
)
def test_what_will_not_do_is_said_at_its_field_and_nothing_is_kept(
    counter: Client, dossier: Dossier, changed: dict[str, str], words: str
) -> None:
    before = dossier.events.count()
    [(field, value)] = changed.items()
    given = day(int(value)) if value in (TOMORROW, YESTERDAY) else value
    response = post(counter, BACK, dossier, **typed(**{field: given}))
    assert response.status_code == 422
    page = response.content.decode()
    assert words in text(response)
    assert f'href="#id_{field}"' in page  # the summary leads to it
    assert REASON in page or field == "reason"
    assert Complaint.objects.get().is_waiting
    assert dossier.events.count() == before
    assert not Notice.objects.filter(kind="complaint_withdrawn").exists()


def test_without_a_reason_it_is_recorded_too(counter: Client, dossier: Dossier) -> None:
    assert post(counter, BACK, dossier, **typed(reason="")).status_code == 302
    assert Complaint.objects.get().withdrawal_reason == ""


def test_sent_twice_it_is_one(counter: Client, dossier: Dossier) -> None:
    given = {"seen": seen(counter, dossier, BACK), **typed()}
    for _press in range(2):
        response = counter.post(url(BACK, dossier), given, follow=True)
        assert response.status_code == 200
        assert "Đã ghi nhận rút khiếu nại" in text(response)
    assert dossier.events.filter(act=complaints.TAKEN_BACK).count() == 1
    assert Notice.objects.filter(kind="complaint_withdrawn").count() == 1


def test_from_an_old_page_nothing_is_recorded_and_what_was_typed_stays(
    counter: Client, dossier: Dossier, hq: User, clerk: User
) -> None:
    given = {"seen": seen(counter, dossier, BACK), **typed()}
    complaints.answer(Complaint.objects.get(), clerk, outcome="dismissed", text="Kết quả đúng quy định.")
    response = counter.post(url(BACK, dossier), given)
    assert response.status_code == 409
    shown = text(response)
    assert "Chưa ghi gì" in shown
    assert "Trả lời khiếu nại" in shown
    assert "không còn thực hiện được" in shown
    assert REASON in response.content.decode()
    assert Complaint.objects.get().withdrawn_at is None
    for odd in ("", "0", "x", "9" * 30):
        assert counter.post(url(BACK, dossier), {**given, "seen": odd}).status_code == 409


def test_once_it_is_finished_the_page_leads_back(counter: Client, dossier: Dossier, clerk: User) -> None:
    complaints.answer(Complaint.objects.get(), clerk, outcome="dismissed", text="Đúng quy định.")
    response = counter.get(url(BACK, dossier), follow=True)
    assert "không còn thực hiện được" in text(response)
    with pytest.raises(NotAllowed, match="đã xong"):
        complaints.record_withdrawal(dossier, clerk, signed_on=timezone.localdate())
    nobody_complained = makers.refuse(makers.on_paper(clerk, "0119000891"), clerk)
    assert counter.get(url(BACK, nobody_complained)).status_code == 302


def test_who_decided_leaves_it_to_somebody_else(
    dossier: Dossier, officer: User, head: User, clerk: User
) -> None:
    for had_part in (officer, head):
        response = browser_of(had_part).get(url(BACK, dossier), follow=True)
        assert "xin để người khác ghi nhận" in text(response)
        assert browser_of(had_part).post(url(BACK, dossier), typed()).status_code == 302
        with pytest.raises(NotAllowed):
            complaints.record_withdrawal(dossier, had_part, signed_on=timezone.localdate())
    assert Complaint.objects.get().is_waiting


def test_where_nobody_else_works_who_decided_records_it(dossier: Dossier, officer: User) -> None:
    assert post(browser_of(officer), BACK, dossier, **typed()).status_code == 302
    assert Complaint.objects.get().withdrawn_by == officer


@pytest.mark.parametrize("role", ["officer_elsewhere", "issuer", "hq", "contributor", "outsider"])
def test_for_everybody_else_there_is_no_such_page(
    request: pytest.FixtureRequest, dossier: Dossier, clerk: User, role: str
) -> None:
    user = request.getfixturevalue(role)
    client = browser_of(user)
    assert client.get(url(BACK, dossier)).status_code == 404
    assert client.post(url(BACK, dossier), typed()).status_code == 404
    with pytest.raises(NotAllowed):
        complaints.record_withdrawal(dossier, user, signed_on=timezone.localdate())
    assert Complaint.objects.get().is_waiting


def test_who_has_an_account_takes_it_back_there(counter: Client, contributor: User, officer: User) -> None:
    electronic = makers.refused(contributor, officer)
    by_account = makers.refuse(makers.on_paper(officer, contributor.login, contributor.full_name), officer)
    for one in (electronic, by_account):
        complaints.complain(one, contributor, "Tôi không đồng ý.")
        assert counter.get(url(BACK, one)).status_code == 404
        assert counter.post(url(BACK, one), typed()).status_code == 404
        assert url(BACK, one) not in counter.get(url("dossier", one)).content.decode()
    assert not Complaint.objects.filter(withdrawn_at__isnull=False).exists()


@pytest.mark.django_db(transaction=True)
def test_of_an_answer_and_a_withdrawal_at_once_one_counts(dossier: Dossier, clerk: User) -> None:
    complaint, other = (
        Complaint.objects.get(),
        staff("canbo4.hanoi", "Lưu Thị Yến", Role.OFFICER, clerk.office),
    )
    together, refused = threading.Barrier(8), []

    def act(number: int) -> None:
        try:
            together.wait()
            if number % 2:
                complaints.answer(complaint, other, outcome="dismissed", text="Đúng quy định.")
            else:
                complaints.record_withdrawal(dossier, clerk, signed_on=timezone.localdate())
        except DomainError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    complaint.refresh_from_db()
    assert (complaint.answered_at is None) != (complaint.withdrawn_at is None)
    ended = dossier.events.filter(act__in=[complaints.TAKEN_BACK, complaints.ANSWERED])
    assert ended.count() == 1
    assert refused
    assert list(findings()) == []
