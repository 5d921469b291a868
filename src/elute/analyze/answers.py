"""What a language model may answer, and how an answer is read: strictly, and never mended.

The dataclasses (one more, about rows, is in :mod:`elute.analyze.rows`) are the whole grammar: the JSON Schema that goes to the server
and the reader of what comes back are both made from them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from elute.analyze import records
from elute.analyze.schema import Belongs, Change, Verdict
from elute.analyze.wording import one_line

LONGEST = 20_000
"""Characters of an answer that are read; a longer one is refused."""
MOST_REASONS = 5
T = TypeVar("T")
_FENCED = re.compile(r"```(?:json)?\s*\n(.*)\n\s*```", re.DOTALL | re.IGNORECASE)
_THOUGHT = "</think>"
"""Ends a thought before an answer. What begins one is missing where the server put it into the prompt."""


@dataclass(frozen=True)
class ClusterAnswer:
    """On one cluster; ``trim`` are numbers of the texts that were shown, from 1."""

    name: str
    summary: str
    verdict: Verdict
    reasons: tuple[str, ...]
    quality: float
    confidence: float
    trim: tuple[int, ...]


@dataclass(frozen=True)
class SelectionAnswer:
    """On selected rows."""

    what: str
    belongs: Belongs
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class OverviewAnswer:
    """On the whole round."""

    more_or_fewer: Change
    suggested: int | None
    reason: str
    merge: tuple[tuple[int, int], ...]
    split: tuple[int, ...]
    imbalance: str
    next: str


def read(kind: type[T], content: str, clean: Callable[[str], str] = str) -> T:
    """The answer in ``content``.

    One fence of backticks around the object, and a thought before it as reasoning models leave, are taken off; nothing else is
    forgiven. ``clean`` is what each of its strings goes through.

    Raises
    ------
    ValueError
        Says what is wrong: not JSON, cut off, a repeated, missing or unknown field, a value out of its set.
    """
    text = content.strip()
    if not text.startswith(("{", "```")):
        text = text.partition(_THOUGHT)[2].strip() or text
    if len(text) > LONGEST:
        raise ValueError(f"the answer is longer than {LONGEST:,} characters")
    if fenced := _FENCED.fullmatch(text):
        text = fenced[1]
    try:
        data = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise ValueError(f"the answer is not JSON: {error.msg} at character {error.pos}") from None
    except RecursionError:
        raise ValueError("the answer is not JSON: nested too deeply") from None
    return records.from_dict(kind, _cleaned(data, clean))


def check_cluster(answer: ClusterAnswer, shown: int) -> None:
    """Refuse a cluster answer whose numbers don't fit: quality and confidence 0 to 1, trim among the ``shown`` texts, a name.

    Raises
    ------
    ValueError
    """
    if not one_line(answer.name, 60):
        raise ValueError("name is empty")
    for field, value in (("quality", answer.quality), ("confidence", answer.confidence)):
        if not 0 <= value <= 1:
            raise ValueError(f"{field} must be between 0 and 1")
    if wrong := [number for number in answer.trim if not 1 <= number <= shown]:
        raise ValueError(f"trim names text {wrong[0]}, and the texts are 1 to {shown}")


def check_overview(answer: OverviewAnswer, clusters: set[int]) -> None:
    """Refuse an overview that names clusters that do not exist, merges one with itself, or suggests fewer than one.

    Raises
    ------
    ValueError
    """
    if unknown := [c for c in (*answer.split, *(c for pair in answer.merge for c in pair)) if c not in clusters]:
        raise ValueError(f"there is no cluster {unknown[0]}")
    if any(a == b for a, b in answer.merge):
        raise ValueError("merge pairs a cluster with itself")
    if answer.suggested is not None and not 1 <= answer.suggested <= 100_000:
        raise ValueError("suggested must be between 1 and 100000")


def reasons(values: Sequence[str]) -> tuple[str, ...]:
    """At most five reasons, as plain short text, none of them empty."""
    return tuple(filter(None, (one_line(value, 160) for value in values[:MOST_REASONS])))


def _cleaned(data: Any, clean: Callable[[str], str]) -> Any:
    if isinstance(data, str):
        return clean(data)
    if isinstance(data, dict):
        return {clean(name): _cleaned(value, clean) for name, value in data.items()}
    return [_cleaned(value, clean) for value in data] if isinstance(data, list) else data


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise ValueError("the answer repeats a field")
    return data


def _refuse(constant: str) -> float:
    raise ValueError(f"the answer holds {constant}")
