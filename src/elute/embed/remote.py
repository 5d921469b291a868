"""One call to a model server: on a thread of its own, repeated when that may help, given up as soon as the person says so.

The ``openai`` package can repeat calls too, but it sleeps where nobody can wake it; so its own retries are off.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from elute.errors import ProviderError
from elute.progress import Progress
from elute.refusals import Refusal, too_long

POLL = 0.05
"""Seconds between two looks for a cancel."""

LONGEST_WAIT = 120.0
"""A server that wants to be left alone for longer, in seconds, is an error to show rather than a wait."""


class TooLong(ProviderError):
    """The server says that what was sent is longer than the model reads; fewer or shorter texts may do."""


def call(
    send: Callable[[], bytes], *, who: str, max_retries: int, redact: Callable[[str], str], progress: Progress
) -> dict[str, Any]:
    """The JSON object that ``send``, a function that makes one request with the ``openai`` package, brings back.

    After 408, 409, 429, 5xx, a timeout or a dropped connection it is called again: when ``Retry-After`` says, or else after
    0.5, 1, 2, 4, 8, 8, ... seconds.

    Raises
    ------
    TooLong
        As the server says.
    ProviderError
        It failed for good, or what came is no JSON object, or an error. The message has passed through ``redact`` and holds at most 200
        characters of the server's own words.
    Cancelled
        At most 0.1 s after the wish. A request under way is abandoned, and never repeated.
    """
    body, problem, long = _persist(send, max_retries, redact, progress)
    if problem:
        # Raised here, neither its context nor a frame of its traceback holds the server's exception, which may repeat the key.
        raise (TooLong if long else ProviderError)(f"{who} {problem}")
    return _parsed(body, who)


def _persist(
    send: Callable[[], bytes], max_retries: int, redact: Callable[[str], str], progress: Progress
) -> tuple[bytes, str, bool]:
    """What came, or what is wrong for good, and whether that is its length."""
    attempt = 0
    while True:
        body, failure = _attend(send, progress)
        if failure is None:
            return body, "", False
        if _long(failure):
            return b"", _explain(failure, None, redact), True
        pause = _pause(failure, attempt)
        attempt += 1
        if pause is None or pause > LONGEST_WAIT or attempt > max_retries:
            return b"", _explain(failure, pause, redact) + ("" if attempt == 1 else f" ({attempt} tries)"), False
        until = time.monotonic() + pause
        while (left := until - time.monotonic()) > 0:
            progress.check()
            time.sleep(min(POLL, left))


def _attend(send: Callable[[], bytes], progress: Progress) -> tuple[bytes, BaseException | None]:
    """Run ``send`` on a thread, polling for a cancel. A daemon: an abandoned request must not keep Python from ending."""
    future: Future[bytes] = Future()

    def run() -> None:
        try:
            future.set_result(send())
        except BaseException as error:
            future.set_exception(error)

    progress.check()
    threading.Thread(target=run, name="elute-request", daemon=True).start()
    while not wait([future], timeout=POLL).done:
        progress.check()
    failure = future.exception() or _refused(future.result())
    return (b"", failure) if failure else (future.result(), None)


def _refused(body: bytes) -> Refusal | None:
    """The error that came as an answer, as gateways send it; None where there is none."""
    if b'"data"' in body or b'"error"' not in body:
        return None
    try:
        told = json.loads(body)
    except ValueError:
        return None
    return Refusal(told["error"]) if isinstance(told, dict) and told.get("error") else None


def _long(failure: BaseException) -> bool:
    import openai

    return isinstance(failure, openai.APIStatusError | Refusal) and too_long(failure)


def _pause(failure: BaseException, attempt: int) -> float | None:
    """Seconds after which another try may help; None if none will."""
    import openai

    if isinstance(failure, openai.APIStatusError | Refusal):
        retryable = failure.status_code in (408, 409, 429) or failure.status_code >= 500
        if not retryable or failure.code == "insufficient_quota":
            return None
        asked = None if isinstance(failure, Refusal) else _retry_after(failure.response.headers)
        if asked is not None:
            return asked
    elif not isinstance(failure, openai.APIConnectionError):  # which a timeout is, too
        return None
    return min(8.0, 0.5 * 2.0 ** min(attempt, 10)) * random.uniform(0.75, 1.0)  # apart from others who were refused just now


def _retry_after(headers: Any) -> float | None:
    """Seconds from ``Retry-After``, a number or a date (RFC 9110, 10.2.3); None where there is none that makes sense."""
    value = headers.get("retry-after")
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return None
    return max(0.0, seconds) if seconds == seconds else None


def _explain(failure: BaseException, pause: float | None, redact: Callable[[str], str]) -> str:
    # Redacted before it is cut: of a key that is cut in two, nobody would know the first half.
    import openai

    if isinstance(failure, openai.APITimeoutError):
        return "did not answer in time"
    if isinstance(failure, openai.APIConnectionError):
        return f"can't be reached ({type(failure.__cause__ or failure).__name__})"
    if isinstance(failure, Refusal):
        return f"answered with an error: {redact(failure.message)[:200]}"
    if not isinstance(failure, openai.APIStatusError):
        return f"could not be asked ({type(failure).__name__}: {redact(str(failure))[:200]})"
    said = f"answered {failure.status_code}: {redact(failure.message)[:200]}"
    if pause is not None and pause > LONGEST_WAIT:
        said += f"; it wants to be left alone for {pause:.0f} s"
    return said


def _parsed(body: bytes, who: str) -> dict[str, Any]:
    try:
        parsed = json.loads(body)
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        raise ProviderError(f"{who} sent {len(body)} bytes that are no JSON object. Is base_url right?")
    return parsed
