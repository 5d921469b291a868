"""Why a row was flagged, a sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from elute.findings import FLAGS
from elute.round import OUTSIDE, Round
from elute.widget.codes import CLIP

if TYPE_CHECKING:
    from elute.widget.rounds import Rounds

ALWAYS = {
    "missing": "The table has no value here.",
    "not_text": "The table has a value here that is no text, so it was not embedded.",
    "blank": "Nothing but white space, or characters that can't be seen.",
    "changed": "The copy that was embedded differs: encoding, markup, control characters or white space were repaired.",
    "noise": "No cluster is dense enough around it to take it in.",
}


def flags(rounds: Rounds, row: int) -> list[dict[str, Any]]:
    """What was found about a row: name, title, why and score."""
    if not rounds.has_round:
        return []
    made = rounds.shown()
    found = {name: made.findings[name].to_numpy()[row] for name in made.findings.columns}
    told = [
        {"name": name, "title": title, "why": ALWAYS.get(name) or _why(rounds, name, row, found), "score": _score(name, found)}
        for name, title in FLAGS.items()
        if found[name]
    ]
    return told + _between(rounds, made, row)


def _why(rounds: Rounds, name: str, row: int, found: dict[str, Any]) -> str:
    if name in ("too_short", "too_long"):
        return _length(rounds, row, name == "too_short")
    if name == "copy":
        first = int(found["copy_of"])
        text = rounds.session.corpus.texts[first] or ""
        return f"The same text as row {first:,}: “{text[:CLIP]}{'…' if len(text) > CLIP else ''}”"
    if name == "outlier":
        return (
            f"Outlier score {found['outlier_score']:.2f} of 1: its surroundings are far emptier than the middle of its cluster."
        )
    return ""


def _length(rounds: Rounds, row: int, short: bool) -> str:
    lengths = rounds.attributes.values("length").key
    mine, there = lengths[row], lengths[~np.isnan(lengths)]
    share = float((there <= mine if short else there >= mine).mean())
    told = "all rows are" if share == 1 else f"{max(share, 0.0001):.2%} of the rows are"
    return (
        f"{int(mine):,} characters: {told} as short."
        if short
        else f"{int(mine):,} characters: {told} as long. The end was not embedded."
    )


def _score(name: str, found: dict[str, Any]) -> float | None:
    score = found["outlier_score"] if name == "outlier" else np.nan
    return float(score) if np.isfinite(score) else None


def _between(rounds: Rounds, made: Round, row: int) -> list[dict[str, Any]]:
    """A row that is nearer to another cluster than to its own."""
    score = float(made.scores.row_silhouette[row])
    if made.labels[row] <= OUTSIDE or not score < 0:
        return []
    why = f"Silhouette {score:.2f}: on average it is nearer to {{}} than to the rows of its own cluster."
    other = "another cluster"
    space = rounds.session.known_space
    if space is not None and space.of[row] >= 0:
        names, means = rounds.members.means(made, space)
        near = means @ space.X[space.of[row]]
        near[names == made.labels[row]] = -np.inf
        number = int(names[near.argmax()])
        other = f"“{rounds.names().get(number, f'cluster {number}')}”"
    return [{"name": "silhouette", "title": "nearer to another cluster", "why": why.format(other), "score": score}]
