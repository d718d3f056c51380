"""Messages: worded when they leave, sent once, readable on an old phone, and never later than useful."""

import hashlib
import json
import smtplib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.db.models import F, Value
from django.test import Client

from accounts import gateways, tasks
from accounts.gateways.base import Attached
from accounts.gateways.demo import DemoMail, DemoSms
from accounts.gateways.smtp import SmtpMail
from accounts.models import Message, Office, TransactionCode, User
from accounts.selectors.demo_inbox import demo_file, demo_messages
from accounts.services import codes, contacts, messages, registration
from portal.lib import lanes
from portal.lib.digests import short_digest
from portal.lib.vietnamese import gsm7
from tests.accounts.declarations import issued, registered

SIGN = TransactionCode.Purpose.SIGN
DIGEST = hashlib.sha256(b"a dossier").hexdigest()


@pytest.fixture(autouse=True)
def inbox(tmp_path: Path, settings: Any) -> Path:
    settings.DEMO_INBOX_DIR = tmp_path / "inbox"
    return tmp_path / "inbox"


def asked(user: User, channel: str, subject: str = "Hưởng BHXH một lần", tail: str = "6789") -> Message:
    code = codes.ask_code(user, SIGN, DIGEST, subject=subject, channel=channel, account_tail=tail)
    return Message.objects.get(code=code)


def delivered() -> list[dict[str, Any]]:
    return [{"text": it.text, "subject": it.subject, "to": it.destination} for it in demo_messages()]


@pytest.mark.django_db
class TestATextMessage:
    def test_fits_one_message_of_an_old_phone(self, contributor: User) -> None:
        messages.send(asked(contributor, "sms").pk)
        (sent,) = demo_messages()
        assert len(sent.text) <= 160
        assert gsm7(sent.text) == sent.text
        assert sent.text.isascii()

    def test_names_what_is_signed_and_where_the_money_goes(self, contributor: User) -> None:
        messages.send(asked(contributor, "sms").pk)
        (sent,) = demo_messages()
        assert "Huong BHXH mot lan" in sent.text
        assert short_digest(DIGEST) in sent.text
        assert "6789" in sent.text

    def test_ends_with_the_line_that_binds_the_code_to_this_site(self, contributor: User) -> None:
        message = asked(contributor, "sms")
        messages.send(message.pk)
        (sent,) = demo_messages()
        assert message.code
        assert sent.text.splitlines()[-1] == f"@127.0.0.1 #{codes.derive(message.code)}"

    def test_shortens_a_long_name_never_the_code(self, contributor: User, settings: Any) -> None:
        settings.PUBLIC_URL = "https://dichvucong.baohiemxahoi.gov.vn"
        message = asked(
            contributor, "sms", "Trợ cấp một lần cho người đang hưởng lương hưu ra nước ngoài để định cư"
        )
        messages.send(message.pk)
        (sent,) = demo_messages()
        assert message.code
        assert len(sent.text) <= 160
        assert sent.text.endswith(f"@dichvucong.baohiemxahoi.gov.vn #{codes.derive(message.code)}")
        assert "Tro cap mot lan" in sent.text


@pytest.mark.django_db
class TestAnEmail:
    def test_has_accents_and_says_the_same_in_text_and_html(self, contributor: User, inbox: Path) -> None:
        message = asked(contributor, "email")
        messages.send(message.pk)
        (path,) = inbox.glob("*.json")
        kept = json.loads(path.read_text(encoding="utf-8"))
        assert message.code
        for part in (kept["text"], kept["html"]):
            assert codes.derive(message.code) in part
            assert "Hưởng BHXH một lần" in part
            assert short_digest(DIGEST) in part
        assert codes.derive(message.code) not in kept["subject"]

    def test_writes_names_as_they_are(self, outsider: User) -> None:
        messages.send(asked(outsider, "email").pk)
        (sent,) = demo_messages()
        assert "H'Hen Niê" in sent.text

    def test_about_an_activation_code_does_not_hold_it(
        self, offices: dict[str, Office], issuer: User
    ) -> None:
        _declared, code = issued(offices["ha-noi"], issuer)
        messages.send(Message.objects.get().pk)
        (sent,) = demo_messages()
        assert "BHXH Thành phố Hà Nội" in sent.text
        assert code not in sent.text.replace("-", "")

    def test_about_a_refusal_says_why(self, offices: dict[str, Office], issuer: User) -> None:
        declared = registered(offices["ha-noi"])
        registration.refuse(declared, issuer, "Ảnh trên CCCD mờ.")
        messages.send(Message.objects.get().pk)
        (sent,) = demo_messages()
        assert "Ảnh trên CCCD mờ." in sent.text


