"""Figures as a report writes them."""

from __future__ import annotations

from collections.abc import Sequence

from elute.plain import many
from elute.report.document import Section


def rows(count: int) -> str:
    """``1 row``, ``1,200 rows``."""
    return many(count)


def beside(reference: int) -> str:
    """That rows of a reference take part, in a sentence; "" where there are none."""
    if not reference:
        return ""
    takes = "takes" if reference == 1 else "take"
    return f"{rows(reference)} of the reference {takes} part beside them: clusters and indices are of both."


def number(value: float | int | None, digits: int) -> str:
    """With so many digits; "n/a" where there is none; zero has no sign.

    >>> number(-0.0001, 3), number(None, 2)
    ('0.000', 'n/a')
    """
    if value is None:
        return "n/a"
    told = f"{value:,.{digits}f}"
    return told.lstrip("-") if not told.strip("-0.,") else told


def signed(change: float, digits: int) -> str:
    """With its sign, plus too."""
    told = number(change, digits)
    return told if told.startswith("-") or not told.strip("0.,") else f"+{told}"


def share(value: float) -> str:
    """``12.3 %``; never 0 or 100 for what is not quite that.

    >>> share(0.1234), share(0.00001), share(1.0), share(0.99999)
    ('12.3 %', 'under 0.1 %', '100 %', 'over 99.9 %')
    """
    if 0 < value < 0.0005:
        return "under 0.1 %"
    if 0.9995 <= value < 1:
        return "over 99.9 %"
    return "100 %" if value >= 1 else f"{100 * value:.1f} %"


def quoted(names: Sequence[str], most: int = 5) -> str:
    """Names in quotes, and how many more there are.

    >>> quoted(["a", "b", "c"], 2)
    '“a”, “b” and 1 more'
    """
    said = [f"“{name}”" for name in names[:most]]
    if len(names) > most:
        return f"{', '.join(said)} and {len(names) - most} more"
    return " and ".join(filter(None, [", ".join(said[:-1]), *said[-1:]]))


def plainly(sections: Sequence[Section]) -> list[str]:
    """Sections as lines of plain text: what a model is shown of a report."""
    lines: list[str] = []
    for section in sections:
        lines.append(f"{section.title}:")
        lines += section.lines
        lines += ["; ".join(row) for row in ([section.head] if section.head else [])]
        lines += ["; ".join(row) for row in section.rows]
        lines += [f"- {item}" for item in section.items]
    return lines
