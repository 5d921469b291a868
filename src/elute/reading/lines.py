"""JSON and JSONL: records, one a line or in one list; a line that is none is counted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from elute.errors import InputError
from elute.reading.reading import bad_lines


def split(text: str) -> list[str]:
    """Lines as editors count them: other separators of Unicode are part of a text."""
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def records_of(text: str) -> Iterator[tuple[int, str, dict[str, Any] | None]]:
    """Each line that is not blank: its number from 0, as it was written, and its record; None where it is none.

    A line that is a string is a record with that ``text``.
    """
    for number, line in enumerate(split(text)):
        if not line.strip():
            continue
        yield number, line, record_of(line)


def record_of(line: str) -> dict[str, Any] | None:
    """The record of a line; None where it is none."""
    try:
        made = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if isinstance(made, str):
        made = {"text": made}
    return made if isinstance(made, dict) else None


def from_lines(text: str) -> tuple[list[dict[str, Any]], list[int], int, str]:
    """Records of a JSONL text, the line of each from 0, how many lines are no record, and a sentence about those."""
    records, at, bad = list[dict[str, Any]](), list[int](), list[int]()
    for number, _, made in records_of(text):
        if made is None:
            bad.append(number + 1)
        else:
            records.append(made)
            at.append(number)
    return records, at, len(bad), bad_lines(len(bad), bad, "each line is to be one JSON object")


def from_list(text: str, name: str) -> tuple[list[dict[str, Any]], int, str]:
    """Records of a JSON text: a list of objects or strings, or an object with one such list.

    Raises
    ------
    InputError
        It is no JSON, or holds no such list.
    """
    try:
        made = json.loads(text)
    except RecursionError:
        raise InputError(f"{name} is nested too deep to be a table.") from None
    except ValueError as error:
        at = f"line {error.lineno:,}" if isinstance(error, json.JSONDecodeError) else "somewhere"
        raise InputError(f"{name} is no JSON from {at} on. If it holds one object a line, call it .jsonl.") from None
    if isinstance(made, dict):
        lists = [value for value in made.values() if isinstance(value, list) and any(isinstance(each, dict) for each in value)]
        made = lists[0] if len(lists) == 1 else made
    if not isinstance(made, list):
        raise InputError(f"{name} holds no list of objects: a table is a list with one object a row.")
    read = [{"text": each} if isinstance(each, str) else each for each in made]
    records = [each for each in read if isinstance(each, dict)]
    bad = len(read) - len(records)
    return records, bad, f"{bad:,} entries of the list are no objects and are left out." if bad else ""
