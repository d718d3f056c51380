"""Offices that merge: everything open follows in one act, everything settled stays as it was."""

import threading
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Office, Registration, User
from accounts.selectors.offices import office_book
from portal.lib.identifiers import parse_reference
from procedures.domain.lifecycle import Status
from procedures.models import Dispatch, Dossier, DossierEvent, Succession, SuccessionMove
from procedures.selectors.queue import ANY_STATUS, Wanted, dossier_in_office, queue_of
from procedures.selectors.reconciliation import reconcile
from procedures.selectors.statistics.dossiers import dossiers_behind
from procedures.selectors.statistics.extent import ANNEX, Extent, Level, View
from procedures.selectors.statistics.recount import recount
from procedures.selectors.statistics.table import rate_table
from procedures.services import tallies
from procedures.services.references import next_reference
from procedures.services.succession import MOVED, note_moves, succeed
from procedures.services.succession_plan import COLUMNS, Plan, PlanRefused, read_plan
from tests import makers
from tests.statistics.annex_facts import facts, load, printed_annex

pytestmark = pytest.mark.django_db

Offices = dict[str, Office]
PLAN_2025 = Path(__file__).parents[2] / "procedures" / "data" / "offices-2025.csv"
HEADER = ",".join(COLUMNS)
# Hà Nội with a neighbour, so that the cast is among those who move.
SMALL = f"""{HEADER}
ha-noi,thu-do-moi,Thủ đô,BHXH Thủ đô,017,17
hoa-binh,thu-do-moi,Thủ đô,BHXH Thủ đô,017,17
"""


def plan_2025(on: date = date(2025, 7, 1)) -> Plan:
    return read_plan(PLAN_2025.read_text(encoding="utf-8"), on)


def small(on: date | None = None) -> Plan:
    return read_plan(SMALL, on or timezone.localdate())


def test_the_plan_of_2025_is_that_of_the_facts() -> None:
    plan = plan_2025()
    assert len(plan.closed) == 52
    assert len(plan.successors) == 23
    merged: dict[str, set[str]] = {}
    for line in facts():
        merged.setdefault(line["successor_2025_name"], set()).add(line["code"])
    by_name = {one.official_name.removeprefix("BHXH "): one for one in plan.successors}
    assert set(by_name) == {name for name, codes in merged.items() if len(codes) > 1}
    for line in facts():
        if one := by_name.get(line["successor_2025_name"]):
            assert (one.province_code, one.code) == (
                line["successor_2025_code"],
                "0" + line["successor_2025_code"],
            )


def test_63_offices_become_34_and_totals_then_and_now_agree(offices: Offices) -> None:
    load(1000)
    succeed(plan_2025())
    assert Office.objects.filter(successor__isnull=True).count() == 34
    then = rate_table(ANNEX)
    now = rate_table(Extent(first=ANNEX.first, last=ANNEX.last, view=View.NOW))
    assert (len(then.rows), len(now.rows)) == (63, 34)
    assert then.total.count == now.total.count
    assert {row.place for row in now.rows} == set(range(1, 35))
    for level in (Level.REGION, Level.COUNTRY):
        for view in View:
            extent = Extent(first=ANNEX.first, last=ANNEX.last, level=level, view=view)
            assert rate_table(extent).total.count == then.total.count
    assert recount().mismatches == []


@pytest.mark.usefixtures("annex_counts")
def test_the_annex_still_prints_its_63_names_after_the_merger() -> None:
    succeed(plan_2025())
    assert [row.figures for row in rate_table(ANNEX).rows] == printed_annex()


def test_a_new_office_with_an_old_code_is_another_office(offices: Offices) -> None:
    """Code 15 was Yên Bái's and is Lào Cai's: no key, no row and no number of a dossier is shared."""
    today = timezone.localdate()
    old = [next_reference(offices["yen-bai"], today) for _ in range(3)]
    succeed(plan_2025(today))
    new = Office.objects.get(key="lao-cai-2025")
    assert (new.code, offices["yen-bai"].code) == ("015", "015")
    reference = next_reference(new, today)
    assert reference not in old
    assert parse_reference(reference).sequence == 4


def test_open_dossiers_staff_and_registrations_follow_and_settled_ones_stay(
    contributor: User, pensioner: User, outsider: User, officer: User, officer_elsewhere: User
) -> None:
    queued, filed = makers.queued(contributor), makers.filed(pensioner, "dinh_cu")
    settled, elsewhere = makers.withdrawn(contributor, "du_tuoi"), makers.queued(outsider)
    Registration.objects.filter(user=pensioner).update(status=Registration.Status.WAITING)
    outcome = succeed(small())
    assert outcome.moved == {"ha-noi → thu-do-moi": 2}
    places = dict(Dossier.objects.values_list("pk", "office_id"))
    assert places == {
        queued.pk: "thu-do-moi",
        filed.pk: "thu-do-moi",
        settled.pk: "ha-noi",
        elsewhere.pk: "dak-lak",
    }
    officer.refresh_from_db()
    assert officer.office_id == "thu-do-moi"
    assert [dossier.pk for dossier in queue_of(officer).dossiers] == [queued.pk]
    assert queue_of(officer_elsewhere).dossiers == []
    assert outcome.registrations == 1
    assert Dispatch.objects.get(filing__dossier=filed).office_id == "thu-do-moi"
    makers.deliver(filed)
    assert len(queue_of(officer).dossiers) == 2
    assert reconcile().is_balanced


