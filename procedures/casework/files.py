"""A paper of a dossier, shown in the browser. The office is asked about in every request."""

import io
import logging
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.views.access import officer_required, user_of
from portal.lib.uploads import CONTENT_TYPES
from procedures.models import Attachment
from procedures.selectors.queue import attachment_in_office
from procedures.services import access, files

logger = logging.getLogger(__name__)

EXTENSIONS = {content_type: kind.value for kind, content_type in CONTENT_TYPES.items()}

HEADERS = {
    # An own origin without scripts, forms or requests: whatever is in the file can do nothing here.
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@officer_required  # type: ignore[arg-type] # a stream is an answer, too
@require_safe
def file(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    officer = user_of(request)
    try:
        attachment = attachment_in_office(officer, public_id)
        if not attachment.may_be_opened:
            context = {"file": attachment, "layout": "layouts/staff.html", "is_staff": True}
            return render(request, "procedures/file_waiting.html", context, status=409)
        # Before a byte leaves: who read whose papers can be told afterwards, and the filer sees it.
        access.record(attachment.dossier, officer, attachment)
        content = files.copy_of(attachment)
    except (ObjectDoesNotExist, FileNotFoundError) as error:
        raise Http404(_("Không có tệp này.")) from error
    logger.info("file read: officer %s, dossier %s, file %s", officer.pk, attachment.dossier_id, public_id)
    response = FileResponse(
        io.BytesIO(content), content_type=attachment.copy_type, filename=_safe_name(attachment)
    )
    for name, value in HEADERS.items():
        response[name] = value
    return response


def _safe_name(attachment: Attachment) -> str:
    """A name of our own, since a client's may lie about what the file is."""
    extension = EXTENSIONS.get(attachment.copy_type, "bin")
    return f"{attachment.dossier.reference}-{attachment.document}-{attachment.pk}.{extension}"
