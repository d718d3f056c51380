"""Hostile and unlucky files, made here: what people's phones, scanners and enemies send. `cases()` gives each with
the answer it must get. Nothing is downloaded, and nothing here does harm outside a scanner's eyes.

    python -m tests.procedures.files.corpus FOLDER     writes them, for a look with other tools
"""

import io
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pillow_heif
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SECRET = b"TOA-DO-NHA-RIENG"  # what must be in no copy
LIMIT = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Case:
    """``answer``: "copied", "infected", "unreadable", or words of the refusal the filer reads."""

    name: str
    make: Callable[[], bytes]
    answer: str
    file_name: str = "giay-to.jpg"
    size: tuple[int, int] | None = None  # of the copy, upright


def picture(kind: str = "JPEG", mode: str = "RGB", size: tuple[int, int] = (64, 48), **save: Any) -> bytes:
    pillow_heif.register_heif_opener()
    out = io.BytesIO()
    Image.effect_noise(size, 80).convert(mode).save(out, kind, **save)
    return out.getvalue()


def photo_with_place() -> bytes:
    """A phone's photograph: turned by EXIF, with place, author, comment and colour profile."""
    exif = Image.Exif()
    exif[0x0112], exif[0x013B], exif[0x9286] = 6, SECRET.decode(), SECRET.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (21.0, 1.0, 42.0), 3: "E", 4: (105.0, 51.0, 15.0)})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + SECRET
    return picture(exif=exif, comment=SECRET, icc_profile=profile)


def png_with_words() -> bytes:
    words = PngInfo()
    words.add_text("Author", SECRET.decode())
    return picture("PNG", pnginfo=words)


def deep_grey() -> bytes:
    """All shades of 16 bits from left to right."""
    shades = b"".join((column * 1040).to_bytes(2, "little") for column in range(64)) * 48
    out = io.BytesIO()
    Image.frombytes("I;16", (64, 48), shades).save(out, "PNG")
    return out.getvalue()


def animated_png() -> bytes:
    frames = [Image.new("RGB", (64, 48), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


def see_through() -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (64, 48), (0, 0, 0, 0)).save(out, "PNG")
    return out.getvalue()


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def flood(side: int) -> bytes:
    """A 1-bit PNG that says it has side × side pixels."""
    png = picture("PNG", "1", (64, 64))
    header = png[12:16] + side.to_bytes(4, "big") * 2 + png[24:29]
    return png[:12] + header + zlib.crc32(header).to_bytes(4, "big") + png[33:]


# --- PDF ------------------------------------------------------------------------------------------


def pdf(build: Callable[[pikepdf.Pdf], None] | None = None, pages: int = 1, **save: Any) -> bytes:
    made, out = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        made.add_blank_page(page_size=(595, 842))
    if build:
        build(made)
    made.save(out, **save)
    return out.getvalue()


def script(words: str = "app.alert(1)") -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String(words))


def opens_with_script(made: pikepdf.Pdf) -> None:
    made.Root.OpenAction = script()
    made.Root.AA = pikepdf.Dictionary(WC=script())
    made.pages[0].obj.AA = pikepdf.Dictionary(O=script())


def names_a_script(made: pikepdf.Pdf) -> None:
    made.Root.Names = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(
            Names=pikepdf.Array([pikepdf.String("a"), made.make_indirect(script())])
        )
    )


def launches(made: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=pikepdf.Array([0, 0, 595, 842]), A=action
    )
    made.pages[0].obj.Annots = pikepdf.Array([made.make_indirect(link)])


def carries(payload: bytes, name: str = "kem.bin") -> Callable[[pikepdf.Pdf], None]:
    def build(made: pikepdf.Pdf) -> None:
        made.attachments[name] = pikepdf.AttachedFileSpec(made, payload)

    return build


def form(made: pikepdf.Pdf, *, with_xfa: bool = False) -> None:
    """One text field in which something is typed, with an action of its own."""
    looks = made.make_stream(
        b"/Tx BMC q BT /F1 12 Tf 10 10 Td (DA DIEN SAN) Tj ET Q EMC",
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Form,
        BBox=pikepdf.Array([0, 0, 200, 30]),
        Resources=pikepdf.Dictionary(
            Font=pikepdf.Dictionary(
                F1=pikepdf.Dictionary(
                    Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
                )
            )
        ),
    )
    field = made.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Tx,
            T=pikepdf.String("ho_ten"),
            V=pikepdf.String("DA DIEN SAN"),
            Rect=pikepdf.Array([50, 700, 250, 730]),
            F=4,
            AP=pikepdf.Dictionary(N=looks),
            AA=pikepdf.Dictionary(K=script()),
        )
    )
    made.pages[0].obj.Annots = pikepdf.Array([field])
    made.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))
    if with_xfa:
        made.Root.AcroForm.XFA = made.make_stream(b"<xdp:xdp><script>app.alert(1)</script></xdp:xdp>")


