"""(a) The whole journey over HTTP, beside the same four steps and two files in a formtools wizard."""

import io
import random
import re
from dataclasses import dataclass
from typing import Any

from PIL import Image

import benchmarks.ready  # noqa: F401 - first
from accounts.models import TransactionCode, User
from accounts.services import codes
from benchmarks.browser import Answer, Browser, File
from benchmarks.drafts import people
from procedures import catalogue
from procedures.domain.answers import applicable_steps
from procedures.domain.conditions import Answers
from procedures.domain.definition import Step
from procedures.models import Dossier
from procedures.services import drafts
from procedures.services.calendar import legal_date
from tests.faults.filers import session_of
from tests.journeys.walking import typed
from tests.makers import ANSWERS, BRANCHES

PROCEDURE, BRANCH = "bhxh_mot_lan", "benh_hiem_ngheo"
PHOTO_BYTES = 100_000
_REVISION = re.compile(r'name="_revision" value="([0-9]+)"')
_CONFIRM = re.compile(r'name="_confirm" value="([^"]+)"')
_PLACES = re.compile(r'type="file"[^>]*name="(tep-[a-z0-9_]+)"|name="(tep-[a-z0-9_]+)"[^>]*type="file"')


def photo(seed: int = 1) -> bytes:
    """A JPEG of about PHOTO_BYTES: noise, which nothing packs any better."""
    noise = random.Random(seed).randbytes(360 * 480 * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", (360, 480), noise).save(out, "JPEG", quality=60)
    return out.getvalue()


@dataclass(frozen=True)
class Step4:
    """What is typed into one step."""

    name: str
    fields: dict[str, str]


def steps_typed() -> list[Step4]:
    """The answers of the four steps as a person types them."""
    procedure = catalogue.procedure_on(PROCEDURE, legal_date())
    filer = people(1)[0]
    answers: Answers = {**drafts.start_draft(filer, procedure).answers, **ANSWERS}
    answers = {**answers, "reason": BRANCH, **BRANCHES[BRANCH]}
    steps: tuple[Step, ...] = applicable_steps(procedure, answers)
    return [Step4(step.name, typed(step.questions, answers)) for step in steps]


def wizard_fields(steps: list[Step4]) -> dict[str, dict[str, list[str]]]:
    """The same fields for the wizard: its files go with the last two steps."""
    last = len(steps) - 1
    return {
        step.name: {
            "fields": list(step.fields),
            "files": [f"file{place - last + 2}"] if place >= last - 1 else [],
        }
        for place, step in enumerate(steps)
    }


@dataclass
class Journey:
    """One citizen from the procedure's page to the receipt."""

    port: int
    steps: list[Step4]
    photos: tuple[bytes, bytes]

    def walk(self, filer: User, cookie: str) -> int:
        """Returns how many requests it took. ``cookie``: of a session made beforehand, as after a log-in."""
        browser = Browser(self.port, {"sessionid": cookie})
        browser.get(f"/thu-tuc/{PROCEDURE}/")
        page = browser.follow(browser.post(f"/thu-tuc/{PROCEDURE}/bat-dau/", {}))
        dossier = Dossier.objects.only("public_id").get(filer=filer)
        own = f"/ho-so/{dossier.public_id}/"
        for step in self.steps:
            page = browser.follow(browser.post(f"{own}buoc/{step.name}/", {**step.fields, **_hidden(page)}))
        files = self._files(page)
        page = browser.follow(browser.post_files(f"{own}giay-to/", _hidden(page), files))
        browser.get(f"{own}ky/")
        browser.follow(browser.post(f"{own}ky/", {"channel": "email"}))
        code = codes.derive(TransactionCode.objects.filter(user=filer).latest("pk"))
        page = browser.follow(browser.post(f"{own}ky/ma/", {"code": code}))
        assert page.text.count("DEMO-"), page.text
        browser.close()
        return browser.asked

    def _files(self, page: Answer) -> dict[str, File]:
        places = list(dict.fromkeys(one or other for one, other in _PLACES.findall(page.text)))[:2]
        assert len(places) == 2, places
        named = zip(places, self.photos, strict=True)
        return {place: (f"{place}.jpg", content) for place, content in named}


def _hidden(page: Answer) -> dict[str, Any]:
    """What the page gave with its form."""
    found = _REVISION.search(page.text)
    assert found, page.text[:2000]
    return {"_revision": found[1], "_action": "next", "_confirm": _CONFIRM.findall(page.text)}


def sessions(number: int) -> list[tuple[User, str]]:
    """New citizens, logged in."""
    return [(filer, session_of(filer)) for filer in people(number)]


@dataclass
class WizardWalk:
    """The same in the wizard: it shows the next step without a redirect, so it needs five requests."""

    port: int
    steps: list[Step4]
    photos: tuple[bytes, bytes]

    def walk(self, _: object = None) -> int:
        browser = Browser(self.port)
        browser.get("/")
        for step, parts in zip(self.steps, wizard_fields(self.steps).values(), strict=True):
            fields = {"wizard-current_step": step.name}
            fields |= {f"{step.name}-{name}": value for name, value in step.fields.items()}
            files = {
                f"{step.name}-{name}": (f"{name}.jpg", content)
                for name, content in zip(parts["files"], self.photos, strict=False)
            }
            page = browser.post_files("/", fields, files, 200)
        assert page.text == "Đã nộp", page.text
        browser.close()
        return browser.asked
