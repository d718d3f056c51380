"""The copy of an upload that people may open, made by a process of its own (copier.py) that may use little memory
and time, has no secrets, and whose death costs nothing but this copy."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

SECONDS = 60  # by the clock; of the processor it may use less (copier.SECONDS)
_PROGRAM = str(Path(__file__).with_name("copier.py"))
_MOST_FACTS = 4096  # bytes of the first line


class NotCopied(Exception):
    """The file can't be copied: broken, or too much for the limits."""


@dataclass(frozen=True, slots=True)
class SafeCopy:
    content: bytes
    content_type: str
    is_signed: bool  # the original bears a digital signature, which no copy keeps
    inside: tuple[bytes, ...]  # the files that were attached to a PDF, for a scanner


def make(content: bytes, kind: str) -> SafeCopy:
    """The copy of a file of a kind of uploads.UploadKind. Raises NotCopied."""
    facts, made = _run(kind, content)
    at, inside = int(facts.get("size", len(made))), []
    copy = made[:at]
    for length in facts.get("inside", []):
        inside.append(made[at : at + length])
        at += length
    return SafeCopy(copy, str(facts["type"]), bool(facts.get("is_signed", False)), tuple(inside))


def size_of_heic(content: bytes) -> tuple[int, int]:
    """Width and height, upright, of a HEIC picture that decodes. Raises NotCopied."""
    facts, _copy = _run("size-heic", content)
    width, height = facts["pixels"]
    return int(width), int(height)


def _run(kind: str, content: bytes) -> tuple[dict[str, Any], bytes]:
    with _scratch() as given, _scratch() as made:
        given.write(content)
        given.seek(0)
        try:
            done = subprocess.run(  # noqa: S603
                [sys.executable, "-I", "-B", _PROGRAM, kind],
                stdin=given,
                stdout=made,
                stderr=subprocess.PIPE,
                env={},
                cwd="/",
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise NotCopied("out of time") from error
        if done.returncode:
            why = done.stderr[-200:].decode("ascii", "replace").strip()
            raise NotCopied(f"status {done.returncode} {why.rpartition(chr(10))[2]}")
        made.seek(0)
        return json.loads(made.readline(_MOST_FACTS)), made.read()


def _scratch() -> IO[bytes]:
    """A file that is only in memory, where the system has such files."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("copy"), "w+b")
    return tempfile.TemporaryFile()
