"""What is chosen, and saved under a name; nothing is decided by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.corpus import Corpus
from elute.decisions.decisions import State
from elute.errors import InputError

Mask = NDArray[np.bool_]


class Selecting:
    """The selection of a :class:`~elute.decisions.ledger.Ledger`."""

    corpus: Corpus
    selection_source: str
    _selected: Mask
    if TYPE_CHECKING:

        @property
        def state(self) -> State: ...
        def _rows(self, where: Any, ids: Any, cluster: int | None) -> Mask: ...
        def _record(self, kind: str, rows: Mask | None = None, **how: Any) -> int: ...
        def _tell(self, kind: str) -> None: ...

    @property
    def selected(self) -> Mask:
        """(n,) bool: chosen now, nothing done yet."""
        return self._own(self._selected)

    @property
    def selections(self) -> Mapping[str, Mask]:
        """Masks saved under a name."""
        return {name: self._own(mask) for name, mask in self.state.selections.items()}

    @property
    def selection(self) -> Mask:
        """The same over all rows of the corpus, not to be written to; another array after each selection."""
        return self._selected

    def select(
        self, where: Any = None, *, ids: Any = None, cluster: int | None = None, index: Any = None, source: str = "code"
    ) -> int:
        """Choose rows by mask, positions, ids, cluster, or labels of a pandas index; nothing is removed. Returns how many.

        A label that occurs more than once means every row that bears it.
        """
        if index is not None and (where is not None or ids is not None or cluster is not None):
            raise InputError("Say which rows in one way: a mask or positions, ids=, cluster= or index=.")
        rows = self._rows(where, ids, cluster) if index is None else self.corpus.rows_by_index(index)
        self._selected, self.selection_source = rows, source
        self._tell("select")
        return int(rows.sum())

    def save(self, name: str) -> int:
        """Keep the selection under a name. Returns how many rows it holds."""
        if not name.strip():
            raise InputError("A selection needs a name.")
        return self._record("selection", self._selected, data={"name": name.strip()[:80]})

    def _own(self, mask: Mask) -> Mask:
        """A copy over the user's rows: those of a reference table are behind them."""
        return mask[: self.corpus.given].copy()
