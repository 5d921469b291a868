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
"""Tokens an answer takes, as estimated beforehand; measured answers replace it in the ledger."""
LONGEST_ANSWER = 1000
"""Tokens an answer may take; a longer one is cut off by the server and given up here."""
POLL = 0.03
"""Seconds between two looks whether to go on waiting."""


def tokens_of(messages: Sequence[dict[str, str]]) -> int:
    """Tokens of messages, from above: one for three UTF-8 bytes (English needs four, Chinese about three), and four a message."""
    return sum(math.ceil(len(message["content"].encode("utf-8", "replace")) / 3) + 4 for message in messages)


class Ledger:
    """Money spent and promised. Safe across threads.

    Parameters
    ----------
    price : (float, float) or None
        USD for a million tokens in and out; None: not known, nothing is counted.
    limit : float or None
        ``max_cost`` in USD.
    """

    def __init__(self, price: tuple[float, float] | None, limit: float | None) -> None:
        self.price = price
        self.limit = limit
        self.spent = 0.0
        self._promised, self._held = 0.0, 0
        self._lock = threading.Condition()

    def cost(self, sent: int, answered: int) -> float:
        """USD for so many tokens."""
        sent_price, answer_price = self.price or (0.0, 0.0)
        return (sent * sent_price + answered * answer_price) / 1e6

    @contextmanager
    def promise(self, sent: int, answered: int = LONGEST_ANSWER, check: Callable[[], object] = lambda: None) -> Iterator[None]:
        """Hold the most that one request may cost while it is under way.

        Answers are shorter than the longest: where only what others hold leaves no room, this waits until one of them was paid.

        Parameters
        ----------
        check : callable
            Called all the while it waits, and after it; what it raises ends that.

        Raises
        ------
        BudgetError
            It might lead above the limit, whatever the others cost; nothing was sent.
        """
        estimate = self.cost(sent, answered)
        while not self._hold(estimate):
            check()
        try:
            yield
        finally:
            with self._lock:
                # the last that is held takes along what rounding left
                self._held, self._promised = self._held - 1, self._promised - estimate if self._held > 1 else 0.0
                self._lock.notify_all()

    def _hold(self, estimate: float) -> bool:
        """Hold so much; False, after a moment, where others hold what it needs."""
        with self._lock:
            if self.limit is None or self.spent + self._promised + estimate <= self.limit:
                self._held, self._promised = self._held + 1, self._promised + estimate
                return True
            if self.spent + estimate > self.limit or not self._held:
                raise BudgetError(
                    f"stopped by max_cost: ${self.spent:.4f} of ${self.limit:g} spent, and the next request may cost "
                    f"${estimate:.4f}"
                )
            self._lock.wait(POLL)
            return False

    def pay(self, sent: int, answered: int) -> None:
        """Book what a reply used."""
        with self._lock:
            self.spent += self.cost(sent, answered)
