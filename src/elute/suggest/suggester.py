"""The suggestions of a session: what it would do, and what follows when the person accepts, dismisses or teaches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, Protocol
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from elute.analyze.judge import Analysis
from elute.corpus import Corpus
from elute.decisions import State
from elute.decisions.going import Going
from elute.decisions.meaning import reason_of
from elute.errors import InputError
from elute.learn import Learned
from elute.metrics import Pair
from elute.prepare import Prepared
from elute.progress import SILENT, Progress
from elute.rounds.evidence import ALWAYS_BUILT
from elute.rounds.mixing import pairs_of
from elute.rounds.round import Round
from elute.rounds.space import Space
from elute.suggest import Ground, Suggested, Suggestion, halves_of, suggest, worth_keeping
from elute.suggest.advised import as_advised
from elute.suggest.dismissed import sketches
from elute.suggest.ground import WEIGHT
from elute.suggest.plan import Plan, plan
from elute.suggest.since import held, since, told
from elute.suggest.suggestion import LOOK, SAFE
from elute.suggest.teach import teach

Mask = NDArray[np.bool_]
ADVISED = "advised"
"""As an action: what the analyst advises, whatever that is."""
ALIGNED = ("stays", "labels")
"""Of the data of a suggestion, what it has one of for each of its rows."""


class Desk(Protocol):
    """What of a session the suggester reads and does."""

    corpus: Corpus
    held_back: str

    @property
    def state(self) -> State: ...
    def state_after(self, record: str) -> State: ...
    @property
    def current(self) -> Round: ...
    def names_of(self, made: Round) -> dict[int, str]: ...
    def analysis_of(self, made: Round) -> Analysis: ...
    def read(self, made: Round) -> tuple[Prepared, Space]: ...
    def configure(self, how: Mapping[str, Any] | None = None, /, **settings: Any) -> bool: ...
    def select(self, where: Any = None, *, source: str = "code") -> int: ...
    def drop(self, where: Any = None, *, reason: str = "", **how: Any) -> int: ...
    def restore(self, where: Any = None, *, reason: str = "", **how: Any) -> int: ...
    def relabel(self, where: Any, label: Any, **how: Any) -> int: ...
    def edit(self, where: Any, step: str = "markup", **how: Any) -> int: ...
    def tag(self, where: Any, name: str, note: str = "", **how: Any) -> int: ...
    def going(self, rows: Mask) -> Going: ...
    def at_once(self) -> AbstractContextManager[None]: ...
    def dismiss_id(self, id: str, **how: Any) -> int: ...


class Suggester:
    """Suggestions of a session, made once for each round, decision and verdict.

    Parameters
    ----------
    desk : Desk
        The session.

    Attributes
    ----------
    learned : Learned or None
        What was learned last.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._made: tuple[tuple[Any, ...], Ground, Suggested] | None = None
        self.learned: Learned | None = None

    @property
    def suggested(self) -> Suggested:
        """All suggestions for the current round, the order of the quick look, and what was checked."""
        return self._current()[1]

    @property
    def ground(self) -> Ground:
        """What they are made from."""
        return self._current()[0]

    def _current(self) -> tuple[Ground, Suggested]:
        desk = self._desk
        made, state = desk.current, desk.state
        analysis = desk.analysis_of(made)
        key = (made, state.last, analysis, self.learned)
        if self._made is None or any(old is not new and old != new for old, new in zip(self._made[0], key, strict=True)):
            prepared, space = desk.read(made)
            if not space.graph.built and len(space.X) <= ALWAYS_BUILT:
                space.graph.build()  # a round from disk needed none, and what it says is the same as when it was made
            ground = Ground(
                made, desk.corpus, prepared.texts, state, space, desk.names_of(made), analysis.overview, self.learned, desk.going,
                analysis.clusters,
            )  # fmt: skip
            found = suggest(ground)
            noted = tuple(replace(one, after=state.last) for one in found.suggestions)
            self._made = key, ground, replace(found, suggestions=noted)
        return self._made[1:]

    def worth_keeping(self, rows: Mask) -> tuple[Mask, list[str]]:
        """Of what a drop of rows would take, those that look valuable, and why each does. See :func:`elute.suggest.worth_keeping`."""
        return worth_keeping(self.ground, rows)

    def halves(self, cluster: int) -> tuple[Mask, Mask] | None:
        """The two kinds of texts in a cluster. See :func:`elute.suggest.halves_of`."""
        return halves_of(self.ground, cluster)

    def learn(self, name: str = "", progress: Progress = SILENT) -> Learned:
        """Learn from the decisions in force; what it names is among the suggestions from then on. See :func:`elute.learn.learn`."""
        self.learned = teach(self.ground, name.strip()[:80], progress)
        return self.learned

    def weights(self) -> NDArray[np.float64]:
        """(n,) how much each row counts, where thinning was accepted as weights: a tag ``weight 0.25``; 1 without one."""
        weights = np.ones(len(self._desk.corpus))
        for name, rows in self._desk.state.tags.items():
            if (found := WEIGHT.fullmatch(name)) is not None:
                weights[rows] = np.minimum(weights[rows], float(found[1]))
        return weights

    def pairs(self, progress: Progress = SILENT) -> list[Pair]:
        """Pairs of clusters that mix, in the full space and on the maps. See :func:`elute.rounds.mixing.pairs_of`."""
        return pairs_of(self.ground.part, self.ground.made, progress)

    def find(self, id: str) -> Suggestion:
        """A suggestion by its id.

        Raises
        ------
        InputError
            It is not there any more.
        """
        found = next((one for one in self.suggested.suggestions if one.id == id), None)
        if found is None and id in ("safe", "look", *SAFE, *LOOK):
            which = "tier" if id in ("safe", "look") else "kind"
            raise InputError(
                f"{id!r} is no suggestion's id: accept([x for x in s.suggestions if x.{which} == {id!r}]) takes those."
            )
        if found is None:
            raise InputError("This suggestion is not there any more: what it was about has changed.")
        return found

    def accept(self, given: Suggestion | str | Iterable[Suggestion | str], action: str | None = None, **how: Any) -> int:
        """Do what suggestions propose, as decisions with their evidence that one undo takes back.

        Parameters
        ----------
        given : Suggestion, id, or several; none of them is nothing to do
        action : str, optional
            Chooses between what they offer; ``advised`` does of each what the analyst advises, and leaves the others.
        how
            ``decision`` (an id: the same one never applies twice) and ``source`` go into the journal.

        Returns
        -------
        int
            Rows decided on; where the action is ``look``, rows selected: it decides nothing, and ``action="drop"`` would drop them.
        """
        several = list(given) if isinstance(given, Iterable) and not isinstance(given, str) else [given]
        if not all(isinstance(one, Suggestion | str) for one in several):
            raise InputError("accept() takes suggestions, or their ids: those of s.suggestions.")
        chosen = [self.find(one) if isinstance(one, str) else self._whole(one) for one in several]
        if not chosen:
            return 0
        if any(len(one.data.get(each, at)) != len(at) for one in chosen for at in [np.flatnonzero(one.rows)] for each in ALIGNED):
            raise InputError(
                "Rows of this suggestion were changed, and it says something of each. What is to stay: approve() it first."
            )
        if action == ADVISED:
            chosen, action = as_advised(chosen), None
            if not chosen:
                raise InputError("The analyst advises none of these.")
        elif len(chosen) > 1 and action is None and any(one.tier != "safe" for one in chosen):
            raise InputError("Only safe suggestions are accepted together. Look at the others one by one, or say action=.")
        desk = self._desk
        with desk.at_once():  # nothing is decided between what is compared and what is done
            left, out = self._as_decided_since(chosen, action)
            todo = plan(left, desk.state.keep, action, whole=desk.corpus.whole)
            rows = self._do(todo, chosen, how)
            if note := told(out):
                desk.held_back = " ".join(filter(None, (desk.held_back if todo.steps else "", note)))
        return rows

    def _as_decided_since(self, chosen: Sequence[Suggestion], action: str | None) -> tuple[list[Suggestion], Mask]:
        """Suggestions without the rows that were decided on after they were made, and those of these rows that stay now."""
        desk, state, left = self._desk, self._desk.state, list[Suggestion]()
        out: Mask = np.zeros(len(desk.corpus), bool)
        decided = {one.after: since(desk.state_after(one.after), state) for one in chosen if one.after not in ("", state.last)}
        for one in chosen:
            does = action if action in one.actions else one.action
            fewer, kept = held(one, does, decided.get(one.after, []), desk.corpus.rows_by_id, desk.corpus.whole)
            left.append(fewer)
            out |= kept if does == "restore" else kept & state.keep
        return left, out

    def _whole(self, one: Suggestion) -> Suggestion:
        """Over all rows of the corpus: what was handed out is over the user's table, without the reference behind it."""
        rows = np.zeros(len(self._desk.corpus), bool)
        rows[: len(one.rows)] = one.rows
        return replace(one, rows=rows)

    def _do(self, todo: Plan, chosen: Sequence[Suggestion], how: Mapping[str, Any]) -> int:
        desk, first = self._desk, str(how.get("decision") or uuid4().hex)
        given = dict(how.get("data") or {})
        batch = {"batch": first, **given} if todo.steps > 1 else given
        source = {
            "kind": "suggestion",
            "ids": [one.id for one in chosen],
            "kinds": [one.kind for one in chosen],
            "confidence": [one.confidence for one in chosen] if len(chosen) > 1 else chosen[0].confidence,
            "why": " ".join(one.why for one in chosen),
            **({"analyst": next(one.analyst for one in chosen if one.analyst)} if any(one.analyst for one in chosen) else {}),
            **{key: value for key, value in (how.get("source") or {}).items() if key != "kind"},
        }
        reason = reason_of(how.get("reason")) or "; ".join(one.title for one in chosen)
        taken = 0

        def next_step() -> dict[str, Any]:
            # ids that follow from the first; all steps are noted at once, so who asks again finds all of them or none
            nonlocal taken
            taken += 1
            number = first if taken == 1 else f"{first}-{taken}"
            return {"reason": reason, "source": source, "decision": number, "data": dict(batch)}

        rows = 0
        if todo.drop.any():
            rows += desk.drop(todo.drop, **_with_filters(next_step(), chosen))
        if todo.restore.any():
            rows += desk.restore(todo.restore, **next_step())
        if todo.edit.any():
            rows += desk.edit(todo.edit, **next_step())
        if todo.labels:
            at = sorted(todo.labels)
            rows += desk.relabel(np.array(at), [todo.labels[row] for row in at], **next_step())
        for name, mask in todo.tags:
            rows += desk.tag(mask, name, **next_step())
        if todo.settings:
            desk.configure(next_step(), **todo.settings)
        if todo.select.any() and not todo.steps:
            rows = desk.select(todo.select, source="suggestion")
        return rows

    def dismiss(self, given: Suggestion | str, **how: Any) -> None:
        """Never show this suggestion again; undo takes that back too."""
        one = self.find(given) if isinstance(given, str) else given
        how.setdefault("reason", one.title)
        source = {"kind": "code", **(how.pop("source", None) or {}), "kinds": [one.kind]}
        desk = self._desk
        noted = sketches(self._whole(one), desk.current.labels, desk.corpus.ids)
        data = {**(how.pop("data", None) or {}), "sketches": noted}
        desk.dismiss_id(one.id, source=source, data=data, **how)


def _with_filters(told: dict[str, Any], chosen: Sequence[Suggestion]) -> dict[str, Any]:
    """A drop with the filters that named its rows: what is learned later is another filter, and a recipe replays the one of its drop."""
    filters = dict.fromkeys(one.data["filter"] for one in chosen if "filter" in one.data)
    return {**told, "data": {**told["data"], "filters": [one.to_dict() for one in filters]}} if filters else told
