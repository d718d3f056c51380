"""The English translation is complete, fresh and whole; no page holds Vietnamese that cannot be translated."""

from pathlib import Path

import polib
import pytest
from django.conf import settings

from portal.languages import listing
from portal.languages.collect import bare_words, of_module, of_template
from portal.languages.messages import read_messages, sources

TOP = Path(settings.BASE_DIR)
HINT = "run manage.py collect_strings and translate what is new: docs/how-to/translate.md"
# Pages of no citizen and no officer: samples of the style page.
SAMPLES = "templates/portal/style"
TEMPLATES = [path for path in sorted((TOP / "templates").rglob("*.html")) if SAMPLES not in path.as_posix()]


@pytest.fixture(scope="module")
def english() -> polib.POFile:
    return polib.pofile(str(TOP / "locale/en/LC_MESSAGES/django.po"))


def test_there_is_one_translation() -> None:
    assert [path.relative_to(TOP).as_posix() for path in sources()] == ["locale/en/LC_MESSAGES/django.po"]


def test_every_sentence_is_on_the_list_and_nothing_else(english: polib.POFile) -> None:
    fresh = listing.renewed(english, listing.wanted(TOP))
    assert not listing.differences(english, fresh), HINT


def test_nothing_is_untranslated_uncertain_or_broken(english: polib.POFile) -> None:
    assert len(english) > 2000
    assert not listing.faults(english), HINT


@pytest.mark.parametrize(
    ("msgid", "msgstr", "fault"),
    [
        ("Còn %(n)s ngày", "days left", "other places"),
        ("Đã quá {days} ngày", "More than {day} days", "other places"),
        ("Đã gửi <strong>%(to)s</strong>", "Sent to %(to)s", "other tags"),
        ("chưa kiểm chứng", "chưa kiểm chứng", "still Vietnamese"),
        ("chưa kiểm chứng", "", "untranslated"),
    ],
)
def test_a_broken_translation_is_found(msgid: str, msgstr: str, fault: str) -> None:
    assert [one.split(":")[0] for one in listing.faults([polib.POEntry(msgid=msgid, msgstr=msgstr)])] == [
        fault
    ]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(TOP / "templates").as_posix())
def test_a_template_has_no_vietnamese_outside_translate(path: Path) -> None:
    if "notices" in path.parts or "documents" in path.parts:
        pytest.skip("letters and papers stay Vietnamese: docs/decisions/0090")
    assert not bare_words(path.read_text(encoding="utf-8"))


def test_sentences_are_found_in_python() -> None:
    lines = ['"""Tài liệu."""', 'A = "Đã " "nộp"', 'B = f"Còn {limit.days} ngày"', 'C = _("Sai")']
    code = "\n".join([*lines, 'D = ngettext("%d năm", "%d năm", n)'])
    assert [(one.text, one.plural) for one in of_module(code, "x.py")] == [
        ("Đã nộp", ""),
        ("Còn {days} ngày", ""),
        ("Sai", ""),
        ("%d năm", "%d năm"),
    ]


def test_sentences_are_found_in_templates() -> None:
    page = (
        '{% load i18n %}<a title="{% translate "Sửa" %}">{% blocktranslate count n=n %}{{ n }} tệp'
        '{% plural %}{{ n }} tệp{% endblocktranslate %}</a>{{ x|default:_("Có") }}'
    )
    assert [(one.text, one.plural) for one in of_template(page, "x.html")] == [
        ("Sửa", ""),
        ("%(n)s tệp", "%(n)s tệp"),
        ("Có", ""),
    ]
    assert bare_words("<p>Sửa</p>{% translate 'Có' %}") == ["<p>Sửa</p>"]


def test_what_git_could_not_merge_is_read_with_both_sides(tmp_path: Path) -> None:
    path = tmp_path / "django.po"
    path.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n<<<<<<< HEAD\nmsgid "một"\nmsgstr "one"\n'
        '=======\nmsgid "hai"\nmsgstr "two"\n>>>>>>> other\n\nmsgid "ba"\nmsgstr "three"\n',
        encoding="utf-8",
    )
    assert [entry.msgstr for entry in read_messages(path)] == ["one", "three", "two"]
