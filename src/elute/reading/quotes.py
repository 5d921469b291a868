"""Stray quotes: one and the next make a single value of all lines between them, and rows are gone without an error."""

from __future__ import annotations

import re

from elute.reading.reading import places


def fits(text: str, parted: str) -> bool:
    """Whether each line is a row by itself: as many values as names, two or more, and no name in quotes."""
    head, *lines = text.lstrip("\n").split("\n")
    count = head.count(parted)
    return count > 0 and '"' not in head and all(line.count(parted) == count for line in lines if line.strip("\r"))


def swallowed(text: str, parted: str, count: int) -> list[int]:
    """Where a quoted value goes over lines each of which would be a row by itself; numbers of lines, from 1."""
    found, line, seen = list[int](), 1, 0
    for value in re.finditer(rf'(?m)(?:^|{re.escape(parted)})"[^"]*(?:""[^"]*)*"', text):
        start, end = value.span()
        if text.find("\n", start, end) < 0 or count < 2:
            continue
        first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
        line, seen = line + text.count("\n", seen, first), first
        if all(each.count(parted) == count - 1 for each in text[first : last if last >= 0 else None].split("\n")):
            found.append(line)
    return found


def may_be_rows(where: list[int]) -> str:
    """A sentence about those; "" where there are none."""
    if not where:
        return ""
    one = len(where) == 1
    return (
        f"{len(where):,} quoted value{' goes' if one else 's go'} over lines that look like rows of their own "
        f"(from line {places(where)}): "
        "if rows are missing, take the stray quote away there, or save the table as JSONL."
    )
