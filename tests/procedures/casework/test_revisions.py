"""Reckoning anew: other lines with reasons beside the estimate, and in the decision."""

import re
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from portal.lib.money import format_number, format_vnd
from procedures.domain.errors import DomainError, NotHeld
from procedures.domain.estimate import reckon
from procedures.models import Dossier, EstimateRevision
from procedures.services import decisions, papers, revisions
from procedures.services.estimates import filed_estimate
from procedures.services.log_check import findings
from procedures.services.revisions import LineChange
from tests import makers
from tests.procedures.casework.pages import opened, post, text, url
from tests.procedures.documents.sheets import text_of

WHY = "Sổ ghi lương 4.500.000 đ, không phải 4.000.000 đ."


def money_line(dossier: Dossier) -> int:
    """A line of the estimate that is an amount."""
    assert dossier.estimate
    lines = dossier.estimate["lines"]
    return next(number for number, line in enumerate(lines) if line["value"].endswith(" đ"))


def revise(desk: Client, dossier: Dossier, **typed: str) -> Any:
    return post(desk, "revise", dossier, **{"sure": "1", **typed})


def test_another_line_stands_beside_the_estimate_and_the_portal_reckons_the_amount(
    desk: Client, contributor: User, officer: User
) -> None:
    dossier = makers.queued(contributor)
    line, before = money_line(dossier), dossier.estimate
    assert before
    assert "value_total" not in opened(desk, "revise", dossier).content.decode()
    response = revise(
        desk, dossier, **{f"value_{line}": "4500000", f"reason_{line}": WHY, "value_total": "1"}
    )
    assert response.status_code == 302
    revision = EstimateRevision.objects.get()
    assert revision.by == officer
    assert revision.lines[0]["before"] == before["lines"][line]["value"]
    assert revision.lines[0]["after"] == "4.500.000 đ"
    estimate = filed_estimate(dossier)
    assert estimate
    assert revision.total_vnd == reckon(estimate, {line: Fraction(4_500_000)}).total
    follows = {one["label"]: one["after"] for one in revision.lines if one.get("follows")}
    assert follows["Số tiền ước tính"] == format_vnd(revision.total_vnd)
    assert makers.fresh(dossier).estimate == before
    page = text(desk.get(url("dossier", dossier)))
    assert f"{before['lines'][line]['value']} → 4.500.000 đ {WHY}" in page
    assert f"→ {follows['Số tiền ước tính']} Cổng tính lại từ các dòng đã sửa." in page
    assert "Ước tính khi nộp ở trên vẫn giữ nguyên." in page
    for original in before["lines"]:
        assert original["value"] in page
    again = opened(desk, "revise", dossier).content.decode()
    assert f"Theo các dòng đã sửa: {follows['Số tiền ước tính']}" in text(opened(desk, "revise", dossier))
    assert again.count('value="4.500.000 đ"') == 1  # what follows isn't typed


def test_the_reckoned_amount_is_proposed_and_nothing_else(
    desk: Client, contributor: User, officer: User
) -> None:
    dossier = makers.queued(contributor)
    line = money_line(dossier)
    revise(desk, dossier, **{f"value_{line}": "4500000", f"reason_{line}": WHY})
    revision = EstimateRevision.objects.get()
    assert revision.total_vnd
    html = opened(desk, "propose_approval", dossier).content.decode()
    assert re.search(rf'value="{format_number(revision.total_vnd)}"[^>]*disabled', html)
    with pytest.raises(DomainError, match="cổng tính từ các dòng đã sửa"):
        decisions.propose_approval(makers.held(dossier, officer), officer, amount_vnd=50_000_000)
    post(desk, "propose_approval", dossier, amount_vnd="50.000.000", sure="1")
    dossier = makers.signed(dossier)
    decision = makers.decision_of(dossier)
    assert (decision.revision, decision.amount_vnd) == (revision, revision.total_vnd)
    printed = text_of(papers.decision_pdf_for(decision))
    for words in ("Khác với ước tính khi nộp hồ sơ", "4.500.000 đ", WHY, format_vnd(revision.total_vnd)):
        assert words in printed
    assert list(findings()) == []  # the leaf of the decision covers the lines


