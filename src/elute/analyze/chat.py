"""One OpenAI-compatible chat endpoint: what it accepts, when it may be asked again, and what its errors mean.

Retries and waits are done here and not by the ``openai`` package, because a wait must end at once when the person cancels, and
because one "too many requests" makes all threads wait, not only the one that heard it.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from elute.analyze.budget import Ledger, tokens_of
from elute.analyze.prompts import with_schema
from elute.analyze.wording import one_line
from elute.errors import BudgetError, Cancelled, ProviderError

if TYPE_CHECKING:
    import openai

ATTEMPTS = 4
LONGEST_WAIT = 60.0
"""Seconds a server may ask us to wait; beyond that the request fails and says so."""
ANSWER_TOKENS = 1000
_FORMATS = ("json_schema", "json_object", "")


class Accepted:
    """What a server takes, learned from its refusals and remembered as long as the analyst lives. Safe across threads."""

    def __init__(self) -> None:
        self.format = _FORMATS[0]
        self.parameters: dict[str, Any] = {"temperature": 0, "seed": 0, "max_tokens": ANSWER_TOKENS}
        self._lock = threading.Lock()

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


class Chat:
    """Asks one model, from several threads.

    Parameters
    ----------
    client : openai.OpenAI
        With ``max_retries=0``.
    model : str
    accepted : Accepted
    ledger : Ledger
    secret : str
        The key: taken out of every message of an error.
    fatal : str, default=""
        Why nothing can be asked at all; every :meth:`ask` then fails with it, and nothing is sent.
    """

    def __init__(
        self, client: openai.OpenAI, model: str, accepted: Accepted, ledger: Ledger, secret: str, fatal: str = ""
    ) -> None:
        self._client = client
        self._model = model
        self._accepted = accepted
        self._ledger = ledger
        self._secret = secret
        self._stop = threading.Event()
        self._not_before = 0.0
        self._fatal = fatal

    def stop(self) -> None:
        """End all waits; every :meth:`ask` raises ``Cancelled`` from now on."""
        self._stop.set()

    def ask(self, messages: Sequence[dict[str, str]], schema: dict[str, Any]) -> str:
        """The content of the model's answer, whole.

        Raises
        ------
        ProviderError
            In words for the person: no answer, refused, cut off, wrong key, ... Never with the key or a text in it.
        BudgetError
        Cancelled
        """
        import openai

        failures = 0
        while True:
            self._wait()
            if self._fatal:
                raise ProviderError(self._fatal)
            optional = self._accepted.request(schema)
            said = list(messages) if self._accepted.format == "json_schema" else with_schema(messages, schema)
            try:
                with self._ledger.promise(tokens_of(said)):
                    reply: Any = self._client.chat.completions.create(model=self._model, messages=said, **optional)
                    self._book(reply, said)
                return _content(reply)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                if not self._accepted.refuse(error, optional):
                    raise ProviderError(f"the server refused the request: {self._words(error)}") from None
            except openai.APITimeoutError:
                raise ProviderError("the server did not answer in time") from None
            except (openai.APIStatusError, openai.APIConnectionError) as error:
                failures += 1
                self._again_or_raise(error, failures)
            except BudgetError as error:
                self._fatal = str(error)
                raise
            except openai.OpenAIError as error:
                raise ProviderError(f"the server answered what can't be read ({type(error).__name__})") from None

    def _again_or_raise(self, error: openai.APIStatusError | openai.APIConnectionError, failures: int) -> None:
        status = getattr(error, "status_code", None)
        if status in (401, 403):
            self._fail_all(f"the server does not accept the key (HTTP {status})")
        if status == 404:
            self._fail_all(f"the server knows no model {self._model!r} at this address (HTTP 404)")
        if error.code == "insufficient_quota":
            self._fail_all("the account's quota is used up")
        if status is not None and status not in (408, 409, 429) and status < 500:
            raise ProviderError(f"the server refused the request (HTTP {status}): {self._words(error)}") from None
        if failures == ATTEMPTS:
            what = "could not be reached or cut the connection" if status is None else f"answered HTTP {status}"
            raise ProviderError(f"the server {what}, {ATTEMPTS} times") from None
        asked = retry_after(error)
        if asked is not None and asked > LONGEST_WAIT:
            raise ProviderError(f"the server asks to wait {asked:.0f} seconds") from None
        pause = asked if asked is not None else min(8.0, 0.25 * 2**failures) * random.uniform(0.5, 1.0)
        if status == 429:
            self._not_before = max(self._not_before, time.monotonic() + pause)
        else:
            self._stop.wait(pause)

    def _fail_all(self, message: str) -> None:
        # No other request can do better: none is sent any more.
        self._fatal = message
        raise ProviderError(message) from None

    def _wait(self) -> None:
        while (pause := self._not_before - time.monotonic()) > 0 and not self._stop.is_set():
            self._stop.wait(pause)
        if self._stop.is_set():
            raise Cancelled("judging was stopped")

    def _book(self, reply: Any, said: Sequence[dict[str, str]]) -> None:
        usage = getattr(reply, "usage", None)
        if usage is not None and usage.prompt_tokens is not None:
            self._ledger.pay(usage.prompt_tokens, usage.completion_tokens or 0)
        else:
            self._ledger.pay(tokens_of(said), ANSWER_TOKENS)

    def _words(self, error: openai.APIError) -> str:
        message = error.message
        return one_line(message.replace(self._secret, "***") if self._secret else message, 200)


def retry_after(error: openai.APIError) -> float | None:
    """Seconds the server asks to wait (``Retry-After`` in seconds or as a date, ``retry-after-ms``); None: it does not say."""
    headers = getattr(getattr(error, "response", None), "headers", {})
    try:
        if "retry-after-ms" in headers:
            return max(0.0, float(headers["retry-after-ms"]) / 1000)
        if "retry-after" not in headers:
            return None
        value = headers["retry-after"]
        try:
            seconds = float(value)
        except ValueError:
            seconds = parsedate_to_datetime(value).timestamp() - time.time()
        return max(0.0, seconds) if seconds < 1e9 else None
    except (ValueError, TypeError):
        return None


def _content(reply: Any) -> str:
    choices = getattr(reply, "choices", None)
    if not choices:
        raise ProviderError("the server answered what is no chat completion")
    choice = choices[0]
    if choice.finish_reason == "length":
        raise ProviderError("the answer was cut off at the token limit")
    if choice.finish_reason == "content_filter":
        raise ProviderError("the provider's content filter withheld the answer")
    message = choice.message
    if getattr(message, "refusal", None):
        raise ProviderError(f"the model refused: {one_line(message.refusal, 120)}")
    if not isinstance(message.content, str) or not message.content.strip():
        raise ProviderError("the model answered nothing")
    return message.content
