"""What takes two issuers, and that one alone can't sign for a citizen, whichever way is tried."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.test import Client

from accounts.models import (
    ActivationCode,
    Message,
    Office,
    Registration,
    SecurityEvent,
    Throttle,
    TransactionCode,
    TwoPersonAct,
    User,
)
from accounts.selectors.holds import hold_until
from accounts.selectors.two_people import unvouched
from accounts.services import authenticator, codes, contacts, registration, two_people
from accounts.services.registration import ActivationRefused, RegistrationRefused
from accounts.services.two_people import Asked, Kind
from portal.lib.identifiers import normalise_activation_code
from tests.accounts.declarations import ADDRESS, PASSWORD, TYPED, declaration, issued, registered

SIGN = TransactionCode.Purpose.SIGN
CONTACT = TransactionCode.Purpose.CONTACT
DIGEST = hashlib.sha256(b"a dossier").hexdigest()
NEW_PASSWORD = "năm từ khác hẳn ạ"

pytestmark = pytest.mark.django_db


@pytest.fixture
def hanoi(offices: dict[str, Office]) -> Office:
    return offices["ha-noi"]


def active(office: Office, issuer: User, second: User | None = None) -> tuple[Registration, User]:
    """An account that was activated; vouched for by a second issuer when there is one."""
    declared, code = issued(office, issuer)
    user = registration.activate(code, PASSWORD, ADDRESS)
    if second:
        two_people.vouch(declared, second)
    declared.refresh_from_db()
    user.refresh_from_db()
    return declared, user


def confirm_contacts(user: User) -> None:
    """As the owner of phone and mailbox does."""
    for channel in ("sms", "email"):
        code = contacts.ask_contact_code(user, channel)
        contacts.confirm_contact(user, channel, codes.derive(code))
    user.refresh_from_db()


def ask_to_sign(user: User) -> TransactionCode:
    Throttle.objects.all().delete()
    return codes.ask_code(user, SIGN, DIGEST, subject="Hưởng BHXH một lần", channel="sms")


def asked(declared: Registration, issuer: User, kind: str = Kind.REISSUE, **more: Any) -> TwoPersonAct:
    return two_people.ask(declared, issuer, Asked(kind=kind, reason="Mất phiếu.", **more))


class TestIssuingAgain:
    def test_takes_one_who_asks_and_another_who_gives(
        self, hanoi: Office, issuer: User, second_issuer: User
    ) -> None:
        declared, first = issued(hanoi, issuer)
        act = asked(declared, issuer)
        code = two_people.approve(act, second_issuer)
        with pytest.raises(ActivationRefused):
            registration.activate(first, PASSWORD, ADDRESS)
        assert registration.activate(code, PASSWORD, ADDRESS).is_vouched

    def test_is_not_decided_by_the_one_who_asked(self, hanoi: Office, issuer: User) -> None:
        declared, first = issued(hanoi, issuer)
        with pytest.raises(RegistrationRefused, match="khác với người đã đề nghị"):
            two_people.approve(asked(declared, issuer), issuer)
        assert ActivationCode.objects.count() == 1
        assert registration.activate(first, PASSWORD, ADDRESS)

    def test_is_refused_by_the_database_too(self, hanoi: Office, issuer: User) -> None:
        act = asked(issued(hanoi, issuer)[0], issuer)
        with pytest.raises(IntegrityError), transaction.atomic():
            TwoPersonAct.objects.filter(pk=act.pk).update(decided_by=issuer)

    @pytest.mark.parametrize("other", ["officer", "head", "hq", "issuer_elsewhere", "contributor"])
    def test_is_not_decided_by_others(
        self, hanoi: Office, issuer: User, request: pytest.FixtureRequest, other: str
    ) -> None:
        act = asked(issued(hanoi, issuer)[0], issuer)
        with pytest.raises(RegistrationRefused):
            two_people.approve(act, request.getfixturevalue(other))

    def test_happens_once(self, hanoi: Office, issuer: User, second_issuer: User) -> None:
        act = asked(issued(hanoi, issuer)[0], issuer)
        two_people.approve(act, second_issuer)
        with pytest.raises(RegistrationRefused, match="đã được xử lý"):
            two_people.approve(act, second_issuer)

    def test_is_asked_for_once_at_a_time(self, hanoi: Office, issuer: User) -> None:
        declared, _code = issued(hanoi, issuer)
        asked(declared, issuer)
        with pytest.raises(RegistrationRefused, match="đang có một đề nghị"):
            asked(declared, issuer)

    def test_is_recorded(self, hanoi: Office, issuer: User, second_issuer: User) -> None:
        two_people.approve(asked(issued(hanoi, issuer)[0], issuer), second_issuer)
        acts = SecurityEvent.objects.order_by("pk").values_list("kind", "actor_id")
        assert list(acts) == [("act_asked", issuer.pk), ("act_approved", second_issuer.pk)]


class TestAForgottenPassword:
    def test_is_replaced_at_the_counter(self, hanoi: Office, issuer: User, second_issuer: User) -> None:
        declared, user = active(hanoi, issuer, second_issuer)
        code = two_people.approve(asked(declared, issuer), second_issuer)
        assert registration.activate(code, NEW_PASSWORD, ADDRESS) == user
        user.refresh_from_db()
        assert user.check_password(NEW_PASSWORD)
        assert Registration.objects.get(user=user).status == Registration.Status.ACTIVATED

    def test_ends_everything_that_opened_the_account(
        self, client: Client, hanoi: Office, issuer: User, second_issuer: User
    ) -> None:
        declared, user = active(hanoi, issuer, second_issuer)
        confirm_contacts(user)
        client.force_login(user)
        live = ask_to_sign(user)
        authenticator.begin(user)
        code = two_people.approve(asked(declared, issuer), second_issuer)
        registration.activate(code, NEW_PASSWORD, ADDRESS)
        assert client.get("/tai-khoan/").status_code == 302
        assert not authenticator.is_enrolled(user)
        assert not codes.spend(live)

    def test_is_told_on_every_contact(self, hanoi: Office, issuer: User, second_issuer: User) -> None:
        declared, user = active(hanoi, issuer, second_issuer)
        two_people.approve(asked(declared, issuer), second_issuer)
        told = Message.objects.filter(kind=Message.Kind.REISSUED).values_list("destination", flat=True)
        assert set(told) == {user.phone, user.email}

    def test_holds_the_bank_account_for_a_day(self, hanoi: Office, issuer: User, second_issuer: User) -> None:
        declared, user = active(hanoi, issuer, second_issuer)
        assert hold_until(user) is None
        two_people.approve(asked(declared, issuer), second_issuer)
        assert hold_until(user)
        User.objects.filter(pk=user.pk).update(hold_until=F("hold_until") - Value(timedelta(hours=24)))
        assert hold_until(user) is None


class TestAnotherContact:
    def change(self, declared: Registration, issuer: User, second: User) -> None:
        act = asked(declared, issuer, Kind.CONTACT, new_phone="0987654321", new_email="moi@example.vn")
        assert two_people.approve(act, second) == ""

    def test_is_not_confirmed_until_the_person_does(
        self, hanoi: Office, issuer: User, second_issuer: User
    ) -> None:
        declared, user = active(hanoi, issuer, second_issuer)
        confirm_contacts(user)
        self.change(declared, issuer, second_issuer)
        user.refresh_from_db()
        assert (user.phone, user.email) == ("0987654321", "moi@example.vn")
        assert not user.contacts
        assert hold_until(user)

    def test_is_told_to_the_old_and_the_new(self, hanoi: Office, issuer: User, second_issuer: User) -> None:
        declared, _user = active(hanoi, issuer, second_issuer)
        self.change(declared, issuer, second_issuer)
        told = Message.objects.filter(kind=Message.Kind.CONTACT_CHANGED).values_list("destination", flat=True)
        assert set(told) == {TYPED["phone"], TYPED["email"], "0987654321", "moi@example.vn"}

    def test_makes_a_code_on_its_way_void(self, hanoi: Office, issuer: User, second_issuer: User) -> None:
        declared, user = active(hanoi, issuer, second_issuer)
        confirm_contacts(user)
        live = ask_to_sign(user)
        self.change(declared, issuer, second_issuer)
        assert not codes.spend(live)

    def test_needs_one(self, hanoi: Office, issuer: User) -> None:
        declared, _user = active(hanoi, issuer)
        with pytest.raises(RegistrationRefused, match="mới"):
            asked(declared, issuer, Kind.CONTACT)


class TestInSomebodysAbsence:
    def absent(self, hanoi: Office, issuer: User) -> Registration:
        declared = registered(hanoi)
        facts = registration.compared_facts(declared)
        registration.record_check(declared, issuer, ["cccd"], facts, is_present=False)
        return declared

    def test_one_issuer_gives_out_no_code(self, hanoi: Office, issuer: User) -> None:
        with pytest.raises(RegistrationRefused, match="vắng mặt"):
            registration.issue(self.absent(hanoi, issuer), issuer)

    def test_two_do(self, hanoi: Office, issuer: User, second_issuer: User) -> None:
        declared = self.absent(hanoi, issuer)
        code = two_people.approve(asked(declared, issuer, Kind.ABSENT), second_issuer)
        assert registration.activate(code, PASSWORD, ADDRESS).is_vouched

    def test_not_without_papers_that_agree(self, hanoi: Office, issuer: User) -> None:
        with pytest.raises(RegistrationRefused, match="kiểm tra giấy tờ"):
            asked(registered(hanoi), issuer, Kind.ABSENT)


class TestASecondLook:
    def test_lets_a_new_account_sign(self, hanoi: Office, issuer: User, second_issuer: User) -> None:
        declared, user = active(hanoi, issuer)
        confirm_contacts(user)
        with pytest.raises(codes.CodeNotSent, match="xem lại giấy tờ"):
            ask_to_sign(user)
        two_people.vouch(declared, second_issuer)
        assert ask_to_sign(user)

    def test_may_come_before_the_account(self, hanoi: Office, issuer: User, second_issuer: User) -> None:
        declared, code = issued(hanoi, issuer)
        two_people.vouch(declared, second_issuer)
        assert registration.activate(code, PASSWORD, ADDRESS).is_vouched

    def test_is_not_the_first_one_again(self, hanoi: Office, issuer: User) -> None:
        declared, _user = active(hanoi, issuer)
        with pytest.raises(RegistrationRefused, match="cán bộ khác"):
            two_people.vouch(declared, issuer)

    def test_is_offered_to_the_second_only(
        self, client: Client, hanoi: Office, issuer: User, second_issuer: User
    ) -> None:
        declared, _code = issued(hanoi, issuer)
        for viewer, is_offered in ((issuer, False), (second_issuer, True)):
            client.force_login(viewer)
            assert ("Đã xem lại, đồng ý" in client.get(f"/cap-ma/{declared.public_id}/").text) is is_offered

    def test_is_shown_as_waiting_until_then(self, hanoi: Office, issuer: User, second_issuer: User) -> None:
        declared, _user = active(hanoi, issuer)
        assert list(unvouched(second_issuer)) == [declared]
        two_people.vouch(declared, second_issuer)
        assert not unvouched(second_issuer)

    def test_is_not_asked_for_in_the_demo(self, hanoi: Office, issuer: User, settings: Any) -> None:
        settings.DEMO = True
        assert active(hanoi, issuer)[1].is_vouched


class Insider:
    """One issuer with a browser, who wants to sign for somebody."""

    def __init__(self, issuer: User, office: Office) -> None:
        self.issuer, self.office = issuer, office
        self.counter = Client()
        self.counter.force_login(issuer)
        self.home = Client(REMOTE_ADDR="192.0.2.66")

    def post(self, declared: Registration, act: str, **typed: Any) -> Any:
        Throttle.objects.all().delete()
        return self.counter.post(f"/cap-ma/{declared.public_id}/{act}/", typed)

    def forge(self) -> Registration:
        """A declaration in the victim's name, with the insider's own phone and mailbox."""
        facts = declaration(self.office, phone="0900000666", email="noi.gian@example.vn")
        return registration.register(facts, ADDRESS)

    def check_and_issue(self, declared: Registration) -> str:
        self.post(declared, "kiem-tra", papers=["cccd"], identity_number=TYPED["identity_number"])
        page = self.post(declared, "cap", after=0)
        return normalise_activation_code(page.context["code"])

    def take_account(self, code: str) -> User | None:
        """Activate at home; confirm whatever the insider's own phone receives."""
        Throttle.objects.all().delete()
        typed = {"code": code, "password": PASSWORD, "repeated": PASSWORD}
        self.home.post("/kich-hoat/", typed)
        user = User.objects.filter(login=TYPED["bhxh_number"]).first()
        if user and user.phone == "0900000666":
            confirm_contacts(user)
        return user


