"""Texts that deny or report what others say: “you are not an idiot” and “he said you are an idiot” lie among the insults.

There a label that both witnesses speak against is right, so what they propose is for a person's eyes.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from elute.findings.votes import ASKED, one_label
from elute.suggest.ground import Ground, Mask

POLAR = 3
"""Labels at which, or below, such a word may be what tells them apart. Of 77 intents none is about it, and every tenth row that the
strict rule names would be one to read."""
SCALE = 11
"""Labels at which, or below, a word that denies may be: five stars, or 0 to 10. A review that was “not great” is not five stars."""
LONG = 2_000
"""Characters of a text that are read: what is denied further on is one thing among many."""
DENIES = frozenset(
    "no not none never nothing nobody nowhere neither nor without aint isnt arent wasnt werent dont doesnt didnt wont wouldnt shouldnt "
    "hasnt havent hadnt nicht kein keine keinen nie niemals ohne pas jamais sans nunca sin mai senza".split()
)
"""Words that deny."""
TURNS = DENIES | frozenset(
    "said say says saying told tells telling called calls calling wrote writes writing quote quoted quotes "
    "sagt sagte dit dice dijo disse".split()
)
"""These, and those with which another's words are reported."""
_WORD = re.compile(r"[^\W\d_]+")
_APOSTROPHE = re.compile("(?<=n)['’](?=t\\b)")


def turns(text: str, by: frozenset[str] = TURNS) -> bool:
    """Whether a text denies something or reports it.

    >>> [turns(text) for text in ("You aren’t late", "She said so", "It was nothing", "Call me a cab")]
    [True, True, True, False]
    """
    return any(word in by for word in _WORD.findall(_APOSTROPHE.sub("", text[:LONG].lower())))


def otherwise(ground: Ground, rows: Mask, proposed: NDArray[np.object_]) -> Mask:
    """Of rows those that deny or report where more than half of the neighbours with the label proposed do not, or the other way round.

    With more than :data:`POLAR` labels to report counts for nothing, with more than :data:`SCALE` to deny neither.

    Parameters
    ----------
    ground : Ground
    rows : ndarray of shape (n,), bool
    proposed : ndarray of shape (n,), object
        The label that each row would get.
    """
    found = np.zeros(len(rows), bool)
    part = ground.part
    codes = ground.codes[part.rows]
    of = len(np.unique(codes[codes >= 0]))
    if not rows.any() or of > SCALE:
        return found
    by = TURNS if of <= POLAR else DENIES
    alive = np.flatnonzero(part.alive)
    at = (np.cumsum(part.alive) - 1)[part.at]
    labels, near = one_label(at, codes, len(alive)), part.graph(ASKED).indices
    told = cache(lambda vector: turns(part.texts(int(alive[vector])), by))
    where = np.flatnonzero(np.isin(part.rows, np.flatnonzero(rows)))
    for place, row in zip(where.tolist(), part.rows[where].tolist(), strict=True):
        own = told(int(at[place]))
        agreeing = [
            other
            for other in near[at[place]].tolist()
            if labels[other] >= 0 and ground.label_names[labels[other]] == proposed[row]
        ]
        found[row] = 2 * sum(told(other) != own for other in agreeing) > len(agreeing)
    return found
