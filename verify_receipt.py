#!/usr/bin/env python3
"""Kiểm chứng giấy tiếp nhận và bộ bằng chứng của cổng hồ sơ BHXH, không cần mạng, không cần tin cổng.

    python3 verify_receipt.py giay-tiep-nhan.json
    python3 verify_receipt.py bo-bang-chung.zip
    python3 verify_receipt.py --keys keys.json giay-tiep-nhan.json     khóa lấy từ nơi khác (nên làm)

Cần Python 3.9 trở lên và thư viện cryptography (pip install cryptography). Kết quả 0: đúng; 1: sai; 2: không
đọc được. One file on purpose: it can be kept beside the receipt for years, and read in ten minutes.

What is checked, in this order: the receipt's facts are those the leaf was made from (with its salt); the leaf is
in the tree whose root the checkpoint signs; the checkpoint's signature; the key.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ORIGIN = "cong-ho-so-bhxh/nhat-ky"
ENDORSEMENT = b"cong-ho-so-bhxh/khoa-moi\x00"
FORMAT = "bhxh-proof/1"
MOST_BYTES = 1_000_000  # of one receipt
MOST_STEPS = 64
MOST_FILES, MOST_UNPACKED = 2_000, 500_000_000

WORDS = {
    "unreadable": "Tệp không phải là giấy tiếp nhận của cổng, hoặc đã hỏng.",
    "facts": "Điều ghi trên giấy không phải là điều đã ghi vào nhật ký.",
    "leaf": "Dòng nhật ký trong giấy đã bị sửa.",
    "inclusion": "Dòng nhật ký không có trong cây mà điểm chốt đã ký.",
    "signature": "Chữ ký của điểm chốt không đúng.",
    "key": "Điểm chốt ký bằng khóa không phải của nhật ký này.",
    "pending": "Giấy chưa có bằng chứng: điểm chốt được làm trong vòng một phút sau khi nộp. Hãy tải lại giấy.",
    "content": "Nội dung hồ sơ không phải là nội dung đã ký.",
    "missing": "Bộ bằng chứng thiếu tệp.",
    "changed": "Có tệp trong bộ bằng chứng đã bị sửa.",
}


class Refused(Exception):
    """Why something isn't proven: ``reason`` is a key of WORDS, ``where`` names the part."""

    def __init__(self, reason: str, where: str = "") -> None:
        self.reason, self.where = reason, where
        super().__init__(f"{WORDS[reason]}{f' ({where})' if where else ''}")


# --- a receipt ------------------------------------------------------------------------------------


def read(content: bytes) -> dict[str, Any]:
    """The receipt in a JSON file. Raises Refused for anything else."""
    try:
        found = json.loads(content.decode("utf-8-sig")) if len(content) <= MOST_BYTES else None
    except (ValueError, RecursionError):
        found = None
    if (
        not isinstance(found, dict)
        or found.get("format") != FORMAT
        or not isinstance(found.get("proof"), dict)
    ):
        raise Refused("unreadable")
    return found


def verify(receipt: dict[str, Any], keys: dict[str, bytes] | None = None) -> dict[str, Any]:
    """Check everything; what is proven: reference, kind, at, office, digest, index, size, closed_at, key.

    ``keys``: the log's public keys by id, from a source that is trusted. None takes the key in the receipt.
    Raises Refused.
    """
    try:
        leaf = check_facts(receipt)
        return {**leaf, **check_proof(receipt["proof"], keys)}
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise Refused("unreadable") from None


def check_facts(receipt: dict[str, Any]) -> dict[str, Any]:
    """That the receipt's facts are those of its leaf."""
    proof = receipt["proof"]
    salt, said = bytes.fromhex(proof["salt"]), json.loads(proof["leaf"])
    record = proof["record"]
    expected = {
        "v": 1,
        "kind": record["act"],
        "dossier": salted("dossier", salt, canonical([receipt["public_id"], receipt["reference"]])),
        "digest": receipt["digest"],
        "office": receipt["office"],
        "at": receipt["at"],
        "record": salted("record", salt, canonical(record)),
        "salt": salted("salt", salt, b""),
    }
    if said != expected or receipt.get("signature", {}) != record.get("signature", {}):
        raise Refused("facts")
    if canonical(said).decode() != proof["leaf"]:
        raise Refused("leaf")
    names = ("reference", "digest", "office", "at")
    return {"kind": record["act"], **{name: receipt[name] for name in names}}


