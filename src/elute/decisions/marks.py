"""Decisions that remove nothing: other labels, cleaner texts, names of clusters, tags and pins, suggestions dismissed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from narwhals import dependencies as known
from numpy.typing import NDArray

from elute.corpus import Corpus
from elute.corpus.rows import array_of, in_order, objects, order_of_index, word
from elute.decisions.decisions import State
from elute.decisions.meaning import packed
from elute.errors import InputError
from elute.prepare.edits import ALL, STEPS, cleaned, named

Mask = NDArray[np.bool_]
NAME, NOTE = 80, 2_000
"""Characters of a tag and of a note; the rest is cut off."""
TYPICAL = 50
"""Rows that are noted of a cluster that is named: all, where it has no more."""


class Marks:
    """Verbs of :class:`~elute.decisions.ledger.Ledger` that mark rows. Each is one decision, undone like any other.

    ``where`` is a mask or positions, ``ids=``, ``cluster=`` and ``index=`` say rows otherwise; ``reason=``, ``source=`` and ``data=``
    travel with the decision. Each returns how many rows it changed; where that is none, nothing is noted.
    """

    corpus: Corpus
    if TYPE_CHECKING:

        @property
        def state(self) -> State: ...
        def _rows(self, where: Any, ids: Any, cluster: int | None, index: Any = None) -> Mask: ...
        def _members(self, cluster: int) -> Mask: ...
        def _record(self, kind: str, rows: Mask | None = None, **how: Any) -> int: ...

    def relabel(
        self, where: Any = None, label: Any = None, *, ids: Any = None, cluster: int | None = None, index: Any = None, **how: Any
    ) -> int:
        """Propose another label for rows; it stands in ``elute_label``, never in the user's own column.

        Parameters
        ----------
        where, ids, cluster, index, **how
            As for :meth:`drop`.
        label : str or sequence
            One for all, or one a row: of these rows in the order in which they are said (a mask and a cluster: that of the table), or
            of all n; those of a pandas Series belong to its index. 2, 2.0 and "2" are one label, written as the label column writes it,
            and a number is the class of a dataset that it stands for. None takes a proposal off, as does the label that the row has
            anyway.

        Raises
        ------
        InputError
            There are more labels than rows, or fewer; or one is blank, or no class of the dataset.
        """
        rows = self._rows(where, ids, cluster, index)
        if label is None or isinstance(label, str) or not hasattr(label, "__len__"):
            if isinstance(label, str) and not label.strip():
                raise InputError("A label is not blank: None takes a proposal off.")
            pairs = dict.fromkeys(np.flatnonzero(rows).tolist(), label)
        else:
            pairs = self._paired(rows, label, where, ids, index)
        there, given = self.state.relabels, self.corpus.label
        changed: dict[int, str | None] = {}
        for row in sorted(pairs):
            proposed = self.corpus.spelled(pairs[row])
            if proposed is not None and given is not None and word(given[row]) == word(proposed):
                proposed = None
            if _read(there.get(row)) != _read(proposed):
                changed[row] = proposed
        return self._mark("relabel", self._at(list(changed)), packed(list(changed.values())), how)

    def edit(
        self, where: Any = None, step: str = "markup", *, ids: Any = None, cluster: int | None = None, index: Any = None,
        **how: Any,
    ) -> int:  # fmt: skip
        """Clean the text of rows by one step: "markup", "encoding", "control", "whitespace", or "all" of them.

        The user's text stays as it is: what comes of it stands in ``elute_text``, and is what the next round embeds. "" takes all edits
        of these rows back. The other parameters are those of :meth:`drop`.

        Raises
        ------
        InputError
            There is no such step.
        """
        if step and not named(step):
            raise InputError(f"There is no step {step!r}; there are {', '.join(STEPS)} and {ALL}.")
        rows, state = self._rows(where, ids, cluster, index), self.state
        if not step:
            return self._mark("edit", rows & state.edits, {"step": ""}, how)
        steps = self.steps_of(np.flatnonzero(rows & state.edits))
        changed = []
        for row in np.flatnonzero(rows).tolist():
            text = self.corpus.texts[row]
            had = steps.get(row, ())
            if text is not None and cleaned(text, had) != cleaned(text, (*had, *named(step))):
                changed.append(row)
        return self._mark("edit", self._at(changed), {"step": step}, how)

    def steps_of(self, rows: NDArray[np.int64]) -> dict[int, tuple[str, ...]]:
        """The steps by which the text of each of these rows is cleaned."""
        there = self.state.edit_steps
        return {row: tuple(name for name in STEPS if name in there and there[name][row]) for row in rows.tolist()}

    def tag(
        self, where: Any = None, name: str = "", note: str = "", *, ids: Any = None, cluster: int | None = None, index: Any = None,
        **how: Any,
    ) -> int:  # fmt: skip
        """Tag rows, with a note beside the tag; an empty name takes all tags off. The other parameters are those of :meth:`drop`."""
        if not isinstance(name, str) or not isinstance(note, str):
            raise InputError("A tag and its note are text.")
        name, note = name.strip()[:NAME], note.strip()[:NOTE]
        rows, state = self._rows(where, ids, cluster, index), self.state
        bear = state.tags.get(name, np.zeros(len(rows), bool))
        if not name:
            for there in state.tags.values():
                bear = bear | there
            return self._mark("tag", rows & bear, {"name": ""}, how)
        if not note or state.notes.get(name) == note:
            rows = rows & ~bear
        return self._mark("tag", rows, {"name": name, "note": note}, how)

    def pin(
        self, where: Any = None, on: bool = True, *, ids: Any = None, cluster: int | None = None, index: Any = None, **how: Any
    ) -> int:
        """Pin rows: nothing drops them until they are let go (``on=False``). The other parameters are those of :meth:`drop`."""
        rows = self._rows(where, ids, cluster, index)
        return self._mark("pin", rows & (self.state.pinned != on), {"on": bool(on)}, how)

    def rename(self, cluster: int, name: str, **how: Any) -> int:
        """Name a cluster; in later rounds the name is that of the cluster that is, for half at least, these rows. Returns how many
        typical ones of them are noted."""
        members = np.flatnonzero(self._members(cluster))
        if not len(members):
            raise InputError("There is no noise in this round to be named.")
        typical = members[np.linspace(0, len(members) - 1, min(TYPICAL, len(members))).astype(int)]
        data = {"name": name.strip()[:NAME], "cluster": int(cluster), "size": len(members)}
        noted: int = self._record("rename", self._at(typical.tolist()), data=data, **how)
        return noted

    def dismiss_id(self, id: str, **how: Any) -> int:
        """Make a suggestion no more, by its id. Returns 1, or 0 where it was dismissed before."""
        if not id or id in self.state.dismissed:
            return 0
        data = {**how.pop("data", {}), "suggestion": str(id)}
        noted: int = self._record("dismiss", data=data, **how)
        return max(1, noted) if id in self.state.dismissed else 0

    def _mark(self, kind: str, rows: Mask, data: Mapping[str, Any], how: Mapping[str, Any]) -> int:
        return self._record(kind, rows, **{**how, "data": {**how.get("data", {}), **data}})

    def _at(self, positions: list[int]) -> Mask:
        rows = np.zeros(len(self.corpus), bool)
        rows[positions] = True
        return rows

    def _paired(self, rows: Mask, labels: Any, where: Any, ids: Any, index: Any) -> dict[int, Any]:
        """One of several labels for each of these rows, by its position."""
        at, own, table = self._as_said(rows, where, ids, index), rows[: self.corpus.given], self.corpus.index
        values = objects(labels.to_pylist() if hasattr(labels, "to_pylist") else list(labels))
        if table is not None and known.is_pandas_series(labels):
            at = np.flatnonzero(rows)
            values = in_order(labels, values, table if len(values) == len(table) else table[own], "column of labels")
        of_all = len(values) in (len(rows), self.corpus.given)
        if of_all and len(at) == len(values) and (np.diff(at) < 0).any():
            raise InputError(
                "There are as many labels as the table has rows, and the rows come in another order: say them by a mask, and the labels "
                "in the order of the table."
            )
        if of_all and len(at) != len(values):
            at = at[at < len(values)]  # a reference behind the table has none of these
            values = values[at]
        if len(values) != len(at):
            raise InputError(
                f"{len(values):,} labels came for {len(at):,} rows: give one, one a row, or one for each row of the table."
            )
        pairs: dict[int, Any] = {}
        for row, value in zip(at.tolist(), values.tolist(), strict=True):
            if self.corpus.spelled(pairs.setdefault(row, value)) != self.corpus.spelled(value):
                raise InputError(f"Row {row} is said twice, with different labels.")
        return pairs

    def _as_said(self, rows: Mask, where: Any, ids: Any, index: Any) -> NDArray[np.int64]:
        """Positions of these rows in the order in which they were said; by a mask or a cluster, that of the table."""
        at = np.flatnonzero(rows)
        if ids is not None:
            own = self.corpus.ids[at]
            order = np.argsort(own)
            return np.asarray(at[order[np.searchsorted(own, np.atleast_1d(np.asarray(ids, np.uint64)), sorter=order)]])
        if index is not None:
            return order_of_index(self.corpus.index, index)
        said = at if where is None else array_of(where, self.corpus.index)
        return at if said.dtype == bool else said.astype(np.int64)


def _read(label: str | None) -> str | None:
    """What a proposal reads like; None where there is none."""
    return None if label is None else word(label)
