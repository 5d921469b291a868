"""What one reply of a chat endpoint holds: the ``openai`` package checks none, and hands over whatever the server sent."""

from __future__ import annotations

from typing import Any

from elute.analyze.accepted import Unusable
from elute.analyze.wording import one_line
from elute.errors import ProviderError

NO_COMPLETION = "the server answered what is no chat completion"


def _first(reply: Any) -> Any:
    """The first of the choices, None without one."""
    choices = getattr(reply, "choices", None)
    return choices[0] if isinstance(choices, list) and choices else None


def used(reply: Any) -> tuple[int, int] | None:
    """Tokens sent and answered; None where the server does not say, or says no such numbers."""
    usage = getattr(reply, "usage", None)
    sent, answered = _count(getattr(usage, "prompt_tokens", None)), _count(getattr(usage, "completion_tokens", None) or 0)
    return None if sent is None or answered is None else (sent, answered)


def _count(value: Any) -> int | None:
    return value if type(value) is int and 0 <= value < 10**9 else None


def words_of(reply: Any) -> str:
    """The words of the answer, usable or not; "" without any."""
    words = getattr(getattr(_first(reply), "message", None), "content", None)
    return words if isinstance(words, str) else ""


def content(reply: Any) -> str:
    """The content of the answer, whole.

    Raises
    ------
    Unusable
        It was cut off, withheld, refused or empty.
    ProviderError
        There is none to read.
    """
    choice = _first(reply)
    message = getattr(choice, "message", None)
    if choice is None:
        raise ProviderError(NO_COMPLETION)
    if choice.finish_reason == "length":
        raise Unusable("the answer was cut off at the token limit")
    if choice.finish_reason == "content_filter":
        raise Unusable("the provider's content filter withheld the answer")
    if message is None:
        raise ProviderError(NO_COMPLETION)
    if getattr(message, "refusal", None):
        raise Unusable(f"the model refused: {one_line(message.refusal, 120)}")
    if not isinstance(message.content, str) or not message.content.strip():
        raise Unusable("the model answered nothing")
    return message.content
