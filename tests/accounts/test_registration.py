"""From the declaration to the account: what the services promise."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.db.models import F, Value

from accounts.models import ActivationCode, Message, Office, Registration, Throttle, User
from accounts.selectors.registrations import (
    has_account,
    registrations_in,
    registrations_of,
    registrations_waiting,
)
from accounts.services import registration
from accounts.services.registration import ActivationRefused, RegistrationRefused
from portal.lib.identifiers import check_character, group_activation_code
from tests.accounts.declarations import ADDRESS, PASSWORD, checked, issued, registered

Status = Registration.Status


def with_check(text: str) -> str:
    """An activation code that could be one."""
    return text + check_character(text)


def make_older(by: timedelta) -> None:
    ActivationCode.objects.update(expires_at=F("expires_at") - Value(by))


@pytest.fixture
def hanoi(offices: dict[str, Office]) -> Office:
    return offices["ha-noi"]


@pytest.mark.django_db
class TestRegistering:
    def test_keeps_the_declaration_for_the_office_chosen(self, hanoi: Office, issuer: User) -> None:
        declared = registered(hanoi)
        assert declared.status == Status.WAITING
        assert registrations_waiting(hanoi).rows == [declared]
        assert declared.folded_name == "nguyen thi hang"

    def test_the_same_declaration_twice_is_kept_once(self, hanoi: Office) -> None:
        assert registered(hanoi) == registered(hanoi)

    def test_goes_on_as_usual_for_a_number_that_has_an_account(
        self, hanoi: Office, contributor: User, issuer: User
    ) -> None:
        declared = registered(hanoi, bhxh_number=contributor.login)
        assert declared.status == Status.WAITING
        assert has_account(declared)

    def test_tells_the_issuer_nothing_wrong_about_a_new_number(self, hanoi: Office) -> None:
        assert not has_account(registered(hanoi))

    def test_of_one_number_is_limited(self, hanoi: Office) -> None:
        for number in range(5):
            registered(hanoi, street=f"{number} Yên Phụ")
        with pytest.raises(RegistrationRefused, match="thử lại sau"):
            registered(hanoi, street="6 Yên Phụ")


@pytest.mark.django_db
class TestIssuing:
    def test_gives_a_code_of_at_least_64_bits(self, hanoi: Office, issuer: User) -> None:
        declared, code = issued(hanoi, issuer)
        declared.refresh_from_db()
        assert declared.status == Status.ISSUED
        assert 5 * (len(code) - 1) >= 64

    def test_needs_an_identity_check(self, hanoi: Office, issuer: User) -> None:
        with pytest.raises(RegistrationRefused, match="kiểm tra giấy tờ"):
            registration.issue(registered(hanoi), issuer)

    def test_needs_papers_that_match(self, hanoi: Office, issuer: User) -> None:
        declared = checked(registered(hanoi), issuer, identity_number="001160000019")
        with pytest.raises(RegistrationRefused, match="khớp"):
            registration.issue(declared, issuer)

    def test_counts_the_last_check_only(self, hanoi: Office, issuer: User) -> None:
        declared = checked(registered(hanoi), issuer, full_name="Nguyễn Thị Hạnh")
        checked(declared, issuer)
        assert registration.issue(declared, issuer)

    def test_finds_names_equal_whatever_the_capitals_and_the_place_of_a_mark(
        self, hanoi: Office, issuer: User
    ) -> None:
        declared = checked(registered(hanoi, full_name="Hoà Thị Thuý"), issuer, full_name="HÒA THỊ THÚY")
        assert registration.issue(declared, issuer)

    def test_is_for_the_own_office_only(self, hanoi: Office, issuer: User, issuer_elsewhere: User) -> None:
        declared = checked(registered(hanoi), issuer)
        with pytest.raises(RegistrationRefused, match="cơ quan BHXH khác"):
            registration.issue(declared, issuer_elsewhere)

    def test_is_for_issuers_only(self, hanoi: Office, issuer: User, officer: User) -> None:
        declared = checked(registered(hanoi), issuer)
        with pytest.raises(RegistrationRefused):
            registration.issue(declared, officer)

    def test_is_impossible_for_a_number_that_has_an_account(
        self, hanoi: Office, issuer: User, contributor: User
    ) -> None:
        declared = checked(registered(hanoi, bhxh_number=contributor.login), issuer)
        with pytest.raises(RegistrationRefused, match="đã có tài khoản"):
            registration.issue(declared, issuer)

    def test_is_impossible_while_another_declaration_of_the_number_has_a_code(
        self, hanoi: Office, issuer: User
    ) -> None:
        issued(hanoi, issuer)
        other = checked(registered(hanoi, street="ở nơi khác"), issuer)
        with pytest.raises(RegistrationRefused, match="tờ khai khác"):
            registration.issue(other, issuer)

    def test_tells_the_person_without_the_code(self, hanoi: Office, issuer: User) -> None:
        declared, _code = issued(hanoi, issuer)
        message = Message.objects.get(registration=declared)
        assert (message.kind, message.destination) == (Message.Kind.CODE_ISSUED, declared.email)

    def test_again_is_nothing_one_issuer_can_do(self, hanoi: Office, issuer: User) -> None:
        declared, first = issued(hanoi, issuer)
        with pytest.raises(RegistrationRefused, match="hai cán bộ"):
            registration.issue(declared, issuer)
        assert registration.activate(first, PASSWORD, ADDRESS)

    def test_from_a_page_sent_twice_gives_one_code(self, hanoi: Office, issuer: User) -> None:
        declared = checked(registered(hanoi), issuer)
        code = registration.issue(declared, issuer, after=0)
        with pytest.raises(RegistrationRefused, match="lần bấm trước"):
            registration.issue(declared, issuer, after=0)
        assert registration.activate(code, PASSWORD, ADDRESS)


@pytest.mark.django_db
class TestRefusing:
    def test_keeps_the_reason_and_tells_the_person(self, hanoi: Office, issuer: User) -> None:
        declared = registered(hanoi)
        registration.refuse(declared, issuer, "Ảnh trên CCCD không phải ông/bà.")
        declared.refresh_from_db()
        assert declared.status == Status.REFUSED
        assert "CCCD" in declared.refusal_reason
        assert Message.objects.get().kind == Message.Kind.REGISTRATION_REFUSED

    def test_makes_a_code_void(self, hanoi: Office, issuer: User) -> None:
        declared, code = issued(hanoi, issuer)
        registration.refuse(declared, issuer, "Cấp nhầm người.")
        with pytest.raises(ActivationRefused):
            registration.activate(code, PASSWORD, ADDRESS)

    def test_is_impossible_once_the_account_is_active(self, hanoi: Office, issuer: User) -> None:
        declared, code = issued(hanoi, issuer)
        registration.activate(code, PASSWORD, ADDRESS)
        with pytest.raises(RegistrationRefused):
            registration.refuse(declared, issuer, "Muộn rồi.")

    def test_is_for_the_own_office_only(self, hanoi: Office, issuer_elsewhere: User) -> None:
        with pytest.raises(RegistrationRefused):
            registration.refuse(registered(hanoi), issuer_elsewhere, "Không phải việc của tôi.")

    def test_lets_the_person_register_again(self, hanoi: Office, issuer: User) -> None:
        declared = registered(hanoi)
        registration.refuse(declared, issuer, "Thiếu giấy tờ.")
        assert registered(hanoi) != declared


@pytest.mark.django_db
class TestActivating:
    def test_makes_an_account_that_logs_in_by_the_bhxh_number(self, hanoi: Office, issuer: User) -> None:
        declared, code = issued(hanoi, issuer)
        user = registration.activate(code, PASSWORD, ADDRESS)
        declared.refresh_from_db()
        assert user.login == declared.bhxh_number
        assert user.check_password(PASSWORD)
        assert user.is_citizen
        assert not user.contacts
        assert declared.user == user
        assert declared.status == Status.ACTIVATED

    @pytest.mark.parametrize(
        "shape", [str.lower, group_activation_code, lambda code: f" {code[:6]} {code[6:]} "]
    )
    def test_takes_the_code_as_people_type_it(self, hanoi: Office, issuer: User, shape: object) -> None:
        _declared, code = issued(hanoi, issuer)
        assert registration.activate(shape(code), PASSWORD, ADDRESS)  # type: ignore[operator]

    def test_works_once(self, hanoi: Office, issuer: User) -> None:
        _declared, code = issued(hanoi, issuer)
        registration.activate(code, PASSWORD, ADDRESS)
        with pytest.raises(ActivationRefused):
            registration.activate(code, PASSWORD, ADDRESS)

    def test_ends_after_72_hours(self, hanoi: Office, issuer: User) -> None:
        _declared, code = issued(hanoi, issuer)
        make_older(timedelta(hours=71, minutes=59))
        assert registration.activate(code, PASSWORD, ADDRESS)

    def test_is_refused_after_72_hours(self, hanoi: Office, issuer: User) -> None:
        _declared, code = issued(hanoi, issuer)
        make_older(timedelta(hours=72))
        with pytest.raises(ActivationRefused):
            registration.activate(code, PASSWORD, ADDRESS)

    def test_with_a_weak_password_leaves_the_code_good(self, hanoi: Office, issuer: User) -> None:
        _declared, code = issued(hanoi, issuer)
        for _ in range(8):
            with pytest.raises(ValidationError):
                registration.activate(code, "password1234", ADDRESS)
        assert registration.activate(code, PASSWORD, ADDRESS)

    def test_does_not_take_the_bhxh_number_as_password(self, hanoi: Office, issuer: User) -> None:
        declared, code = issued(hanoi, issuer)
        with pytest.raises(ValidationError):
            registration.activate(code, f"{declared.bhxh_number}ab", ADDRESS)

    def test_of_a_code_guessed_at_twenty_times_is_over(self, hanoi: Office, issuer: User) -> None:
        _declared, code = issued(hanoi, issuer)
        near = [with_check(code[:6] + f"{number:07d}") for number in range(21)]
        for number, guess in enumerate(near):
            Throttle.objects.all().delete()
            with pytest.raises(ActivationRefused):
                registration.activate(guess, PASSWORD, f"192.0.2.{number}")
        Throttle.objects.all().delete()
        with pytest.raises(ActivationRefused):
            registration.activate(code, PASSWORD, ADDRESS)

    def test_is_not_over_for_guesses_at_other_codes(self, hanoi: Office, issuer: User) -> None:
        _declared, code = issued(hanoi, issuer)
        for number in range(25):
            Throttle.objects.all().delete()
            with pytest.raises(ActivationRefused):
                registration.activate(with_check(f"{number:013d}"), PASSWORD, f"192.0.2.{number}")
        assert registration.activate(code, PASSWORD, "192.0.2.99")

    def test_is_limited_to_five_tries_from_one_address(self, hanoi: Office, issuer: User) -> None:
        _declared, code = issued(hanoi, issuer)
        other = "0" * 14  # a canonical code that nobody has
        for _ in range(5):
            with pytest.raises(ActivationRefused):
                registration.activate(other, PASSWORD, ADDRESS)
        with pytest.raises(RegistrationRefused, match="thử lại sau"):
            registration.activate(code, PASSWORD, ADDRESS)
        assert registration.activate(code, PASSWORD, "192.0.2.2")


@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    def test_make_one_account_of_one_code(self, hanoi: Office, issuer: User) -> None:
        _declared, code = issued(hanoi, issuer)

        def activate(number: int) -> bool:
            try:
                registration.activate(code, PASSWORD, f"192.0.2.{number}")
            except RegistrationRefused:
                return False
            finally:
                connections.close_all()
            return True

        with ThreadPoolExecutor(5) as pool:
            assert list(pool.map(activate, range(5))).count(True) == 1
        assert User.objects.filter(login="0119000009").count() == 1


@pytest.mark.django_db
class TestWhatAnIssuerSees:
    def test_is_the_own_office_only(self, hanoi: Office, issuer: User, issuer_elsewhere: User) -> None:
        declared = registered(hanoi)
        assert list(registrations_of(issuer)) == [declared]
        assert not registrations_of(issuer_elsewhere).exists()

    def test_is_nothing_for_other_roles(self, hanoi: Office, officer: User, head: User, hq: User) -> None:
        registered(hanoi)
        assert not any(registrations_of(user).exists() for user in (officer, head, hq))

    def test_comes_oldest_first_page_by_page_without_gaps(self, hanoi: Office, issuer: User) -> None:
        made = [Registration.objects.create(**self.facts(hanoi, number)) for number in range(65)]
        shown: list[Registration] = []
        key = ""
        while True:
            page = registrations_in(issuer, "cho", after=key)
            shown += page.rows
            key = page.next_key
            if not key:
                break
        assert shown == made

    @pytest.mark.parametrize(
        "key", ["", "x", "~", "2019-08-20~1", "9" * 40, "2019-99-99T00:00:00+07:00~1", "\0~1"]
    )
    def test_begins_at_the_first_page_for_any_other_key(self, hanoi: Office, issuer: User, key: str) -> None:
        declared = registered(hanoi)
        assert registrations_in(issuer, "cho", after=key).rows == [declared]

    @pytest.mark.parametrize(
        "search", ["hang", "NGUYỄN THỊ HẰNG", "Nguyễn", "011900", "0011 6000", " thị  hằng "]
    )
    def test_is_found_by_name_and_numbers_with_or_without_marks(
        self, hanoi: Office, issuer: User, search: str
    ) -> None:
        declared = registered(hanoi)
        assert registrations_in(issuer, "cho", search).rows == [declared]

    @pytest.mark.parametrize("search", ["%", "_", "' or 1=1--", "Nguyễn Văn", "zzz"])
    def test_is_not_found_by_other_words(self, hanoi: Office, issuer: User, search: str) -> None:
        registered(hanoi)
        assert registrations_in(issuer, "cho", search).rows == []

    def facts(self, office: Office, number: int) -> dict[str, object]:
        return {
            "full_name": f"Người {number}",
            "folded_name": f"nguoi {number}",
            "birth_date": "1960-02-01",
            "sex": "nam",
            "bhxh_number": f"01{number:08d}",
            "identity_number": "011234567",
            "office": office,
        }


@pytest.mark.django_db
def test_an_activation_code_stands_in_no_table(hanoi: Office, issuer: User) -> None:
    _declared, code = issued(hanoi, issuer)
    spellings = (code, code.lower(), group_activation_code(code))
    assert not [table for table in connection.introspection.table_names() if holds(table, spellings)]


def holds(table: str, spellings: tuple[str, ...]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT t::text FROM "{table}" t')
        return any(spelling in row for (row,) in cursor for spelling in spellings)
