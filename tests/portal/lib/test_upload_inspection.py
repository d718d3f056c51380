import contextlib
import hashlib
import io
import resource
import zlib

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from portal.lib.uploads import MAX_BYTES, Upload, UploadKind, UploadRefused, display_name, inspect


def read(content: bytes) -> Upload:
    return inspect(io.BytesIO(content), len(content))


def pdf(pages: int = 1, **save: object) -> bytes:
    made, out = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        made.add_blank_page()
    made.save(out, **save)
    return out.getvalue()


def picture(kind: str, size: tuple[int, int] = (64, 48), mode: str = "RGB", **save: object) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 80).convert(mode).save(out, kind, **save)
    return out.getvalue()


def wrapped_xref(stream: bytes, filter_name: bytes) -> bytes:
    """A PDF whose cross-reference table is this packed stream."""
    head = b"%PDF-1.5\n"
    entry = b"1 0 obj\n<</Type/XRef/Size 3/W[1 2 1]/Root 2 0 R/Filter " + filter_name
    body = b"/Length %d>>\nstream\n" % len(stream) + stream + b"\nendstream\nendobj\n"
    return head + entry + body + b"startxref\n%d\n" % len(head) + b"%%EOF"


def flood_png(side: int) -> bytes:
    """A black 1-bit PNG of side x side pixels, small on disk."""
    out = io.BytesIO()
    Image.new("1", (side, side)).save(out, "PNG", optimize=True)
    return out.getvalue()


PICTURES = {
    "jpeg": picture("JPEG"),
    "progressive": picture("JPEG", progressive=True),
    "grey": picture("JPEG", mode="L"),
    "cmyk": picture("JPEG", mode="CMYK"),
    "png": picture("PNG"),
    "sixteen bits": picture("PNG", mode="I;16"),
    "palette": picture("PNG", mode="P"),
}


def test_a_pdf_is_taken_with_its_pages_and_digest():
    content = pdf(3)
    upload = read(content)
    assert (upload.kind, upload.pages, upload.pixels, upload.size) == (UploadKind.PDF, 3, None, len(content))
    assert upload.content_type == "application/pdf"
    assert upload.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_of_all_sorts_are_taken(name):
    upload = read(PICTURES[name])
    assert upload.pixels == (64, 48)
    assert upload.content_type in {"image/jpeg", "image/png"}


def test_the_stream_is_left_at_its_start():
    stream = io.BytesIO(PICTURES["jpeg"])
    inspect(stream, 0)
    assert stream.tell() == 0


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"", "rỗng"),
        (b"x", "PDF hoặc ảnh JPG, PNG, HEIC"),
        (b"PK\x03\x04....word/document.xml", "Word, hãy lưu thành PDF"),
        (b"PK\x03\x04....xl/workbook.xml", "Excel"),
        (b"PK\x03\x04....a.txt", "giải nén"),
        (b"Rar!\x1a\x07", "giải nén"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "đời cũ"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "Không mở được ảnh này"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00", "phim"),
        (b"GIF89a", "GIF"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"  <!DOCTYPE html><script>", "trang web"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "PostScript"),
        (b"MZ\x90\x00", "chương trình"),
    ],
)
def test_what_is_something_else_is_named_with_advice(content, advice):
    with pytest.raises(UploadRefused, match=advice):
        read(content)


def test_a_locked_pdf_is_refused():
    for user in ("", "matkhau"):
        locked = pdf(1, encryption=pikepdf.Encryption(owner="chu", user=user))
        with pytest.raises(UploadRefused, match="không khóa"):
            read(locked)


def test_pages_have_a_limit():
    assert read(pdf(60)).pages == 60
    with pytest.raises(UploadRefused, match="61 trang"):
        read(pdf(61))
    with pytest.raises(UploadRefused, match="Không mở được"):
        read(pdf(0))


def test_size_has_a_limit_whatever_the_client_says():
    full = PICTURES["jpeg"] + b"\0" * (MAX_BYTES - len(PICTURES["jpeg"]))
    assert read(full).size == MAX_BYTES
    for content, size in ((full + b"\0", 5), (b"", MAX_BYTES + 1)):
        with pytest.raises(UploadRefused, match="10 MB"):
            inspect(io.BytesIO(content), size)


@pytest.mark.parametrize("side", [6400, 9000, 14000, 30000])
def test_a_pixel_flood_is_refused_before_it_is_unpacked(side):
    content = flood_png(side) if side < 30000 else _declared_size(flood_png(64), side)
    with pytest.raises(UploadRefused, match="điểm ảnh"):
        read(content)


