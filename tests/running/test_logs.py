"""Logs of a whole journey, read for what belongs to people; and what is kept of an exception."""

import io
import json
import logging
import sys
from typing import Any

import pytest

from portal.logs import crossed_out, formatter


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("0912345678", "…"),
        ("+84 912 345 678", "…"),
        ("mã số 0119000001 của ai", "mã số … của ai"),
        ("code 1234 5678", "code …"),
        ("hang@example.vn", "…"),
        ("GET /cap-ma/?q=0119000001", "GET /cap-ma/?…"),
        ("file read: officer 12, dossier 345", "file read: officer 12, dossier 345"),
        ("123e4567-e89b-42d3-a456-426614174000", "123e4567-e89b-42d3-a456-426614174000"),
        ("2019-08-20T10:11:12.123456", "2019-08-20T10:11:12.123456"),
    ],
)
def test_what_looks_like_a_person_is_crossed_out(text: str, kept: str) -> None:
    assert crossed_out(text) == kept


def logged(act: Any) -> dict[str, Any]:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter())
    logger = logging.Logger("accounts.somewhere")
    logger.addHandler(handler)
    act(logger)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_of_an_exception_the_kind_and_the_places_are_kept_and_not_its_words() -> None:
    def fail(logger: logging.Logger) -> None:
        try:
            raise ValueError("Nguyễn Thị Hằng has another phone")
        except ValueError:
            logger.exception("row %s failed", 7)

    line = logged(fail)
    assert (line["event"], line["exception"], line["level"]) == ("row 7 failed", "ValueError", "error")
    assert line["at"][-1].endswith("fail")
    assert "Hằng" not in json.dumps(line, ensure_ascii=False)


def test_of_a_failed_task_celery_tells_its_name_only() -> None:
    def fail(logger: logging.Logger) -> None:
        said = {
            "name": "procedures.send_notice",
            "id": "1",
            "description": "raised unexpected",
            "exc": "Hằng",
        }
        record = logging.LogRecord(
            "celery.app.trace", 40, __file__, 1, "Task %(name)s[%(id)s] %(description)s: %(exc)s", said, None
        )
        logger.handle(record)

    line = logged(fail)
    assert line["event"] == "task procedures.send_notice raised unexpected 1"


def test_the_journey_test_looks_into_the_logs() -> None:
    """The positive control of tests/browser/test_main_job.py: the reader finds what is planted."""
    from tests.running.readers import personal_data_in  # noqa: PLC0415

    assert personal_data_in('{"event": "sent to 0912345678"}', ["0912345678"]) == ["0912345678"]
    assert personal_data_in('{"event": "sent"}', ["0912345678"]) == []
    assert sys.modules["tests.running.readers"]
