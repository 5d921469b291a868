"""What an analyst said of single rows, in a record of the journal and as columns over the table. It removes nothing.

A record of kind ``judged`` is about the rows that got a verdict; undo takes it back like any decision. Of several verdicts on a row the
latest counts.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.decisions.meaning import Told

KIND = "judged"
WORDS = ("keep", "drop", "unsure")
"""Verdicts by their code; -1 is none."""
KEEP, DROP, UNSURE = range(3)
STEPS = 1000
"""Qualities are kept in thousandths."""
COLUMNS = ("judged", "judged_quality", "judged_reason")


@dataclass(frozen=True, eq=False)
class Judged:
    """Verdicts over the rows of a table.

    Attributes
    ----------
    verdicts : ndarray of shape (n,), int8
        Places in :data:`WORDS`, -1 for a row that was not judged.
    quality : ndarray of shape (n,), float32
        0 to 1, NaN where it was not judged.
    reasons : dict of int to str
        By row.
    criteria, sources : dict of int to str
        By row: what was asked, and who answered.
    """

    verdicts: NDArray[np.int8]
    quality: NDArray[np.float32]
    reasons: dict[int, str]
    criteria: dict[int, str]
    sources: dict[int, str]

    def __repr__(self) -> str:
        return f"<Judged: {int(self.rows.sum()):,} of {len(self.verdicts):,} rows>"

    @cached_property
    def rows(self) -> NDArray[np.bool_]:
        """(n,) rows that got a verdict."""
        return self.verdicts >= 0

    def are(self, word: str) -> NDArray[np.bool_]:
        """(n,) rows with a verdict."""
        return np.asarray(self.verdicts == WORDS.index(word))

    def columns(self) -> dict[str, list[Any]]:
        """One list of n values a name of :data:`COLUMNS`: verdict, quality and reason, None (quality NaN) where there is none."""
        words = [WORDS[code] if code >= 0 else None for code in self.verdicts.tolist()]
        return {
            "judged": words,
            "judged_quality": self.quality.astype(float).tolist(),
            "judged_reason": [self.reasons.get(row) for row in range(len(words))],
        }


def packed(words: Sequence[str], quality: Sequence[float], reasons: Sequence[str], shown: Sequence[int] = ()) -> dict[str, Any]:
    """Verdicts in the order of the ids of their record, as JSON takes them; ``shown`` are the marks of the texts that were judged.

    >>> told = packed(["keep", "drop"], [0.9, 0.1], ["fits", "spam"])
    >>> codes, quality, reasons = unpacked(told, 2)
    >>> codes.tolist(), quality.round(1).tolist() == [np.float32(0.9), np.float32(0.1)], reasons
    ([0, 1], True, ['fits', 'spam'])
    """
    distinct = list(dict.fromkeys(reasons))
    at = {reason: code for code, reason in enumerate(distinct)}
    return {
        "verdicts": _text(np.array([WORDS.index(word) for word in words], "u1")),
        "quality": _text(np.rint(np.asarray(quality, float) * STEPS).astype("<u2")),
        "reasons": distinct,
        "which": _text(np.array([at[reason] for reason in reasons], "<u4")),
        **({"shown": _text(np.array(shown, "<u8"))} if len(shown) else {}),
    }


def mark(text: str) -> int:
    """64 bits that say which text was judged: a row keeps its id where its text is cleaned further."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def unpacked(data: Mapping[str, Any], count: int) -> tuple[NDArray[np.int8], NDArray[np.float32], list[str]]:
    """The opposite of :func:`packed`: verdict codes, qualities and reasons of ``count`` ids.

    Raises
    ------
    ValueError
        They are not that many, or a code means nothing.
    """
    codes, quality, which = (
        _array(data[name], kind) for name, kind in (("verdicts", "u1"), ("quality", "<u2"), ("which", "<u4"))
    )
    reasons = [str(reason) for reason in data["reasons"]]
    wrong = not len(codes) == len(quality) == len(which) == count
    if wrong or codes.max(initial=0) >= len(WORDS) or (which >= len(reasons)).any():
        raise ValueError("the verdicts don't fit the rows")
    return codes.astype(np.int8), (quality / STEPS).astype(np.float32), [reasons[code] for code in which.tolist()]


def judged(decisions: Iterable[Told], ids: NDArray[np.uint64], shown: Mapping[int, int] | None = None) -> Judged:
    """What the records among ``decisions`` say of the rows with these ids (n,); rows that are not here are left out.

    With ``shown``, the marks of texts by row, what was said of another text of a row is left out too. Older records note none, and count.
    """
    n = len(ids)
    made = Judged(np.full(n, -1, np.int8), np.full(n, np.nan, np.float32), {}, {}, {})
    at: dict[int, int] | None = None
    for decision in decisions:
        if decision.kind != KIND:
            continue
        try:
            codes, quality, reasons = unpacked(decision.data, len(decision.ids))
            marks = _array(decision.data["shown"], "<u8").tolist() if shown is not None and "shown" in decision.data else None
        except (ValueError, KeyError, TypeError, zlib.error):
            continue  # of a journal that was written by other hands: worth no session
        at = at if at is not None else {id_: row for row, id_ in enumerate(ids.tolist())}
        criterion, source = str(decision.data.get("criterion", "")), str(decision.data.get("by", ""))
        for place, id_ in enumerate(decision.ids.tolist()):
            row = at.get(id_)
            if row is None or (shown is not None and marks is not None and marks[place : place + 1] != [shown.get(row)]):
                continue
            made.verdicts[row], made.quality[row] = codes[place], quality[place]
            made.reasons[row], made.criteria[row], made.sources[row] = reasons[place], criterion, source
    return made


def _array(told: str, kind: str) -> NDArray[Any]:
    return np.frombuffer(zlib.decompress(base64.b64decode(told)), kind)


def _text(values: NDArray[Any]) -> str:
    return base64.b64encode(zlib.compress(values.tobytes())).decode()
