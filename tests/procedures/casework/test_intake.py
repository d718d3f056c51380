"""Paper dossiers: typed in at the counter or from the post, then like any other."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import TransactionCode, User
from accounts.services.paper_people import is_paper_person
from portal.lib.vietnamese import format_date
from procedures.domain.lifecycle import Act, Status
from procedures.models import Dossier, Leaf, Notice, TallyMark
from procedures.selectors.reconciliation import reconcile
from procedures.services import notices, papers, supplements
from procedures.services.log_check import findings
from tests import makers
from tests.people import Citizen
from tests.procedures.casework.conftest import browser_of
from tests.procedures.casework.pages import references, text, url

pytestmark = pytest.mark.django_db
FORM = reverse("casework:intake", kwargs={"code": "bhxh_mot_lan"})
CHOOSE = reverse("casework:intake_choose")
AT_THE_COUNTER = ("counter_supplement", "counter_withdraw", "counter_complaint_back")


def typed(**changed: Any) -> dict[str, Any]:
    return {
        "public_id": str(uuid.uuid4()),
        "channel": "counter",
        "branch": "sau_mot_nam",
        "full_name": "Lò Văn Pún",
        "birth_date": "2/9/1961",
        "bhxh_number": "0119 000 777",
        "identity_number": "011234777",
        "phone": "0912 000 777",
        "street": "Bản Nà Sản",
        "documents": ["so_bhxh", "don_14hsb"],
        "received_on": format_date(timezone.localdate()),
        **changed,
    }


def taken(client: Client, **changed: Any) -> Dossier:
    response = client.post(FORM, typed(**changed))
    assert response.status_code == 302, text(response)
    return Dossier.objects.latest("pk")


def test_it_stands_in_the_queue_at_once_with_reference_receipt_and_clock(desk: Client, officer: User) -> None:
    dossier = taken(desk)
    assert (dossier.status, dossier.channel, dossier.office_id) == ("queued", "counter", "ha-noi")
    assert references(desk.get(reverse("casework:queue"))) == [dossier.reference]
    assert dossier.due_on is not None
    done = desk.get(reverse("casework:intake_done", kwargs={"public_id": dossier.public_id}))
    assert str(dossier.reference) in text(done)
    assert format_date(dossier.due_on) in text(done)
    receipt = desk.get(reverse("casework:intake_receipt", kwargs={"public_id": dossier.public_id}))
    assert receipt.content.startswith(b"%PDF")


def test_it_is_counted_logged_and_proven_like_any_other(desk: Client, officer: User) -> None:
    dossier = taken(desk)
    assert [mark.channel for mark in TallyMark.objects.filter(event=Act.FILE)] == ["counter"]
    events = list(dossier.events.values_list("act", "actor", "detail__channel"))
    assert events == [("file", officer.pk, "counter"), ("deliver", None, None)]
    assert Leaf.objects.filter(event__dossier=dossier).count() == 2
    assert reconcile().is_balanced
    assert list(findings()) == []


def test_the_due_date_counts_from_the_day_the_paper_came(desk: Client) -> None:
    today = taken(desk).due_on
    day = timezone.localdate() - timedelta(days=7)
    earlier = taken(desk, channel="post", received_on=format_date(day), bhxh_number="0119000778").due_on
    assert today
    assert earlier
    assert earlier < today


def test_the_work_page_shows_what_was_typed_and_the_papers_as_received(desk: Client) -> None:
    dossier = taken(desk)
    page = text(desk.get(url("dossier", dossier)))
    for words in ("Lò Văn Pún", "0119000777", "Bản Nà Sản", "Đã nhận bản giấy", "Tiếp nhận hồ sơ giấy"):
        assert words in page


def test_the_filer_is_told_and_sent_where_a_code_opens_it(desk: Client) -> None:
    dossier = taken(desk)
    notice = Notice.objects.get(dossier=dossier)
    assert (notice.kind, notice.channel, notice.destination) == ("receipt", "sms", "0912000777")
    assert notices._url(notice).endswith(f"/tra-cuu/?ma={dossier.reference}")
    assert is_paper_person(dossier.filer)
    assert not dossier.filer.is_active
    assert not TransactionCode.objects.exists()


def test_an_account_of_that_number_and_name_gets_the_dossier(desk: Client, contributor: User) -> None:
    dossier = taken(desk, bhxh_number=contributor.login, full_name="nguyễn thị hằng", phone="0900000000")
    assert dossier.filer == contributor
    contributor.refresh_from_db()
    assert contributor.phone != "0900000000"
    page = browser_of(contributor).get(reverse("procedures:dossier", kwargs={"public_id": dossier.public_id}))
    assert "đã nhận hồ sơ giấy của ông/bà" in text(page)


def test_an_account_in_another_name_is_a_mistyped_number(desk: Client, contributor: User) -> None:
    response = desk.post(FORM, typed(bhxh_number=contributor.login))
    assert response.status_code == 422
    assert "tài khoản mang tên khác" in text(response)
    assert "Hằng" not in text(response)
    assert "Lò Văn Pún" in response.content.decode()
    assert not Dossier.objects.exists()


def test_a_letter_does_not_change_a_known_phone_but_a_person_at_the_counter_does(desk: Client) -> None:
    first = taken(desk).filer
    taken(desk, channel="post", phone="0912000999", sure="1")
    first.refresh_from_db()
    assert first.phone == "0912000777"
    taken(desk, phone="0912000888", sure="1")
    first.refresh_from_db()
    assert first.phone == "0912000888"


def test_a_page_sent_twice_makes_one_dossier(desk: Client) -> None:
    given = typed()
    addresses = {desk.post(FORM, given).headers["Location"] for _ in range(2)}
    assert len(addresses) == Dossier.objects.count() == 1


def test_somebody_s_second_dossier_is_asked_about_first(desk: Client) -> None:
    first = taken(desk)
    again = desk.post(FORM, typed(bhxh_number="0119000777"))
    assert again.status_code == 200
    assert str(first.reference) in text(again)
    assert "Vẫn tiếp nhận" in text(again)
    assert Dossier.objects.count() == 1
    assert desk.post(FORM, typed(sure="1")).status_code == 302
    assert Dossier.objects.count() == 2


def test_a_duplicate_in_another_office_is_not_told(desk: Client, desk_elsewhere: Client) -> None:
    first = taken(desk_elsewhere)
    assert taken(desk).pk != first.pk


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("full_name", "", "Xin điền mục này"),
        ("full_name", "1234", "Họ tên"),
        ("bhxh_number", "12", "10 chữ số"),
        ("identity_number", "x", "CMND"),
        ("phone", "12", "10 chữ số"),
        ("birth_date", "31/2/1960", "ngày"),
        ("branch", "khong_co", "chọn"),
        ("channel", "electronic", "electronic"),
        ("documents", ["khong_co"], "khong_co"),
        ("received_on", "1/1/2010", "Ngày nhận"),
        ("public_id", "abc", ""),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    desk: Client, field: str, value: Any, words: str
) -> None:
    response = desk.post(FORM, typed(**{field: value}))
    assert response.status_code == 422
    assert words in text(response)
    assert "Bản Nà Sản" in response.content.decode()
    assert not Dossier.objects.exists()
    assert not User.objects.filter(full_name="Lò Văn Pún").exists()


def test_a_move_needs_to_know_where_to(desk: Client) -> None:
    address = reverse("casework:intake", kwargs={"code": "di_chuyen"})
    missing = desk.post(address, typed(branch="dang_huong", documents=[]))
    assert missing.status_code == 422
    assert "Chuyển đến" in text(missing)
    assert desk.post(address, typed(branch="dang_huong", documents=[], onward="can-tho")).status_code == 302
    dossier = Dossier.objects.get()
    assert dossier.routing
    assert dossier.routing["onward_office"] == "can-tho"


@pytest.mark.parametrize("code", ["khong_co", "../x"])
def test_there_is_no_form_for_an_unknown_procedure(desk: Client, code: str) -> None:
    assert desk.get(f"{CHOOSE}{code}/").status_code == 404


def test_only_officers_of_the_office_find_it(
    desk: Client, officer_elsewhere: User, issuer: User, outsider: User, hq: User
) -> None:
    dossier = taken(desk)
    addresses = [
        reverse(f"casework:{name}", kwargs={"public_id": dossier.public_id})
        for name in (*("intake_done", "intake_receipt"), *AT_THE_COUNTER)
    ]
    for address in addresses:
        assert browser_of(officer_elsewhere).get(address).status_code == 404
    # Somebody of another office who sends the page of this one learns nothing either.
    stolen = browser_of(officer_elsewhere).post(FORM, typed(public_id=str(dossier.public_id)))
    assert stolen.status_code == 404
    for user in (issuer, outsider, hq):
        for address in (*addresses, FORM, CHOOSE, reverse("casework:daily_counts")):
            assert browser_of(user).get(address).status_code == 404
            assert browser_of(user).post(address, typed()).status_code in (404, 405)
    assert Dossier.objects.count() == 1


def test_a_paper_dossier_goes_all_the_way(desk: Client, officer: User) -> None:
    dossier = makers.approve(taken(desk), officer)
    assert dossier.status == Status.APPROVED
    assert papers.decision_pdf_for(makers.decision_of(dossier)).startswith(b"%PDF")


def asked(desk: Client, officer: User, **options: Any) -> Dossier:
    dossier = makers.held(taken(desk, documents=["don_14hsb"]), officer)
    given = {"documents": ["so_bhxh"], "questions": ["left_on"], **options}
    supplements.request_supplement(
        dossier,
        officer,
        **given,
        reasons=makers.reasons(given["documents"], given["questions"], "Thiếu sổ."),
        answer_by=supplements.usual_answer_by(),
    )
    return makers.fresh(dossier)


def test_what_is_brought_after_a_request_puts_it_back_into_the_queue(desk: Client, officer: User) -> None:
    dossier = asked(desk, officer)
    address = url("counter_supplement", dossier)
    assert "Nhận bổ sung tại quầy" in text(desk.get(url("dossier", dossier)))
    missing = desk.post(address, {"left_on": "31/8/2016"})
    assert missing.status_code == 422
    assert "Còn giấy tờ chưa có" in text(missing)
    assert desk.post(address, {"documents": "so_bhxh", "left_on": "31/8/2016"}).status_code == 302
    dossier = makers.fresh(dossier)
    assert (dossier.status, dossier.answers["left_on"]) == (Status.QUEUED, "2016-08-31")
    assert dossier.filings.count() == 2
    assert dossier.due_on is not None
    assert list(findings()) == []
    assert reconcile().is_balanced
    assert "supplemented" in Notice.objects.filter(dossier=dossier).values_list("kind", flat=True)


def test_nobody_answers_at_the_counter_for_somebody_who_signs(
    desk: Client, officer: User, contributor: User
) -> None:
    dossier = makers.supplement_requested(contributor, officer)
    for name in AT_THE_COUNTER:
        assert desk.get(url(name, dossier)).status_code == 404
        assert desk.post(url(name, dossier), {"documents": "so_bhxh", "is_written": "on"}).status_code == 404
    assert makers.fresh(dossier).status == Status.SUPPLEMENT_REQUESTED


def test_a_paper_dossier_is_withdrawn_on_paper(desk: Client) -> None:
    dossier = taken(desk)
    without = desk.post(url("counter_withdraw", dossier), {})
    assert "văn bản của người nộp" in text(without)
    assert desk.post(url("counter_withdraw", dossier), {"is_written": "on"}).status_code == 302
    assert makers.fresh(dossier).status == Status.WITHDRAWN


def test_a_paper_dossier_is_tracked_by_reference_and_number(desk: Client, citizen: Citizen) -> None:
    dossier = taken(desk)
    track = reverse("procedures:track")
    found = Client().post(track, {"reference": dossier.reference, "bhxh_number": "0119000777"})
    assert found.status_code == 200
    assert (
        Client().post(track, {"reference": dossier.reference, "bhxh_number": "011900077"}).status_code != 200
    )
