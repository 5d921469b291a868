"""What a person adds to the findings: rules that are off until asked for, and functions of their own."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.errors import SettingsError

Scorer = Callable[..., Any]
READS = ("texts", "vectors", "round")
FAILED = "The finding "
"""Before each sentence about an own function that failed."""


@dataclass(frozen=True)
class Findings:
    """What is looked for besides what always is.

    Parameters
    ----------
    personal : bool
        Look for personal data: email addresses, telephone, card and bank account numbers.
    own : dict of str to callable
        Functions of your own. Each is given what its parameters are called: ``texts`` (list of n str or None), ``vectors`` ((n, d)
        float32) or ``round`` (a :class:`~elute.Round` whose findings are not made yet), and answers n scores, NaN where it has none,
        or n booleans, None where it has none. A function of one parameter with another name is given the texts.

    Examples
    --------
    >>> Findings(own={"shouting": lambda texts: [text is not None and text.isupper() for text in texts]}).own.keys()
    dict_keys(['shouting'])
    """

    personal: bool = False
    own: Mapping[str, Scorer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, function in self.own.items():
            if not isinstance(name, str) or not name or len(name) > 60:
                raise SettingsError(f"An own finding is called {name!r}; a name of 1 to 60 characters is needed.")
            if not callable(function):
                raise SettingsError(
                    f"own[{name!r}] is {type(function).__name__}; a function of texts, vectors or round is needed."
                )

    def describe(self) -> list[str]:
        """What is looked for, by name."""
        return ["personal"] * self.personal + sorted(f"own:{name}" for name in self.own)


def reads(function: Scorer) -> tuple[str, ...]:
    """Which of texts, vectors and round a function asks for."""
    try:
        names = [
            name
            for name, one in inspect.signature(function).parameters.items()
            if one.default is one.empty and one.kind not in (2, 4)
        ]
    except (TypeError, ValueError):  # a builtin
        return ("texts",)
    if len(names) == 1 and names[0] not in READS:
        return ("texts",)
    return tuple(names)


def own_scores(
    name: str, function: Scorer, given: Mapping[str, Any], n: int
) -> tuple[NDArray[np.float32], NDArray[np.bool_], str]:
    """What an own function says: scores (n,), flags (n,) and, where it failed, a sentence.

    Flags are what it answered in booleans; scores alone flag nothing.
    """
    unknown, nobody = np.full(n, np.nan, np.float32), np.zeros(n, bool)
    asked = reads(function)
    if wrong := [parameter for parameter in asked if parameter not in READS]:
        return unknown, nobody, f"{FAILED}{name!r} asks for {wrong[0]!r}; there are texts, vectors and round."
    try:
        with np.errstate(all="ignore"):
            said = function(*(given[parameter] for parameter in asked))
            if inspect.iscoroutine(said):
                said.close()
                raise TypeError("it is asynchronous")
            answer, flags = _plain(np.asarray(said))
            if answer.shape != (n,):
                raise ValueError(f"{n:,} values are needed, and an array of shape {answer.shape} came")
            scores = answer.astype(np.float32)
    except Exception as error:  # whatever a person's function does, the round goes on
        return unknown, nobody, f"{FAILED}{name!r} failed: {type(error).__name__}: {str(error)[:200]}."
    return scores, scores == 1 if flags else nobody, ""


def _plain(answer: NDArray[Any]) -> tuple[NDArray[Any], bool]:
    """An answer with NaN for what has no value (None, pandas' NA), and whether it is in booleans."""
    if answer.dtype != object:
        return answer, answer.dtype == bool
    import pandas as pd

    missing = np.asarray(pd.isna(answer), bool)
    given = answer[~missing]
    flags = len(given) > 0 and all(isinstance(value, bool | np.bool_) for value in given.tolist())
    return np.where(missing, np.nan, answer), flags
