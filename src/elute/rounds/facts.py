"""What is found about the rows of a space once, since no mask changes it: how texts are written, and which say the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.corpus import Corpus
from elute.findings.copies import groups
from elute.findings.duplicates import Duplicates, duplicates
from elute.findings.style import boilerplate, markup, odd_length, script
from elute.findings.words import Words
from elute.prepare import Prepared
from elute.progress import Progress
from elute.rounds.space import LISTED, Space


@dataclass(frozen=True, eq=False)
class Facts:
    """What does not depend on the mask; ``text`` (n,) says which of t distinct texts a row has, -1 without one."""

    text: NDArray[np.int64]
    words: Words
    duplicates: Duplicates
    groups: NDArray[np.int64]
    columns: dict[str, NDArray[Any]]
    rules: dict[str, NDArray[np.bool_]]
    notes: tuple[str, ...]
    graphed: bool


def find_facts(space: Space, prepared: Prepared, corpus: Corpus, progress: Progress) -> Facts:
    """Read all texts once; near copies by meaning only where the graph is there."""
    texts, first_of = prepared.texts, prepared.duplicate_of
    has = np.fromiter((text is not None for text in texts), bool, len(texts))
    first = np.flatnonzero(has & (first_of < 0))
    text = np.full(len(texts), -1, np.int64)
    text[first] = np.arange(len(first))
    later = has & (first_of >= 0)
    text[later] = text[first_of[later]]
    distinct: list[str] = [texts[row] or "" for row in first.tolist()]
    words = Words.of([prepared.compared[row] or "" for row in first.tolist()], progress)
    built = space.graph.built
    near = space.graph.whole(LISTED, progress) if built else None
    found = duplicates(words, space.of[first], space.X, near, progress, prepared.too_long[first])
    length, odd = odd_length(texts)
    progress.check()
    marks, mostly = markup(corpus.texts)
    progress.check()
    strange, foreign, note = script(distinct, text, words)
    progress.check()
    repeated, boiler = boilerplate(words, found.same)
    columns: dict[str, NDArray[Any]] = {
        "length_score": length,
        "markup_share": marks,
        "script_score": _to_rows(strange, text, np.nan),
        "boilerplate_share": _to_rows(repeated, text, np.nan),
    }
    rules = {
        "odd_length": odd,
        "markup": mostly,
        "script": _to_rows(foreign, text, False),
        "boilerplate": _to_rows(boiler, text, False),
    }
    return Facts(text, words, found, groups(found, text), columns, rules, tuple(filter(None, [note])), built)


def _to_rows(values: NDArray[Any], text: NDArray[np.int64], fill: Any) -> NDArray[Any]:
    """Values (t,) of texts over all rows."""
    found = np.full(len(text), fill, values.dtype)
    has = text >= 0
    found[has] = values[text[has]]
    return found
