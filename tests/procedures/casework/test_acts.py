"""Asking for a supplement, approving, refusing, noting a paper: once, rightly, and nothing typed is lost."""

import html
from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import gateways
from accounts.models import User
from portal.lib.vietnamese import format_date
from portal.lib.working_days import add_working_days
from procedures.casework.forms import ApprovalForm
from procedures.domain.lifecycle import Status
from procedures.models import Dossier, Notice, Proposal, SupplementRequest
from procedures.services import notices, papers
from tests import makers
from tests.procedures.casework.conftest import browser_of
from tests.procedures.casework.pages import opened, post, text, url
from tests.procedures.documents.sheets import text_of

REASON = "Sổ BHXH thiếu trang 3.\nXin chụp lại đủ các trang."


WHY = {
    "reason_question_left_on": "Khác ngày ghi trong quyết định thôi việc.",
    "reason_question_history": "Thiếu năm 2015.",
}


def day(days: int) -> str:
    return format_date(timezone.localdate() + timedelta(days=days))


# --- supplement -----------------------------------------------------------------------------------


def ask(desk: Client, dossier: Dossier, **typed: Any) -> Any:
    given = {"documents": ["so_bhxh"], "questions": [], "reason_paper_so_bhxh": REASON, "answer_by": day(12)}
    return post(desk, "supplement", dossier, **{**given, **typed})


def test_a_supplement_is_asked_for_in_one_list(desk: Client, contributor: User, officer: User) -> None:
    dossier = makers.queued(contributor)
    response = ask(desk, dossier, questions=["left_on", "history"], **WHY)
    assert response.status_code == 302
    assert response["Location"] == url("dossier", dossier)
    request = SupplementRequest.objects.get(dossier=dossier)
    assert (request.documents, request.questions) == (["so_bhxh"], ["left_on", "history"])
    assert request.reasons == {
        "paper:so_bhxh": REASON,
        "question:left_on": "Khác ngày ghi trong quyết định thôi việc.",
        "question:history": "Thiếu năm 2015.",
    }
    assert request.reason == ""
    assert request.answer_by == timezone.localdate() + timedelta(days=12)
    assert request.requested_by == officer
    assert makers.fresh(dossier).status == Status.SUPPLEMENT_REQUESTED
    assert Notice.objects.filter(dossier=dossier, kind=Notice.Kind.SUPPLEMENT_REQUESTED).exists()
    assert "Đã gửi yêu cầu bổ sung" in text(desk.get(response["Location"]))


