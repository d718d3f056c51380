"""Filing: one transaction, one dossier, one office, whatever is clicked twice or killed in between."""

import io
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import Office, Outgoing, TransactionCode, User
from accounts.services import codes
from procedures.domain.errors import DomainError, NotAllowed
from procedures.domain.lifecycle import Status
from procedures.models import Dispatch, Dossier, DossierEvent, Filing, Notice
from procedures.selectors.reconciliation import reconcile
from procedures.services import dispatch, drafts, files, filing, withdrawal
from tests import makers

pytestmark = pytest.mark.django_db


def in_parallel(times: int, act: Callable[[], Any]) -> list[Any]:
    """The outcomes of acts begun at the same moment on connections of their own."""
    start, outcomes = threading.Barrier(times), []

    def run() -> None:
        start.wait()
        try:
            outcomes.append(act())
        except Exception as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def code_for(dossier: Dossier) -> str:
    return codes.derive(filing.ask_for_code(dossier, "email"))


def test_a_filed_dossier_has_a_reference_an_office_and_a_waiting_dispatch(contributor: User) -> None:
    dossier = makers.draft(contributor)
    filed = filing.file_dossier(dossier, contributor, code_for(dossier))
    dossier.refresh_from_db()
    assert dossier.status == Status.FILED
    assert dossier.office_id == "ha-noi"
    assert dossier.reference.startswith("DEMO-001-")
    assert dossier.edition == "2019"
    assert dossier.channel == "electronic"
    assert Dispatch.objects.get(filing=filed).state == Outgoing.State.WAITING


def test_the_estimate_is_kept_as_it_was_shown(contributor: User) -> None:
    dossier = makers.filed(contributor)
    assert dossier.estimate["total_vnd"] > 0
    assert all(line["basis"] for line in dossier.estimate["lines"])


def test_a_wrong_code_leaves_a_draft_and_is_counted(contributor: User) -> None:
    dossier = makers.draft(contributor)
    right = code_for(dossier)
    wrong = f"{(int(right) + 1) % 10**8:08d}"
    with pytest.raises(codes.CodeRefused):
        filing.file_dossier(dossier, contributor, wrong)
    dossier.refresh_from_db()
    assert dossier.status == Status.DRAFT
    assert dossier.reference is None
    assert TransactionCode.objects.get(user=contributor).tries == 1


def test_a_code_asked_before_a_change_signs_nothing(contributor: User) -> None:
    dossier = makers.draft(contributor)
    code = code_for(dossier)
    drafts.save_answers(dossier, {"phone": "0987000111"}, dossier.revision)
    dossier.refresh_from_db()
    with pytest.raises(codes.CodeRefused):
        filing.file_dossier(dossier, contributor, code)


def test_the_code_of_somebody_else_signs_nothing(contributor: User, outsider: User) -> None:
    mine, theirs = makers.draft(contributor), makers.draft(outsider)
    code_for(mine)
    with pytest.raises(codes.CodeRefused):
        filing.file_dossier(mine, contributor, code_for(theirs))


def test_filing_again_gives_the_first_filing(contributor: User) -> None:
    dossier = makers.draft(contributor)
    code = code_for(dossier)
    first = filing.file_dossier(dossier, contributor, code)
    dossier.refresh_from_db()
    assert filing.file_dossier(dossier, contributor, code) == first
    assert Filing.objects.count() == 1


def test_an_unfinished_draft_gets_no_code(contributor: User) -> None:
    dossier = makers.draft(contributor)
    drafts.save_answers(dossier, {"reason": None}, dossier.revision)
    dossier.refresh_from_db()
    with pytest.raises(DomainError):
        filing.ask_for_code(dossier, "email")


@pytest.mark.django_db(transaction=True)
def test_fifty_double_clicks_make_one_filing(contributor: User) -> None:
    dossier = makers.draft(contributor)
    code = code_for(dossier)

    def click() -> Filing:
        mine = Dossier.objects.select_related("filer").get(pk=dossier.pk)
        return filing.file_dossier(mine, mine.filer, code)

    outcomes = in_parallel(50, click)
    filings = [outcome for outcome in outcomes if isinstance(outcome, Filing)]
    assert Filing.objects.count() == 1
    assert Dispatch.objects.count() == 1
    assert len(filings) == 50
    assert {outcome.pk for outcome in filings} == {Filing.objects.get().pk}


