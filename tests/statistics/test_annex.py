"""The annex of 3040/BHXH-CNTT from dossier rows: loaded, counted, printed to the digit."""

import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from accounts.models import Office, User
from portal.lib.identifiers import parse_reference
from procedures.domain.lifecycle import OPEN
from procedures.models import Dossier
from procedures.selectors.definitions import procedure_of
from procedures.selectors.queue import ANY_STATUS, Wanted, dossier_in_office, queue_of
from procedures.selectors.statistics.extent import ANNEX, Extent, Level, View
from procedures.selectors.statistics.recount import recount
from procedures.selectors.statistics.table import rate_table, rate_text
from procedures.services import tallies
from procedures.services.annex import LAST_DAY, OfficeLoad, annex_rows
from procedures.services.annex_load import LoadRefused, load_annex
from tests import makers
from tests.statistics.annex_facts import facts, load, printed_annex

pytestmark = pytest.mark.django_db

Offices = dict[str, Office]


@pytest.mark.usefixtures("annex_counts")
def test_all_63_rows_are_those_of_the_annex_in_its_order_and_format() -> None:
    table = rate_table(ANNEX)
    assert [row.figures for row in table.rows] == printed_annex()
    assert table.total.figures == ("", "Toàn quốc", "1.545.438", "4.177.524", "36,99%")


@pytest.mark.usefixtures("annex_counts")
def test_the_table_costs_two_queries(django_assert_num_queries: Callable[..., Any]) -> None:
    with django_assert_num_queries(2):
        rate_table(ANNEX)


def test_the_loaded_numbers_are_those_of_the_facts() -> None:
    assert [(row.electronic, row.total) for row in annex_rows()] == [
        (int(line["electronic_2019"]), int(line["total_2019"])) for line in facts()
    ]


def test_a_named_load_is_searched_by_name_number_and_reference(offices: Offices, officer: User) -> None:
    load(1000, named=True)
    ours = Dossier.objects.filter(office=officer.office, search_text__gt="").order_by("pk")
    settled, waiting = ours.filter(decided_at__isnull=False)[0], ours.filter(status="queued")[0]
    for dossier, status in ((settled, ANY_STATUS), (waiting, "")):
        *name, number = dossier.search_text.split()[1:]
        for words in (number, str(dossier.reference)):
            found = queue_of(officer, Wanted(words=words, status=status)).dossiers
            assert [one.pk for one in found] == [dossier.pk]
        found = queue_of(officer, Wanted(words=" ".join(name), status=status)).dossiers
        assert all(set(name) <= set(Dossier.objects.get(pk=one.pk).search_text.split()) for one in found)
        assert found
    assert queue_of(officer, Wanted(words="9990000000", status=ANY_STATUS)).dossiers == []


def test_the_lines_of_an_office_add_up_to_its_row() -> None:
    hau_giang = next(row for row in annex_rows() if row.key == "hau-giang")
    office = OfficeLoad(hau_giang, 14, "093", 1)
    lines = b"".join(office.blocks()).decode().splitlines()
    references = [line.split("\t")[1] for line in lines]
    assert len(set(references)) == len(lines) == 54_706
    assert all(str(parse_reference(reference)) == reference for reference in references[::997])
    filed = [count for (_day, _procedure, channel, act), count in office.cells.items() if act == "file"]
    assert sum(filed) == 54_706
    assert 0.025 < sum(line.count("\tqueued\t") for line in lines) / len(lines) < 0.03


@pytest.mark.parametrize(
    ("electronic", "total", "text"),
    [
        (1, 800, "0,13%"),  # 0.125 goes up
        (3, 800, "0,38%"),  # 0.375 too: not to the even digit
        (67_000, 200_000_000, "0,03%"),
        (1_545_438, 4_177_524, "36,99%"),
        (0, 168_121, "0,00%"),
        (1, 1, "100,00%"),
        (0, 0, "–"),
    ],
)
def test_rates_are_rounded_half_up_in_decimals(electronic: int, total: int, text: str) -> None:
    assert rate_text(electronic, total) == text


