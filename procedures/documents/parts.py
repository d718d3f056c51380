"""What several papers have in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.lib.vietnamese import format_date
from procedures.documents.printable import grouped_digest, in_vietnam, long_date, long_moment

HEADQUARTERS = "BẢO HIỂM XÃ HỘI VIỆT NAM"


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """Head of an office's paper."""

    office: str  # "BHXH tỉnh Thanh Hóa"
    place: str  # before the date: "Thanh Hóa"
    number: str  # số, ký hiệu: "0001/TNHS"
    issued_at: datetime  # aware
    parent: str = HEADQUARTERS

    def content(self) -> Mapping[str, object]:
        return {
            "parent": self.parent,
            "office": self.office,
            "number": self.number,
            "place_and_date": f"{self.place}, {long_date(in_vietnam(self.issued_at))}",
        }


@dataclass(frozen=True, kw_only=True)
class Person:
    """Whom the paper is about. Empty parts are left out."""

    name: str
    bhxh_number: str = ""
    birth_date: str = ""  # as shown
    identity_number: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    representative: str = ""  # người được ủy quyền, with the paper that says so

    def rows(self, name_label: str) -> list[tuple[str, str]]:
        rows = [
            (name_label, self.name),
            ("Ngày sinh", self.birth_date),
            ("Mã số BHXH", self.bhxh_number),
            ("Số CMND/CCCD/hộ chiếu", self.identity_number),
            ("Người được ủy quyền", self.representative),
            ("Địa chỉ", self.address),
            ("Số điện thoại", self.phone),
            ("E-mail", self.email),
        ]
        return [(label, value) for label, value in rows if value]


class PaperMeans(StrEnum):
    """How a paper of the dossier came, in the words of the receipt."""

    ELECTRONIC = "Bản điện tử"
    FILLED_HERE = "Khai trên cổng"
    TO_FOLLOW = "Bản giấy gửi sau"
    ON_PAPER = "Bản giấy đã nhận"


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One line of the papers received."""

    name: str
    originals: int = 0
    copies: int = 0
    means: PaperMeans = PaperMeans.ELECTRONIC
    note: str = ""  # "2 tệp, 5 trang"; "gửi qua bưu điện"

    def content(self) -> Mapping[str, object]:
        return {
            "name": self.name,
            "originals": str(self.originals or ""),
            "copies": str(self.copies or ""),
            "means": str(self.means),
            "note": self.note,
        }


@dataclass(frozen=True, kw_only=True)
class Limit:
    """A limit in words with where it comes from."""

    words: str  # "5 ngày làm việc kể từ ngày nhận đủ hồ sơ"
    basis: str
    is_unsure: bool = False

    def content(self) -> Mapping[str, object]:
        mark = "; chưa kiểm chứng" if self.is_unsure else ""
        return {"words": self.words, "basis": f"{self.basis}{mark}"}


@dataclass(frozen=True, kw_only=True)
class Signing:
    """How the filer signed."""

    signer: str
    means: str  # "mã xác thực giao dịch điện tử gửi tới số 09•••••678"
    signed_at: datetime  # aware
    transaction: str = ""  # number of the code or of the certificate

    def content(self) -> Mapping[str, object]:
        return {
            "signer": self.signer,
            "means": self.means,
            "moment": long_moment(self.signed_at),
            "day": format_date(in_vietnam(self.signed_at)),
            "transaction": self.transaction,
        }


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What lets anyone check that this paper belongs to that content."""

    reference: str  # mã hồ sơ
    tracking_url: str
    short_digest: str = ""
    digest: str = ""  # SHA-256, 64 hex digits
    signing: Signing | None = None
    verify_url: str = ""  # where anybody can have it checked
    log: tuple[str, ...] = ()  # its place in the log, in short sentences

    def content(self) -> Mapping[str, object]:
        return {
            "log": list(self.log),
            "reference": self.reference,
            "tracking_url": self.tracking_url,
            "short_digest": self.short_digest,
            "digest": grouped_digest(self.digest),
            "signing": self.signing.content() if self.signing else None,
        }
