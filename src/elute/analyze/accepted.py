"""What a server takes, learned from its refusals and remembered as long as the analyst lives."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any

from elute.analyze import prompts, records
from elute.analyze.budget import LONGEST_ANSWER, tokens_of
from elute.errors import ProviderError

if TYPE_CHECKING:
    import openai

_FORMATS = ("json_schema", "json_object", "")
SHORTEST_ANSWER = 300
"""Tokens that an answer needs, also where the context is short."""
_CONTEXT = re.compile(
    r"context[ _]?(?:length|size|window)|max(?:imum)? (?:model|sequence|input|prompt)[ _]?len|prompt is too long|too many tokens",
    re.I,
)
_LIMIT = re.compile(r"(?:context[ _](?:length|size|window)|n_ctx)[^0-9]{0,24}([0-9]{3,9})", re.I)


class TooLong(ProviderError):
    """A request that does not fit into the model's context; it may be asked again with fewer samples, never with less instruction."""


class Unusable(ProviderError):
    """The model answered, and was paid for it, and the answer can't be used: asked again, it would say the same."""


class Accepted:
    """What a server takes. Safe across threads.

    Attributes
    ----------
    room : float
        Tokens, as :func:`elute.analyze.budget.tokens_of` counts them, that the messages of one request may have: what did not fit
        tells. Infinite until a request was too long. Where the schema of the answer goes along in words, it counts: see :meth:`left`.
    """

    def __init__(self) -> None:
        self.format = _FORMATS[0]
        self.parameters: dict[str, Any] = {"temperature": 0, "seed": 0, "max_tokens": LONGEST_ANSWER}
        self.room = float("inf")
        self._lock = threading.Lock()

    def hold(self, context: int) -> None:
        """Hold requests and answers together within so many tokens."""
        with self._lock:
            answer = self._shorten(context)
            self.room = min(self.room, context - answer)

    @property
    def answer(self) -> int:
        """Tokens that an answer may have."""
        tokens: int = self.parameters.get("max_tokens", LONGEST_ANSWER)
        return tokens

    def left(self, kind: type) -> float:
        """Tokens of :attr:`room` for what is said when an answer of this kind is asked for."""
        if self.format == "json_schema":
            return self.room
        return self.room - tokens_of([{"content": prompts.in_words(records.json_schema(kind))}])

    def too_long(self, error: openai.APIStatusError, tokens: int) -> bool:
        """Whether an error says that messages of so many tokens do not fit; then :attr:`room` is smaller, and never larger again.

        Servers say the limit and what was asked for, each by its own count: their ratio is what our count is to shrink by.
        """
        if error.status_code not in (400, 413, 422, 500) or not _CONTEXT.search(f"{error.code or ''} {error.message}"):
            return False
        told = f"{error.message} {error.body}"
        limit = next((int(match[1]) for match in _LIMIT.finditer(told)), 0)
        numbers = (int(number) for number in re.findall(r"(?<![\d.])\d{3,9}(?![\d.]\d)", told))
        # a token is a byte at least: what is more is a date, or part of a model's name
        asked = max((number for number in numbers if number <= 3 * tokens + LONGEST_ANSWER), default=0)
        with self._lock:
            answer = self._shorten(limit)
            share = (limit - answer) / asked if limit and asked > limit - answer else 0.7
            self.room = min(self.room, tokens * min(0.9, max(0.1, share)))
        return True

    def _shorten(self, limit: int) -> int:
        """Tokens left to an answer: at most a quarter of a context that is known (0: it is not)."""
        answer = self.answer
        if limit:
            answer = min(answer, max(SHORTEST_ANSWER, limit // 4))
            if "max_tokens" in self.parameters:
                self.parameters["max_tokens"] = answer
        return answer

    def request(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The optional parameters of a request."""
        with self._lock:
            chosen = dict(self.parameters)
            if self.format == "json_schema":
                chosen["response_format"] = {
                    "type": "json_schema",
                    "json_schema": {"name": "answer", "strict": True, "schema": schema},
                }
            elif self.format:
                chosen["response_format"] = {"type": self.format}
        return chosen

    def refuse(self, error: openai.APIStatusError, sent: dict[str, Any]) -> bool:
        """Drop the parameter that an error names; False if it names none that was sent."""
        named = f"{error.param or ''} {error.message}".lower()
        with self._lock:
            if "response_format" in sent and ("response_format" in named or "json_schema" in named or "json_object" in named):
                if sent["response_format"]["type"] == self.format:  # else another thread was faster
                    self.format = _FORMATS[_FORMATS.index(self.format) + 1]
                return True
            for parameter in ("temperature", "seed", "max_tokens"):
                if parameter in sent and parameter in named:
                    self.parameters.pop(parameter, None)
                    return True
        return False
