"""Chats as rows: one message a row, and which conversation it is of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from elute.reading.reading import CONVERSATION, ROLE, TEXT, TURN

LISTS = ("messages", "conversations", "conversation")
"""Where the messages of a record are: OpenAI's form, ShareGPT's, and one that is met as well."""
ROLES, CONTENTS = ("role", "from", "author"), ("content", "value", "text")
KEYS = (*ROLES, *CONTENTS)
LOOK_AT = 200
"""Records looked at to tell whether a file is of chats."""


def messages_in(records: Sequence[Mapping[str, Any]]) -> str | None:
    """Under which name most records hold messages; None where they are no chats."""
    first = records[:LOOK_AT]
    for name in LISTS:
        if 2 * sum(_are_messages(record.get(name)) for record in first) > len(first):
            return name
    return None


def flattened(records: Sequence[Mapping[str, Any]], name: str) -> list[dict[str, Any]]:
    """One row a message, in order; a record without any is one row without text, so that none is lost.

    What else a record holds stands beside each of its messages, unless it is a list or an object.
    """
    rows = []
    for number, record in enumerate(records):
        beside = {
            key: value
            for key, value in record.items()
            if not isinstance(value, list | dict) and key not in (CONVERSATION, TURN, ROLE, TEXT)
        }
        said = record.get(name)
        for turn, message in enumerate(said if isinstance(said, list) and said else [None]):
            told = message if isinstance(message, Mapping) else {}
            text = next((_plain(told[key]) for key in CONTENTS if key in told), message if isinstance(message, str) else None)
            role = next((str(told[key]) for key in ROLES if told.get(key)), None)
            rows.append({CONVERSATION: number, TURN: turn, ROLE: role, TEXT: text, **beside})
    return rows


def _are_messages(value: Any) -> bool:
    """A call of a tool has a role and no content; at least one message is to be an object, or any list of words were a chat."""
    if not isinstance(value, list):
        return False
    told = [each for each in value if isinstance(each, Mapping)]
    rest = sum(isinstance(each, str) for each in value)
    return len(told) + rest == len(value) and (bool(told) or not value) and all(any(key in each for key in KEYS) for each in told)


def _plain(content: Any) -> str | None:
    """The text of a message; of one in parts, those that are text, a line each."""
    if isinstance(content, str) or content is None:
        return content
    if isinstance(content, list):
        parts = [part if isinstance(part, str) else part.get("text") for part in content if isinstance(part, str | Mapping)]
        return "\n".join(part for part in parts if isinstance(part, str)) or None
    return None
