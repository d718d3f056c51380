"""A citizen at the keyboard: every page of a filing, typed and pressed as the pages themselves would send it."""

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Throttle, TransactionCode, User
from accounts.services import codes
from procedures import catalogue
from procedures.domain.conditions import Answers
from procedures.domain.definition import Kind, Question, Step
from procedures.forms import address
from procedures.forms.fields import as_typed
from procedures.models import CoSignature, Dossier
from procedures.selectors.definitions import procedure_of
from procedures.services.calendar import legal_date
from tests import makers

STEP = re.compile(r"/ho-so/[0-9a-f-]{36}/buoc/([a-z0-9_]+)/")


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def typed(questions: tuple[Question, ...], answers: Answers, prefix: str = "") -> dict[str, str]:
    """Stored answers as a person types them into the fields of a page."""
    found: dict[str, str] = {}
    for question in questions:
        stored = answers.get(question.name)
        if stored is None:
            continue
        if question.kind is Kind.ADDRESS:
            found.update(address.as_typed(question.name, stored))
        elif question.kind is Kind.TABLE:
            for index, row in enumerate(stored):
                found.update(typed(question.columns, row, f"{question.name}-{index}-"))
        else:
            found[f"{prefix}{question.name}"] = as_typed(question.kind, stored)
    return found


class Walk:
    """One filing of one citizen. Every page must open; every step must be accepted."""

    def __init__(self, filer: User, code: str) -> None:
        self.filer, self.browser = filer, browser_of(filer)
        self.procedure = catalogue.procedure_on(code, legal_date())
        started = self.browser.post(f"/thu-tuc/{code}/bat-dau/")
        assert started.status_code == 302
        self.place: str = started["Location"]
        self.pk = Dossier.objects.filter(filer=filer).latest("pk").pk

    @property
    def dossier(self) -> Dossier:
        return makers.fresh(Dossier(pk=self.pk))

    def url(self, page: str) -> str:
        return f"/ho-so/{self.dossier.public_id}/{page}"

    def post_step(self, step: Step, answers: Answers, **more: Any) -> Any:
        """Post a step, with what the page already knows where ``answers`` say nothing."""
        known = {**self.dossier.answers, **answers}
        data = {**typed(step.questions, known), "_revision": self.dossier.revision, "_action": "next", **more}
        return self.browser.post(self.url(f"buoc/{step.name}/"), data)

    def fill_in(self, answers: Answers) -> None:
        """Every step the answers open, in the order the pages lead; warnings are read and confirmed."""
        for _ in range(20):
            found = STEP.match(self.place)
            if found is None:
                break
            page = self.browser.get(self.place)
            assert page.status_code == 200
            confirmed = [rule.name for rule in page.context["warnings"]]
            self.place = self._accepted(procedure_of(self.dossier).step(found[1]), answers, confirmed)
        assert self.place == self.url("giay-to/")

    def _accepted(self, step: Step, answers: Answers, confirmed: list[str]) -> str:
        answer = self.post_step(step, answers, _confirm=confirmed)
        if answer.status_code != 302:
            forms = answer.context["form"].all_forms
            raise AssertionError({step.name: [form.errors for form in forms if form.errors]})
        return str(answer["Location"])

    def hand_in(self) -> set[str]:
        """One photograph a paper, of a group the first; returns the codes of what was handed in."""
        page = self.browser.get(self.url("giay-to/"))
        assert page.status_code == 200
        wanted = [group.places[0].document.code for group in page.context["groups"]]
        files = {f"tep-{code}": SimpleUploadedFile(f"{code}.jpg", makers.jpeg(code)) for code in wanted}
        kept = self.browser.post(
            self.url("giay-to/"), {**files, "_revision": self.dossier.revision, "_action": "next"}
        )
        assert kept.status_code == 302
        assert kept["Location"] == self.url("kiem-tra/")
        return set(wanted)

    def ask_the_others(self) -> list[CoSignature]:
        self.browser.post(self.url("cung-ky/"))
        return list(CoSignature.objects.filter(dossier=self.pk))

    def sign(self) -> None:
        checked = self.browser.get(self.url("kiem-tra/"))
        assert checked.status_code == 200
        assert checked.context["gaps"] == []
        sign(self.browser, self.url("ky/"))
        receipt = self.browser.get(self.url("da-nop/"))
        assert receipt.status_code == 200
        assert str(self.dossier.reference) in receipt.content.decode()


def sign(browser: Client, place: str) -> None:
    """Have a code sent, read it as the message would carry it, and type it in."""
    Throttle.objects.all().delete()  # the wait between two codes is tested elsewhere
    assert browser.get(place).status_code == 200
    asked = browser.post(place, {"channel": "email"})
    assert asked.status_code == 302
    code = codes.derive(TransactionCode.objects.latest("pk"))
    done = browser.post(asked["Location"], {"code": code})
    assert done.status_code == 302
