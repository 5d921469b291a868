"""Rounds that are run on top of the ledger: settings, the round that belongs to the decisions as they are, and the next one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.analyze.judge import Judge
from elute.corpus.rows import vectors_in_order
from elute.decisions import Decision, State
from elute.decisions.ledger import Ledger
from elute.embed import Embedder, Embeddings
from elute.errors import InputError, ProviderError
from elute.prepare import Prepared
from elute.progress import SILENT, Progress
from elute.rounds.archive import Archive
from elute.rounds.beside import Beside
from elute.rounds.choices import Choices
from elute.rounds.cycle import relax, run_round
from elute.rounds.evidence import Evidence
from elute.rounds.round import Round, Settings
from elute.rounds.shelf import Shelf, record_of
from elute.rounds.space import Space
from elute.rounds.steps import Steps
from elute.session.warm import LATER, warm_up


class Running(Ledger):
    """A ledger with its rounds. What it works with is made by :class:`~elute.session.Session`."""

    choices: Choices
    _progress: Progress
    _archive: Archive
    _judge: Judge
    _steps: Steps
    _shelf: Shelf
    _round: Round | None
    _beside: Beside

    def configure(self, how: Mapping[str, Any] | None = None, /, **settings: Any) -> bool:
        """Settings of the next round: ``embedder=``, ``clusterer=``, ``projector=``, ``prepare=``, ``automatic=``.

        Returns whether anything changed.
        """
        if "embedder" in settings:
            settings["embedder"] = vectors_in_order(settings["embedder"], self.corpus.index)
        before = self.choices.told(self.state.settings)
        changed = {name: told for name, told in self.choices.describe(settings).items() if before.get(name) != told}
        if changed:
            how = dict(how or {})
            self._record("settings", data={**how.pop("data", {}), **changed}, **how)
        return bool(changed)

    def _opened_alike(self, opened: Mapping[str, Any]) -> bool:
        """Whether the cell said the same last time."""
        told = [record.data["settings"] for record in self.journal.records if record.kind == "open"]
        if not told:
            return False
        # journals of earlier versions know no embedder; none of what was chosen then need end for that
        old = "embedder" not in told[-1] and any(kept.kind == "settings" for kept in (*self.state.in_force, *self.state.undone))
        return bool({**told[-1], **({"embedder": opened["embedder"]} if old else {})} == opened)

    @property
    def embedder(self) -> Embedder:
        """What makes the vectors of the next round."""
        return self.embedder_of()

    def embedder_of(self, made: Round | None = None) -> Embedder:
        """What made the vectors of a round; of the next one where none is given."""
        return self.choices.embedder(self._next() if made is None else made.settings)

    def _next(self) -> Settings:
        """Settings of the next round."""
        state = self.state
        return self.choices.settings(state.settings, state.edit_steps)

    def _agreed(self, settings: Settings) -> Settings:
        """The same settings. Nothing goes to a remote embedder that was chosen on the page until the person said yes there."""
        embedder, state = self.choices.embedder(settings), self.state
        chosen = [told for told in state.in_force if told.kind == "settings" and "embedder" in told.data]
        in_code = not chosen or chosen[-1].source.get("kind") == "code"
        if embedder.remote and embedder.name not in state.consents and not in_code and not self._steps.at_hand(settings):
            raise InputError(
                f"No text goes to {embedder.name} until you agreed to it: on the page, or in a cell by consent({embedder.name!r})."
            )
        return settings

    @property
    def current(self) -> Round:
        """As :attr:`round`, but over all rows of the corpus, those of a reference among them: what a screen and suggestions read."""
        found = self.find_round()
        if found is not None:
            self._round = found
        if self._round is None:
            raise InputError("There is no round yet: run() first.")
        return self._round

    @property
    def rounds(self) -> tuple[Decision, ...]:
        """The records of all rounds so far, oldest first; ``data`` holds number, settings and metrics."""
        return self.state.rounds

    def current_at(self, record: str) -> Round:
        """As :meth:`round_at`, but over all rows of the corpus, as :attr:`current` is."""
        found = next((told for told in self.state.rounds if told.id == record), None)
        if found is None:
            raise InputError("There is no such round in the journal.")
        with self._steps.working:
            made = self._shelf.of_record(found)
        if made is None:
            number = found.data["number"]
            raise InputError(f"Round {number} is not kept any more. Go back to it, and it is computed again.")
        return made

    def known_round_at(self, record: str) -> Round | None:
        """As :meth:`current_at`, if it is in memory; takes no time."""
        return next((self._shelf.in_memory(told) for told in self.state.rounds if told.id == record), None)

    def id_of(self, made: Round) -> str:
        """Id of the record of a round in the journal: what :meth:`goto` takes."""
        return record_of(self._shelf.key_of(self._beside.whole(made)))

    def run(self, *, progress: Progress | None = None, draft: Callable[[Round], None] | None = None, **settings: Any) -> Round:
        """One round: prepare, embed, cluster, score, project. Returns it; a round already computed comes back at once.

        ``draft`` is given the round while its layout settles.
        """
        progress = progress or self._progress
        if settings:
            self.configure(**settings)
        with self._steps.working:
            state = self.state
            while not self._steps.opened(chosen := self.choices.settings(state.settings, state.edit_steps)):
                try:
                    self._steps.open(chosen, progress)
                except ProviderError:
                    if not self.choices.fall_back(chosen, state.settings):
                        raise
                state = self.state  # a model takes seconds to load: what was decided meanwhile counts
            found = self._shelf.find(state)
            made = found or self._make(state, progress, draft)
            self._shown(made)
            if found is None:
                self._shelf.save(state, made)
        return self._beside.own(made)

    def refine(self, *, progress: Progress | None = None, draft: Callable[[Round], None] | None = None) -> Round:
        """Relax the map of the current round: points move a little towards their neighbours, none jumps. Nothing else changes."""
        progress = progress or self._progress
        with self._steps.working:
            state, made = self.state, self.current
            if made is not self._shelf.known(state):
                raise InputError("The map belongs to an older round. Run the next one first, then refine its map.")
            relaxed = relax(self._steps.space(made.settings, progress), made, progress, draft)
            self._judge.adopt(made, relaxed)
            self._shelf.put(state, relaxed)
            self._shown(relaxed)
            self._shelf.save(state, relaxed)
        return self._beside.own(relaxed)

    def _make(self, state: State, progress: Progress, draft: Callable[[Round], None] | None) -> Round:
        chosen = self.choices.settings(state.settings, state.edit_steps)
        warm_up()
        self._agreed(chosen)
        made = run_round(
            self.corpus, self._steps.prepared(chosen.prepare, progress, chosen.edits), self._steps.embeddings(chosen, progress),
            state.keep, chosen,
            space=self._steps.space(chosen, progress), evidence=self._steps.evidence(chosen, progress), number=self._shelf.number(state),
            previous=self._before(state, chosen), progress=progress, draft=draft,
        )  # fmt: skip
        self._shelf.put(state, made)
        return made

    def _before(self, state: State, chosen: Settings) -> Round | None:
        """The round that the next one goes on from: the last on vectors of the same embedder."""
        if self._round is not None and self._round.settings.embedder == chosen.embedder:
            return self._round
        return self._shelf.newest(state, chosen)

    def _note_round(self, key: str, facts: Mapping[str, Any]) -> bool:
        """Note that a round was made; False, and nothing is, where the decisions that it was begun after were put aside meanwhile."""
        with self._lock:
            if self.put_aside_since(str(facts["after"])):
                return False
            self._append("round", decision=record_of(key), data=facts)
        return True

    def _shown(self, made: Round) -> None:
        self._round = self.known_round() or made  # what was decided meanwhile may have a round already
        self._tell("round")

    def warm(self, progress: Progress = SILENT) -> None:
        """Get ready for the next round while the person looks at this one: vectors from the cache, compiled loops."""
        chosen = self._next()
        embedder = self.choices.embedder(chosen)
        if not embedder.remote or embedder.name in self.state.consents:
            self._steps.space(chosen, progress)
        self.corpus.rows_by_id([])  # sorts the ids, so that the first decision need not
        warm_up(LATER)

    def known_round(self) -> Round | None:
        """The round that belongs to the decisions as they are, if it is in memory; takes no time."""
        return self._shelf.known(self.state)

    def has_round(self) -> bool:
        """Whether the round that belongs to the decisions as they are was computed before, and is in memory or on disk."""
        return self._shelf.has(self.state)

    def find_round(self) -> Round | None:
        """The round already computed for the decisions as they are, from memory or disk; None where there is none."""
        return self._shelf.find(self.state)

    def prepared(self, progress: Progress = SILENT) -> Prepared:
        """Step 0 over all rows, by the settings of the next round."""
        chosen = self._next()
        return self._steps.prepared(chosen.prepare, progress, chosen.edits)

    def unembedded(self, progress: Progress = SILENT) -> list[str]:
        """The distinct texts that the next round would have to embed: what is in the cache is not among them."""
        return self._steps.unembedded(self._next(), progress)

    @property
    def known_prepared(self) -> Prepared | None:
        """Step 0 as it was done last, if it was."""
        return self._steps.known

    def space(self, progress: Progress = SILENT) -> Space:
        """The distinct vectors of the table, by the settings of the next round."""
        return self._steps.space(self._agreed(self._next()), progress)

    def evidence(self, made: Round | None = None, progress: Progress = SILENT) -> Evidence:
        """What is known about the rows, by the vectors of a round: groups of near copies, and more; the current one by default."""
        return self._steps.evidence((made or self.current).settings, progress)

    @property
    def known_space(self) -> Space | None:
        """The distinct vectors as they were found last, if they were; takes no time."""
        return self._steps.known_space

    def embeddings(self, progress: Progress = SILENT) -> Embeddings:
        """Step 1 over all rows, by the settings of the next round."""
        return self._steps.embeddings(self._agreed(self._next()), progress)

    @property
    def automatic(self) -> bool:
        """Whether a decision on the page starts the next round by itself."""
        return bool(self.choices.told(self.state.settings)["automatic"])

    def labels(self) -> NDArray[np.int32]:
        """(n,) clusters of the current round."""
        return self.current.labels

    def at_round(self) -> int:
        """Number of the round that is looked at; 0 before the first."""
        return 0 if self._round is None else self._round.number
