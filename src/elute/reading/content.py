"""Bytes of a file, unpacked, and the text they stand for."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from elute.errors import InputError

PACKED: dict[str, Callable[..., Any]] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
"""Byte order marks, and how a text behind one is read."""
LEGACY = "cp1252"
"""How a text that is no UTF-8 is read: what Windows in the West writes, and most of Latin-1."""


def suffix(path: Path) -> str:
    """The ending that tells the format, in lower case, without that of a compression: ``.csv`` of ``a.CSV.gz``."""
    endings = [ending.lower() for ending in path.suffixes]
    if endings and endings[-1] in PACKED:
        endings.pop()
    return endings[-1] if endings else ""


def content(path: Path) -> bytes:
    """The bytes of a file, unpacked.

    Raises
    ------
    InputError
        It is not there, may not be read, or its compression is damaged.
    """
    opener = PACKED.get(path.suffix.lower())
    try:
        if opener is None:
            return path.read_bytes()
        with opener(path, "rb") as file:
            return bytes(file.read())
    except FileNotFoundError:
        raise InputError(f"There is no file {path}: check the name.") from None
    except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile):
        raise InputError(f"{path.name} is damaged: its compressed content ends early or does not fit its checksum.") from None
    except OSError as error:
        raise InputError(f"{path} can't be read ({error.strerror or 'damaged'}).") from None


def decoded(raw: bytes, name: str) -> tuple[str, str]:
    """The text of a file, and a sentence where its encoding was guessed.

    UTF-8 and what bears a byte order mark are read as such, everything else as Windows-1252; nothing is replaced in silence.

    Raises
    ------
    InputError
        It is no text.
    """
    encoding = next((known for mark, known in MARKS if raw.startswith(mark)), "utf-8")
    try:
        return raw.decode(encoding), ""
    except UnicodeDecodeError as error:
        at = error.start
    if encoding != "utf-8" or raw[:4096].count(b"\0") > len(raw[:4096]) // 10:
        raise InputError(f"{name} is no text that can be read: save it as UTF-8.")
    line = raw.count(b"\n", 0, at) + 1
    note = f"{name} is not UTF-8 (line {line:,}): it was read as Windows-1252. If letters look wrong, save it as UTF-8."
    try:
        return raw.decode(LEGACY), note
    except UnicodeDecodeError:
        return raw.decode("latin-1"), note.replace("Windows-1252", "Latin-1")
