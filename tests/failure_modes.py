"""What goes wrong, what elute does then, and the tests that provoke it: ``failure_modes.txt``, read.

A test is named ``file::test``, the file as it lies under ``tests/``, or ``js/file::title``, under ``js/test/``; ``(full)``
behind it says that it runs in ``make torture`` only. ``test_failure_modes.py`` holds the tests to be there, and ``make reliability``
writes docs/reliability.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class Failure:
    """A failure, what must happen, the tests that hold it, and why these provoke but a part of it."""

    name: str
    expected: str
    tests: tuple[str, ...] = ()
    why: str = ""


def read(text: str) -> dict[str, tuple[Failure, ...]]:
    """The tables by their titles.

    Examples
    --------
    >>> read("# Hosts\\n* no threads | jobs run inline\\n- test_jobs.py::test_inline")["Hosts"][0].tests
    ('test_jobs.py::test_inline',)
    """
    tables: dict[str, list[Failure]] = {}
    for line in text.splitlines():
        sign, _, rest = line.partition(" ")
        if sign == "#":
            rows = tables.setdefault(rest, [])
        elif sign == "*":
            name, expected = rest.split(" | ")
            rows.append(Failure(name, expected))
        elif sign == "-":
            rows[-1] = replace(rows[-1], tests=(*rows[-1].tests, rest))
        elif sign == "!":
            rows[-1] = replace(rows[-1], why=rest)
    return {title: tuple(rows) for title, rows in tables.items()}


TABLES = read(Path(__file__).with_suffix(".txt").read_text(encoding="utf-8"))
