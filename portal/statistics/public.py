"""The page and the data for everybody: no log-in, kept by caches, nobody recognisable in a number."""

import csv
import hashlib
import io
import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from portal.statistics.trends import trend_of
from procedures.selectors.statistics.extent import Extent, Level
from procedures.selectors.statistics.open_data import (
    FEWEST,
    Month,
    last_day_of,
    published_months,
    published_years,
)
from procedures.selectors.statistics.places import COUNTRY_NAME
from procedures.selectors.statistics.table import RateTable, Row, rate_text

FRESH_SECONDS = 3600
COLUMNS = ("month", "office", "name", "electronic", "total", "rate")
FORMATS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@require_safe
def public(request: HttpRequest) -> HttpResponse:
    years = published_years()
    year = _year(request.GET.get("nam", ""), years)
    months = published_months(year) if year else []
    told = [month for month in months if month.country]
    context = {
        "years": years,
        "year": year,
        "months": months,
        "last": told[-1] if told else None,
        "trend": trend_of([(COUNTRY_NAME, _by_month(told))]) if told else None,
        "fewest": FEWEST,
        "formats": list(FORMATS),
    }
    response = render(request, "statistics/public.html", context)
    if not request.user.is_authenticated:
        patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
    return response


@require_safe
def open_data(request: HttpRequest, year: int, kind: str) -> HttpResponse:
    if kind not in FORMATS or year not in published_years():
        raise Http404
    months = published_months(year)
    body = _json(months, year) if kind == "json" else _csv(months)
    return _cached(request, body, FORMATS[kind])


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    return _cached(request, _dumped(SCHEMA), "application/schema+json")


def _cached(request: HttpRequest, body: bytes, content_type: str) -> HttpResponse:
    """The body, or 304 for somebody who has it."""
    response = HttpResponse(body, content_type=content_type)
    response["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response["Access-Control-Allow-Origin"] = "*"  # open data: any page may read it
    patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
    found = get_conditional_response(request, response["ETag"], None, response)
    return found if isinstance(found, HttpResponse) else response


def _year(asked: str, years: list[int]) -> int | None:
    known = {str(year): year for year in years}
    return known.get(asked, years[0] if years else None)


def _by_month(months: list[Month]) -> RateTable:
    """The country's months as a table, for the drawing."""
    rows = tuple(
        Row(place, month.first.isoformat(), f"Tháng {month.first:%m/%Y}", month.country.count)
        for place, month in enumerate(months, start=1)
        if month.country
    )
    extent = Extent(first=months[0].first, last=last_day_of(months[-1].first), level=Level.MONTH)
    return RateTable(extent, rows, rows[-1])


def _lines(month: Month) -> list[Row]:
    return [row for row in (month.country, *month.offices, month.merged) if row]


def _rate(row: Row) -> str:
    """For machines: "36.99", "" for none."""
    text = rate_text(row.count.electronic, row.count.total)
    return text.rstrip("%").replace(".", "").replace(",", ".") if row.count.total else ""


def _csv(months: list[Month]) -> bytes:
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(COLUMNS)
    for month in months:
        for row in _lines(month):
            figures = (row.count.electronic, row.count.total, _rate(row))
            lines.writerow((f"{month.first:%Y-%m}", row.key, row.name, *figures))
    return text.getvalue().encode()


def _json(months: list[Month], year: int) -> bytes:
    return _dumped(
        {
            "year": year,
            "definition": Extent(
                first=months[0].first, last=last_day_of(months[-1].first), level=Level.MONTH
            ).definition,
            "fewest": FEWEST,
            "months": [_month(month) for month in months],
        }
    )


def _month(month: Month) -> dict[str, Any]:
    return {
        "month": f"{month.first:%Y-%m}",
        "country": _figures(month.country) if month.country else None,
        "offices": [{"office": row.key, "name": row.name, **_figures(row)} for row in month.offices],
        "merged": {"names": list(month.merged_names), **_figures(month.merged)} if month.merged else None,
    }


def _figures(row: Row) -> dict[str, Any]:
    return {"electronic": row.count.electronic, "total": row.count.total, "rate": _rate(row)}


def _dumped(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


_FIGURES: dict[str, Any] = {
    "electronic": {"type": "integer", "minimum": 0, "description": "Hồ sơ điện tử"},
    "total": {"type": "integer", "minimum": 0, "description": "Tổng số hồ sơ"},
    "rate": {
        "type": "string",
        "pattern": "^([0-9]{1,3}\\.[0-9]{2})?$",
        "description": "Tỷ lệ %, làm tròn nửa lên; để trống khi không có hồ sơ",
    },
}
_NAMES = {"type": "array", "items": {"type": "string"}}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Tỷ lệ hồ sơ điện tử theo tháng",
    "type": "object",
    "required": ["year", "definition", "fewest", "months"],
    "additionalProperties": False,
    "properties": {
        "year": {"type": "integer"},
        "definition": {"type": "string", "description": "Điều được đếm"},
        "fewest": {"type": "integer", "description": "Số từ 1 đến dưới mức này không được công bố riêng"},
        "months": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["month", "country", "offices", "merged"],
                "additionalProperties": False,
                "properties": {
                    "month": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"},
                    "country": {"type": ["object", "null"], "properties": _FIGURES},
                    "offices": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["office", "name", *_FIGURES],
                            "additionalProperties": False,
                            "properties": {
                                "office": {"type": "string", "description": "Khóa vĩnh viễn của cơ quan"},
                                "name": {"type": "string"},
                                **_FIGURES,
                            },
                        },
                    },
                    "merged": {"type": ["object", "null"], "properties": {"names": _NAMES, **_FIGURES}},
                },
            },
        },
    },
}
