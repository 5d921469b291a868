"""Requests about suggestions: what elute would do, what the person made of it, and what was learned from that."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from elute.widget.wire import Refused

if TYPE_CHECKING:
    from elute.session import Session
    from elute.widget.rounds import Rounds

Answer = tuple[dict[str, Any], bytes | None]


class Reviewing:
    """Handlers of the Review tab; :class:`~elute.widget.handlers.Handlers` is one."""

    rounds: Rounds
    session: Session
    _once: Callable[[dict[str, Any], Callable[[], int]], Answer]
    _bits: Callable[[bytes], Any]

    def suggestions(self, params: dict[str, Any], buffer: bytes) -> Answer:
        raise Refused("refused", "There are no suggestions yet.")

    def suggestion(self, params: dict[str, Any], buffer: bytes) -> Answer:
        raise Refused("refused", "There are no suggestions yet.")

    def accept(self, params: dict[str, Any], buffer: bytes) -> Answer:
        raise Refused("refused", "There are no suggestions yet.")

    def dismiss(self, params: dict[str, Any], buffer: bytes) -> Answer:
        raise Refused("refused", "There are no suggestions yet.")

    def worth(self, params: dict[str, Any], buffer: bytes) -> Answer:
        raise Refused("refused", "There are no suggestions yet.")

    def learn(self, params: dict[str, Any], buffer: bytes) -> Answer:
        raise Refused("refused", "Nothing was learned yet.")

    def learned(self, params: dict[str, Any], buffer: bytes) -> Answer:
        raise Refused("refused", "Nothing was learned yet.")
