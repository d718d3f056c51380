"""The pages of the rates: the same figures on the page and in every file, and no list but the own."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pypdf
import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import User
from portal.statistics import exports, tables
from procedures.models import Dossier
from procedures.selectors.statistics.dossiers import PAGE, NotYours, dossiers_behind
from procedures.selectors.statistics.extent import ANNEX, Extent, Level
from procedures.selectors.statistics.table import rate_table
from tests import makers
from tests.statistics.annex_facts import load, printed_annex

pytestmark = pytest.mark.django_db

PERIOD = {"tu": "01/01/2019", "den": "31/08/2019"}
RATES, LIST = "/ty-le/", "/ty-le/ho-so/"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def desk(hq: User) -> Client:
    return browser(hq)


def text_of_pdf(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


@pytest.mark.usefixtures("annex_counts")
def test_page_csv_xlsx_and_pdf_have_the_figures_of_the_annex(desk: Client) -> None:
    page = desk.get(RATES, PERIOD).content.decode()
    given = {kind: desk.get(f"{RATES}xuat/{kind}/", PERIOD).content for kind in ("csv", "xlsx", "pdf")}
    lines = list(csv.reader(io.StringIO(given["csv"].decode("utf-8-sig"))))
    assert [tuple(line) for line in lines[1:64]] == printed_annex()
    sheet = load_workbook(io.BytesIO(given["xlsx"])).active
    in_book = [tuple(row) for row in sheet.iter_rows(values_only=True)]
    printed = text_of_pdf(given["pdf"])
    for row in (*printed_annex(), ("", "Toàn quốc", "1.545.438", "4.177.524", "36,99%")):
        assert (row[0] or None, *row[1:]) in [(line[0] or None, *line[1:5]) for line in in_book]
        for figure in row[2:]:
            assert figure in page
            assert figure in printed


def rows_on(page: str) -> list[tuple[str, ...]]:
    """(place, name, electronic, all, rate) of every row of the table, as a reader sees them."""
    table = page.partition('<table class="table rates">')[2].partition("</table>")[0]
    rows = [
        [
            unescape(re.sub("<[^>]+>", "", cell)).strip()
            for cell in re.findall(r"(?s)<t[dh]\b.*?</t[dh]>", row)
        ]
        for row in table.split("<tr")[2:]
    ]
    return [(place, name, electronic, total, rate) for place, name, electronic, *_, total, rate in rows]


@pytest.mark.usefixtures("annex_counts")
def test_page_command_and_exports_give_the_same_bytes_of_figures(
    desk: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    on_page = rows_on(desk.get(RATES, PERIOD).content.decode())
    exported = desk.get(f"{RATES}xuat/csv/", PERIOD).content.decode("utf-8-sig")
    call_command("annex", "--csv")
    commanded = capsys.readouterr().out
    book = load_workbook(io.BytesIO(desk.get(f"{RATES}xuat/xlsx/", PERIOD).content)).active
    in_book = [tuple(cell or "" for cell in row) for row in book.iter_rows(values_only=True)]
    assert commanded.encode() == exported.replace("\r\n", "\n").encode()
    lines = [tuple(line) for line in csv.reader(io.StringIO(exported))]
    assert on_page == lines[1:]
    assert len(on_page) == 64
    start = in_book.index(lines[0])
    assert in_book[start : start + 65] == lines


def test_the_same_table_gives_the_same_bytes(annex_counts: None) -> None:
    sheet = tables.sheet_of(rate_table(ANNEX))
    for made in exports.FORMATS.values():
        assert made.make(sheet) == made.make(sheet)
    book = zipfile.ZipFile(io.BytesIO(exports.as_xlsx(sheet)))
    assert {entry.date_time[0] for entry in book.infolist()} == {1980}


@pytest.mark.usefixtures("annex_counts")
def test_the_page_costs_the_same_few_queries_for_63_offices(
    desk: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    desk.get(RATES, PERIOD)
    with django_assert_max_num_queries(9):  # session and account; two for the table
        desk.get(RATES, PERIOD)


def test_every_number_opens_the_list_it_counted(offices: Any, hq: User) -> None:
    load(1000)
    for extent in (ANNEX, Extent(first=date(2019, 3, 5), last=date(2019, 6, 2), procedure="tu_tuat")):
        for level in (Level.OFFICE, Level.REGION, Level.PROCEDURE, Level.MONTH, Level.COUNTRY):
            table = rate_table(extent.at_level(level))
            for row in (*table.rows[::9], table.total):
                for channel in ("", "electronic", "counter", "post"):
                    number = row.count.total if not channel else getattr(row.count, channel)
                    assert dossiers_behind(hq, table.extent, row.key, channel).number == number


def test_a_list_is_walked_page_by_page_and_shows_each_dossier_once(offices: Any, hq: User) -> None:
    load(1000)
    seen: list[int] = []
    after = None
    while True:
        page = dossiers_behind(hq, ANNEX.at_level(Level.REGION), "mien-trung", "counter", after)
        assert len(page.dossiers) <= PAGE
        seen += [dossier.pk for dossier in page.dossiers]
        after = page.next
        if after is None:
            break
    assert len(seen) == len(set(seen)) == page.number
    assert {one.channel for one in Dossier.objects.filter(pk__in=seen)} == {"counter"}


def test_the_list_names_dossiers_and_nobody(contributor: User, desk: Client) -> None:
    dossier = makers.queued(contributor)
    today = timezone.localdate()
    asked = {"tu": f"{today:%d/%m/%Y}", "den": f"{today:%d/%m/%Y}", "hang": "ha-noi", "kenh": "electronic"}
    page = desk.get(LIST, asked)
    content = page.content.decode()
    assert "1 hồ sơ điện tử: BHXH Tp. Hà Nội" in content
    assert dossier.reference in content
    assert contributor.full_name not in content
    assert contributor.login not in content


def test_an_officer_opens_the_own_offices_list_and_no_other(
    contributor: User, officer: User, officer_elsewhere: User
) -> None:
    makers.queued(contributor)
    today = timezone.localdate()
    asked = {"tu": f"{today:%d/%m/%Y}", "den": f"{today:%d/%m/%Y}", "hang": "ha-noi"}
    own = browser(officer).get(LIST, asked)
    assert own.status_code == 200
    assert "/can-bo/" in own.content.decode()
    assert browser(officer_elsewhere).get(LIST, asked).status_code == 404
    assert browser(officer).get(LIST, {**asked, "hang": "toan-quoc"}).status_code == 404
    assert browser(officer).get(LIST, {**asked, "muc": "ca-nuoc", "hang": "toan-quoc"}).status_code == 404
    page = browser(officer).get(RATES, asked).content.decode()
    assert page.count("ho-so/?") == 2  # electronic and all of Hà Nội


def test_issuers_and_citizens_open_no_list(contributor: User, issuer: User) -> None:
    makers.queued(contributor)
    today = timezone.localdate()
    extent = Extent(first=today, last=today)
    for viewer in (issuer, contributor):
        with pytest.raises(NotYours):
            dossiers_behind(viewer, extent, "ha-noi")
    assert browser(contributor).get(RATES).status_code == 404
    assert browser(issuer).get(RATES).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        {"tu": "hôm qua"},
        {"tu": "31/12/2019", "den": "01/01/2019"},
        {"tu": "01/01/1900", "den": "31/12/2100"},
        {"muc": "xyz", "chuoi": "'; DROP TABLE", "nhin": "\x00"},
    ],
)
def test_what_can_not_be_read_is_said_and_the_usual_shown(desk: Client, query: dict[str, str]) -> None:
    response = desk.get(RATES, query)
    assert response.status_code == 200
    assert "error-summary" in response.content.decode()


@pytest.mark.parametrize("query", [{}, {"hang": "khong-co"}, {"hang": "ha-noi", "kenh": "fax"}])
def test_a_list_of_nothing_is_not_found(desk: Client, query: dict[str, str]) -> None:
    assert desk.get(LIST, query).status_code == 404


def test_a_mangled_cursor_shows_the_first_page(desk: Client) -> None:
    for cursor in ("x", "ha-noi_2019-01-01_1", "ha-noi_9999-99-99T00:00:00+07:00_1", "_" * 200):
        assert desk.get(LIST, {**PERIOD, "hang": "ha-noi", "sau": cursor}).status_code == 200