def test_the_filer_reads_the_reason_of_each_thing_everywhere(
    desk: Client, contributor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = makers.queued(contributor)
    ask(desk, dossier, questions=["left_on", "history"], **WHY)
    why = [f"Sổ bảo hiểm xã hội: {REASON}", *(f": {words}" for words in WHY.values())]
    request = SupplementRequest.objects.get()
    filer = browser_of(contributor)
    for name in ("dossier", "supplement"):
        address = reverse(f"procedures:{name}", kwargs={"public_id": dossier.public_id})
        shown = html.unescape(filer.get(address).content.decode())
        assert all(words in shown for words in why), name
    printed = text_of(papers.supplement_pdf_for(request))
    assert printed.index("trang 3") < printed.index("thôi việc") < printed.index("năm 2015")
    letters: list[str] = []
    send = gateways.send

    def keep(channel: str, destination: str, subject: str, text: str, *more: Any) -> Any:
        letters.append(text)
        return send(channel, destination, subject, text, *more)

    monkeypatch.setattr(gateways, "send", keep)
    notices.send(Notice.objects.get(kind=Notice.Kind.SUPPLEMENT_REQUESTED, channel="email").pk)
    assert all(words in letters[0] for words in why)


def test_an_old_request_prints_its_one_reason_as_it_did(contributor: User, officer: User) -> None:
    dossier = makers.supplement_requested(contributor, officer)
    SupplementRequest.objects.update(reasons={}, reason=REASON)
    request = SupplementRequest.objects.get()
    assert "Lý do Sổ BHXH thiếu trang 3." in text_of(papers.supplement_pdf_for(request))
    address = reverse("procedures:dossier", kwargs={"public_id": dossier.public_id})
    assert "Xin chụp lại đủ các trang." in text(browser_of(contributor).get(address))


def test_ten_working_days_are_given_unless_the_officer_says_otherwise(
    desk: Client, contributor: User
) -> None:
    dossier = makers.queued(contributor)
    usual = format_date(add_working_days(timezone.localdate(), 10))
    assert f'value="{usual}"' in opened(desk, "supplement", dossier).content.decode()


def test_only_what_this_dossier_has_can_be_asked_for(desk: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)
    page = opened(desk, "supplement", dossier).content.decode()
    assert 'value="so_bhxh"' in page
    for foreign in ("don_14hsb", "ho_chieu_nuoc_ngoai", "disease"):
        assert f'value="{foreign}"' not in page
    for foreign in ({"documents": ["don_14hsb"]}, {"documents": ["x"]}, {"questions": ["disease"]}):
        assert ask(desk, dossier, **foreign).status_code == 200
    assert makers.fresh(dossier).status == Status.QUEUED


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"documents": []}, "ít nhất một"),
        ({"reason_paper_so_bhxh": "  "}, "thiếu hoặc sai ở đâu"),
        ({"questions": ["left_on"]}, "thiếu hoặc sai ở đâu"),
        ({"reason_paper_so_bhxh": "x" * 2001}, "dài quá"),
        ({"reason_paper_so_bhxh": "á" * 500_000}, "quá dài"),
        ({"answer_by": ""}, "Xin điền mục này"),
        ({"answer_by": "31/02/2027"}, "không có ngày 31"),
        ({"answer_by": "mai"}, "ngày/tháng/năm"),
        ({"answer_by": day(0)}, "phải sau hôm nay"),
        ({"answer_by": day(91)}, "nhiều nhất là 90 ngày"),
    ],
)
def test_a_wrong_supplement_request_keeps_what_was_typed(
    desk: Client, contributor: User, wrong: dict[str, Any], words: str
) -> None:
    dossier = makers.queued(contributor)
    response = ask(desk, dossier, **{"questions": [], "reason_paper_so_bhxh": "Thiếu trang <3>", **wrong})
    page = response.content.decode()
    assert response.status_code == 200
    assert words in text(response)
    assert "error-summary" in page
    if "reason_paper_so_bhxh" not in wrong:
        assert "Thiếu trang &lt;3&gt;" in page
    if "answer_by" not in wrong:
        assert f'value="{day(12)}"' in page
    if "documents" not in wrong:
        assert "checked" in page
    assert makers.fresh(dossier).status == Status.QUEUED
    assert not SupplementRequest.objects.exists()


def test_a_second_request_says_that_the_rules_allow_one(
    desk: Client, contributor: User, officer: User
) -> None:
    dossier = makers.supplemented(contributor, officer)
    page = text(opened(desk, "supplement", dossier))
    assert "đã được yêu cầu bổ sung" in page
    assert makers.WHAT_IS_MISSING in page


# --- approve --------------------------------------------------------------------------------------


def test_the_amount_of_the_estimate_is_filled_in(desk: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)
    page = opened(desk, "propose_approval", dossier).content.decode()
    assert dossier.estimate
    grouped = f"{dossier.estimate['total_vnd']:,}".replace(",", ".")
    assert f'value="{grouped}"' in page


