"""The register finds procedures by itself and keeps editions apart."""

import importlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from procedures import catalogue
from procedures.domain.answers import applicable_steps
from procedures.domain.completeness import documents_for, missing_answers, missing_documents
from procedures.domain.deadlines import promised_limit
from procedures.domain.errors import UnknownProcedure
from procedures.domain.routing import competent_office
from procedures.domain.sheet import sheet

DAY = date(2019, 8, 20)

EIGHTH = '''
"""8. Cấp lại giấy hẹn (a procedure that exists only in this test)."""

from datetime import date

from procedures.domain.conditions import When
from procedures.domain.definition import (
    Basis, Branch, Copy, Deadline, Document, Kind, Procedure, Question, Refusal, Result, Route, Step, Unit,
    branch_choices,
)
from procedures.domain.questions import PERSON_STEP, choice

LAW = Basis("Quy định của riêng bài kiểm thử này", "Điều 1")

BRANCHES = (
    Branch("mat", "Làm mất", "Không còn giấy", LAW, When("why", "mat")),
    Branch("hong", "Bị hỏng", "Giấy rách, mờ", LAW, When("why", "hong")),
)

PROCEDURE = Procedure(
    code="cap_lai_giay_hen", edition="2019", valid_from=date(2019, 8, 1), valid_to=None, order=8,
    name="Cấp lại giấy hẹn", plain_name="Xin lại giấy hẹn", summary="Cấp lại giấy hẹn bị mất, bị hỏng.",
    legal_basis=(LAW,), who_may_file="Người có giấy hẹn", who_basis=LAW, branches=BRANCHES,
    steps=(
        PERSON_STEP,
        Step(
            name="ly_do",
            title="Lý do",
            questions=(
                choice("why", "Vì sao cần cấp lại?", branch_choices(BRANCHES), LAW),
                Question("lost_on", "Ngày mất", Kind.DATE, when=When("why", "mat"), basis=LAW),
            ),
        ),
    ),
    documents=(Document("giay_cu", "Giấy hẹn cũ", Copy.ORIGINAL, LAW, when=When("why", "hong")),),
    deadlines=(Deadline(2, Unit.WORKING_DAY, LAW),),
    routes=(Route("address", "Nơi cư trú", LAW),), agency="BHXH nơi cư trú", agency_basis=LAW,
    results=(Result("Giấy hẹn", LAW),), refusals=(Refusal("khong_co", "Không có giấy hẹn.", LAW),),
    form="14-HSB",
)
'''


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


@pytest.fixture
def extra_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder the package also looks into, as if the file had been dropped into catalogue/."""
    monkeypatch.setattr(catalogue, "__path__", [*catalogue.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    return tmp_path


def test_an_eighth_procedure_is_one_new_file(extra_folder: Path) -> None:
    assert EIGHTH.count("\n") <= 120
    (extra_folder / "cap_lai_giay_hen.py").write_text(EIGHTH, encoding="utf-8")
    register = catalogue.discover()
    eighth = register.procedure_on("cap_lai_giay_hen", DAY)
    assert [procedure.order for procedure in register.procedures_on(DAY)] == [1, 2, 3, 4, 5, 6, 7, 8]

    answers = {"why": "hong", "address": {"province": "01"}}
    assert [step.name for step in applicable_steps(eighth, answers)] == ["nguoi_nop", "ly_do"]
    assert [need.document.code for need in documents_for(eighth, answers)] == ["giay_cu"]
    assert missing_documents(eighth, answers, ["giay_cu"]) == []
    assert "lost_on" not in {gap.question.name for gap in missing_answers(eighth, answers)}
    assert promised_limit(eighth, answers).value == 2
    assert competent_office(eighth, answers, {"01": "ha-noi"}.get).office_key == "ha-noi"
    assert "Cấp lại giấy hẹn" in sheet(eighth)


def test_a_module_may_hold_several_editions(extra_folder: Path) -> None:
    two = EIGHTH.replace("cap_lai_giay_hen", "hai_phien_ban").replace("PROCEDURE =", "FIRST =") + (
        "\nfrom dataclasses import replace\n"
        "EDITIONS = (replace(FIRST, valid_to=date(2019, 12, 31)),\n"
        "    replace(FIRST, edition='2020', valid_from=date(2020, 1, 1)))\n"
    )
    (extra_folder / "hai_phien_ban.py").write_text(two, encoding="utf-8")
    register = catalogue.discover()
    assert register.procedure_on("hai_phien_ban", date(2019, 12, 31)).edition == "2019"
    assert register.procedure_on("hai_phien_ban", date(2020, 1, 1)).edition == "2020"


def test_a_file_without_a_procedure_is_refused(extra_folder: Path) -> None:
    (extra_folder / "nothing_here.py").write_text("", encoding="utf-8")
    with pytest.raises(ValueError, match="PROCEDURE"):
        catalogue.discover()
