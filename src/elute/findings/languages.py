"""Which language a text is in, by its small words: enough to say that a set holds several, and which rows are in one of few."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from elute.findings.words import Words, once

SMALL_WORDS = {
    "English": "the is are was to of and in that it for you my with on have how what can do this not be your me please from at will "
    "would am we they if but or so when there just all get like out up about know need want them some us he she his her our "
    "an as had been why who did does could where which then now more time good one any only see",
    "German": "der die das und ist nicht ich sie ein eine zu den mit wie kann mein für auf es wir haben bitte von auch noch wenn oder",
    "French": "le la les des est et je vous une un pas pour que dans mon ma sur avec comment puis ce ai du il elle nous être mes votre",
    "Spanish": "el la los las es de que en un una por para mi con no cómo puedo se tu su quiero del al más está como qué",
    "Italian": "il la che di un una per non mi con come posso sono ho il mio gli della del questo anche più nel voglio",
    "Portuguese": "os as que de um uma não para com meu minha como por eu do da em no na você está quero mais",
    "Dutch": "de het een en is niet ik van dat op te voor met mijn hoe kan je zijn wat wil om maar ook deze dit naar",
    "Polish": "na nie się jest to że jak do czy mam moje mogę co ale po od za proszę tak",
    "Turkish": "bir ve bu için ne nasıl benim var mı mi çok ile da de değil ben kartım olarak",
    "Swedish": "och att det är en ett jag inte på som för med hur kan min har till av om den vad",
}
"""Words of two letters and more: one alone is in too many languages."""
LEAST, LEAD = 3, 2
"""Different small words of a language that a text must have, and how many more than of any other."""
FEW = 0.05
"""Share of the rows below which a language is not one of the set's."""


@cache
def _masks() -> dict[str, NDArray[np.int64]]:
    """Each small word with a 1 for each language that it belongs to."""
    found: dict[str, NDArray[np.int64]] = {}
    for at, words in enumerate(SMALL_WORDS.values()):
        for word in set(words.split()):
            found.setdefault(word, np.zeros(len(SMALL_WORDS), np.int64))[at] = 1
    return found


def languages(words: Words) -> NDArray[np.int64]:
    """(t,) language of each text by its place in :data:`SMALL_WORDS`; -1 where too few small words tell."""
    t, masks = len(words.sizes), _masks()
    found = np.full(t, -1, np.int64)
    known = [number for number, word in enumerate(words.vocabulary) if word in masks]
    if not known:
        return found
    table = np.zeros((len(words.vocabulary), len(SMALL_WORDS)), np.int32)
    for number in known:
        table[number] = masks[words.vocabulary[number]]
    small = np.asarray(table.any(axis=1))
    at = np.flatnonzero(small[words.tokens])
    size = len(words.vocabulary)
    met = once(np.repeat(np.arange(t), words.sizes)[at] * size + words.tokens[at])  # a word that is there twice counts once
    text, word = met // size, met % size
    hits = np.column_stack([np.bincount(text, weights=column, minlength=t) for column in table[word].T])
    order = np.sort(hits, axis=1)
    sure = (order[:, -1] >= LEAST) & (order[:, -1] - order[:, -2] >= LEAD)
    found[sure] = hits[sure].argmax(axis=1)
    return found


def in_english(words: Words) -> NDArray[np.bool_]:
    """(t,) texts with more small words that are English alone than such that are of other languages alone."""
    masks = _masks()
    leans = np.fromiter(((0 if (mask := masks.get(word)) is None else mask[0] * 2 - 1 if mask.sum() == mask[0] or not mask[0] else 0)
                         for word in words.vocabulary), np.int64, len(words.vocabulary))  # fmt: skip
    total = np.concatenate([[0], np.cumsum(leans[words.tokens])])
    return np.asarray(total[words.ends[1:]] > total[words.ends[:-1]])


def shares(found: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Share of each language among the rows whose language is known; texts count as often as they are there."""
    known = found >= 0
    total = np.bincount(found[known], weights=counts[known], minlength=len(SMALL_WORDS)).astype(np.float64)
    return np.asarray(total / max(float(total.sum()), 1.0))
