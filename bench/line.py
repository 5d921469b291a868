"""One line of a bench's table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One measure: what was seen, what it is compared with, and whether the bound holds."""

    measure: str
    ours: str
    usual: str
    value: str
    bound: str
    met: bool
