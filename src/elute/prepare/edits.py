"""Which rows had their text cleaned by a step of their own, beyond what the settings clean in every row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.prepare.clean import collapse_whitespace, repair_encoding, strip_control, strip_markup

STEPS: Mapping[str, Callable[[str], str]] = {
    # markup first: entities may spell mojibake. Control after encoding: mojibake is made of control characters
    "markup": strip_markup,
    "encoding": repair_encoding,
    "control": strip_control,
    "whitespace": collapse_whitespace,
}
"""The repairs of step 0 that a person may turn off, in the order in which they are made."""
TITLES: Mapping[str, str] = {
    "markup": "HTML tags and entities",
    "encoding": "Wrong encoding, or Unicode not composed",
    "control": "Control and zero-width characters",
    "whitespace": "Irregular white space",
}
"""What each step repairs."""
ALL = "all"
"""Stands for every one of :data:`STEPS`."""


def named(step: str) -> tuple[str, ...]:
    """The steps that a name stands for; none for a name of a later version."""
    return tuple(STEPS) if step == ALL else (step,) if step in STEPS else ()


def cleaned(text: str, steps: Iterable[str]) -> str:
    """A text after some of the steps, made in their usual order.

    >>> cleaned("a <b>bold</b>  word", ["markup"])
    'a bold  word'
    >>> cleaned("a <b>bold</b>  word", ["whitespace", "markup"])
    'a bold word'
    """
    chosen = set(steps)
    for name, repair in STEPS.items():
        if name in chosen:
            text = repair(text)
    return text


@dataclass(frozen=True)
class Edits:
    """A value that can be compared and hashed: rows as packed bits, by step; steps without a row are not in it."""

    packed: tuple[tuple[str, bytes], ...] = ()

    @classmethod
    def of(cls, masks: Mapping[str, NDArray[np.bool_]], prepare: Any = None) -> Edits:
        """From masks of shape (n,) by step, without the steps that ``prepare`` makes in every row anyway."""
        return cls(
            tuple(
                (name, np.packbits(masks[name]).tobytes())
                for name in STEPS
                if name in masks and not getattr(prepare, name, False) and masks[name].any()
            )
        )

    def __bool__(self) -> bool:
        return bool(self.packed)

    @property
    def digest(self) -> str:
        """16 hex digits: what of a round's name is due to edits."""
        told = b"\0".join(name.encode() + b":" + bits for name, bits in self.packed)
        return blake2b(told, digest_size=8).hexdigest()

    def by_row(self, n: int) -> dict[int, frozenset[str]]:
        """The steps of each row that has any."""
        steps: dict[int, set[str]] = {}
        for name, bits in self.packed:
            for row in np.flatnonzero(np.unpackbits(np.frombuffer(bits, np.uint8), count=n)).tolist():
                steps.setdefault(row, set()).add(name)
        return {row: frozenset(names) for row, names in steps.items()}


NO_EDITS = Edits()
