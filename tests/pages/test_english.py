"""English pages speak English: what is still Vietnamese on them is a name, or was typed by somebody."""

import re
from collections import defaultdict
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from portal.languages.collect import VIETNAMESE
from tests.pages.walk import Visit

EMPTY = frozenset(("input", "img", "br", "hr", "meta", "link", "source", "wbr", "area", "col", "base"))
SPOKEN = ("title", "aria-label", "placeholder", "alt")
# Kinds of places in names, and the currency.
OF_NAMES = frozenset(
    ("tỉnh", "thành", "phố", "huyện", "quận", "xã", "phường", "thị", "trấn", "đ", "đồng", "và")
)
# What the cast types, calls its files, or must type: it stays as it is.
TYPED = re.compile(
    r"ngõ 3 đường|Ảnh chụp"
    # with what it is about, as it is kept and printed
    r"|(?:(?:Sổ bảo hiểm xã hội|Ngày nghỉ việc, hoặc ngày đóng tự nguyện lần cuối): )?"
    r"Sổ BHXH thiếu trang 3 và trang 4, xin chụp lại đủ các trang|\bốm\b|Công văn 1"
    r"|Người nộp ở Thành phố Hồ Chí Minh|Tôi không đồng ý|Điều 60 áp dụng thế nào"
    r"|“trực tiếp”|“bưu chính”|\bnam\b|\bnữ\b"
)
SAMPLES = "portal:style"  # the style page shows how long Vietnamese words look


class _Words(HTMLParser):
    """The words of a page that are not marked as Vietnamese, values of fields excepted."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_apart = (
            (self.open[-1][1] if self.open else False)
            or given.get("lang") == "vi"
            or tag in ("script", "style", "textarea")
        )
        if not is_apart:
            self.found += [words for name in SPOKEN if (words := given.get(name))]
        if tag not in EMPTY:
            self.open.append((tag, is_apart))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        return

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            continue

    def handle_data(self, data: str) -> None:
        if not (self.open and self.open[-1][1]):
            self.found.append(data)


def vietnamese_in(html: str) -> list[str]:
    reader = _Words()
    reader.feed(html)
    return [" ".join(words.split()) for words in reader.found if _is_vietnamese(words)]


def _is_vietnamese(words: str) -> bool:
    small = [word for word in re.findall(r"[^\W\d_]+", TYPED.sub("", words)) if word[:1].islower()]
    return any(VIETNAMESE.search(word) and word not in OF_NAMES for word in small)


def test_vietnamese_is_found_on_a_page() -> None:
    page = '<p title="đã nộp">Filed<br><b lang="vi">hồ sơ</b> Nguyễn Văn Bình <textarea>gõ</textarea>chưa</p>'
    assert vietnamese_in(page) == ["đã nộp", "chưa"]


@pytest.mark.django_db
@pytest.mark.xdist_group("pages in en")
def test_english_pages_speak_english(walk: Callable[[str], list[Visit]]) -> None:
    left: dict[str, list[Visit]] = defaultdict(list)
    pages = 0
    for visit in walk("en"):
        if visit.route == SAMPLES:
            continue
        pages += 1
        for words in vietnamese_in(visit.html):
            left[words].append(visit)
    print(f"English: {pages} pages, {len(left)} Vietnamese sentences left")
    found = [f"{words!r}: {where[0]}" for words, where in left.items()]
    assert not found, "\n".join(found)
