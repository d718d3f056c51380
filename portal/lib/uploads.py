"""What an uploaded file is, judged by its content and nothing else: a PDF, a JPEG, a PNG or a HEIC
photo that really opens, within limits. The client's name and content type are never believed.

``UploadRefused`` is the only error hostile bytes can cause; its message tells the citizen what to
do. Ghostscript is never reached: Pillow is told which two formats it may try. The limits on qpdf
and Pillow hold for the whole process and are set once, when this module is imported. HEIC is opened
in a process of its own only (safe_copies): its decoder is large and has no limits to set.
"""

import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, NoReturn

import pikepdf
from pikepdf.settings import set_qpdf_limits
from PIL import Image

from portal.lib import safe_copies
from portal.lib.vietnamese import nfc_text

MAX_BYTES = 10 * 1024 * 1024
MAX_PAGES = 60
MAX_PIXELS = 40_000_000
MAX_NAME = 100  # characters of a shown file name

_EMPTY = "Tệp này rỗng (0 byte). Hãy mở tệp trên máy của bạn để kiểm tra rồi chọn lại."
_TOO_LARGE = (
    f"Tệp này lớn hơn {MAX_BYTES // 1024**2} MB. Hãy chụp hoặc quét lại ở độ phân giải thấp hơn, "
    "hoặc tách thành nhiều tệp."
)
_NAMELESS = "tep-dinh-kem"
_STREAM_MEMORY = 8 * 1024 * 1024  # bytes one packed stream of a PDF may unfold to
_MAX_TABLES = 50  # cross-reference streams: one, and one for each time the file was edited
_MAX_CONTAINERS = 400  # object streams
_PDF_START = re.compile(rb"(?:\xef\xbb\xbf)?[\s\x00]{0,16}%PDF-[0-9]")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_FILTER = re.compile(rb"/Filter(?![A-Za-z0-9])")
_PLAIN_FILTER = re.compile(rb"/Filter\s*(?:null|/[A-Za-z0-9.]+|\[\s*(?:/[A-Za-z0-9]+\s*)*\])")
_PNG_START = b"\x89PNG\r\n\x1a\n"
_JPEG_START = b"\xff\xd8\xff"
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc", b"hevx")

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
set_qpdf_limits(
    doc_max_warnings=100,
    parser_max_nesting=100,
    max_stream_filters=4,
    dct_max_memory=_STREAM_MEMORY,
    flate_max_memory=_STREAM_MEMORY,
    png_max_memory=_STREAM_MEMORY,
    run_length_max_memory=_STREAM_MEMORY,
    tiff_max_memory=_STREAM_MEMORY,
)


class UploadRefused(Exception):
    """The file can't be taken. The message is for the citizen and says what to do."""

    @classmethod
    def of_size(cls, size: int) -> "UploadRefused":
        """Of a file of so many bytes, none or too many."""
        return cls(_EMPTY if size <= 0 else _TOO_LARGE)


class UploadKind(StrEnum):
    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    HEIC = "heic"


