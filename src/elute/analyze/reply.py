"""What one reply of a chat endpoint holds: the ``openai`` package checks none, and hands over whatever the server sent."""

from __future__ import annotations

from typing import Any

from elute.analyze.accepted import Unusable
from elute.analyze.wording import one_line
from elute.errors import ProviderError
from elute.refusals import Refusal

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
    """The words of the answer, usable or not; "" without any. Of an answer in parts, as models that think give it, its texts."""
    words = getattr(getattr(_first(reply), "message", None), "content", None)
    if isinstance(words, list):
        texts = [part.get("text") for part in words if isinstance(part, dict) and part.get("type") == "text"]
        words = "".join(text for text in texts if isinstance(text, str))
    return words if isinstance(words, str) else ""


def raise_refusal(reply: Any) -> None:
    """Raise what a gateway sent as an answer where there is none.

    Raises
    ------
    Refusal
    """
    choice = _first(reply)
    told = getattr(reply, "error", None) or getattr(choice, "error", None)
    if told and not words_of(reply):
        raise Refusal(told)


def content(reply: Any, most: int) -> str:
    """The content of the answer, whole; ``most`` are the tokens that it was allowed.

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
        raise Unusable(
            f"the answer was cut off at {most:,} tokens: a model that thinks first needs more (max_tokens=, and context= where that is "
            "short), or its thinking turned off"
        )
    if choice.finish_reason == "content_filter":
        raise Unusable("the provider's content filter withheld the answer")
    if message is None:
        raise ProviderError(NO_COMPLETION)
    if getattr(message, "refusal", None):
        raise Unusable(f"the model refused: {one_line(message.refusal, 120)}")
    words = words_of(reply)
    if not words.strip():
        told = "with a tool call, not with text" if getattr(message, "tool_calls", None) else "nothing"
        raise Unusable(f"the model answered {'in parts without text' if message.content and told == 'nothing' else told}")
    return words