def says_who(made: pikepdf.Pdf) -> None:
    made.docinfo["/Author"] = SECRET.decode()
    made.Root.Metadata = made.make_stream(b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>")
    made.pages[0].obj.PieceInfo = pikepdf.Dictionary(App=pikepdf.Dictionary(Private=pikepdf.String(SECRET)))
    made.pages[0].obj.Thumb = made.make_stream(SECRET)


def signed(made: pikepdf.Pdf) -> None:
    form(made)
    field = made.Root.AcroForm.Fields[0]
    field.FT, field.V = (
        pikepdf.Name.Sig,
        made.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Sig,
                Filter=pikepdf.Name("/Adobe.PPKLite"),
                ByteRange=pikepdf.Array([0, 1, 2, 3]),
                Contents=pikepdf.String(b"\0" * 64),
            )
        ),
    )


def font_called_js(made: pikepdf.Pdf) -> None:
    """A name of a resource may be anything: it is no script."""
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    made.pages[0].obj.Resources = pikepdf.Dictionary(Font=made.make_indirect(pikepdf.Dictionary(JS=font)))
    made.pages[0].obj.Contents = made.make_stream(b"BT /JS 12 Tf 50 700 Td (VAN DOC DUOC) Tj ET")


def bomb_of_streams(made: pikepdf.Pdf) -> None:
    made.pages[0].obj.Contents = made.make_stream(b"q Q " * (20 * 1024 * 1024))


def heap_of_objects(made: pikepdf.Pdf) -> None:
    heap = pikepdf.Array([made.make_indirect(pikepdf.Dictionary()) for _ in range(50_001)])
    made.pages[0].obj.Resources = pikepdf.Dictionary(Properties=pikepdf.Dictionary(Heap=heap))


def deep(levels: int = 50_000) -> bytes:
    return b"%PDF-1.7\n1 0 obj\n" + b"[" * levels + b"]" * levels + b"\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def loop_of_xref() -> bytes:
    plain = pdf()
    at = plain.rindex(b"startxref")
    return plain[:at].replace(b"trailer <<", b"trailer << /Prev 15 ") + plain[at:]


# --- the table ------------------------------------------------------------------------------------


def cases() -> Iterator[Case]:
    yield from _pictures()
    yield from _disguises()
    yield from _other_kinds()
    yield from _too_much()
    yield from _documents()
    yield from _threats()


def _pictures() -> Iterator[Case]:
    copied: dict[str, Callable[[], bytes]] = {
        "a JPEG": picture,
        "a progressive JPEG": lambda: picture(progressive=True),
        "a CMYK JPEG": lambda: picture(mode="CMYK"),
        "a grey JPEG": lambda: picture(mode="L"),
        "a PNG": lambda: picture("PNG"),
        "a 16-bit PNG": deep_grey,
        "a 1-bit PNG": lambda: picture("PNG", "1"),
        "a PNG with a palette": lambda: picture("PNG", "P"),
        "an animated PNG": animated_png,
        "a see-through PNG": see_through,
        "a PNG with words in it": png_with_words,
        "a HEIC": lambda: picture("HEIF"),
        "an upside-down HEIC": lambda: picture("HEIF", exif=_turned(3)),
    }
    for name, make in copied.items():
        yield Case(name, make, "copied", size=(64, 48))
    yield Case("a photo turned by EXIF, with its place", photo_with_place, "copied", size=(48, 64))
    yield Case("a bomb as colour profile", lambda: picture("PNG", icc_profile=b"\0" * 5_000_000), "hỏng")
    yield Case("a cut JPEG", lambda: picture()[:-200], "hỏng")
    yield Case("a cut PNG", lambda: picture("PNG")[:-200], "hỏng")
    yield Case("a cut HEIC", lambda: picture("HEIF")[:-400], "hỏng")


def _turned(orientation: int) -> Any:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif.tobytes()


def _disguises() -> Iterator[Case]:
    tails = {
        "a ZIP": zipped(a=b"x"),
        "a script": b"<script>alert(1)</script>",
        "PHP": b"<?php system($_GET['c']); ?>",
        "HTML": b"<html><body onload=alert(1)>",
    }
    for name, tail in tails.items():
        yield Case(f"a JPEG with {name} behind", lambda tail=tail: picture() + tail, "copied")  # type: ignore[misc]
    yield Case(
        "a PDF with HTML behind", lambda: pdf() + b"<html><script>alert(1)</script>", "copied", "a.pdf"
    )
    yield Case("a PDF with HTML before", lambda: b"<html><script>" + pdf(), "trang web", "a.pdf")
    yield Case("a GIF that is a script", lambda: b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)", "GIF")
    for name in (
        "anh.PDF ",
        "anh",
        "anh.jpg.exe",
        "ANH.JPEG",
        "a.php",
        "../../etc/passwd",
        "con.jpg",
        ".jpg",
    ):
        yield Case(f"a JPEG called {name!r}", picture, "copied", name)
    for name in (
        "a\x00.jpg",
        "a\r\nSet-Cookie: x.jpg",
        '";.jpg',
        "\u202egpj.exe",
        "đ" * 300,
        "📷.jpg",
        "C:\\x",
    ):
        yield Case(f"a JPEG called {name[:20]!r}", picture, "copied", name)


