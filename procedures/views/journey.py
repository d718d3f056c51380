"""Where a filer stands with a dossier, and the pages on the way. Shared by the citizen's pages."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.views import kept
from accounts.views.access import user_of
from procedures.domain.answers import applicable_questions, applicable_steps, relevant_answers
from procedures.domain.completeness import missing_answers
from procedures.domain.definition import Kind, Step
from procedures.domain.lifecycle import Status
from procedures.models import Dossier
from procedures.selectors.definitions import procedure_of
from procedures.selectors.dossiers import dossier_of
from procedures.services.content import readiness

REVISION = "_revision"
SAVED = gettext_lazy("Đã lưu. Ông/bà có thể làm tiếp bất cứ lúc nào, trên máy nào cũng được.")
PAPERS, CHECK, SIGN = "papers", "check", "sign"
# How long an unhurried person takes, for "còn khoảng … phút": a guess until people were watched.
SECONDS_A_QUESTION, SECONDS_A_TABLE = 15, 120
SECONDS = {PAPERS: 180, CHECK: 60, SIGN: 90}


@dataclass(frozen=True, slots=True)
class Stage:
    """One page on the way to filing, as components/step_list.html shows it."""

    title: str
    url: str
    state: str  # done, current, todo
    seconds: int = 0  # about how long it takes


def own_dossier(request: HttpRequest, public_id: UUID) -> Dossier:
    """The filer's dossier. Somebody else's is as good as none."""
    try:
        dossier = dossier_of(user_of(request), public_id)
    except Dossier.DoesNotExist as error:
        raise Http404 from error
    prefetch_related_objects([dossier], "attachments")
    return dossier


def revision_of(request: HttpRequest) -> int:
    """The revision the posted form was made from; none at all is always an old one."""
    raw = str(request.POST.get(REVISION, ""))
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else -1


def kept_typed(request: HttpRequest) -> QueryDict | None:
    """What was typed on this page before the session ended; the page says that it isn't saved yet."""
    typed = kept.take(request)
    if typed is not None:
        words = _(
            "Những gì ông/bà gõ trước khi bị đăng xuất vẫn còn đây nhưng chưa lưu. Xin xem lại rồi lưu."
        )
        messages.warning(request, words)
    return typed


def is_htmx(request: HttpRequest) -> bool:
    """Whether a script asks for parts of the page."""
    return bool(getattr(request, "htmx", False))


def url_of(dossier: Dossier, page: str = "dossier", **parts: object) -> str:
    return reverse(f"procedures:{page}", kwargs={"public_id": dossier.public_id, **parts})


def step_url(dossier: Dossier, step: Step) -> str:
    return url_of(dossier, "step", name=step.name)


def steps_of(dossier: Dossier) -> tuple[Step, ...]:
    return applicable_steps(procedure_of(dossier), dossier.answers)


def first_unfinished(dossier: Dossier) -> Step | None:
    """The first step with an answer still missing."""
    gaps = missing_answers(procedure_of(dossier), dossier.answers)
    return gaps[0].step if gaps else None


def not_yet(request: HttpRequest, dossier: Dossier) -> str:
    """For the pages after the steps: where to go instead while they can't be opened, or ""."""
    if dossier.status != Status.DRAFT:
        messages.info(request, _("Hồ sơ này đã nộp nên không sửa được nữa."))
        return url_of(dossier)
    unfinished = first_unfinished(dossier)
    if unfinished is None:
        return ""
    messages.info(request, _("Xin ông/bà làm xong bước này trước rồi mới sang bước sau."))
    return step_url(dossier, unfinished)


def before_signing(dossier: Dossier) -> str:
    """The page that shows what will be signed."""
    return url_of(dossier, CHECK if dossier.status == Status.DRAFT else "supplement")


def last_step_url(dossier: Dossier) -> str:
    return step_url(dossier, steps_of(dossier)[-1])


def next_page(dossier: Dossier) -> str:
    """Where a draft goes on: the first unfinished step, then the papers, then the check page."""
    unfinished = first_unfinished(dossier)
    if unfinished is not None:
        return unfinished.name
    return PAPERS if readiness(dossier).papers else CHECK


def next_url(dossier: Dossier) -> str:
    if dossier.status != Status.DRAFT:
        return url_of(dossier)
    page = next_page(dossier)
    return url_of(dossier, page) if page in (PAPERS, CHECK) else url_of(dossier, "step", name=page)


def after_step(dossier: Dossier, step: Step) -> str:
    """The page after this step; the first unfinished one when the answers opened something before it."""
    steps = steps_of(dossier)
    unfinished = first_unfinished(dossier)
    following = steps[steps.index(step) + 1 :] if step in steps else ()
    if unfinished is not None and unfinished not in following:
        return step_url(dossier, unfinished)
    return step_url(dossier, following[0]) if following else url_of(dossier, PAPERS)


def before_step(dossier: Dossier, step: Step) -> str:
    steps = steps_of(dossier)
    position = steps.index(step)
    return step_url(dossier, steps[position - 1]) if position else reverse("procedures:my_dossiers")


def seconds_for(step: Step, dossier: Dossier) -> int:
    """About how long the questions take that this dossier's answers open."""
    asked = applicable_questions(step, relevant_answers(procedure_of(dossier), dossier.answers))
    tables = sum(question.kind is Kind.TABLE for question in asked)
    return SECONDS_A_TABLE * tables + SECONDS_A_QUESTION * (len(asked) - tables)


def stages(dossier: Dossier, current: str) -> list[Stage]:
    """The whole way. ``current`` is the name of a step, or PAPERS, CHECK or SIGN. Pages that can't be
    opened yet have no address."""
    steps = steps_of(dossier)
    names = [*(step.name for step in steps), PAPERS, CHECK, SIGN]
    titles = [*(step.title for step in steps), _("Giấy tờ"), _("Kiểm tra lại"), _("Ký và nộp")]
    urls = [*(step_url(dossier, step) for step in steps), *(url_of(dossier, page) for page in names[-3:])]
    done = names.index(SIGN if current == SIGN else next_page(dossier))
    open_until = max(done, len(steps) + 1) if done >= len(steps) else done
    return [
        Stage(
            title,
            url if position <= open_until else "",
            "current" if name == current else "done" if position < done else "todo",
            SECONDS[name] if name in SECONDS else seconds_for(steps[position], dossier),
        )
        for position, (name, title, url) in enumerate(zip(names, titles, urls, strict=True))
    ]
