"""What a server takes, learned from its refusals and remembered as long as the analyst lives."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from elute.analyze import prompts, records
from elute.analyze.budget import LONGEST_ANSWER, LONGEST_THOUGHT, tokens_of
from elute.errors import ProviderError
from elute.refusals import limit_and_asked, too_long

if TYPE_CHECKING:
    import openai

    from elute.refusals import Refusal

_FORMATS = ("json_schema", "json_object", "")
SHORTEST_ANSWER = 300
"""Tokens that an answer needs, also where the context is short."""
_LENGTHS = ("max_tokens", "max_completion_tokens", "")
"""How a request says how long its answer may be: as most servers take it, as OpenAI's models that think first do, not at all."""


class TooLong(ProviderError):
    """A request that does not fit into the model's context; it may be asked again with fewer samples, never with less instruction."""


class Unusable(ProviderError):
    """The model answered, and was paid for it, and the answer can't be used: asked again, it would say the same."""


class Accepted:
    """What a server takes. Safe across threads.

    Parameters
    ----------
    answer : int, optional
        Tokens that an answer may have, thoughts included; default: ``LONGEST_ANSWER``, or ``LONGEST_THOUGHT`` where the model is one that
        thinks first, as is known once it refuses ``max_tokens``.

    Attributes
    ----------
    room : float
        Tokens, as :func:`elute.analyze.budget.tokens_of` counts them, that the messages of one request may have: what did not fit
        tells. Infinite until a request was too long. Where the schema of the answer goes along in words, it counts: see :meth:`left`.
    """

    def __init__(self, answer: int | None = None) -> None:
        self.format, self.length = _FORMATS[0], _LENGTHS[0]
        self.parameters: dict[str, Any] = {"temperature": 0, "seed": 0}
        self.room = float("inf")
        self._asked, self._most = answer, float("inf")
        self._lock = threading.Lock()

    def hold(self, context: int) -> None:
        """Hold requests and answers together within so many tokens."""
        with self._lock:
            answer = self._shorten(context)
            self.room = min(self.room, context - answer)

    @property
    def answer(self) -> int:
        """Tokens that an answer may have; that it takes no more is not known where :attr:`length` is ""."""
        usual = LONGEST_THOUGHT if self.length == "max_completion_tokens" else LONGEST_ANSWER
        return int(min(self._most, usual if self._asked is None else self._asked))

    def left(self, kind: type) -> float:
        """Tokens of :attr:`room` for what is said when an answer of this kind is asked for."""
        if self.format == "json_schema":
            return self.room
        return self.room - tokens_of([{"content": prompts.in_words(records.json_schema(kind))}])

    def too_long(self, error: openai.APIStatusError | Refusal, tokens: int) -> bool:
        """Whether an error says that messages of so many tokens do not fit; then :attr:`room` is smaller, and never larger again.

        Servers say the limit and what was asked for, each by its own count: their ratio is what our count is to shrink by.
        """
        if not too_long(error):
            return False
        with self._lock:
            # a token is a byte at least
            limit, asked = limit_and_asked(f"{error.message} {error.body}", 3 * tokens + self.answer)
            answer = self._shorten(limit)
            share = (limit - answer) / asked if limit and asked > limit - answer else 0.7
            self.room = min(self.room, tokens * min(0.9, max(0.1, share)))
        return True

    def _shorten(self, limit: int) -> int:
        """Tokens left to an answer: at most a quarter of a context that is known (0: it is not), or half where a person set them."""
        if limit:
            self._most = min(self._most, max(SHORTEST_ANSWER, limit // (4 if self._asked is None else 2)))
        return self.answer

    def request(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The optional parameters of a request."""
        with self._lock:
            chosen = dict(self.parameters)
            if self.length:
                chosen[self.length] = self.answer
            if self.format == "json_schema":
                chosen["response_format"] = {
                    "type": "json_schema",
                    "json_schema": {"name": "answer", "strict": True, "schema": schema},
                }
            elif self.format:
                chosen["response_format"] = {"type": self.format}
        return chosen

    def refuse(self, error: openai.APIStatusError | Refusal, sent: dict[str, Any]) -> bool:
        """Drop the parameter that an error names, or say it in the next way; False if it names none that was sent."""
        named = f"{error.param or ''} {error.message}".lower()
        with self._lock:
            if "response_format" in sent and ("response_format" in named or "json_schema" in named or "json_object" in named):
                if sent["response_format"]["type"] == self.format:  # else another thread was faster
                    self.format = _FORMATS[_FORMATS.index(self.format) + 1]
                return True
            for parameter in _LENGTHS[:-1]:
                if parameter in sent and parameter in named:
                    if parameter == self.length:
                        self.length = _LENGTHS[_LENGTHS.index(parameter) + 1]
                    return True
            for parameter in ("temperature", "seed"):
                if parameter in sent and parameter in named:
                    self.parameters.pop(parameter, None)
                    return True
        return False
