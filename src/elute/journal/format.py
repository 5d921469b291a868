"""A record as one line of the journal: a checksum, then JSON.

Schema 2 added ``seq`` (1, 2, 3 ... in the order of the file: a line that is missing leaves a gap) and ``corpus`` (fingerprint of the
table that the record was made on). Rows are content-based ids alone: where a table changed, a position would point at another row,
and where it did not, ids say the same. Each line can be read without any other.
"""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.decisions import Decision
from elute.errors import InputError, JournalError
from elute.journal.sound import sound

SCHEMA = 2


@dataclass(frozen=True, eq=False)
class Line:
    """A record as it was read.

    Attributes
    ----------
    decision : Decision
    seq : int
        Its place in the journal, from 1; 0 in schema 1, which had none.
    corpus : str
        Fingerprint of the table that it was made on; "" in schema 1.
    """

    decision: Decision
    seq: int
    corpus: str


def encode(decision: Decision, seq: int = 0, corpus: str = "") -> bytes:
    """One line of the journal."""
    body = {
        "v": SCHEMA, "id": decision.id, "kind": decision.kind, "time": decision.time, "round": decision.round,
        "reason": decision.reason, "source": dict(decision.source), "data": dict(decision.data), "ids": pack(decision.ids),
        "seq": seq, "corpus": corpus,
    }  # fmt: skip
    text = json.dumps(body, ensure_ascii=True, allow_nan=False, separators=(",", ":"), sort_keys=True)
    return f"{zlib.crc32(text.encode()):08x} {text}\n".encode()


def checked(decision: Decision) -> None:
    """Nothing is acknowledged that a line could not give back.

    Raises
    ------
    InputError
        A field is of another type than its kind has.
    """
    try:
        if sound(decision):
            encode(decision)
            return
    except (TypeError, ValueError, RecursionError):
        pass
    raise InputError(
        f"This could not be read back from the journal, so nothing was noted ({decision.kind}): names, reason= and decision= are text, "
        "source= and data= are dicts of what JSON holds, and a batch is text."
    )


def decode(line: bytes) -> Decision | None:
    """The record in a line; None where the line is blank, torn or altered, or says what no record can.

    Raises
    ------
    JournalError
        The line was written by a newer elute.
    """
    found = parse(line)
    return None if found is None else found.decision


def parse(line: bytes) -> Line | None:
    """The same with its place and its corpus."""
    checksum, _, text = line.rstrip(b"\n").partition(b" ")
    try:
        if int(checksum, 16) != zlib.crc32(text):
            return None
        body: dict[str, Any] = json.loads(text)
        if body["v"] > SCHEMA:
            raise JournalError("This journal was written by a newer elute: upgrade elute, or give another path=.")
        decision = Decision(
            body["id"],
            body["kind"],
            unpack(body["ids"]),
            body["reason"],
            body["source"],
            body["round"],
            body["time"],
            body["data"],
        )
        if not sound(decision):
            return None
        return Line(decision, int(body.get("seq", 0)), str(body.get("corpus", "")))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


def pack(ids: NDArray[np.uint64]) -> str:
    """Row ids as text: little-endian uint64 in base64."""
    return base64.b64encode(np.ascontiguousarray(ids, "<u8").tobytes()).decode()


def unpack(text: str) -> NDArray[np.uint64]:
    """The opposite of :func:`pack`."""
    return np.frombuffer(base64.b64decode(text, validate=True), "<u8").astype(np.uint64)


def parted(raw: bytes) -> tuple[list[bytes], int, bool]:
    """The good lines of a file, how many others it has, and whether those are only a last line that was never finished."""
    lines = [line for line in raw.splitlines(keepends=True) if line.strip()]
    good = [line for line in lines if line.endswith(b"\n") and parse(line) is not None]
    damaged = len(lines) - len(good)
    return good, damaged, damaged == 1 and not lines[-1].endswith(b"\n")
