"""What a model's server says where it does not do what it was asked: errors that came as an answer, requests that are too long."""

from __future__ import annotations

import re
import time
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

_CONTEXT = re.compile(
    r"context[ _]?(?:length|size|window)|max(?:imum)? (?:model|sequence|input|prompt)[ _]?len|prompt is too long|too many tokens"
    r"|input is too large|must have less than \d+ tokens|tokens per request",
    re.I,
)
_LIMIT = re.compile(r"(?:context[ _](?:length|size|window)|n_ctx|less than|input length)[^0-9]{0,24}([0-9]{3,9})", re.I)


class Told(Protocol):
    """An error of the ``openai`` package, or one that came as an answer."""

    @property
    def status_code(self) -> int: ...
    @property
    def code(self) -> str | None: ...
    @property
    def message(self) -> str: ...


class Refusal(Exception):
    """An error that a server, or a gateway before it, sent as an answer (HTTP 200), in the form of the ``openai`` package's own.

    Attributes
    ----------
    status_code : int
        What it says that happened; 200 where it does not.
    """

    def __init__(self, told: Any) -> None:
        said = told if isinstance(told, dict) else {"message": told}
        self.body: Any = said
        self.message = str(said.get("message") or said)
        self.code = None if said.get("code") is None else str(said["code"])
        self.param = said.get("param") if isinstance(said.get("param"), str) else None
        number = str(said.get("code", "")) or str(said.get("status", ""))
        self.status_code = int(number) if re.fullmatch(r"[45]\d\d", number) else 200
        super().__init__(self.message)


def too_long(error: Told) -> bool:
    """Whether an error says that what was sent is longer than the model reads."""
    if error.status_code == 413:
        return True
    return error.status_code in (400, 422, 500) and bool(_CONTEXT.search(f"{error.code or ''} {error.message}"))


def limit_and_asked(told: str, most: int) -> tuple[int, int]:
    """Tokens that a model reads, and those that were sent, as a server counts them; 0 where it does not say.

    ``most`` is what can't have been sent: a larger number is a date, or part of a model's name.
    """
    numbers = (int(number) for number in re.findall(r"(?<![\d.])\d{3,9}(?![\d.]\d)", told))
    asked = max((number for number in numbers if number <= most), default=0)
    return next((int(match[1]) for match in _LIMIT.finditer(told)), 0), asked


def retry_after(error: Any) -> float | None:
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
