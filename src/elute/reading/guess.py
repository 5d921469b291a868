"""Which column holds the text, which the label: by their names and what is in them; what was guessed is always said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from elute.errors import InputError
from elute.reading.reading import CONVERSATION, TEXT, Reading

if TYPE_CHECKING:
    import pandas as pd

TEXTS = (
    "text", "texts", "sentence", "utterance", "content", "message", "body", "comment", "review", "tweet", "document", "prompt",
    "instruction", "question", "query", "title",
)  # fmt: skip
LABELS = ("label", "labels", "intent", "category", "class", "target", "topic", "sentiment")
LOOK_AT = 2000
"""Rows looked at."""


@dataclass(frozen=True)
class Columns:
    """What a session is told of a table.

    Attributes
    ----------
    text : str
    label, group : str or None
    note : str
        What was guessed, a sentence; "" where nothing was.
    """

    text: str
    label: str | None = None
    group: str | None = None
    note: str = ""

    @property
    def how(self) -> dict[str, Any]:
        """As a session takes it."""
        named = {"text": self.text, "label": self.label, "group": self.group}
        return {name: column for name, column in named.items() if column is not None}


def guess(reading: Reading, text: str | None = None, label: str | None = None, group: str | None = None) -> Columns:
    """The columns that were named, and for the rest the likely ones; ``label`` "" is for none.

    Raises
    ------
    InputError
        A column is not there, or none holds text.
    """
    table = reading.table
    names = [str(name) for name in table.columns]
    for asked in (label, group):
        if asked and asked not in names:
            raise InputError(f"There is no column {asked[:60]!r}; there are {_list(names)}.")
    if text is not None and text not in names and "{" not in text:
        raise InputError(f"There is no column {text[:60]!r}; there are {_list(names)}.")
    chosen = text or (TEXT if reading.chats else _text(table, names))
    if group is None and reading.chats:
        group = CONVERSATION
    found = _label(table, names, chosen) if label is None and not reading.chats else label or None
    told = [f"text from {chosen!r}"] * (text is None) + [f"labels from {found!r}"] * (label is None and found is not None)
    note = f"Read as {' and '.join(told)}; say --text and --label for other columns." if told else ""
    return Columns(chosen, found, group, note)


def _text(table: pd.DataFrame, names: Sequence[str]) -> str:
    """A column with a usual name that holds text, else the one with the longest texts."""
    length = {name: mean for at, name in enumerate(names) if (mean := _mean_length(table, at)) is not None}
    if not length:
        raise InputError(f"No column holds text; there are {_list(names)}." if names else "The table has no columns.")
    usual = next((name for known in TEXTS for name in length if name.lower() == known), None)
    return usual or max(length, key=lambda name: length[name])


def _mean_length(table: pd.DataFrame, at: int) -> float | None:
    values = [value for value in table.iloc[:LOOK_AT, at].tolist() if isinstance(value, str)]
    if not values:  # an empty table has its columns all the same
        return 0.0 if not len(table) and str(table.dtypes.iloc[at]) in ("str", "string", "object") else None
    return sum(map(len, values)) / len(values)


def _label(table: pd.DataFrame, names: Sequence[str], text: str) -> str | None:
    """A column with a usual name whose values are few for so many rows, and each one value."""
    for known in LABELS:
        for at, name in enumerate(names):
            if name.lower() != known or name == text:
                continue
            if _few(table.iloc[:LOOK_AT, at].tolist()):
                return name
    return None


def _few(values: Sequence[Any]) -> bool:
    try:
        return len({*values}) <= max(2, len(values) // 2)
    except TypeError:  # lists, objects and arrays are no one value
        return False


def _list(names: Sequence[str]) -> str:
    return ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
