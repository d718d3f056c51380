"""People who file over HTTP: with a session, a draft, and the code from their demo mailbox."""

import http.client
import json
import re
import secrets
import threading
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from accounts.models import Office, Registration, User
from portal.lib import units
from portal.lib.vietnamese import fold
from portal.processes import LOCALHOST
from procedures.models import Dossier
from tests import makers
from tests.browser.people import EIGHT_DIGITS, code_in


@dataclass
class Inbox:
    """The demo's mailboxes and phones, each message read once."""

    folder: Path
    kept: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def messages_to(self, destination: str) -> list[dict[str, str]]:
        with self.lock:
            for file in sorted(self.folder.glob("*.json")):
                message = json.loads(file.read_text(encoding="utf-8"))
                self.kept.setdefault(message["destination"], []).append(message)
                file.unlink()
            return list(self.kept.get(destination, ()))

    def code_for(self, destination: str, seconds: float = 60) -> str:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for message in reversed(self.messages_to(destination)):
                if re.search(EIGHT_DIGITS, message["text"]):
                    return code_in(message)
            time.sleep(0.1)
        raise AssertionError(f"no code came to {destination}")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    location: str
    seconds: float
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Filer:
    """One person with one draft. ``receipt`` is set when the portal has said that it is filed."""

    user: User
    dossier: Dossier
    port: int
    inbox: Inbox
    receipt: str = ""

    def __post_init__(self) -> None:
        self.token = secrets.token_hex(16)
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={session_of(self.user)}; csrftoken={self.token}"

    def url(self, page: str) -> str:
        return f"/ho-so/{self.dossier.public_id}/{page}"

    def get(self, page: str) -> Answer:
        return self._ask("GET", page, "", {})

    def post(self, page: str, **fields: str) -> Answer:
        body = urlencode({"csrfmiddlewaretoken": self.token, **fields})
        return self._ask("POST", page, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def upload(self, document: str, content: bytes) -> Answer:
        edge = "edge-of-a-part"
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="tep-{document}"; filename="anh.jpg"\r\n'
            "Content-Type: image/jpeg\r\n\r\n"
        )
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={edge}", "X-CSRFToken": self.token}
        return self._ask("POST", "giay-to/", body, headers)

    def ask_code(self, channel: str = "email") -> None:
        answer = self.post("ky/", channel=channel)
        assert (answer.status, answer.location) == (302, self.url("ky/ma/")), answer

    def read_code(self, channel: str = "email", seconds: float = 60) -> str:
        return self.inbox.code_for(self.user.email if channel == "email" else self.user.phone, seconds)

    def send_code(self, code: str) -> Answer:
        """A receipt counts only when the portal has given it."""
        answer = self.post("ky/ma/", code=code)
        if (answer.status, answer.location) == (302, self.url("da-nop/")):
            self.receipt = str(self.dossier.public_id)
        return answer

    def insist(self, code: str, seconds: float = 60) -> Answer:
        """As people do: no answer or an apology → wait a little, and press again."""
        until = time.monotonic() + seconds
        while True:
            try:
                answer = self.send_code(code)
                if self.receipt:
                    return answer
            except (OSError, http.client.HTTPException):
                answer = None
            assert time.monotonic() < until, answer
            time.sleep(0.3)

    def file(self, channel: str = "email") -> Answer:
        self.ask_code(channel)
        return self.insist(self.read_code(channel))

    def _ask(self, method: str, page: str, body: str | bytes, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection(LOCALHOST, self.port, timeout=60)
        began = time.perf_counter()
        try:
            connection.request(method, self.url(page), body, {**headers, "Cookie": self.cookie})
            response = connection.getresponse()
            content = response.read().decode(errors="replace")
            took = time.perf_counter() - began
            location = response.getheader("Location", "")
            return Answer(response.status, location, took, content, dict(response.getheaders()))
        finally:
            connection.close()


def session_of(user: User) -> str:
    """A session as after a log-in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def place_of(office: Office) -> tuple[str, str, str]:
    """GSO codes of a province, district and commune of this office: where people live decides whose queue it is."""
    district = next(unit for unit in units.districts(office.province_code) if units.communes(unit.code))
    return office.province_code, district.code, units.communes(district.code)[0].code


def citizen(number: int, office: str = "ha-noi") -> User:
    """Registered, activated, contacts confirmed."""
    province, district, commune = place_of(Office.objects.get(key=office))
    bhxh_number = f"{province}{number:08d}"
    confirmed_at = timezone.now()
    phone, email = f"09{number:08d}", f"filer{number}@example.vn"
    user = User.objects.create_user(
        bhxh_number,
        full_name=f"Người Nộp Số {number}",
        phone=phone,
        email=email,
        phone_confirmed_at=confirmed_at,
        email_confirmed_at=confirmed_at,
    )
    Registration.objects.create(
        user=user,
        status=Registration.Status.ACTIVATED,
        full_name=user.full_name,
        folded_name=fold(user.full_name),
        bhxh_number=bhxh_number,
        birth_date=date(1960, 2, 1),
        sex="nam",
        identity_number=f"{number:09d}",
        phone=phone,
        email=email,
        office=Office.objects.get(key=office),
        street="12 Yên Phụ",
        province=province,
        district=district,
        commune=commune,
    )
    return user


def filer(number: int, port: int, inbox: Inbox, office: str = "ha-noi") -> Filer:
    user = citizen(number, office)
    return Filer(user, makers.draft(user), port, inbox)
