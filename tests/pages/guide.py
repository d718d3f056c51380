"""The screens the guides show, as a citizen meets them, and what a reader looks for on each."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Throttle, User
from accounts.views.registration import REGISTERED
from portal.guides import picture_name
from procedures import catalogue
from procedures.domain.answers import applicable_steps
from procedures.models import Dossier
from procedures.services import filing
from procedures.services.calendar import legal_date
from tests import makers
from tests.journeys.test_procedures import JOURNEYS, PAYMENT, PERSON
from tests.journeys.walking import Walk


@dataclass(frozen=True)
class Shot:
    """One picture to take: who looks (cookies of ``client``) at which address."""

    name: str
    client: Client
    address: str

    @property
    def html(self) -> str:
        response = self.client.get(self.address)
        assert response.status_code == 200, f"{self.name}: {self.address} answers {response.status_code}"
        return response.content.decode()

    def says(self) -> str:
        """A fingerprint of what somebody with the picture in hand looks for: headings, labels, buttons."""
        main = self.html.partition("<main")[2].partition("</main>")[0]
        parts = re.findall(r"(?s)<(h1|h2|h3|label|legend|button)\b[^>]*>(.*?)</\1>", main)
        words = [re.sub(r"<[^>]+>|\s+", " ", unescape(text)) for _, text in parts]
        kept = "\n".join(re.sub(r"[0-9]+", "0", " ".join(text.split())) for text in words)
        return hashlib.sha256(kept.encode()).hexdigest()[:16]


def shots(people: dict[str, User]) -> Iterator[Shot]:
    """Every picture once: the steps of the seven procedures, then what is the same for all."""
    known = tuple(catalogue.procedures_on(legal_date()))
    taken: set[str] = set()
    for journey in JOURNEYS:
        filer = people[journey.filer]
        walk = Walk(filer, journey.procedure)
        walk.fill_in({**PERSON, **PAYMENT, **journey.answers})
        for step in applicable_steps(walk.procedure, walk.dossier.answers):
            name = picture_name(walk.procedure, step, known)
            if name not in taken:
                taken.add(name)
                yield Shot(name, walk.browser, walk.url(f"buoc/{step.name}/"))
        Dossier.objects.filter(pk=walk.pk).exclude(filer=None).delete()
    yield from _shared(people)


def _shared(people: dict[str, User]) -> Iterator[Shot]:
    contributor, officer = people["contributor"], people["officer"]
    visitor, declared = Client(), Client()
    session = declared.session
    session[REGISTERED] = "ha-noi"
    session.save()
    declared.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    yield Shot("register", visitor, reverse("accounts:register"))
    yield Shot("registered", declared, reverse("accounts:registered"))
    yield Shot("activate", visitor, reverse("accounts:activate"))
    yield Shot("track", visitor, reverse("procedures:track"))
    client = Client()
    client.force_login(contributor)
    yield Shot("account", client, reverse("accounts:account"))
    asked = makers.supplement_requested(contributor, officer)
    yield Shot("supplement", client, _page(asked, "supplement"))
    yield Shot("dossier", client, _page(makers.queued(contributor), "dossier"))
    draft = makers.draft(contributor)
    yield Shot("papers", client, _page(draft, "papers"))
    yield Shot("check", client, _page(draft, "check"))
    yield Shot("sign", client, _page(draft, "sign"))
    Throttle.objects.all().delete()  # the wait between two codes is tested elsewhere
    filing.ask_for_code(draft, "email")
    yield Shot("code", client, _page(draft, "type_code"))
    yield Shot("receipt", client, _page(makers.deliver(makers.sign(draft)), "receipt"))


def _page(dossier: Any, name: str) -> str:
    return reverse(f"procedures:{name}", kwargs={"public_id": dossier.public_id})