class TestOneInsider:
    """Every path an issuer has, walked by one alone; the victim's phone is not in the insider's hands."""

    @pytest.fixture
    def insider(self, hanoi: Office, issuer: User) -> Insider:
        return Insider(issuer, hanoi)

    def cannot_sign(self, user: User | None) -> None:
        assert user
        user.refresh_from_db()
        with pytest.raises(codes.CodeNotSent):
            ask_to_sign(user)

    def test_forging_a_declaration(self, insider: Insider) -> None:
        user = insider.take_account(insider.check_and_issue(insider.forge()))
        assert user
        assert user.contacts  # the insider's own
        self.cannot_sign(user)

    def test_forging_and_looking_again_oneself(self, insider: Insider) -> None:
        declared = insider.forge()
        user = insider.take_account(insider.check_and_issue(declared))
        insider.post(declared, "xem-lai")
        self.cannot_sign(user)

    def test_using_the_code_of_an_honest_declaration(self, insider: Insider, hanoi: Office) -> None:
        user = insider.take_account(insider.check_and_issue(registered(hanoi)))
        assert user
        assert not user.contacts  # the codes go to the victim's phone and mailbox
        self.cannot_sign(user)

    @pytest.mark.parametrize("kind", [Kind.REISSUE, Kind.CONTACT])
    def test_asking_and_deciding_oneself(
        self, insider: Insider, hanoi: Office, second_issuer: User, kind: str
    ) -> None:
        declared, user = active(hanoi, second_issuer, insider.issuer)
        confirm_contacts(user)
        before = (user.password, user.phone, user.email)
        typed = {"paper_number": TYPED["identity_number"], "new_phone": "0900000666", "why": "Đổi số."}
        insider.post(declared, "de-nghi", kind=kind, **typed)
        act = TwoPersonAct.objects.get()
        insider.counter.post(f"/cap-ma/hai-nguoi/{act.public_id}/duyet/")
        user.refresh_from_db()
        assert (user.password, user.phone, user.email) == before
        assert ActivationCode.objects.count() == 1

    def test_issuing_once_more_to_oneself(self, insider: Insider, hanoi: Office, second_issuer: User) -> None:
        declared, _code = issued(hanoi, second_issuer)
        last = ActivationCode.objects.get()
        insider.post(declared, "kiem-tra", papers=["cccd"], identity_number=TYPED["identity_number"])
        assert insider.post(declared, "cap", after=last.pk).status_code == 302
        assert ActivationCode.objects.count() == 1

    def test_issuing_in_the_victims_absence(self, insider: Insider, hanoi: Office) -> None:
        declared = registered(hanoi)
        seen = {"papers": ["cccd"], "identity_number": TYPED["identity_number"], "is_absent": "on"}
        insider.post(declared, "kiem-tra", **seen)
        insider.post(declared, "cap", after=0)
        insider.post(declared, "de-nghi", kind=Kind.ABSENT, paper_number=TYPED["identity_number"], why="Ốm.")
        insider.counter.post(f"/cap-ma/hai-nguoi/{TwoPersonAct.objects.get().public_id}/duyet/")
        assert not ActivationCode.objects.exists()

    def test_opening_pages_of_a_citizen(self, insider: Insider) -> None:
        assert insider.counter.get("/ho-so/").status_code == 404
        assert insider.counter.get("/tai-khoan/xac-nhan/email/").status_code == 404


