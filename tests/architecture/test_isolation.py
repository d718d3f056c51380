"""Every route × method × role × somebody else's object: what isn't yours doesn't exist.

The routes come from the URL conf, so nobody can forget one. A new route gets one line in GROUPS: in the group
of those who may open it, or a new group with the object it is about and who may see that.
"""

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from accounts.models import Alarm, Registration, TwoPersonAct, User
from accounts.services import alarms
from procedures.models import (
    Complaint,
    CoSignature,
    Difficulty,
    Dossier,
    DossierEvent,
    IncomingFile,
    SupplementRequest,
    Target,
)
from procedures.selectors.statistics.extent import Extent, Series
from procedures.services import complaints, difficulties, incoming, reports, targets
from tests import makers
from tests.accounts.declarations import registered
from tests.architecture.test_walls import PUBLIC, ROUTES

METHODS = ("get", "post", "head", "put", "patch", "delete", "options")
OFFICERS, COUNTER = {"officer", "head"}, {"issuer", "second_issuer"}
STAFF = {*OFFICERS, *COUNTER, "officer_elsewhere", "issuer_elsewhere", "hq"}
CITIZENS = {"contributor", "outsider", "pensioner"}
ROLES = ("anonymous", *sorted(CITIZENS | STAFF))


@dataclass(frozen=True)
class Ground:
    """Everything there is: the contributor's dossiers at Hà Nội, a declaration there, what was reported."""

    dossiers: tuple[Dossier, ...]
    registration: Registration
    act: TwoPersonAct
    signature: CoSignature
    target: Target
    report: int
    complaint: Complaint
    difficulty: Difficulty
    alarm: int
    coming: IncomingFile

    def secrets_from(self, viewer: User | None) -> list[str]:
        """What no page may show to somebody it isn't for. People see their own name on every page."""
        found = ["Nguyễn Thị Hằng", "0119000001", self.registration.full_name, self.registration.bhxh_number]
        if viewer is not None:
            found = [word for word in found if word not in (viewer.full_name, viewer.login)]
        for dossier in self.dossiers:
            found += [str(dossier.public_id), dossier.reference or ""]
            found += [str(file.public_id) for file in dossier.attachments.all()]
        return [secret for secret in found if secret]


Fill = Callable[[Ground], list[dict[str, Any]]]


def of_dossiers(ground: Ground) -> list[dict[str, Any]]:
    return [
        {
            "public_id": dossier.public_id,
            "file_id": getattr(dossier.attachments.first(), "public_id", uuid.UUID(int=0)),
            "name": "don" if dossier.status != "draft" else first_step(dossier),
            "kind": "json",
            "request_id": getattr(SupplementRequest.objects.filter(dossier=dossier).first(), "pk", 0),
        }
        for dossier in ground.dossiers
    ]


def of_files(ground: Ground) -> list[dict[str, Any]]:
    files = (file for dossier in ground.dossiers for file in dossier.attachments.all()[:1])
    return [{"public_id": file.public_id, "page": 1} for file in files]


@dataclass(frozen=True)
class Group:
    """Routes about one kind of object: who may see it, and how the address of a foreign one is made."""

    may: set[str]
    fill: Fill
    routes: set[str] = field(default_factory=set)


