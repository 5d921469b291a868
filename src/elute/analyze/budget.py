"""What judging costs: prices, an estimate before anything is sent, and a limit that holds with several requests under way."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from elute.errors import BudgetError

PRICES: dict[str, tuple[float, float]] = {
    "gpt-4o-mini": (0.15, 0.60),
    "gpt-4o": (2.50, 10.00),
    "gpt-4.1-nano": (0.10, 0.40),
    "gpt-4.1-mini": (0.40, 1.60),
    "gpt-4.1": (2.00, 8.00),
}
"""USD for a million tokens sent and answered, as OpenAI listed them in 2025; ``price=`` overrides."""
ANSWER = 250
"""Tokens an answer takes, as estimated beforehand, until some were counted."""
LONGEST_ANSWER = 1000
"""Tokens an answer may take; a longer one is cut off by the server and given up here."""
LONGEST_THOUGHT = 8000
"""The same where the model is known to think first, which counts."""
POLL = 0.03
"""Seconds between two looks whether to go on waiting."""


def tokens_of(messages: Sequence[dict[str, str]]) -> int:
    """Tokens of messages, from above: one for three UTF-8 bytes (English needs four, Chinese about three), and four a message."""
    return sum(math.ceil(len(message["content"].encode("utf-8", "replace")) / 3) + 4 for message in messages)


class Spending:
    """Money spent and promised. Safe across threads.

    Parameters
    ----------
    price : (float, float) or None
        USD for a million tokens in and out; None: not known, nothing is counted.
    limit : float or None
        ``max_cost`` in USD.

    Attributes
    ----------
    longest : int
        Tokens of the longest answer that a server counted: some count thoughts that no limit holds.
    """

    def __init__(self, price: tuple[float, float] | None, limit: float | None) -> None:
        self.price = price
        self.limit = limit
        self.spent = 0.0
        self.longest = 0
        self._promised, self._held, self._answers = 0.0, 0, 0
        self._counted: dict[str, tuple[int, int]] = {}
        self._lock = threading.Condition()

    def cost(self, sent: int, answered: int) -> float:
        """USD for so many tokens."""
        sent_price, answer_price = self.price or (0.0, 0.0)
        return (sent * sent_price + answered * answer_price) / 1e6

    @contextmanager
    def promise(self, sent: int, answered: int = LONGEST_ANSWER, check: Callable[[], object] = lambda: None) -> Iterator[None]:
        """Hold the most that one request may cost while it is under way, by what is allowed and by the longest answer so far.

        Answers are shorter than the longest: where only what others hold leaves no room, this waits until one of them was paid. Where
        there is a limit, all others wait for the first answer, since what is allowed is only a wish until then.

        Parameters
        ----------
        check : callable
            Called all the while it waits, and after it; what it raises ends that.

        Raises
        ------
        BudgetError
            It might lead above the limit, whatever the others cost; nothing was sent.
        """
        while (estimate := self._hold(sent, answered)) is None:
            check()
        try:
            yield
        finally:
            with self._lock:
                # the last that is held takes along what rounding left
                self._held, self._promised = self._held - 1, self._promised - estimate if self._held > 1 else 0.0
                self._lock.notify_all()

    def _hold(self, sent: int, answered: int) -> float | None:
        """Hold what so many tokens cost; None, after a moment, where others hold what it needs."""
        with self._lock:
            estimate = self.cost(sent, max(answered, self.longest))
            alone = self._answers or not self._held
            if self.limit is None or (alone and self.spent + self._promised + estimate <= self.limit):
                self._held, self._promised = self._held + 1, self._promised + estimate
                return estimate
            if self.spent + estimate > self.limit or not self._held:
                raise BudgetError(
                    f"stopped by max_cost: ${self.spent:.4f} of ${self.limit:g} spent, and the next request may cost "
                    f"${estimate:.4f}"
                )
            self._lock.wait(POLL)
            return None

    def pay(self, sent: int, answered: int) -> None:
        """Book what a request used."""
        with self._lock:
            self.spent += self.cost(sent, answered)

    def answer(self, kind: str, sent: int, answered: int, counted: bool) -> None:
        """Book an answer; ``counted``: by the server."""
        self.pay(sent, answered)
        with self._lock:
            self._answers += 1
            if counted:
                self.longest = max(self.longest, answered)
                number, tokens = self._counted.get(kind, (0, 0))
                self._counted[kind] = number + 1, tokens + answered

    def usual(self, kind: str) -> float | None:
        """Tokens that answers of a kind took, the mean of those that the server counted; None before the first."""
        with self._lock:
            number, tokens = self._counted.get(kind, (0, 0))
        return tokens / number if number else None
