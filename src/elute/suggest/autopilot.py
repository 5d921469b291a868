"""Rounds that run by themselves: what elute's own evidence supports is accepted, step by step in the journal, one undo for all.

A model's word alone never drops a row here, nor does a filter that was learned: its teacher would be this very run. Labels, trims and
what no trial measured are left to a person, and so are rows that a person decided on, and the last of a label (``objections.py``).

**Clusters that went come back where the indices are not the better for it** (:attr:`Step.improved`), and are left to a person. Of a set
made of a few kinds of questions one stands out as foreign rows do, and may be half of what it is for: without its questions about what
is soluble, a chemistry set's silhouette fell from .108 to .025. Of truly foreign rows (Wikipedia or messages among 2,900 of BANKING77 and
SGD; communities with labels and without, K-means of 40 without, 2026-11-30) each of ten drops improved the indices, be it by .0003: so no
least gain is asked for, as it is of settings, which change no row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import uuid4

from elute.analyze import Analyst
from elute.analyze.judge import Analysis
from elute.errors import InputError
from elute.progress import Progress
from elute.rounds.choices import Choices
from elute.rounds.round import Round
from elute.suggest import Suggestion
from elute.suggest.objections import Taking, objection

UNWATCHED = ("copies", "near_copies", "markup")
"""Safe suggestions that are accepted. Proposed labels are read by a person, one by one."""
CLUSTERS = ("foreign", "advised")
"""Looks at whole clusters whose confidence is the share that was foreign in trials."""
STEERING = ("clusters", "merge", "split")
"""What changes no row: tried, and kept where the indices are the better for it."""
GAIN = 0.01
"""Silhouette that other settings must gain: more clusters raise it a little each time, and one start differs from another by less."""
STOPPED = "The indices stopped improving."
BACK = "no better: taken back"
NO_BETTER = "the indices were no better without these rows, so they were taken back in."
INDICES = (("silhouette", 1), ("davies_bouldin", -1), ("calinski_harabasz", 1))


class Desk(Taking, Protocol):
    """What of a session the autopilot reads and does."""

    analyst: Analyst
    choices: Choices

    @property
    def suggestions(self) -> list[Suggestion]: ...
    @property
    def analysis(self) -> Analysis: ...
    def run(self, *, progress: Progress | None = None) -> Round: ...
    def analyze(self, *, progress: Progress | None = None) -> Analysis: ...
    def accept(self, suggestion: Iterable[Suggestion], action: str | None = None, **how: Any) -> int: ...
    def restore(self, where: Any = None, *, reason: str = "", **how: Any) -> int: ...
    def configure(self, how: Mapping[str, Any] | None = None, /, **settings: Any) -> bool: ...


@dataclass(frozen=True)
class Step:
    """One thing that was accepted, and the round after it.

    Attributes
    ----------
    did : str
        Titles of the suggestions.
    kinds : tuple of str
    rows : int
        Rows it decided on; 0 where it changed settings.
    before, after : dict
        Metrics of the rounds on both sides.
    stays : bool
        False: settings, or a drop of clusters, that did not make the indices better, taken back.
    """

    did: str
    kinds: tuple[str, ...]
    rows: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    stays: bool = True

    @property
    def improved(self) -> bool:
        """Whether more of the three indices are better than worse, and the silhouette is not worse."""
        moves = [
            sign * (now - was)
            for name, sign in INDICES
            if (was := self.before.get(name)) is not None and (now := self.after.get(name)) is not None
        ]
        fell = (self.after.get("silhouette") or 0.0) < (self.before.get("silhouette") or 0.0)
        return sum(move > 0 for move in moves) > sum(move < 0 for move in moves) and not fell

    def __repr__(self) -> str:
        was, now = (figures.get("silhouette") for figures in (self.before, self.after))
        moved = "" if was is None or now is None else f", silhouette {was:.3f} to {now:.3f}"
        rows = (
            f"{self.rows:,} row{'' if self.rows == 1 else 's'}"
            if self.rows
            else "settings"
            if self.stays
            else "tried and taken back"
        )
        return f"<{self.did}: {rows}{moved}>"


@dataclass(frozen=True)
class Flight:
    """What the autopilot did.

    Attributes
    ----------
    steps : tuple of Step
    why : str
        Why it stopped.
    left : tuple of str
        Titles of what it would have taken, and left to a person, each with why.
    """

    steps: tuple[Step, ...]
    why: str
    left: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Rows it decided on."""
        return sum(step.rows for step in self.steps)

    def __repr__(self) -> str:
        steps = (f"{number}. {step!r}"[:160] for number, step in enumerate(self.steps, 1))
        return "\n".join([*steps, *(f"Left to a person: {one}" for one in self.left), self.why])