GROUPS: dict[str, Group] = {
    "the filer's own dossier": Group(
        {"contributor"},
        of_dossiers,
        {
            *("procedures:" + name for name in ("step", "papers", "discard", "check", "sign", "type_code")),
            "procedures:sign_with_certificate",
            "procedures:signing_content",
            *(
                "procedures:" + name
                for name in ("receipt", "cosign_ask", "dossier", "supplement", "withdraw")
            ),
            *("procedures:" + name for name in ("attachment", "receipt_pdf", "decision_pdf", "receipt_json")),
            *("procedures:" + name for name in ("complain", "complaint_back", "rate")),
            *("procedures:" + name for name in ("supplement_pdf", "form_pdf", "bundle", "viewers")),
            "procedures:begin_file",
        },
    ),
    "a file on its way": Group(
        {"contributor"},
        lambda ground: [{"public_id": ground.coming.dossier.public_id, "file_id": ground.coming.public_id}],
        {"procedures:piece"},
    ),
    "a dossier of the office": Group(
        OFFICERS,
        of_dossiers,
        {
            *("casework:" + name for name in ("dossier", "take", "release", "hand_over", "take_over")),
            *("casework:" + name for name in ("supplement", "propose_approval", "propose_refusal", "sign")),
            *("casework:" + name for name in ("intake_done", "intake_receipt")),
            *("casework:" + name for name in ("counter_supplement", "counter_withdraw")),
            "casework:counter_complaint_back",
            *("casework:" + name for name in ("apologise", "receive_original", "approve", "refuse", "refer")),
            *("casework:" + name for name in ("check", "note", "revise", "print", "control_slip")),
        },
    ),
    # Only the office it is handed to may, and none is handed to anybody here.
    "a hand over between offices": Group(
        set(),
        lambda ground: [{"transfer_id": dossier.public_id} for dossier in ground.dossiers],
        {"casework:answer_transfer"},
    ),
    # Both of the office's people decided on it here, so the headquarters may answer, too.
    "a complaint of the office": Group(
        {*OFFICERS, "hq"},
        lambda ground: [{"complaint_id": ground.complaint.public_id}],
        {"casework:complaint"},
    ),
    "a difficulty of the office": Group(
        {*OFFICERS, *COUNTER, "hq"},
        lambda ground: [{"difficulty_id": ground.difficulty.public_id}],
        {"casework:difficulty"},
    ),
    "a difficulty to be answered": Group(
        {"hq"},
        lambda ground: [{"difficulty_id": ground.difficulty.public_id}],
        {"casework:answer_difficulty", "casework:join_difficulty"},
    ),
    "a file of the office": Group(OFFICERS, of_files, {"casework:file", "casework:view", "casework:page"}),
    "a declaration at the counter": Group(
        COUNTER,
        lambda ground: [{"public_id": ground.registration.public_id}],
        {
            *("accounts:" + name for name in ("registration", "check", "issue", "refuse")),
            *("accounts:" + name for name in ("ask_second_person", "vouch", "refusal_pdf")),
        },
    ),
    "an act of two issuers": Group(
        COUNTER,
        lambda ground: [{"public_id": ground.act.public_id}],
        {"accounts:approve_act", "accounts:refuse_act"},
    ),
    "a dossier one is asked to sign": Group(
        {"pensioner"},
        lambda ground: [
            {
                "pk": ground.signature.pk,
                "kind": "json",
                "file_id": ground.signature.dossier.attachments.all()[0].public_id,
            }
        ],
        {
            *("procedures:" + name for name in ("cosign_read", "cosign_code", "cosign_file")),
            *("procedures:" + name for name in ("cosign_with_certificate", "cosign_content")),
        },
    ),
    "a colleague's second factor": Group(
        {"head", *COUNTER}, lambda ground: [{"login": "canbo.hanoi"}], {"accounts:reset_factor"}
    ),
    "a frozen report": Group(
        STAFF,
        lambda ground: [{"pk": ground.report, "kind": kind} for kind in ("csv", "xlsx")],
        {"statistics:edition", "statistics:edition_file"},
    ),
    "what the headquarters alone change": Group(
        {"hq"}, lambda ground: [{"pk": ground.report}], {"statistics:correct"}
    ),
    "an alarm of the office": Group(
        {"head", "hq"}, lambda ground: [{"pk": ground.alarm}], {"accounts:settle_alarm"}
    ),
    "a target": Group({"hq"}, lambda ground: [{"pk": ground.target.pk}], {"statistics:withdraw_goal"}),
}
# About words anybody knows (a procedure's code, a format): nothing in the address is somebody's.
WORDS = {
    "casework:intake",
    "procedures:start",
    "accounts:confirm_contact",
    "accounts:add_way",
    "statistics:export",
}
# Papers that exist in other states than those of the ground only; their own tests open them.
SOMETIMES = {
    # of paper dossiers
    *("casework:counter_supplement", "casework:counter_withdraw", "casework:counter_complaint_back"),
    "casework:answer_transfer",
    "procedures:decision_pdf",
    "accounts:refusal_pdf",
}


def names_of(route: URLPattern) -> set[str]:
    return set(route.pattern.converters)


def with_object() -> list[str]:
    found = get_resolver()  # the prefixes of includes have no converters here; addresses below would fail
    assert found
    return sorted(name for name, route in ROUTES.items() if names_of(route) and name not in PUBLIC | WORDS)


