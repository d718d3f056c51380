"""Targets come with their document; gaps are dossiers and points; imported numbers never lose their source."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Office, User
from portal.statistics.forms import parse_rate
from procedures.domain.errors import DomainError
from procedures.models import ImportedCount, Target
from procedures.selectors.statistics.comparability import flags_of
from procedures.selectors.statistics.extent import ANNEX, Extent, Level, Series
from procedures.selectors.statistics.table import rate_table
from procedures.selectors.statistics.targets import (
    gaps_of,
    leverage_of,
    needed,
    points_text,
    targets_of,
    what_if,
)
from procedures.services.imported_counts import import_count, import_file
from procedures.services.targets import set_target, withdraw_target

pytestmark = pytest.mark.django_db

DUE = date(2019, 12, 31)
SOURCE = "Công văn 1/BHXH-TST ngày 01/9/2019"
FIELD = Extent(first=ANNEX.first, last=ANNEX.last, series=Series.FIELD)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_no_target_is_built_in(offices: dict[str, Office], hq: User) -> None:
    assert Target.objects.count() == 0
    assert "không ghi tỷ lệ" in browser(hq).get("/ty-le/chi-tieu/").content.decode()


def test_a_target_needs_a_document_and_a_rate(offices: dict[str, Office], hq: User) -> None:
    for value, source in (
        (Decimal(50), " "),
        (Decimal(0), SOURCE),
        (Decimal(101), SOURCE),
        (Decimal("50.125"), SOURCE),
    ):
        with pytest.raises(DomainError):
            set_target(hq, value=value, due_on=DUE, source=source, series=Series.SEVEN)
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.create(value=50, due_on=DUE, source="", series=Series.SEVEN)


@pytest.mark.usefixtures("annex_counts")
def test_the_gap_is_told_in_dossiers_and_points(offices: dict[str, Office], hq: User) -> None:
    set_target(hq, value=Decimal(50), due_on=DUE, source=SOURCE, series=Series.SEVEN)
    set_target(
        hq, value=Decimal("80.5"), due_on=DUE, source=SOURCE, series=Series.SEVEN, office=offices["tay-ninh"]
    )
    gaps = {gap.row.key: gap for gap in gaps_of(rate_table(ANNEX), targets_of(ANNEX))}
    binh_duong, tay_ninh = gaps["binh-duong"], gaps["tay-ninh"]
    assert (binh_duong.dossiers, binh_duong.points_text) == (472_932 - 211_366, "27,65")
    assert tay_ninh.target.value == Decimal("80.50")
    assert (tay_ninh.dossiers, tay_ninh.points_text) == (113_724 - 112_771, "0,67")
    assert gaps["ho-chi-minh"].is_reached
    assert next(iter(gaps.values())) == binh_duong  # most dossiers missing first


@pytest.mark.usefixtures("annex_counts")
def test_a_withdrawn_target_no_longer_counts(hq: User) -> None:
    target = set_target(hq, value=Decimal(50), due_on=DUE, source=SOURCE, series=Series.SEVEN)
    withdraw_target(target)
    assert gaps_of(rate_table(ANNEX), targets_of(ANNEX)) == []
    assert Target.objects.get().withdrawn_at


@pytest.mark.parametrize(
    ("rate", "total", "wanted"), [("50", 3, 2), ("33.33", 3, 1), ("100", 7, 7), ("0.01", 1, 1)]
)
def test_the_fewest_dossiers_that_make_a_rate(rate: str, total: int, wanted: int) -> None:
    assert needed(Decimal(rate), total) == wanted


@pytest.mark.usefixtures("annex_counts")
def test_what_binh_duong_alone_would_change() -> None:
    table = rate_table(ANNEX)
    answer = what_if(table, {"binh-duong": Decimal(50)})
    assert answer.after.total == 4_177_524
    assert answer.after.electronic == 1_545_438 - 211_366 + 472_932  # half of 945,863 is rounded up
    assert answer.points_text == "+6,26"
    assert leverage_of(table, Decimal(50))[0].row.key == "binh-duong"
    assert what_if(table, {"ho-chi-minh": Decimal(0)}).points_text.startswith("−")


@pytest.mark.usefixtures("annex_counts")
def test_the_page_answers_what_if_and_names_odd_denominators(hq: User) -> None:
    page = browser(hq).get("/ty-le/chi-tieu/", {"neu": "binh-duong", "dat": "50"}).content.decode()
    assert "43,26%" in page
    assert "22,64% số hồ sơ cả nước" in page
    flags = {flag.row.key: flag.words for flag in flags_of(rate_table(ANNEX))}
    assert "gấp 25 lần trung vị" in flags["binh-duong"]
    assert "141.272" in flags["ho-chi-minh"]
    assert "Không có hồ sơ điện tử nào trên 168.121" in flags["ha-noi"]
    assert "rất nhỏ" in flags["ha-giang"]
    assert flags_of(rate_table(ANNEX.at_level(Level.REGION))) == []


@pytest.mark.parametrize("typed", ["50", "50%", "50,00 %", " 50.0 "])
def test_rates_are_read_as_people_type_them(typed: str) -> None:
    assert parse_rate(typed) == 50


@pytest.mark.parametrize("typed", ["", "năm mươi", "101", "-1", "1e2", "50,123", "٥٠", "50,٥", "NaN"])
def test_what_is_no_rate_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="ỷ lệ"):
        parse_rate(typed)


def test_points_are_written_with_a_comma_and_a_real_minus() -> None:
    assert points_text(Decimal("-0.5"), with_sign=True) == "−0,50"


def test_the_page_sets_and_withdraws_targets_for_the_headquarters_only(
    offices: dict[str, Office], hq: User, officer: User
) -> None:
    given = {"office": "", "value": "72,5", "due_on": "31/12/2019", "series": "bay-thu-tuc", "source": SOURCE}
    assert browser(officer).post("/ty-le/chi-tieu/moi/", given).status_code == 404
    assert browser(hq).post("/ty-le/chi-tieu/moi/", {**given, "source": ""}).status_code == 200
    assert browser(hq).post("/ty-le/chi-tieu/moi/", given).status_code == 302
    target = Target.objects.get()
    assert (target.value, target.due_on, target.office) == (Decimal("72.50"), DUE, None)
    assert browser(officer).post(f"/ty-le/chi-tieu/{target.pk}/rut/").status_code == 404
    browser(hq).post(f"/ty-le/chi-tieu/{target.pk}/rut/")
    assert Target.objects.get().withdrawn_at
    assert browser(hq).post("/ty-le/chi-tieu/999/rut/").status_code == 404


@pytest.mark.usefixtures("annex_counts")
def test_imports_count_in_the_whole_field_only_and_in_a_column_of_their_own(
    offices: dict[str, Office], hq: User
) -> None:
    import_count(hq, office=offices["ha-noi"], month=date(2019, 7, 1), count=31_879, source=SOURCE)
    assert rate_table(ANNEX).total.count.total == 4_177_524
    hanoi = rate_table(FIELD).row_of("ha-noi")
    assert hanoi is not None
    assert (hanoi.count.imported, hanoi.count.total) == (31_879, 200_000)
    for level in Level:
        assert rate_table(FIELD.at_level(level)).total.count.total == 4_209_403
    page = browser(hq).get("/ty-le/", {"chuoi": "toan-linh-vuc"}).content.decode()
    assert "Giấy, nhập từ báo cáo" in page
    assert SOURCE in browser(hq).get("/ty-le/so-nhap/").content.decode()


def test_a_second_import_of_a_month_replaces_the_first_and_keeps_it(
    offices: dict[str, Office], hq: User
) -> None:
    for count in (10, 12):
        import_count(hq, office=offices["ha-noi"], month=date(2019, 7, 15), count=count, source=SOURCE)
    assert rate_table(FIELD).total.count.imported == 12
    assert ImportedCount.objects.count() == 2


def test_a_file_of_imports_is_taken_whole_or_not_at_all(offices: dict[str, Office]) -> None:
    good = "key,month,count\nha-noi,2019-03,5\nca-mau,4/2019,7\n"
    assert import_file(io.StringIO(good), SOURCE) == 2
    with pytest.raises(DomainError, match="Dòng 3"):
        import_file(io.StringIO("key,month,count\nha-noi,2019-05,5\nxyz,4/2019,7\n"), SOURCE)
    assert ImportedCount.objects.count() == 2


def test_the_list_behind_an_imported_number_says_that_these_are_no_dossiers(
    offices: dict[str, Office], hq: User
) -> None:
    import_count(hq, office=offices["ha-noi"], month=date(2019, 7, 1), count=9, source=SOURCE)
    asked = {
        "tu": "01/01/2019",
        "den": "31/08/2019",
        "chuoi": "toan-linh-vuc",
        "hang": "ha-noi",
        "kenh": "giay",
    }
    page = browser(hq).get("/ty-le/ho-so/", asked).content.decode()
    assert "0 hồ sơ" in page
    assert "9 hồ sơ giấy nhập từ báo cáo" in page
