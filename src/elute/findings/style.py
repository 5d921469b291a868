"""Rows that are written otherwise than most of the set: length, markup, script, boilerplate. Each has a score, and a rule that flags few.

The rules, on texts as they came in (``markup``) or as they are embedded (all others):

* ``odd_length``: robust z of log(1 + characters) beyond 5, where the spread is at least that of a factor 1.25; none to 3 in 1,000 of the
  rows of clean sets;
* ``markup``: more than half of the characters other than white space belong to tags and entities, or are no letters, marks, digits or
  ordinary punctuation;
* ``script``: more than half of its letters are of a script that fewer than 1 in 20 of all letters are of; or its small words are those of
  a language that fewer than 1 in 20 rows are in; or its letters in threes are far less likely than the set's (robust z above 6) and none
  of its words is in 5 rows of other texts, in a text of 4 words and more;
* ``boilerplate``: more than half of its words, and 12 at least, lie in runs of 8 words that 5 other rows hold too.

A rule that flags more than 5 % of the rows it is asked about flags none of them: it is how this set is written. Its score still ranks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from elute.findings.languages import FEW, SMALL_WORDS, languages, shares
from elute.findings.words import Words, once
from elute.prepare.clean import strip_markup

LENGTH, LENGTH_SPREAD = 5.0, 0.2231  # log 1.25
MOSTLY = 0.5
RARE_SCRIPT = 0.05
STRANGE, SHARED, STRANGE_WORDS = 6.0, 5, 4
RUN, REPEATED, BOILER_WORDS = 8, 5, 12
TRIGRAMS = 1 << 18
MULTILINGUAL = "paraphrase-multilingual-MiniLM-L12-v2"
"""Sentence-BERT model for some 50 languages (Reimers and Gurevych, arXiv:2004.09813, 2020)."""
LETTERS = 600
"""Characters of a text by which its script and letters in threes are judged."""


def odd_length(texts: Sequence[str | None]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Robust z (n,) of log(1 + characters), negative where short; NaN without a text."""
    lengths = np.fromiter((np.nan if text is None else len(text) for text in texts), np.float64, len(texts))
    score = robust(np.log1p(lengths), LENGTH_SPREAD)
    return score, np.abs(score) > LENGTH


def robust(values: NDArray[np.float64], least: float) -> NDArray[np.float32]:
    """Distance to the median in units of the spread (1.4826 MAD, ``least`` at least); NaN stays."""
    known = values[np.isfinite(values)]
    if not len(known):
        return np.full(len(values), np.nan, np.float32)
    middle = np.median(known)
    spread = max(1.4826 * float(np.median(np.abs(known - middle))), least)
    return ((values - middle) / spread).astype(np.float32)


_ODD = re.compile(r"[^\w\s.,;:!?'\"()\u2018\u2019\u201c\u201d\u2026\u2013\u2014\u3001\u3002%&$€£-]|_")