def _other_kinds() -> Iterator[Case]:
    kinds = {
        "an SVG": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "SVG"),
        "an HTML page": (b"<!DOCTYPE html><script>alert(1)</script>", "trang web"),
        "a Word file": (zipped(word__document=b"x"), "Word"),
        "an Excel file with macros": (zipped(xl__vbaProject=b"x"), "Excel"),
        "a ZIP": (zipped(a=b"x"), "giải nén"),
        "a RAR": (b"Rar!\x1a\x07\x01\x00", "giải nén"),
        "an EPS": (b"%!PS-Adobe-3.0 EPSF-3.0\n", "PostScript"),
        "a program": (b"MZ\x90\x00", "chương trình"),
        "a script": (b"#!/bin/sh\nrm -rf /\n", "Chỉ nhận"),
        "text": ("Sổ BHXH của tôi".encode(), "Chỉ nhận"),
    }
    for name, (content, words) in kinds.items():
        yield Case(name, lambda content=content: content, words)  # type: ignore[misc]


def _too_much() -> Iterator[Case]:
    yield Case("nothing", lambda: b"", "rỗng")
    yield Case("one byte", lambda: b"x", "Chỉ nhận")
    yield Case("a JPEG of the very limit", lambda: picture().ljust(LIMIT, b"\0"), "copied")
    yield Case("a byte too many", lambda: picture().ljust(LIMIT + 1, b"\0"), "10 MB")
    for side in (6_400, 12_000, 30_000):
        yield Case(f"a flood of {side}² pixels", lambda side=side: flood(side), "điểm ảnh")  # type: ignore[misc]
    yield Case("a PDF of 61 pages", lambda: pdf(pages=61), "61 trang", "a.pdf")
    yield Case("a PDF of 100,000 pages", _many_pages, "PDF", "a.pdf")
    yield Case("a PDF nested 50,000 deep", deep, "PDF", "a.pdf")
    yield Case("a PDF whose tables go round", loop_of_xref, "", "a.pdf")
    yield Case("a PDF with a bomb as its page", lambda: pdf(bomb_of_streams), "", "a.pdf")
    yield Case("a PDF with a heap of objects", lambda: pdf(heap_of_objects), "unreadable", "a.pdf")


def _many_pages() -> bytes:
    """One page, named a hundred thousand times."""
    kids = b" ".join([b"3 0 R"] * 100_000)
    parts = [
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 100000/Kids[",
        kids,
        b"]>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
    ]
    return b"".join(parts)


def _documents() -> Iterator[Case]:
    builders: dict[str, Callable[[pikepdf.Pdf], None]] = {
        "a PDF that opens with a script": opens_with_script,
        "a PDF that names a script": names_a_script,
        "a PDF that launches a program": launches,
        "a PDF with a file attached": carries(b"MZ\x90\x00"),
        "a PDF with a form filled in": form,
        "a PDF with XFA": lambda made: form(made, with_xfa=True),
        "a PDF that says who made it": says_who,
        "a signed PDF": signed,
        "a PDF with a font called JS": font_called_js,
    }
    for name, build in builders.items():
        yield Case(name, lambda build=build: pdf(build), "copied", "a.pdf")  # type: ignore[misc]
        packed: dict[str, Any] = {"object_stream_mode": pikepdf.ObjectStreamMode.generate}
        yield Case(
            f"{name}, packed", lambda build=build, packed=packed: pdf(build, **packed), "copied", "a.pdf"
        )  # type: ignore[misc]
    locked = pikepdf.Encryption(owner="chu", user="mat-khau")
    yield Case("a PDF with a password", lambda: pdf(encryption=locked), "không khóa", "a.pdf")
    yield Case("a PDF that is none", lambda: b"%PDF-1.7\nhello", "PDF", "a.pdf")


def _threats() -> Iterator[Case]:
    yield Case("EICAR", lambda: EICAR, "Chỉ nhận", "eicar.com")
    yield Case("EICAR called a photo", lambda: EICAR, "Chỉ nhận")
    yield Case("EICAR in a ZIP", lambda: zipped(eicar=EICAR), "giải nén", "a.zip")
    yield Case("EICAR behind a JPEG", lambda: picture() + EICAR, "infected")
    yield Case("EICAR attached to a PDF", lambda: pdf(carries(EICAR)), "infected", "a.pdf")
    yield Case("EICAR zipped and attached", lambda: pdf(carries(zipped(e=EICAR))), "infected", "a.pdf")


def main(folder: str) -> None:
    Path(folder).mkdir(parents=True, exist_ok=True)
    for number, case in enumerate(cases()):
        Path(folder, f"{number:03d}").write_bytes(case.make())
        print(f"{number:03d}  {case.answer:<12}  {case.name}")


if __name__ == "__main__":
    main(sys.argv[1])
