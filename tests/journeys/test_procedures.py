"""Each of the seven procedures from its first page to the right office's queue, over the portal's own pages
and a real Celery worker: these answers, these papers, this office, this due date, this estimate."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import Office, Role, User
from portal.lib import working_days
from portal.serve import Program
from procedures.domain.deadlines import due_date, promised_limit
from procedures.domain.lifecycle import Status
from procedures.models import Dispatch, Dossier
from procedures.selectors.definitions import procedure_of
from procedures.selectors.queue import queue_of
from procedures.services import dispatch
from tests.journeys.walking import Walk, browser_of, sign
from tests.people import staff
from tests.procedures.catalogue.eighth import CODE, Drawer, drawer, listings

__all__ = ["drawer"]  # a fixture

PATIENCE = 30  # seconds for the worker on a busy machine

PERSON = {"identity_issued_on": "2015-06-01", "identity_issued_by": "Công an Hà Nội"}
PAYMENT = {"payment_method": "cash", "result_delivery": "office", "representative": False}
NEW_ADDRESS = {"province": "79", "district": "760", "commune": "26740", "street": "5 Lê Lợi"}


def wages(first: str, last: str, amount: int) -> dict[str, Any]:
    return {"from_month": first, "to_month": last, "wage_kind": "employer", "monthly_wage": amount}


@dataclass(frozen=True)
class Journey:
    procedure: str
    answers: dict[str, Any]
    papers: set[str]
    office: str
    limit: str
    total: int | None = None
    onward: str | None = None
    filer: str = "contributor"
    signers: tuple[str, ...] = field(default=())


JOURNEYS = (
    Journey(
        "bhxh_mot_lan",
        {
            "reason": "sau_mot_nam",
            "left_on": "2016-08-31",
            "contributes_again": False,
            "army_regional_allowance": False,
            "history": [
                wages("2012-01", "2012-12", 3_500_000),
                wages("2013-01", "2013-12", 4_000_000),
                wages("2014-01", "2014-12", 4_500_000),
                wages("2015-01", "2015-12", 5_000_000),
                wages("2016-01", "2016-08", 5_500_000),
            ],
        },
        papers={"so_bhxh"},
        office="ha-noi",
        limit="5 working_days",
        total=44_980_714,
    ),
    Journey(
        "tro_cap_dinh_cu",
        {
            "benefit": "luong_huu",
            "paying_province": "nghe-an",
            "monthly_amount": 4_000_000,
            "months_received": 12,
            "years_before_2014": 22,
            "years_from_2014": 2,
            "country": "Hoa Kỳ",
            "settlement_paper": "thi_thuc_dinh_cu",
        },
        papers={"thi_thuc_dinh_cu"},
        office="nghe-an",
        limit="10 days",
        total=124_000_000,  # example 41 of Circular 59/2015
        filer="pensioner",
    ),
    Journey(
        "tu_tuat",
        {
            "deceased_name": "Nguyễn Văn Tám",
            "deceased_birth_date": "1950-03-02",
            "death_date": "2019-07-20",
            "deceased_status": "dang_huong",
            "is_work_accident": False,
            "drawn_benefit": "luong_huu",
            "monthly_amount": 4_000_000,
            "months_received": 26,
            "office_choice": "noi_chi_tra",
            "paying_province": "nghe-an",
            "filer_relation": "Con",
            "arranged_funeral": True,
            "claim": "mot_lan",
            "gave_up_monthly": False,
            "several_recipients": True,
            "relatives": [
                {
                    "relative_name": name,
                    "relation": "con",
                    "relative_birth_date": "1980-01-01",
                    "relative_sex": "nam",
                    "loss_81": False,
                    "choice": "mot_lan",
                    "signs_here": True,
                    "relative_bhxh_number": number,
                }
                for name, number in (("Nguyễn Thị Hằng", "0119000001"), ("H'Hen Niê", "6619000003"))
            ],
        },
        papers={"chung_tu", "bien_ban_hop"},
        office="nghe-an",
        limit="15 days",
        total=144_000_000 + 14_900_000,
        signers=("outsider",),
    ),
    Journey(
        "huong_tiep",
        {
            "reason": "huy_mat_tich",
            "stopped_benefit": "Lương hưu",
            "stopped_from": "2018-03",
            "monthly_amount": 4_000_000,
            "last_paying_province": "ha-noi",
        },
        papers={"qd_huy_mat_tich"},
        office="dak-lak",
        limit="15 days",
        total=16_000_000 + 51_321_600 + 2 * 4_584_302,
        filer="outsider",
    ),
    Journey(
        "di_chuyen",
        {
            "holder_status": "dang_huong",
            "paying_province": "ha-noi",
            "new_address": NEW_ADDRESS,
            "draws_regional_allowance": False,
            "identity_differs": True,
        },
        papers={"giay_to_nhan_than"},
        office="ha-noi",
        limit="5 working_days",
        onward="ho-chi-minh",
        filer="pensioner",
    ),
    Journey(
        "tro_cap_qd91_613",
        {
            "reason": "mai_tang",
            "deceased_name": "Trần Văn Bảy",
            "death_date": "2019-07-01",
            "was_drawing": True,
            "filer_relation": "Con",
        },
        papers={"chung_tu", "qd_huong"},
        office="ha-noi",
        limit="30 working_days",
        total=14_900_000,
    ),
    Journey(
        "tro_cap_nha_giao",
        {
            "claimant": "nha_giao",
            "retired_on": "2010-06-30",
            "drew_in_2012": True,
            "monthly_pension": 2_800_000,
            "paying_province": "ho-chi-minh",
            "teaching": [
                {"school": "THPT Chu Văn An", "taught_from": "1980-01", "taught_to": "2009-12"},
            ],
        },
        papers={"qd_huu_tri"},
        office="ho-chi-minh",
        limit="30 working_days",
        total=8_400_000,
        filer="pensioner",
    ),
)


@pytest.fixture
def people(contributor: User, pensioner: User, outsider: User) -> dict[str, User]:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns when it is missing
    return {"contributor": contributor, "pensioner": pensioner, "outsider": outsider}


def delivered(pk: int) -> Dossier:
    """The dossier once the worker has put it into its queue."""
    dispatch.sweep_once()
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        dossier = Dossier.objects.select_related("office").get(pk=pk)
        if dossier.status == Status.QUEUED:
            return dossier
        time.sleep(0.1)
    raise AssertionError(f"not delivered within {PATIENCE} s: {Dispatch.objects.values()}")


def promised(dossier: Dossier) -> tuple[str, date]:
    limit = promised_limit(procedure_of(dossier), dossier.answers)
    return f"{limit.value} {limit.unit}", due_date(timezone.localdate(), limit, working_days.is_working_day)


def queue(office_key: str, offices: dict[str, Office]) -> list[int]:
    clerk = staff(f"canbo.{office_key}", "Cán bộ thử", Role.OFFICER, offices[office_key])
    return [dossier.pk for dossier in queue_of(clerk).dossiers]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("journey", JOURNEYS, ids=[journey.procedure for journey in JOURNEYS])
def test_a_procedure_reaches_the_right_office(
    journey: Journey,
    people: dict[str, User],
    offices: dict[str, Office],
    start_celery_worker: Callable[[], Program],
) -> None:
    start_celery_worker()
    walk = Walk(people[journey.filer], journey.procedure)
    walk.fill_in({**PERSON, **PAYMENT, **journey.answers})
    assert walk.hand_in() == journey.papers
    form = walk.browser.get(walk.url("don.pdf"))
    assert form.content.startswith(b"%PDF-")
    assert form.status_code == 200
    for signature, name in zip(walk.ask_the_others(), journey.signers, strict=True):
        sign(browser_of(people[name]), f"/cung-ky/{signature.pk}/")
    walk.sign()

    dossier = delivered(walk.pk)
    assert dossier.office_id == journey.office
    assert dossier.routing["onward_office"] == journey.onward
    assert dossier.routing["words"]
    limit, due = promised(dossier)
    assert limit == journey.limit
    assert dossier.due_on == due
    stored = dossier.estimate
    assert (stored["total_vnd"] if stored else None) == journey.total
    assert all(line["basis"] for line in (stored or {"lines": ()})["lines"])
    assert queue(journey.office, offices) == [dossier.pk]
    assert queue("can-tho", offices) == []


@pytest.mark.django_db(transaction=True)
def test_an_eighth_procedure_is_filed_from_its_one_new_file(
    drawer: Drawer,
    people: dict[str, User],
    offices: dict[str, Office],
) -> None:
    drawer.put(CODE, listings()[0])
    walk = Walk(people["contributor"], CODE)
    assert "Xin lại giấy hẹn" in walk.browser.get("/thu-tuc/").content.decode()
    sheet = walk.browser.get(f"/thu-tuc/{CODE}/").content.decode()
    assert "Giấy hẹn cũ" in sheet
    assert "chưa kiểm chứng" in sheet
    asked = walk.browser.get(
        f"/thu-tuc/{CODE}/tu-kiem-tra/", {"has_result": "khong", "_shown": "has_result", "_action": "next"}
    )
    assert "Chưa nhận kết quả thì được cấp lại." in asked.content.decode()

    answers = {
        "why": "hong",
        "received_on": "2017-05-02",
        "result_delivery": "office",
        "representative": False,
    }
    walk.fill_in({**PERSON, **answers})
    assert walk.dossier.confirmed_warnings == ["old_slip"]
    assert walk.hand_in() == {"giay_hen_cu"}
    walk.sign()
    dispatch.deliver(Dispatch.objects.get(filing__dossier=walk.pk).pk)
    assert queue("ha-noi", offices) == [walk.pk]
    assert walk.dossier.due_on == promised(walk.dossier)[1]