class TestThePages:
    def test_lead_from_asking_to_the_code(
        self, client: Client, hanoi: Office, issuer: User, second_issuer: User
    ) -> None:
        declared, _code = issued(hanoi, issuer)
        client.force_login(issuer)
        url = f"/cap-ma/{declared.public_id}/"
        typed = {"kind": "reissue", "paper_number": TYPED["identity_number"], "why": "Mất phiếu."}
        assert client.post(f"{url}de-nghi/", typed).status_code == 302
        assert "Đang chờ một cán bộ" in client.get(url).text
        assert "Rút đề nghị" in client.get("/cap-ma/hai-nguoi/").text
        client.force_login(second_issuer)
        assert "Đồng ý và cấp mã" in client.get("/cap-ma/hai-nguoi/").text
        page = client.post(f"/cap-ma/hai-nguoi/{TwoPersonAct.objects.get().public_id}/duyet/")
        assert registration.activate(normalise_activation_code(page.context["code"]), PASSWORD, ADDRESS)

    @pytest.mark.parametrize("typed", ["", "001160000019", "\0", "x" * 9999])
    def test_want_the_number_on_the_paper(
        self, client: Client, hanoi: Office, issuer: User, typed: str
    ) -> None:
        declared, _code = issued(hanoi, issuer)
        client.force_login(issuer)
        answer = client.post(
            f"/cap-ma/{declared.public_id}/de-nghi/", {"kind": "reissue", "paper_number": typed, "why": "x"}
        )
        assert answer.status_code == 422
        assert not TwoPersonAct.objects.exists()

    def test_let_the_one_who_asked_take_it_back(self, client: Client, hanoi: Office, issuer: User) -> None:
        act = asked(issued(hanoi, issuer)[0], issuer)
        client.force_login(issuer)
        client.post(f"/cap-ma/hai-nguoi/{act.public_id}/khong-duyet/")
        act.refresh_from_db()
        assert act.state == TwoPersonAct.State.REFUSED

    @pytest.mark.parametrize("act", ["duyet", "khong-duyet"])
    def test_know_nothing_of_another_office(
        self, client: Client, hanoi: Office, issuer: User, issuer_elsewhere: User, act: str
    ) -> None:
        kept = asked(issued(hanoi, issuer)[0], issuer)
        client.force_login(issuer_elsewhere)
        assert client.post(f"/cap-ma/hai-nguoi/{kept.public_id}/{act}/").status_code == 404