def test_years_and_months_move_the_amount_too(contributor: User, officer: User) -> None:
    dossier = makers.held(makers.queued(contributor), officer)
    at = next(
        at
        for at, line in enumerate(dossier.estimate["lines"])
        if line["label"] == "Số tháng lương được hưởng"
    )
    revision = revisions.revise(dossier, officer, [LineChange(at, "10", WHY)])
    assert revision.lines[0]["after"] == "10 tháng"
    assert revision.total_vnd
    average = filed_estimate(dossier).lines[at - 3].exact
    assert average
    assert revision.total_vnd == int(10 * average)
    with pytest.raises(DomainError, match="Hãy ghi một số"):
        revisions.revise(dossier, officer, [LineChange(at, "nhiều", WHY)])


def test_an_estimate_of_other_rules_is_typed_as_before(contributor: User, officer: User) -> None:
    dossier = makers.held(makers.queued(contributor), officer)
    kept = {**dossier.estimate, "total_vnd": 1}  # as if the rules gave something else then
    Dossier.objects.filter(pk=dossier.pk).update(estimate=kept)
    assert not revisions.is_reckoned(makers.fresh(dossier))
    revision = revisions.revise(dossier, officer, [LineChange(None, "50000000", WHY)])
    assert revision.total_vnd == 50_000_000
    assert decisions.propose_approval(dossier, officer, amount_vnd=49_000_000).revision == revision


def test_a_decision_that_follows_the_estimate_says_nothing_of_changes(
    contributor: User, officer: User
) -> None:
    dossier = makers.approved(contributor, officer)
    assert makers.decision_of(dossier).revision is None
    assert "Khác với ước tính" not in text_of(papers.decision_pdf_for(makers.decision_of(dossier)))


def test_what_is_signed_keeps_the_revision_it_was_made_from(contributor: User, officer: User) -> None:
    dossier = makers.held(makers.queued(contributor), officer)
    first = revisions.revise(
        dossier, officer, [LineChange(len(dossier.estimate["lines"]) - 1, "50000000", WHY)]
    )
    proposal = decisions.propose_approval(dossier, officer, amount_vnd=50_000_000)
    assert proposal.revision == first


def test_no_change_at_all_goes_back_to_the_estimate(contributor: User, officer: User) -> None:
    dossier = makers.held(makers.queued(contributor), officer)
    revisions.revise(dossier, officer, [LineChange(money_line(dossier), "50000000", WHY)])
    revisions.revise(dossier, officer, [])
    assert decisions.propose_approval(dossier, officer, amount_vnd=1).revision is None
    assert EstimateRevision.objects.count() == 2


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"value": "4500000", "reason": ""}, "Xin ghi lý do thay đổi dòng này."),
        ({"value": "", "reason": WHY}, "Xin ghi giá trị mới, hoặc bỏ lý do."),
        ({"value": "nhiều", "reason": WHY}, "Hãy ghi số tiền bằng đồng"),
        ({"value": "-5", "reason": WHY}, "không thể là số âm"),
        ({"value": "9" * 15, "reason": WHY}, "quá lớn"),
        ({"value": "4500000", "reason": "x" * 501}, "dài quá 500 ký tự"),
    ],
)
def test_what_will_not_do_is_said_at_its_field_and_kept(
    desk: Client, contributor: User, typed: dict[str, str], words: str
) -> None:
    dossier = makers.queued(contributor)
    line = money_line(dossier)
    response = revise(desk, dossier, **{f"{name}_{line}": value for name, value in typed.items()})
    assert response.status_code == 200
    assert words in text(response)
    for value in typed.values():
        assert value in response.content.decode()
    assert not EstimateRevision.objects.exists()


def test_a_line_there_isn_t_and_a_lost_lease_change_nothing(
    contributor: User, officer: User, head: User
) -> None:
    dossier = makers.held(makers.queued(contributor), officer)
    for line in (99, -1, None):
        with pytest.raises(makers.decisions.DomainError):
            revisions.revise(dossier, officer, [LineChange(line, "1", WHY)])
    makers.held(dossier, head)
    with pytest.raises(NotHeld):
        revisions.revise(dossier, officer, [LineChange(0, "1", WHY)])
    assert not EstimateRevision.objects.exists()


def test_an_old_page_changes_nothing(desk: Client, contributor: User, head: User) -> None:
    dossier = makers.queued(contributor)
    found = re.search(r'name="seen" value="([0-9]+)"', opened(desk, "revise", dossier).content.decode())
    assert found
    makers.proposed_by(dossier, head)
    response = desk.post(
        url("revise", dossier), {"seen": found[1], "value_0": "1", "reason_0": WHY, "sure": "1"}
    )
    assert response.status_code == 409
    assert WHY in response.content.decode()
    assert not EstimateRevision.objects.exists()
