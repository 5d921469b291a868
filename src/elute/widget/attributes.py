"""What each row has a value of: clusters, labels, findings and the columns of the person's table, each computed when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.corpus import Corpus
from elute.decisions import State
from elute.decisions.judged import KIND, judged
from elute.decisions.proposals import tags
from elute.errors import InputError
from elute.findings import FLAGS, RANKS, flags_of, ranks_of
from elute.rounds.round import Round
from elute.widget.codes import Categories, Codes, Numbers, Values, flags
from elute.widget.columns import Column, categories, places, readable, told_apart
from elute.widget.recent import Recent

if TYPE_CHECKING:
    import pandas as pd

    from elute.widget.rounds import Rounds

MARKS = {
    "tags": ("tags", "category"),
    "pinned": ("pinned", "flag"),
    "relabel": ("proposed label", "category"),
    "edited": ("text cleaned", "flag"),
    "reference": ("reference", "flag"),
    "judged": ("verdict on the row", "category"),
    "judged_quality": ("quality of the row", "number"),
}
"""What a person marks rows with, a reference and an analyst's verdicts on single rows among them: title and kind."""
SUGGESTED = "finding:label_suggested"
LISTED = 300
"""Columns of the table that are listed: more fit into no menu."""
HELD = 16
"""Attributes held in memory: some 10 MB each for a million rows."""


@dataclass(frozen=True, eq=False)
class Known:
    """An attribute as it was read, and what it was read off: while that is the same, so is this."""

    off: tuple[object, ...]
    values: Values