def check_proof(proof: dict[str, Any], keys: dict[str, bytes] | None) -> dict[str, Any]:
    """That the leaf is in the tree, and the tree's root is signed."""
    if proof["checkpoint"] is None:
        raise Refused("pending")
    leaf = hashlib.sha256(b"\x00" + proof["leaf"].encode()).digest()
    if proof["leaf_hash"] != leaf.hex():
        raise Refused("leaf")
    size, root, closed_at, key_id, signature, body = read_note(proof["checkpoint"])
    steps = [bytes.fromhex(step) for step in proof["inclusion"]]
    index = proof["index"]
    if type(index) is not int or len(steps) > MOST_STEPS or root_from(leaf, index, size, steps) != root:
        raise Refused("inclusion")
    public = base64.b64decode(proof["key"]["public_key"], validate=True)
    if keys is not None:
        if keys.get(key_id) != public:
            raise Refused("key", key_id)
        public = keys[key_id]
    if key_id != key_id_of(public) or key_id != proof["key"]["id"]:
        raise Refused("key", key_id)
    if not is_signed(public, signature, body.encode()):
        raise Refused("signature")
    return {"index": index, "size": size, "closed_at": closed_at, "key": key_id, "root": root.hex()}


def read_note(note: str) -> tuple[int, bytes, str, str, bytes, str]:
    """A signed note: size, root, time, key id, signature, and the text that is signed."""
    body, _, line = note.partition("\n\u2014 ")
    origin, size, root, at = body.removesuffix("\n").split("\n")
    name, _, signed = line.removesuffix("\n").partition(" ")
    signature = base64.b64decode(signed, validate=True)
    if origin != ORIGIN or name != ORIGIN or not (size.isascii() and size.isdigit()) or len(size) > 18:
        raise Refused("unreadable")
    return int(size), base64.b64decode(root, validate=True), at, signature[:4].hex(), signature[4:], body


def root_from(leaf: bytes, index: int, size: int, steps: list[bytes]) -> bytes | None:
    """RFC 9162 §2.1.3.2."""
    if not 0 <= index < size:
        return None
    place, last, found = index, size - 1, leaf
    for step in steps:
        if last == 0:
            return None
        if place & 1 or place == last:
            found = hashlib.sha256(b"\x01" + step + found).digest()
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = hashlib.sha256(b"\x01" + found + step).digest()
        place, last = place >> 1, last >> 1
    return found if last == 0 else None


def canonical(value: object) -> bytes:
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def salted(what: str, salt: bytes, content: bytes) -> str:
    return hashlib.sha256(what.encode() + b"\x00" + salt + content).hexdigest()


def key_id_of(public: bytes) -> str:
    return hashlib.sha256(ORIGIN.encode() + b"\n\x01" + public).hexdigest()[:8]


def is_signed(public: bytes, signature: bytes, content: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def read_keys(content: bytes) -> dict[str, bytes]:
    """Public keys as the portal publishes them: each but the first is signed for by the one before it."""
    found: dict[str, bytes] = {}
    for row in json.loads(content.decode()):
        public = base64.b64decode(row["public_key"], validate=True)
        before = row["endorsed_by"]
        is_first = not found and before is None
        endorsement = base64.b64decode(row["endorsement"])
        if key_id_of(public) != row["id"] or not (
            is_first or is_signed(found.get(before, b""), endorsement, ENDORSEMENT + public)
        ):
            raise Refused("key", str(row["id"]))
        found[row["id"]] = public
    return found


# --- a bundle -------------------------------------------------------------------------------------


def read_bundle(path: Path) -> dict[str, bytes]:
    """The files of a bundle by name. Raises Refused for what is none."""
    try:
        with zipfile.ZipFile(path) as bundle:
            names = bundle.infolist()
            if len(names) > MOST_FILES or sum(info.file_size for info in names) > MOST_UNPACKED:
                raise Refused("unreadable")
            return {info.filename: bundle.read(info) for info in names}
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError):
        raise Refused("unreadable") from None


