"""What was decided, told again: the history, one decision and its rows, where a record is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from elute.corpus import Corpus
from elute.decisions.decisions import Decision, State
from elute.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

Mask = NDArray[np.bool_]


class Recalling:
    """The records of a :class:`~elute.decisions.ledger.Ledger`, read."""

    corpus: Corpus
    if TYPE_CHECKING:

        @property
        def state(self) -> State: ...

    def decision(self, number: str) -> tuple[Decision, Mask]:
        """A decision by its id, and the rows it is about, as far as this table has them."""
        found = next((old for old in self.state.history if old.id == number), None)
        if found is None:
            raise InputError("There is no such decision in the journal.")
        return found, self.corpus.rows_by_id(found.ids)[0]

    @property
    def history(self) -> pd.DataFrame:
        """One row a decision: ``id, time, kind, rows, reason, source, round, undone`` (not in force any more)."""
        import pandas as pd

        state = self.state
        there = {decision.id for decision in state.in_force}
        rows = [
            (d.id, d.time, d.kind, len(d.ids), d.reason, d.source.get("kind", ""), d.round, d.id not in there)
            for d in state.history
        ]
        return pd.DataFrame(rows, columns=["id", "time", "kind", "rows", "reason", "source", "round", "undone"])

    def _place(self, to: str) -> str:
        """Where a record is, in a few words."""
        if not to:
            return "the beginning"
        state = self.state
        for made in state.rounds:
            if made.id == to:
                return f"round {made.data['number']}"
        for number, old in enumerate(state.history, 1):
            if old.id == to:
                return f"decision {number}"
        raise InputError("There is no such round or decision in the journal.")