@pytest.mark.django_db
class TestSending:
    def test_starts_the_life_of_the_code(self, contributor: User) -> None:
        message = asked(contributor, "sms")
        tasks.send_message(message.pk)
        message.refresh_from_db()
        assert message.state == Message.State.DONE
        assert message.delivered_at
        assert message.code
        assert message.code.delivered_at

    def test_again_does_nothing(self, contributor: User) -> None:
        message = asked(contributor, "sms")
        for _ in range(50):
            messages.send(message.pk)
        assert len(demo_messages()) == 1

    def test_waits_for_a_gateway_that_is_away(self, contributor: User, settings: Any) -> None:
        message = asked(contributor, "sms")
        settings.SMS_GATEWAY = "tests.accounts.test_messages.Away"
        messages.send(message.pk)
        message.refresh_from_db()
        assert message.state == Message.State.WAITING
        assert "out of order" in message.last_error
        settings.SMS_GATEWAY = "accounts.gateways.demo.DemoSms"
        messages.send(message.pk)
        assert len(demo_messages()) == 1

    def test_leaves_out_a_code_that_could_not_be_used_any_more(self, contributor: User) -> None:
        message = asked(contributor, "sms")
        TransactionCode.objects.update(created_at=F("created_at") - Value(timedelta(minutes=31)))
        messages.send(message.pk)
        message.refresh_from_db()
        assert message.state == Message.State.DONE
        assert not message.delivered_at
        assert demo_messages() == []

    def test_leaves_out_a_code_that_a_newer_one_made_void(self, contributor: User) -> None:
        message = asked(contributor, "sms")
        TransactionCode.objects.update(voided_at=F("created_at"))
        messages.send(message.pk)
        assert demo_messages() == []

    def test_that_is_only_accepted_does_not_start_the_five_minutes(
        self, contributor: User, settings: Any
    ) -> None:
        message = asked(contributor, "sms")
        settings.SMS_GATEWAY = "tests.accounts.test_messages.Slow"
        messages.send(message.pk)
        message.refresh_from_db()
        assert message.state == Message.State.DONE
        assert message.code
        assert message.code.delivered_at is None
        assert codes.verify(contributor, SIGN, DIGEST, codes.derive(message.code))

    def test_of_codes_never_waits_behind_letters(self, contributor: User) -> None:
        asked(contributor, "sms")
        Message.objects.create(user=contributor, kind=Message.Kind.CODE_ISSUED)
        found = dict(Message.objects.values_list("kind", messages.LANE))
        assert found == {Message.Kind.TRANSACTION_CODE: lanes.CODES, Message.Kind.CODE_ISSUED: lanes.NOTICES}

    def test_leaves_no_code_in_any_table(self, contributor: User) -> None:
        message = asked(contributor, "sms")
        messages.send(message.pk)
        assert message.code
        code = codes.derive(message.code)
        codes.verify(contributor, SIGN, DIGEST, code)
        codes.spend(message.code)
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names():
                cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{code}%"])
                assert cursor.fetchone() == (0,), table


class Away:
    def send(self, *parts: object) -> gateways.Delivery:
        raise gateways.GatewayError("out of order")


class Slow:
    def send(self, *parts: object) -> gateways.Delivery:
        return gateways.Delivery("accepted")


class TestSmtp:
    @pytest.fixture(autouse=True)
    def backend(self, settings: Any) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    def test_sends_text_html_and_papers(self) -> None:
        paper = Attached("giay-tiep-nhan.pdf", b"%PDF-1.7", "application/pdf")
        assert SmtpMail().send("a@example.vn", "Chủ đề", "chữ", "<p>chữ</p>", [paper]).delivered
        (letter,) = mail.outbox
        assert letter.body == "chữ"
        assert letter.attachments[0][0] == "giay-tiep-nhan.pdf"

    def test_says_that_the_server_is_away(self, settings: Any) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        with pytest.raises(gateways.GatewayError):
            SmtpMail().send("a@example.vn", "Chủ đề", "chữ")

    @pytest.mark.parametrize(("answer", "state"), [(550, "refused"), (450, "error")])
    def test_tells_a_wrong_address_from_a_busy_server(self, settings: Any, answer: int, state: str) -> None:
        settings.EMAIL_BACKEND = f"tests.accounts.test_messages.Answers{answer}"
        try:
            found = SmtpMail().send("a@example.vn", "Chủ đề", "chữ").state
        except gateways.GatewayError:
            found = "error"  # type: ignore[assignment]
        assert found == state


