"""Pages of stored papers as pictures: what an officer looks at instead of the file itself.

PDFium and Pillow read what strangers sent, so they do it in a process of their own with little memory, little
time and no environment: a file that is made to hurt hurts nobody but itself. Zoom and rotation are the
picture's, so they work without scripts and alike for photographs and PDFs.
"""

import io
import resource
import subprocess
import sys
from dataclasses import dataclass
from typing import BinaryIO, cast

import pypdfium2
from PIL import Image, ImageOps

PDF = "application/pdf"
TURNS = (0, 90, 180, 270)  # degrees, clockwise
WIDTHS = (1400, 2400)  # pixels of the longer way across; the second for the larger zooms
MEMORY = 1024 * 1024 * 1024  # bytes a reading may take
SECONDS = 15  # a reading may take
_QUALITY = 84  # of the JPEG
_MOST_PIXELS = 40_000_000


class Unreadable(Exception):
    """No picture can be made of this page: there is no such page, or the file breaks its reader."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which page, how it is turned (clockwise degrees) and how wide it is to be (pixels)."""

    page: int = 1  # from 1; of a picture there is only the first
    turn: int = 0
    width: int = WIDTHS[0]


def picture_of(content: bytes, content_type: str, wanted: Wanted) -> bytes:
    """A JPEG of one page. Raises Unreadable."""
    words = [content_type, str(wanted.page), str(wanted.turn), str(wanted.width)]
    try:
        done = subprocess.run(  # noqa: S603 - this very file, and words that were numbers a moment ago
            [sys.executable, "-I", __file__, *words],
            input=content,
            capture_output=True,
            timeout=SECONDS + 5,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("too slow") from error
    if done.returncode or not done.stdout:
        raise Unreadable(done.stderr.decode(errors="replace")[-200:])
    return done.stdout


def draw(content: bytes, content_type: str, wanted: Wanted) -> bytes:
    """What picture_of does, in this process: for the child only. Raises whatever the readers raise."""
    drawn = _page(content, wanted) if content_type == PDF else _photograph(content, wanted)
    turned = drawn.rotate(-wanted.turn, expand=True) if wanted.turn else drawn
    out = io.BytesIO()
    turned.convert("RGB").save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def _page(content: bytes, wanted: Wanted) -> Image.Image:
    document = pypdfium2.PdfDocument(content)
    page = document[wanted.page - 1]
    width, height = page.get_size()
    scale = wanted.width / max(_across(width, height, wanted.turn), 1)
    scale = min(scale, (_MOST_PIXELS / max(width * height, 1)) ** 0.5)
    return cast(Image.Image, page.render(scale=scale, may_draw_forms=True).to_pil())


def _photograph(content: bytes, wanted: Wanted) -> Image.Image:
    if wanted.page != 1:
        raise IndexError(wanted.page)
    photograph = Image.open(io.BytesIO(content), formats=("JPEG", "PNG"))
    longest = wanted.width * 2
    photograph.draft("RGB", (longest, longest))
    upright = ImageOps.exif_transpose(photograph)
    if upright.mode in ("RGBA", "LA", "P"):
        upright = Image.alpha_composite(
            Image.new("RGBA", upright.size, (255, 255, 255, 255)), upright.convert("RGBA")
        )
    scale = wanted.width / _across(*upright.size, wanted.turn)
    if scale < 1:
        upright = upright.resize((max(1, int(upright.width * scale)), max(1, int(upright.height * scale))))
    return upright.convert("RGB")


def _across(width: float, height: float, turn: int) -> float:
    """What will lie across once it is turned."""
    return height if turn in (90, 270) else width


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))


def _main(words: list[str], content: BinaryIO, out: BinaryIO) -> None:
    _limit()
    content_type, page, turn, width = words
    out.write(draw(content.read(), content_type, Wanted(int(page), int(turn), int(width))))


if __name__ == "__main__":
    _main(sys.argv[1:], sys.stdin.buffer, sys.stdout.buffer)
