"""Which office is competent, and what is said when it can't be told."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from procedures.catalogue import procedure_on
from procedures.domain.errors import UnknownOffice
from procedures.domain.routing import Routing, competent_office

DAY = date(2019, 8, 20)
OFFICES = {"01": "ha-noi", "79": "ho-chi-minh"}


def route(code: str, **answers: Any) -> Routing:
    return competent_office(procedure_on(code, DAY), answers, OFFICES.get)


@pytest.mark.parametrize(
    ("code", "answers", "office", "question"),
    [
        ("bhxh_mot_lan", {"address": {"province": "01"}}, "ha-noi", "address"),
        (
            "tro_cap_dinh_cu",
            {"address": {"province": "01"}, "paying_province": "ho-chi-minh"},
            "ho-chi-minh",
            "paying_province",
        ),
        (
            "tu_tuat",
            {"address": {"province": "01"}, "deceased_status": "bao_luu_tu_nguyen"},
            "ha-noi",
            "address",
        ),
        (
            "tu_tuat",
            {
                "address": {"province": "01"},
                "deceased_status": "dang_huong",
                "office_choice": "noi_chi_tra",
                "paying_province": "ho-chi-minh",
            },
            "ho-chi-minh",
            "paying_province",
        ),
        (
            "huong_tiep",
            {"address": {"province": "79"}, "last_paying_province": "ha-noi"},
            "ho-chi-minh",
            "address",
        ),
        ("tro_cap_qd91_613", {"address": {"province": "01"}}, "ha-noi", "address"),
        (
            "tro_cap_nha_giao",
            {"address": {"province": "01"}, "paying_province": "ho-chi-minh"},
            "ho-chi-minh",
            "paying_province",
        ),
    ],
)
def test_the_competent_office(code: str, answers: dict[str, Any], office: str, question: str) -> None:
    found = route(code, **answers)
    assert (found.office_key, found.question) == (office, question)
    assert found.words
    assert found.basis.source
    assert found.onward_office_key is None


def test_a_paying_place_of_a_changed_branch_no_longer_routes() -> None:
    found = route(
        "tu_tuat",
        address={"province": "01"},
        deceased_status="bao_luu_tu_nguyen",
        office_choice="noi_chi_tra",
        paying_province="ho-chi-minh",
    )
    assert found.office_key == "ha-noi"


def test_a_move_goes_to_the_origin_and_on_to_the_destination() -> None:
    found = route("di_chuyen", paying_province="ha-noi", new_address={"province": "79"})
    assert (found.office_key, found.onward_office_key) == ("ha-noi", "ho-chi-minh")


def test_a_move_inside_one_province_is_refused() -> None:
    with pytest.raises(UnknownOffice, match="trùng") as refused:
        route("di_chuyen", paying_province="ha-noi", new_address={"province": "01"})
    assert refused.value.question == "new_address"


@pytest.mark.parametrize(
    ("code", "answers", "question"),
    [
        ("bhxh_mot_lan", {}, "address"),
        ("bhxh_mot_lan", {"address": {"street": "1 Tràng Thi"}}, "address"),
        ("bhxh_mot_lan", {"address": "01"}, "address"),
        ("bhxh_mot_lan", {"address": {"province": "99"}}, "address"),
        ("bhxh_mot_lan", {"address": {"province": 1}}, "address"),
        ("tro_cap_dinh_cu", {"address": {"province": "01"}}, "paying_province"),
        ("di_chuyen", {"paying_province": "ha-noi"}, "new_address"),
    ],
)
def test_what_keeps_the_office_unknown_is_named(code: str, answers: dict[str, Any], question: str) -> None:
    with pytest.raises(UnknownOffice) as refused:
        route(code, **answers)
    assert refused.value.question == question
    assert refused.value.message


def test_without_any_route_the_filer_is_told_so() -> None:
    procedure = replace(procedure_on("bhxh_mot_lan", DAY), routes=())
    with pytest.raises(UnknownOffice):
        competent_office(procedure, {}, OFFICES.get)
