"""Every page there is, as each person of the cast finds it: empty, full, wrong, and in each language.

The routes come from the URL conf, so a new page is looked at without anybody remembering it. What answers
with something else than a page stands in NO_PAGES.
"""

import dataclasses
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.views import csrf, defaults

from accounts.models import User
from accounts.services import authenticator, second_factor
from accounts.views.own_codes import ADDING
from accounts.views.registration import REGISTERED
from accounts.views.second_factor import PENDING
from portal.guides import TOPICS
from procedures import catalogue
from procedures.models import Dossier, Transfer
from procedures.services import checkpoints, cosigning, transfers
from procedures.services.calendar import legal_date
from procedures.views.tracking_code import KEPT
from tests import makers
from tests.accounts.declarations import checked, registered
from tests.architecture.test_isolation import ROLES, Ground, addresses, browser_of, group_of, make_ground
from tests.architecture.test_isolation import names_of as parts_of
from tests.architecture.test_walls import ROUTES
from tests.procedures.services.test_cosigning import FAMILY, relative

CODES = [procedure.code for procedure in catalogue.procedures_on(legal_date())]
# What stands in an address that is about words anybody knows.
WORDS: dict[str, list[dict[str, Any]]] = {
    "procedures:sheet": [{"code": code} for code in CODES],
    "procedures:precheck": [{"code": code} for code in CODES],
    "portal:guide": [{"slug": slug} for slug in (*CODES, *(topic.slug for topic in TOPICS))],
    "procedures:start": [{"code": code} for code in CODES[:1]],
    "casework:intake": [{"code": code} for code in CODES],
    "accounts:confirm_contact": [{"slug": "email"}, {"slug": "dien-thoai"}],
}
# Searched, filtered, and with nothing found.
ASKED = {
    "portal:home": ["?q=mai+tang", "?q=xyz"],
    "procedures:list": ["?q=xyz"],
    "procedures:track": ["?ma=DEMO-001-190820-0001-K", "?ma=sai"],
    "casework:queue": ["?q=xyz"],
    "accounts:registrations": ["?q=xyz"],
    "portal:style": ["?can-bo"],
    "statistics:dossiers": ["?hang=ha-noi", "?hang=hoi-so"],
}
# Acts, files and data; the pages that lead to them are walked.
NO_PAGES = {
    *(
        "accounts:settle_alarm",
        "casework:control_slip",
        "casework:page",
        "procedures:begin_file",
        "procedures:piece",
    ),
    *(f"portal:{name}" for name in ("health", "health_detail", "metrics")),
    *(f"procedures:{name}" for name in ("signing_content", "cosign_content")),
    *(f"procedures:{name}_with_certificate" for name in ("sign", "cosign")),
    *(f"accounts:{name}" for name in ("logout", "after_login", "sms_receipt", "reset_factor", "refusal_pdf")),
    *(f"accounts:{name}" for name in ("issue", "issue_many", "refuse", "ask_second_person", "vouch")),
    *(f"accounts:{name}" for name in ("approve_act", "refuse_act")),
    *(
        f"procedures:{name}"
        for name in ("start", "attachment", "cosign_ask", "cosign_file", "bundle", "receipt_json")
    ),
    *(f"procedures:{name}_pdf" for name in ("receipt", "decision", "supplement", "form")),
    *(f"procedures:{name}" for name in ("log_keys", "latest_checkpoint", "checkpoint", "consistency")),
    *(
        f"casework:{name}"
        for name in ("take", "take_next", "release", "mark_read", "file", "receive_original")
    ),
    *(f"casework:{name}" for name in ("save_filter", "drop_filter", "intake_receipt")),
    *(f"casework:{name}" for name in ("answer_difficulty", "join_difficulty")),
    *(f"procedures:{name}" for name in ("complaint_back", "rate")),
    *(f"statistics:{name}" for name in ("export", "edition_file", "open_data", "schema", "withdraw_goal")),
}
# Forms sent empty: the page that says what is wrong.
SENT_EMPTY = (
    ("anonymous", "accounts:register"),
    ("anonymous", "accounts:activate"),
    ("anonymous", "accounts:login"),
    ("contributor", "procedures:step"),
    ("contributor", "procedures:papers"),
    ("contributor", "procedures:sign"),
    ("contributor", "procedures:supplement"),
    ("contributor", "procedures:withdraw"),
    ("contributor", "accounts:confirm_contact"),
    ("officer", "casework:supplement"),
    ("officer", "casework:propose_approval"),
    ("officer", "casework:propose_refusal"),
    ("officer", "casework:hand_over"),
    ("anonymous", "procedures:track_ask"),
    ("anonymous", "procedures:track_code"),
    ("contributor", "procedures:complain"),
    ("officer", "casework:intake"),
    ("officer", "casework:daily_counts"),
    ("officer", "casework:report_difficulty"),
    ("officer", "casework:counter_supplement"),
    ("officer", "casework:counter_complaint_back"),
    ("head", "casework:board"),
    ("hq", "casework:answer_difficulty"),
    ("issuer", "accounts:check"),
    ("hq", "statistics:set_goal"),
    ("hq", "statistics:add_import"),
)


