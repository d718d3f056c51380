"""A second edition of a procedure, and the day whose rules apply to a dossier."""

from datetime import date
from typing import Any

import pytest
from django.http import Http404
from django.test import Client

from accounts.models import User
from procedures import catalogue
from procedures.domain.errors import DomainError
from procedures.models import Dossier
from procedures.selectors.definitions import legal_day_of, needs_of, procedure_of
from procedures.selectors.warnings import open_warnings
from procedures.services import calendar, content, filing
from procedures.views.catalogue import procedure_or_404
from tests import makers
from tests.procedures.catalogue.eighth import CODE, Drawer, listings

pytestmark = pytest.mark.django_db

FIRST_DAY = date(2025, 7, 1)
# Law 41/2024 gives 7 working days where Law 58/2014 gave 10 days; here a new paper besides.
SECOND = """
from dataclasses import replace

LAW_41 = law.law_41("Điều 79")
SECOND = replace(
    FIRST, edition="2025", valid_from=date(2025, 7, 1), valid_to=None, legal_basis=(LAW_41,),
    documents=(*FIRST.documents, papers.copy("the_can_cuoc", "Thẻ căn cước", LAW_41)),
    deadlines=(d.Deadline(7, d.Unit.WORKING_DAY, LAW_41),),
)
EDITIONS = (replace(FIRST, valid_to=date(2025, 6, 30)), SECOND)
"""
ANSWERS: dict[str, Any] = {
    "why": "hong",
    "received_on": "2019-05-02",
    "result_delivery": "office",
    "representative": False,
    "identity_issued_on": "2015-06-01",
    "identity_issued_by": "Công an Hà Nội",
}


@pytest.fixture
def two_editions(drawer: Drawer, settings: Any) -> Any:
    """A procedure with an edition of 2019 and one of 2025; the settings choose the legal day."""
    drawer.put(CODE, listings()[0].replace("PROCEDURE =", "FIRST =") + SECOND)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.LEGAL_DATE = date(2019, 8, 20)
    return settings


def draft(filer: User) -> Dossier:
    return makers.draft(filer, "", procedure=CODE, **ANSWERS)


def codes(dossier: Dossier) -> list[str]:
    return [need.document.code for need in needs_of(dossier)]


def test_each_legal_day_shows_its_own_edition(two_editions: Any, client: Client) -> None:
    assert "Thẻ căn cước" not in client.get(f"/thu-tuc/{CODE}/").content.decode()
    two_editions.LEGAL_DATE = FIRST_DAY
    page = client.get(f"/thu-tuc/{CODE}/").content.decode()
    assert "Thẻ căn cước" in page
    assert "7 ngày làm việc" in page


def test_a_new_draft_takes_the_edition_of_its_day(
    two_editions: Any, contributor: User, outsider: User
) -> None:
    assert draft(contributor).edition == "2019"
    two_editions.LEGAL_DATE = FIRST_DAY
    later = draft(outsider)
    assert later.edition == "2025"
    assert "the_can_cuoc" in codes(later)


def test_a_filed_dossier_stays_on_its_edition_for_ever(
    two_editions: Any, contributor: User, officer: User
) -> None:
    filed = makers.queued(contributor, "", procedure=CODE, **ANSWERS)
    signed = content.signed_content(filed)
    two_editions.LEGAL_DATE = FIRST_DAY
    filed = makers.fresh(filed)
    assert procedure_of(filed).edition == "2019"
    assert codes(filed) == ["don_14hsb", "giay_hen_cu"]
    assert calendar.limit_of(procedure_of(filed), filed).value == 2
    assert content.signed_content(filed) == signed  # the same bytes, whatever day it is looked at
    assert filed.filings.get().digest == content.digest_of(filed)


def test_a_draft_is_not_filed_under_rules_that_have_ended(two_editions: Any, contributor: User) -> None:
    begun = draft(contributor)
    two_editions.LEGAL_DATE = FIRST_DAY
    (wall,) = content.readiness(begun).rules
    assert "chỉ áp dụng đến ngày 30/06/2025" in wall.message
    with pytest.raises(DomainError):
        filing.ask_for_code(begun, "email")
    assert draft(contributor).edition == "2025"  # starting again takes the rules of today


def test_on_a_day_without_any_edition_there_is_no_such_procedure(two_editions: Any) -> None:
    two_editions.LEGAL_DATE = date(2019, 7, 31)
    with pytest.raises(Http404):
        procedure_or_404(CODE)


# The legal day -----------------------------------------------------------------------------------------

FAMILY: dict[str, Any] = {
    "deceased_name": "Nguyễn Văn Tám",
    "deceased_birth_date": "1950-03-02",
    "deceased_status": "dang_huong",
    "is_work_accident": False,
    "drawn_benefit": "luong_huu",
    "monthly_amount": 4_000_000,
    "months_received": 26,
    "office_choice": "noi_cu_tru",
    "filer_relation": "Con",
    "arranged_funeral": True,
    "claim": "mai_tang",
}


def survivors(filer: User, died: str) -> Dossier:
    return makers.draft(filer, "", procedure="tu_tuat", **FAMILY, death_date=died)


def is_late(dossier: Dossier) -> bool:
    return "giai_trinh_nop_cham" in codes(dossier)


def test_lateness_is_judged_on_the_legal_day_and_not_on_the_wall_clock(
    contributor: User, outsider: User, settings: Any
) -> None:
    settings.LEGAL_DATE = date(2019, 8, 20)
    in_time, late = survivors(contributor, "2019-05-22"), survivors(outsider, "2019-05-21")
    assert not is_late(in_time)
    assert content.readiness(in_time).is_ready
    assert is_late(late)
    assert "filed_late" in makers.fresh(late).confirmed_warnings
    assert {attachment.document for attachment in late.attachments.all()} == {
        "chung_tu",
        "giai_trinh_nop_cham",
    }


def test_in_real_operation_the_legal_day_is_today(contributor: User, settings: Any) -> None:
    settings.LEGAL_DATE = date(2019, 8, 20)
    dossier = survivors(contributor, "2019-05-22")
    settings.LEGAL_DATE = None
    assert is_late(dossier)
    step = procedure_of(dossier).step("nguoi_mat")
    assert "filed_late" in [rule.name for rule in open_warnings(dossier, step)]
    assert [paper.documents[0].code for paper in content.readiness(dossier).papers] == ["giai_trinh_nop_cham"]


def test_a_filed_dossier_keeps_the_legal_day_of_its_filing(contributor: User, settings: Any) -> None:
    settings.LEGAL_DATE = date(2019, 8, 20)
    filed = makers.filed(contributor, "", procedure="tu_tuat", **FAMILY, death_date="2019-05-22")
    settings.LEGAL_DATE = date(2019, 12, 31)
    filed = makers.fresh(filed)
    assert legal_day_of(filed) == date(2019, 8, 20)
    assert not is_late(filed)
    assert filing.is_ready(filed) is True
    assert filed.filings.get().digest == content.digest_of(filed)


def test_the_seven_are_of_the_edition_of_2019_on_the_seeds_day() -> None:
    assert {one.edition for one in catalogue.procedures_on(date(2019, 8, 20))} == {"2019"}
