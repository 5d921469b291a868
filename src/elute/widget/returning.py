"""Requests about coming back: start afresh, bring decisions along, whose journal it is, and saving what could not be saved."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from elute.widget import sample
from elute.widget.wire import Refused

if TYPE_CHECKING:
    from elute.session import Session
    from elute.widget.rounds import Rounds

Answer = tuple[dict[str, Any], bytes | None]


def told(session: Session) -> dict[str, str]:
    """What ``state`` says of it: each a line to read, "" where there is nothing to say."""
    journal = session.journal
    offered = None if session.returned.decisions else session.offered  # who came back has chosen
    return {
        "resumed": session.returned.line,
        "offered": "" if offered is None else offered.line,
        "problem": journal.problem,
        "sampled": sample.line(session),
        "read_only": ""
        if journal.mode == "own"
        else f"Another kernel decides about this table ({journal.holder}); here it can only be looked at.",
    }


def journal_name(session: Session) -> str:
    """A name for the table and the place of its journal, which says nothing of either."""
    told = f"{session.corpus.fingerprint} {session.corpus.n} {session.folder.resolve()}"
    return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


class ReturnRequests:
    """Handlers of these requests; :class:`~elute.widget.handlers.Handlers` is one."""

    rounds: Rounds
    session: Session
    _once: Callable[[dict[str, Any], Callable[[], int]], Answer]

    def afresh(self, params: dict[str, Any], buffer: bytes) -> Answer:
        def act() -> int:
            self.rounds.cancel()  # what runs belongs to decisions that go
            aside = self.session.start_afresh(decision=params["decision"])
            self.session.held_back = "" if aside is None else f"What was decided before is in {aside.name}, beside the journal."
            return 1

        return self._once(params, act)

    def bring_along(self, params: dict[str, Any], buffer: bytes) -> Answer:
        return {"decisions": self.session.bring_along()}, None

    def hold(self, params: dict[str, Any], buffer: bytes) -> Answer:
        if params["how"] not in ("take", "copy"):
            raise Refused("invalid", "A journal is taken over (take) or copied (copy).")
        folder = "" if params["how"] == "take" else str(self.session.copy_journal())
        if params["how"] == "take":
            self.session.take_over()
        self.rounds.heard_again()
        return {"folder": folder}, None

    def save_again(self, params: dict[str, Any], buffer: bytes) -> Answer:
        journal = self.session.journal
        journal.save()
        return {"saved": journal.saved, "problem": journal.problem}, None
