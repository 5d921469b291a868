"""Lines of the page's table: medians with their ranges, against a bound or against what people use."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from line import Line


def spread(seen: Sequence[float], unit: str = "") -> str:
    """The median, and from the least to the most.

    >>> spread([0.5, 0.25, 4], " s")
    '0.5 s (0.25-4)'
    """
    middle, least, most = (f"{value:.3g}" for value in (np.median(seen), min(seen), max(seen)))
    return f"{middle}{unit} ({least}-{most})" if least != most else f"{middle}{unit}"


def share(measure: str, ours: Sequence[float], theirs: Sequence[float], most: float, unit: str) -> Line:
    """No more than a share of what people use takes."""
    value = float(np.median(ours) / np.median(theirs))
    return Line(measure, spread(ours, unit), spread(theirs, unit), f"{value:.3g}x", f"<= {most:.3g}x", value <= most)


def at_most(measure: str, seen: Sequence[float], bound: float, unit: str = "", usual: str = "") -> Line:
    """A median that must not be larger."""
    value = float(np.median(seen))
    return Line(measure, spread(seen, unit), usual, f"{value:.3g}{unit}", f"<= {bound:g}{unit}", value <= bound)


def told(measure: str, seen: Sequence[float], unit: str = "") -> Line:
    """Measured, and bound by nothing."""
    return Line(measure, spread(seen, unit), "", f"{np.median(seen):.3g}{unit}", "", True)
