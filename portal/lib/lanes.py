"""Lanes (hàng đợi Celery): one an office, so that a province's burst delays no other, and a few common."""

from collections.abc import Iterable

CODES = "codes"  # transaction codes: never behind anything else
NOTICES = "notices"
DOCUMENTS = "documents"  # uploaded files to scan and copy: seconds of a processor each
NIGHTLY = "nightly"
COMMON = (CODES, NOTICES, DOCUMENTS, NIGHTLY)


def province(office_key: str) -> str:
    return f"province.{office_key}"


def every(office_keys: Iterable[str]) -> tuple[str, ...]:
    return (*COMMON, *(province(key) for key in sorted(office_keys)))