CONTENT_TYPES = {
    UploadKind.PDF: "application/pdf",
    UploadKind.JPEG: "image/jpeg",
    UploadKind.PNG: "image/png",
    UploadKind.HEIC: "image/heic",
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that may be taken."""

    kind: UploadKind
    size: int  # bytes
    sha256: str  # 64 hex digits
    pages: int  # of a PDF; 1 for an image
    pixels: tuple[int, int] | None  # width and height of an image as stored, None for a PDF

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.kind]


def inspect(stream: BinaryIO, size: int) -> Upload:
    """What ``stream`` holds from its start; ``size`` is the client's word and only saves reading.

    Leaves the stream at its start. At most ``MAX_BYTES`` + 1 bytes are read, into memory. Raises
    UploadRefused.
    """
    if size > MAX_BYTES:
        _refuse_size()
    stream.seek(0)
    content = stream.read(MAX_BYTES + 1)
    stream.seek(0)
    if len(content) > MAX_BYTES:
        _refuse_size()
    kind = _kind_of(content)
    pages, pixels = _READERS[kind](content)
    return Upload(kind, len(content), hashlib.sha256(content).hexdigest(), pages, pixels)


def display_name(raw: str) -> str:
    """The client's file name, fit to be shown and never used as a path: NFC, last part only, no
    control or bidi characters, at most 100 characters with the extension kept."""
    name = nfc_text(re.split(r"[/\\]", raw.replace("\x00", ""))[-1]).lstrip(". ").rstrip(" ")
    if len(name) > MAX_NAME:
        stem, dot, extension = name.rpartition(".")
        tail = dot + extension if stem and len(extension) <= 10 else ""
        name = name[: MAX_NAME - len(tail)].rstrip(" .") + tail
    return name or _NAMELESS


def _kind_of(content: bytes) -> UploadKind:
    """The kind by the first bytes, or UploadRefused with advice for what it is instead."""
    if not content:
        raise UploadRefused(_EMPTY)
    if _PDF_START.match(content):
        return UploadKind.PDF
    if content.startswith(_JPEG_START):
        return UploadKind.JPEG
    if content.startswith(_PNG_START):
        return UploadKind.PNG
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return UploadKind.HEIC
    for is_it, advice in _OTHERS:
        if is_it(content):
            raise UploadRefused(advice)
    raise UploadRefused(
        "Chỉ nhận tệp PDF hoặc ảnh JPG, PNG, HEIC. Hãy chụp ảnh hoặc quét giấy tờ rồi tải lên lại."
    )


def _unfolds_safely(content: bytes) -> bool:
    """Whether opening this PDF can't eat the machine's memory or minutes of its time.

    qpdf's limits hold for every packing but LZW, and opening a file unpacks cross-reference and object
    streams. Dictionaries of streams always lie open in the file, so an LZW filter there can be seen,
    provided that every filter is named on the spot.
    """
    plain = _ESCAPED.sub(lambda code: bytes.fromhex(code[1].decode()), content)
    tables, containers = plain.count(b"/XRef"), plain.count(b"/ObjStm")
    if not tables and not containers:
        return True
    filters = _PLAIN_FILTER.findall(plain)
    return (
        tables <= _MAX_TABLES
        and containers <= _MAX_CONTAINERS
        and len(filters) == len(_FILTER.findall(plain))
        and not any(b"LZW" in name for name in filters)
    )


def _read_pdf(content: bytes) -> tuple[int, None]:
    """Pages of a PDF that opens, is not locked and is not too long."""
    try:
        if not _unfolds_safely(content):
            raise ValueError("would unfold too far")
        with pikepdf.open(io.BytesIO(content)) as pdf:
            is_locked, pages = pdf.is_encrypted, len(pdf.pages)
        if not pages:
            raise ValueError("no pages")
    except pikepdf.PasswordError:
        is_locked, pages = True, 0
    except Exception:
        raise UploadRefused(
            "Không mở được tệp PDF này, có thể tệp bị hỏng hoặc chưa tải xong. "
            "Hãy mở thử trên máy của bạn, lưu lại thành PDF mới rồi tải lên."
        ) from None
    if is_locked:
        raise UploadRefused(
            "Tệp PDF này có mật khẩu hoặc bị khóa. Hãy lưu một bản không khóa rồi tải lên lại."
        )
    if pages > MAX_PAGES:
        raise UploadRefused(
            f"Tệp PDF này có {pages} trang, nhiều hơn {MAX_PAGES} trang. "
            "Hãy tách thành nhiều tệp rồi tải lên từng tệp."
        )
    return pages, None


def _read_jpeg(content: bytes) -> tuple[int, tuple[int, int]]:
    return 1, _read_image(content, "JPEG")


def _read_png(content: bytes) -> tuple[int, tuple[int, int]]:
    return 1, _read_image(content, "PNG")


def _read_image(content: bytes, pillow_format: str) -> tuple[int, int]:
    """Width and height of an image that decodes to its end. The number of pixels is checked
    before any is decoded."""
    try:
        with Image.open(io.BytesIO(content), formats=[pillow_format]) as image:
            width, height = image.size
            if width * height <= MAX_PIXELS:
                image.verify()
        if width * height <= MAX_PIXELS:
            _decode(content, pillow_format)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        _refuse_pixels()
    except Exception:
        _refuse_broken()
    if width * height > MAX_PIXELS:
        _refuse_pixels()
    return width, height


def _read_heic(content: bytes) -> tuple[int, tuple[int, int]]:
    try:
        return 1, safe_copies.size_of_heic(content)
    except safe_copies.NotCopied:
        _refuse_broken()


def _decode(content: bytes, pillow_format: str) -> None:
    """Decode the whole image and forget it. A JPEG is decoded at an eighth of its size: every byte
    is read all the same, with a sixty-fourth of the memory."""
    with Image.open(io.BytesIO(content), formats=[pillow_format]) as image:
        image.draft("RGB", (image.width // 8, image.height // 8))
        image.load()


def _refuse_size() -> NoReturn:
    raise UploadRefused(_TOO_LARGE)


def _refuse_broken() -> NoReturn:
    raise UploadRefused(
        "Không mở được ảnh này, có thể ảnh bị hỏng hoặc chưa tải xong. "
        "Hãy chụp lại hoặc lưu lại ảnh rồi tải lên."
    ) from None


def _refuse_pixels() -> NoReturn:
    raise UploadRefused(
        f"Ảnh này có quá nhiều điểm ảnh (trên {MAX_PIXELS // 10**6} triệu). Hãy thu nhỏ ảnh rồi tải lên lại."
    )


_READERS: dict[UploadKind, Callable[[bytes], tuple[int, tuple[int, int] | None]]] = {
    UploadKind.PDF: _read_pdf,
    UploadKind.JPEG: _read_jpeg,
    UploadKind.PNG: _read_png,
    UploadKind.HEIC: _read_heic,
}


def _starts(*heads: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(heads)


def _is_zip_with(*names: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(b"PK\x03\x04") and any(name in content for name in names)


def _is_media(*brands: bytes) -> Callable[[bytes], bool]:
    """An ISO media file (HEIC, AVIF, MP4 …) of one of these brands; of any when none is given."""
    return lambda content: content[4:8] == b"ftyp" and (not brands or content[8:12] in brands)


def _is_markup(content: bytes) -> bool:
    return re.match(rb"[\s\x00\xef\xbb\xbf\xff\xfe]*<[!?a-zA-Z]", content) is not None


_SAVE_AS_PDF = "Hãy mở tệp, chọn lưu (hoặc in) thành PDF rồi tải lên tệp PDF đó."
_SAVE_AS_JPG = "Hãy lưu ảnh thành JPG rồi tải lên lại."
# First match wins: what it is, and what the citizen should do.
_OTHERS: tuple[tuple[Callable[[bytes], bool], str], ...] = (
    (
        _is_zip_with(b"word/"),
        "Tệp này là Word, hãy lưu thành PDF (Tệp > Lưu dưới dạng > PDF) rồi tải lên tệp PDF đó.",
    ),
    (_is_zip_with(b"xl/"), f"Tệp này là Excel. {_SAVE_AS_PDF}"),
    (_is_zip_with(b"ppt/", b"opendocument"), f"Tệp này là tệp văn phòng. {_SAVE_AS_PDF}"),
    (_starts(b"\xd0\xcf\x11\xe0"), f"Tệp này là Word hoặc Excel đời cũ. {_SAVE_AS_PDF}"),
    (_starts(b"{\\rtf"), f"Tệp này là văn bản RTF. {_SAVE_AS_PDF}"),
    (
        _starts(b"PK", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b"),
        "Tệp này là tệp nén (ZIP, RAR …). Hãy giải nén và tải lên từng tệp PDF hoặc ảnh ở bên trong.",
    ),
    (_is_media(b"avif", b"avis"), f"Ảnh AVIF chưa nhận được. {_SAVE_AS_JPG}"),
    (_is_media(), "Tệp này là phim hoặc âm thanh. Hãy chụp ảnh giấy tờ rồi tải ảnh lên."),
    (
        lambda content: content[:4] == b"RIFF" and content[8:12] == b"WEBP",
        f"Ảnh WebP chưa nhận được. {_SAVE_AS_JPG}",
    ),
    (_starts(b"GIF8"), f"Ảnh GIF chưa nhận được. {_SAVE_AS_JPG}"),
    (_starts(b"BM"), f"Ảnh BMP chưa nhận được. {_SAVE_AS_JPG}"),
    (_starts(b"II*\x00", b"MM\x00*"), f"Ảnh TIFF chưa nhận được. {_SAVE_AS_PDF}"),
    (_starts(b"%!PS", b"\xc5\xd0\xd3\xc6"), f"Tệp này là PostScript. {_SAVE_AS_PDF}"),
    (
        _starts(b"MZ", b"\x7fELF"),
        "Tệp này là chương trình, không phải giấy tờ. Hãy chọn tệp PDF hoặc ảnh giấy tờ.",
    ),
    (_is_markup, f"Tệp này là trang web hoặc hình vẽ SVG. {_SAVE_AS_PDF}"),
)
