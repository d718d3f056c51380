"""Cùng ký: everybody signs the same digest; a change voids every signature, and each is told why."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.services import codes
from procedures.domain.errors import DomainError
from procedures.models import CoSignature, Dossier, Notice
from procedures.services import cosigning, drafts, filing
from tests import makers

pytestmark = pytest.mark.django_db

FAMILY: dict[str, Any] = {
    "deceased_name": "Nguyễn Văn Tám",
    "deceased_birth_date": "1950-03-02",
    "death_date": "2019-07-20",
    "deceased_status": "dang_huong",
    "is_work_accident": False,
    "drawn_benefit": "luong_huu",
    "monthly_amount": 4_000_000,
    "months_received": 26,
    "office_choice": "noi_cu_tru",
    "filer_relation": "Con",
    "arranged_funeral": True,
    "claim": "mot_lan",
    "gave_up_monthly": False,
    "several_recipients": True,
}


def relative(name: str, number: str = "", **more: Any) -> dict[str, Any]:
    row = {
        "relative_name": name,
        "relation": "con",
        "relative_birth_date": "1980-01-01",
        "relative_sex": "nam",
        "choice": "mot_lan",
        "loss_81": False,
        "signs_here": bool(number),
        **more,
    }
    return {**row, "relative_bhxh_number": number} if number else row


@pytest.fixture
def family(contributor: User, pensioner: User, outsider: User) -> Dossier:
    """A survivors' dossier that two more people have to sign."""
    rows = [relative(person.full_name, person.login) for person in (contributor, pensioner, outsider)]
    dossier = makers.draft(contributor, "", procedure="tu_tuat", **FAMILY, relatives=rows)
    cosigning.ask(dossier)
    return dossier


def signed_by(person: User, dossier: Dossier) -> CoSignature:
    signature = CoSignature.objects.get(dossier=dossier, bhxh_number=person.login, voided_at=None)
    code = cosigning.ask_for_code(signature, person, "email")
    cosigning.sign(signature, person, codes.derive(code))
    return signature


def test_everybody_but_the_filer_is_asked(family: Dossier, contributor: User) -> None:
    asked = [person.bhxh_number for person in cosigning.co_signers(family)]
    assert len(asked) == 2
    assert contributor.login not in asked
    assert Notice.objects.filter(dossier=family, kind="co_sign_asked").count() == 4


def test_the_filer_signs_last(family: Dossier, pensioner: User, outsider: User) -> None:
    with pytest.raises(DomainError, match="chưa cùng ký"):
        filing.ask_for_code(family, "email")
    signed_by(pensioner, family)
    signed_by(outsider, family)
    filed = makers.sign(family)
    assert filed.reference
    assert {row.digest for row in family.co_signatures.all()} == {family.filings.get().digest}


def test_a_change_voids_every_signature_and_each_is_told(
    family: Dossier, pensioner: User, outsider: User
) -> None:
    old = [signed_by(pensioner, family), signed_by(outsider, family)]
    drafts.save_answers(family, {"phone": "0987000222"}, makers.fresh(family).revision)
    for signature in old:
        signature.refresh_from_db()
        assert signature.voided_at is not None
        assert signature.void_reason == cosigning.CHANGED
    told = Notice.objects.filter(dossier=family, kind="co_signature_voided")
    assert {notice.recipient for notice in told} == {pensioner, outsider}
    assert cosigning.are_missing(makers.fresh(family))


def test_a_change_and_a_change_back_still_ask_for_a_new_signature(family: Dossier, pensioner: User) -> None:
    signed_by(pensioner, family)
    before = family.answers["phone"]
    drafts.save_answers(family, {"phone": "0987000222"}, makers.fresh(family).revision)
    drafts.save_answers(family, {"phone": before}, makers.fresh(family).revision)
    assert not any(person.has_signed for person in cosigning.co_signers(family))


def test_somebody_taken_off_the_list_is_told(family: Dossier, pensioner: User) -> None:
    signature = signed_by(pensioner, family)
    rows = [row for row in family.answers["relatives"] if row["relative_bhxh_number"] != pensioner.login]
    drafts.save_answers(family, {"relatives": rows}, makers.fresh(family).revision)
    signature.refresh_from_db()
    assert signature.void_reason == cosigning.LEFT_OUT


def test_the_code_of_one_signs_nothing_for_another(family: Dossier, pensioner: User, outsider: User) -> None:
    theirs = CoSignature.objects.get(dossier=family, bhxh_number=outsider.login)
    mine = CoSignature.objects.get(dossier=family, bhxh_number=pensioner.login)
    code = codes.derive(cosigning.ask_for_code(mine, pensioner, "email"))
    cosigning.ask_for_code(theirs, outsider, "email")
    with pytest.raises(codes.CodeRefused):
        cosigning.sign(theirs, outsider, code)


class TestThePages:
    def test_show_the_dossier_to_those_who_are_asked(
        self, client: Client, family: Dossier, pensioner: User
    ) -> None:
        client.force_login(pensioner)
        signature = CoSignature.objects.get(dossier=family, bhxh_number=pensioner.login)
        assert "cùng ký" in client.get("/ho-so/").text
        page = client.get(f"/cung-ky/{signature.pk}/")
        assert "Nguyễn Văn Tám" in page.text
        file = makers.checked(family).attachments.first()
        assert file is not None
        answer = client.get(f"/cung-ky/{signature.pk}/tep/{file.public_id}/")
        assert answer.status_code == 200
        answer.close()

    def test_take_the_code_and_sign(self, client: Client, family: Dossier, pensioner: User) -> None:
        client.force_login(pensioner)
        signature = CoSignature.objects.get(dossier=family, bhxh_number=pensioner.login)
        answer = client.post(f"/cung-ky/{signature.pk}/", {"channel": "email"})
        assert answer.url == f"/cung-ky/{signature.pk}/ma/"
        right = codes.derive(pensioner.transaction_codes.get(voided_at=None))
        wrong = f"{(int(right) + 1) % 10**8:08d}"
        assert client.post(answer.url, {"code": wrong}).status_code == 422
        assert client.post(answer.url, {"code": right}).url == "/cung-ky/"
        assert "Ông/bà đã ký" in client.get("/cung-ky/").text

    @pytest.mark.parametrize("path", ["", "ma/"])
    def test_do_not_exist_for_anybody_else(
        self, client: Client, family: Dossier, officer: User, contributor: User, path: str
    ) -> None:
        signature = CoSignature.objects.filter(dossier=family).first()
        assert signature is not None
        for person in (contributor, officer):
            client.force_login(person)
            assert client.get(f"/cung-ky/{signature.pk}/{path}").status_code == 404

    def test_tell_the_filer_who_has_signed(
        self, client: Client, family: Dossier, contributor: User, pensioner: User, outsider: User
    ) -> None:
        signed_by(pensioner, family)
        client.force_login(contributor)
        page = client.get(f"/ho-so/{family.public_id}/kiem-tra/").text
        assert "Người cùng ký" in page
        assert "Đúng rồi, ký và nộp" not in page
        signed_by(outsider, family)
        assert "Đúng rồi, ký và nộp" in client.get(f"/ho-so/{family.public_id}/kiem-tra/").text
