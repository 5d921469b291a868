"""How a recipe reads a table: which columns, under which names, and what identifies a row."""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.corpus import MISSING, NOT_TEXT, TEXT, Corpus, FromColumn
from elute.corpus.compose import position_of
from elute.corpus.frames import as_frame
from elute.corpus.rows import value_hashes
from elute.errors import RecipeError
from elute.prepare import Prepared
from elute.reading.reading import CONVERSATION, ROLE, TURN
from elute.reading.reading import TEXT as SAID

_PERSON = {TEXT: b"text", MISSING: b"missing", NOT_TEXT: b"not text"}
MARKS = {"": False, "false": False, "0": False, "0.0": False, "true": True, "1": True, "1.0": True}
"""What a column that marks rows of the reference holds, as every kind of table writes it."""
LISTED = "text"
"""The only column of a list of texts."""
MESSAGE = frozenset({CONVERSATION, TURN, ROLE, SAID})
"""Columns of a table with one message of a chat a row."""


@dataclass(frozen=True)
class Reads:
    """What of a table the session read.

    Attributes
    ----------
    text : str or tuple of str
        A column, several, or a template.
    label, group : str or None
    fill : str, FromColumn, mapping to these, or None
        What stands for a missing part of the text. A function is no part of a recipe.
    chats : bool
        Its rows were messages, as :func:`elute.read` reads chats: so are those of shards that hold chats.
    reference : str or None
        Column that marks rows of the reference.
    gaps : bool
        An empty cell of a CSV is a missing part: the session had missing ones, or a fill for them, and none that were empty.
    """

    text: str | tuple[str, ...] = LISTED
    label: str | None = None
    group: str | None = None
    fill: Any = None
    chats: bool = False
    reference: str | None = None
    gaps: bool = False

    @property
    def text_columns(self) -> tuple[str, ...]:
        """Columns that make the text."""
        if isinstance(self.text, tuple):
            return self.text
        if "{" not in self.text:
            return (self.text,)
        names = [name for _, name, _, _ in string.Formatter().parse(self.text) if name]
        return tuple(dict.fromkeys(names)) or (self.text,)

    @property
    def fill_columns(self) -> tuple[str, ...]:
        """Columns that fill a missing part."""
        values = self.fill.values() if isinstance(self.fill, Mapping) else [self.fill]
        return tuple(dict.fromkeys(one.name for one in values if isinstance(one, FromColumn)))

    @classmethod
    def of(cls, corpus: Corpus, text: Any, fill: Any, reference: Any = None) -> Reads:
        """As a session read its table."""
        if isinstance(text, (list, tuple)):
            told: str | tuple[str, ...] = tuple(map(str, text))
        elif "{" in corpus.text_name and corpus.text_name in corpus.columns:  # a column that is named like a template
            told = (corpus.text_name,)
        else:
            told = corpus.text_name
        if isinstance(fill, Mapping):
            kept: Any = {str(name): one for name, one in fill.items() if isinstance(one, (str, FromColumn))}
        else:
            kept = fill if isinstance(fill, (str, FromColumn)) else None
        kept = None if kept == {} else kept  # a missing part may be "", which is not the same as none
        marks = reference if isinstance(reference, str) else None
        made = cls(told, corpus.label_name, corpus.group_name, kept, MESSAGE.issubset(corpus.columns), marks)
        lacks = (corpus.filled | (corpus.state == MISSING))[: corpus.given].any()
        return replace(made, gaps=True) if (kept is not None or lacks) and not made._empty(corpus) else made

    def _empty(self, corpus: Corpus) -> bool:
        """Whether a part of a text is there and empty."""
        names = [name for name in self.text_columns if name in corpus.columns]
        return any(isinstance(value, str) and not value for name in names for value in corpus.column(name)[: corpus.given])

    def named(self, columns: Mapping[str, str], without: Sequence[str] = ()) -> Reads:
        """The same for a table whose columns have other names, without the label, group or marks where those are in ``without``."""

        def at(name: str) -> str:
            return columns.get(name, name)

        def of(name: str | None) -> str | None:
            return None if name is None or name in without else at(name)

        if isinstance(self.text, tuple):
            text: str | tuple[str, ...] = tuple(map(at, self.text))
        elif self.text_columns == (self.text,):
            text = at(self.text)
        else:
            parts = string.Formatter().parse(self.text)
            text = "".join(_escaped(literal) + ("" if name is None else "{" + at(name) + "}") for literal, name, _, _ in parts)
        fill = self.fill
        if isinstance(fill, Mapping):
            fill = {at(name): _filled(one, at) for name, one in fill.items()}
        return Reads(text, of(self.label), of(self.group), _filled(fill, at), self.chats, of(self.reference), self.gaps)

    def corpus(self, table: Any) -> Corpus:
        """The table as elute sees it."""
        if isinstance(table, Corpus):
            return table
        text = list(self.text) if isinstance(self.text, tuple) else self.text
        if isinstance(table, list) and len(self.text_columns) == 1:
            return Corpus.from_data(table, LISTED)
        marks = None if self.reference is None else marked(table, self.reference)
        return Corpus.from_data(table, text, self.label, self.fill, group=self.group, reference=marks)

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        fill = self.fill
        if isinstance(fill, Mapping):
            told: Any = {"each": {name: _fill_told(one) for name, one in fill.items()}}
        else:
            told = _fill_told(fill)
        return {
            "text": list(self.text) if isinstance(self.text, tuple) else self.text,
            "label": self.label, "group": self.group, "fill": told, **({"chats": True} if self.chats else {}),
            **({} if self.reference is None else {"reference": self.reference}), **({"gaps": True} if self.gaps else {}),
        }  # fmt: skip

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Reads:
        """What :meth:`to_dict` gave."""
        text, fill = told["text"], told.get("fill")
        read = {name: _fill_read(one) for name, one in fill["each"].items()} if fill and "each" in fill else _fill_read(fill)
        named = tuple(text) if isinstance(text, list) else str(text)
        return cls(
            named,
            told.get("label"),
            told.get("group"),
            read,
            told.get("chats") is True,
            told.get("reference"),
            told.get("gaps") is True,
        )


