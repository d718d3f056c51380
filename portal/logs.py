"""Logs: one JSON object a line, without personal data.

What the portal logs itself holds ids only. What libraries log may hold what people typed, in the text of an
exception above all: of exceptions only the kind and the places are kept, and what looks like a number, an address or
a code of a person is crossed out wherever it stands.
"""

import logging
import re
import traceback
import uuid
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

Event = MutableMapping[str, Any]

CROSSED_OUT = "…"
# Six digits and more in a row or in groups (phones, mã số BHXH, CCCD, accounts, codes), and mail addresses. Not parts
# of a UUID, of hexadecimal digits, or of a time.
_NUMBER = re.compile(r"(?<![0-9A-Za-z.:-])\+?[0-9](?:[ .]?[0-9]){5,}(?![0-9A-Za-z:-])")
_ADDRESS = re.compile(r"[^\s@<>()'\",;:=]+@[^\s@<>()'\",;:]+")
_QUERY = re.compile(r"\?\S*")  # of an address: what was searched for


def crossed_out(text: str) -> str:
    """The text without what may belong to a person."""
    return _NUMBER.sub(CROSSED_OUT, _ADDRESS.sub(CROSSED_OUT, _QUERY.sub("?" + CROSSED_OUT, text)))


def _places(_logger: Any, _method: str, event: Event) -> Event:
    """The kind of an exception and where it happened, innermost last; never its text."""
    info = event.pop("exc_info", None)
    if isinstance(info, tuple) and info[0] is not None:
        frames = traceback.extract_tb(info[2])
        event["exception"] = info[0].__name__
        event["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
    event.pop("stack_info", None)
    return event


def _task(_logger: Any, _method: str, event: Event) -> Event:
    """Celery writes the text of a task's exception into its line."""
    said = event.pop("positional_args", None)
    if event.get("logger") == "celery.app.trace" and isinstance(said, dict):
        event["event"] = f"task {said.get('name')} {said.get('description', '')} {said.get('id', '')}"
    return event


def _cross_out(_logger: Any, _method: str, event: Event) -> Event:
    for name, value in event.items():
        if isinstance(value, str) and name not in ("timestamp", "request"):
            event[name] = crossed_out(value)
    return event


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _task,
    _places,
    _cross_out,
]


def formatter() -> logging.Formatter:
    """For settings.LOGGING: every line of every library goes through it."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        pass_foreign_args=True,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
    )


class RequestIds:
    """Gives every request an id, which its log lines and its answer bear: what a person reports can be found."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4().hex[:16]
        with structlog.contextvars.bound_contextvars(request=request_id):
            response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response
