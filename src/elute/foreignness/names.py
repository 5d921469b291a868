"""Labels and tasks as words: what a label is called says what its texts should mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST = 1000
"""Labels above which their names are not embedded."""
WORDS = 8
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
BETWEEN = re.compile(r"[\W_]+")

Speak = Callable[[Sequence[str | None]], NDArray[np.float32] | None]
"""Texts to unit vectors (n, d), NaN for those that are None; None where that failed."""


def as_words(label: Any) -> str | None:
    """A label as a person would say it, None where it is no words.

    >>> as_words("card_arrival"), as_words("FindEvents"), as_words("3"), as_words(None), as_words("A7-31")
    ('card arrival', 'find events', None, None, None)
    """
    if not isinstance(label, str):
        return None
    words = [word for word in BETWEEN.split(CAMEL.sub(" ", label[:200])) if word]
    letters = sum(map(str.isalpha, "".join(words)))
    spoken = 0 < len(words) <= WORDS and letters >= 3 and letters >= 0.7 * len("".join(words))
    return " ".join(words).lower() if spoken else None


def label_names(values: Sequence[Any], speak: Speak | None) -> NDArray[np.float32] | None:
    """Vectors of the labels' names (v, d), NaN where one is no words; None where fewer than half of them are."""
    if speak is None or not 2 <= len(values) <= MOST:
        return None
    words = [as_words(value) for value in values]
    return None if sum(word is not None for word in words) * 2 < len(words) else speak(words)
