"""Where carriers of text messages say what became of a message."""

import json

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.gateways import http_gateways
from accounts.services.messages import receive_receipt

MAX_BODY = 10 * 1024


@csrf_exempt
@require_POST
@never_cache
def sms_receipt(request: HttpRequest) -> HttpResponse:
    """{"id", "state": "delivered" or "failed"}, signed by the carrier's key. Coming twice does no harm."""
    if int(request.headers.get("Content-Length") or 0) > MAX_BODY:
        return HttpResponse(status=413)
    body, signature = request.body, request.headers.get("X-Signature", "")
    signed = [
        gateway for gateway in http_gateways() if signature.isascii() and gateway.has_signed(body, signature)
    ]
    if not signed:
        return HttpResponse(status=403)
    try:
        told = json.loads(body)
        reference, state = str(told["id"]), told["state"]
    except (ValueError, TypeError, KeyError):
        return HttpResponse(status=400)
    if state not in ("delivered", "failed") or "\0" in reference:
        return HttpResponse(status=400)
    is_known = any(receive_receipt(gateway.name, reference, state == "delivered") for gateway in signed)
    return HttpResponse(status=204 if is_known else 404)