def marked(table: Any, name: str) -> NDArray[np.bool_]:
    """(n,) rows that a column marks as of the reference.

    Raises
    ------
    RecipeError
        It holds something else than True and False.
    """
    frame = as_frame(table)
    values = frame.values(position_of(frame, name))
    found = [MARKS.get("" if value is None else str(value).strip().lower()) for value in values]
    if None in found:
        raise RecipeError(f"Column {name!r}, which marks rows of the reference, holds something else than True and False.")
    return np.array(found, bool)


def filling(fill: Any) -> Any:
    """The function that fills missing parts, where there is one: code is no part of a recipe."""
    return next((one for one in (fill.values() if isinstance(fill, Mapping) else [fill]) if callable(one)), None)


def column_names(given: Any) -> list[str]:
    """The columns of a table, or the names themselves where those were given."""
    if isinstance(given, (list, tuple)) and all(isinstance(one, str) for one in given):
        return list(given)
    return list(as_frame(given).columns)


def row_ids(corpus: Corpus, before: NDArray[np.int64] | None = None) -> NDArray[np.uint64]:
    """(n,) content-based ids as the corpus has them, where each content came ``before`` so often in earlier shards."""
    if before is None or not np.any(before):
        return corpus.in_order
    if len(before) != len(corpus):
        raise RecipeError(f"before= has {len(before):,} values; the table has {len(corpus):,} rows.")
    seen: Counter[bytes] = Counter()
    ids = np.empty(len(corpus), np.uint64)
    for row, (content, person) in enumerate(_contents(corpus)):
        key = blake2b(content, digest_size=8, person=person).digest()
        times = seen[key] + int(before[row])
        seen[key] += 1
        if times:
            key = blake2b(content, digest_size=8, person=person, salt=times.to_bytes(8)).digest()
        ids[row] = int.from_bytes(key)
    return ids


