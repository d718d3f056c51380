"""What `manage.py check` says about keys and the scanner: a portal without its own CODE_KEY must not start."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from portal.lib.sealed import Keys

MIN_KEY_LENGTH = 32


@register(Tags.security)
def code_key(**_: Any) -> list[CheckMessage]:
    """CODE_KEY is there, long enough, and isn't SECRET_KEY: whoever reads one can't derive with the other."""
    if len(settings.CODE_KEY) < MIN_KEY_LENGTH:
        return [Error(f"CODE_KEY must have at least {MIN_KEY_LENGTH} characters", id="accounts.E001")]
    if settings.CODE_KEY == settings.SECRET_KEY:
        return [Error("CODE_KEY must not be the same as SECRET_KEY", id="accounts.E002")]
    return []


@register(Tags.security)
def file_keys(**_: Any) -> list[CheckMessage]:
    """FILE_KEYS can be read: without it no uploaded file could be kept or opened."""
    try:
        Keys.parse(settings.FILE_KEYS)
    except ValueError as error:
        return [Error(str(error), id="accounts.E003")]
    return []


@register(Tags.security, deploy=True)
def scanner(**_: Any) -> list[CheckMessage]:
    """CLAMD_URL is there: what citizens send is scanned before an officer opens it."""
    if not settings.CLAMD_URL:
        return [Warning("CLAMD_URL is empty: no uploaded file is scanned for viruses", id="accounts.W004")]
    return []
