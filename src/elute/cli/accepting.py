"""Rounds that accept what a person named, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from elute.errors import InputError
from elute.progress import Progress
from elute.rounds.round import Round
from elute.session import Session
from elute.suggest import Suggestion
from elute.suggest.objections import objection
from elute.suggest.plan import DROPS
from elute.suggest.suggestion import LOOK, SAFE

ALL_SAFE = "safe"
KINDS = (ALL_SAFE, *SAFE, *LOOK)
"""What ``--accept`` takes. A kind of look is accepted only where it is named itself."""


@dataclass(frozen=True)
class Accepted:
    """One step.

    Attributes
    ----------
    round : int
    title, kind, action : str
    rows : int
    confidence : float or None
    """

    round: int
    title: str
    kind: str
    action: str
    rows: int
    confidence: float | None


@dataclass(frozen=True)
class Rounds:
    """What the rounds came to.

    Attributes
    ----------
    first, last : Round
    steps : tuple of Accepted
    left : tuple of Suggestion
        What elute would do besides, and was not named, or not sure enough, or something spoke against it.
    why : dict of str to str
        What spoke against a drop that was named, by the id of the suggestion.
    """

    first: Round
    last: Round
    steps: tuple[Accepted, ...]
    left: tuple[Suggestion, ...]
    why: Mapping[str, str] = field(default_factory=dict)


def kinds(text: str) -> frozenset[str]:
    """The kinds of ``--accept``, by their names or with a hyphen for the underscore.

    Raises
    ------
    InputError
        One is not known.
    """
    named = frozenset(name.strip().replace("-", "_") for name in text.split(",") if name.strip())
    if wrong := sorted(named - set(KINDS)):
        raise InputError(f"--accept does not know {wrong[0][:40]!r}; it takes {', '.join(KINDS)}.")
    return named


def rounds(
    session: Session, named: frozenset[str], most_rounds: int, confidence: float, most: float, progress: Progress
) -> Rounds:
    """Accept, run the next round, and again, until nothing that was named is left; safe ones first, alone.

    Parameters
    ----------
    confidence : float
        Of what was measured, the least.
    most : float
        Share of the rows kept now that looks may drop.
    """
    steps, done, why = list[Accepted](), set[str](), dict[str, str]()
    first = made = session.run(progress=progress)
    free = int(most * (session.state.keep & ~session.corpus.reference).sum())
    for number in range(1, most_rounds + 1):
        if session.keep.any():
            session.analyze(progress=progress)
        found = [one for one in session.suggestions if one.id not in done and sure(one, confidence)]
        safe = [one for one in found if one.tier == "safe" and (ALL_SAFE in named or one.kind in named)]
        named_looks = [one for one in found if one.tier == "look" and one.kind in named]
        looks, why = ([], why) if safe else _within(named_looks, session, free)
        if not safe and not looks:
            break
        for one, action in [(one, one.action) for one in safe] or looks:
            before = int(session.keep.sum())
            rows = session.accept([one], action, source={"by": "elute clean"})
            free -= 0 if safe else before - int(session.keep.sum())
            done.add(one.id)
            steps.append(Accepted(number, one.title, one.kind, action, rows, one.confidence))
        made = session.run(progress=progress)
    return Rounds(first, made, tuple(steps), tuple(one for one in session.suggestions if one.id not in done), why)


def sure(one: Suggestion, least: float) -> bool:
    """What was never measured is as sure as the person who named it."""
    return one.confidence is None or one.confidence >= least


def _within(looks: Sequence[Suggestion], session: Session, free: int) -> tuple[list[tuple[Suggestion, str]], dict[str, str]]:
    """What looks do when they are accepted, the surest first, and by its id what speaks against each of those that are not."""
    chosen, drops, against = list[tuple[Suggestion, Any]](), list[Suggestion](), dict[str, str]()
    for one in sorted(looks, key=lambda one: -(one.confidence or 0)):
        action = next((does for does in ("drop", *one.actions) if does in one.actions and does != "look"), None)
        if action is None:
            continue
        if action in DROPS:
            if why := objection(session, [*drops, one], free):
                against[one.id] = why
                continue
            drops.append(one)
        chosen.append((one, action))
    return chosen, against