def test_loaded_dossiers_are_counted_exactly_once(offices: Offices) -> None:
    load(1000)
    table = rate_table(ANNEX)
    rows = annex_rows(1000)
    assert table.total.count.total == sum(row.total for row in rows) == Dossier.objects.count()
    assert table.total.count.electronic == sum(row.electronic for row in rows)
    assert recount().mismatches == []
    assert Dossier.objects.latest("filed_at").filed_at.date() <= LAST_DAY


def test_a_load_that_was_stopped_goes_on_and_one_at_another_scale_is_refused(offices: Offices) -> None:
    load(2000)
    number = Dossier.objects.count()
    load(2000)
    assert Dossier.objects.count() == number
    with pytest.raises(LoadRefused):
        load(1000)


@pytest.mark.django_db(transaction=True)
def test_the_bare_twin_is_gone_after_a_comparison(offices: Offices) -> None:
    done = load_annex(2000, lambda progress: None, compare=True)
    assert done.bare_seconds > 0
    assert "annex_twin" not in connection.introspection.table_names()


def test_about_three_in_a_hundred_are_open_and_come_last_in_the_queue(
    offices: Offices, officer: User, contributor: User
) -> None:
    load(100)
    counted = dict(Dossier.objects.values_list("status").annotate(Count("pk")))
    assert 2 < Decimal(100 * sum(counted.get(status, 0) for status in OPEN)) / sum(counted.values()) < 3
    mine = makers.queued(contributor)
    page = queue_of(officer)
    assert page.dossiers[0].pk == mine.pk
    assert {dossier.due_on for dossier in page.dossiers[1:]} == {None}


def test_an_open_one_can_be_decided_like_any_other(offices: Offices, officer: User) -> None:
    load(1000)
    loaded = queue_of(officer).dossiers[0]
    dossier = dossier_in_office(officer, loaded.public_id)
    makers.refuse(dossier, officer, _ground(dossier))
    tallies.fold_all()
    assert recount().mismatches == []
    today = timezone.localdate()
    assert rate_table(Extent(first=today, last=today)).total.count.total == 0  # filed in 2019


def _ground(dossier: Dossier) -> str:
    return procedure_of(dossier).refusals[0].code


def test_the_command_prints_the_figures_of_the_table(
    annex_counts: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("annex", "--csv")
    lines = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert [tuple(line) for line in lines[1:64]] == printed_annex()
    call_command("annex")
    text = capsys.readouterr().out
    printed = [line.split() for line in text.splitlines()]
    assert ["24", "BHXH", "Tỉnh", "Bình", "Dương", "211.366", "945.863", "22,35%"] in printed
    assert "Hồ sơ nộp từ 01/01/2019 đến 31/08/2019" in text


def test_any_days_are_counted_exactly_across_months(offices: Offices) -> None:
    load(1000)
    first, last = date(2019, 2, 14), date(2019, 5, 6)
    by_rows = Dossier.objects.filter(filed_at__date__gte=first, filed_at__date__lte=last).count()
    for level in Level:
        table = rate_table(Extent(first=first, last=last, level=level))
        assert table.total.count.total == by_rows


def test_the_levels_and_months_agree_in_their_totals(annex_counts: None) -> None:
    for level in Level:
        for view in View:
            table = rate_table(Extent(first=ANNEX.first, last=ANNEX.last, level=level, view=view))
            assert table.total.count.total == 4_177_524
    regions = rate_table(ANNEX.at_level(Level.REGION))
    assert len(regions.rows) == 6
    assert [row.place for row in regions.rows] == [1, 2, 3, 4, 5, 6]
    assert len(rate_table(ANNEX.at_level(Level.MONTH)).rows) == 8
    assert len(rate_table(ANNEX.at_level(Level.PROCEDURE)).rows) == 7
