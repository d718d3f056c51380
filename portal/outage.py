"""The answer when something the portal stands on is away: 503 and when to come back, never a receipt."""

import errno
import sys
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views import defaults

from portal.lib.sealed import StoreAway

RETRY_AFTER = 30  # seconds
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENFILE, errno.EMFILE}


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500, which is called while the exception is being handled. A database or a store of files that
    is away and a full disk pass; everything else is a mistake of ours."""
    error = sys.exc_info()[1]
    response = defaults.server_error(request)
    if _passes(error):
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        response["Retry-After"] = str(RETRY_AFTER)
    return response


def _passes(error: BaseException | None) -> bool:
    if isinstance(error, StoreAway):
        return True
    if isinstance(error, OSError):
        return error.errno in NO_ROOM
    return isinstance(error, OperationalError | InterfaceError)
