"""Decisions of the page: each is taken once, and answered by what came of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from elute.decisions import Decision
from elute.widget.tell import stays
from elute.widget.wire import Refused

if TYPE_CHECKING:
    from elute.session import Session

log = logging.getLogger("elute")
Answer = tuple[dict[str, Any], bytes | None]


class Outcomes:
    """What handlers of decisions have in common; :class:`~elute.widget.handlers.Handlers` is one."""

    session: Session

    def _decided(self, handler: Callable[[dict[str, Any], bytes], Answer]) -> Callable[[dict[str, Any], bytes], Answer]:
        """The handler of a decision, asked only while that very decision is not in the journal: a page that lost a reply asks again.

        By then what it was about may be gone: a suggestion that was accepted is none any more. A decision that stands in the journal is
        answered as one, whatever breaks after it.
        """

        def decide(params: dict[str, Any], buffer: bytes) -> Answer:
            if not 0 < len(id := params["decision"]) <= 80:
                raise Refused("invalid", "A decision needs an id.")
            if id in self.session.journal:
                return self._outcome(0, "")
            try:
                return handler(params, buffer)
            except Exception as problem:
                made = next((record for record in reversed(self.session.journal.records) if record.id == id), None)
                if made is None:
                    raise
                log.error("a decision was taken, and what came after it failed: %s", type(problem).__name__)
                return self._outcome(size(made), self.session.held_back)

        return decide

    def _once(self, params: dict[str, Any], act: Callable[[], int]) -> Answer:
        """Do what was decided, and say what came of it."""
        self.session.held_back = ""  # an undo says nothing of what the drop before it left
        rows = act()
        return self._outcome(rows, self.session.held_back)

    def _outcome(self, rows: int, note: str) -> Answer:
        kept = stays(self.session, self.session.state.keep)
        return {"kept": kept, "rows": rows, "saved": self.session.journal.saved, "applied": rows > 0, "note": note}, None


def size(decision: Decision | None) -> int:
    """How much was decided, for the page: 0 for nothing, at least 1 for a decision about no rows."""
    return 0 if decision is None else max(1, len(decision.ids))