class Answers550:
    code = 550

    def __init__(self, **options: object) -> None:
        pass

    def send_messages(self, letters: list[object]) -> int:
        raise smtplib.SMTPRecipientsRefused({"a@example.vn": (self.code, b"no")})


class Answers450(Answers550):
    code = 450


class TestTheDemoInbox:
    URL = "/hop-thu-demo/"

    @pytest.fixture
    def demo(self, settings: Any, db: None) -> Client:
        settings.DEMO = True
        return Client()

    def test_is_not_there_outside_the_demo(self, client: Client, settings: Any, db: None) -> None:
        settings.DEMO = False
        assert client.get(self.URL).status_code == 404

    def test_is_not_written_outside_the_demo(self, settings: Any) -> None:
        settings.DEMO = settings.TESTING = False
        with pytest.raises(gateways.GatewayError):
            DemoSms().send("0912345678", "", "chữ")

    def test_shows_messages_newest_first(self, demo: Client) -> None:
        DemoSms().send("0912345678", "", "tin cu")
        DemoMail().send("a@example.vn", "Chủ đề", "thư mới")
        page = demo.get(self.URL).text
        assert page.index("thư mới") < page.index("tin cu")
        assert "Đây không phải hộp thư thật" in page

    def test_shows_one_destination(self, demo: Client) -> None:
        DemoSms().send("0912345678", "", "cua toi")
        DemoSms().send("0912345679", "", "cua nguoi khac")
        page = demo.get(self.URL, {"den": "0912345678"}).text
        assert "cua toi" in page
        assert "cua nguoi khac" not in page

    def test_goes_back_page_by_page(self, demo: Client) -> None:
        for number in range(35):
            DemoSms().send("0912345678", "", f"tin so {number}.")
        first = demo.get(self.URL)
        older = demo.get(self.URL, {"truoc": first.context["older"]})
        assert "tin so 4." in older.text
        assert "tin so 5." not in older.text

    def test_gives_a_paper_as_it_was_sent(self, demo: Client) -> None:
        DemoMail().send(
            "a@example.vn", "Chủ đề", "chữ", "", [Attached("giấy.pdf", b"%PDF-1.7", "application/pdf")]
        )
        (message,) = demo_messages()
        response = demo.get(self.URL, {"thu": message.name, "tep": "0"})
        assert response.content == b"%PDF-1.7"
        assert response["Content-Disposition"].startswith("attachment")

    @pytest.mark.parametrize("name", ["", "../../etc/passwd", "..", "\0", "0" * 20 + "-00000000"])
    def test_gives_no_other_file(self, demo: Client, name: str) -> None:
        assert demo.get(self.URL, {"thu": name, "tep": "0"}).status_code == 404
        assert demo_file(name, 0) is None

    @pytest.mark.parametrize("position", ["1", "-1", "99", "x", "", "٠", "1e9"])
    def test_gives_no_other_paper(self, demo: Client, position: str) -> None:
        DemoMail().send("a@example.vn", "Chủ đề", "chữ", "", [Attached("a.pdf", b"%PDF", "application/pdf")])
        (message,) = demo_messages()
        assert demo.get(self.URL, {"thu": message.name, "tep": position}).status_code == 404

    def test_never_shows_half_a_message(self, demo: Client, inbox: Path) -> None:
        DemoSms().send("0912345678", "", "chu")
        assert [path.suffix for path in inbox.iterdir()] == [".json"]
        assert oct(next(inbox.iterdir()).stat().st_mode & 0o777) == "0o600"


@pytest.mark.django_db
def test_a_contact_code_is_worded_for_what_it_confirms(contributor: User) -> None:
    contacts.ask_contact_code(contributor, "sms")
    messages.send(Message.objects.get().pk)
    (sent,) = demo_messages()
    assert "xac nhan so dien thoai" in sent.text
