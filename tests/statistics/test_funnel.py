"""The funnel: where people give up, counted from the rows of dossiers that somebody really began."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone

from accounts.models import Throttle, TransactionCode, User
from procedures import catalogue
from procedures.models import Dossier
from procedures.selectors.statistics.extent import Extent
from procedures.selectors.statistics.funnel import STAGES, Funnel, codes_of, funnels
from procedures.services import drafts, filing
from procedures.services.calendar import legal_date
from tests import makers
from tests.statistics.annex_facts import load

pytestmark = pytest.mark.django_db


def this_month() -> Extent:
    today = timezone.localdate()
    return Extent(first=today.replace(day=1), last=today)


def counts(funnel: Funnel) -> dict[str, int]:
    return dict(zip(STAGES, funnel.counts, strict=True))


def begin(filer: User) -> Dossier:
    return drafts.start_draft(filer, catalogue.procedure_on("bhxh_mot_lan", legal_date()))


def ask(dossier: Dossier) -> TransactionCode:
    Throttle.objects.all().delete()
    return filing.ask_for_code(dossier, "email")


def test_each_person_is_counted_as_far_as_they_came(
    contributor: User, pensioner: User, outsider: User, officer: User
) -> None:
    begin(contributor)
    makers.draft(pensioner)
    ask(makers.draft(outsider))
    whole, _parts = funnels(this_month(), "office_id")
    assert counts(whole) == {
        "started": 3,
        "attached": 2,
        "asked": 1,
        "delivered": 0,
        "filed": 0,
        "received": 0,
        "decided": 0,
    }
    code = TransactionCode.objects.get()
    TransactionCode.objects.filter(pk=code.pk).update(delivered_at=code.created_at)
    assert counts(funnels(this_month(), "office_id")[0])["delivered"] == 1


def test_a_decided_dossier_went_through_every_stage(contributor: User, officer: User) -> None:
    makers.approved(contributor, officer)
    whole, [hanoi] = funnels(this_month(), "office_id")
    assert set(whole.counts) == {1}
    assert hanoi.key == "ha-noi"
    assert (whole.median_days, whole.slow_days) == (0, 0)
    assert (whole.on_time_share, whole.first_pass_share) == (100, 100)


def test_drafts_belong_to_the_office_where_the_person_registered(outsider: User) -> None:
    begin(outsider)
    _whole, [part] = funnels(this_month(), "office_id")
    assert part.key == "dak-lak"


def test_days_are_the_middle_one_and_that_of_nine_in_ten(citizen: Callable[..., User], officer: User) -> None:
    for number in range(10):
        dossier = makers.approved(citizen(f"01230000{number:02d}", "Lê Văn Ba"), officer)
        Dossier.objects.filter(pk=dossier.pk).update(decided_at=F("filed_at") + timedelta(days=number + 1))
    whole, _parts = funnels(this_month(), "procedure")
    assert (whole.median_days, whole.slow_days) == (5, 9)
    assert whole.on_time_share is not None
    assert whole.on_time_share < 100


def test_a_supplement_spoils_the_first_pass(contributor: User, pensioner: User, officer: User) -> None:
    makers.approved(contributor, officer)
    dossier = makers.supplemented(pensioner, officer)
    makers.withdrawal.withdraw(dossier, pensioner)
    whole, _parts = funnels(this_month(), "office_id")
    assert (whole.decided, whole.first_pass) == (1, 1)  # a withdrawal is no decision


def test_loaded_and_demo_dossiers_were_begun_by_nobody(offices: Any, contributor: User) -> None:
    load(2000)
    User.objects.filter(pk=contributor.pk).update(is_test=True)
    contributor.refresh_from_db()
    makers.filed(contributor)
    today = timezone.localdate()
    whole, parts = funnels(Extent(first=today.replace(year=2015), last=today), "office_id")
    assert (whole.started, parts) == (0, [])


def test_codes_that_ran_out_unused_are_told_from_spent_and_replaced_ones(
    contributor: User, pensioner: User
) -> None:
    makers.filed(contributor)
    draft = makers.draft(pensioner)
    for _ in range(2):
        ask(draft)  # the second one replaces the first
    codes = codes_of(this_month())
    assert (codes.made, codes.spent, codes.expired) == (3, 1, 0)
    TransactionCode.objects.filter(spent_at=None, voided_at=None).update(
        created_at=timezone.now() - timedelta(minutes=31)
    )
    assert codes_of(this_month()).expired == 1


def test_the_page_shows_the_funnel_to_staff_in_two_queries_whatever_it_counts(
    contributor: User, officer: User, hq: User, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    makers.approved(contributor, officer)
    begin(contributor)
    client = Client()
    client.force_login(hq)
    today = timezone.localdate()
    asked = {"tu": f"{today:01/%m/%Y}", "den": f"{today:%d/%m/%Y}"}
    with django_assert_max_num_queries(9):  # session and account; the funnel, the codes, the offices
        page = client.get("/ty-le/pheu/", asked).content.decode()
    assert "Bắt đầu khai" in page
    assert "BHXH Tp. Hà Nội" in page
    assert "50,00%" in page
    assert "Rút BHXH một lần" in client.get("/ty-le/pheu/", {**asked, "muc": "thu-tuc"}).content.decode()
    assert (
        "Không có hồ sơ nào bắt đầu"
        in client.get("/ty-le/pheu/", {"tu": "01/01/2015", "den": "31/01/2015"}).content.decode()
    )
    client.force_login(contributor)
    assert client.get("/ty-le/pheu/").status_code == 404
