"""A step as a form: what is open, what opened, rows, walls, and nothing typed ever lost."""

from dataclasses import replace
from typing import Any

import pytest
from django.http import QueryDict

from procedures import catalogue
from procedures.domain.definition import Procedure, Question
from procedures.forms.actions import Action, changes, retyped
from procedures.forms.builder import SHOWN, StepForm
from procedures.services.calendar import legal_date
from tests.procedures.forms.probes import PROBES

HISTORY = {
    "history-0-from_month": "1/2012",
    "history-0-to_month": "12/2013",
    "history-0-wage_kind": "employer",
    "history-0-monthly_wage": "4.000.000",
}


@pytest.fixture
def lump_sum() -> Procedure:
    return catalogue.procedure_on("bhxh_mot_lan", legal_date())


def typed(values: dict[str, Any]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data[name] = value
    return data


def form_of(
    procedure: Procedure,
    step: str,
    values: dict[str, Any],
    answers: dict[str, Any] | None = None,
    **options: Any,
) -> StepForm:
    return StepForm(procedure, procedure.step(step), answers or {}, typed(values), **options)


def open_names(form: StepForm) -> set[str]:
    return {item.question.name for item in form.items if item.fields}


def test_a_question_is_asked_only_when_its_condition_holds(lump_sum: Procedure) -> None:
    form = StepForm(lump_sum, lump_sum.step("ly_do"), {"reason": "dinh_cu"})

    assert "settlement_paper" in open_names(form)
    assert "left_on" not in open_names(form)


def test_a_question_that_has_just_opened_is_asked_for_kindly(lump_sum: Procedure) -> None:
    shown = "reason army_regional_allowance"
    values = {"reason": "sau_mot_nam", "army_regional_allowance": "khong", SHOWN: shown}
    form = form_of(lump_sum, "ly_do", values)

    assert not form.is_valid()
    assert not form.has_errors
    assert [field.name for field in form.opened] == ["left_on", "contributes_again"]


def test_without_the_list_of_shown_fields_everything_open_is_required(lump_sum: Procedure) -> None:
    form = form_of(lump_sum, "ly_do", {"reason": "sau_mot_nam", "army_regional_allowance": "khong"})

    assert not form.is_valid()
    assert set(form.errors) == {"left_on", "contributes_again"}


def test_answers_come_in_stored_form_and_closed_questions_lose_theirs(lump_sum: Procedure) -> None:
    values = {
        "reason": "sau_mot_nam",
        "left_on": "31/8/2016",
        "contributes_again": "khong",
        "army_regional_allowance": "khong",
        "disease": "ung_thu",
    }
    form = form_of(lump_sum, "ly_do", values)

    assert form.is_valid(), form.errors
    assert form.answers["left_on"] == "2016-08-31"
    assert form.answers["contributes_again"] is False
    assert form.answers["disease"] is None


def test_unfinished_work_is_kept_when_it_can_be_read(lump_sum: Procedure) -> None:
    form = form_of(lump_sum, "nguoi_nop", {"full_name": "Hằng"}, is_lenient=True)

    assert form.is_valid()
    assert form.answers["full_name"] == "Hằng"
    assert not form_of(lump_sum, "nguoi_nop", {"birth_date": "hôm qua"}, is_lenient=True).is_valid()


def test_an_address_offers_the_places_within_the_chosen_one(lump_sum: Procedure) -> None:
    values = {"address-province": "79", "address-district": "001", "address-commune": "00001"}
    form = form_of(lump_sum, "nguoi_nop", values)

    districts = dict(form.fields["address-district"].choices)  # type: ignore[attr-defined]
    assert "760" in districts
    assert "001" not in districts
    assert not form.is_valid()
    assert "address-district" in form.errors


def test_half_an_address_is_none(lump_sum: Procedure) -> None:
    form = form_of(lump_sum, "nguoi_nop", {"address-province": "01"}, is_lenient=True)

    assert form.is_valid()
    assert form.answers["address"] is None


def test_rows_are_read_and_blank_ones_dropped(lump_sum: Procedure) -> None:
    blank = {"history-1-from_month": "", "history-1-to_month": " ", "history-1-wage_kind": "employer"}
    form = form_of(lump_sum, "qua_trinh", {**HISTORY, **blank})

    assert form.is_valid(), [row.errors for row in form.all_forms]
    assert form.answers["history"] == [
        {"from_month": "2012-01", "to_month": "2013-12", "wage_kind": "employer", "monthly_wage": 4_000_000}
    ]


def test_a_row_with_nothing_but_a_choice_is_a_row(offices: object) -> None:
    survivors = catalogue.procedure_on("tu_tuat", legal_date())
    answers = {"deceased_status": "dang_huong"}
    values = {"claim": "hang_thang", "relatives-0-relative_name": "", "relatives-0-relation": "con"}
    form = form_of(survivors, "che_do", values, answers)

    assert not form.is_valid()
    assert "relative_name" in form.tables["relatives"][0].errors


def test_a_required_table_needs_a_row(lump_sum: Procedure) -> None:
    form = form_of(lump_sum, "qua_trinh", {"history-0-from_month": ""})

    assert not form.is_valid()
    assert "ít nhất một giai đoạn" in form.errors["history"][0]


def test_a_row_error_stands_in_its_row(lump_sum: Procedure) -> None:
    form = form_of(lump_sum, "qua_trinh", {**HISTORY, "history-0-monthly_wage": "1e9"})

    assert not form.is_valid()
    assert list(form.tables["history"][0].errors) == ["monthly_wage"]


def test_more_rows_than_allowed_are_kept_and_refused(lump_sum: Procedure) -> None:
    question = lump_sum.question("history")
    values = {}
    for index in range(question.max_rows + 1):
        values |= {name.replace("-0-", f"-{index}-"): value for name, value in HISTORY.items()}
    form = form_of(lump_sum, "qua_trinh", values)

    assert not form.is_valid()
    assert "Nhiều nhất 60 giai đoạn" in str(form.errors["history"])
    assert len(form.tables["history"]) == question.max_rows + 1


def test_a_new_row_begins_with_the_choice_above_and_judges_nothing(lump_sum: Procedure) -> None:
    step = lump_sum.step("qua_trinh")
    data = retyped(typed({**HISTORY, "history-0-to_month": "xyz"}), step, Action("add", "history"))
    form = StepForm(lump_sum, step, {}, data, is_judged=False)

    assert not form.has_errors
    first, second = form.tables["history"]
    assert first["to_month"].value() == "xyz"
    assert second["wage_kind"].value() == "employer"
    assert "monthly_wage" in second.fields


def test_a_removed_row_takes_nothing_else_with_it(lump_sum: Procedure) -> None:
    step = lump_sum.step("qua_trinh")
    two = {**HISTORY, **{name.replace("-0-", "-1-"): value for name, value in HISTORY.items()}}
    two["history-1-from_month"] = "1/2015"
    form = StepForm(
        lump_sum, step, {}, retyped(typed(two), step, Action("remove", "history", 0)), is_judged=False
    )

    assert [row["from_month"].value() for row in form.tables["history"]] == ["1/2015"]


def test_a_wall_stands_in_the_row_that_breaks_it(lump_sum: Procedure) -> None:
    values = {**HISTORY, "history-0-from_month": "12/2014"}
    form = form_of(lump_sum, "qua_trinh", values)

    assert not form.is_valid()
    assert "Tháng bắt đầu sau tháng kết thúc" in form.tables["history"][0].errors["to_month"][0]


def test_a_warning_is_no_error(lump_sum: Procedure) -> None:
    values = {
        "payment_method": "account",
        "bank": "970436",
        "account_number": "0123456789",
        "account_holder": "TRAN VAN BA",
        "result_delivery": "office",
    }
    form = form_of(lump_sum, "nhan_tien", values, {"full_name": "Nguyễn Thị Hằng"})

    assert form.is_valid(), form.errors


def test_a_question_that_opens_is_filled_with_what_is_known(lump_sum: Procedure) -> None:
    step = lump_sum.step("nhan_tien")
    answers = {"full_name": "Nguyễn Thị Hằng"}
    form = StepForm(lump_sum, step, answers, typed({"payment_method": "account"}), is_judged=False)

    assert form["account_holder"].value() == "Nguyễn Thị Hằng"


def test_only_what_has_changed_is_swapped(lump_sum: Procedure) -> None:
    data = typed({"reason": "dinh_cu", SHOWN: "reason left_on contributes_again army_regional_allowance"})
    form = StepForm(lump_sum, lump_sum.step("ly_do"), {}, data, is_judged=False)
    changed = changes(form, Action("refresh"), "reason")

    assert {item.question.name for item in changed.items} == {
        "left_on",
        "contributes_again",
        "settlement_paper",
    }


@pytest.mark.parametrize("raw", ["", "next", "later", "refresh", "add:history", "remove:history:3"])
def test_the_pressed_button_is_understood(raw: str) -> None:
    assert Action.of(typed({"_action": raw})).verb == (raw.split(":", maxsplit=1)[0] or "next")


@pytest.mark.parametrize("raw", ["add:", "remove:history", "remove:history:1e9", "x" * 1000, "add:<b>"])
def test_a_mangled_button_is_the_main_one(raw: str) -> None:
    assert Action.of(typed({"_action": raw})).verb == "next"


def every_step() -> list[tuple[str, str]]:
    return [(p.code, step.name) for p in catalogue.procedures_on(legal_date()) for step in p.steps]


@pytest.mark.parametrize(("code", "name"), every_step())
def test_every_step_of_every_procedure_bears_whatever_is_typed(code: str, name: str, offices: object) -> None:
    procedure = catalogue.procedure_on(code, legal_date())
    step = replace(procedure.step(name), questions=_all_open(procedure.step(name).questions))
    everything = replace(procedure, steps=(step,), rules=procedure.rules)
    for probe in PROBES.values():
        for options in ({}, {"is_judged": False}, {"is_lenient": True}):
            values = typed(dict.fromkeys(_fields(step.questions), probe))
            form = StepForm(everything, step, {}, values, **options)
            form.is_valid()
            shown = {field.html_name: field.value() for item in form.items for field in item.fields}
            assert all(value in (probe, None, "") for value in shown.values())


def _all_open(questions: tuple[Question, ...]) -> tuple[Question, ...]:
    always = Question("x", "x").when
    return tuple(
        replace(question, when=always, columns=_all_open(question.columns)) for question in questions
    )


def _fields(questions: tuple[Question, ...], prefix: str = "") -> list[str]:
    names = []
    for question in questions:
        name = f"{prefix}{question.name}"
        parts = [f"{name}-{part}" for part in ("province", "district", "commune", "street")]
        names += [name, *parts, *_fields(question.columns, f"{name}-0-")]
    return names
