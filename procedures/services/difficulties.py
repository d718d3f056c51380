"""Vướng mắc: an office asks the central IT centre, which answers, joins what is the same, and publishes."""

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import Role, User
from accounts.services import throttle
from procedures.domain.errors import DomainError, NotAllowed
from procedures.models import Difficulty

LONGEST = 2_000  # characters
MOST_A_DAY = 30  # of one person; more is a script


def report(reporter: User, *, subject: str, text: str, page: str = "", reference: str = "") -> Difficulty:
    """Tell the centre. ``page``: name of the page it happened on; ``reference``: of a dossier, only where the
    reporter wants it to go along. The same words sent twice by one person are one report.

    Raises DomainError, naming the question.
    """
    if reporter.is_citizen:
        raise NotAllowed(_("Chỉ cán bộ báo vướng mắc ở đây."))
    if subject not in Difficulty.Subject.values:
        raise DomainError(_("Xin chọn một loại việc."), question="subject")
    if not text.strip():
        raise DomainError(_("Xin ghi vướng mắc gì."), question="text")
    same = Difficulty.objects.filter(reported_by=reporter, text=text.strip(), answered_at__isnull=True)
    if there := same.first():
        return there
    if not throttle.hit(f"difficulty:{reporter.pk}", MOST_A_DAY, timedelta(days=1)):
        raise DomainError(_("Hôm nay ông/bà đã báo nhiều. Xin gọi điện cho Trung tâm CNTT."), question="text")
    return Difficulty.objects.create(
        office=reporter.office,
        reported_by=reporter,
        role=reporter.role,
        subject=subject,
        text=text.strip(),
        page=page[:80],
        reference=reference[:32],
    )


def answer(difficulty: Difficulty, hq: User, text: str, *, publish_as: str = "") -> int:
    """Answer it, and everything joined to it; ``publish_as``: the title all offices read, "" for nobody else.
    Returns how many reports got the answer. An answer may be given anew.

    Raises DomainError, naming the question.
    """
    _require_hq(hq)
    words, title = text.strip(), publish_as.strip()
    if not words:
        raise DomainError(_("Xin ghi câu trả lời."), question="answer")
    with transaction.atomic():
        fresh = _locked(difficulty)
        if fresh.joined_to_id is not None:
            raise NotAllowed(_("Vướng mắc này đã gộp vào một vướng mắc khác: trả lời ở đó."))
        Difficulty.objects.filter(pk=fresh.pk).update(
            published_title=title, published_at=Now() if title else None, answer=words,
            answered_by=hq, answered_at=Now(),
        )  # fmt: skip
        joined = Difficulty.objects.filter(joined_to=fresh)
        return 1 + joined.update(answer=words, answered_by=hq, answered_at=Now())


def join(difficulty: Difficulty, hq: User, into: Difficulty) -> None:
    """Say that it is the same as another: it gets that one's answer, now or later, as does all that was
    joined to it. Raises NotAllowed for itself or an answered one."""
    _require_hq(hq)
    with transaction.atomic():
        fresh, target = _locked(difficulty), _locked(into)
        root = target.joined_to or target
        if root.pk == fresh.pk or fresh.answered_at is not None:
            raise NotAllowed(_("Không gộp được: đã trả lời, hoặc là chính vướng mắc này."))
        given = {"answer": root.answer, "answered_by": root.answered_by, "answered_at": root.answered_at}
        Difficulty.objects.filter(pk=fresh.pk).update(joined_to=root, **given)
        Difficulty.objects.filter(joined_to=fresh).update(joined_to=root, **given)


def _require_hq(user: User) -> None:
    if user.role != Role.HQ:
        raise NotAllowed(_("Chỉ BHXH Việt Nam trả lời vướng mắc."))


def _locked(difficulty: Difficulty) -> Difficulty:
    return Difficulty.objects.select_for_update().get(pk=difficulty.pk)
