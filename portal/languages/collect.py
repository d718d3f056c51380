"""Every Vietnamese sentence of the code that a person may read, for the list of translations.

Python is read as its syntax tree, a template through Django's own ``templatize``. Of Python come the
arguments of gettext and every Vietnamese literal besides: rules, messages and labels are written without
gettext where no framework is known, and translated where a page shows them (``speech``). The catalogue is
walked too, for the words without any mark ("Nam").
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path

from django.utils.translation.template import templatize

VIETNAMESE = re.compile("[à-ỹÀ-ỸđĐăĂơƠưƯ]")
GETTEXT = frozenset({"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"})
FOLDERS = ("accounts", "portal", "procedures")
# Not for the reader of a page: papers that stay Vietnamese, commands, the demo's people, the tables of
# Vietnamese letters and numerals, words people search with.
NOT_SHOWN = (
    "accounts/data",
    "accounts/management",
    "accounts/services/cards.py",
    "accounts/services/demo.py",
    "accounts/services/letters.py",
    "migrations/",
    "portal/embedded.py",
    "portal/keeper.py",
    "portal/languages",
    "portal/lib/banks.py",
    "portal/lib/money.py",
    "portal/lib/printable.py",
    "portal/lib/units.py",
    "portal/lib/vietnamese.py",
    "portal/management",
    "portal/samples.py",
    "portal/serve.py",
    "portal/settings.py",
    "portal/statistics/exports.py",
    "portal/wall.py",
    "procedures/documents",
    "procedures/domain/sheet.py",
    "procedures/management",
    "procedures/services/annex.py",
    "procedures/services/annex_load.py",
    "procedures/services/succession_plan.py",
    "portal/wall.py",
)
# Sentences of f-strings without any Vietnamese mark.
WITHOUT_MARKS = ("khi {words}", "theo {rows}", "{article} {source}")
# What is put together at run time from a joint and a sentence.
TOGETHER = (
    "không tính hồ sơ thử.",
    "ít nhất {months}",
    "Hồ sơ đã giao cho {full_name}, từ {at}.",
    "Tỷ lệ = hồ sơ điện tử / tổng số hồ sơ, làm tròn đến hai chữ số thập phân, nửa lên.",
)
NOT_SHOWN_ARGUMENTS = frozenset({"keywords"})
# Fields of the catalogue's dataclasses that hold words for people.
WORDS = frozenset(
    (
        "agency",
        "condition",
        "condition_note",
        "formula",
        "help",
        "intro",
        "label",
        "message",
        "note",
        "plain_name",
        "row_name",
        "summary",
        "title",
        "who_may_file",
        "words",
    )
)
NAMES_ARE_WORDS = frozenset({"Branch", "Document", "DocumentGroup", "Result"})


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence, its plural form where it has one, and the file it stands in."""

    text: str
    plural: str
    file: str


def sentences(top: Path) -> list[Found]:
    """All of them, in the order of files and lines, each once."""
    found: dict[tuple[str, str], Found] = {}
    apart = (Found(words, "", "") for words in (*WITHOUT_MARKS, *TOGETHER))
    for one in (*_of_python(top), *_of_templates(top), *apart):
        if one.text.strip():
            found.setdefault((one.text, ""), one)
            if one.plural:
                found[(one.text, "")] = one
    return list(found.values())


# --- Python ---------------------------------------------------------------------------------------


def _of_python(top: Path) -> Iterator[Found]:
    for folder in FOLDERS:
        for path in sorted((top / folder).rglob("*.py")):
            name = path.relative_to(top).as_posix()
            if not any(part in name for part in NOT_SHOWN):
                yield from of_module(path.read_text(encoding="utf-8"), name)


def of_module(source: str, file: str) -> Iterator[Found]:
    """The sentences of one module, without its docstrings."""
    reader = _Reader(file)
    reader.visit(ast.parse(source))
    return iter(reader.found)