@pytest.mark.parametrize("typed", ["44.980.714", "44980714", "44 980 714 đ", "44,980,714"])
def test_an_approval_is_read_once_more_in_words_and_then_done(
    desk: Client, contributor: User, officer: User, typed: str
) -> None:
    dossier = makers.queued(contributor)
    response = post(
        desk, "propose_approval", dossier, amount_vnd=typed, remark="Nhận tiền từ thứ Hai.", check="1"
    )
    page = text(response)
    assert "Bốn mươi bốn triệu chín trăm tám mươi nghìn bảy trăm mười bốn đồng" in page
    assert "Thấp hơn số ước tính khi nộp" in page
    assert makers.fresh(dossier).status == Status.QUEUED
    response = post(
        desk, "propose_approval", dossier, amount_vnd=typed, remark="Nhận tiền từ thứ Hai.", sure="1"
    )
    assert response.status_code == 302
    proposal = Proposal.objects.get(dossier=dossier)
    assert (proposal.outcome, proposal.amount_vnd) == ("approve", 44_980_714)
    assert (proposal.reason, proposal.proposed_by) == ("Nhận tiền từ thứ Hai.", officer)
    assert makers.fresh(dossier).status == Status.PROPOSED
    page = text(desk.get(response["Location"]))
    assert "Đã trình đề nghị duyệt." in page
    assert "Đề nghị duyệt 44.980.714 đ, chờ ký – Phạm Minh Châu" in page


def test_going_back_from_the_last_look_shows_the_form_as_it_was(desk: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)
    response = post(desk, "propose_approval", dossier, amount_vnd="1.000.000", remark="Ghi chú", back="1")
    page = response.content.decode()
    assert 'value="1.000.000"' in page
    assert "Ghi chú</textarea>" in page
    assert makers.fresh(dossier).status == Status.QUEUED


@pytest.mark.parametrize("typed", ["", "0", "-5", "1,5", "abc", "1e9", "9" * 15, "9" * 40, "１２３", "NaN"])
def test_an_absurd_amount_is_refused_at_the_field(desk: Client, contributor: User, typed: str) -> None:
    dossier = makers.queued(contributor)
    for button in ("check", "sure"):
        response = post(
            desk, "propose_approval", dossier, amount_vnd=typed, remark="Còn đây", **{button: "1"}
        )
        assert response.status_code == 200
        assert "Cần sửa 1 chỗ" in text(response)
        assert "Còn đây" in response.content.decode()
    assert makers.fresh(dossier).status == Status.QUEUED


def test_a_paper_still_awaited_is_named_before_an_approval(desk: Client, contributor: User) -> None:
    dossier = makers.queued(contributor, on_paper=["so_bhxh"])
    assert "Sổ bảo hiểm xã hội: Chờ bản giấy" in text(opened(desk, "propose_approval", dossier))


# --- refuse ---------------------------------------------------------------------------------------


def test_a_refusal_begins_with_the_ready_wording_of_its_ground(
    desk: Client, contributor: User, officer: User
) -> None:
    dossier = makers.queued(contributor)
    ground = makers.procedure_of(dossier).refusals[0]
    assert ground.words in text(opened(desk, "propose_refusal", dossier))
    response = post(desk, "propose_refusal", dossier, reason_code=ground.code, reason="", next="1")
    assert f"{ground.words}</textarea>" in response.content.decode()
    assert str(ground.basis) in text(response)
    words = f"{ground.words} Ông/bà nghỉ việc ngày 01/06/2026."
    response = post(desk, "propose_refusal", dossier, reason_code=ground.code, reason=words, sure="1")
    assert response.status_code == 302
    proposal = Proposal.objects.get(dossier=dossier)
    assert (proposal.outcome, proposal.reason_code) == ("refuse", ground.code)
    assert (proposal.reason, proposal.legal_basis) == (words, str(ground.basis))
    assert makers.fresh(dossier).status == Status.PROPOSED


def test_another_ground_brings_its_own_wording_but_own_words_stay(desk: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)
    first, second = makers.procedure_of(dossier).refusals[:2]
    response = post(desk, "propose_refusal", dossier, reason_code=first.code, reason=first.words, back="1")
    assert "checked" in response.content.decode()
    response = post(desk, "propose_refusal", dossier, reason_code=second.code, reason=first.words, next="1")
    assert f"{second.words}</textarea>" in response.content.decode()
    response = post(desk, "propose_refusal", dossier, reason_code=second.code, reason="Lời của tôi", next="1")
    assert "Lời của tôi</textarea>" in response.content.decode()


