"""One OpenAI-compatible chat endpoint: what it accepts, when it may be asked again, and what its errors mean.

Retries and waits are done here and not by the ``openai`` package, because a wait must end at once when the person cancels, and
because one "too many requests" makes all threads wait, not only the one that heard it.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from elute.analyze.accepted import Accepted, TooLong
from elute.analyze.audit import Audit
from elute.analyze.budget import Spending, tokens_of
from elute.analyze.prompts import with_schema
from elute.analyze.reply import NO_COMPLETION, content, raise_refusal, used, words_of
from elute.analyze.wording import one_line
from elute.errors import BudgetError, Cancelled, ProviderError
from elute.keys import struck
from elute.refusals import Refusal, retry_after

if TYPE_CHECKING:
    import openai

ATTEMPTS = 4
PATIENCE = 10
"""Times that one request may hear "too many requests": a server that says so works, and only wants to be asked more slowly."""
FORBIDDEN = 4
"""Times that 403 may come before any answer, until it is about the key or the account and not about the texts of one request."""
LONGEST_WAIT = 60.0
"""Seconds a server may ask us to wait; beyond that the request fails and says so."""


class Secret(str):
    """A key: where an object or a frame is shown, it is not."""

    def __repr__(self) -> str:
        return "'***'"


class Chat:
    """Asks one model, from several threads.

    Parameters
    ----------
    client : openai.OpenAI
        With ``max_retries=0``.
    model : str
    accepted : Accepted
    spending : Spending
    secret : str
        The key: taken out of every message of an error and what is kept of calls; of what an answer says by :meth:`clean`, once it is
        read.
    fatal : str, default=""
        Why nothing can be asked at all; every :meth:`ask` then fails with it, and nothing is sent.
    audit : Audit, optional
        Hears of every request.
    """

    def __init__(
        self,
        client: openai.OpenAI,
        model: str,
        accepted: Accepted,
        spending: Spending,
        secret: str,
        fatal: str = "",
        audit: Audit | None = None,
    ) -> None:
        self._client = client
        self._model = model
        self._accepted = accepted
        self._spending = spending
        self._secret = Secret(secret)
        self.cut = False
        self._stop = threading.Event()
        self._not_before = 0.0
        self._fatal = fatal
        self._answered, self._forbidden = False, 0
        self._audit = audit or Audit()
        self._provider = client.base_url.host

    def left(self, kind: type) -> float:
        """Tokens that messages may have which ask for an answer of this kind, as far as is known."""
        return self._accepted.left(kind)

    def stop(self, cut: bool = True) -> None:
        """End all waits; every :meth:`ask` that would send something raises ``Cancelled`` from now on. What is under way is cut off.

        Without ``cut`` it comes to its end, and the connection closes with the last of it.
        """
        self._stop.set()
        if cut:
            self.cut = True
            self._client.close()

    @property
    def stopped(self) -> bool:
        """Whether :meth:`stop` was called."""
        return self._stop.is_set()

    def ask(self, messages: Sequence[dict[str, str]], schema: dict[str, Any], kind: str = "", cluster: int | None = None) -> str:
        """The content of the model's answer, whole and as it came. ``kind`` and ``cluster`` say in the audit what it was about.

        Raises
        ------
        TooLong
            The messages do not fit into the model's context, as is known before they are sent or as the server says; :meth:`left` says
            what may.
        ProviderError
            In words for the person: no answer, refused, cut off, wrong key, ... Never with the key or a text in it.
        BudgetError
        Cancelled
        """
        failures: list[int | None] = []
        while True:
            self._ready()
            # raised here and not where it is caught: no error then leads to a frame of the client, which holds the key
            came = self._try(messages, schema, kind, cluster, failures)
            if isinstance(came, str):
                return came
            if came is not None:
                raise came

    def _try(
        self,
        messages: Sequence[dict[str, str]],
        schema: dict[str, Any],
        kind: str,
        cluster: int | None,
        failures: list[int | None],
    ) -> str | ProviderError | None:
        """One request: the answer, why there is none, or None where it may be sent again."""
        import openai

        optional = self._accepted.request(schema)
        said = list(messages) if "json_schema" in optional.get("response_format", {}) else with_schema(messages, schema)
        if tokens_of(said) > self._accepted.room:  # a server may cut it in silence, and what it cuts first is the instruction
            return TooLong("the request is longer than the model's context")
        sent = _Sent(said, sorted(optional), kind, cluster)
        most = self._accepted.answer
        outcome: str | ProviderError | None
        try:
            with self._spending.promise(tokens_of(said), most, self._ready):
                sent.begin()
                try:
                    reply: Any = self._client.chat.completions.create(model=self._model, messages=said, **optional)
                except openai.APIConnectionError as error:
                    if self.cut or isinstance(error, openai.APITimeoutError):
                        # what was cut off while it was under way may be charged all the same
                        sent.tokens = tokens_of(said), 0
                        self._spending.pay(*sent.tokens)
                    raise
                raise_refusal(reply)
                self._answered = True
                self._book(reply, sent, most)
            outcome = content(reply, most)
        except BudgetError as error:
            self._fatal = str(error)
            return error
        except (openai.APIStatusError, openai.APIConnectionError, Refusal) as error:
            if isinstance(error, openai.APITimeoutError):
                outcome = ProviderError("the server did not answer in time")
            elif self.cut and isinstance(error, openai.APIConnectionError):
                outcome = ProviderError("it was stopped while it was under way")
            elif not isinstance(error, openai.APIConnectionError) and self._accepted.too_long(error, tokens_of(said)):
                outcome = TooLong(f"the request is longer than the model's context: {self._words(error)}")
            elif not isinstance(error, openai.APIConnectionError) and error.status_code in (400, 422):
                dropped = self._accepted.refuse(error, optional)
                outcome = None if dropped else ProviderError(f"the server refused the request: {self._words(error)}")
            else:
                outcome = self._problem(error, failures)
            self._note(sent, "" if outcome else self._words(error), outcome)
            return outcome
        except openai.OpenAIError as error:
            outcome = ProviderError(f"the server answered what can't be read ({type(error).__name__})")
        except ProviderError as error:
            outcome = error.with_traceback(None)
            if not sent.begun:
                return outcome
        except Cancelled:
            raise
        except Exception:  # whatever one reply is made of, the other requests go on
            outcome = ProviderError(NO_COMPLETION)
        self._note(sent, "", outcome)
        return outcome

    def _problem(
        self, error: openai.APIStatusError | openai.APIConnectionError | Refusal, failures: list[int | None]
    ) -> ProviderError | None:
        """Why a request is given up; None, after the wait that the server asks for, where it may be sent again."""
        status = getattr(error, "status_code", None)
        failures.append(status)
        if status == 401:
            return self._fail_all("the server does not accept the key (HTTP 401)")
        if status == 403:  # a moderator says so of one text, as OpenRouter does, and others say so of a key or a country
            self._forbidden += 1
            if not self._answered and self._forbidden >= FORBIDDEN:
                return self._fail_all(f"the server refuses every request; check key and account (HTTP 403): {self._words(error)}")
        if status == 404:
            what = f"the server knows no model {self._model!r} at this address, or does not let you use it"
            return self._fail_all(f"{what} (HTTP 404): {self._words(error)}")
        if error.code == "insufficient_quota":
            return self._fail_all("the account's quota is used up")
        if status is not None and status not in (408, 409, 429) and status < 500:
            return ProviderError(f"the server refused the request (HTTP {status}): {self._words(error)}")
        busy = failures.count(429)
        if len(failures) - busy == ATTEMPTS or busy == PATIENCE:
            what = "could not be reached or cut the connection" if status is None else f"answered HTTP {status}"
            words = "" if status is None else f": {self._words(error)}"
            return ProviderError(f"the server {what}, {busy if status == 429 else ATTEMPTS} times{words}")
        asked = retry_after(error)
        if asked is not None and asked > LONGEST_WAIT:
            return ProviderError(f"the server asks to wait {asked:.0f} seconds")
        pause = asked if asked is not None else min(8.0, 0.25 * 2 ** len(failures)) * random.uniform(0.5, 1.0)
        if status == 429:
            self._not_before = max(self._not_before, time.monotonic() + pause)
        else:
            self._stop.wait(pause)
        return None

    def _fail_all(self, message: str) -> ProviderError:
        # No other request can do better: none is sent any more.
        self._fatal = message
        return ProviderError(message)

    def _ready(self) -> None:
        """Wait for as long as a server asked everybody to; raise where nothing is sent any more."""
        while (pause := self._not_before - time.monotonic()) > 0 and not self._stop.is_set():
            self._stop.wait(pause)
        if self._stop.is_set():
            raise Cancelled("judging was stopped")
        if self._fatal:
            raise ProviderError(self._fatal)

    def _book(self, reply: Any, sent: _Sent, most: int) -> None:
        tokens = used(reply)
        sent.tokens = tokens or (tokens_of(sent.messages), most)
        self._spending.answer(sent.kind, *sent.tokens, counted=tokens is not None)
        sent.answer = words_of(reply)

    def _note(self, sent: _Sent, words: str, outcome: str | ProviderError | None) -> None:
        answered = isinstance(outcome, str)
        self._audit.add(
            time=sent.time,
            kind=sent.kind,
            cluster=sent.cluster,
            model=self._model,
            provider=self._provider,
            messages=tuple({name: self.clean(text) for name, text in message.items()} for message in sent.messages),
            parameters=tuple(sent.parameters),
            answer=self.clean(sent.answer),
            status="answered" if answered else "failed",
            error="" if answered else words or str(outcome),
            sent=sent.tokens[0],
            answered=sent.tokens[1],
            cost=self._spending.cost(*sent.tokens) if self._spending.price else None,
            seconds=round(time.monotonic() - sent.begun, 3),
        )

    def clean(self, text: str) -> str:
        """The text without the key."""
        return struck(text, self._secret)

    def _words(self, error: openai.APIError | Refusal) -> str:
        return one_line(self.clean(error.message), 200)


class _Sent:
    """A request under way, and what is known of it."""

    def __init__(self, messages: list[dict[str, str]], parameters: list[str], kind: str, cluster: int | None) -> None:
        self.messages, self.parameters, self.kind, self.cluster = messages, parameters, kind, cluster
        self.answer, self.tokens = "", (0, 0)
        self.time, self.begun = "", 0.0

    def begin(self) -> None:
        self.time, self.begun = datetime.now(UTC).isoformat(timespec="milliseconds"), time.monotonic()
