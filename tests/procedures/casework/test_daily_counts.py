"""Daily counts of paper dossiers from a file of an office."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Office, User
from portal.lib.vietnamese import format_date
from procedures.models import DailyCount
from procedures.selectors.statistics.counts import counts_by
from procedures.selectors.statistics.extent import Extent, Series
from procedures.selectors.statistics.places import all_offices
from procedures.services.imported_counts import import_count
from tests.procedures.casework.pages import text

pytestmark = pytest.mark.django_db
PAGE = reverse("casework:daily_counts")
GOOD = """ngay,thu_tuc,kenh,so_ho_so
1/8/2019,bhxh_mot_lan,trực tiếp,40
1/8/2019,bhxh_mot_lan,bưu chính,3
02/08/2019,tu_tuat,truc tiep,7
"""
AUGUST = Extent(first=date(2019, 8, 1), last=date(2019, 8, 31), series=Series.FIELD)


def sent(client: Client, content: str | bytes, name: str = "thang-8.csv") -> str:
    raw = content.encode() if isinstance(content, str) else content
    return text(client.post(PAGE, {"file": SimpleUploadedFile(name, raw)}))


def kept(client: Client, content: str) -> int:
    return client.post(PAGE, {"content": content, "name": "thang-8.csv", "keep": "1"}).status_code


def test_the_file_is_read_first_and_kept_when_all_is_right(desk: Client, officer: User) -> None:
    assert "3 dòng dùng được, 50 hồ sơ giấy" in sent(desk, GOOD)
    assert not DailyCount.objects.exists()
    assert kept(desk, GOOD) == 302
    rows = DailyCount.objects.order_by("pk").values_list("office_id", "channel", "count")
    assert list(rows) == [("ha-noi", "counter", 40), ("ha-noi", "post", 3), ("ha-noi", "counter", 7)]
    assert "thang-8.csv" in text(desk.get(PAGE))


def test_it_counts_in_the_denominator_of_the_whole_field_only(
    desk: Client, offices: dict[str, Office]
) -> None:
    kept(desk, GOOD)
    there = counts_by("office_id", AUGUST, all_offices())
    assert there["ha-noi"].imported == there["ha-noi"].paper == 50
    seven = Extent(first=AUGUST.first, last=AUGUST.last, series=Series.SEVEN)
    assert counts_by("office_id", seven, all_offices()) == {}
    first_day = Extent(first=AUGUST.first, last=AUGUST.first, series=Series.FIELD)
    assert counts_by("office_id", first_day, all_offices())["ha-noi"].imported == 43
    assert counts_by("procedure", AUGUST, all_offices())["tu_tuat"].imported == 7


def test_a_month_reported_as_a_whole_stands_instead_of_its_days(
    desk: Client, hq: User, offices: dict[str, Office]
) -> None:
    kept(desk, GOOD)
    import_count(hq, office=offices["ha-noi"], month=AUGUST.first, count=900, source="Báo cáo 1")
    assert counts_by("office_id", AUGUST, all_offices())["ha-noi"].imported == 900


def test_the_same_day_again_replaces_and_keeps_what_was(desk: Client) -> None:
    kept(desk, GOOD)
    kept(desk, GOOD.replace(",40", ",41"))
    assert DailyCount.objects.filter(replaced_at__isnull=True).count() == 3
    assert DailyCount.objects.count() == 6
    assert counts_by("office_id", AUGUST, all_offices())["ha-noi"].imported == 51


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("=1+1,bhxh_mot_lan,trực tiếp,1", "công thức"),
        ("1/8/2019,@x,trực tiếp,1", "công thức"),
        ("1/8/2019,bhxh_mot_lan,trực tiếp,-4", "công thức"),
        ("31/2/2019,bhxh_mot_lan,trực tiếp,1", "ngày"),
        ("1/1/1990,bhxh_mot_lan,trực tiếp,1", "từ năm 2010"),
        ("1/8/2019,khong_co,trực tiếp,1", "Không có thủ tục này"),
        ("1/8/2019,bhxh_mot_lan,điện tử,1", "Kênh ghi"),
        ("1/8/2019,bhxh_mot_lan,trực tiếp,4.5", "bằng chữ số"),
        ("1/8/2019,bhxh_mot_lan,trực tiếp,900000", "quá lớn"),
        ("1/8/2019,bhxh_mot_lan,trực tiếp,", "bằng chữ số"),
        ("1/8/2019,bhxh_mot_lan,trực tiếp,5", "Trùng ngày"),
    ],
)
def test_one_wrong_line_is_named_and_nothing_is_imported(desk: Client, line: str, words: str) -> None:
    content = f"{GOOD}{line}\n"
    page = sent(desk, content)
    assert "1 dòng phải sửa" in page
    assert words in page
    assert "Nhập cả" not in page
    assert kept(desk, content) == 422
    assert not DailyCount.objects.exists()


def test_a_day_to_come_is_refused(desk: Client) -> None:
    tomorrow = format_date(timezone.localdate() + timedelta(days=1))
    assert "đến hôm nay" in sent(desk, f"ngay,thu_tuc,kenh,so_ho_so\n{tomorrow},tu_tuat,trực tiếp,1\n")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("ngày;số\n1;2\n", "thiếu cột: ngay, thu_tuc, kenh, so_ho_so"),
        ("", "chọn một tệp"),
        ("ngay,thu_tuc,kenh,so_ho_so\n", "không có dòng nào"),
        (GOOD.encode("utf-16"), "UTF-8"),
        (GOOD.replace("trực tiếp", "tr\u1ef1c").encode("cp1258", "replace") + b"\xff", "UTF-8"),
        (b"PK\x03\x04" + b"\0" * 40, "UTF-8"),
        ("ngay,thu_tuc,kenh,so_ho_so\n" + "1/8/2019,tu_tuat,x,1\n" * 5_001, "tối đa 5000 dòng"),
        ("ngay,thu_tuc,kenh,so_ho_so\n" + "1/8/2019,tu_tuat,trực tiếp,1\n" * 1_000_000, "quá lớn"),
        ('ngay,thu_tuc,kenh,so_ho_so\n"' + "x" * 140_000 + "\n", "hỏng"),
    ],
)
def test_a_file_that_is_no_list_says_what_to_do(desk: Client, content: str | bytes, words: str) -> None:
    assert words in sent(desk, content)
    assert not DailyCount.objects.exists()


def test_a_long_report_is_told_in_part(desk: Client) -> None:
    content = "ngay;thu_tuc;kenh;so_ho_so\n" + "1/8/2019;khong_co;trực tiếp;1\n" * 150
    page = sent(desk, content)
    assert "150 dòng phải sửa" in page
    assert "Và 50 dòng nữa" in page


def test_an_office_imports_for_itself_only(desk: Client, desk_elsewhere: Client) -> None:
    kept(desk, GOOD)
    assert "thang-8.csv" not in text(desk_elsewhere.get(PAGE))
    kept(desk_elsewhere, GOOD)
    assert set(DailyCount.objects.values_list("office_id", flat=True)) == {"ha-noi", "ho-chi-minh"}