class Attributes:
    """The attributes of one widget's rows.

    Parameters
    ----------
    rounds : Rounds
    """

    def __init__(self, rounds: Rounds) -> None:
        self._rounds, self._session = rounds, rounds.session
        self._known: Recent[str, Known] = Recent(HELD)
        self._codes: Recent[str, tuple[Values, Codes, int]] = Recent(HELD)
        self._orders: Recent[tuple[str, ...], tuple[list[Values], NDArray[np.int32]]] = Recent(4)
        self._there: tuple[pd.DataFrame, list[str]] | None = None
        self._given: tuple[pd.DataFrame, bool] | None = None
        self._names: dict[int, str] = {}
        self._versions = 0

    # -- which there are -----------------------------------------------------------------------------------------------------

    def listed(self) -> list[dict[str, str]]:
        """Each with key, title, kind and group; what no row has a value of is not there."""
        told = [_told("length", "length", "number")]
        if self._session.corpus.label is not None:
            told.insert(0, _told("label", str(self._session.corpus.label_name), "category"))
        state = self._session.state
        if not state.keep.all():
            told.append(_told("dropped", "round of removal", "category"))
        told += [_told(key, *MARKS[key]) for key in marks_of(self._session.corpus, state)]
        if self._rounds.has_round:
            made = self._rounds.shown()
            told.insert(0, _told("cluster", "cluster", "category"))
            if not np.isnan(made.scores.row_silhouette).all():
                told.append(_told("silhouette", "silhouette", "number"))
            flagged, ranked = flags_of(made.findings), ranks_of(made.findings)
            told += [_told(f"finding:{name}", {**flagged, **ranked}[name], "flag" if name in flagged else "number", "finding")
                     for name in self._found(made)]  # fmt: skip
            if self._suggests(made):
                told.append(_told(SUGGESTED, "label the data would give", "category", "finding"))
        return told + [_told(f"column:{name}", name, one.kind, "column") for name, one in self._columns.items()]

    def has(self, key: str) -> bool:
        """Whether an attribute is there, or may be in another round."""
        group, _, name = key.partition(":")
        if group == "column":
            return name in self._columns
        if group == "finding":
            own = name.removeprefix("own:").removesuffix(":flag") in self._session.asked.own and name.startswith("own:")
            return own or name in FLAGS or name in RANKS or (key == SUGGESTED and self._session.corpus.label is not None)
        return key in ("cluster", "dropped", "silhouette", "length", *MARKS) or (
            key == "label" and self._session.corpus.label is not None
        )

    def known(self) -> str:
        """A sentence that says which there are."""
        keys = [told["key"] for told in self.listed()]
        return f"There are: {', '.join(key[:80] for key in keys[:30])}{', ...' if len(keys) > 30 else ''}."

    # -- what they are -------------------------------------------------------------------------------------------------------

    def values(self, key: str) -> Values:
        """The values of every row.

        Raises
        ------
        InputError
            There is no such attribute, or not before the first round.
        """
        off = self._off(key)
        known = self._known.get(key)
        if known is None or len(known.off) != len(off) or any(a is not b for a, b in zip(known.off, off, strict=True)):
            known = self._known.put(key, Known(off, self._read(key)))
        return known.values

    def told(self, key: str, rows: NDArray[np.int64]) -> list[str | float | int | None]:
        """The values of some rows, for a list: of a column that nothing else needed yet, only these are read."""
        group, _, name = key.partition(":")
        if group == "column" and name in self._columns and self._known.get(key) is None:
            return self._columns[name].told(rows)
        return self.values(key).told(rows)

    def codes(self, key: str) -> tuple[Codes, int]:
        """The values as colours take them, and their version, which moves when they are others."""
        group, _, name = key.partition(":")
        if group == "column" and name in self._columns and self._columns[name].kind == "text":
            raise InputError(f"{name[:80]} holds a text of its own in most rows: there is no colour for each.")
        values = self.values(key)
        known = self._codes.get(key)
        if known is None or known[0] is not values:
            made = values.codes()
            if known is not None and _equal(known[1], made):
                known = self._codes.put(key, (values, known[1], known[2]))
            else:
                self._versions += 1
                known = self._codes.put(key, (values, made, self._versions))
        return known[1], known[2]

    def order(self, keys: Sequence[str]) -> NDArray[np.int32]:
        """All rows, sorted by attributes, the first counting most; each with a leading - where it goes down.

        Rows without a value come last either way; rows that are equal stay in the order of the table.
        """
        by = [self.values(key.removeprefix("-")) for key in keys]
        known = self._orders.get(tuple(keys))
        if known is None or any(a is not b for a, b in zip(known[0], by, strict=True)):
            ranked = [-one.key if key.startswith("-") else one.key for key, one in zip(keys, by, strict=True)]
            known = self._orders.put(tuple(keys), (by, np.lexsort(ranked[::-1]).astype(np.int32)))
        return known[1]

    # -- inside --------------------------------------------------------------------------------------------------------------

    @cached_property
    def _columns(self) -> dict[str, Column]:
        corpus = self._session.corpus
        try:
            found = readable(corpus.table)
        except InputError:  # the table was changed in place: its columns say nothing of these rows any more
            return {}
        used = (corpus.text_name, corpus.label_name, self._session.image)
        return {one.name: one for one in found[:LISTED] if one.name not in used}

    def _found(self, made: Round) -> list[str]:
        """The findings that say something of some row."""
        if self._there is None or self._there[0] is not made.findings:
            table = made.findings
            there = [name for name in flags_of(table) if table[name].to_numpy().any()]
            there += [name for name in ranks_of(table) if np.isfinite(table[name].to_numpy()).any()]
            self._there = table, there
        return self._there[1]

    def _suggests(self, made: Round) -> bool:
        """Whether the data would give any row a label."""
        if self._given is None or self._given[0] is not made.findings:
            self._given = made.findings, bool(made.findings["label_suggested"].notna().any())
        return self._given[1]

    def _off(self, key: str) -> tuple[object, ...]:
        """What an attribute is read off."""
        group, _, name = key.partition(":")
        if not self.has(key):
            raise InputError(f"There is no attribute {key[:80]!r}.")
        if key == "dropped" or key in MARKS:
            return (self._session.state,)
        if key in ("length", "label") or group == "column":
            return ()
        if not self._rounds.has_round:
            raise InputError("There is no round yet.")
        made = self._rounds.shown()
        if key == "cluster":
            names = self._rounds.names()
            self._names = names if names != self._names else self._names
            return made.labels, self._names
        return (made.scores.row_silhouette,) if key == "silhouette" else (made.findings,)

    def _read(self, key: str) -> Values:
        group, _, name = key.partition(":")
        corpus = self._session.corpus
        if group == "column":
            values = self._columns[name].values()
            if len(values.key) != len(corpus):
                raise InputError("The table has other rows now: make a new session for it.")
            return values
        if key == "length":
            return Numbers(np.fromiter((np.nan if text is None else len(text) for text in corpus.texts), np.float64, len(corpus)))
        if key == "label":
            which, names = corpus.label_codes  # 2, 2.0 and "2" are one label here too
            return Categories(told_apart(names), which)
        if key == "dropped":
            return dropped(self._session.state, corpus.rows_by_id)
        if key in MARKS:
            return marks(corpus, self._session.state, key)
        made = self._rounds.shown()
        if key == "cluster":
            return clusters(made.labels, self._names)
        if key == "silhouette":
            return Numbers(made.scores.row_silhouette.astype(np.float64))
        if key == SUGGESTED:
            return Categories(told_apart(corpus.label_codes[1]), places(made.findings[name], corpus.label_codes[1]))
        if name not in made.findings:  # an own function that this round, from disk, was made without
            return Numbers(np.full(len(corpus), np.nan))
        found = made.findings[name].to_numpy()
        return flags(found) if found.dtype == bool else Numbers(found.astype(np.float64))


