"""Suggestions, filters and comparisons of a session: the suggester behind the names that people type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from elute.decisions.effects import Effect, effects
from elute.errors import InputError
from elute.learn import Learned
from elute.metrics import Pair
from elute.prepare import Prepared
from elute.progress import SILENT, Progress
from elute.rounds.compare import Compared, compare
from elute.rounds.compare import table as compared_table
from elute.rounds.course import Course
from elute.rounds.past import Past
from elute.rounds.round import Round
from elute.rounds.space import Space
from elute.session.running import Running
from elute.suggest import Looks, Suggestion
from elute.suggest.advised import unopposed
from elute.suggest.autopilot import Desk, Flight, fly
from elute.suggest.objections import Taking
from elute.suggest.suggester import ADVISED, Suggester

if TYPE_CHECKING:
    import pandas as pd


class Suggestions(Running):
    """Rounds with suggestions."""

    suggester: Suggester
    _course: tuple[str, Course]
    _effects: tuple[Any, tuple[Effect, ...]] | None = None

    def read(self, made: Round) -> tuple[Prepared, Space]:
        """Texts and distinct vectors as a round had them."""
        return self._steps.prepared(made.settings.prepare, SILENT, made.settings.edits), self._steps.space(made.settings)

    @property
    def suggestions(self) -> list[Suggestion]:
        """What elute would do with the current round, safe ones first; nothing happens until one is accepted."""
        found = self.suggester.suggested.suggestions
        return [replace(one, rows=self._own(one.rows)) for one in found]

    @property
    def looks(self) -> Looks:
        """Which clusters to look at next, best first, and what was decided in looks so far."""
        return self.suggester.suggested.looks

    @property
    def checked(self) -> list[str]:
        """What suggestions were looked for, and what was found, a sentence each."""
        return list(self.suggester.suggested.checked)

    def accept(self, suggestion: Suggestion | str | Iterable[Suggestion | str], action: str | None = None, **how: Any) -> int:
        """Do what one suggestion or several propose; one undo takes all of it back. Returns how many rows it decides on.

        ``action`` chooses where a suggestion offers more than one thing; ``"advised"`` is what the analyst advises of each. One whose
        action is ``"look"`` only selects its rows, and their number comes back though nothing is decided: say ``action="drop"`` to drop
        them.
        """
        return self.suggester.accept(suggestion, action, **how)

    @property
    def advice(self) -> list[Suggestion]:
        """Of the suggestions, those that the analyst advises, alone or besides elute's own evidence."""
        return [one for one in self.suggestions if one.analyst]

    def accept_advice(self, chosen: Iterable[Suggestion | str] | None = None, **how: Any) -> int:
        """Do what the analyst advises, all of it or what is chosen: clusters and rows go, settings are of the next round.

        Without a list nobody saw what goes, so what speaks against a drop leaves it to a person, and :attr:`held_back` says so: rows
        that a person kept, tagged or relabelled, the last of a label, or more than a quarter of all rows, with those of their groups.
        ``accept_advice(session.advice)`` takes those too. One undo takes all of it back. Returns how many rows it decides on.
        """
        several, left = unopposed(cast(Taking, self), self.advice) if chosen is None else (list(chosen), "")
        rows = self.suggester.accept(several, ADVISED, **how)
        if left:
            self.held_back = " ".join(filter(None, (self.held_back if rows else "", left)))
        return rows

    @property
    def effects(self) -> tuple[Effect, ...]:
        """What each accepted suggestion that is in force did to the numbers, oldest first; accuracy where it was measured.

        Weights, tags and proposed labels change no number of a round, and are left out.
        """
        state, known = self.state, self.known_round()
        key = (state.last, None if known is None else self.id_of(known), self._course)
        if self._effects is None or self._effects[0] != key:
            now = None if known is None else next((one for one in state.rounds if one.id == key[1]), None)
            measured, error = ({str(row["round"]): row[name] for row in self._course[1].rows} for name in ("accuracy", "error"))
            self._effects = key, effects(self.journal.records, state.in_force, now, measured, error)
        return self._effects[1]

    def autopilot(
        self,
        confidence: float = 0.9,
        rounds: int = 5,
        *,
        most: float = 0.25,
        settings: bool = True,
        progress: Progress | None = None,
    ) -> Flight:
        """Rounds that run by themselves, until nothing that was measured at ``confidence`` or more is left or the indices stop improving.

        Safe suggestions and clusters that elute's own evidence names are accepted, advice on the number of clusters is tried; never is
        a row dropped on a model's word alone, and no more than a share ``most`` of the rows goes as whole clusters. A cluster with rows
        that a person kept, tagged or relabelled, or with the last of a label, is left to a person, and so are those whose going made
        the indices no better: they are brought back. Each step stands in the journal; one :meth:`undo` takes all of it back. A remote
        analyst is asked about each round, and sent texts, only where the person agreed to it before: on the page, or by
        :meth:`consent`. See :func:`elute.suggest.autopilot.fly`.
        """
        return fly(cast(Desk, self), confidence, rounds, most, settings, progress or self._progress)

    def learn(self, name: str = "", *, progress: Progress | None = None) -> Learned:
        """A filter learned from what was dropped and kept, with its precision; what it names is among the suggestions then.

        Under a name it is noted in the journal, and :attr:`learned` finds it again.
        """
        found = self.suggester.learn(name, progress or self._progress)
        if found.name and not found.needed:
            self._record("learned", data=found.to_dict())
        else:
            self._tell("learned")
        return found

    @property
    def learned(self) -> dict[str, Learned]:
        """Filters that were given a name, scored on the rows as they are embedded now; NaN where one is of another embedder."""
        space, found = self.space(), {}
        texts, here = self.prepared().texts, np.flatnonzero(space.of >= 0)
        for record in self.journal.records:
            if record.kind == "learned":
                made = Learned.from_dict(record.data)
                scores = np.full(len(self.corpus), np.nan, np.float32)
                if len(made.weights) == space.X.shape[1]:
                    scores[here] = made.apply(space.X[space.of[here]], [texts[row] for row in here])
                found[made.name] = replace(made, scores=scores)
        return found

    @property
    def weights(self) -> NDArray[np.float64]:
        """(n,) how much each row counts: below 1 where a large cluster is weighed down rather than thinned."""
        return self.suggester.weights()[: self.corpus.given]

    def halves(self, cluster: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]] | None:
        """The two kinds of texts in a cluster, the one more unlike the rest of the set first, as masks over the table.

        A cluster that is mixed is neither kept nor dropped well as a whole: look at a few texts of each. None where it has fewer than
        ten rows that stay, or more than 20,000.
        """
        found = self.suggester.halves(cluster)
        return None if found is None else (self._own(found[0]), self._own(found[1]))

    def worth_keeping(self, where: Any = None, *, index: Any = None) -> tuple[NDArray[np.bool_], list[str]]:
        """Of what a drop of these rows would take, groups whole, the rows that look worth keeping, as a mask, and why each does."""
        mask, why = self.suggester.worth_keeping(self._rows(where, None, None, index))
        return (mask if where is not None and len(where) == len(mask) else self._own(mask)), why

    def pairs(self, *, progress: Progress = SILENT) -> list[Pair]:
        """Pairs of clusters that mix in the full space or on a map, and how far: see :class:`elute.metrics.Pair`."""
        return self.suggester.pairs(progress)

    def compare(
        self, clusterers: Iterable[Any], *, progress: Progress | None = None, tell: Callable[[list[Compared]], None] | None = None
    ) -> pd.DataFrame:
        """Cluster with each of these, and score all in the same space; the round stays as it is.

        Names, parameter objects or estimators; one row each. ``tell`` is given the results so far after each one.
        See :class:`elute.rounds.compare.Compared` for the columns.
        """
        if isinstance(clusterers, str):
            raise InputError(f"Give a list to compare, [{clusterers!r}, ...], not one name.")
        progress, state, made = progress or self._progress, self.state, self.current
        space = self._steps.space(made.settings, progress)
        past = Past(space, space.part(state.keep), made, made.settings)
        found = compare(
            past.part, [self._as_clusterer(given) for given in clusterers], current=made.labels,
            reduced=lambda: past.reduction(progress), seed=made.settings.seed, progress=progress, tell=tell or (lambda rows: None),
        )  # fmt: skip
        return compared_table(found)

    def _as_clusterer(self, given: Any) -> Any:
        """What the page sent is read like a setting; what can't be read is left for the table to say so."""
        if not isinstance(given, Mapping):
            return given
        return self.choices.settings({**self.state.settings, **self.choices.describe({"clusterer": given})}).clusterer

    def dismiss(self, suggestion: Suggestion | str, **how: Any) -> None:
        """Never show this suggestion again."""
        self.suggester.dismiss(suggestion, **how)