def turns(values: NDArray[np.uint64], before: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
    """(n,) how often each value came before, here and in earlier shards.

    >>> turns(np.array([7, 8, 7, 7], np.uint64), np.array([0, 2, 0, 0]))
    array([0, 2, 1, 2])
    """
    if before is not None and len(before) != len(values):
        raise RecipeError(f"before= has {len(before):,} values; the table has {len(values):,} rows.")
    order = np.argsort(values, kind="stable")
    place = np.arange(len(values))
    first = np.ones(len(values), bool)
    first[1:] = values[order][1:] != values[order][:-1]
    found = np.empty(len(values), np.int64)
    found[order] = place - np.maximum.accumulate(np.where(first, place, 0))
    return found if before is None else found + before


def contents(corpus: Corpus) -> NDArray[np.uint64]:
    """(n,) hash of what each row holds, however often it came."""
    found = (int.from_bytes(blake2b(content, digest_size=8, person=person).digest()) for content, person in _contents(corpus))
    return np.fromiter(found, np.uint64, len(corpus))


def text_hashes(corpus: Corpus, prepared: Prepared, labels: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """(n,) equal where the texts as they are compared (those that were cut: the whole texts) and labels are, 0 without a text."""
    found = np.zeros(len(corpus), np.uint64)
    for row, text in enumerate(prepared.compared):
        if text is None:
            continue
        whole = corpus.texts[row] if prepared.too_long[row] else text
        salt = int(labels[row]).to_bytes(8)
        digest = blake2b((whole or "").encode("utf-8", "surrogatepass"), digest_size=8, person=b"same", salt=salt).digest()
        found[row] = int.from_bytes(digest) | 1
    return found


def group_hashes(corpus: Corpus) -> NDArray[np.uint64]:
    """(n,) hash of the dialogue or document of each row, 0 for a row that is one by itself."""
    if corpus.group_name is None:
        return np.zeros(len(corpus), np.uint64)
    return value_hashes(corpus.column(corpus.group_name), len(corpus))


def whose(corpus: Corpus, content: NDArray[np.uint64], reads: Reads) -> NDArray[np.uint64] | None:
    """(n,) hash of content, label, group and mark of the reference: which of several equal texts a row is. None where ``reads`` has none
    of these, or one that the table lacks. Conversations of chats are numbered as they are read, file by file, so their numbers say
    nothing of a row."""
    by_group = reads.group is not None and not reads.chats
    if (reads.label is None) != (corpus.label is None) or (by_group and corpus.group_name is None):
        return None
    if corpus.label is None and not by_group and reads.reference is None:
        return None
    groups = group_hashes(corpus) if by_group else np.zeros(len(corpus), np.uint64)
    found = ranks(ranks(ranks(content, 1) ^ value_hashes(corpus.label, len(corpus)), 2) ^ groups, 3)
    return found if reads.reference is None else ranks(found ^ corpus.reference.astype(np.uint64), 4)


def ranks(content: NDArray[np.uint64], seed: int) -> NDArray[np.uint64]:
    """(n,) pseudo-random numbers by content and seed (the finaliser of SplitMix64)."""
    with np.errstate(over="ignore"):
        mixed = content + np.uint64((seed * 0x9E3779B97F4A7C15) % (1 << 64))
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)))


def _contents(corpus: Corpus) -> list[tuple[bytes, bytes]]:
    odd = corpus._odd
    return [
        (odd.get(row, b"") if text is None else text.encode("utf-8", "surrogatepass"), _PERSON[state])
        for row, (text, state) in enumerate(zip(corpus.texts, corpus.state.tolist(), strict=True))
    ]


def _escaped(literal: str) -> str:
    return literal.replace("{", "{{").replace("}", "}}")


def _filled(one: Any, at: Any) -> Any:
    return FromColumn(at(one.name)) if isinstance(one, FromColumn) else one


def _fill_told(one: Any) -> Any:
    if isinstance(one, FromColumn):
        return {"column": one.name}
    return {"text": one} if isinstance(one, str) else None


def _fill_read(told: Any) -> Any:
    if not told:
        return None
    return FromColumn(str(told["column"])) if "column" in told else str(told["text"])
