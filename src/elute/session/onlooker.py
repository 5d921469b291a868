"""A session for commands that read: it decides nothing and changes nothing that is kept about the table, but for what may be deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from elute.decisions import Decision, State
from elute.journal import Journal
from elute.journal.reading import read
from elute.session.session import Session

HERE = ("tfidf", "sbert")
"""Embedders that work on this machine, and are made of what the journal says."""


class Onlooker(Session):
    """A session that takes up a journal and leaves it as it is: rounds that it has to run are noted in memory.

    Settings are those of the journal: what the cell said that was opened last, and what was chosen since. The embedder too, unless
    one is given, or that of the journal would send texts away or is a person's own; and the seed is that of its last round.

    Parameters
    ----------
    data : table
    embedder : optional
        In place of that of the journal.
    **how
        As a :class:`~elute.session.Session` takes it.
    """

    shown = True
    """What is wrong with the journal its user says."""

    def __init__(self, data: Any, *, embedder: Any = None, **how: Any) -> None:
        self._chosen = embedder is not None
        super().__init__(data, embedder=embedder, **how)
        self.choices.seed = _ran(self.state).get("seed", self.choices.seed)

    def _journal(self, path: Path) -> Journal:
        return read(path, self.corpus.fingerprint)

    def _come_back(self) -> None:
        # this is no cell: were it noted as one, what was chosen since the last would end, here and when that cell runs again
        self.returned = self._found()

    def _fold(self, records: Sequence[Decision]) -> State:
        state = super()._fold(records)
        return replace(state, settings={**state.settings, "embedder": None if self._chosen else _embedder(state)})


def _embedder(state: State) -> Any:
    """The embedder of the journal, by default that of its last round, so that its rounds are found again; None where it has none here."""
    told = state.settings.get("embedder") or _ran(state).get("embedder")
    return told if isinstance(told, Mapping) and told.get("name") in HERE else None


def _ran(state: State) -> Mapping[str, Any]:
    """Settings of the last round."""
    return state.rounds[-1].data.get("settings") or {} if state.rounds else {}
