"""Requests that go back, look back and look ahead."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from elute.widget.frame import to_bits

if TYPE_CHECKING:
    from elute.session import Session
    from elute.widget.rounds import Rounds

Answer = tuple[dict[str, Any], bytes | None]


class HistoryRequests:
    """Handlers of the history and of the preview; :class:`~elute.widget.handlers.Handlers` is one."""

    rounds: Rounds
    session: Session
    _once: Callable[[dict[str, Any], Callable[[], int]], Answer]

    def goto(self, params: dict[str, Any], buffer: bytes) -> Answer:
        def act() -> int:
            before = self.session.state.keep
            went = self.session.goto(params["to"], decision=params["decision"], source={"kind": "page"})
            return 0 if went is None else max(1, int(np.count_nonzero(before != self.session.state.keep)))

        return self._once(params, act)

    def revisit(self, params: dict[str, Any], buffer: bytes) -> Answer:
        decision, rows = self.session.decision(params["id"])
        told = {"kind": decision.kind, "reason": decision.reason, "count": int(rows.sum()), "source": dict(decision.source)}
        return told, to_bits(rows)

    def look(self, params: dict[str, Any], buffer: bytes) -> Answer:
        self.rounds.looking.at(params["round"])
        return {}, None

    def preview(self, params: dict[str, Any], buffer: bytes) -> Answer:
        self.rounds.previewing.ask(params["clusterer"])
        return {}, None

    def previewed(self, params: dict[str, Any], buffer: bytes) -> Answer:
        return self.rounds.previewing.answer(), None
