"""The list of translations: what must be on it, what is wrong with it."""

import re
from collections import Counter
from pathlib import Path

import polib

from portal.languages.collect import VIETNAMESE, Found, sentences, words_of
from procedures.catalogue import all_editions

_PLACES = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w+\}")
_TAGS = re.compile(r"</?\w+")
THE_SAME = frozenset({"đ", "đồng", "{amount} đồng"})
PLURALS = 2  # English has two forms: 1, and everything else


def wanted(top: Path) -> list[Found]:
    """Every sentence of the code and of the law, once."""
    found = {one.text: one for one in sentences(top)}
    for procedure in all_editions():
        for words in words_of(procedure):
            found.setdefault(words, Found(words, "", f"procedures/catalogue/{procedure.code}.py"))
    return list(found.values())


def renewed(kept: polib.POFile, wanted: list[Found]) -> polib.POFile:
    """The list for what is wanted now, with the translations of ``kept``; those of nothing are dropped."""
    old = {entry.msgid: entry for entry in kept if entry.msgstr or entry.msgstr_plural}
    fresh = polib.POFile(wrapwidth=0)
    fresh.metadata = kept.metadata
    for one in wanted:
        entry = polib.POEntry(msgid=one.text, occurrences=[(one.file, "")])
        before = old.get(one.text)
        if one.plural:
            entry.msgid_plural = one.plural
            forms = before.msgstr_plural if before else {}
            entry.msgstr_plural = {number: forms.get(number, "") for number in range(PLURALS)}
        elif before:
            entry.msgstr = before.msgstr or before.msgstr_plural.get(PLURALS - 1, "")
        if before:
            entry.flags = before.flags
        fresh.append(entry)
    return fresh


def faults(messages: polib.POFile) -> list[str]:
    """What a reader would stumble over: untranslated, uncertain, a lost place or tag, Vietnamese left."""
    found = []
    for entry in messages:
        forms = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        found += [f"{problem}: {entry.msgid!r}" for form in forms for problem in _problems(entry, form)]
    return found


def _problems(entry: polib.POEntry, words: str) -> list[str]:
    if not words.strip():
        return ["untranslated"]
    problems = ["fuzzy"] if entry.fuzzy else []
    if _counted(_PLACES, words) != _counted(_PLACES, entry.msgid):
        problems.append("other places")
    if _counted(_TAGS, words) != _counted(_TAGS, entry.msgid):
        problems.append("other tags")
    if words == entry.msgid and VIETNAMESE.search(words) and not is_a_name(words):
        problems.append("still Vietnamese")
    return problems


def _counted(pattern: re.Pattern[str], text: str) -> Counter[str]:
    return Counter(pattern.findall(text))


def is_a_name(words: str) -> bool:
    """The currency and names, written with capitals throughout, stay as they are."""
    return words in THE_SAME or all(word[:1].isupper() or not word[:1].isalpha() for word in words.split())


def differences(kept: polib.POFile, fresh: polib.POFile) -> list[str]:
    """Sentences that are not on the list, or are on it although nobody says them."""
    old, new = {entry.msgid for entry in kept}, {entry.msgid for entry in fresh}
    return [f"new: {text!r}" for text in sorted(new - old)] + [
        f"gone: {text!r}" for text in sorted(old - new)
    ]
