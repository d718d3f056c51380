"""What people type becomes the stored form of an answer, or words at the field."""

from contextlib import suppress
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates
from django.template.loader import get_template
from pytest_django.asserts import assertHTMLEqual

from procedures.domain.definition import Choice, Kind, Question
from procedures.forms.fields import as_typed, field_for
from tests.procedures.forms.probes import PROBES

CHOICES = (Choice("mot", "Một", "Chỉ một"), Choice("hai", "Hai"))
CHOSEN = (Kind.CHOICE, Kind.YES_NO, Kind.BANK, Kind.PROVINCE)
KINDS = [kind for kind in Kind if kind not in (Kind.TABLE, Kind.ADDRESS)]


def clean(kind: Kind, typed: str, **options: Any) -> Any:
    return field_for(question(kind, **options)).clean(typed)


def question(kind: Kind, **options: Any) -> Question:
    return Question("asked", "Câu hỏi", kind, choices=CHOICES if kind is Kind.CHOICE else (), **options)


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        (Kind.TEXT, "  Công an\u00a0 Hà Nội ", "Công an Hà Nội"),
        (Kind.LONG_TEXT, "một\r\nhai\x00", "một\nhai"),
        (Kind.NAME, "H'Hen Niê", "H'Hen Niê"),
        (Kind.NAME, "Nguye\u0302\u0303n", "Nguyễn"),
        (Kind.NAME, "Y Moan Ênuôl", "Y Moan Ênuôl"),
        (Kind.DATE, "1/2/1960", "1960-02-01"),
        (Kind.DATE, "01021960", "1960-02-01"),
        (Kind.DATE, "1.2.1960", "1960-02-01"),
        (Kind.MONTH, "3/2015", "2015-03"),
        (Kind.MONTH, "032015", "2015-03"),
        (Kind.CHOICE, "hai", "hai"),
        (Kind.YES_NO, "co", True),
        (Kind.YES_NO, "khong", False),
        (Kind.INTEGER, "012", 12),
        (Kind.MONEY, "4.000.000 đ", 4_000_000),
        (Kind.DECIMAL, "3,33", "3.33"),
        (Kind.DECIMAL, "03", "3"),
        (Kind.IDENTITY_NUMBER, "001 160 000 018", "001160000018"),
        (Kind.IDENTITY_NUMBER, "011234567", "011234567"),
        (Kind.BHXH_NUMBER, "0119 000 001", "0119000001"),
        (Kind.PHONE, "+84 912 345 678", "0912345678"),
        (Kind.EMAIL, " hang@example.vn ", "hang@example.vn"),
        (Kind.BANK, "970436", "970436"),
        (Kind.BANK_ACCOUNT, "0123 4567 89", "0123456789"),
    ],
)
def test_an_answer_is_read_as_people_type_it(kind: Kind, typed: str, stored: object) -> None:
    assert clean(kind, typed) == stored


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        (Kind.NAME, "Nguy3n", "chữ cái"),
        (Kind.DATE, "31/02/2015", "không có ngày 31"),
        (Kind.MONTH, "13/2015", "tháng 13"),
        (Kind.CHOICE, "ba", "có sẵn"),
        (Kind.YES_NO, "true", "có sẵn"),
        (Kind.INTEGER, "1e9", "số nguyên"),
        (Kind.INTEGER, "１２", "số nguyên"),
        (Kind.MONEY, "1,5", "không có phần lẻ"),
        (Kind.MONEY, "-5", "số âm"),
        (Kind.DECIMAL, "3,3,3", "phần lẻ"),
        (Kind.IDENTITY_NUMBER, "12", "CMND"),
        (Kind.BHXH_NUMBER, "123", "10 chữ số"),
        (Kind.PHONE, "123", "10 chữ số"),
        (Kind.EMAIL, "hang@", "ten@example.vn"),
        (Kind.BANK, "000000", "có sẵn"),
        (Kind.BANK_ACCOUNT, "12", "6 đến 19"),
        (Kind.TEXT, "ă" * 201, "dài quá 200"),
        (Kind.LONG_TEXT, "ă" * 2001, "dài quá 2000"),
    ],
)
def test_what_cannot_be_read_is_answered_with_words(kind: Kind, typed: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        clean(kind, typed)


def test_a_date_that_has_not_come_is_refused_where_the_law_looks_back() -> None:
    with pytest.raises(ValidationError, match="chưa tới"):
        clean(Kind.DATE, "1/1/2090", not_future=True)
    with pytest.raises(ValidationError, match="chưa tới"):
        clean(Kind.MONTH, "1/2090", not_future=True)
    assert clean(Kind.DATE, "1/1/2090") == "2090-01-01"


def test_limits_of_a_number_are_said_as_numbers_are_written() -> None:
    with pytest.raises(ValidationError, match=r"không quá 1\.000\.000 đồng"):
        clean(Kind.MONEY, "2000000", maximum=1_000_000)
    with pytest.raises(ValidationError, match="từ 3 trở lên"):
        clean(Kind.INTEGER, "2", minimum=3)


def test_a_province_is_kept_as_its_office(offices: object) -> None:
    assert clean(Kind.PROVINCE, "ha-noi") == "ha-noi"
    with pytest.raises(ValidationError, match="có sẵn"):
        clean(Kind.PROVINCE, "01")


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_no_answer(kind: Kind, offices: object) -> None:
    assert clean(kind, "", required=False) is None
    with pytest.raises(ValidationError, match="Xin"):
        clean(kind, "")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in CHOSEN])
def test_what_cannot_be_seen_is_no_answer(kind: Kind) -> None:
    assert clean(kind, " \u200b\u00a0", required=False) is None


@pytest.mark.parametrize("probe", PROBES)
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_put_into_a_field_is_a_value_or_words(kind: Kind, probe: str, offices: object) -> None:
    field: forms.Field = field_for(question(kind, required=False))
    stored = None
    with suppress(ValidationError):
        stored = field.clean(PROBES[probe])
    assert stored is None or isinstance(stored, (str, int, bool))
    assert "\x00" not in str(stored)
    assert "\u202e" not in str(stored)


@pytest.mark.parametrize(
    ("kind", "stored", "typed"),
    [
        (Kind.DATE, "1960-02-01", "01/02/1960"),
        (Kind.MONTH, "2015-03", "03/2015"),
        (Kind.MONEY, 4_000_000, "4.000.000"),
        (Kind.DECIMAL, "3.33", "3,33"),
        (Kind.YES_NO, False, "khong"),
        (Kind.NAME, "H'Hen Niê", "H'Hen Niê"),
        (Kind.DATE, "not a date", "not a date"),
        (Kind.TEXT, None, ""),
    ],
)
def test_a_stored_answer_is_shown_as_people_type_it(kind: Kind, stored: object, typed: str) -> None:
    assert as_typed(kind, stored) == typed


def test_lists_are_written_like_djangos_own_though_faster() -> None:
    groups = [
        ("", "Chọn"),
        ("Miền Bắc", [("01", "Hà Nội"), ("02", "Hà “Giang” <x>")]),
        ("79", "TP. Hồ Chí Minh"),
    ]
    widget = forms.Select(attrs={"class": "in-20", "required": True}, choices=groups)
    context = widget.get_context("tinh", "02", {"id": "id_tinh"})
    ours = get_template("django/forms/widgets/select.html").render(context)
    theirs = DjangoTemplates().render("django/forms/widgets/select.html", context)
    assertHTMLEqual(ours, theirs)
    assert 'value="02" selected' in ours