@pytest.mark.parametrize("button", ["next", "sure"])
@pytest.mark.parametrize("code", ["", "khong_co", "\x00", "x" * 5000])
def test_an_unknown_ground_changes_nothing(desk: Client, contributor: User, code: str, button: str) -> None:
    dossier = makers.queued(contributor)
    response = post(desk, "propose_refusal", dossier, reason_code=code, reason="Lời của tôi", **{button: "1"})
    assert response.status_code == 200
    assert "Cần sửa 1 chỗ" in text(response)
    assert "Lời của tôi" in response.content.decode()
    assert makers.fresh(dossier).status == Status.QUEUED


def test_a_refusal_without_words_is_not_sent(desk: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)
    ground = makers.procedure_of(dossier).refusals[0]
    response = post(desk, "propose_refusal", dossier, reason_code=ground.code, reason=" \n ", sure="1")
    assert "Xin ghi rõ lý do từ chối" in text(response)
    assert makers.fresh(dossier).status == Status.QUEUED


def test_refusing_while_a_supplement_is_awaited_says_so(
    desk: Client, contributor: User, officer: User
) -> None:
    dossier = makers.supplement_requested(contributor, officer)
    assert "đang được yêu cầu bổ sung" in text(opened(desk, "propose_refusal", dossier))


# --- papers by post -------------------------------------------------------------------------------


def receive(desk: Client, dossier: Dossier, document: str, seen: str = "") -> Any:
    seen = seen or str(dossier.events.latest("pk").pk)
    return desk.post(url("receive_original", dossier), {"seen": seen, "document": document}, follow=True)


def test_noting_the_last_paper_starts_the_clock(desk: Client, contributor: User) -> None:
    dossier = makers.queued(contributor, on_paper=["so_bhxh"])
    assert dossier.due_on is None
    page = text(receive(desk, dossier, "so_bhxh"))
    assert "Đã ghi nhận bản giấy: Sổ bảo hiểm xã hội." in page
    assert "Sổ bảo hiểm xã hội Đã nhận bản giấy" in page
    assert makers.fresh(dossier).due_on is not None
    assert dossier.paper_originals.get().received_at is not None


def test_a_paper_that_comes_while_a_supplement_is_awaited_is_noted(
    desk: Client, contributor: User, officer: User
) -> None:
    dossier = makers.supplement_requested(
        contributor, officer, on_paper=["so_bhxh"], documents=[], questions=["left_on"]
    )
    receive(desk, dossier, "so_bhxh")
    dossier = makers.fresh(dossier)
    assert dossier.paper_originals.get().received_at is not None
    assert dossier.due_on is None
    assert makers.deliver(makers.answered(dossier)).due_on is not None


def test_a_paper_nobody_promised_cannot_be_noted(desk: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)
    for document in ("so_bhxh", "khong_co", "", "\x00", "x" * 500):
        page = text(receive(desk, dossier, document))
        assert "Đã ghi nhận" not in page
    assert not dossier.events.filter(act="paper_received").exists()


# --- procedures that pay no amount ----------------------------------------------------------------


def test_where_no_amount_is_paid_none_has_to_be_typed() -> None:
    typed = QueryDict("seen=7&amount_vnd=&remark=&sure=1")
    form = ApprovalForm(typed, seen=7, estimate={}, pays=False)
    assert form.is_valid()
    assert form.typed() == {"amount_vnd": None, "remark": ""}


def test_a_monthly_benefit_says_so_at_the_amount() -> None:
    form = ApprovalForm(None, seen=7, estimate={"total_vnd": 1_500_000, "per_month": True}, pays=True)
    assert form.fields["amount_vnd"].label == "Số tiền được hưởng mỗi tháng"
    assert form["amount_vnd"].value() == "1.500.000"