def test_old_references_still_find_their_dossier(offices: Offices, contributor: User) -> None:
    dossier = makers.queued(contributor)
    succeed(small())
    moved = Dossier.objects.get(reference=dossier.reference)
    assert moved.pk == dossier.pk
    assert str(moved.reference).startswith("DEMO-001-")


def test_a_filing_is_counted_where_it_was_made_and_a_decision_where_it_was_taken(
    offices: Offices, contributor: User, hq: User, officer: User
) -> None:
    dossier = makers.queued(contributor)
    succeed(small())
    makers.withdrawal.withdraw(dossier, contributor)
    tallies.fold_all()
    assert recount().mismatches == []
    today = timezone.localdate()
    extent = Extent(first=today, last=today)
    table = rate_table(extent)
    assert {row.key: row.count.total for row in table.rows if row.count.total} == {"ha-noi": 1}
    assert [one.pk for one in dossiers_behind(hq, extent, "ha-noi").dossiers] == [dossier.pk]
    assert dossiers_behind(hq, extent, "thu-do-moi").dossiers == []
    now = Extent(first=today, last=today, view=View.NOW)
    assert [one.pk for one in dossiers_behind(hq, now, "thu-do-moi").dossiers] == [dossier.pk]
    officer.refresh_from_db()
    assert [one.pk for one in dossiers_behind(officer, extent, "ha-noi").dossiers] == [dossier.pk]


def test_a_rehearsal_tells_everything_and_changes_nothing(
    offices: Offices, contributor: User, officer: User, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    makers.queued(contributor)
    file = tmp_path / "plan.csv"
    file.write_text(SMALL, encoding="utf-8")
    today = timezone.localdate()
    call_command("succeed_offices", file, on=today, dry_run=True)
    said = capsys.readouterr().out
    assert "ha-noi → thu-do-moi: 1 hồ sơ" in said
    assert "63 → 62 cơ quan" in said
    assert Office.objects.count() == 63
    assert Dossier.objects.get().office_id == "ha-noi"
    assert Succession.objects.count() == SuccessionMove.objects.count() == 0
    call_command("succeed_offices", file, on=today)
    assert Dossier.objects.get().office_id == "thu-do-moi"
    assert Succession.objects.get().outcome["moved"] == {"ha-noi → thu-do-moi": 1}
    with pytest.raises(CommandError, match="kế thừa"):
        call_command("succeed_offices", file, on=today)


def test_the_move_is_written_into_the_history_and_the_log(offices: Offices, contributor: User) -> None:
    dossier = makers.queued(contributor)
    succeed(small())
    assert note_moves() == 1
    assert note_moves() == 0
    event = DossierEvent.objects.get(dossier=dossier, act=MOVED)
    assert (event.detail["from"], event.detail["to"], event.status) == ("ha-noi", "thu-do-moi", "queued")
    assert event.leaf.content


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ("xyz,moi,Mới,BHXH Mới,017,17", "Không có cơ quan"),
        ("ha-noi,moi,Mới,BHXH Mới,17,17", "mã cơ quan"),
        ("ha-noi,moi,,BHXH Mới,017,17", "thiếu khóa hoặc tên"),
        ("ha-noi,Mới,Mới,BHXH Mới,017,17", "thiếu khóa hoặc tên"),
        ("ha-noi,moi,Mới,BHXH Mới,017,17\nha-noi,moi,Mới,BHXH Mới,017,17", "có hai lần"),
        ("ha-noi,moi,Mới,BHXH Mới,017,17\nhoa-binh,moi,Khác,BHXH Mới,017,17", "khác dòng trước"),
        ("ha-noi,hoa-binh,Hòa Bình,BHXH Hòa Bình,017,17\nhoa-binh,moi,Mới,BHXH Mới,018,18", "vừa thôi"),
        ("ha-noi,hoa-binh,Hòa Bình,BHXH Hòa Bình,099,99", "tên hoặc mã khác"),
        ("", "không có dòng nào"),
    ],
)
def test_a_plan_that_can_not_be_is_refused_before_anything_happens(
    offices: Offices, lines: str, fault: str
) -> None:
    with pytest.raises(PlanRefused, match=fault):
        succeed(read_plan(f"{HEADER}\n{lines}\n", date(2025, 7, 1)))
    assert Office.objects.filter(successor__isnull=False).count() == 0


def test_a_plan_with_other_columns_is_refused() -> None:
    with pytest.raises(PlanRefused, match="Các cột"):
        read_plan("a,b\n1,2\n", date(2025, 7, 1))


