"""The counter's papers, limits, lists and numbers."""

import io
from datetime import date, timedelta
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F, Value
from django.test import Client
from django.utils import timezone

from accounts.models import ActivationCode, Message, Office, Registration, User
from accounts.selectors.demo_inbox import demo_messages
from accounts.selectors.issuing import days_left, overdue_count, ready, statistics
from accounts.services import imports, letters, messages, registration, two_people
from accounts.services.letters import Given
from accounts.services.two_people import Asked, Kind
from portal.lib.identifiers import group_activation_code
from tests.accounts.declarations import ADDRESS, PASSWORD, checked, issued, registered
from tests.procedures.documents.sheets import text_of

pytestmark = pytest.mark.django_db

HEADINGS = ",".join(imports.HEADINGS)
ROW = "Nguyễn Thị Hằng,1/2/1960,nữ,0119000009,001160000018,0912345678,hang@example.vn,01,001,00001,12 Yên Phụ"


@pytest.fixture
def hanoi(offices: dict[str, Office]) -> Office:
    return offices["ha-noi"]


@pytest.fixture
def counter(client: Client, issuer: User) -> Client:
    client.force_login(issuer)
    return client


def pages_of(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def ready_for(office: Office, issuer: User, count: int) -> list[Registration]:
    return [
        checked(registered(office, bhxh_number=f"01190{number:05d}"), issuer)
        for number in range(1, count + 1)
    ]


def waiting_since(declared: Registration, days: int) -> Registration:
    Registration.objects.filter(pk=declared.pk).update(
        submitted_at=F("submitted_at") - Value(timedelta(days=days))
    )
    declared.refresh_from_db()
    return declared


class TestTheLimit:
    @pytest.mark.parametrize(("days", "left"), [(0, 3), (2, 1), (3, 0), (4, -1), (30, -27)])
    def test_is_three_days_of_the_calendar(self, hanoi: Office, days: int, left: int) -> None:
        assert days_left(waiting_since(registered(hanoi), days), timezone.localdate()) == left

    def test_is_shown_and_counted_when_it_has_passed(
        self, counter: Client, hanoi: Office, issuer: User
    ) -> None:
        waiting_since(registered(hanoi), 3)
        assert overdue_count(issuer) == 0
        waiting_since(registered(hanoi, bhxh_number="0119000010"), 4)
        assert overdue_count(issuer) == 1
        page = counter.get("/cap-ma/").text
        assert "quá hạn" in page
        assert "1 đăng ký đã chờ quá 3 ngày" in page


class TestALetter:
    def test_is_a_pdf_with_the_code_that_is_good_for_21_days(
        self, counter: Client, hanoi: Office, issuer: User
    ) -> None:
        declared = checked(registered(hanoi), issuer)
        answer = counter.post(f"/cap-ma/{declared.public_id}/cap/", {"after": 0, "paper": "1"})
        assert answer["Content-Type"] == "application/pdf"
        assert "no-store" in answer["Cache-Control"]
        assert pages_of(answer.content) == 1
        kept = ActivationCode.objects.get()
        assert kept.is_on_paper
        assert kept.expires_at - kept.issued_at > timedelta(days=20, hours=23)

    def test_still_opens_the_account_after_20_days(self, hanoi: Office, issuer: User) -> None:
        declared = checked(registered(hanoi), issuer)
        code = registration.issue(declared, issuer, is_on_paper=True)
        ActivationCode.objects.update(expires_at=F("expires_at") - Value(timedelta(days=20)))
        assert registration.activate(code, PASSWORD, ADDRESS)

    def test_holds_what_the_person_needs(self, hanoi: Office, issuer: User, tmp_path: Any) -> None:
        _declared, code = issued(hanoi, issuer)
        pdf = letters.activation_letters([Given(ActivationCode.objects.get(), code)])
        text = text_of(pdf)
        for words in (group_activation_code(code), "Nguyễn Thị Hằng", "0119000009", "/kich-hoat/"):
            assert words in text
        assert f"/kich-hoat/{code}" not in text

    def test_of_a_reissue_may_be_on_paper_too(
        self, client: Client, hanoi: Office, issuer: User, second_issuer: User
    ) -> None:
        declared, _code = issued(hanoi, issuer)
        act = two_people.ask(declared, issuer, Asked(kind=Kind.REISSUE, reason="Mất phiếu."))
        client.force_login(second_issuer)
        answer = client.post(f"/cap-ma/hai-nguoi/{act.public_id}/duyet/", {"paper": "1"})
        assert answer["Content-Type"] == "application/pdf"


class TestManyAtOnce:
    def test_make_one_file_with_a_page_each(self, counter: Client, hanoi: Office, issuer: User) -> None:
        able = ready_for(hanoi, issuer, 3)
        registered(hanoi, bhxh_number="0119999999")  # not checked yet
        assert list(ready(issuer)) == able
        chosen = [str(declared.public_id) for declared in able[:2]]
        answer = counter.post("/cap-ma/cap-nhieu/", {"chosen": chosen})
        assert pages_of(answer.content) == 2
        assert list(ready(issuer)) == able[2:]

    def test_leave_out_those_of_another_office_and_nonsense(
        self, counter: Client, offices: dict[str, Office], issuer_elsewhere: User
    ) -> None:
        other = checked(registered(offices["ho-chi-minh"]), issuer_elsewhere)
        chosen = [str(other.public_id), "x", "\0", "' or 1=1--"]
        assert counter.post("/cap-ma/cap-nhieu/", {"chosen": chosen}).status_code == 302
        assert not ActivationCode.objects.exists()

    def test_leave_out_a_check_that_was_taken_back(self, hanoi: Office, issuer: User) -> None:
        declared = checked(registered(hanoi), issuer)
        checked(declared, issuer, full_name="Nguyễn Thị Hạnh")
        assert not list(ready(issuer))


class TestARefusal:
    def test_has_a_form_to_hand_over(self, counter: Client, hanoi: Office, issuer: User) -> None:
        declared = registered(hanoi)
        url = f"/cap-ma/{declared.public_id}/01-tb-gddt.pdf"
        assert counter.get(url).status_code == 404
        registration.refuse(declared, issuer, "Ảnh trên CCCD không phải ông/bà.")
        answer = counter.get(url)
        assert answer["Content-Type"] == "application/pdf"
        assert "Ảnh trên CCCD" in text_of(answer.content)

    def test_sends_the_form_with_the_letter(
        self, hanoi: Office, issuer: User, tmp_path: Any, settings: Any
    ) -> None:
        settings.DEMO_INBOX_DIR = tmp_path
        registration.refuse(registered(hanoi), issuer, "Ảnh trên CCCD không phải ông/bà.")
        messages.send(Message.objects.get().pk)
        assert demo_messages()[0].attachments == ["01-TB-GDDT.pdf"]


class TestTheNumbers:
    def test_are_by_clerk_and_day(
        self, counter: Client, hanoi: Office, issuer: User, second_issuer: User
    ) -> None:
        _declared, code = issued(hanoi, issuer)
        registration.activate(code, PASSWORD, ADDRESS)
        issued(hanoi, second_issuer, bhxh_number="0119000010")
        rows = {row.clerk: (row.issued, row.activated, row.reissued) for row in statistics(issuer)}
        assert rows == {issuer.full_name: (1, 1, 0), second_issuer.full_name: (1, 0, 0)}
        assert issuer.full_name in counter.get("/cap-ma/thong-ke/").text

    def test_mark_who_gave_out_far_more_than_usual(
        self, hanoi: Office, issuer: User, second_issuer: User
    ) -> None:
        for number in range(12):
            issued(hanoi, issuer, bhxh_number=f"01190{number:05d}")
        for day in range(5):
            issued(hanoi, second_issuer, bhxh_number=f"01191{day:05d}")
            last = ActivationCode.objects.order_by("-pk")[:1].get()
            ActivationCode.objects.filter(pk=last.pk).update(
                issued_at=F("issued_at") - Value(timedelta(days=day))
            )
        assert {row.clerk for row in statistics(issuer) if row.is_outlier} == {issuer.full_name}

    def test_are_the_own_offices_only(self, hanoi: Office, issuer: User, issuer_elsewhere: User) -> None:
        issued(hanoi, issuer)
        assert statistics(issuer_elsewhere) == []


class TestAList:
    def send(self, counter: Client, content: bytes | str, **more: str) -> Any:
        raw = content.encode() if isinstance(content, str) else content
        file = SimpleUploadedFile("ds.csv", raw, "text/csv")
        return counter.post("/cap-ma/nhap-danh-sach/", {"file": file, **more})

    def test_is_tried_before_anything_is_kept(self, counter: Client) -> None:
        page = self.send(counter, f"{HEADINGS}\n{ROW}\n")
        assert "1 dòng dùng được, 0 dòng phải sửa" in page.text
        assert not Registration.objects.exists()
        text = page.context["text"]
        assert counter.post("/cap-ma/nhap-danh-sach/", {"content": text, "keep": "1"}).status_code == 302
        kept = Registration.objects.get()
        assert (kept.full_name, kept.birth_date) == ("Nguyễn Thị Hằng", date(1960, 2, 1))
        assert kept.office.key == "ha-noi"

    def test_names_every_bad_row(self, counter: Client) -> None:
        bad = ROW.replace("0119000009", "12"), ROW.replace("1/2/1960", "31/2/1960"), ROW.replace("nữ", "x")
        trial = self.send(counter, "\n".join([HEADINGS, *bad, ROW])).context["trial"]
        assert [row.number for row in trial.bad] == [2, 3, 4]
        assert all(row.errors for row in trial.bad)
        assert len(trial.good) == 1

    def test_sent_twice_is_kept_once(self, counter: Client) -> None:
        for _ in range(2):
            self.send(counter, f"{HEADINGS}\n{ROW}", keep="1")
        assert Registration.objects.count() == 1

    def test_finds_a_number_twice_in_it(self, counter: Client) -> None:
        trial = self.send(counter, "\n".join([HEADINGS, ROW, ROW])).context["trial"]
        assert (len(trial.good), [row.number for row in trial.bad]) == (1, [3])

    @pytest.mark.parametrize("start", ["=", "@", "+", "-", "=cmd|' /C calc'!A0", "\t="])
    def test_takes_no_formula(self, counter: Client, start: str) -> None:
        trial = self.send(counter, f"{HEADINGS}\n{ROW.replace('12 Yên', start + '12 Yên')}").context["trial"]
        assert not trial.good
        assert "công thức" in trial.bad[0].errors[0]

    def test_reads_semicolons_a_bom_and_lost_zeros(self, counter: Client) -> None:
        row = ROW.replace("0119000009", "119000009").replace(",01,001,00001,", ",1,1,1,").replace(",", ";")
        content = "\ufeff" + HEADINGS.upper().replace(",", ";") + "\r\n" + row + "\r\n"
        assert len(self.send(counter, content).context["trial"].good) == 1

    @pytest.mark.parametrize(
        "content",
        [
            "",
            "x",
            HEADINGS,
            "ho_ten,ngay_sinh\na,b",
            ROW,
            "\0" * 50,
            HEADINGS.encode("utf-16"),
            "Nguyễn".encode("cp1258", "replace"),
            b"PK\x03\x04xlsx",
            HEADINGS + "\n" + "\n".join([ROW] * 501),
            HEADINGS + "\n" + "x" * 300_000,
            HEADINGS + '\n"unclosed,' + "y" * 140_000,
        ],
    )
    def test_that_is_none_is_refused_in_words(self, counter: Client, content: bytes | str) -> None:
        answer = self.send(counter, content)
        assert answer.status_code == 422
        assert answer.context["form"].errors["file"]
        assert not Registration.objects.exists()

    @pytest.mark.parametrize(
        "row", [",,,,,,,,,,x", "a" * 5000, ROW + ",more,and,more", "\u202e" + ROW, "' or 1=1--"]
    )
    def test_bears_odd_rows(self, counter: Client, row: str) -> None:
        assert self.send(counter, f"{HEADINGS}\n{row}").status_code == 200

    @pytest.mark.parametrize("role", ["officer", "contributor", "head"])
    def test_is_the_issuers_matter(self, client: Client, request: pytest.FixtureRequest, role: str) -> None:
        client.force_login(request.getfixturevalue(role))
        assert client.get("/cap-ma/nhap-danh-sach/").status_code == 404