LANGUAGES = [code for code, _name in settings.LANGUAGES]
# For tests that take a language; those of one language look at the same pages.
IN_EACH_LANGUAGE = pytest.mark.parametrize(
    "language",
    [pytest.param(code, marks=pytest.mark.xdist_group(f"pages in {code}")) for code in LANGUAGES],
)


@dataclass(frozen=True)
class Visit:
    """A page as somebody found it. ``sent``: the form on it was sent empty."""

    role: str
    route: str
    address: str
    language: str
    html: str
    sent: bool = False

    def __str__(self) -> str:
        return f"{self.role} {'sent ' if self.sent else ''}{self.address} ({self.language})"

    @property
    def shape(self) -> str:
        """What two pages that differ in their words, or in whose name stands in the head, have in common."""
        tags = re.findall(r"<[a-z/][^>]*>", self.html.partition("<main")[2].partition("</main>")[0])
        return (
            self.language
            + self.route
            + re.sub(
                r'[0-9a-f-]{36}|[0-9]+|(?:href|value|content|title|data-copy|datetime)="[^"]*"',
                "",
                "".join(tags),
            )
        )


def full_ground(people: Mapping[str, User | None]) -> Ground:
    """Dossiers in every state, a checkpoint, a declaration that was checked, and what the isolation walk needs."""
    filer, officer, issuer = people["contributor"], people["officer"], people["issuer"]
    assert filer is not None
    assert officer is not None
    assert issuer is not None
    ended: tuple[Dossier, ...] = (
        makers.approved(filer, officer),
        makers.refused(filer, officer),
        makers.withdrawn(filer),
        makers.supplemented(filer, officer),
        makers.proposed(filer, officer),
        makers.held(makers.queued(filer, "dinh_cu", on_paper=["so_bhxh"]), officer),
        makers.paper_asked(officer),
        makers.complained_on_paper(officer),
        makers.refuse(makers.on_paper(officer, "0119000889", "Vừ A Dính"), officer),
    )
    checked(registered(issuer.office, full_name="Nguyễn Thị Minh Khai", bhxh_number="0119000077"), issuer)
    ground = make_ground(people)
    checkpoints.make()
    return dataclasses.replace(ground, dossiers=(*ground.dossiers, *ended, *elsewhere(people)))


def elsewhere(people: Mapping[str, User | None]) -> Iterator[Dossier]:
    """A family's claim that others must sign, and a dossier on its way from another office to this one."""
    filer, sender, officer = people["outsider"], people["pensioner"], people["officer"]
    receiver, issuer = people["officer_elsewhere"], people["issuer"]
    assert filer
    assert sender
    assert officer
    assert receiver
    assert issuer
    second_factor.enrol(issuer, pyotp.TOTP(authenticator.begin(issuer)).now())
    rows = [relative(person.full_name, person.login) for person in (filer, people["pensioner"]) if person]
    family = makers.draft(filer, "", procedure="tu_tuat", **FAMILY, relatives=rows)
    cosigning.ask(family)
    yield family
    sent = makers.held(makers.queued(sender), officer)
    transfers.refer(sent, officer, to_office=receiver.office, reason="Người nộp ở Thành phố Hồ Chí Minh.")
    yield sent


