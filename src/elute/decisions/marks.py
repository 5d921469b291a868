"""Decisions that remove nothing: other labels and cleaner texts proposed, rows tagged and pinned, suggestions dismissed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.corpus import Corpus
from elute.corpus.frames import is_missing
from elute.corpus.rows import in_order, objects
from elute.decisions.decisions import State
from elute.decisions.meaning import packed
from elute.errors import InputError
from elute.prepare.edits import ALL, STEPS, cleaned, named

Mask = NDArray[np.bool_]
NAME, NOTE = 80, 2_000
"""Characters of a tag and of a note; the rest is cut off."""


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
        def _record(self, kind: str, rows: Mask | None = None, **how: Any) -> int: ...

    def relabel(
        self, where: Any = None, label: Any = None, *, ids: Any = None, cluster: int | None = None, index: Any = None, **how: Any
    ) -> int:
        """Propose another label for rows; it stands in ``elute_label``, never in the user's own column.

        Parameters
        ----------
        label : str or sequence
            One for all, or one a row: of these rows in the order of the table, or of all n; those of a pandas Series belong to its
            index. None takes a proposal off, as does the label that the row has anyway.
        """
        rows = self._rows(where, ids, cluster, index)
        there, given = self.state.relabels, self.corpus.label
        positions, labels = [], []
        for row, value in zip(np.flatnonzero(rows).tolist(), self._labels(rows, label), strict=True):
            proposed = None if value is None or (given is not None and _same(given[row], value)) else value
            if there.get(row) != proposed:
                positions.append(row)
                labels.append(proposed)
        return self._mark("relabel", self._at(positions), packed(labels), how)

    def edit(
        self, where: Any = None, step: str = "markup", *, ids: Any = None, cluster: int | None = None, index: Any = None,
        **how: Any,
    ) -> int:  # fmt: skip
        """Clean the text of rows by one step: "markup", "encoding", "control", "whitespace", or "all" of them.

        The user's text stays as it is: what comes of it stands in ``elute_text``, and is what the next round embeds. "" takes all edits
        of these rows back.

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
        """Tag rows, with a note beside the tag; an empty name takes all tags off."""
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
        """Pin rows: nothing drops them until they are let go (``on=False``)."""
        rows = self._rows(where, ids, cluster, index)
        return self._mark("pin", rows & (self.state.pinned != on), {"on": bool(on)}, how)

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

    def _labels(self, rows: Mask, label: Any) -> list[str | None]:
        count = int(rows.sum())
        if label is None or isinstance(label, str) or not hasattr(label, "__len__"):
            return [_text(label)] * count
        index, own = self.corpus.index, rows[: self.corpus.given]
        values = in_order(
            label, objects(list(label)), index if index is None or len(label) == len(index) else index[own], "column of labels"
        ).tolist()
        if len(values) in (len(rows), self.corpus.given) and len(values) != count:
            values = [values[row] for row in np.flatnonzero(rows).tolist()]
        if len(values) != count:
            raise InputError(
                f"{len(values):,} labels came for {count:,} rows: give one, one a row, or one for each row of the table."
            )
        return [_text(value) for value in values]


def _text(label: Any) -> str | None:
    """A label as a proposal holds it; None for what is missing."""
    return None if is_missing(label) else str(label)


def _same(given: Any, label: str) -> bool:
    return given is not None and str(given) == label
