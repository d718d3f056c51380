"""Makes the copy of an upload that people may open. A program of its own: safe_copies starts it for one file,
with no secrets in its environment, and it gives up memory, time and the right to write files before it reads.

    python -I copier.py jpeg|png|heic|pdf    the file on stdin; a line of JSON, then the copy, on stdout,
                                             then the files that were attached to a PDF, for the scanner
    python -I copier.py size-heic            the line alone: width and height of a picture that decodes

Pictures are turned upright and written anew as JPEG, so that nothing is left of what a camera or a forger added.
A PDF is made of its pages' looks alone: form fields and notes become part of the page; scripts, actions, attached
files, XFA, metadata and thumbnails are left out. Exit status 1: this file can't be copied.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from collections.abc import Iterator

KIND = sys.argv[-1]
# Only what this kind of file needs: loading the others costs more processor time than the copy of a photo.
if KIND == "pdf":
    import pikepdf
    from pikepdf.settings import set_qpdf_limits
else:
    from PIL import Image, ImageOps
if KIND.endswith("heic"):
    import pillow_heif

MEMORY = 1024 * 1024 * 1024  # bytes of address space: 40 megapixels take three times 120 MB, Python the rest
SECONDS = 30  # of processor time
OUTPUT = 48 * 1024 * 1024  # bytes of the copy
MAX_PIXELS = 40_000_000
QUALITY = 85  # of JPEG: text of a photographed page stays sharp
_STREAM_MEMORY = 64 * 1024 * 1024  # bytes one packed stream of a PDF may unfold to, of all that a page shows
_MOST_OBJECTS = 50_000
_MOST_INSIDE = 32 * 1024 * 1024  # bytes of all files attached to a PDF

# Of a page only what makes its looks.
_PAGE_KEYS = {
    *(
        "/Type",
        "/Parent",
        "/MediaBox",
        "/CropBox",
        "/Rotate",
        "/Resources",
        "/Contents",
        "/UserUnit",
        "/Group",
    )
}
# Whatever holds one of these: actions and scripts, files and what lies outside, data of programs, thumbnails.
_FORBIDDEN = (
    *("/AA", "/JS", "/JavaScript", "/OpenAction", "/Launch", "/URI", "/Next", "/Annots", "/AcroForm"),
    *("/XFA", "/Names", "/EmbeddedFiles", "/EF", "/AF", "/RichMediaContent", "/Ref", "/OPI", "/Alternates"),
    *("/Metadata", "/PieceInfo", "/Thumb", "/LastModified", "/Collection", "/Threads", "/SpiderInfo"),
)
_NAME_MAPS = {
    *("/Font", "/XObject", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/Properties", "/CharProcs")
}


def main(kind: str) -> int:
    _give_up_rights()
    content = sys.stdin.buffer.read()
    facts: dict[str, object]
    try:
        if kind == "size-heic":
            facts, copy = {"pixels": _picture(content, "HEIF").size}, b""
        elif kind == "pdf":
            facts, copy = _pdf(content)
        else:
            facts, copy = _jpeg(content, {"heic": "HEIF"}.get(kind, kind.upper()))
    except Exception as error:
        sys.stderr.write(type(error).__name__)  # not the message: it may quote the file
        return 1
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + copy)
    sys.stdout.buffer.flush()
    return 0


def _give_up_rights() -> None:
    if KIND == "pdf":
        _limit_qpdf()
    else:
        Image.preinit()  # JPEG and PNG, while files may still be opened
        Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    if KIND.endswith("heic"):
        pillow_heif.register_heif_opener()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (8, 8))  # no new sockets to speak of
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def _limit_qpdf() -> None:
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


def _picture(content: bytes, pillow_format: str) -> Image.Image:
    """Decoded, upright, not larger than allowed. Pillow tries this one format only."""
    image: Image.Image = Image.open(io.BytesIO(content), formats=[pillow_format])
    if image.width * image.height > MAX_PIXELS:
        raise ValueError("too many pixels")
    image.load()
    return ImageOps.exif_transpose(image)


def _jpeg(content: bytes, pillow_format: str) -> tuple[dict[str, object], bytes]:
    picture = _on_white(_picture(content, pillow_format))
    out = io.BytesIO()
    # Nothing of ``picture.info`` is handed on: no EXIF, no colour profile, no comment, no preview.
    picture.save(out, "JPEG", quality=QUALITY, exif=b"", icc_profile=None, comment=b"")
    return {"type": "image/jpeg", "pixels": picture.size}, out.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    """In the colours of a JPEG: grey or RGB, what is transparent on white."""
    if picture.mode.startswith("I;16"):
        return picture.point(lambda value: value / 256).convert("L")  # Pillow cuts off instead of scaling
    if picture.mode in ("I", "F"):
        return picture.point(lambda value: value / 256).convert("L")
    if picture.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        white = Image.new("RGB", clear.size, "white")
        white.paste(clear, mask=clear.getchannel("A"))
        return white
    return picture if picture.mode in ("L", "RGB") else picture.convert("L" if picture.mode == "1" else "RGB")


def _pdf(content: bytes) -> tuple[dict[str, object], bytes]:
    with pikepdf.open(io.BytesIO(content)) as source, pikepdf.new() as copy:
        is_signed, inside = _is_signed(source), list(_files_inside(source))
        _put_on_the_page(source)
        for page in source.pages:
            for key in set(page.obj.keys()) - _PAGE_KEYS:
                del page[key]
        copy.pages.extend(source.pages)
        if len(copy.objects) > _MOST_OBJECTS:
            raise ValueError("too many objects")
        if "/OCProperties" in source.Root:  # which layers are to be seen
            copy.Root.OCProperties = copy.copy_foreign(source.make_indirect(source.Root.OCProperties))
        _strip(copy)
        pages, out = len(copy.pages), io.BytesIO()
        copy.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    made = out.getvalue()
    facts = {"type": "application/pdf", "pages": pages, "is_signed": is_signed}
    return {**facts, "size": len(made), "inside": [len(one) for one in inside]}, made + b"".join(inside)


def _files_inside(source: pikepdf.Pdf) -> Iterator[bytes]:
    """Files attached to a PDF, unpacked: a scanner doesn't find every one of them by itself."""
    left = _MOST_INSIDE
    for one in source.objects:
        if not (isinstance(one, pikepdf.Stream) and "/Type" in one and one["/Type"] == "/EmbeddedFile"):
            continue
        try:
            content = one.read_bytes()
        except pikepdf.PdfError:
            content = one.read_raw_bytes()
        left -= len(content)
        if left < 0:
            raise ValueError("too much is attached")
        yield content


