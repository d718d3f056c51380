"""The register finds procedures by itself and keeps editions apart."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from procedures import catalogue
from procedures.domain.answers import applicable_steps
from procedures.domain.completeness import missing_answers
from procedures.domain.errors import UnknownProcedure
from procedures.domain.sheet import sheet
from tests.procedures.catalogue.eighth import CODE, HOW_TO, Drawer, listings

DAY = date(2019, 8, 20)


def test_the_seven_are_listed_in_the_order_of_the_letter() -> None:
    assert [procedure.order for procedure in catalogue.procedures_on(DAY)] == [1, 2, 3, 4, 5, 6, 7]


def test_the_teachers_procedure_ended_when_its_decree_was_replaced() -> None:
    assert catalogue.procedure_on("tro_cap_nha_giao", date(2020, 3, 14)).edition == "2019"
    with pytest.raises(UnknownProcedure, match="15/03/2020"):
        catalogue.procedure_on("tro_cap_nha_giao", date(2020, 3, 15))
    assert catalogue.edition("tro_cap_nha_giao", "2019").code == "tro_cap_nha_giao"


def test_unknown_codes_and_editions_are_refused_in_vietnamese() -> None:
    with pytest.raises(UnknownProcedure, match="Không có thủ tục"):
        catalogue.procedure_on("khong_co", DAY)
    with pytest.raises(UnknownProcedure, match="phiên bản"):
        catalogue.edition("bhxh_mot_lan", "1900")


def test_editions_of_one_code_must_not_overlap() -> None:
    first = catalogue.procedure_on("bhxh_mot_lan", DAY)
    overlapping = replace(first, edition="2025", valid_from=date(2025, 6, 30), valid_to=None)
    with pytest.raises(ValueError, match="overlap"):
        catalogue.register_of([overlapping, first])
    with pytest.raises(ValueError, match="overlap"):
        catalogue.register_of([replace(first, valid_to=None), overlapping])


def test_each_edition_applies_on_its_own_days() -> None:
    first = catalogue.procedure_on("bhxh_mot_lan", DAY)
    second = replace(first, edition="2025", valid_from=date(2025, 7, 1), valid_to=None)
    register = catalogue.register_of([second, first])
    assert register.procedure_on(first.code, date(2025, 6, 30)) is first
    assert register.procedure_on(first.code, date(2025, 7, 1)) is second
    assert register.edition(first.code, "2019") is first
    assert register.procedures_on(date(2026, 1, 1)) == (second,)


def test_two_editions_need_two_names() -> None:
    first = catalogue.procedure_on("bhxh_mot_lan", DAY)
    with pytest.raises(ValueError, match="same name"):
        catalogue.register_of([first, replace(first, valid_from=date(2025, 7, 1), valid_to=None)])


def test_an_eighth_procedure_is_one_new_file(drawer: Drawer) -> None:
    file, its_test = listings()
    assert file.count("\n") <= 120
    register = drawer.put(CODE, file)
    assert [procedure.order for procedure in register.procedures_on(DAY)] == [1, 2, 3, 4, 5, 6, 7, 8]
    eighth = register.procedure_on(CODE, DAY)
    assert [step.name for step in applicable_steps(eighth, {"why": "hong"})] == [
        "nguoi_nop",
        "ly_do",
        "nhan_ket_qua",
        "nguoi_dai_dien",
    ]
    assert "lost_on" not in {gap.question.name for gap in missing_answers(eighth, {"why": "hong"})}
    assert "Cấp lại giấy hẹn" in sheet(eighth)
    written: dict[str, Any] = {}
    exec(compile(its_test, str(HOW_TO), "exec"), written)  # the test the how-to tells to write
    tests = [value for name, value in written.items() if name.startswith("test_")]
    assert tests
    for test in tests:
        test()


def test_a_module_may_hold_several_editions(drawer: Drawer) -> None:
    two = listings()[0].replace(CODE, "hai_phien_ban").replace("PROCEDURE =", "FIRST =") + (
        "\nfrom dataclasses import replace\n"
        "EDITIONS = (replace(FIRST, valid_to=date(2019, 12, 31)),\n"
        "    replace(FIRST, edition='2020', valid_from=date(2020, 1, 1)))\n"
    )
    register = drawer.put("hai_phien_ban", two)
    assert register.procedure_on("hai_phien_ban", date(2019, 12, 31)).edition == "2019"
    assert register.procedure_on("hai_phien_ban", date(2020, 1, 1)).edition == "2020"


def test_a_file_without_a_procedure_is_refused(drawer: Drawer) -> None:
    with pytest.raises(ValueError, match="PROCEDURE"):
        drawer.put("nothing_here", "")