def markup(texts: Sequence[str | None]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Share (n,) of characters that are tags, entities or symbols; NaN without a text."""
    score = np.full(len(texts), np.nan, np.float32)
    for row, text in enumerate(texts):
        if text is None:
            continue
        if not _ODD.search(text):
            score[row] = 0
            continue
        text = text[:32_000]
        whole = len("".join(text.split()))
        left = strip_markup(text) if "<" in text or "&" in text else text
        left = "".join(left.split())
        # a letter's own marks are no symbols
        odd = sum(1 for mark in _ODD.findall(left) if not unicodedata.category(mark).startswith("M"))
        score[row] = (whole - len(left) + odd) / max(whole, 1)
    return score, score > MOSTLY


_LATIN = re.compile("[A-Za-z]")


@cache
def _script(block: int) -> int:
    """A number for the script of 128 characters: that of most of their names, in its first word."""
    names = [
        unicodedata.name(chr(code), "").split(" ")[0] for code in range(block * 128, block * 128 + 128) if chr(code).isalpha()
    ]
    if not names:
        return -1
    name = max(set(names), key=names.count)
    return _SCRIPTS.setdefault(_ALSO.get(name, name), len(_SCRIPTS))


_SCRIPTS: dict[str, int] = {"LATIN": 0}
_ALSO = {
    **dict.fromkeys(("HIRAGANA", "KATAKANA", "KANGXI", "IDEOGRAPHIC", "HALFWIDTH"), "CJK"),
    **dict.fromkeys(("FULLWIDTH", "MODIFIER"), "LATIN"),
}
_SAID = {"CJK": "Chinese or Japanese"}


def scripts(texts: Sequence[str | None]) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float64]]:
    """The script of most letters of each text (n,), -1 without letters; its share of them (n,); and the letters of each script in all."""
    main, share = np.full(len(texts), -1, np.int64), np.zeros(len(texts), np.float32)
    total = np.zeros(256, np.float64)
    for row, text in enumerate(texts):
        if text is None:
            continue
        if text.isascii():
            if _LATIN.search(text, 0, LETTERS):
                main[row], share[row] = 0, 1
                total[0] += min(len(text), LETTERS)
            continue
        counts: dict[int, int] = {}
        for letter in text[:LETTERS]:
            if letter.isalpha():
                which = 0 if letter < "\u0250" else _script(ord(letter) // 128)
                counts[which] = counts.get(which, 0) + 1
        counts.pop(-1, None)
        for which, count in counts.items():
            total[which % 256] += count
        if counts:
            main[row] = max(counts, key=counts.__getitem__)
            share[row] = counts[main[row]] / sum(counts.values())
    return main, share, total


def script(
    texts: Sequence[str | None], of: NDArray[np.int64], words: Words
) -> tuple[NDArray[np.float32], NDArray[np.bool_], str]:
    """Wrong script or language for this set.

    Parameters
    ----------
    texts : sequence of str, length t
        Distinct texts.
    of : ndarray of shape (n,)
        Which text each row has, -1 without one: a text counts as often as it is there.
    words : Words
        Of the t texts.

    Returns
    -------
    score : ndarray of shape (t,), float32
        Robust z of the nats a letter in threes; 10 for a rare script.
    flag : ndarray of shape (t,), bool
    note : str
        A sentence where the set holds several languages or scripts, else nothing.
    """
    from elute.findings._style import spoken, strange

    t = len(texts)
    if not t:
        return np.zeros(0, np.float32), np.zeros(0, bool), ""
    main, share, total = scripts(texts)
    of_all = total / max(total.sum(), 1.0)
    foreign = (main >= 0) & (share > MOSTLY) & (of_all[main % 256] < RARE_SCRIPT)
    letters, ends = _letters(texts)
    counts = np.bincount(of[of >= 0], minlength=t).astype(np.int64)
    table = np.zeros(TRIGRAMS, np.float32)
    nats = np.empty(t, np.float64)
    strange(letters, ends, counts, table, nats)
    known, v = np.zeros(t, np.int64), len(words.texts)
    spoken(words.tokens, words.ends, counts, np.zeros(v, np.int64), np.full(v, -1, np.int64), SHARED, known)
    score = robust(np.where(words.sizes > 0, nats, np.nan), 0.15)
    odd = (score > STRANGE) & (words.sizes >= STRANGE_WORDS) & (known == 0)
    spoken_in = languages(words)
    share_of = shares(spoken_in, counts)
    foreign |= (spoken_in >= 0) & (share_of[spoken_in] < FEW) & (share_of.max() > MOSTLY)
    score = np.where(foreign, np.float32(10), np.clip(score, -10, 10)).astype(np.float32)
    return score, foreign | odd, _note(of_all, share_of)


def _note(scripts_in: NDArray[np.float64], share_of: NDArray[np.float64]) -> str:
    """What a person should know where a set holds several languages, or one that is not English."""
    names = list(SMALL_WORDS)
    there = [at for at in np.argsort(-share_of, kind="stable").tolist() if share_of[at] >= FEW]
    others = [name for name, at in _SCRIPTS.items() if at and scripts_in[at % 256] >= RARE_SCRIPT]
    if not others and (not there or there == [0]):
        return ""
    told = ", ".join(f"{names[at]} {share_of[at]:.0%}" for at in there)
    written = ", ".join(_SAID.get(name, name.capitalize()) for name in others)
    which = " and ".join(filter(None, [told, f"{written} script{'s' * (len(others) > 1)}" if others else ""]))
    return (
        f"Languages, of the rows that tell: {which}. The offline embedding model knows English only: "
        f'texts of another one may lie together for their language. A Sentence-BERT that knows it: embedder="{MULTILINGUAL}".'
    )


def _letters(texts: Sequence[str | None]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The first characters of all texts in a row, a space before and after each."""
    cut = [f" {(text or '')[:LETTERS].casefold()} " for text in texts]
    ends = np.concatenate([[0], np.cumsum([len(text) for text in cut])]).astype(np.int64)
    return np.frombuffer("".join(cut).encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint32), ends


def boilerplate(words: Words, same: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Share (t,) of each text's words that lie in runs which many other texts hold too.

    Texts of one class of near-equal words count once.
    """
    from elute.findings._style import runs, share_in_runs

    t = len(words.sizes)
    share = np.zeros(t, np.float32)
    total = int(np.maximum(words.sizes - RUN + 1, 0).sum())
    if not total:
        return share, np.zeros(t, bool)
    hashes, whose = np.empty(total, np.uint64), np.empty(total, np.int64)
    runs(words.tokens, words.ends, RUN, hashes, whose)
    values, which = np.unique(hashes, return_inverse=True)
    pair = once(which.astype(np.int64) * (int(same.max(initial=0)) + 1) + same[whose])
    texts = np.bincount(pair // (int(same.max(initial=0)) + 1), minlength=len(values))
    covered = np.zeros(t, np.int64)
    share_in_runs(words.ends, RUN, (texts > REPEATED)[which].astype(np.int8), covered)
    share = (covered / np.maximum(words.sizes, 1)).astype(np.float32)
    return share, (share > MOSTLY) & (covered >= BOILER_WORDS)
