"""One value a row, whatever it is: as codes for colours, as a key to sort by, and as it is told to a person."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

MISSING = 65535
"""Code of a row without a value."""
STEPS = 65534
"""Codes of a number go from 0 to here."""
MOST = 200
"""Categories that have a code of their own; one more stands for all others."""
CLIP = 80
"""Characters of a value that are told."""
FINE = 2000
"""Thresholds that a range of numbers has at most."""
DAY = 86_400e6
"""Microseconds."""
YEAR = 365.2425
"""Days."""
UNITS = (1e4, 1e5, 1e6, 60e6, 3600e6, *(DAY * 10**power for power in range(8)))
"""Of time, microseconds: hundredths of a second, seconds, minutes, hours, days."""


@dataclass(frozen=True)
class Grid:
    """Thresholds that one can write: the multiples of ``unit / per``, or, of time, of ``unit`` microseconds since 1970.

    Attributes
    ----------
    unit, per : float
    time : bool
    beyond : (bool, bool)
        Whether there are numbers lower than ``lo``, and higher than ``hi``.
    """

    unit: float
    per: float = 1.0
    time: bool = False
    beyond: tuple[bool, bool] = (False, False)


@dataclass(frozen=True, eq=False)
class Codes:
    """An attribute as the page takes it: see the request ``values``."""

    codes: NDArray[np.uint16]
    categories: list[tuple[str, int]] | None = None
    others: int = 0
    lo: float = 0.0
    hi: float = 0.0
    grid: Grid | None = None
    under: NDArray[np.bool_] | None = None
    """Rows whose number is less than the multiple of the grid that has the same code: so codes tell which rows reach a threshold."""

    def bytes(self) -> bytes:
        """As they travel: codes, and of numbers the bits of ``under``."""
        under = b"" if self.under is None else np.packbits(self.under, bitorder="little").tobytes()
        return self.codes.astype("<u2").tobytes() + under


class Values(Protocol):
    """One value a row."""

    def codes(self) -> Codes:
        """For colours, legend and filter."""

    @property
    def key(self) -> NDArray[np.float64]:
        """(n,) what to sort by, ascending; NaN where there is no value."""

    def told(self, rows: NDArray[np.int64]) -> list[str | float | int | None]:
        """The values of some rows, for a list."""


@dataclass(frozen=True, eq=False)
class Numbers:
    """Numbers, NaN where there is none.

    Attributes
    ----------
    numbers : ndarray of shape (n,), float64
    shown : ndarray of shape (n,), datetime64 or int, optional
        Told instead: moments, and numbers of more digits than a float has.
    ends : (float, float), optional
        The lowest and highest that there can be, where no number is cut off at either: default :func:`reach`.
    """

    numbers: NDArray[np.float64]
    shown: NDArray[Any] | None = None
    ends: tuple[float, float] | None = None

    @property
    def key(self) -> NDArray[np.float64]:
        return self.numbers

    def codes(self) -> Codes:
        lo, hi = self.ends or reach(self.numbers)
        missing = np.isnan(self.numbers)
        numbers = np.where(missing, lo, self.numbers)
        steps, grid = _steps(numbers, lo, hi), self._grid(lo, hi)
        under = np.zeros(len(steps), bool)
        if grid is not None:
            with np.errstate(over="ignore"):
                at = self._nearest(grid, np.clip(numbers, lo, hi))
            under = ~missing & (numbers < at) & (at <= hi) & (_steps(at, lo, hi) == steps)
        steps[missing] = MISSING
        return Codes(steps, lo=lo, hi=hi, grid=grid, under=under)

    @property
    def _moments(self) -> NDArray[np.int64] | None:
        """Microseconds since 1970, of moments."""
        if self.shown is None or self.shown.dtype.kind != "M":
            return None
        return self.shown.astype("datetime64[us]").astype(np.int64)

    def _grid(self, lo: float, hi: float) -> Grid | None:
        """None where all numbers are one, or too near to each other for a float."""
        there = self.numbers[np.isfinite(self.numbers)]
        span = hi / 2 - lo / 2
        if span <= 0:
            return None
        beyond = bool((self.numbers < lo).any()), bool((self.numbers > hi).any())
        moments = self._moments
        if moments is not None:
            whole = not (moments[~np.isnan(self.numbers)] % int(DAY)).any()
            least = max(2 * span * YEAR * DAY / (10 * FINE), DAY if whole else 0)
            return Grid(next((unit for unit in UNITS if unit >= least), UNITS[-1]), time=True, beyond=beyond)
        whole = bool((there == np.rint(there)).all())
        least = max(span / (FINE / 2), max(abs(lo), abs(hi)) * 2.0**-50, 1 if whole else 0)
        power = math.ceil(math.log10(least)) if least > 0 else -400
        return Grid(float(f"1e{max(power, 0)}"), float(f"1e{max(-power, 0)}"), beyond=beyond) if power > -300 else None

    def _nearest(self, grid: Grid, numbers: NDArray[np.float64]) -> NDArray[np.float64]:
        """The threshold nearest to each number; the page computes a threshold the same way, to the last bit."""
        moments = self._moments
        if moments is None:
            near: NDArray[np.float64] = np.floor(numbers / grid.unit * grid.per + 0.5) * grid.unit / grid.per
            return near
        unit = int(grid.unit)
        return years((moments + unit // 2) // unit * unit)

    def told(self, rows: NDArray[np.int64]) -> list[str | float | int | None]:
        if self.shown is None:
            return [_short(value) if np.isfinite(value) else None for value in self.numbers[rows].tolist()]
        some = self.shown[rows]
        if some.dtype.kind == "M":
            return [None if text == "NaT" else _moment(text) for text in np.datetime_as_string(some, "s").tolist()]
        return [value if abs(value) < 2**53 else str(value) for value in some.tolist()]


@dataclass(frozen=True, eq=False)
class Categories:
    """Values of a set.

    Attributes
    ----------
    names : sequence of str
        The set, each as it is told.
    which : ndarray of shape (n,), int
        Position in ``names``; -1 where there is no value.
    ranks : ndarray of shape (len(names),), float64, optional
        What to sort by, where it is not the name.
    """

    names: Sequence[str]
    which: NDArray[np.int32]
    ranks: NDArray[np.float64] | None = None

    @cached_property
    def key(self) -> NDArray[np.float64]:
        ranks = self.ranks
        if ranks is None:
            ranks = np.empty(len(self.names))
            ranks[sorted(range(len(self.names)), key=[name.casefold() for name in self.names].__getitem__)] = np.arange(
                len(self.names)
            )
        return np.append(ranks, np.nan)[self.which]

    def codes(self) -> Codes:
        counts = np.bincount(self.which + 1, minlength=len(self.names) + 1)[1:]
        order = np.argsort(-counts, kind="stable")
        there = int((counts > 0).sum())
        named = order[: MOST if there > MOST else there]
        code_of = np.full(len(self.names) + 1, MISSING, np.uint16)
        code_of[order[len(named) : there]] = len(named)
        code_of[named] = np.arange(len(named))
        told = [(self.names[name], int(counts[name])) for name in named.tolist()]
        others = there - len(named)
        if others:
            told.append((f"{others:,} others", int(counts[order[len(named) : there]].sum())))
        return Codes(code_of[self.which], told, others)

    def told(self, rows: NDArray[np.int64]) -> list[str | float | int | None]:
        return [None if at < 0 else self.names[at] for at in self.which[rows].tolist()]


def flags(mask: NDArray[np.bool_], known: NDArray[np.bool_] | None = None) -> Categories:
    """Yes and no as categories."""
    which = mask.astype(np.int32)
    if known is not None:
        which[~known] = -1
    return Categories(("no", "yes"), which, np.arange(2.0))


def years(moments: NDArray[np.int64]) -> NDArray[np.float64]:
    """Microseconds since 1970 as years and their fraction: 2026.5 is the middle of 2026."""
    when: NDArray[np.float64] = 1970 + moments.astype(np.float64) / DAY / YEAR
    return when


def reach(numbers: NDArray[np.float64]) -> tuple[float, float]:
    """The lowest and highest number that colours tell apart, 0 and 0 where there is none.

    An end that lies farther beyond the middle 98 % than these are wide is cut there: one outlier would leave one colour for all others.

    >>> reach(np.array([1.0, 5.0, 3.0]))
    (1.0, 5.0)
    >>> reach(np.r_[np.linspace(0, 1, 1000), 1e9])[1] < 1.01
    True
    """
    there = numbers[np.isfinite(numbers)]
    if not len(there):
        return 0.0, 0.0
    lowest, low, high, highest = (float(value) for value in np.percentile(there, (0, 1, 99, 100), method="nearest"))
    span = high / 2 - low / 2
    if span <= 0:
        return lowest, highest
    return low if low / 2 - lowest / 2 > span else lowest, high if highest / 2 - high / 2 > span else highest


def _steps(numbers: NDArray[np.float64], lo: float, hi: float) -> NDArray[np.uint16]:
    """Codes of numbers; the page computes that of a threshold the same way, to the last bit."""
    # halves: the difference of two numbers near the largest float is none any more
    span = hi / 2 - lo / 2
    with np.errstate(invalid="ignore", over="ignore"):
        unit = (numbers / 2 - lo / 2) / span if span > 0 else (numbers > hi).astype(np.float64)
    steps: NDArray[np.uint16] = np.floor(np.clip(unit, 0, 1) * STEPS + 0.5).astype(np.uint16)
    return steps


def _short(value: float) -> float | int:
    """As many digits as a list needs: 0.30000000000000004 is none that a person wrote.

    >>> _short(0.1 + 0.2), _short(1234567.0), _short(1234567.891), _short(1.5e-9)
    (0.3, 1234567, 1234567.891, 1.5e-09)
    """
    if value.is_integer() and abs(value) < 2**53:
        return int(value)
    return round(value, 4) if abs(value) >= 1 else float(f"{value:.4g}")


def _moment(text: str) -> str:
    """A moment without the parts that say nothing.

    >>> _moment("2026-01-02T00:00:00"), _moment("2026-01-02T03:04:05")
    ('2026-01-02', '2026-01-02 03:04:05')
    """
    return text[:10] if text.endswith("T00:00:00") else text.replace("T", " ")
