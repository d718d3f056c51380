"""Every way to sign, in Chromium, against real processes: a citizen is issued an activation code at the counter,
then signs one dossier by a code of the e-mail, one by a printed card, one by an authenticator app (``oathtool``)
and one by a digital certificate (``openssl cms``). Afterwards no code stands anywhere: not in a table, a session,
the database's files, a log, Redis, the mailbox or an uploaded file."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pyotp
import pytest
import redis
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, Download

from portal.keeper import POSTGRES_PROGRAMS, wheels_folder
from portal.processes import secrets_of
from tests.authority import Authority, Holder
from tests.browser.people import DESK, EIGHT_DIGITS, PHONE, code_in, pdf, wait_for_message
from tests.browser.test_main_job import PASSWORD, Citizen, Issuer
from tests.procedures.documents.sheets import text_of
from tests.servers import FOLDER, LivePortal

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("live_portal")]


class Signer(Citizen):
    """Y Moan Ênuôl again, with a card, an app and a certificate. ``secrets``: every code that was used."""

    secrets: list[str]

    def draft(self) -> None:
        """One more dossier, up to the page on which it is signed."""
        self.open("/thu-tuc/bhxh_mot_lan/")
        self.press("Bắt đầu nộp hồ sơ")
        self.answer()
        self.hand_in("sổ bảo hiểm.pdf", pdf(), "application/pdf")
        self.sees("sổ bảo hiểm.pdf")
        self.save()
        self.read_and_go_on()

    def sign_by(self, channel: str, digits: str = "") -> None:
        """Ask by a channel, and type what it shows."""
        self.choose("channel", channel)
        self.look(f"ky-{channel}")
        self.page.locator("main form button[type=submit]").first.click()
        if channel == "email":
            digits = code_in(wait_for_message(self.inbox, self.email, "Mã này chỉ dùng để ký"))
        self.look(f"ma-{channel}")
        self.type(code=digits)
        self.page.locator("main form button[type=submit]").first.click()
        self.filed(f"da-nop-{channel}")
        if channel != "app":  # six digits stand in many a time of day
            self.secrets.append(digits.replace(" ", ""))

    def filed(self, picture: str) -> None:
        self.sees("DEMO-001-")
        assert "/da-nop/" in self.page.url
        self.look(picture)

    def prove_contact(self) -> None:
        """Have a code sent to the phone, and type it."""
        self.page.locator("main button[name=send]").first.click()
        digits = code_in(wait_for_message(self.inbox, self.phone, "la ma xac nhan viec"))
        self.secrets.append(digits.replace(" ", ""))
        self.type(code=digits)

    def print_card(self) -> list[str]:
        self.open("/tai-khoan/cach-ky/")
        self.look("cach-ky")
        self.page.get_by_role("link", name="In thẻ mới").click()
        self.prove_contact()
        with self.page.expect_download() as download:
            self.press("Tải thẻ để in (PDF)")
        codes = re.findall(EIGHT_DIGITS, text_of(read(download.value)))
        assert len(codes) == 20
        return codes

    def bind_app(self) -> str:
        self.open("/tai-khoan/cach-ky/ung-dung/")
        self.prove_contact()
        self.press("Tiếp tục")
        self.look("gan-ung-dung")
        found = re.search(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", self.page.content())
        assert found
        seed = found.group(0).replace(" ", "")
        self.type(app_code=phone(seed))
        self.press("Gắn ứng dụng")
        self.sees("Đã gắn")
        self.secrets.append(seed)
        return seed

    def sign_with(self, holder: Holder) -> None:
        self.page.locator("#chung-thu-so > summary").click()
        self.look("ky-chung-thu-so")
        self.upload(holder.cms(b"something else"))
        self.sees("Chữ ký này là của nội dung khác")
        self.look("chung-thu-so-sai")
        with self.page.expect_download() as download:
            self.page.get_by_role("link", name="tệp nội dung").click()
        self.upload(holder.cms(read(download.value)))
        self.filed("da-nop-chung-thu-so")

    def upload(self, container: bytes) -> None:
        file = {"name": "noi-dung-can-ky.p7s", "mimeType": "application/pkcs7-signature", "buffer": container}
        self.page.locator("#chung-thu-so input[type=file]").set_input_files(files=[file])
        self.page.locator("#chung-thu-so button[type=submit]").click()


def read(download: Download) -> bytes:
    return Path(download.path()).read_bytes()


def phone(seed: str) -> str:
    """The six digits an app shows now."""
    if not shutil.which("oathtool"):
        return pyotp.TOTP(seed).now()
    done = subprocess.run(["oathtool", "--totp", "-b", seed], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def walk(browser: Browser, portal: LivePortal, number: str, width: int, holder: Holder) -> Signer:
    citizen = Signer(browser, portal.url, "ky", width)
    citizen.secrets = [PASSWORD]
    citizen.set_out(number, portal.var_dir / "demo-inbox")
    citizen.register()
    activation = Issuer(browser, portal.url, "ky-cap-ma", width).issue(citizen)
    citizen.activate(activation)
    citizen.secrets += [activation, activation.replace("-", "")]
    card = citizen.print_card()
    citizen.secrets += [code.replace(" ", "") for code in card]
    portal.let_minutes_pass()
    seed = citizen.bind_app()
    portal.let_minutes_pass()
    citizen.draft()
    citizen.sign_by("email")
    citizen.draft()
    citizen.sign_by("card", card[0])
    portal.let_minutes_pass()
    citizen.draft()
    citizen.sign_by("app", phone(seed))
    citizen.draft()
    citizen.sign_with(holder)
    assert citizen.complaints == []
    return citizen


@pytest.fixture(scope="module")
def holder(live_processes: LivePortal, tmp_path_factory: pytest.TempPathFactory) -> Holder:
    """The citizen's certificate, of an authority the portal trusts beside the demo's."""
    folder = tmp_path_factory.mktemp("authority")
    authority = Authority(folder, live_processes.var_dir / "demo-ca" / "trust", file="of-the-tests")
    authority.publish()
    return authority.issue(Citizen.full_name, "001065012345")


def test_every_way_at_a_desk(chromium: Browser, live_processes: LivePortal, holder: Holder) -> None:
    walk(chromium, live_processes, "0119556002", DESK, holder)


def test_every_way_on_a_phone_leaves_no_code_anywhere(
    chromium: Browser, live_processes: LivePortal, holder: Holder
) -> None:
    citizen = walk(chromium, live_processes, "0119556001", PHONE, holder)
    controls = [citizen.email, citizen.page.url.split("/")[4]]  # known to be there: found by the same look
    seen: dict[str, set[str]] = {}
    left: dict[str, list[str]] = {}
    for place, text in everything_written(live_processes):
        seen.setdefault(place, set()).update(found(controls, text))
        left[place] = left.get(place, []) + found(citizen.secrets, text)
    assert {place: hits for place, hits in left.items() if hits} == {}
    for place, control in (
        ("pg_dump", 0),
        ("postgres", 0),
        ("demo-inbox", 0),
        ("web.log", 1),
        ("pg_dump", 1),
    ):
        assert controls[control] in seen[place], (place, seen)
    assert {"sessions", "redis", "worker.log", "uploads"} <= set(seen)
    assert len(citizen.secrets) > 25


def found(secrets: list[str], text: str) -> list[str]:
    """Those that stand there by themselves, also in groups of four."""
    return [secret for secret in secrets if re.search(shape(secret), text)]


def shape(secret: str) -> str:
    pieces = [secret[at : at + 4] for at in range(0, len(secret), 4)] if secret.isalnum() else [secret]
    first, *rest = map(re.escape, pieces)
    # Letters first, and then a look back at what stood before them: so gigabytes are searched in seconds.
    return (
        rf"{first}(?<![0-9A-Za-z]{first})" + "".join(f"[ -]?{piece}" for piece in rest) + r"(?![0-9A-Za-z])"
    )


def everything_written(portal: LivePortal) -> Iterator[tuple[str, str]]:
    """Every place the portal writes to, as text: (its name, what stands there), a place in several parts."""
    dump = [
        str(wheels_folder() / POSTGRES_PROGRAMS / "pg_dump"),
        "--inserts",
        as_superuser(portal.database_url),
    ]
    yield "pg_dump", subprocess.run(dump, capture_output=True, text=True, check=True).stdout
    with psycopg.connect(as_superuser(portal.database_url), autocommit=True) as database:
        rows = database.execute("SELECT session_data FROM django_session").fetchall()
        folder = str(database.execute("SHOW data_directory").fetchone()[0])  # type: ignore[index]
        database.execute("CHECKPOINT")
    yield "sessions", " ".join(str(SessionStore().decode(data)) for (data,) in rows)
    yield from files("postgres", Path(folder))
    with redis.Redis.from_url(portal.redis_url) as broker:
        broker.config_set("rdbcompression", "no")
        broker.save()
        dump_file = Path(
            str(broker.config_get("dir")["dir"]), str(broker.config_get("dbfilename")["dbfilename"])
        )
        yield "redis", latin(dump_file)
    for log in Path(os.environ[FOLDER]).rglob("*.log"):
        yield log.name if log.is_relative_to(portal.var_dir) else str(log), latin(log)
    yield from files("demo-inbox", portal.var_dir / "demo-inbox")
    yield from files("uploads", portal.var_dir / "uploads")


def as_superuser(url: str) -> str:
    """Whom no row is hidden from."""
    parts = urlsplit(url)
    password = secrets_of(Path(os.environ[FOLDER]), "POSTGRES_PASSWORD")["POSTGRES_PASSWORD"]
    return urlunsplit(parts._replace(netloc=f"postgres:{password}@{parts.hostname}:{parts.port}"))


def files(place: str, folder: Path) -> Iterator[tuple[str, str]]:
    for top, _folders, names in os.walk(folder):  # passes by what another test just dropped
        for name in names:
            with suppress(FileNotFoundError):
                yield place, latin(Path(top) / name)


def latin(file: Path) -> str:
    return file.read_bytes().decode("latin-1")


def test_the_shape_of_a_secret_is_found_however_it_is_written() -> None:
    assert found(["12345678"], "ma 1234 5678.")
    assert found(["12345678"], "x:12345678,")
    assert not found(["12345678"], "0x9912345678")
