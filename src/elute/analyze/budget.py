"""What judging costs: prices, an estimate before anything is sent, and a limit that holds with several requests under way."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Sequence
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
        self._promised = 0.0
        self._lock = threading.Lock()

    def cost(self, sent: int, answered: int) -> float:
        """USD for so many tokens."""
        sent_price, answer_price = self.price or (0.0, 0.0)
        return (sent * sent_price + answered * answer_price) / 1e6

    @contextmanager
    def promise(self, sent: int, answered: int = LONGEST_ANSWER) -> Iterator[None]:
        """Hold the most that one request may cost while it is under way.

        Raises
        ------
        BudgetError
            It might lead above the limit; nothing was sent.
        """
        estimate = self.cost(sent, answered)
        with self._lock:
            if self.limit is not None and self.spent + self._promised + estimate > self.limit:
                raise BudgetError(
                    f"stopped by max_cost: ${self.spent:.4f} of ${self.limit:g} spent, and the next request may cost "
                    f"${estimate:.4f}"
                )
            self._promised += estimate
        try:
            yield
        finally:
            with self._lock:
                self._promised -= estimate

    def pay(self, sent: int, answered: int) -> None:
        """Book what a reply used."""
        with self._lock:
            self.spent += self.cost(sent, answered)
