"""What is signed: the dossier's content, its digest, and whether it may be filed."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone

from accounts.models import User
from accounts.selectors.holds import hold_until
from accounts.selectors.offices import OfficeBook, office_book
from portal.lib.vietnamese import format_date
from procedures.domain.answers import broken_rules, is_answered, relevant_answers
from procedures.domain.completeness import (
    MissingAnswer,
    MissingPaper,
    missing_answers,
    missing_documents,
    papers_to_follow,
)
from procedures.domain.conditions import Answers
from procedures.domain.definition import Procedure, Rule
from procedures.domain.digest import canonical
from procedures.domain.errors import UnknownOffice
from procedures.domain.routing import Routing, competent_office
from procedures.models import Attachment, Dossier, Filing
from procedures.selectors.definitions import legal_day_of, needs_of, procedure_of


@dataclass(frozen=True, slots=True)
class Readiness:
    """What stands between a draft and its filing."""

    answers: list[MissingAnswer]
    papers: list[MissingPaper]
    rules: list[Rule]  # walls
    warnings: list[Rule]  # not yet confirmed by the filer

    @property
    def is_ready(self) -> bool:
        return not (self.answers or self.papers or self.rules or self.warnings)


def readiness(dossier: Dossier) -> Readiness:
    procedure = procedure_of(dossier)
    today = legal_day_of(dossier)
    broken = broken_rules(procedure, dossier.answers, today)
    walls = [rule for rule in broken if not rule.is_warning] + misrouted(procedure, dossier.answers)
    return Readiness(
        answers=missing_answers(procedure, dossier.answers),
        papers=missing_documents(
            procedure, dossier.answers, _uploaded(dossier), dossier.follows_on_paper, filed_on=today
        ),
        rules=walls + _outlived(procedure, today) + held_account(dossier),
        warnings=[rule for rule in broken if rule.is_warning and rule.name not in dossier.confirmed_warnings],
    )


def misrouted(procedure: Procedure, answers: Answers) -> list[Rule]:
    """A wall where a dossier would go on to the office that already has it."""
    onward = procedure.onward
    if onward is None or not is_answered(answers.get(onward.question)):
        return []
    try:
        competent_office(procedure, answers, office_of_province)
    except UnknownOffice as problem:
        if problem.question == onward.question:
            return [Rule("misrouted", onward.question, problem.message, broken=lambda answers, today: True)]
    return []


def _outlived(procedure: Procedure, today: date) -> list[Rule]:
    """A draft is not filed under rules that have ended since it was begun."""
    if procedure.is_valid_on(today) or procedure.valid_to is None:
        return []
    words = (
        f"Quy định của bản nháp này chỉ áp dụng đến ngày {format_date(procedure.valid_to)}. "
        "Xin lập hồ sơ mới theo quy định đang áp dụng."
    )
    place = procedure.questions[0].name
    return [Rule("outlived", place, words, broken=lambda answers, today: True)]


def held_account(dossier: Dossier) -> list[Rule]:
    """For a day after the way to the person changed, only a bank account signed before can be signed, be it a
    draft or a supplement."""
    account = relevant_answers(procedure_of(dossier), dossier.answers).get("account_number")
    until = hold_until(dossier.filer) if account else None
    if until is None or account in _signed_accounts(dossier.filer):
        return []
    words = (
        "Liên hệ hoặc mã của ông/bà vừa được cấp lại, nên tài khoản ngân hàng mới chỉ ký được sau "
        f"{timezone.localtime(until):%H:%M ngày %d/%m/%Y}. Hồ sơ vẫn được giữ nguyên."
    )
    return [Rule("account_hold", "account_number", words, broken=lambda answers, today: True)]


def _signed_accounts(filer: User) -> set[object]:
    """Accounts in what the person signed. What stands in a dossier may wait for a signature still."""
    signed = Filing.objects.filter(dossier__filer=filer).values_list("signed_content", flat=True)
    return {json.loads(bytes(content))["answers"].get("account_number") for content in signed}


def routing_of(dossier: Dossier) -> Routing:
    """The offices of today, also for answers that name one that was merged. Raises UnknownOffice."""
    book = office_book()
    serving = {code: office.key for code, office in book.by_province().items()}
    found = competent_office(procedure_of(dossier), dossier.answers, serving.get)
    onward = found.onward_office_key
    return replace(
        found,
        office_key=_in_force(found.office_key, book),
        onward_office_key=_in_force(onward, book) if onward else None,
    )


def _in_force(key: str, book: OfficeBook) -> str:
    return book.in_force(key).key if key in book.offices else key


def office_of_province(province_code: str) -> str | None:
    """The office serving a province (GSO code of the units before the 2025 merger) today."""
    office = office_book().by_province().get(province_code)
    return office.key if office else None


def wanted_attachments(dossier: Dossier) -> list[Attachment]:
    """The files that are signed: those of papers the answers ask for. A file left over from a branch
    the filer has since changed is not part of the dossier."""
    wanted = {need.document.code for need in needs_of(dossier)}
    return [attachment for attachment in dossier.attachments.all() if attachment.document in wanted]


def signed_content(dossier: Dossier, routing: Routing | None = None) -> bytes:
    """The canonical bytes the transaction code is bound to. ``routing``: the dossier's, when it is known
    already. Raises UnknownOffice."""
    procedure = procedure_of(dossier)
    attachments = wanted_attachments(dossier)
    return canonical(
        procedure_code=procedure.code,
        edition=procedure.edition,
        answers=relevant_answers(procedure, dossier.answers),
        office_key=dossier.office_id or (routing or routing_of(dossier)).office_key,
        filer_id=str(dossier.filer.public_id),
        attachments=[(attachment.document, attachment.sha256) for attachment in attachments],
        to_follow=to_follow(dossier, procedure, {attachment.document for attachment in attachments}),
    )


def digest_of(dossier: Dossier) -> str:
    """SHA-256 (hex) of what would be signed now. Raises UnknownOffice."""
    return digest(signed_content(dossier))


def digest(signed: bytes) -> str:
    """SHA-256 (hex) of signed content."""
    return hashlib.sha256(signed).hexdigest()


def to_follow(dossier: Dossier, procedure: Procedure, uploaded: Collection[str]) -> tuple[str, ...]:
    return papers_to_follow(
        procedure, dossier.answers, uploaded, dossier.follows_on_paper, filed_on=legal_day_of(dossier)
    )


def _uploaded(dossier: Dossier) -> set[str]:
    return {attachment.document for attachment in dossier.attachments.all()}