def client_of(user: User | None, language: str) -> Client:
    client = browser_of(user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def may_meet(role: str, route: str) -> bool:
    """Whether a page may be there for somebody; the isolation walk proves that for all others there is none."""
    if route in WORDS:
        return role in ("anonymous", "contributor", "officer")
    if route == "casework:answer_transfer" or not parts_of(ROUTES[route]):
        return True
    group = group_of(route)
    return group is not None and (role in group.may or (role, route) == ("outsider", "procedures:check"))


def addresses_of(route: str, ground: Ground) -> list[str]:
    if route in WORDS:
        found = [reverse(route, kwargs=words) for words in WORDS[route]]
    elif route == "casework:answer_transfer":
        found = [reverse(route, args=[transfer.public_id]) for transfer in Transfer.objects.all()]
    elif not parts_of(ROUTES[route]):
        found = [reverse(route)]
    elif (group := group_of(route)) is not None:
        found = list(dict.fromkeys(addresses(route, group, ground)))
    else:
        found = []
    return found + [found[0] + query for query in ASKED.get(route, ())]


def of_every_shape(visits: Iterable[Visit]) -> list[Visit]:
    """One page of every shape."""
    seen: dict[str, Visit] = {}
    for visit in visits:
        seen.setdefault(visit.shape, visit)
    return list(seen.values())


def fullest_of_each_route(visits: Iterable[Visit]) -> list[Visit]:
    """The longest page of every route, and the longest that says what is wrong."""
    longest: dict[tuple[str, bool], Visit] = {}
    for visit in visits:
        known = longest.setdefault((visit.route, visit.sent), visit)
        if len(visit.html) > len(known.html):
            longest[visit.route, visit.sent] = visit
    return list(longest.values())


def visits_in(people: Mapping[str, User | None], ground: Ground, language: str) -> Iterator[Visit]:
    for role in ROLES:
        client = client_of(people[role], language)
        for route in sorted(name for name in ROUTES.keys() - NO_PAGES if may_meet(role, name)):
            for address in addresses_of(route, ground):
                if (html := page_in(client.get(address))) is not None:
                    yield Visit(role, route, address, language, html)
    yield from _halfway_in(people, language)
    yield from _sent_empty(people, ground, language)
    yield from _errors_in(language)


def _errors_in(language: str) -> Iterator[Visit]:
    """What stands there when there is no page, or none for this person, or something broke."""
    response = client_of(None, language).get("/khong-co/")
    yield Visit("anonymous", "404", "/khong-co/", language, response.content.decode())
    request, nothing = response.wsgi_request, Exception()
    with translation.override(language):
        for route, page in (
            ("400", defaults.bad_request(request, nothing)),
            ("403", defaults.permission_denied(request, nothing)),
            ("403_csrf", csrf.csrf_failure(request)),
            ("500", defaults.server_error(request)),
        ):
            yield Visit("anonymous", route, f"/{route}/", language, page.content.decode())


def _sent_empty(people: Mapping[str, User | None], ground: Ground, language: str) -> Iterator[Visit]:
    for role, route in SENT_EMPTY:
        client = client_of(people[role], language)
        for address in addresses_of(route, ground):
            if (html := page_in(client.post(address))) is not None:
                yield Visit(role, route, address, language, html, sent=True)


def _halfway_in(people: Mapping[str, User | None], language: str) -> Iterator[Visit]:
    """What a browser shows that has just sent something: a password, a declaration, a code to bind an app."""
    officer, issuer, citizen = people["officer"], people["issuer"], people["contributor"]
    assert officer is not None
    assert issuer is not None
    soon = int(time.time()) + 300
    for user, remembered, route in (
        (None, {PENDING: _password_of(officer, soon)}, "accounts:enrol"),
        (None, {PENDING: _password_of(issuer, soon)}, "accounts:second_factor"),
        (None, {REGISTERED: "ha-noi"}, "accounts:registered"),
        (citizen, {ADDING: soon}, "accounts:bind_app"),
        (None, {KEPT: _opened_by_code(status="approved")}, "procedures:tracked"),
        (
            None,
            {KEPT: _opened_by_code(status="refused", channel="counter")},
            "procedures:tracked_complain",
        ),
    ):
        client = client_of(user, language)
        session = client.session
        session.update(remembered)
        session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        for response, sent in ((client.get(reverse(route)), False), (client.post(reverse(route)), True)):
            if (html := page_in(response)) is not None:
                yield Visit("halfway", route, reverse(route), language, html, sent)
    newcomer = User.objects.filter(login="0119000123").first() or User.objects.create_user(
        "0119000123", full_name="Lò Thị Mỷ", phone="0912000123", email="my@example.vn"
    )
    client = client_of(newcomer, language)
    for slug in ("email", "dien-thoai"):
        address = reverse("accounts:confirm_contact", args=[slug])
        for response, sent in ((client.get(address), False), (client.post(address), True)):
            if (html := page_in(response)) is not None:
                yield Visit("newcomer", "accounts:confirm_contact", address, language, html, sent)


def _opened_by_code(**which: str) -> dict[str, str]:
    dossier = Dossier.objects.filter(**which).latest("pk")
    return {"reference": str(dossier.reference), "until": (timezone.now() + timedelta(hours=1)).isoformat()}


def _password_of(user: User, until: int) -> dict[str, object]:
    return {"user": user.pk, "password": user.get_session_auth_hash(), "until": until, "next": ""}


def page_in(response: Any) -> str | None:
    is_page = response.status_code in (200, 422) and response.headers["Content-Type"].startswith("text/html")
    return response.content.decode() if is_page else None
