"""Which rows are meant; what is chosen, and saved under a name: nothing is decided by it."""

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
    """Rows as a person says them, and the selection, of a :class:`~elute.decisions.ledger.Ledger`."""

    corpus: Corpus
    selection_source: str
    _selected: Mask
    if TYPE_CHECKING:

        @property
        def state(self) -> State: ...
        def labels(self) -> NDArray[np.int32]: ...
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
        """As :attr:`selected`, but over all rows of the corpus, not to be written to; another array after each selection."""
        return self._selected

    def select(
        self, where: Any = None, *, ids: Any = None, cluster: int | None = None, index: Any = None, source: str = "code"
    ) -> int:
        """Choose rows by mask, positions, ids, cluster, or labels of a pandas index; nothing is removed. Returns how many.

        Here a label that occurs more than once means every row that bears it, since nothing goes. Rows are said as for :meth:`drop`;
        ``source`` says who chose.
        """
        rows = self._rows(where, ids, cluster, index, every=True)
        self._selected, self.selection_source = rows, source
        self._tell("select")
        return int(rows.sum())

    def save(self, name: str) -> int:
        """Keep the selection under a name. Returns how many rows it holds."""
        if not isinstance(name, str) or not name.strip():
            raise InputError("A selection needs a name.")
        return self._record("selection", self._selected, data={"name": name.strip()[:80]})

    def _own(self, mask: Mask) -> Mask:
        """A copy over the user's rows: those of a reference table are behind them."""
        return mask[: self.corpus.given].copy()

    def _rows(self, where: Any, ids: Any, cluster: int | None, index: Any = None, every: bool = False) -> Mask:
        if sum(given is not None for given in (where, ids, cluster, index)) != 1:
            raise InputError("Say which rows in one way: a mask or positions, ids=, cluster= or index=.")
        if cluster is not None:
            return self._members(cluster)
        if index is not None:
            return self.corpus.rows_by_index(index, every)
        if ids is not None:
            try:
                rows, missing = self.corpus.rows_by_id(np.asarray(ids, np.uint64))
            except (TypeError, ValueError, OverflowError):
                raise InputError("ids= takes ids of rows, whole numbers as corpus.ids has them.") from None
            if missing:
                raise InputError(f"{missing} of the ids are not of this table.")
            return rows
        return np.asarray(self.corpus.rows(where))

    def _members(self, cluster: int) -> Mask:
        """The rows of a cluster; none of noise (-1) is none, and any other number without rows is a mistake."""
        labels = self.labels()
        one = isinstance(cluster, (int, float, np.number)) and not isinstance(cluster, bool)
        rows = np.asarray(labels == cluster) if one else np.zeros(len(labels), bool)
        if not rows.any() and not (one and cluster == -1):
            raise InputError(
                f"There is no cluster {cluster!r} in this round; there are {sorted(set(labels.tolist()) - {-2})[:20]}."
            )
        return rows
