"""Bytes of a file, unpacked, and the text they stand for."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from elute.errors import InputError
from elute.reading.reading import places

PACKED: dict[str, Callable[..., Any]] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
UTF8 = b"\xef\xbb\xbf"
MARKS = ((UTF8, "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
"""Byte order marks, and how a text behind one is read."""
LEGACY = {"cp1252": "Windows-1252", "latin-1": "Latin-1"}
"""How a text that is no UTF-8 is read: what Windows in the West writes, and most of Latin-1; or else that, which any bytes are."""
BEYOND_ASCII = bytes(range(128, 256))


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


class Decoded(NamedTuple):
    """The text of a file; a sentence where its encoding was guessed or bytes of it are damaged; and the name of what was guessed."""

    text: str
    note: str
    guessed: str


def decoded(raw: bytes, name: str, strict: bool = False) -> Decoded:
    """The text of a file, and what is to be said of its encoding.

    What bears a byte order mark is read as that says. All else is UTF-8 where most of its letters beyond ASCII are, and otherwise
    Windows-1252. Bytes that are no UTF-8 in a file that is stand as U+FFFD, and their lines are named: the other rows are as they were.

    Parameters
    ----------
    strict : bool
        Damaged bytes are an error.

    Raises
    ------
    InputError
        It is no text.
    """
    encoding, note = _encoding(raw, name)
    if strict and note and encoding.startswith("utf-8"):
        raise InputError(f"{name} holds bytes that are no UTF-8 ({_lines(_damaged(raw))}). Mend them, or leave the file out.")
    return Decoded(raw.decode(encoding, "replace"), note, LEGACY.get(encoding, ""))


def raw_lines(raw: bytes, name: str, alone: bool) -> list[bytes]:
    """The lines of a file as they are, without the ends of lines; in UTF-8 where they are of UTF-16, or are to stand beside others.

    Parameters
    ----------
    alone : bool
        They will stand beside no lines of another file, which may be in another encoding.
    """
    encoding, _ = _encoding(raw, name)
    if not encoding.startswith("utf-8") and not (alone and encoding in LEGACY):
        raw = raw.decode(encoding).encode()
    lines = raw.removeprefix(UTF8).split(b"\n")
    if not lines[-1]:
        lines.pop()
    return [line.removesuffix(b"\r") for line in lines]


def _encoding(raw: bytes, name: str) -> tuple[str, str]:
    """By what a file is decoded, and a sentence where that was guessed or does not fit all of it."""
    encoding = next((known for mark, known in MARKS if raw.startswith(mark)), "utf-8")
    try:
        raw.decode(encoding)
        return encoding, ""
    except UnicodeDecodeError as error:
        at = error.start
    if encoding == "utf-16" or raw[:4096].count(b"\0") > len(raw[:4096]) // 10:
        raise InputError(f"{name} is no text that can be read: save it as UTF-8.")
    if encoding != "utf-8" or _mostly_utf8(raw):
        damaged = _damaged(raw)
        said = f"{_lines(damaged)} {'holds' if len(damaged) == 1 else 'hold'} bytes that are none"
        return encoding, f"{name} is UTF-8, but {said}: they stand as \ufffd. Mend them, or look at these rows."
    line = raw.count(b"\n", 0, at) + 1
    try:
        raw.decode(encoding := "cp1252")
    except UnicodeDecodeError:
        encoding = "latin-1"
    guessed = f"it was read as {LEGACY[encoding]}. If letters look wrong, save it as UTF-8."
    return encoding, f"{name} is not UTF-8 (line {line:,}): {guessed}"


def _mostly_utf8(raw: bytes) -> bool:
    """Whether more of what is not ASCII are letters of UTF-8 than damaged bytes; letters of Windows-1252 form one by rare chance."""
    text = raw.decode("utf-8", "replace")
    damaged = text.count("\ufffd") - raw.count("\ufffd".encode())
    return len(text) - len(raw.translate(None, BEYOND_ASCII)) - damaged > damaged


def _damaged(raw: bytes) -> list[int]:
    """Numbers of the lines that are no UTF-8, from 1."""
    found = []
    for number, line in enumerate(raw.split(b"\n"), 1):
        if not line.isascii():
            try:
                line.decode()
            except UnicodeDecodeError:
                found.append(number)
    return found


def _lines(numbers: list[int]) -> str:
    return f"{len(numbers):,} line{'' if len(numbers) == 1 else 's'} ({places(numbers)})"