def group_of(route: str) -> Group | None:
    return next((group for group in GROUPS.values() if route in group.routes), None)


def first_step(dossier: Dossier) -> str:
    return makers.procedure_of(dossier).steps[0].name


@pytest.fixture(autouse=True)
def static_files() -> None:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


@pytest.fixture
def people(request: pytest.FixtureRequest) -> dict[str, User | None]:
    return {role: request.getfixturevalue(role) if role != "anonymous" else None for role in ROLES}


def make_ground(people: Mapping[str, Any]) -> Ground:
    filer, officer, issuer = people["contributor"], people["officer"], people["issuer"]
    other, asked = makers.checked(makers.queued(filer)), makers.supplement_requested(filer, officer)
    refused = makers.refused(filer, officer)
    draft = makers.draft(filer)  # last: who begins the same procedure again goes on with the open draft
    declared = registered(issuer.office, full_name="Cao Bá Quát")
    act = TwoPersonAct.objects.create(kind="absent", registration=declared, reason="ốm", asked_by=issuer)
    signature = CoSignature.objects.create(
        dossier=draft, full_name=people["pensioner"].full_name, bhxh_number=people["pensioner"].login
    )
    today = date.today()  # noqa: DTZ011 - a period around any time zone's today
    extent = Extent(first=today.replace(day=1), last=date(today.year + 1, 1, 31), series=Series.SEVEN)
    target = targets.set_target(
        people["hq"], value=Decimal(50), due_on=date(2019, 12, 31), source="Công văn 1", series=Series.SEVEN
    )
    report = reports.freeze(extent, people["hq"])
    complaint = complaints.complain(refused, filer, "Tôi không đồng ý.")
    difficulty = difficulties.report(officer, subject="law", text="Điều 60 áp dụng thế nào?")
    alarm = alarms.sound(Alarm.Kind.READS, "canbo.hanoi 2019-08-20", office=officer.office)
    coming = incoming.begin(draft, "so_bhxh", "trang 3.jpg", 1000)
    return Ground(
        (other, draft, asked),
        *(declared, act, signature, target, report.pk, complaint, difficulty, alarm.pk, coming),
    )


@pytest.fixture
def ground(people: dict[str, User | None]) -> Ground:
    return make_ground(people)