def _put_on_the_page(source: pikepdf.Pdf) -> None:
    """Typed fields and drawn notes become part of the page. Of a form that is broken they are left out."""
    try:
        source.generate_appearance_streams()
        source.flatten_annotations("screen")
    except (pikepdf.PdfError, ValueError, RuntimeError):
        sys.stderr.write("fields left out")


def _is_signed(source: pikepdf.Pdf) -> bool:
    return any(isinstance(one, pikepdf.Dictionary) and "/ByteRange" in one for one in source.objects)


def _strip(copy: pikepdf.Pdf) -> None:
    """Take what is forbidden out of every object. In maps from names of resources any name is right."""
    name_maps = {
        part.objgen
        for root in copy.objects
        for one, _is_map in _with_direct_parts(root)
        for key, part in _parts(one)
        if key in _NAME_MAPS and isinstance(part, pikepdf.Dictionary) and part.is_indirect
    }
    for root in copy.objects:
        for one, is_map in _with_direct_parts(root, is_map=root.objgen in name_maps):
            if not is_map and isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
                for key in _FORBIDDEN:
                    if key in one:
                        del one[key]


def _with_direct_parts(
    root: pikepdf.Object, *, is_map: bool = False
) -> Iterator[tuple[pikepdf.Object, bool]]:
    """An object and what lies directly in it; of each, whether it maps names of resources."""
    waiting = [(root, is_map)]
    while waiting:
        one, is_map = waiting.pop()
        yield one, is_map
        for key, part in _parts(one):
            if isinstance(part, (pikepdf.Array, pikepdf.Dictionary)) and not part.is_indirect:
                waiting.append((part, key in _NAME_MAPS))


def _parts(one: pikepdf.Object) -> Iterator[tuple[str, object]]:
    if isinstance(one, pikepdf.Array):
        yield from (("", part) for part in one)
    elif isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
        yield from ((str(key), one[key]) for key in one.keys())  # noqa: SIM118 - a stream is no mapping


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
