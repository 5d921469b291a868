"""Why a row was flagged, a sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from elute.findings import SCORED, flags_of
from elute.findings.apart import difference
from elute.findings.privacy import told as told_personal
from elute.rounds.round import OUTSIDE, Round
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
COPIES = {"copy": "copy_of", "near_copy": "near_copy_of", "conflict": "conflict_of", "leaked": "leaked_of"}
SAID = {
    "copy": "The same text as row {:,}: {}",
    "near_copy": "Nearly the same as row {:,}, which would stay: {}",
    "conflict": "Row {:,} says the same under the label {}: {}",
    "leaked": "Row {:,} of the reference says the same, or nearly: {}",
}
SCORES = {
    "odd_length": "Its length is {:+.1f} robust standard deviations from the middle of the set.",
    "markup": "{:.0%} of its characters are tags, entities or symbols.",
    "script": "Its script, language or spelling is not that of this set.",
    "boilerplate": "{:.0%} of its words stand in runs of eight or more that many other rows hold too.",
}


def flags(rounds: Rounds, row: int) -> list[dict[str, Any]]:
    """What was found about a row: name, title, why and score."""
    if not rounds.has_round:
        return []
    made = rounds.shown()
    found = {name: made.findings[name].to_numpy()[row] for name in made.findings.columns}
    told = [
        {"name": name, "title": title, "why": ALWAYS.get(name) or _why(rounds, name, row, found), "score": _score(name, found)}
        for name, title in flags_of(made.findings).items()
        if found[name]
    ]
    return told + _between(rounds, made, row)


def _why(rounds: Rounds, name: str, row: int, found: dict[str, Any]) -> str:
    if name in ("too_short", "too_long"):
        return _length(rounds, row, name == "too_short")
    if name in COPIES:
        return _copy(rounds, name, row, int(found[COPIES[name]]))
    if name == "label_issue":
        return _label(rounds, row, found)
    if name in SCORES:
        return SCORES[name].format(found[SCORED[name]])
    if name == "personal":
        return f"Holds {', '.join(told_personal(rounds.session.corpus.texts[row] or ''))}."
    if name.startswith("own:"):
        return "Your own function says so."
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


def _copy(rounds: Rounds, name: str, row: int, other: int) -> str:
    """Which row, and what differs."""
    corpus = rounds.session.corpus
    text, own = corpus.texts[other] or "", corpus.texts[row] or ""
    shown = f"“{text[:CLIP]}{'…' if len(text) > CLIP else ''}”"
    if name == "conflict":
        told = SAID[name].format(other, f"“{str(corpus.label[other])[:80]}”" if corpus.label is not None else "", shown)
    else:
        told = SAID[name].format(other, shown)
    return told + ("" if name == "copy" else difference(own, text))


def _label(rounds: Rounds, row: int, found: dict[str, Any]) -> str:
    label = rounds.session.corpus.label
    given = "" if label is None else f"“{str(label[row])[:80]}”"
    told = (
        f"Its label is {given}; a model that never saw it and its nearest texts agree on “{str(found['label_suggested'])[:80]}”."
    )
    sure = found["label_probability"]
    return told if np.isnan(sure) else f"{told} They give its own label a probability of {sure:.0%}."


def _score(name: str, found: dict[str, Any]) -> float | None:
    column = name.removesuffix(":flag") if name.startswith("own:") else SCORED.get(name)
    score = np.nan if column is None else found.get(column, np.nan)
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
