"""Frozen reports: printed again from their own bytes; what comes in later is a correction, never an edit."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Office, User
from procedures.domain.errors import DomainError
from procedures.models import MonthTally, ReportEdition
from procedures.selectors.statistics.extent import ANNEX, Extent
from procedures.services import reports
from tests import makers
from tests.statistics.annex_facts import printed_annex

pytestmark = pytest.mark.django_db

LETTER = reports.Letter("3040/BHXH-CNTT", date(2019, 8, 20))


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def late_dossiers(number: int) -> None:
    tally = MonthTally.objects.filter(office_id="hau-giang", channel="electronic")
    tally.update(count=tally.get().count + number)


def files_of(client: Client, edition: ReportEdition) -> dict[str, bytes]:
    return {
        kind: client.get(f"/ty-le/bao-cao/{edition.pk}/{kind}/").content for kind in ("csv", "xlsx", "pdf")
    }


@pytest.fixture
def edition(annex_counts: None, hq: User) -> ReportEdition:
    return reports.freeze(ANNEX, hq, letter=LETTER)


def test_a_frozen_annex_keeps_its_63_rows_and_its_letter(edition: ReportEdition) -> None:
    content = reports.content_of(edition)
    assert [tuple(row[1:]) for row in content["rows"]] == printed_annex()
    assert content["total"][1:] == ["", "Toàn quốc", "1.545.438", "4.177.524", "36,99%"]
    assert content["attached_to"] == "Gửi kèm Công văn số 3040/BHXH-CNTT ngày 20/08/2019 của BHXH Việt Nam"


def test_it_prints_the_same_bytes_years_and_changes_later(
    edition: ReportEdition, hq: User, time_machine: object
) -> None:
    before = files_of(browser(hq), edition)
    late_dossiers(1000)
    Office.objects.filter(key="hau-giang").update(annex_name="Đổi tên")
    time_machine.move_to(timezone.now() + timedelta(days=4000))  # type: ignore[attr-defined]
    assert files_of(browser(hq), edition) == before
    assert "Đổi tên".encode() not in before["csv"]


def test_a_late_change_shows_beside_the_frozen_figures(edition: ReportEdition, hq: User) -> None:
    assert reports.changes_since(edition) == []
    late_dossiers(5)
    changes = reports.changes_since(edition)
    assert [(change.name, change.frozen[0], change.now[0]) for change in changes] == [
        ("BHXH Tỉnh Hậu Giang", "1.570", "1.575"),
        ("Toàn quốc", "1.545.438", "1.545.443"),
    ]
    page = browser(hq).get(f"/ty-le/bao-cao/{edition.pk}/").content.decode()
    assert "số liệu đã thay đổi" in page
    assert "1.570 · 54.706 · 2,87%" in page


def test_a_correction_is_another_edition_with_a_reason(edition: ReportEdition, hq: User) -> None:
    with pytest.raises(DomainError):
        reports.correct(edition, hq, "Không có gì đổi")
    late_dossiers(5)
    with pytest.raises(DomainError):
        reports.correct(edition, hq, "  ")
    client = browser(hq)
    client.post(f"/ty-le/bao-cao/{edition.pk}/dinh-chinh/", {"reason": "Hậu Giang báo bổ sung 5 hồ sơ."})
    correction = ReportEdition.objects.get(corrects=edition)
    assert reports.changes_since(correction) == []
    assert reports.content_of(correction)["attached_to"] == reports.content_of(edition)["attached_to"]
    assert "Hậu Giang báo bổ sung 5 hồ sơ." in client.get(f"/ty-le/bao-cao/{edition.pk}/").content.decode()
    late_dossiers(1)
    with pytest.raises(DomainError):
        reports.correct(edition, hq, "Lần nữa")  # the latest is the one to correct


def test_nobody_can_change_or_remove_an_edition(edition: ReportEdition) -> None:
    for statement in ("UPDATE {} SET content = 'x'", "DELETE FROM {}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format("procedures_reportedition"))
    edition.content = b"{}"
    with pytest.raises(ValueError, match="digest"):
        reports.content_of(edition)


def test_a_period_without_dossiers_is_not_frozen(offices: dict[str, Office], hq: User) -> None:
    with pytest.raises(DomainError):
        reports.freeze(Extent(first=date(2015, 1, 1), last=date(2015, 1, 31)), hq)


def test_only_the_headquarters_freezes_and_all_staff_read(
    edition: ReportEdition, officer: User, contributor: User
) -> None:
    address = "/ty-le/bao-cao/chot/?tu=01/01/2019&den=31/08/2019"
    assert browser(officer).get(address).status_code == 404
    assert (
        browser(officer).post(f"/ty-le/bao-cao/{edition.pk}/dinh-chinh/", {"reason": "x"}).status_code == 404
    )
    assert browser(officer).get(f"/ty-le/bao-cao/{edition.pk}/").status_code == 200
    assert browser(contributor).get(f"/ty-le/bao-cao/{edition.pk}/pdf/").status_code == 404


def test_freezing_on_the_page_keeps_what_the_page_showed(annex_counts: None, hq: User) -> None:
    client, address = browser(hq), "/ty-le/bao-cao/chot/?tu=01/01/2019&den=31/08/2019&muc=vung"
    assert "6 dòng" in client.get(address).content.decode()
    response = client.post(address, {"title": "Tỷ lệ theo vùng", "letter": "", "letter_day": ""})
    found = ReportEdition.objects.get()
    assert response["Location"] == f"/ty-le/bao-cao/{found.pk}/"
    assert len(reports.content_of(found)["rows"]) == 6
    assert "Tỷ lệ theo vùng" in client.get("/ty-le/bao-cao/").content.decode()


def test_the_list_of_editions_costs_few_queries(edition: ReportEdition, hq: User) -> None:
    assert browser(hq).get("/ty-le/bao-cao/?sau=x").status_code == 200
    assert browser(hq).get("/ty-le/bao-cao/99999999999999999999/").status_code == 404
    assert browser(hq).get(f"/ty-le/bao-cao/{edition.pk}/exe/").status_code == 404


def test_the_command_freezes_for_somebody_of_the_headquarters(
    annex_counts: None, hq: User, officer: User, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("freeze_report", by=hq.login, letter="3040/BHXH-CNTT", letter_day=date(2019, 8, 20))
    number, digest = capsys.readouterr().out.split()
    assert ReportEdition.objects.get(pk=number).digest == digest
    with pytest.raises(CommandError):
        call_command("freeze_report", by=officer.login)


def test_a_dossier_filed_later_in_the_period_is_a_change(contributor: User, hq: User) -> None:
    makers.filed(contributor)
    today = timezone.localdate()
    kept = reports.freeze(Extent(first=today, last=today), hq)
    makers.filed(contributor, "dinh_cu")
    assert [change.name for change in reports.changes_since(kept)] == ["BHXH Tp. Hà Nội", "Toàn quốc"]