def test_an_office_can_take_over_a_neighbour_and_stay_itself(offices: Offices, contributor: User) -> None:
    ha_noi = offices["ha-noi"]
    line = f"hoa-binh,ha-noi,{ha_noi.name},{ha_noi.official_name},{ha_noi.code},01"
    dossier = makers.queued(contributor)
    outcome = succeed(read_plan(f"{HEADER}\n{line}\n", timezone.localdate()))
    assert (outcome.offices_after, outcome.dossiers) == (62, 0)
    dossier.refresh_from_db()
    assert dossier.office_id == "ha-noi"


def test_whoever_still_writes_the_old_key_writes_the_successors(offices: Offices, contributor: User) -> None:
    """A filing that began before the merger ends in an office that stands; what is settled is left alone."""
    dossier = makers.queued(contributor)
    settled = makers.withdrawn(contributor, "dinh_cu")
    succeed(small())
    Dossier.objects.filter(pk__in=[dossier.pk, settled.pk]).update(office_id="hoa-binh")
    assert Dossier.objects.get(pk=dossier.pk).office_id == "thu-do-moi"
    assert Dossier.objects.get(pk=settled.pk).office_id == "hoa-binh"


def wait_for_a_waiter() -> None:
    """Until another transaction of this database waits for a lock."""
    until = time.monotonic() + 20
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.05)
    raise AssertionError("nobody waits")


@pytest.mark.django_db(transaction=True)
def test_a_filing_during_the_merger_waits_and_ends_with_the_successor(
    offices: Offices, contributor: User, pensioner: User
) -> None:
    waiting, racing = makers.queued(contributor), makers.draft(pensioner)
    results: list[str] = []

    def file() -> None:
        makers.sign(racing)
        results.append("filed")
        connection.close()

    filer = threading.Thread(target=file)
    with transaction.atomic():
        Office.objects.select_for_update(no_key=True).get(key="ha-noi")  # the merger has begun
        filer.start()
        wait_for_a_waiter()
        succeed(small())
    filer.join(20)
    assert results == ["filed"]
    found = Dossier.objects.get(pk=racing.pk)
    assert (found.office_id, found.status) == ("thu-do-moi", Status.FILED)
    assert Dispatch.objects.get(filing__dossier=racing).office_id == "thu-do-moi"
    assert Dossier.objects.get(pk=waiting.pk).office_id == "thu-do-moi"
    tallies.fold_all()
    assert recount().mismatches == []


def test_years_later_offices_merge_again(offices: Offices, contributor: User, hq: User) -> None:
    dossier = makers.queued(contributor)
    succeed(small(timezone.localdate() - timedelta(days=1)))
    again = f"{HEADER}\nthu-do-moi,vung-thu-do,Vùng Thủ đô,BHXH Vùng Thủ đô,018,18\n"
    succeed(read_plan(again, timezone.localdate()))
    dossier.refresh_from_db()
    assert dossier.office_id == "vung-thu-do"
    assert recount().mismatches == []
    today = timezone.localdate()
    now = rate_table(Extent(first=today, last=today, view=View.NOW))
    assert {row.key for row in now.rows if row.count.total} == {"vung-thu-do"}
    assert dossiers_behind(hq, Extent(first=today, last=today), "ha-noi").number == 1


# --- what else follows ----------------------------------------------------------------------------


def test_people_of_a_merged_province_file_with_the_successor(offices: Offices, contributor: User) -> None:
    before = makers.draft(contributor)
    succeed(small())
    filed = makers.sign(before)
    assert (filed.office_id, filed.status) == ("thu-do-moi", Status.FILED)
    assert str(filed.reference).startswith("DEMO-017-")


def test_old_province_codes_lead_to_the_office_of_today(offices: Offices) -> None:
    succeed(plan_2025())
    book = office_book()
    serving = {code: office.key for code, office in book.by_province().items()}
    for line in facts():
        merged = Office.objects.get(key=serving[line["code"]])
        assert merged.province_code == line["successor_2025_code"]
    assert book.in_force("yen-bai") == book.in_force("lao-cai") == Office.objects.get(key="lao-cai-2025")
    assert book.in_force("ha-noi").key == "ha-noi"


def test_officers_open_what_their_offices_predecessor_settled(
    contributor: User, officer: User, officer_elsewhere: User
) -> None:
    settled = makers.withdrawn(contributor)
    succeed(small())
    officer.refresh_from_db()
    assert dossier_in_office(officer, settled.public_id).pk == settled.pk
    assert [one.pk for one in queue_of(officer, Wanted(status=ANY_STATUS)).dossiers] == [settled.pk]
    with pytest.raises(Dossier.DoesNotExist):
        dossier_in_office(officer_elsewhere, settled.public_id)


def test_loaded_dossiers_contradict_nothing(offices: Offices, contributor: User) -> None:
    load(2000)
    makers.queued(contributor)
    assert reconcile().is_balanced
