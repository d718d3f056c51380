"""Sheets to print, and a few ways to look into a PDF."""

import dataclasses
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pypdf

from procedures.documents import (
    ApologySheet,
    Column,
    ControlSlip,
    DecisionSheet,
    Defect,
    Field,
    FormSheet,
    HandOverLine,
    Letterhead,
    Limit,
    Outcome,
    Paper,
    PaperMeans,
    Payment,
    Person,
    Proof,
    ReceiptSheet,
    Section,
    Signing,
    SupplementSheet,
    Table,
)
from procedures.documents.annex import AnnexSheet

AT = datetime(2019, 8, 20, 7, 5, tzinfo=UTC)  # 14:05 in Việt Nam
REFERENCE = "DEMO-038-190820-0001-K"
URL = f"https://hoso.example.vn/tra-cuu/{REFERENCE}"
DIGEST = "3f9ac2d41b7e5f60889012ab34cd56ef7890abcd1234ef567890abcdef123456"
PROCEDURE = "Giải quyết hưởng bảo hiểm xã hội một lần"

LETTERHEAD = Letterhead(office="BHXH tỉnh Thanh Hóa", place="Thanh Hóa", number="0001/TNHS", issued_at=AT)
SIGNING = Signing(
    signer="Nguyễn Thị Hằng",
    means="mã xác thực giao dịch điện tử gửi tới số 09•••••678",
    signed_at=AT,
    transaction="GD-0001",
)
PROOF = Proof(reference=REFERENCE, tracking_url=URL, short_digest="7ZK4-M0QX", digest=DIGEST, signing=SIGNING)
PERSON = Person(
    name="Nguyễn Thị Hằng",
    bhxh_number="0116123456",
    birth_date="01/02/1960",
    address="Số 12, đường Trần Phú, Phường Ba Đình, Thành phố Thanh Hóa, Tỉnh Thanh Hóa",
    phone="0912 345 678",
    email="hang@example.vn",
)
PAPERS = (
    Paper(name="Đơn đề nghị (mẫu 14-HSB)", originals=1, means=PaperMeans.FILLED_HERE),
    Paper(name="Sổ bảo hiểm xã hội", originals=1, means=PaperMeans.TO_FOLLOW, note="nộp khi nhận kết quả"),
    Paper(name="Trích sao hồ sơ bệnh án", copies=1, note="2 tệp, 5 trang"),
)
RECEIPT = ReceiptSheet(
    letterhead=LETTERHEAD,
    filer=PERSON,
    procedure=PROCEDURE,
    papers=PAPERS,
    received_at=AT,
    due=date(2019, 8, 27),
    limits=(
        Limit(words="5 ngày làm việc", basis="Quyết định 166/QĐ-BHXH", is_unsure=True),
        Limit(words="10 ngày", basis="khoản 4 Điều 110 Luật BHXH"),
    ),
    return_method="Qua bưu điện",
    receiver="Hệ thống tiếp nhận tự động",
    contact="Hỗ trợ: 0243.7753944",
    proof=PROOF,
)
APPROVAL = DecisionSheet(
    letterhead=LETTERHEAD,
    outcome=Outcome.APPROVE,
    addressee=PERSON,
    procedure=PROCEDURE,
    received_on=date(2019, 8, 20),
    legal_basis=("Điều 60 Luật Bảo hiểm xã hội",),
    payment=Payment(amount_vnd=44_980_714, method="Chuyển khoản ••••6789"),
    signed_by="Lê Văn Sơn",
    proof=PROOF,
)
REFUSAL = dataclasses.replace(
    APPROVAL, outcome=Outcome.REFUSE, payment=None, reason="Chưa đủ một năm kể từ khi nghỉ việc."
)
SUPPLEMENT = SupplementSheet(
    letterhead=LETTERHEAD,
    filer=PERSON,
    procedure=PROCEDURE,
    defects=(
        Defect(subject="Trích sao hồ sơ bệnh án", action="Chụp lại trang 2 cho rõ.", basis="Điều 109"),
        Defect(subject="Số tài khoản", action="Ghi tài khoản của chính người hưởng."),
    ),
    reason="Ảnh mờ, không đọc được.",
    answer_by=date(2019, 9, 5),
    how="Đăng nhập cổng và chọn “Bổ sung hồ sơ”.",
    officer="Trần Thị Mai",
    proof=PROOF,
)
RELATIVES = Table(
    label="Những người thân nhân",
    columns=(Column("Họ và tên"), Column("Ngày sinh"), Column("Thu nhập tháng", is_number=True)),
    rows=(("Trần Văn An", "12/03/2010", "0 đ"), ("Trần Thị Bình", "01/01/1940", "500.000 đ")),
)
FORM = FormSheet(
    form="14-HSB",
    title="ĐƠN ĐỀ NGHỊ",
    subtitle=PROCEDURE,
    addressed_to="BHXH tỉnh Thanh Hóa",
    sections=(
        Section("Người đề nghị", (Field("Họ và tên", "Nguyễn Thị Hằng"), Field("Ghi chú", ""))),
        Section("Thân nhân", (Field("Số người", "2"), RELATIVES, Field("Lý do", "Dòng một\nDòng hai"))),
    ),
    commitment="Tôi cam đoan lời khai trên là đúng.",
    place="Thanh Hóa",
    written_at=AT,
    proof=PROOF,
)

