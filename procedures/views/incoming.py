"""Uploads that survive a dropped line: the tus 1.0 protocol (core, creation, termination; https://tus.io).

Without scripts nobody comes here: the forms of the papers take files as they always did.
"""

import base64
import binascii
import time
from collections.abc import Callable, Iterator
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.http import require_http_methods

from accounts.views.access import citizen_required
from portal.lib.uploads import MAX_BYTES, UploadRefused
from procedures.domain.errors import DomainError
from procedures.models import IncomingFile
from procedures.services import incoming
from procedures.views import journey

VERSION = "1.0.0"
PIECE = "application/offset+octet-stream"
MOST_SECONDS = 60  # of one request: a line too slow for its piece comes again, and goes on where it was
_CHUNK = 64 * 1024


@require_http_methods(["POST", "OPTIONS"])
@citizen_required
def begin(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A place for one file of the dossier. Upload-Metadata names ``filename`` and ``document``."""
    dossier = journey.own_dossier(request, public_id)
    if request.method == "OPTIONS":
        return _answer(204, {"Tus-Extension": "creation,termination", "Tus-Max-Size": str(MAX_BYTES)})
    if refusal := _wrong_version(request):
        return refusal
    named = _metadata(request)
    try:
        place = incoming.begin(
            dossier, named.get("document", ""), named.get("filename", ""), _number(request, "Upload-Length")
        )
    except (UploadRefused, DomainError) as error:
        return _answer(422, text=str(error))
    return _answer(201, {"Location": journey.url_of(dossier, "piece", file_id=place.public_id)})


@require_http_methods(["GET", "HEAD", "PATCH", "DELETE"])
@citizen_required
def piece(request: HttpRequest, public_id: UUID, file_id: UUID) -> HttpResponse:
    """Where the file ends (HEAD), a piece behind that (PATCH), or never mind (DELETE)."""
    try:
        place = journey.own_dossier(request, public_id).incoming_files.get(public_id=file_id)
    except IncomingFile.DoesNotExist as error:
        raise Http404 from error
    return _wrong_version(request) or _METHODS[str(request.method)](request, place)


def _where(request: HttpRequest, place: IncomingFile) -> HttpResponse:
    if place.refusal:
        return _answer(410)  # nothing to go on with: it was whole, and it was refused
    return _answer(200, {"Upload-Offset": str(incoming.offset_of(place)), "Upload-Length": str(place.size)})


def _add(request: HttpRequest, place: IncomingFile) -> HttpResponse:
    if request.content_type != PIECE:
        return _answer(415)
    try:
        there = incoming.add(place, _number(request, "Upload-Offset"), _pieces(request))
    except incoming.Busy:
        return _answer(423)
    except incoming.WrongPlace as error:
        return _answer(409, {"Upload-Offset": str(error.offset)})
    if place.refusal:
        return _answer(422, text=place.refusal)
    return _answer(204, {"Upload-Offset": str(there)})


def _give_up(request: HttpRequest, place: IncomingFile) -> HttpResponse:
    incoming.give_up(place)
    return _answer(204)


_METHODS: dict[str, Callable[[HttpRequest, IncomingFile], HttpResponse]] = {
    "GET": _where,
    "HEAD": _where,
    "PATCH": _add,
    "DELETE": _give_up,
}


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    """The body as it comes. A line that breaks or crawls ends it; what has come stays."""
    until = time.monotonic() + MOST_SECONDS
    while time.monotonic() < until:
        try:
            some = request.read(_CHUNK)
        except UnreadablePostError:
            return
        if not some:
            return
        yield some


def _wrong_version(request: HttpRequest) -> HttpResponse | None:
    if request.headers.get("Tus-Resumable") == VERSION:
        return None
    return _answer(412)


def _number(request: HttpRequest, header: str) -> int:
    """A length or offset; -1, which fits nothing, for anything that is none."""
    raw = request.headers.get(header, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 16 else -1


def _metadata(request: HttpRequest) -> dict[str, str]:
    """Upload-Metadata: "name base64, name base64". What can't be read is left out."""
    found = {}
    for pair in request.headers.get("Upload-Metadata", "").split(","):
        name, _space, value = pair.strip().partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
    return found


def _answer(status: int, headers: dict[str, str] | None = None, text: str = "") -> HttpResponse:
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    for name, value in {"Tus-Resumable": VERSION, "Tus-Version": VERSION, **(headers or {})}.items():
        response[name] = value
    response["Cache-Control"] = "no-store"
    return response
