"""Makes what the pages load from the wheels: subsets of Be Vietnam Pro, and one stylesheet with the
@font-face rules and those rules of Bootstrap that a page can use. Nothing of it is committed.

A citizen on a bad line then loads 27 KB of letters instead of 270, and 6 KB of Bootstrap instead of 23.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from fontTools import subset
from fontTools.otlLib import builder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables

from portal.lib.fonts import STYLESHEET, WEIGHTS, Weight

BUILDER = "4"  # change it when the same sources should give another result
FAMILY = "Be Vietnam Pro"
TABULAR = "tnum"  # the OpenType feature behind font-variant-numeric: tabular-nums


FALLBACKS = ("Arial", "Liberation Sans", "Arimo", "Roboto", "Helvetica Neue", "Helvetica")
ASCENT, DESCENT = 1.0, 0.265  # of Be Vietnam Pro, in em

LETTERS = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *(0x102, 0x103, 0x110, 0x111, 0x128, 0x129, 0x168, 0x169, 0x1A0, 0x1A1, 0x1AF, 0x1B0),
    *range(0x1EA0, 0x1EFA),  # ạ … ỹ
    *(0x300, 0x301, 0x302, 0x303, 0x306, 0x309, 0x31B, 0x323),  # marks of text typed as NFD
    *(0x10C, 0x10D, 0x11E, 0x11F, 0x160, 0x161),  # names of the Central Highlands
    *(0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026),
    *(0x20AB, 0x2212, 0x2248, 0x2260, 0x2264, 0x2265),
)


def build_assets(target: Path, sources: Iterable[Path]) -> list[str]:
    """Make the files under ``target`` that are missing or older than what they come from.

    ``sources`` are folders of templates, Python and scripts: a Bootstrap rule is kept when every class,
    id and attribute it names is a word somewhere in there. Returns the names of the files written.
    """
    written = [name for weight in WEIGHTS if (name := _build_font(target, weight))]
    used = words_of(sources)
    bootstrap = files("js_lib_bootstrap5") / "static/js-lib-bootstrap5/css/bootstrap.min.css"
    css = font_faces() + trim(bootstrap.read_text(encoding="utf-8"), used) + "\n"
    sheet = target / STYLESHEET
    if not sheet.is_file() or sheet.read_text(encoding="utf-8") != css:
        _write(sheet, css.encode())
        written.append(STYLESHEET)
    return written


# --- letters --------------------------------------------------------------------------------------


def _build_font(target: Path, weight: Weight) -> str:
    """The name of the subset if it had to be made, or ""."""
    name = f"fonts/be-vietnam-pro-{weight.css}.woff2"
    font = files("fontpkg_be_vietnam_pro") / f"files/BeVietnamPro-{weight.file}.ttf"
    raw = font.read_bytes()
    stamp = hashlib.sha256(raw + json.dumps([BUILDER, LETTERS]).encode()).hexdigest()
    made = target / name
    mark = made.with_name(f".{made.name}.made-of")  # the dot keeps it out of collectstatic
    if made.is_file() and mark.is_file() and mark.read_text(encoding="ascii") == stamp:
        return ""
    options = subset.Options(
        flavor="woff2",
        hinting=False,
        layout_features=["ccmp", "kern", "locl", "mark", "mkmk", TABULAR],
        name_IDs=[0, 1, 2, 13, 14],  # names, copyright and licence stay in the file
    )
    made.parent.mkdir(parents=True, exist_ok=True)
    partial = made.with_suffix(".partial")
    with font.open("rb") as stream:
        letters = subset.load_font(stream, options)
        add_tabular_digits(letters)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=LETTERS)
        subsetter.subset(letters)
        subset.save_font(letters, str(partial), options)
    partial.replace(made)
    mark.write_text(stamp, encoding="ascii")
    return name


def add_tabular_digits(font: TTFont) -> None:
    """Be Vietnam Pro has no digits of equal width: add them, so that amounts stand below each other."""
    cmap, glyphs, metrics = font.getBestCmap(), font["glyf"], font["hmtx"]
    digits = [cmap[ord(digit)] for digit in "0123456789"]
    width = sorted(metrics[name][0] for name in digits)[4]  # the widest would look spaced out
    for name in digits:
        advance, bearing = metrics[name]
        shift = (width - advance) // 2
        pen = TTGlyphPen(glyphs)
        pen.addComponent(name, (1, 0, 0, 1, shift, 0))
        glyph = glyphs[f"{name}.{TABULAR}"] = pen.glyph()
        glyph.recalcBounds(glyphs)
        metrics[f"{name}.{TABULAR}"] = (width, bearing + shift)
    mapping = {name: f"{name}.{TABULAR}" for name in digits}
    _add_substitution(font["GSUB"].table, mapping)


def _add_substitution(gsub: otTables.GSUB, mapping: dict[str, str]) -> None:
    """A feature that swaps single glyphs, for every script and language of the font."""
    gsub.LookupList.Lookup.append(builder.buildLookup([builder.buildSingleSubstSubtable(mapping)]))
    gsub.LookupList.LookupCount += 1
    record = otTables.FeatureRecord()
    record.FeatureTag, record.Feature = TABULAR, otTables.Feature()
    record.Feature.FeatureParams = None
    record.Feature.LookupListIndex = [gsub.LookupList.LookupCount - 1]
    record.Feature.LookupCount = 1
    gsub.FeatureList.FeatureRecord.append(record)
    gsub.FeatureList.FeatureCount += 1
    for script in gsub.ScriptList.ScriptRecord:
        languages = [language.LangSys for language in script.Script.LangSysRecord]
        for language in filter(None, [script.Script.DefaultLangSys, *languages]):
            language.FeatureIndex.append(gsub.FeatureList.FeatureCount - 1)
            language.FeatureCount += 1


def font_faces() -> str:
    """The font, and a stand-in of the same size. A font that comes too late waits for the next page: a
    line that broke elsewhere in the stand-in would make everything below it jump.
    """
    local = ",".join(f'local("{name}")' for name in FALLBACKS)
    rules = []
    for weight in WEIGHTS:
        rules.append(
            f'@font-face{{font-family:"{FAMILY}";font-weight:{weight.css};font-display:optional;'
            f'src:url("fonts/be-vietnam-pro-{weight.css}.woff2") format("woff2")}}'
        )
        rules.append(
            f'@font-face{{font-family:"{FAMILY} stand-in";font-weight:{weight.css};'
            f"size-adjust:{weight.arial:.1%};ascent-override:{ASCENT / weight.arial:.1%};"
            f"descent-override:{DESCENT / weight.arial:.1%};line-gap-override:0%;src:{local}}}"
        )
    return "".join(rules) + "\n"


# --- Bootstrap ------------------------------------------------------------------------------------

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_NAMED = re.compile(r"[.#]([A-Za-z][\w-]*)|\[([a-z-]+)")
_KEYFRAMES = re.compile(r"@(?:-webkit-)?keyframes ([\w-]+)\{(?:[^{}]*\{[^{}]*\})*\}")
_NEGATION = re.compile(r":not\([^()]*\)")
_IGNORED = re.compile(r"/\*.*?\*/|@charset [^;]*;", re.DOTALL)
SUFFIXES = frozenset({".html", ".js", ".py"})
# What crispy-forms writes into pages from its own templates and layout objects.
OF_CRISPY = _WORD.findall(
    "alert alert-danger btn btn-primary btn-secondary col col-md form-check form-check-input form-control"
    " form-label form-select form-text input-group input-group-text invalid-feedback is-invalid mb-3 row"
    " type disabled readonly multiple size hidden href class"
)


def words_of(sources: Iterable[Path]) -> frozenset[str]:
    """Every word in the templates, Python files and scripts of these folders."""
    words = set(OF_CRISPY)
    for folder in sources:
        for path in folder.rglob("*"):
            if path.suffix in SUFFIXES:
                words.update(_WORD.findall(path.read_text(encoding="utf-8", errors="ignore")))
    return frozenset(words)


def trim(css: str, used: frozenset[str]) -> str:
    """The minified stylesheet without the rules no page can use."""
    kept = "".join(_kept_rules(_IGNORED.sub("", css), used))
    still = _KEYFRAMES.sub("", kept)
    return _KEYFRAMES.sub(lambda match: match[0] if re.search(rf"\b{match[1]}\b", still) else "", kept)


def _kept_rules(css: str, used: frozenset[str]) -> Iterator[str]:
    for prelude, body in _rules(css):
        if prelude.startswith("@media") or prelude.startswith("@supports"):
            inner = "".join(_kept_rules(body, used))
            if inner:
                yield f"{prelude}{{{inner}}}"
        elif prelude.startswith("@"):
            yield f"{prelude}{{{body}}}" if body else f"{prelude};"
        else:
            selectors = [selector for selector in _selectors(prelude) if _may_match(selector, used)]
            if selectors:
                yield f"{','.join(selectors)}{{{body}}}"


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """(prelude, body) of each rule at the top level; the body is "" for statements like @charset."""
    at = 0
    while at < len(css):
        opening = css.find("{", at)
        statement = css.find(";", at)
        if css[at] == "@" and -1 < statement < (opening if opening > -1 else len(css)):
            yield css[at:statement].strip(), ""
            at = statement + 1
            continue
        if opening == -1:
            return
        closing = _closing_brace(css, opening)
        yield css[at:opening].strip(), css[opening + 1 : closing]
        at = closing + 1


def _closing_brace(css: str, opening: int) -> int:
    """Where the block ends; braces inside quotes (data: URLs) don't count."""
    depth, quote = 0, ""
    for at in range(opening, len(css)):
        char = css[at]
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        else:
            depth += (char == "{") - (char == "}")
            if depth == 0:
                return at
    raise ValueError("a block of the stylesheet has no end")


def _selectors(prelude: str) -> list[str]:
    """The selectors of a list; commas inside brackets don't part them."""
    parts, depth = [""], 0
    for char in prelude:
        depth += (char in "([") - (char in ")]")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def _may_match(selector: str, used: frozenset[str]) -> bool:
    named = _NAMED.findall(_NEGATION.sub("", selector))
    return all((name or attribute) in used for name, attribute in named)


def _write(path: Path, content: bytes) -> None:
    """All or nothing: a page never loads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.partial")
    partial.write_bytes(content)
    partial.replace(path)
