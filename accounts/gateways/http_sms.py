"""Text messages by HTTP: POST {"to", "text"} to the carrier, receipts by its call to us.

The address carries the key as its password: https://portal:KEY@sms.example.vn/v1/messages. It is sent as
a bearer token, and signs the receipts (X-Signature: HMAC-SHA-256 of the body, in hex).
"""

import hashlib
import hmac
import http.client
import json
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from accounts.gateways.base import Attached, Delivery, GatewayError, State

TIMEOUT = 5  # seconds: a slower carrier is left for the next one
MAX_ANSWER = 64 * 1024
_STATES: dict[str, State] = {"delivered": "delivered", "accepted": "accepted"}


class HttpSms:
    """One HTTP gateway."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.is_secure = parts.scheme == "https"
        self.name = f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
        self.host, self.port = parts.hostname or "", parts.port
        self.path = parts.path or "/"
        self._key = unquote(parts.password or "")

    def send(
        self, destination: str, subject: str, text: str, html: str = "", attachments: Sequence[Attached] = ()
    ) -> Delivery:
        status, body = self._post(json.dumps({"to": destination, "text": text}).encode())
        if status in (400, 404, 410, 422):
            return Delivery("refused", f"HTTP {status}")
        if not 200 <= status < 300:
            raise GatewayError(f"HTTP {status}")
        try:
            answer = json.loads(body)
            reference, state = str(answer["id"])[:100], str(answer.get("state", "accepted"))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise GatewayError("an answer that isn't the protocol's") from error
        return Delivery(_STATES.get(state, "accepted"), reference=reference)

    def has_signed(self, body: bytes, signature: str) -> bool:
        """Whether a receipt comes from this carrier."""
        expected = hmac.new(self._key.encode(), body, hashlib.sha256).hexdigest()
        return bool(self._key) and hmac.compare_digest(expected, signature)

    def _post(self, body: bytes) -> tuple[int, bytes]:
        kind = http.client.HTTPSConnection if self.is_secure else http.client.HTTPConnection
        connection = kind(self.host, self.port, timeout=TIMEOUT)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._key}"}
        try:
            connection.request("POST", self.path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(MAX_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            raise GatewayError(f"{type(error).__name__}: {error}") from error
        finally:
            connection.close()
