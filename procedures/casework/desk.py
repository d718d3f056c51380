"""One dossier on an officer's desk: loaded in the office's scope, and what every act on it shares."""

from collections.abc import Callable
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.views.access import user_of
from procedures.casework.forms import ActForm
from procedures.casework.history import last_change
from procedures.domain.definition import Procedure
from procedures.domain.errors import DomainError, NotAllowed, NotHeld, Stale
from procedures.domain.lifecycle import Act, Status, may
from procedures.models import Dossier
from procedures.selectors.definitions import procedure_of
from procedures.selectors.history import Happening, history_of
from procedures.selectors.queue import dossier_in_office
from procedures.services import access, assignment

CONFLICT = 409
TITLES = {
    Act.REQUEST_SUPPLEMENT: gettext_lazy("Yêu cầu bổ sung"),
    Act.PROPOSE: gettext_lazy("Đề nghị duyệt"),
    Act.PROPOSE_REFUSAL: gettext_lazy("Đề nghị từ chối"),
    Act.REFER: gettext_lazy("Chuyển đến cơ quan có thẩm quyền"),
    Act.RETURN_PROPOSAL: gettext_lazy("Ký kết quả giải quyết"),
}


class Desk:
    """A dossier of the officer's own office, as it stands now."""

    dossier: Dossier
    happenings: list[Happening]

    def __init__(self, request: HttpRequest, public_id: UUID) -> None:
        """Raises Http404 for everything that isn't the office's, without saying why."""
        self.officer: User = user_of(request)
        self.public_id = public_id
        self.is_out_of_date = self.is_lost = False
        self._load()
        access.record(self.dossier, self.officer)  # before anything of it is shown
        assignment.renew(self.dossier, self.officer)

    def _load(self) -> None:
        try:
            self.dossier = dossier_in_office(self.officer, self.public_id)
        except ObjectDoesNotExist as error:
            raise Http404(_("Không có hồ sơ này.")) from error
        self.happenings = history_of(self.dossier)

    @cached_property
    def procedure(self) -> Procedure:
        return procedure_of(self.dossier)

    @property
    def person(self) -> str:
        return str(self.dossier.answers.get("full_name") or self.dossier.filer.full_name)

    @property
    def seen(self) -> int:
        """The last event: what every form made from this page carries."""
        return self.happenings[-1].event.pk

    @property
    def is_mine(self) -> bool:
        """Whether this officer holds the dossier, by the database's clock."""
        return self.dossier.assignee_id == self.officer.pk and bool(getattr(self.dossier, "is_held", False))

    @property
    def is_free(self) -> bool:
        """Whether this officer may simply take it."""
        found = self.dossier
        is_held = bool(getattr(found, "is_held", False))
        has_lapsed = found.held_until is not None and not is_held
        return found.assignee_id in (None, self.officer.pk) or has_lapsed

    @property
    def holder(self) -> str:
        return assignment.words_of_holder(self.dossier)

    def may(self, act: Act) -> bool:
        return may(Status(self.dossier.status), act)

    def accepts(self, form: ActForm) -> bool:
        """Whether the typed values are fine and the dossier is still as the page showed it. The form
        says why not."""
        if not form.is_bound:
            return False
        is_valid = form.is_valid()
        if "take" in form.data:
            self._take_again(form)
            return False
        if form.cleaned_data.get("seen") == self.seen:
            return is_valid
        self._refuse_old_page(form)
        return False

    def carry_out(self, form: ActForm, act: Callable[..., object], **given: Any) -> bool:
        """Have a service do it; or say on the form why nothing was done."""
        try:
            act(self.dossier, officer=self.officer, seen=self.seen, **given)
        except NotHeld as refused:
            self.is_lost = True
            form.add_error(None, _("Chưa ghi gì. %s") % refused.message)
        except (Stale, NotAllowed):
            self._load()
            self._refuse_old_page(form)
        except DomainError as refused:
            form.add_error(refused.question if refused.question in form.fields else None, refused.message)
        else:
            return True
        return False

    def _take_again(self, form: ActForm) -> None:
        """Somebody whose lease was lost takes the dossier anew; what was typed is shown, not done."""
        try:
            assignment.take(self.dossier, self.officer)
        except DomainError as refused:
            self.is_lost = True
            form.add_error(None, refused.message)
        self._load()

    def _refuse_old_page(self, form: ActForm) -> None:
        self.is_out_of_date = True
        form.add_error(None, _("Chưa ghi gì, vì hồ sơ đã thay đổi sau khi trang này được mở."))
        form.add_error(None, self.last_change)

    @property
    def last_change(self) -> str:
        return _("Thay đổi gần nhất: %s") % last_change(self.happenings, self.officer)

    def page(
        self, request: HttpRequest, template: str, act: Act, form: ActForm, **context: Any
    ) -> HttpResponse:
        """The page of an act. An act that is no longer possible shows what was typed, without its button."""
        context = {
            "title": TITLES[act],
            "desk": self,
            "dossier": self.dossier,
            "form": form,
            "is_possible": self.may(act),
            **context,
        }
        status = CONFLICT if self.is_out_of_date or self.is_lost else None
        return render(request, template, context, status=status)

    def closed(self, request: HttpRequest, act: Act) -> HttpResponseRedirect | None:
        """The answer to somebody who came to the page of an act that isn't possible, or without holding
        the dossier."""
        if request.method == "POST" or (self.may(act) and self.is_mine):
            return None
        return self.not_held(request) if self.may(act) else self.too_late(request)

    def not_held(self, request: HttpRequest) -> HttpResponseRedirect:
        messages.warning(request, self.holder)
        return self.back()

    def too_late(self, request: HttpRequest) -> HttpResponseRedirect:
        messages.warning(request, _("Việc này không còn thực hiện được với hồ sơ. %s") % self.last_change)
        return self.back()

    def done(self, request: HttpRequest, words: str) -> HttpResponseRedirect:
        messages.success(request, words)
        return self.back()

    def back(self) -> HttpResponseRedirect:
        return redirect("casework:dossier", public_id=self.public_id)
