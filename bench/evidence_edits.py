"""Small edits that leave a text what it is: how near copies come about."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

ALIKE = {
    "my": "the", "the": "my", "a": "the", "can": "could", "could": "can", "want": "need", "need": "want", "please": "kindly",
    "is": "was", "do": "would", "i": "we", "get": "have", "have": "got", "what": "which", "for": "about", "to": "for", "in": "at",
}  # fmt: skip
"""What one word is swapped for, where it is there; never a number and never a negation."""
Edit = Callable[[str, np.random.Generator], str]


def edited(text: str, seed: int = 0) -> str:
    """The text with one or two small edits, never equal to it: typos, casing, punctuation, one word swapped. The same every time."""
    random = np.random.default_rng([seed, *text.encode("utf-8", "surrogatepass")])
    made = text
    for _ in range(random.integers(1, 3)):
        made = EDITS[random.integers(len(EDITS))](made, random)
    return made if made != text else f"{text.rstrip('.!?')}!" if not text.endswith("!") else f"{text}!"


def typo(text: str, random: np.random.Generator) -> str:
    """One letter of a word of letters doubled, left out, or swapped with the next."""
    words = text.split(" ")
    long = [at for at, word in enumerate(words) if len(word) > 3 and word.isalpha() and word.lower() not in ("none", "never")]
    if not long:
        return text
    at = int(random.choice(long))
    word, place = words[at], int(random.integers(1, len(words[at]) - 1))
    kinds = (
        word[:place] + word[place] + word[place:],
        word[:place] + word[place + 1 :],
        word[:place] + word[place + 1] + word[place] + word[place + 2 :],
    )
    words[at] = kinds[random.integers(3)]
    return " ".join(words)


def casing(text: str, random: np.random.Generator) -> str:
    """All in small letters, the first letter turned, or one word in capitals."""
    kind = random.integers(3)
    if kind == 0 and text.lower() != text:
        return text.lower()
    if kind == 1:
        words = text.split(" ")
        at = int(random.integers(len(words)))
        words[at] = words[at].upper()
        return " ".join(words)
    return text[:1].swapcase() + text[1:]


def punctuation(text: str, random: np.random.Generator) -> str:
    """The last mark gone or another, or a comma more."""
    if text[-1:] in ".!?" and text[-1:]:
        return text[:-1] if random.random() < 0.5 else f"{text}{text[-1]}"
    words = text.split(" ")
    if len(words) > 3 and random.random() < 0.5:
        at = int(random.integers(1, len(words) - 1))
        words[at] = f"{words[at]},"
        return " ".join(words)
    return f"{text}{'.!?'[random.integers(3)]}"


def swap(text: str, random: np.random.Generator) -> str:
    """One small word for another."""
    words = text.split(" ")
    there = [at for at, word in enumerate(words) if word.lower() in ALIKE]
    if not there:
        return typo(text, random)
    at = int(random.choice(there))
    words[at] = ALIKE[words[at].lower()]
    return " ".join(words)


EDITS: tuple[Edit, ...] = (typo, casing, punctuation, swap)