def _declared_size(png: bytes, side: int) -> bytes:
    header = png[12:16] + side.to_bytes(4, "big") * 2 + png[24:29]
    return png[:12] + header + zlib.crc32(header).to_bytes(4, "big") + png[33:]


@pytest.mark.parametrize("name", PICTURES)
def test_a_cut_picture_is_refused(name):
    content = PICTURES[name]
    with pytest.raises(UploadRefused, match="hỏng"):
        read(content[: len(content) * 2 // 3])


def test_a_broken_pdf_is_refused():
    for content in (b"%PDF-1.4\n", b"%PDF-1.7\n" + b"[" * 100_000, wrapped_xref(b"", b"/FlateDecode")):
        with pytest.raises(UploadRefused, match="PDF"):
            read(content)


def test_a_pdf_that_unfolds_without_end_is_refused():
    packer = zlib.compressobj(9)
    bomb = b"".join(packer.compress(bytes(2**20)) for _ in range(256)) + packer.flush()
    with pytest.raises(UploadRefused, match="PDF"):
        read(wrapped_xref(bomb, b"/FlateDecode"))


def lzw_bomb(cycles: int) -> bytes:
    """LZW codes that unfold to about 7 MB of zeros a cycle."""
    bits: list[str] = []
    for _ in range(cycles):
        bits += [format(256, "012b" if bits else "09b"), format(0, "09b")]
        bits += [format(code, f"0{max((code + 1).bit_length(), 9)}b") for code in range(258, 4093)]
    text = "".join(bits)
    return int(text.ljust(-(-len(text) // 8) * 8, "0"), 2).to_bytes(-(-len(text) // 8), "big")


@pytest.mark.parametrize(
    "filter_name", [b"/LZWDecode", b"/#4cZWDecode", b"[/LZWDecode]", b"7 0 R", b"[7 0 R]", b"%\n/LZWDecode"]
)
def test_no_old_packing_in_the_tables_of_a_pdf(filter_name):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(UploadRefused, match="PDF"):
        read(wrapped_xref(lzw_bomb(20), filter_name))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000  # KiB


def test_a_pdf_with_packed_tables_is_taken():
    content = pdf(3, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"/ObjStm" in content
    assert read(content).pages == 3


def test_an_old_scan_is_taken():
    scan = pikepdf.new()
    scan.add_blank_page()
    scan.pages[0].Contents = scan.make_stream(lzw_bomb(1), Filter=pikepdf.Name.LZWDecode)
    out = io.BytesIO()
    scan.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    assert b"LZWDecode" in out.getvalue()
    assert read(out.getvalue()).pages == 1


SEEDS = [
    pdf(2),
    pdf(2, object_stream_mode=pikepdf.ObjectStreamMode.generate),
    PICTURES["jpeg"],
    PICTURES["png"],
    PICTURES["progressive"],
    PICTURES["palette"],
]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SEEDS), st.data())
def test_hostile_bytes_cause_nothing_but_a_refusal(seed, data):
    content = bytearray(seed)
    for _ in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    start = data.draw(st.integers(0, len(content)))
    _take_or_refuse(bytes(content[:start]) + data.draw(st.binary(max_size=64)) + bytes(content[start:]))


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([b"", b"%PDF-1.7\n", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04"]),
    st.binary(max_size=2000),
)
def test_random_bytes_cause_nothing_but_a_refusal(head, tail):
    _take_or_refuse(head + tail)


def _take_or_refuse(content: bytes) -> None:
    with contextlib.suppress(UploadRefused):
        assert read(content).pages


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Đơn đề nghị.pdf", "Đơn đề nghị.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\giấy tờ\\cmnd.jpg", "cmnd.jpg"),
        ("..", "tep-dinh-kem"),
        ("", "tep-dinh-kem"),
        ("a\x00b\r\n.jpg", "ab .jpg"),
        ("ảnh\u202egpj.exe", "ảnhgpj.exe"),
        (" .bashrc", "bashrc"),
        ("Nguyê\u0303n.pdf", "Nguyễn.pdf"),
        ("thư mục/", "tep-dinh-kem"),
    ],
)
def test_a_file_name_is_only_shown(raw, shown):
    assert display_name(raw) == shown


def test_a_long_name_keeps_its_extension():
    name = display_name("đ" * 300 + ".pdf")
    assert len(name) == 100
    assert name.endswith("đ.pdf")


@given(st.text())
def test_any_name_can_be_shown(raw):
    name = display_name(raw)
    assert 1 <= len(name) <= 100
    assert not set(name) & set("/\\\x00\n\r\u202e")