APOLOGY = ApologySheet(
    letterhead=LETTERHEAD,
    filer=PERSON,
    procedure=PROCEDURE,
    received_at=AT,
    old_due=date(2019, 8, 27),
    new_due=date(2019, 9, 6),
    reason="Chờ cơ quan BHXH nơi ông/bà làm việc trước đây xác nhận thời gian đóng.",
    signed_by="Lê Văn Sơn",
    signed_as="Phó Giám đốc",
    proof=PROOF,
)
SLIP = ControlSlip(
    letterhead=LETTERHEAD,
    reference=REFERENCE,
    procedure=PROCEDURE,
    received_at=AT,
    due=date(2019, 8, 27),
    lines=(
        HandOverLine(
            "Hệ thống tiếp nhận tự động", "Phạm Minh Châu", AT, date(2019, 8, 27), "Đúng hạn", "Nhận xử lý"
        ),
        HandOverLine("Phạm Minh Châu", "Lê Văn Sơn", AT, None, "Trước hạn", "Trình ký"),
    ),
)
ANNEX = AnnexSheet(
    title="Tỷ lệ hồ sơ điện tử của BHXH các tỉnh, thành phố",
    attached_to="Gửi kèm Công văn số 3040/BHXH-CNTT ngày 20/8/2019 của BHXH Việt Nam",
    headings=("STT", "BHXH tỉnh, thành phố", "Hồ sơ điện tử", "Tổng số hồ sơ", "Tỷ lệ"),
    rows=tuple(
        (str(place), "BHXH Tỉnh Bà Rịa - Vũng Tàu", "168.121", "945.863", "22,35%") for place in range(1, 64)
    ),
    total=("", "Toàn quốc", "1.545.438", "4.177.524", "36,99%"),
    definition="Hồ sơ nộp từ 01/01/2019 đến 31/08/2019, bảy thủ tục.",
    digest=DIGEST,
    made_at=AT,
)


def opened(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """All text, white space as single spaces, without invisible break points."""
    pages = " ".join(page.extract_text() for page in opened(pdf).pages)
    return " ".join(pages.replace("\u200b", "").split())


def structure(pdf: bytes) -> Iterator[dict[str, Any]]:
    """Every element of the tag tree."""
    waiting = [opened(pdf).trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop().get_object()
        if isinstance(element, list):
            waiting += element
        elif isinstance(element, dict):
            yield element
            waiting += [element["/K"]] if "/K" in element else []


def embedded_fonts(pdf: bytes) -> dict[str, bool]:
    """Name of each font: whether its outlines are in the file."""
    fonts = {}
    for page in opened(pdf).pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            fonts[inner["/BaseFont"]] = "/FontFile2" in inner["/FontDescriptor"]
    return fonts