def clusters(labels: NDArray[np.int32], names: dict[int, str]) -> Categories:
    """Clusters by name, sorted by their number; noise is one, and what is in no round has none."""
    numbers = np.arange(-1, int(labels.max(initial=-1)) + 1)
    told = ["noise", *(names.get(number, f"cluster {number}") for number in numbers[1:].tolist())]
    return Categories(told, np.maximum(labels + 1, -1).astype(np.int32), numbers.astype(np.float64))


def marks_of(corpus: Corpus, state: State) -> list[str]:
    """What some row was marked with."""
    there = {
        "tags": any(rows.any() for rows in state.tags.values()),
        "pinned": state.pinned.any(),
        "relabel": bool(state.relabels),
        "edited": state.edits.any(),
        "reference": corpus.reference.any(),
    }
    there["judged"] = there["judged_quality"] = any(decision.kind == KIND for decision in state.in_force)
    return [key for key, some in there.items() if some]


def marks(corpus: Corpus, state: State, key: str) -> Values:
    """What a person marked rows with."""
    flagged = {"pinned": state.pinned, "edited": state.edits, "reference": corpus.reference}
    if key in flagged:
        return flags(flagged[key])
    if key == "tags":
        return categories(tags(corpus, state))
    if key in ("judged", "judged_quality"):
        said = judged(state.in_force, corpus.ids)
        # a cut through qualities must tell each from the others, an outlier too
        return (
            Numbers(said.quality.astype(np.float64), ends=(0.0, 1.0))
            if key == "judged_quality"
            else categories(said.columns()["judged"])
        )
    proposed: list[str | None] = [None] * len(corpus)
    for row, label in state.relabels.items():
        proposed[row] = label
    return categories(proposed)


def dropped(state: State, locate: Any) -> Categories:
    """The round in which each row that is gone was dropped."""
    at = np.full(len(state.keep), -1, np.int32)
    for decision in state.in_force:
        if decision.kind in ("drop", "restore"):
            rows = locate(decision.ids)[0]
            at[rows & (at < 0) if decision.kind == "drop" else rows] = decision.round if decision.kind == "drop" else -1
    at[state.keep] = -1
    numbers = np.unique(at[at >= 0])
    which = np.where(at < 0, -1, np.searchsorted(numbers, at)).astype(np.int32)
    return Categories([f"round {number}" for number in numbers.tolist()], which, numbers.astype(np.float64))


def _told(key: str, title: str, kind: str, group: str = "") -> dict[str, str]:
    return {"key": key, "title": title[:80], "kind": kind, "group": group}


def _equal(a: Codes, b: Codes) -> bool:
    same = (a.categories, a.others, a.lo, a.hi, a.grid) == (b.categories, b.others, b.lo, b.hi, b.grid)
    return same and a.bytes() == b.bytes()
