"""Hàng chờ: what an officer sees first in the morning."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from portal.lib.vietnamese import format_date
from procedures.selectors import queue as selectors
from procedures.selectors.queue import COUNTED, PAGE, Cursor, Wanted, queue_of, queue_with_total, total_of
from tests import makers
from tests.procedures.casework.pages import link, references, text

QUEUE = "/can-bo/"
Citizen = Callable[..., User]


def many(citizen: Citizen, count: int, due_in: int = 5) -> list[str | None]:
    """References of so many dossiers of as many people, all due on one day."""
    made = []
    for number in range(count):
        filer = citizen(f"012000{number:04d}", "Lê Văn Ba")
        made.append(makers.due_on(makers.queued(filer), due_in).reference)
    return made


def test_the_dossier_due_soonest_stands_first(desk: Client, citizen: Citizen) -> None:
    later = makers.due_on(makers.queued(citizen("0120000001", "Lê Văn Ba")), 9)
    sooner = makers.due_on(makers.queued(citizen("0120000002", "Lê Văn Tư")), 2)
    assert references(desk.get(QUEUE)) == [sooner.reference, later.reference]


def test_a_row_says_who_what_since_when_until_when_and_what_is_awaited(
    desk: Client, contributor: User
) -> None:
    dossier = makers.queued(contributor, on_paper=["so_bhxh"])
    page = text(desk.get(QUEUE))
    assert dossier.reference in page
    for words in ("Nguyễn Thị Hằng", "Rút BHXH một lần", "Đang giải quyết", "Sổ bảo hiểm xã hội"):
        assert words in page
    assert format_date(timezone.localdate()) in page
    assert "chưa có ngày hẹn" in page


def test_what_is_late_and_what_is_nearly_so_is_said_in_words(desk: Client, citizen: Citizen) -> None:
    makers.due_on(makers.queued(citizen("0120000001", "Lê Văn Ba")), -1)
    makers.due_on(makers.queued(citizen("0120000002", "Lê Văn Tư")), 0)
    page = text(desk.get(QUEUE))
    assert "quá hạn" in page
    assert "hôm nay" in page
    assert "2 hồ sơ, 1 quá hạn" in page


def test_while_the_filer_is_to_supplement_the_row_says_until_when(
    desk: Client, contributor: User, officer: User
) -> None:
    dossier = makers.supplement_requested(contributor, officer)
    answer_by = dossier.supplement_requests.get().answer_by
    assert f"tạm dừng, chờ bổ sung đến hết ngày {format_date(answer_by)}" in text(desk.get(QUEUE))


def test_an_empty_queue_says_so(desk: Client) -> None:
    assert "Không còn hồ sơ nào chờ xử lý" in text(desk.get(QUEUE))


def test_a_head_of_office_sees_the_queue_too(head: User, contributor: User) -> None:
    dossier = makers.queued(contributor)
    client = Client()
    client.force_login(head)
    assert references(client.get(QUEUE)) == [dossier.reference]


# --- what is in it --------------------------------------------------------------------------------


def test_drafts_and_dossiers_on_their_way_are_not_in_the_queue(
    desk: Client, contributor: User, pensioner: User
) -> None:
    makers.draft(contributor)
    makers.filed(pensioner)
    for status in ("", "all", "draft", "filed"):
        assert references(desk.get(QUEUE, {"trang_thai": status})) == []


def test_settled_dossiers_show_when_asked_for(desk: Client, contributor: User, officer: User) -> None:
    dossier = makers.approved(contributor, officer)
    assert references(desk.get(QUEUE)) == []
    assert references(desk.get(QUEUE, {"trang_thai": "approved"})) == [dossier.reference]
    assert references(desk.get(QUEUE, {"trang_thai": "all"})) == [dossier.reference]
    assert references(desk.get(QUEUE, {"trang_thai": "refused"})) == []


def test_a_dossier_withdrawn_before_it_came_never_was_the_office_s(desk: Client, contributor: User) -> None:
    dossier = makers.filed(contributor)
    makers.withdrawal.withdraw(dossier, contributor)
    assert references(desk.get(QUEUE, {"trang_thai": "all"})) == []


def test_a_supplemented_dossier_is_back_and_says_so_while_on_its_way(
    desk: Client, contributor: User, officer: User
) -> None:
    asked = makers.supplement_requested(contributor, officer)
    on_its_way = makers.answered(asked)
    assert references(desk.get(QUEUE)) == []
    page = desk.get(reverse("casework:dossier", kwargs={"public_id": on_its_way.public_id}))
    assert "Người nộp đã nộp bổ sung" in text(page)
    makers.deliver(on_its_way)
    assert references(desk.get(QUEUE)) == [on_its_way.reference]


# --- search and filters ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "nguyen thi hang",
        "HẰNG nguyễn",
        "Nguyễn Thị Hằng",
        "0119000001",
        "0119 000 001",
        "001160000018",
        "+84 919 000 001",
        "0919.000.001",
    ],
)
def test_a_person_is_found_by_name_without_accents_and_by_number(
    desk: Client, contributor: User, pensioner: User, words: str
) -> None:
    wanted = makers.queued(contributor)
    makers.queued(pensioner)
    assert references(desk.get(QUEUE, {"q": words})) == [wanted.reference]


def test_a_reference_is_found_however_it_is_typed(desk: Client, contributor: User, pensioner: User) -> None:
    wanted = makers.queued(contributor)
    makers.queued(pensioner)
    assert wanted.reference
    for typed in (wanted.reference, wanted.reference.lower().replace("-", " "), wanted.reference[:-7]):
        assert wanted.reference in references(desk.get(QUEUE, {"q": typed}))
    assert references(desk.get(QUEUE, {"q": wanted.reference})) == [wanted.reference]


def test_names_of_the_central_highlands_are_found(desk: Client, citizen: Citizen) -> None:
    wanted = makers.queued(citizen("0120000001", "H'Hen Niê"))
    assert references(desk.get(QUEUE, {"q": "h'hen nie"})) == [wanted.reference]
    assert references(desk.get(QUEUE, {"q": "H’Hen"})) == [wanted.reference]


@pytest.mark.parametrize("nearest", [(1, 1), (1, 3), (2, 5), (400, 4_000)])
@pytest.mark.parametrize("status", ["", "all"])
def test_words_find_the_same_by_reading_the_nearest_and_by_the_index(
    officer: User, citizen: Citizen, monkeypatch: pytest.MonkeyPatch, status: str, nearest: tuple[int, int]
) -> None:
    """With one dossier read the index finds all; with 4,000 nothing is left for it."""
    monkeypatch.setattr(selectors, "NEAREST", nearest)
    found = []
    for number, name in enumerate(
        ["Lê Văn Ba", "Đỗ Thị Tư", "Lê Thị Ba", "Lê Văn Ba", "Văn Lê Nam", "Lê Ba"]
    ):
        dossier = makers.due_on(makers.queued(citizen(f"012000{number:04d}", name)), number)
        found += [dossier.reference] if "Lê" in name and "Ba" in name else []
    expected = found if status == "" else found[::-1]
    wanted = Wanted(words="lê ba", status=status)
    pages = [queue_of(officer, wanted, size=2)]
    while pages[-1].next:
        pages.append(queue_of(officer, wanted, after=pages[-1].next, size=2))
    assert [one.reference for page in pages for one in page.dossiers] == expected
    assert total_of(officer, wanted).number == len(expected)
    back = queue_of(officer, wanted, before=pages[-1].previous, size=2)
    assert [one.reference for one in back.dossiers] == expected[:2]


@pytest.mark.parametrize(
    "words", ["%", "_", "\\", "'; DROP TABLE", "\x00", "x" * 5000, "🙂", "nguyen thi hangx"]
)
def test_odd_words_find_nothing_and_break_nothing(desk: Client, contributor: User, words: str) -> None:
    makers.queued(contributor)
    response = desk.get(QUEUE, {"q": words})
    assert response.status_code == 200
    assert references(response) == [] or words == "\x00"


def test_nothing_found_leads_to_the_dossiers_that_are_settled(
    desk: Client, contributor: User, officer: User
) -> None:
    dossier = makers.approved(contributor, officer)
    page = desk.get(QUEUE, {"q": "hang"})
    assert "Không có hồ sơ nào khớp" in text(page)
    assert "trang_thai=all" in page.content.decode()
    assert references(desk.get(QUEUE, {"q": "hang", "trang_thai": "all"})) == [dossier.reference]


def test_a_procedure_can_be_asked_for(desk: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)
    assert references(desk.get(QUEUE, {"thu_tuc": "bhxh_mot_lan"})) == [dossier.reference]
    assert references(desk.get(QUEUE, {"thu_tuc": "tro_cap_dinh_cu"})) == []


def test_unknown_filters_are_as_if_they_were_not_there(desk: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)
    query = {
        "thu_tuc": "khong_co",
        "trang_thai": "xyz",
        "office": "ho-chi-minh",
        "sau": "abc",
        "truoc": "1_2",
    }
    assert references(desk.get(QUEUE, query)) == [dossier.reference]


def test_what_was_typed_into_the_filters_is_still_there(desk: Client) -> None:
    page = desk.get(QUEUE, {"q": "Lê <Văn> Ba", "trang_thai": "approved"}).content.decode()
    assert "Lê &lt;Văn&gt; Ba" in page
    assert '<option value="approved" selected>' in page


# --- pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["", "all"])
def test_pages_lead_on_and_back_without_losing_or_doubling_a_dossier(
    officer: User, citizen: Citizen, status: str
) -> None:
    made = many(citizen, 5)
    wanted, expected = Wanted(status=status), made if status == "" else made[::-1]
    pages = [queue_of(officer, wanted, size=2)]
    while pages[-1].next:
        pages.append(queue_of(officer, wanted, after=Cursor.parse(str(pages[-1].next)), size=2))
    assert [[one.reference for one in page.dossiers] for page in pages] == [
        expected[:2],
        expected[2:4],
        expected[4:],
    ]
    for earlier, later in pairwise(pages):
        back = queue_of(officer, wanted, before=Cursor.parse(str(later.previous)), size=2)
        assert back.dossiers == earlier.dossiers
        assert (back.previous is None) == (earlier is pages[0])
        assert str(back.next) == str(earlier.next)


def test_the_buttons_lead_on_and_back_and_the_filters_stay(desk: Client, citizen: Citizen) -> None:
    made = many(citizen, PAGE + 1)
    first = desk.get(QUEUE, {"q": "le van", "thu_tuc": "bhxh_mot_lan"})
    second = desk.get(link(first, "next"))
    assert references(first) + references(second) == made
    assert "q=le+van&thu_tuc=bhxh_mot_lan" in link(first, "next")
    assert references(desk.get(link(second, "prev"))) == references(first)
    assert (link(first, "prev"), link(second, "next")) == ("", "")


def test_a_page_that_has_emptied_shows_the_first_one(desk: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)
    last = Cursor(timezone.localdate() + timedelta(days=400), 10**9)
    assert references(desk.get(QUEUE, {"sau": str(last)})) == [dossier.reference]
    first = Cursor(timezone.localdate() - timedelta(days=400), 0)
    assert references(desk.get(QUEUE, {"truoc": str(first)})) == [dossier.reference]


MANGLED = """
_ 2019-08-20 2019-13-40_1 2019-08-20_x x_1 2019-08-20_-5 2019-08-20T10:00:00.000000Z_1
2019-08-20T10:00:00_1 0001-01-01_1
"""


@pytest.mark.parametrize("cursor", [*MANGLED.split(), "", "\x00_\x00", "9999-12-31_" + "9" * 30, "1" * 9000])
def test_a_mangled_place_in_the_list_is_no_error(desk: Client, contributor: User, cursor: str) -> None:
    dossier = makers.queued(contributor)
    for name in ("sau", "truoc"):
        response = desk.get(QUEUE, {name: cursor})
        assert references(response) == [dossier.reference]


def test_a_large_queue_is_counted_only_so_far(officer: User, citizen: Citizen, contributor: User) -> None:
    makers.queued(contributor)
    with CaptureQueriesContext(connection) as queries:
        total_of(officer, Wanted())
    [query] = [one["sql"] for one in queries]
    assert f"LIMIT {COUNTED + 1}" in query
    assert "COUNT" not in query


def test_what_is_found_is_counted_up_to_a_page(desk: Client, citizen: Citizen, officer: User) -> None:
    many(citizen, PAGE + 2)
    total = total_of(officer, Wanted(words="lê"))
    assert (total.number, total.is_more) == (PAGE, True)
    assert f"hơn {PAGE} hồ sơ" in text(desk.get(QUEUE, {"q": "lê"}))


def test_a_search_and_its_total_read_the_list_once(officer: User, contributor: User) -> None:
    makers.queued(contributor)
    with CaptureQueriesContext(connection) as queries:
        page, total = queue_with_total(officer, Wanted(words="nguyen"))
    assert (len(page.dossiers), total.number) == (1, 1)
    assert len(queries) == 2


def test_the_number_of_queries_does_not_grow_with_the_rows(
    desk: Client, citizen: Citizen, officer: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(QUEUE).status_code == 200
        return len([one for one in captured if "SAVEPOINT" not in one["sql"]])

    many(citizen, 1)
    desk.get(QUEUE)
    few = queries()
    for number in range(8):
        filer = citizen(f"013000{number:04d}", "Trần Thị Tư")
        makers.queued(filer, on_paper=["so_bhxh"] if number % 2 else [])
    makers.supplement_requested(citizen("0140000001", "Trần Thị Năm"), officer)
    assert queries() == few
    assert few <= 11
