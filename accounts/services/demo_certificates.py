"""The certificate authority of the demo: a root everybody may look at, and certificates for the demo's citizens.
Real operation trusts none of it (settings.CERTIFICATE_TRUST_DIR)."""

import os
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils import timezone

from accounts.services.demo import CITIZENS, DemoCitizen

NAME = "CA của bản mẫu (không có giá trị pháp lý)"
LIST_DAYS = 30


def prepare() -> None:
    """Make the authority once, and a fresh list of what it revoked each time."""
    home = _home()
    (home / "trust").mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (home / "ca.key").exists():
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
        made = _builder(name, key.public_key(), days=3650).issuer_name(name)
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        made = made.add_extension(_usage(is_authority=True), critical=True)
        root = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        _write(home / "ca.key", _key_pem(key))
        _write(home / "trust" / "ca.pem", root.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    publish_list()


def issue(login: str) -> tuple[Path, Path]:
    """A new certificate for a citizen of the demo, and its key: two PEM files. Raises KeyError for nobody."""
    citizen = _citizen(login)
    key = ec.generate_private_key(ec.SECP256R1())
    names = [
        x509.NameAttribute(NameOID.USER_ID, f"CCCD:{citizen.identity_number}"),
        x509.NameAttribute(NameOID.COMMON_NAME, citizen.full_name),
    ]
    made = _builder(x509.Name(names), key.public_key(), days=365).issuer_name(_root().subject)
    made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    signed = made.add_extension(_usage(is_authority=False), critical=True).sign(_key(), hashes.SHA256())
    certificate, secret = _home() / f"{login}.pem", _home() / f"{login}.key"
    _write(certificate, signed.public_bytes(Encoding.PEM))
    _write(secret, _key_pem(key))
    return certificate, secret


def revoke(login: str) -> None:
    """Take a citizen's last certificate back. Raises KeyError when there is none."""
    file = _home() / f"{_citizen(login).bhxh_number}.pem"
    if not file.exists():
        raise KeyError(login)
    serial = x509.load_pem_x509_certificate(file.read_bytes()).serial_number
    known = _revoked() | {serial}
    _write(_home() / "revoked.txt", "\n".join(map(str, sorted(known))).encode())
    publish_list()


def publish_list() -> None:
    """The list of revoked certificates, good for LIST_DAYS."""
    at = timezone.now()
    made = x509.CertificateRevocationListBuilder().issuer_name(_root().subject)
    made = made.last_update(at - timedelta(minutes=5)).next_update(at + timedelta(days=LIST_DAYS))
    for serial in sorted(_revoked()):
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at)
        made = made.add_revoked_certificate(entry.build())
    signed = made.sign(_key(), hashes.SHA256())
    _write(_home() / "trust" / "ca.crl", signed.public_bytes(Encoding.DER))


def _home() -> Path:
    return Path(settings.VAR_DIR) / "demo-ca"


def _citizen(login: str) -> DemoCitizen:
    return {citizen.bhxh_number: citizen for citizen in CITIZENS}[login]


def _builder(name: x509.Name, key: ec.EllipticCurvePublicKey, *, days: int) -> x509.CertificateBuilder:
    at = timezone.now()
    made = x509.CertificateBuilder().subject_name(name).public_key(key)
    made = made.serial_number(x509.random_serial_number())
    return made.not_valid_before(at - timedelta(minutes=5)).not_valid_after(at + timedelta(days=days))


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )


def _root() -> x509.Certificate:
    return x509.load_pem_x509_certificate((_home() / "trust" / "ca.pem").read_bytes())


def _key() -> ec.EllipticCurvePrivateKey:
    found = load_pem_private_key((_home() / "ca.key").read_bytes(), None)
    if not isinstance(found, ec.EllipticCurvePrivateKey):
        raise TypeError("The demo's authority has another kind of key.")
    return found


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _revoked() -> set[int]:
    file = _home() / "revoked.txt"
    return {int(line) for line in file.read_text(encoding="ascii").split()} if file.exists() else set()


def _write(path: Path, content: bytes) -> None:
    """All of the file or none."""
    part = path.with_name(f"{path.name}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    part.rename(path)
