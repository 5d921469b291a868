"""Back and forth in what was decided: undo, redo, going back to any place of the history. Each is a record too."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.decisions.decisions import Decision, State

Mask = NDArray[np.bool_]


class Turning:
    """The way of a :class:`~elute.decisions.ledger.Ledger` through its own records."""

    _lock: threading.RLock
    if TYPE_CHECKING:

        @property
        def state(self) -> State: ...
        def _records(self) -> Sequence[Decision]: ...
        def _fold(self, records: Sequence[Decision]) -> State: ...
        def _place(self, to: str) -> str: ...
        def _append(
            self, kind: str, rows: Mask | None = None, *, reason: str = "", source: Mapping[str, Any] | None = None,
            decision: str | None = None, data: Mapping[str, Any] | None = None,
        ) -> bool: ...  # fmt: skip
        def _tell(self, kind: str) -> None: ...

    def undo(self, **how: Any) -> Decision | None:
        """Take the last decision back, with all of its batch; returns it, or None where there is none."""
        return self._turn("undo", lambda state: state.applied, how)

    def redo(self, **how: Any) -> Decision | None:
        """Do again what was taken back last, with all of its batch; returns it, or None where there is none."""
        return self._turn("redo", lambda state: state.undone, how)

    def goto(self, to: str, **how: Any) -> Decision | None:
        """Go back to where things stood after a record, a round or a decision by its id; "" is the beginning.

        A decision itself: undo leads here again, and whatever was decided since stays in the history. Returns it, or None where
        things stand like that already.
        """
        with self._lock:
            before, data = self.state, {"to": to, "place": self._place(to)}
            leads = self._fold([*self._records(), Decision("", "goto", data=data)])
            same = [old.id for old in leads.decided] == [old.id for old in before.decided] and leads.settings == before.settings
            if same or not self._append("goto", data=data, **how):
                return None
            made = self.state.applied[-1]
        self._tell("goto")
        return made

    def edits_at(self, made: Decision) -> Mapping[str, Mask]:
        """Rows that were edited when a round was begun, by step, from the record of the round."""
        return self.state_after(str(made.data.get("after", made.id))).edit_steps

    def state_after(self, record: str) -> State:
        """What the journal said when that record was the last one; the beginning where it is not there."""
        records = self._records()
        end = next((at for at, one in enumerate(records) if one.id == record), -1)
        return self._fold(records[: end + 1])

    def put_aside_since(self, record: str) -> bool:
        """Whether what a record stands among was put aside after it: by starting afresh, here or in another session."""
        with self._lock:
            _ = self.state  # what another session noted
            for one in reversed(self._records()):
                if one.id == record or one.data.get("afresh"):
                    return one.id != record
        return bool(record)

    def _turn(self, kind: str, stack: Callable[[State], tuple[Decision, ...]], how: Mapping[str, Any]) -> Decision | None:
        # one lock over both steps: what is taken back is what is returned, whoever decides at the same time
        with self._lock:
            turned = stack(self.state)
            if not turned or not self._append(kind, **how):
                return None
        self._tell(kind)
        return turned[-1]