def browser_of(user: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client


def body_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode(errors="replace")


def addresses(route: str, group: Group, ground: Ground) -> list[str]:
    wanted = names_of(ROUTES[route])
    return [
        reverse(route, kwargs={name: value for name, value in filled.items() if name in wanted})
        for filled in group.fill(ground)
    ]


def state_of(ground: Ground) -> list[object]:
    """What a stranger's requests must not change."""
    return [
        sorted(Dossier.objects.values_list("pk", "status", "revision", "assignee")),
        DossierEvent.objects.count(),
        sorted(Registration.objects.values_list("pk", "status")),
        sorted(TwoPersonAct.objects.values_list("pk", "state")),
        sorted(CoSignature.objects.values_list("pk", "signed_at", "voided_at")),
        Target.objects.count(),
        sorted(Complaint.objects.values_list("pk", "answered_at", "withdrawn_at")),
        sorted(Difficulty.objects.values_list("pk", "answered_at", "joined_to")),
    ]


def answers(
    client: Client, address: str, methods: tuple[str, ...] = METHODS
) -> Iterator[tuple[str, int, str, str]]:
    for method in methods:
        response = getattr(client, method)(address)
        yield method, response.status_code, response.headers.get("Location", ""), body_of(response)


def is_nothing(role: str, status: int, location: str) -> bool:
    """As if it weren't there. 405: this method is served to nobody, whatever the object."""
    if role == "anonymous":
        return (status == 302 and location.startswith(reverse("accounts:login"))) or status == 405
    return status in (404, 405)


@pytest.mark.parametrize("route", with_object())
def test_every_route_about_an_object_says_whose_it_is(route: str) -> None:
    assert group_of(route) is not None, (
        f"{route} takes {sorted(names_of(ROUTES[route]))} from its address, but {__name__} doesn't know whose "
        "that is. Add the route to the group of GROUPS whose people may open it (or a new Group: who may, "
        "and how an address of somebody else's object is made); to WORDS if the address names nobody's thing."
    )


@pytest.mark.django_db
@pytest.mark.parametrize("name", GROUPS)
def test_nobody_else_finds_anything_at_any_address(
    name: str, ground: Ground, people: dict[str, User | None]
) -> None:
    group, leaks = GROUPS[name], []
    before = state_of(ground)
    places = {route: addresses(route, group, ground) for route in sorted(group.routes & ROUTES.keys())}
    for role in (role for role in ROLES if role not in group.may):
        client, secrets = browser_of(people[role]), ground.secrets_from(people[role])
        for found in places.values():
            for number, address in enumerate(found):
                # Every method at the first address; at the others those that may show something.
                methods = METHODS if number == 0 else METHODS[:3]
                for method, status, location, body in answers(client, address, methods):
                    shown = [word for word in secrets if word not in address and word in body]
                    if not is_nothing(role, status, location) or shown:
                        leaks.append(f"{role} {method} {address} → {status} {shown}")
    assert leaks == []
    assert state_of(ground) == before
    _require_right_addresses(group, ground, people)


def _require_right_addresses(group: Group, ground: Ground, people: dict[str, User | None]) -> None:
    """The control: those who may find something there. Else everybody's 404 would prove nothing."""
    never = []
    for route in sorted((group.routes & ROUTES.keys()) - SOMETIMES):
        browsers = [browser_of(people[role]) for role in sorted(group.may)]
        statuses = {
            status
            for browser in browsers
            for address in addresses(route, group, ground)
            for _, status, _, _ in answers(browser, address, METHODS[:2])
        }
        if not statuses - {404, 405}:
            never.append(f"{route} {statuses}")
    assert never == []


@pytest.mark.django_db
def test_a_foreign_object_looks_like_one_that_does_not_exist(
    ground: Ground, people: dict[str, User | None]
) -> None:
    for route, role in (
        ("procedures:dossier", "outsider"),
        ("casework:dossier", "officer_elsewhere"),
        ("accounts:registration", "issuer_elsewhere"),
    ):
        group, client = group_of(route), browser_of(people[role])
        assert group is not None
        foreign = client.get(addresses(route, group, ground)[0])
        nowhere = client.get(reverse(route, kwargs={"public_id": uuid.uuid4()}))
        assert (foreign.status_code, plain(body_of(foreign))) == (404, plain(body_of(nowhere)))


# Pages without an object in their address: lists, counts and exports. Statistics show every office's numbers
# to all staff on purpose, so they may change; names and references they may not show.
LISTS = sorted(name for name, route in ROUTES.items() if not names_of(route) and name not in PUBLIC)
# Those of keepers count for whoever runs the portal, on its own machine.
FIGURES = ("statistics:", "casework:due_board", "portal:health_detail", "portal:metrics")
# What offices, filers and the portal itself tell the headquarters.
TOLD = {"accounts:alarms", "casework:complaints", "casework:difficulties", "casework:opinions"}


def plain(body: str) -> str:
    """Without what differs from request to request."""
    return re.sub(r'value="[A-Za-z0-9]{64}"|[0-9a-f]{32,}|nonce-[^"\']+', "", body)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["outsider", "officer_elsewhere", "issuer_elsewhere", "hq"])
def test_no_list_and_no_count_changes_for_people_elsewhere(role: str, people: dict[str, User | None]) -> None:
    def look() -> dict[str, str]:
        return {name: plain(body_of(browser_of(people[role]).get(reverse(name)))) for name in LISTS}

    before = look()
    ground = make_ground(people)
    after = look()
    told = TOLD if role == "hq" else set()
    kept = [name for name in LISTS if not name.startswith(FIGURES) and name not in told]
    changed = [name for name in kept if before[name] != after[name]]
    assert changed == []
    hidden = ["Nguyễn Thị Hằng", "0119000001"] if role == "hq" else ground.secrets_from(people[role])
    shown = [(name, word) for name in LISTS for word in hidden if word in after[name]]
    assert shown == []


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "xlsx", "pdf"])
def test_an_export_holds_numbers_and_nobody_s_name(
    kind: str, ground: Ground, people: dict[str, User | None]
) -> None:
    address = reverse("statistics:export", kwargs={"kind": kind})
    for role in ROLES:
        response = browser_of(people[role]).get(address)
        body = body_of(response)
        assert not [word for word in ground.secrets_from(people[role]) if word in body], role
        if role in CITIZENS:
            assert response.status_code == 404, role