def verify_bundle(files: dict[str, bytes], keys: dict[str, bytes] | None = None) -> list[dict[str, Any]]:
    """Check every file and every proof of a bundle; what is proven, act by act. Raises Refused."""
    try:
        listed = json.loads(files["muc-luc.json"])
        for name, digest in listed["files"].items():
            if name not in files:
                raise Refused("missing", name)
            if hashlib.sha256(files[name]).hexdigest() != digest:
                raise Refused("changed", name)
        keys = read_keys(files["keys.json"]) if keys is None else keys
        receipts = {name: read(files[name]) for name in listed["proofs"]}
        proven = [_verified(name, receipt, keys) for name, receipt in receipts.items()]
        for filing in listed["filings"]:
            _check_filing(files, filing, receipts[filing["proof"]], listed["attachments"])
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise Refused("unreadable") from None
    return proven


def _verified(name: str, receipt: dict[str, Any], keys: dict[str, bytes]) -> dict[str, Any]:
    try:
        return verify(receipt, keys)
    except Refused as refused:
        raise Refused(refused.reason, name) from None


def _check_filing(
    files: dict[str, Any], filing: dict[str, Any], receipt: dict[str, Any], attachments: dict[str, Any]
) -> None:
    """What was signed has the digest of its receipt, and every file it names is there."""
    content = files[filing["content"]]
    if hashlib.sha256(content).hexdigest() != receipt["digest"]:
        raise Refused("content", filing["content"])
    if "signature" in filing:  # the digital certificate's; openssl cms -verify judges it
        signed = hashlib.sha256(files[filing["signature"]]).hexdigest()
        if signed != receipt["signature"].get("container_sha256"):
            raise Refused("content", filing["signature"])
    for _, digest in json.loads(content)["attachments"]:
        name = attachments.get(digest, "")
        if name not in files:
            raise Refused("missing", name or digest)
        if hashlib.sha256(files[name]).hexdigest() != digest:
            raise Refused("content", name)


# --- the command ----------------------------------------------------------------------------------


def told(proven: dict[str, Any]) -> str:
    return (
        f"  {proven['kind']}: hồ sơ {proven['reference']}, lúc {proven['at']}, cơ quan {proven['office']}\n"
        f"    SHA-256 nội dung {proven['digest'] or '–'}\n"
        f"    dòng {proven['index']} trong {proven['size']} dòng, chốt lúc {proven['closed_at']}, "
        f"khóa {proven['key']}\n"
    )


def run(arguments: list[str]) -> int:
    keys = None
    if arguments[:1] == ["--keys"] and len(arguments) > 2:
        keys = read_keys(Path(arguments[1]).read_bytes())
        arguments = arguments[2:]
    if len(arguments) != 1:
        sys.stderr.write(__doc__ or "")
        return 2
    path = Path(arguments[0])
    is_bundle = path.open("rb").read(2) == b"PK"
    proven = verify_bundle(read_bundle(path), keys) if is_bundle else [verify(read(path.read_bytes()), keys)]
    sys.stdout.write(f"ĐÚNG: {path.name}\n" + "".join(map(told, proven)))
    if keys is None:
        sys.stdout.write(
            "Khóa công khai lấy từ chính tệp này. Hãy so mã khóa với mã công bố tại trang “Sổ nhật ký” của cổng\n"
            "hoặc trong bản lưu riêng, hay chạy lại với --keys.\n"
        )
    return 0


def main(arguments: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        return run(arguments)
    except Refused as refused:
        sys.stdout.write(f"SAI: {refused}\n")
        return 2 if refused.reason == "unreadable" else 1
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.stderr.write(f"Không đọc được tệp: {error}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
