"""A certificate authority of the tests' own, and people who hold its certificates: all by the ``openssl``
command, which stands for whatever software an authority or a citizen uses. PDFs are signed with pyHanko."""

import io
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, signers
from pyhanko.sign.fields import SigSeedSubFilter

CONFIGURATION = """
[ca]
default_ca = here
[here]
database = index.txt
serial = serial
crlnumber = crlnumber
new_certs_dir = .
certificate = ca.pem
private_key = ca.key
default_md = sha256
default_days = 365
default_crl_days = 7
policy = names
unique_subject = no
[names]
commonName = supplied
UID = optional
[signing]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, nonRepudiation
authorityInfoAccess = OCSP;URI:http://127.0.0.1/ocsp
[other]
basicConstraints = critical, CA:FALSE
keyUsage = critical, keyAgreement
[req]
distinguished_name = req_names
[req_names]
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign, digitalSignature
subjectKeyIdentifier = hash
"""


def openssl(folder: Path, *arguments: str) -> None:
    done = subprocess.run(
        ["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr


@dataclass
class Holder:
    """Someone with a certificate and its key."""

    folder: Path
    name: str

    def cms(self, content: bytes, *options: str) -> bytes:
        """The detached signature, as a citizen makes it."""
        (self.folder / "content").write_bytes(content)
        arguments = [
            *["cms", "-sign", "-binary", "-in", "content", "-outform", "DER", "-out", "signature.p7s"],
            *["-signer", f"{self.name}.pem", "-inkey", f"{self.name}.key", *options],
        ]
        openssl(self.folder, *arguments)
        return (self.folder / "signature.p7s").read_bytes()

    def pdf(self, original: bytes) -> bytes:
        """The PDF with a PAdES signature in it."""
        signer = signers.SimpleSigner.load(self._file("key"), self._file("pem"))
        assert signer
        meta = PdfSignatureMetadata(field_name="ChuKy", subfilter=SigSeedSubFilter.PADES)

        def sign() -> bytes:
            out = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(original)), meta, signer=signer)
            return bytes(out.getvalue())

        with ThreadPoolExecutor(1) as apart:  # Playwright may keep an event loop in this thread
            return apart.submit(sign).result()

    def _file(self, suffix: str) -> str:
        return str(self.folder / f"{self.name}.{suffix}")


@dataclass
class Authority:
    """Issues, revokes, and publishes its anchor with its list into the portal's trust list."""

    folder: Path
    trust: Path
    name: str = "CA của các kiểm thử"
    file: str = "ca"  # its name in the trust list
    issued: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.trust.mkdir(parents=True, exist_ok=True)
        for file, content in {
            "ca.cnf": CONFIGURATION,
            "index.txt": "",
            "serial": "1000",
            "crlnumber": "01",
        }.items():
            (self.folder / file).write_text(content, encoding="ascii")
        openssl(
            self.folder,
            *[
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-keyout",
                "ca.key",
            ],
            *["-out", "ca.pem", "-days", "3650", "-utf8", "-subj", f"/CN={self.name}"],
            *["-config", "ca.cnf", "-extensions", "root"],
        )

    def issue(
        self,
        name: str,
        number: str,
        *,
        use: str = "signing",
        days: tuple[str, str] | None = None,
        bits: int = 2048,
    ) -> Holder:
        """A certificate of a person. ``days``: from and to, as openssl writes them (YYYYMMDDHHMMSSZ)."""
        holder = f"holder{len(self.issued)}"
        self.issued.append(holder)
        request = ["-utf8", "-subj", f"/UID=CCCD:{number}/CN={name}", "-config", "ca.cnf"]
        openssl(
            self.folder,
            *[
                "req",
                "-newkey",
                f"rsa:{bits}",
                "-nodes",
                "-keyout",
                f"{holder}.key",
                "-out",
                f"{holder}.csr",
                *request,
            ],
        )
        when = ["-startdate", days[0], "-enddate", days[1]] if days else []
        openssl(
            self.folder,
            *["ca", "-batch", "-utf8", "-notext", "-config", "ca.cnf", "-extensions", use, *when],
            *["-in", f"{holder}.csr", "-out", f"{holder}.pem"],
        )
        return Holder(self.folder, holder)

    def revoke(self, holder: Holder) -> None:
        openssl(self.folder, "ca", "-config", "ca.cnf", "-revoke", f"{holder.name}.pem")

    def publish(self, *, with_list: bool = True) -> None:
        (self.trust / f"{self.file}.pem").write_bytes((self.folder / "ca.pem").read_bytes())
        if with_list:
            openssl(
                self.folder,
                "ca",
                "-config",
                "ca.cnf",
                "-gencrl",
                "-out",
                str(self.trust / f"{self.file}.crl"),
            )

    def answer(self, holder: Holder) -> None:
        """Publish an OCSP answer about one certificate."""
        openssl(
            self.folder,
            *["ocsp", "-index", "index.txt", "-rsigner", "ca.pem", "-rkey", "ca.key", "-CA", "ca.pem"],
            *["-issuer", "ca.pem", "-cert", f"{holder.name}.pem", "-ndays", "1"],
            *["-respout", str(self.trust / f"{holder.name}.ocsp")],
        )