class _Reader(ast.NodeVisitor):
    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Found] = []

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg not in NOT_SHOWN_ARGUMENTS:
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        words = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant)]
        if name not in GETTEXT or not words:
            self.generic_visit(node)
            return
        is_plural = name.startswith("n") and len(words) > 1
        self.found.append(Found(str(words[0]), str(words[1]) if is_plural else "", self.file))

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and VIETNAMESE.search(node.value):
            self.found.append(Found(node.value.strip(), "", self.file))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        names: list[str] = []
        parts = []
        for value in node.values:
            if isinstance(value, ast.Constant):
                parts.append(str(value.value))
            elif isinstance(value, ast.FormattedValue):
                names.append(_place(value.value, names))
                parts.append(f"{{{names[-1]}}}")
                self.visit(value.value)
        text = "".join(parts).strip()
        if any(VIETNAMESE.search(part) for part in re.split(r"\{\w+\}", text)):
            self.found.append(Found(text, "", self.file))


def _place(value: ast.expr, taken: list[str]) -> str:
    """What a place of an f-string is called: the last name of its expression, with a number the second time."""
    names = [getattr(one, "id", getattr(one, "attr", "")) for one in ast.walk(value)]
    if isinstance(value, ast.Call) and value.args:
        names = [getattr(one, "id", getattr(one, "attr", "")) for one in ast.walk(value.args[0])]
    name = next(filter(None, names), "x")
    return name if name not in taken else f"{name}{len(taken) + 1}"


# --- templates ------------------------------------------------------------------------------------

_CALL = re.compile(r"\b(gettext|ngettext|_)\(")


def _of_templates(top: Path) -> Iterator[Found]:
    for path in sorted((top / "templates").rglob("*")):
        if path.suffix in (".html", ".subject", ".text", ".sms", ".txt"):
            yield from of_template(path.read_text(encoding="utf-8"), path.relative_to(top).as_posix())


def of_template(source: str, file: str) -> Iterator[Found]:
    """The sentences of one template that stand in {% translate %}, {% blocktranslate %} and _("…")."""
    code = templatize(source)
    for call in _CALL.finditer(code):
        words = _arguments(code[call.start() :])
        if words:
            is_plural = call[1] == "ngettext" and len(words) > 1
            yield Found(words[0], words[1] if is_plural else "", file)


def _arguments(code: str) -> list[str]:
    """The words a call at the start of this code is given. The bracket that ends it may be any of them."""
    for end in (found.end() for found in re.finditer(r"\)", code)):
        try:
            call = ast.parse(code[:end], mode="eval").body
        except SyntaxError:
            continue
        arguments = call.args if isinstance(call, ast.Call) else []
        return [str(one.value) for one in arguments if isinstance(one, ast.Constant)]
    return []


def bare_words(source: str) -> list[str]:
    """Vietnamese text of a template that goes through no translation."""
    kept = re.sub(r"(?s)\{%\s*comment.*?endcomment\s*%\}|\{#.*?#\}|<!--.*?-->", "", source)
    kept = re.sub(r"(?s)\{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%\}", "", kept)
    kept = re.sub(r"(?s)<(\w+)[^>]*\slang=\"vi\"[^>]*>.*?</\1>", "", kept)
    kept = re.sub(r"\{%\s*(?:trans|translate)\b.*?%\}", "", kept)
    kept = re.sub(r"_\((\"[^\"]*\"|'[^']*')\)", "", kept)
    return [line.strip() for line in kept.splitlines() if VIETNAMESE.search(line)]


# --- the law --------------------------------------------------------------------------------------


def words_of(value: object, seen: set[int] | None = None) -> Iterator[str]:
    """Every word for people in a definition and what it is made of."""
    seen = set() if seen is None else seen
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, (tuple, list)):
        for one in value:
            yield from words_of(one, seen)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            inner = getattr(value, field.name)
            is_name = field.name == "name" and type(value).__name__ in NAMES_ARE_WORDS
            if isinstance(inner, str) and inner.strip() and (field.name in WORDS or is_name):
                yield inner
            elif not isinstance(inner, str):
                yield from words_of(inner, seen)
