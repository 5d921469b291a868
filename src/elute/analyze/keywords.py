"""What a cluster is about, in words: class-based TF-IDF over single words and pairs of words, in any script.

Words of all texts of a cluster are counted as if they were one document, and weighted by how rare they are in the other clusters
(class-based TF-IDF: M. Grootendorst, BERTopic, arXiv:2203.05794, 2022; the square root of the frequency, as its
``reduce_frequent_words``). Scripts without spaces between words fall back on runs of two to four characters.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib import resources

CLIP = 400
"""Characters of a text that are read: names come from what many texts share."""
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f"
_TOKEN = re.compile(rf"[{_UNSPACED}]+|[^\W\d_{_UNSPACED}](?:[^\W_{_UNSPACED}]|['’-](?=\w))*")
_RUN = re.compile(rf"[{_UNSPACED}]")


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
    for token in _TOKEN.findall(text[:CLIP].casefold().replace("’", "'")):
        if _RUN.match(token):
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
    """Counts of words and phrases, a class at a time.

    Parameters
    ----------
    classes : sequence of sequences of str
        The texts of each class.
    """

    def __init__(self, classes: Sequence[Sequence[str]]) -> None:
        self.words: list[Counter[str]] = []
        self.phrases: list[Counter[str]] = []
        for texts in classes:
            words: Counter[str] = Counter()
            phrases: Counter[str] = Counter()
            for text in texts:
                found = terms(text)
                words.update(found[0])
                phrases.update(found[1])
            self.words.append(words)
            self.phrases.append(phrases)
        self.total: Counter[str] = Counter()
        for counts in (*self.words, *self.phrases):
            self.total.update(counts)
        self._words_in_all = sum(sum(counts.values()) for counts in self.words)

    def keywords(self, index: int, top: int = 8) -> tuple[str, ...]:
        """The terms that set class ``index`` apart, best first; none says what an earlier one said already."""
        stop = stop_words()
        words, phrases = self.words[index], self.phrases[index]
        average = self._words_in_all / max(1, len(self.words))
        size = max(1, sum(words.values()))
        scores: dict[str, float] = {}
        for counts in (words, phrases):
            for term, count in counts.items():
                if term not in stop and len(term) > 1:
                    scores[term] = math.sqrt(count / size) * math.log1p(average / self.total[term])
        ranked = sorted(scores, key=lambda term: (-scores[term], term))[: 12 * top]
        chosen: list[str] = []
        for term in ranked:
            whole = self._whole(term, ranked, scores, index)
            if not any(_same(whole, other) for other in chosen):
                chosen.append(whole)
            if len(chosen) == top:
                break
        return tuple(chosen)

    def _whole(self, term: str, ranked: list[str], scores: dict[str, float], index: int) -> str:
        # "card" alone says less than "card arrival" where most of its uses are that phrase; the same for pieces of characters.
        def count(t: str) -> int:
            return self.words[index][t] or self.phrases[index][t]

        longer = [t for t in ranked if len(t) > len(term) and _inside(term, t) and 2 * count(t) >= count(term)]
        return max(longer, key=lambda t: (scores[t], len(t)), default=term)

    def perplexity(self, index: int) -> float:
        """How surprising its words are to a unigram model of all other classes, add-one smoothed; NaN where it has no words."""
        words = self.words[index]
        size = sum(words.values())
        if not size:
            return math.nan
        rest = self._words_in_all - size + len(self.total)
        bits = sum(count * math.log((self.total[word] - count + 1) / rest) for word, count in words.items())
        return math.exp(-bits / size)


def _inside(term: str, longer: str) -> bool:
    return term in longer.split() if " " in longer else bool(_RUN.match(term)) and term in longer


def _same(a: str, b: str) -> bool:
    # Two terms say the same if they share a word, up to a short ending: "transfer", "transfers".
    if _RUN.match(a) or _RUN.match(b):
        return a in b or b in a or any(a[i : i + 2] in b for i in range(len(a) - 1))
    return any(
        x == y or (min(len(x), len(y)) > 3 and abs(len(x) - len(y)) <= 3 and _stem(x, y)) for x in a.split() for y in b.split()
    )


def _stem(x: str, y: str) -> bool:
    short, long = sorted((x, y), key=len)
    return long.startswith(short) or long.startswith(short[:-1]) and len(short) > 4
