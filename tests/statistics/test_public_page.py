"""The public page and its data: open to all, kept by caches, and telling of nobody."""

import csv
import io
import json
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Office, User
from portal.statistics.public import SCHEMA
from procedures.models import MonthTally
from procedures.selectors.statistics.counts import NONE, Count
from procedures.selectors.statistics.open_data import is_small, merged_offices, published_months
from tests.statistics.annex_facts import load

PAGE, JSON, CSV = "/ty-le/cong-khai/", "/ty-le/cong-khai/2019.json", "/ty-le/cong-khai/2019.csv"

counts_of_a_month = st.dictionaries(
    st.sampled_from([f"o{number}" for number in range(12)]),
    st.builds(Count, electronic=st.integers(0, 12), counter=st.integers(0, 12), post=st.integers(0, 2)),
    min_size=1,
)


@given(counts_of_a_month)
def test_no_line_and_no_difference_of_lines_tells_of_one_to_four(counts: dict[str, Count]) -> None:
    country = sum(counts.values(), NONE)
    if is_small(country):
        return  # then nothing at all is published
    together = merged_offices(counts)
    told = sum((count for key, count in counts.items() if key not in together), NONE)
    rest = Count(country.electronic - told.electronic, country.paper - told.paper)
    assert not any(is_small(count) for key, count in counts.items() if key not in together)
    assert not is_small(rest)
    assert len(together) != 1


def test_one_small_office_takes_another_with_it() -> None:
    counts = {"a": Count(electronic=3, counter=50), "b": Count(7, 40), "c": Count(900, 900)}
    assert merged_offices(counts) == {"a", "b"}


def test_nothing_small_merges_nothing() -> None:
    assert merged_offices({"a": Count(0, 168_121), "b": Count(5, 5)}) == set()


@pytest.mark.django_db
def test_everybody_opens_the_page_without_any_data_and_with_it(offices: dict[str, Office]) -> None:
    assert "Chưa có số liệu" in Client().get(PAGE).content.decode()
    load(1000)
    page = Client().get(PAGE).content.decode()
    assert "Từng cơ quan, tháng 08/2019" in page
    assert "Các cơ quan được gộp" in page


@pytest.mark.django_db
def test_the_published_months_add_up_to_the_country(offices: dict[str, Office]) -> None:
    load(1000)
    months = published_months(2019)
    assert len(months) == 8
    for month in months:
        rows = [*month.offices, *([month.merged] if month.merged else [])]
        assert month.country is not None
        assert sum((row.count for row in rows), NONE).total == month.country.count.total
        assert not any(is_small(row.count) for row in rows)


@pytest.mark.django_db
def test_a_month_with_too_few_in_the_whole_country_is_left_out(offices: dict[str, Office]) -> None:
    MonthTally.objects.create(
        office=offices["ha-noi"],
        month=date(2019, 3, 1),
        procedure="tu_tuat",
        channel="post",
        event="file",
        count=3,
    )
    [month] = published_months(2019)
    assert (month.country, month.offices, month.merged) == (None, (), None)
    assert json.loads(Client().get(JSON).content)["months"][0]["country"] is None


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """As much of JSON Schema as ours uses."""
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "null": type(None)}
    names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not isinstance(value, tuple(kinds[name] for name in names)):
        return False
    if isinstance(value, dict):
        inner = schema.get("properties", {})
        is_complete = set(schema.get("required", ())) <= set(value)
        is_closed = schema.get("additionalProperties", True) or set(value) <= set(inner)
        return (
            is_complete and is_closed and all(fits(value[key], inner[key]) for key in inner if key in value)
        )
    if isinstance(value, list):
        return all(fits(item, schema["items"]) for item in value)
    if isinstance(value, str):
        return re.search(schema.get("pattern", ""), value) is not None
    return value is None or value >= schema.get("minimum", value)


@pytest.mark.django_db
def test_the_json_fits_its_published_schema_and_the_csv_says_the_same(offices: dict[str, Office]) -> None:
    load(1000)
    schema = json.loads(Client().get("/ty-le/cong-khai/luoc-do.json").content)
    assert schema == SCHEMA
    data = json.loads(Client().get(JSON).content)
    assert fits(data, schema)
    assert not fits({**data, "extra": 1}, schema)  # the check itself checks
    lines = list(csv.DictReader(io.StringIO(Client().get(CSV).content.decode())))
    country = [line for line in lines if line["office"] == "toan-quoc"]
    assert [int(line["total"]) for line in country] == [month["country"]["total"] for month in data["months"]]
    assert country[0]["rate"] == data["months"][0]["country"]["rate"]
    assert re.fullmatch(r"[0-9]+\.[0-9]{2}", country[0]["rate"])


@pytest.mark.django_db
def test_caches_may_keep_it_and_ask_whether_it_changed(offices: dict[str, Office], hq: User) -> None:
    load(1000)
    first = Client().get(JSON)
    assert first["Cache-Control"] == "public, max-age=3600"
    assert Client().get(JSON, headers={"If-None-Match": first["ETag"]}).status_code == 304
    MonthTally.objects.filter(office_id="ha-noi", channel="counter").update(count=99_999)
    assert Client().get(JSON, headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert "max-age=3600" in Client().get(PAGE)["Cache-Control"]
    staff = Client()
    staff.force_login(hq)
    assert staff.get(PAGE)["Cache-Control"] == "no-store"  # it bears the name of who is logged in


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["2019.exe", "1999.json", "2019.xlsx", "99999999999.csv"])
def test_data_there_is_not_is_not_found(offices: dict[str, Office], address: str) -> None:
    load(2000)
    assert Client().get(PAGE + address).status_code == 404
    assert Client().get(PAGE, {"nam": "abc"}).status_code == 200
