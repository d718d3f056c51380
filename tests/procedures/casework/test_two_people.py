"""Two people decide: who proposes doesn't sign; who signs may give it back with remarks."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.models import Office, Role, User
from procedures.domain.errors import DomainError, NotAllowed
from procedures.domain.lifecycle import Status
from procedures.models import Decision, Dossier, Notice, Proposal
from procedures.services import decisions
from tests import makers
from tests.people import staff
from tests.procedures.casework.conftest import browser_of
from tests.procedures.casework.pages import references, text, url


@pytest.fixture
def colleague(offices: dict[str, Office]) -> User:
    return staff("canbo2.hanoi", "Ngô Thị Lan", Role.OFFICER, offices["ha-noi"])


def sign(browser: Client, dossier: Dossier, **typed: Any) -> Any:
    mark = str(dossier.events.latest("pk").pk)
    return browser.post(url("sign", dossier), {"seen": mark, **(typed or {"sure": "1"})}, follow=True)


def test_the_head_signs_what_an_officer_proposed_and_the_filer_is_told(
    contributor: User, officer: User, head: User
) -> None:
    dossier = makers.proposed(contributor, officer)
    assert not Decision.objects.exists()
    assert not Notice.objects.filter(kind=Notice.Kind.APPROVED).exists()
    browser = browser_of(head)
    assert "Chờ ký 1" in text(browser.get("/can-bo/"))
    assert references(browser.get("/can-bo/?trang_thai=proposed")) == [dossier.reference]
    page = text(browser.get(url("sign", dossier)))
    for words in ("Phạm Minh Châu", "44.980.714 đ", "Bốn mươi bốn triệu", "Thấp hơn số ước tính"):
        assert words in page
    assert "Đã ký." in text(sign(browser, dossier))
    decision = makers.decision_of(dossier)
    assert (decision.amount_vnd, decision.decided_by) == (44_980_714, head)
    assert makers.fresh(dossier).status == Status.APPROVED
    assert Notice.objects.filter(dossier=dossier, kind=Notice.Kind.APPROVED).exists()
    history = text(browser.get(url("dossier", dossier)))
    assert "Ký duyệt hồ sơ" in history
    assert "Số tiền đề nghị: 44.980.714 đ." in history


def test_what_is_given_back_lies_with_who_proposed_it_with_the_remarks(
    desk: Client, contributor: User, officer: User, head: User
) -> None:
    dossier = makers.proposed(contributor, officer)
    browser = browser_of(head)
    assert "Xin ghi điều cần xem lại" in text(sign(browser, dossier, **{"return": "1", "remarks": " "}))
    sign(browser, dossier, **{"return": "1", "remarks": "Xem lại mức bình quân năm 2014."})
    dossier = makers.fresh(dossier)
    assert (dossier.status, dossier.assignee) == (Status.QUEUED, officer)
    assert "Xem lại mức bình quân năm 2014." in text(desk.get("/can-bo/"))
    page = text(desk.get(url("dossier", dossier)))
    assert "Đề nghị bị trả lại – Đỗ Quang Vinh" in page
    assert not Decision.objects.exists()
    makers.approve(dossier, officer)
    assert "Đề nghị bị trả lại" not in text(desk.get(url("dossier", dossier)))


def test_the_filer_never_reads_what_was_proposed_or_remarked(
    contributor: User, officer: User, head: User
) -> None:
    dossier = makers.proposed(contributor, officer)
    page = text(browser_of(contributor).get(f"/ho-so/{dossier.public_id}/"))
    assert "44.980.714" not in page
    sign(browser_of(head), dossier, **{"return": "1", "remarks": "Nội bộ."})
    assert "Nội bộ." not in text(browser_of(contributor).get(f"/ho-so/{dossier.public_id}/"))


def test_nobody_signs_an_own_proposal_not_even_the_head(contributor: User, head: User) -> None:
    dossier = makers.proposed(contributor, head)
    with pytest.raises(DomainError, match="không tự ký"):
        decisions.sign(dossier, head)
    browser = browser_of(head)
    assert url("sign", dossier) not in browser.get(url("dossier", dossier)).content.decode()
    assert "không tự ký" in text(sign(browser, dossier))
    assert not Decision.objects.exists()
    proposal = Proposal.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(answered_by=proposal.proposed_by)


def test_without_a_threshold_only_the_head_signs(
    contributor: User, officer: User, colleague: User, settings: Any
) -> None:
    dossier = makers.proposed(contributor, officer)
    assert settings.SECOND_OFFICER_UP_TO == {}
    with pytest.raises(DomainError, match="lãnh đạo"):
        decisions.sign(dossier, colleague)
    assert makers.fresh(dossier).status == Status.PROPOSED


@pytest.mark.parametrize(
    "case",
    [
        ({"bhxh_mot_lan": 44_980_714}, True),
        ({"bhxh_mot_lan": 44_980_713}, False),
        ({"*": 50_000_000}, True),
        ({"*": 50_000_000, "bhxh_mot_lan": 1}, False),
        ({"tu_tuat": 50_000_000}, False),
    ],
)
def test_up_to_the_amount_of_its_procedure_a_second_officer_may_sign(
    contributor: User,
    officer: User,
    colleague: User,
    settings: Any,
    case: tuple[dict[str, int], bool],
) -> None:
    settings.SECOND_OFFICER_UP_TO, may = case
    dossier = makers.proposed(contributor, officer)
    browser = browser_of(colleague)
    assert (url("sign", dossier) in browser.get(url("dossier", dossier)).content.decode()) is may
    sign(browser, dossier)
    assert (makers.fresh(dossier).status == Status.APPROVED) is may


def test_a_refusal_is_always_the_heads(
    contributor: User, officer: User, colleague: User, settings: Any
) -> None:
    settings.SECOND_OFFICER_UP_TO = {"*": 10**12}
    dossier = makers.held(makers.queued(contributor), officer)
    ground = makers.procedure_of(dossier).refusals[0]
    decisions.propose_refusal(dossier, officer, reason_code=ground.code, reason=ground.words)
    with pytest.raises(DomainError, match="lãnh đạo"):
        decisions.sign(dossier, colleague)


def test_a_signature_from_an_old_page_or_on_a_withdrawn_dossier_changes_nothing(
    contributor: User, officer: User, head: User
) -> None:
    dossier = makers.proposed(contributor, officer)
    mark = str(dossier.events.latest("pk").pk)
    makers.withdrawal.withdraw(dossier, contributor)
    response = browser_of(head).post(url("sign", dossier), {"seen": mark, "sure": "1"})
    assert response.status_code == 409
    assert "Người nộp rút hồ sơ" in text(response)
    with pytest.raises(NotAllowed):
        decisions.sign(dossier, head)
    assert Proposal.objects.get().state == Proposal.State.DROPPED
    assert makers.fresh(dossier).status == Status.WITHDRAWN


def test_the_head_of_another_province_finds_nothing_to_sign(
    contributor: User, officer: User, offices: dict[str, Office]
) -> None:
    dossier = makers.proposed(contributor, officer)
    stranger = staff("lanhdao.hcm", "Lê Thị Mai", Role.HEAD, offices["ho-chi-minh"])
    assert browser_of(stranger).get(url("sign", dossier)).status_code == 404
    assert sign(browser_of(stranger), dossier).status_code == 404
    with pytest.raises(DomainError):
        decisions.sign(dossier, stranger)


@pytest.mark.django_db(transaction=True)
def test_of_many_signatures_at_once_one_counts(
    contributor: User, officer: User, offices: dict[str, Office]
) -> None:
    dossier = makers.proposed(contributor, officer)
    heads = [staff(f"ld{n}.hanoi", f"Lãnh đạo {n}", Role.HEAD, offices["ha-noi"]) for n in range(8)]

    def try_to_sign(head: User) -> bool:
        try:
            decisions.sign(dossier, head)
        except DomainError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_to_sign, heads)) == 1
    assert Decision.objects.count() == 1
    assert dossier.events.filter(act="approve").count() == 1