@pytest.mark.django_db(transaction=True)
def test_dossiers_filed_at_once_get_different_references(citizen: Callable[..., User]) -> None:
    people = [citizen(f"01190002{n:02d}", f"Người Thứ {n}") for n in range(12)]
    ready = [(dossier := makers.draft(person), code_for(dossier)) for person in people]
    jobs = iter(ready)
    lock = threading.Lock()

    def file_next() -> str:
        with lock:
            dossier, code = next(jobs)
        filing.file_dossier(dossier, dossier.filer, code)
        return str(Dossier.objects.get(pk=dossier.pk).reference)

    references = in_parallel(len(ready), file_next)
    assert len(set(references)) == 12
    assert all(str(reference).startswith("DEMO-001-") for reference in references)


def test_delivery_puts_the_dossier_into_one_queue_with_a_due_date(contributor: User) -> None:
    dossier = makers.queued(contributor)
    assert dossier.status == Status.QUEUED
    assert dossier.due_on is not None
    assert dossier.queued_at is not None


def test_delivering_fifty_times_has_one_effect(contributor: User) -> None:
    dossier = makers.filed(contributor)
    row = Dispatch.objects.get(filing__dossier=dossier)
    for _ in range(50):
        dispatch.deliver(row.pk)
    assert DossierEvent.objects.filter(dossier=dossier, act="deliver").count() == 1
    assert Notice.objects.filter(dossier=dossier, kind="receipt").count() == len(contributor.contacts)


def test_a_damaged_file_is_never_delivered_and_a_person_is_called(contributor: User) -> None:
    dossier = makers.filed(contributor)
    dossier.attachments.update(sha256="0" * 64)
    row = Dispatch.objects.get(filing__dossier=dossier)
    for _ in range(5):
        with pytest.raises(files.DamagedFile):
            dispatch.deliver(row.pk)
    dispatch.deliver(row.pk)
    row.refresh_from_db()
    dossier.refresh_from_db()
    assert row.state == Outgoing.State.QUARANTINED
    assert dossier.status == Status.FILED


def test_a_row_in_quarantine_is_listed_and_released_by_a_command(contributor: User) -> None:
    dossier = makers.filed(contributor)
    right = list(dossier.attachments.values_list("pk", "sha256"))
    dossier.attachments.update(sha256="0" * 64)
    row = Dispatch.objects.get(filing__dossier=dossier)
    for _ in range(5):
        with pytest.raises(files.DamagedFile):
            dispatch.deliver(row.pk)
    dispatch.deliver(row.pk)
    assert f"dispatch {row.pk}  in quarantine" in said("release")
    row.refresh_from_db()
    assert row.state == Outgoing.State.QUARANTINED  # listing lets nothing go
    for pk, sha256 in right:
        dossier.attachments.filter(pk=pk).update(sha256=sha256)
    assert f"dispatch {row.pk}  released" in said("release", "dispatch", str(row.pk))
    dispatch.deliver(row.pk)
    assert makers.fresh(dossier).status == Status.QUEUED
    assert said("release") == "nothing is in quarantine"


@pytest.mark.parametrize("arguments", [["dispatch"], ["dispatch", "1"], ["dispatch", "1", "--all"]])
def test_what_is_not_in_quarantine_is_not_released(arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        said("release", *arguments)


def said(*command: str) -> str:
    out = io.StringIO()
    call_command(*command, stdout=out)
    return out.getvalue().strip()


def test_while_a_paper_original_is_awaited_there_is_no_due_date(contributor: User) -> None:
    dossier = makers.queued(contributor, on_paper=["so_bhxh"])
    assert dossier.due_on is None
    assert dossier.paper_originals.filter(received_at__isnull=True).count() == 1


def test_reconcile_is_balanced_at_every_moment(contributor: User, outsider: User) -> None:
    assert reconcile().is_balanced
    makers.filed(contributor)
    makers.queued(outsider)
    found = reconcile()
    assert (found.filings, found.delivered, found.waiting) == (2, 1, 1)
    assert found.is_balanced


def test_a_withdrawn_dossier_can_not_be_withdrawn_again(contributor: User) -> None:
    dossier = makers.queued(contributor)
    withdrawal.withdraw(dossier, contributor)
    with pytest.raises(NotAllowed):
        withdrawal.withdraw(dossier, contributor)


def test_the_history_can_not_be_changed(contributor: User) -> None:
    event = DossierEvent.objects.filter(dossier=makers.filed(contributor)).first()
    assert event is not None
    with pytest.raises(Exception, match="append-only"):
        DossierEvent.objects.filter(pk=event.pk).update(act="approve")


def test_each_province_gets_its_own_dossiers(outsider: User, offices: dict[str, Office]) -> None:
    dossier = makers.queued(outsider)
    assert dossier.office_id == "dak-lak"
    assert dossier.office in offices.values()