def fly(desk: Desk, confidence: float, rounds: int, most: float, settings: bool, progress: Progress) -> Flight:
    """Accept, run the next round, look at the indices, and again.

    Parameters
    ----------
    confidence : float
        0.5 to 1. What is accepted has at least this, and it was measured: precision of safe suggestions, or how often a cluster
        ranked like this was foreign in trials.
    rounds : int
        Rounds that are made at most.
    most : float
        Share of the rows kept now that may go as whole clusters; rows of a reference are none of them.
    settings : bool
        Try what is advised on the number of clusters too.

    Raises
    ------
    InputError
    Cancelled
        What was accepted before stays, and one undo takes it back.
    """
    if not 0.5 <= confidence <= 1 or not 0 <= most <= 1 or rounds < 1:
        raise InputError("confidence= goes from .5 to 1, most= from 0 to 1, and rounds= is 1 or more.")
    batch = uuid4().hex
    made = _round(desk, progress)
    free, steps = int(most * (desk.state.keep & ~desk.corpus.reference).sum()), list[Step]()
    left: tuple[str, ...] = ()
    for number in range(1, rounds + 1):
        progress.check()
        found = desk.suggestions
        how = {"source": {"by": "autopilot", "step": number, "threshold": confidence}, "data": {"batch": batch}}
        safe = [one for one in found if one.kind in UNWATCHED and one.tier == "safe" and (one.confidence or 0) >= confidence]
        clusters, left = _clusters(desk, found, confidence, free)
        # copies hold clusters together: their round says nothing of what goes as foreign, so they go first, alone
        if chosen := safe or clusters:
            stood = desk.state.keep
            rows = desk.accept(chosen, None if safe else "drop", **how)
            before, made = made, _round(desk, progress)
            steps.append(_step(chosen, rows, before, made))
            if not safe:
                free -= rows
                if not steps[-1].improved:
                    desk.restore(stood & ~desk.state.keep, reason=BACK, **_by(how))
                    _round(desk, progress)
                    steps[-1] = replace(steps[-1], rows=0, stays=False)
                    return Flight(tuple(steps), STOPPED, (*left, *(f"{one.title}: {NO_BETTER}" for one in chosen)))
            continue
        trial = next((one for one in found if settings and one.kind in STEERING and one.settings), None)
        if trial is None:
            return Flight(tuple(steps), f"Nothing that was measured at {confidence:.2f} or more is left.", left)
        steps.append(_try(desk, trial, made, how, progress))
        made = _round(desk, progress)
        if not steps[-1].stays:
            return Flight(tuple(steps), STOPPED, left)
    made_all = "1 round was made" if rounds == 1 else f"{rounds} rounds were made"
    return Flight(tuple(steps), f"{made_all}; there may be more to do.", left)


def _round(desk: Desk, progress: Progress) -> Round:
    """The round of the decisions as they are, judged where that costs nothing or was agreed to."""
    made = desk.run(progress=progress)
    analyst = desk.analyst
    if desk.analysis.overview is None and (not analyst.remote or analyst.name in desk.state.consents):
        desk.analyze(progress=progress)
    return made


def _clusters(desk: Desk, found: Sequence[Suggestion], confidence: float, free: int) -> tuple[list[Suggestion], tuple[str, ...]]:
    """Whole clusters to drop, the surest first, and what is left to a person: what a model would keep, or else speaks against it."""
    sure = [one for one in found if one.kind in CLUSTERS and "drop" in one.actions and (one.confidence or 0) >= confidence]
    said = desk.analysis.clusters if desk.analyst.kept else {}
    chosen, left = list[Suggestion](), list[str]()
    for one in sorted(sure, key=lambda one: -(one.confidence or 0)):
        judged = None if one.cluster is None else said.get(one.cluster)
        kept = "the analyst would keep it" if judged is not None and judged.verdict == "keep" else ""
        if why := kept or objection(desk, [*chosen, one], free):
            left.append(f"{one.title}: {why}.")
        else:
            chosen.append(one)
    return chosen, tuple(left)


def _try(desk: Desk, trial: Suggestion, made: Round, how: Mapping[str, Any], progress: Progress) -> Step:
    """Settings that are advised, kept where the round is the better for them."""
    before = desk.choices.told(desk.state.settings)["clusterer"]
    desk.accept([trial], trial.other, **how)
    step = _step([trial], 0, made, desk.run(progress=progress))
    gained = (step.after.get("silhouette") or 0.0) - (step.before.get("silhouette") or 0.0)
    if step.improved and gained >= GAIN:
        return step
    desk.configure({**_by(how), "reason": BACK}, clusterer=before)
    return replace(step, stays=False)


def _by(how: Mapping[str, Any]) -> dict[str, Any]:
    """Who takes something back, and of which flight it is."""
    return {"data": dict(how["data"]), "source": {"kind": "autopilot", **how["source"]}}


def _step(chosen: Sequence[Suggestion], rows: int, before: Round, after: Round) -> Step:
    return Step("; ".join(one.title for one in chosen), tuple(one.kind for one in chosen), rows, before.metrics, after.metrics)
