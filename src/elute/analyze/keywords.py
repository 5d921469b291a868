"""What a cluster is about, in words: class-based TF-IDF over single words and pairs of words, in any script.

All texts of a cluster count as one document, and a term weighs the more the fewer other clusters use it (class-based TF-IDF:
M. Grootendorst, BERTopic, arXiv:2203.05794, 2022).
Scripts without spaces between words fall back on runs of two to four characters.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib import resources

from elute.stylometry import UNSPACED

CLIP = 400
"""Characters of a text that are read: names come from what many texts share."""
RARE = 0.05
"""Share of a class's texts below which a term is left out."""
OFTEN, OWN = 0.25, 0.3
"""A stop word is a keyword where so large a share of the class's texts hold it, and the class so large a share of its uses: "thanks"
names the class in which people say it."""
# Accents and vowel signs of their own are part of a word, though not of ``\w``: Latin, Cyrillic, Hebrew, Arabic, Indic.
_MARKS = "\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0dff"
_TOKEN = re.compile(rf"[{UNSPACED}]+|[^\W\d_{UNSPACED}](?:[^\W_{UNSPACED}]|[{_MARKS}]|['-](?=\w))*")
_RUN = re.compile(rf"[{UNSPACED}]")
_FIRST_UNSPACED = UNSPACED[0]
_ASCII = re.compile(r"[a-z](?:[a-z0-9]|['-](?=\w))*")
"""What ``_TOKEN`` finds in a text of ASCII alone, in half the time."""


@cache
def stop_words() -> frozenset[str]:
    """Words that say nothing about a topic (English, German, French, Spanish): ``stopwords.txt`` beside this file."""
    return frozenset(resources.files("elute.analyze").joinpath("stopwords.txt").read_text(encoding="utf-8").split())


def terms(text: str) -> tuple[list[str], list[str]]:
    """The words of a text, and its phrases: pairs of neighbouring content words.

    A run of an unspaced script counts as all its pieces of two to four characters, which are words here.

    >>> terms("Where is my new card?")
    (['where', 'is', 'my', 'new', 'card'], ['new card'])
    """
    words: list[str] = []
    phrases: list[str] = []
    last = ""
    stop = stop_words()
    start = text[:CLIP].casefold().replace("’", "'")
    for token in (_ASCII if start.isascii() else _TOKEN).findall(start):
        if token >= _FIRST_UNSPACED and _RUN.match(token):
            words += [token[i : i + n] for n in (2, 3, 4) for i in range(len(token) - n + 1)] or [token]
            last = ""
            continue
        words.append(token)
        if token in stop or len(token) < 2:
            last = ""
            continue
        if last and last != token:
            phrases.append(f"{last} {token}")
        last = token
    return words, phrases


class ClassTerms:
    """How many texts of each class hold a word or a phrase.

    A text counts once for each of its terms: a word that one text repeats is not what the class is about.

    Parameters
    ----------
    classes : sequence of sequences of str
        The texts of each class.
    """

    def __init__(self, classes: Sequence[Sequence[str]]) -> None:
        self.words: list[Counter[str]] = []
        self.phrases: list[Counter[str]] = []
        self._texts = [len(texts) for texts in classes]
        for texts in classes:
            words: Counter[str] = Counter()
            phrases: Counter[str] = Counter()
            for text in texts:
                found = terms(text)
                words.update(set(found[0]))
                phrases.update(set(found[1]))
            self.words.append(words)
            self.phrases.append(phrases)
        self.total: Counter[str] = Counter()
        for counts in (*self.words, *self.phrases):
            self.total.update(counts)
        self._words_in_all = sum(sum(counts.values()) for counts in self.words)

    def keywords(self, index: int, top: int = 8) -> tuple[str, ...]:
        """The terms that set class ``index`` apart, best first; none says what an earlier one said already.

        A term of fewer than two texts, or of less than ``RARE`` of them, counts only where there is no other.
        """
        stop = stop_words()
        counts = self.words[index] + self.phrases[index]
        average = self._words_in_all / max(1, len(self.words))
        usable = [term for term in counts if len(term) > 1 and (term not in stop or self._telling(term, index))]
        least = max(2, RARE * self._texts[index])
        frequent = [term for term in usable if counts[term] >= least]
        scores = {term: counts[term] * math.log1p(average / self.total[term]) for term in frequent or usable}
        ranked = sorted(scores, key=lambda term: (-scores[term], term))[: 12 * top]
        chosen: list[str] = []
        for term in ranked:
            # "card" alone says less than "card arrival" where most of its uses are that phrase; so with pieces of characters.
            longer = [t for t in ranked if len(t) > len(term) and 2 * counts[t] >= counts[term] and _inside(term, t)]
            whole = max(longer, key=lambda t: (scores[t], len(t)), default=term)
            if not any(_same(whole, other) for other in chosen):
                chosen.append(whole)
            if len(chosen) == top:
                break
        return tuple(chosen)

    def _telling(self, word: str, index: int) -> bool:
        count = self.words[index][word]
        return count >= OFTEN * self._texts[index] and count >= OWN * self.total[word] and len(self.words) > 1 / OWN

    def perplexity(self, index: int) -> float:
        """How surprising its words are to a unigram model of all other classes, add-one smoothed; NaN where it has no words."""
        words = self.words[index]
        size = sum(words.values())
        if not size:
            return math.nan
        rest = self._words_in_all - size + len(self.total)
        nats = sum(count * math.log((self.total[word] - count + 1) / rest) for word, count in words.items())
        return math.exp(-nats / size)


def _inside(term: str, longer: str) -> bool:
    return term in longer.split() if " " in longer else bool(_RUN.match(term)) and term in longer


def _same(a: str, b: str) -> bool:
    """Whether two terms share a word, up to its ending, or a pair of characters of an unspaced script."""
    if _RUN.match(a) or _RUN.match(b):
        return any(a[i : i + 2] in b for i in range(max(1, len(a) - 1)))
    return any(_same_word(x, y) for x in a.replace("-", " ").split() for y in b.replace("-", " ").split())


def _same_word(x: str, y: str) -> bool:
    # "declined" and "declining", "currency" and "currencies": a common start of four letters or more, endings of at most three.
    common = next((i for i, (p, q) in enumerate(zip(x, y, strict=False)) if p != q), min(len(x), len(y)))
    return x == y or (common >= 4 and max(len(x), len(y)) - common <= 3)
