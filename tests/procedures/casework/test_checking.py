"""The check-list: marks with remarks, what they make of a supplement request, and what must be cured after it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from procedures.domain.errors import DomainError, NotAllowed, NotHeld
from procedures.domain.lifecycle import Status
from procedures.models import CheckMark, Dossier
from procedures.selectors.checklist import check_list_of
from procedures.selectors.queue import with_signed_answers
from procedures.services import checklist, decisions
from procedures.services.checklist import Marked
from tests import makers
from tests.procedures.casework.conftest import browser_of
from tests.procedures.casework.pages import opened, post, text, url

BLURRED = "Trang 3 mờ, không đọc được tháng đóng."
PAPER = "paper:so_bhxh"


def step_of(dossier: Dossier, question: str) -> str:
    """The item of the step that asks it."""
    items = check_list_of(with_signed_answers(makers.fresh(dossier))).checks
    return next(check.item.code for check in items if question in {one.name for one in check.item.questions})


def field(code: str, name: str) -> str:
    return f"{code.replace(':', '_')}_{name}"


def defect(desk: Client, dossier: Dossier, **typed: Any) -> Any:
    given = {field(PAPER, "verdict"): "defect", field(PAPER, "remark"): BLURRED, "sure": "1", **typed}
    return post(desk, "check", dossier, **given)


def test_the_list_has_every_paper_and_step_of_this_dossier_and_nothing_else(contributor: User) -> None:
    dossier = with_signed_answers(makers.queued(contributor, "dinh_cu"))
    found = [check.item for check in check_list_of(dossier).checks]
    papers = {item.name for item in found if item.kind == "paper"}
    assert papers == {"so_bhxh", "thi_thuc_dinh_cu"}  # the form is filled in by the portal itself
    assert all(item.questions for item in found if item.kind == "step")


def test_a_mark_says_what_was_found_by_whom_and_when(desk: Client, contributor: User, officer: User) -> None:
    dossier = makers.queued(contributor)
    response = defect(desk, dossier)
    assert response.status_code == 302
    mark = CheckMark.objects.get()
    assert (mark.item, mark.verdict, mark.remark, mark.by) == (PAPER, "defect", BLURRED, officer)
    assert mark.filing_number == 1
    page = text(desk.get(url("dossier", dossier)))
    assert f"Chưa đạt {BLURRED} Phạm Minh Châu" in page
    assert f"{timezone.localtime(mark.at):%H:%M}" in page
    assert "0 mục đạt, 1 mục chưa đạt." in page  # in the time line


def test_what_failed_stands_in_the_supplement_request_already(desk: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)
    step = step_of(dossier, "left_on")
    defect(
        desk,
        dossier,
        **{
            field(step, "verdict"): "defect",
            field(step, "remark"): "Ngày nghỉ việc không khớp sổ.",
            field(step, "questions"): ["left_on"],
        },
    )
    html = opened(desk, "supplement", dossier).content.decode()
    for name, value in (("documents", "so_bhxh"), ("questions", "left_on")):
        box = re.search(rf'<input type="checkbox"\s+name="{name}"\s+value="{value}"[^>]*>', html)
        assert box, name
        assert "checked" in box[0], name
    assert len(re.findall(r"<input[^>]*checkbox[^>]*checked", html)) == 2
    assert re.search(rf'name="reason_paper_so_bhxh"[^>]*>\s*{re.escape(BLURRED)}', html)
    assert "Ngày nghỉ việc không khớp sổ." in html


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({field(PAPER, "remark"): "  "}, "Xin ghi thiếu hoặc sai ở đâu"),
        ({field(PAPER, "remark"): "x" * 2001}, "dài quá 2000 ký tự"),
        ({field(PAPER, "verdict"): "rất xấu"}, "Xin chọn một giá trị trong danh sách."),
    ],
)
def test_what_will_not_do_is_said_at_its_field_and_kept(
    desk: Client, contributor: User, typed: dict[str, str], words: str
) -> None:
    dossier = makers.queued(contributor)
    step = step_of(dossier, "left_on")
    response = defect(desk, dossier, **{field(step, "remark"): "Lời đã gõ", **typed})
    assert response.status_code == 200
    assert words in text(response)
    assert "Lời đã gõ" in response.content.decode()
    assert not CheckMark.objects.exists()


def test_a_failed_step_names_its_wrong_answers(desk: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)
    step = step_of(dossier, "left_on")
    typed = {field(step, "verdict"): "defect", field(step, "remark"): "Sai."}
    assert "Xin chọn ít nhất một mục chưa đạt." in text(defect(desk, dossier, **typed))
    foreign = {**typed, field(step, "questions"): ["bank", "khong_co"]}
    assert "Xin chọn một giá trị trong danh sách." in text(defect(desk, dossier, **foreign)) or (
        not CheckMark.objects.exists()
    )
    assert not CheckMark.objects.exists()


@pytest.mark.parametrize("code", ["paper:khong_co", "step:khong_co", "", "x" * 100, "question:left_on"])
def test_an_item_the_dossier_does_not_have_is_refused(contributor: User, officer: User, code: str) -> None:
    dossier = makers.held(makers.queued(contributor), officer)
    with pytest.raises(DomainError):
        checklist.mark(dossier, officer, [Marked(code, "fine")])
    assert not CheckMark.objects.exists()


def test_the_same_page_sent_twice_leaves_one_mark(desk: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)
    defect(desk, dossier)
    defect(desk, dossier)
    assert CheckMark.objects.count() == 1


def test_marks_are_never_changed_only_followed_by_others(contributor: User, officer: User) -> None:
    dossier = makers.held(makers.queued(contributor), officer)
    checklist.mark(dossier, officer, [Marked(PAPER, "defect", BLURRED)])
    checklist.mark(dossier, officer, [Marked(PAPER, "fine")])
    assert list(CheckMark.objects.values_list("verdict", flat=True)) == ["defect", "fine"]
    check = check_list_of(with_signed_answers(dossier)).by_code[PAPER]
    assert check.is_fine


def test_it_needs_the_lease_and_a_dossier_in_the_queue(
    contributor: User, officer: User, head: User, pensioner: User
) -> None:
    dossier = makers.held(makers.queued(contributor), head)
    with pytest.raises(NotHeld):
        checklist.mark(dossier, officer, [Marked(PAPER, "fine")])
    withdrawn = makers.withdrawn(pensioner)
    with pytest.raises(NotAllowed):
        checklist.mark(withdrawn, officer, [Marked(PAPER, "fine")])


def test_an_old_page_marks_nothing_and_says_who_came_first(
    desk: Client, contributor: User, head: User
) -> None:
    dossier = makers.queued(contributor)
    page = opened(desk, "check", dossier).content.decode()
    found = re.search(r'name="seen" value="([0-9]+)"', page)
    assert found
    makers.proposed_by(dossier, head)
    response = desk.post(
        url("check", dossier),
        {"seen": found[1], field(PAPER, "verdict"): "defect", field(PAPER, "remark"): BLURRED},
    )
    assert response.status_code == 409
    assert "Đỗ Quang Vinh" in text(response)
    assert BLURRED in response.content.decode()
    assert not CheckMark.objects.exists()


# --- when it comes back ---------------------------------------------------------------------------


def come_back(filer: User, officer: User) -> Dossier:
    """Asked for the book and two answers; the filer gave another book and changed one answer."""
    dossier = makers.supplement_requested(
        filer, officer, documents=["so_bhxh"], questions=["identity_issued_by", "identity_issued_on"]
    )
    answered = makers.answered(dossier, identity_issued_by="Cục Cảnh sát QLHC về TTXH")
    return makers.held(makers.deliver(answered), officer)


def test_the_difference_names_changed_fields_and_new_papers_only(
    desk: Client, contributor: User, officer: User
) -> None:
    dossier = makers.checked(come_back(contributor, officer))
    html = desk.get(url("dossier", dossier)).content.decode()
    changes = html[html.index('id="bo-sung"') : html.index('id="khai"')]
    assert "<del>Công an Hà Nội</del>" in changes
    assert "<ins>Cục Cảnh sát QLHC về TTXH</ins>" in changes
    assert changes.count("<tr>") == 2  # the head, and one changed answer
    assert "Được yêu cầu nhưng không đổi" in changes
    assert "Ngày cấp" in changes
    old, new = dossier.attachments.filter(document="so_bhxh").order_by("pk")
    assert str(new.public_id) in changes
    assert str(old.public_id) not in changes


def test_a_dossier_that_never_came_back_has_no_difference(desk: Client, contributor: User) -> None:
    page = desk.get(url("dossier", makers.queued(contributor))).content.decode()
    assert 'id="bo-sung"' not in page


def test_each_earlier_defect_is_confirmed_before_an_approval_is_proposed(
    desk: Client, contributor: User, officer: User
) -> None:
    dossier = come_back(contributor, officer)
    refused = post(desk, "propose_approval", dossier, amount_vnd="44980714", sure="1")
    words = text(refused)
    assert "Chưa xác nhận đã khắc phục: Sổ bảo hiểm xã hội; Nơi cấp" in words
    assert makers.fresh(dossier).status == Status.QUEUED
    fine = {
        field(code, "verdict"): "fine"
        for code in (PAPER, "question:identity_issued_by", "question:identity_issued_on")
    }
    assert post(desk, "check", dossier, sure="1", **fine).status_code == 302
    assert check_list_of(with_signed_answers(makers.fresh(dossier))).uncured == []
    assert post(desk, "propose_approval", dossier, amount_vnd="44980714", sure="1").status_code == 302
    assert makers.fresh(dossier).status == Status.PROPOSED


def test_a_mark_from_before_the_supplement_counts_no_more_for_what_was_changed(
    contributor: User, officer: User
) -> None:
    dossier = makers.held(makers.queued(contributor), officer)
    own = step_of(dossier, "identity_issued_by")
    other = step_of(dossier, "left_on")
    checklist.mark(dossier, officer, [Marked(PAPER, "fine"), Marked(own, "fine"), Marked(other, "fine")])
    assert own != other
    makers.supplements.request_supplement(
        dossier,
        officer,
        documents=[],
        questions=["identity_issued_by"],
        reasons={"question:identity_issued_by": "Sai."},
        answer_by=timezone.localdate() + timedelta(days=10),
    )
    back = makers.deliver(makers.answered(makers.fresh(dossier), identity_issued_by="Công an Huế"))
    found = check_list_of(with_signed_answers(back)).by_code
    assert found[own].is_outdated
    assert not found[own].is_fine
    assert found[other].is_fine
    assert found[PAPER].is_fine


def test_a_refusal_needs_nothing_to_be_cured(contributor: User, officer: User) -> None:
    dossier = come_back(contributor, officer)
    ground = makers.procedure_of(dossier).refusals[0]
    decisions.propose_refusal(dossier, officer, reason_code=ground.code, reason=ground.words)
    assert makers.fresh(dossier).status == Status.PROPOSED


def test_the_filer_never_reads_marks(contributor: User, officer: User) -> None:
    dossier = makers.held(makers.queued(contributor), officer)
    checklist.mark(dossier, officer, [Marked(PAPER, "defect", BLURRED)])
    assert BLURRED not in text(browser_of(contributor).get(f"/ho-so/{dossier.public_id}/"))


# --- the same person twice ------------------------------------------------------------------------


def test_the_same_procedure_open_twice_is_flagged_in_queue_and_on_the_page(
    desk: Client, contributor: User, pensioner: User
) -> None:
    first, second = makers.queued(contributor), makers.queued(contributor)
    alone = makers.queued(pensioner)
    assert text(desk.get("/can-bo/")).count("có thể trùng") == 2
    page = text(desk.get(url("dossier", second)))
    assert "Có thể trùng: người này còn hồ sơ khác cùng thủ tục đang mở" in page
    assert str(first.reference) in page
    assert "Có thể trùng" not in text(desk.get(url("dossier", alone)))
    makers.withdrawal.withdraw(first, contributor)
    assert "Có thể trùng" not in text(desk.get(url("dossier", second)))
