"""(e) The receipt by typst, as the portal prints it, beside WeasyPrint with the same content."""

import base64
import io
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from statistics import median

import fontpkg_be_vietnam_pro
import segno
import weasyprint
from django.template import Context, Engine
from weasyprint.text.fonts import FontConfiguration

import benchmarks.ready  # noqa: F401 - first
from procedures.documents import ReceiptSheet, receipt_pdf
from procedures.documents.printable import long_date, long_moment
from tests.procedures.documents.sheets import RECEIPT, URL

_NUMBERS = count(1)
TEMPLATE = Path(__file__).with_name("receipt.html")
FONTS = Path(fontpkg_be_vietnam_pro.ROOT) / "files"


def rounds_of_both(rounds: int, each: int) -> tuple[list[float], list[float]]:
    """Milliseconds a receipt, one figure a round, by typst and by WeasyPrint; warm, in turns."""
    template = Engine(autoescape=True).from_string(TEMPLATE.read_text(encoding="utf-8"))
    fonts = FontConfiguration()

    def by_weasyprint() -> None:
        page = template.render(Context(content_of(another())))
        made = weasyprint.HTML(string=page).write_pdf(font_config=fonts)
        assert made.startswith(b"%PDF")

    def by_typst() -> None:
        assert receipt_pdf(another()).startswith(b"%PDF")

    ours, theirs = [], []
    for made in (by_typst, by_weasyprint):
        made()
    for _ in range(rounds):
        ours.append(milliseconds(by_typst, each))
        theirs.append(milliseconds(by_weasyprint, each))
    return ours, theirs


def another() -> ReceiptSheet:
    """A receipt that was never printed before: typst remembers what it has set."""
    number = next(_NUMBERS)
    proof = replace(RECEIPT.proof, reference=f"DEMO-038-190820-{number}-K", tracking_url=f"{URL}{number}")
    return replace(RECEIPT, filer=replace(RECEIPT.filer, name=f"Nguyễn Thị Hằng {number}"), proof=proof)


def milliseconds(act: Callable[[], object], times: int) -> float:
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        spent.append(1000 * (time.perf_counter() - began))
    return median(spent)


def content_of(sheet: ReceiptSheet) -> dict[str, object]:
    code = io.BytesIO()
    segno.make_qr(sheet.proof.tracking_url, error="m", mask=3).save(code, kind="svg", border=0)
    return {
        "fonts": FONTS.as_uri(),
        "qr": "data:image/svg+xml;base64," + base64.b64encode(code.getvalue()).decode(),
        "letterhead": sheet.letterhead.content(),
        "filer": sheet.filer.rows("Người nộp hồ sơ"),
        "filer_name": sheet.filer.name,
        "procedure": sheet.procedure,
        "papers": [paper.content() for paper in sheet.papers],
        "sets": f"{sheet.sets:02d}",
        "received": long_moment(sheet.received_at),
        "due": long_date(sheet.due) if sheet.due else "",
        "limits": [limit.content() for limit in sheet.limits],
        "return_method": sheet.return_method,
        "receiver": sheet.receiver,
        "contact": sheet.contact,
        "proof": sheet.proof.content(),
    }
