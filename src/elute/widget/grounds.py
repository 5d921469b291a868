"""Requests about evidence: duplicates side by side, labels that look like others, clusters that mix, tags and pins."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from elute.widget.wire import Refused

if TYPE_CHECKING:
    from elute.session import Session
    from elute.widget.rounds import Rounds

Answer = tuple[dict[str, Any], bytes | None]


class Grounds:
    """Handlers of evidence; :class:`~elute.widget.handlers.Handlers` is one."""

    rounds: Rounds
    session: Session
    _once: Callable[[dict[str, Any], Callable[[], int]], Answer]
    _bits: Callable[[bytes], Any]

    def duplicates(self, params: dict[str, Any], buffer: bytes) -> Answer:
        raise Refused("refused", "There is no evidence yet.")

    def confusion(self, params: dict[str, Any], buffer: bytes) -> Answer:
        raise Refused("refused", "There is no evidence yet.")

    def confused(self, params: dict[str, Any], buffer: bytes) -> Answer:
        raise Refused("refused", "There is no evidence yet.")

    def pairs(self, params: dict[str, Any], buffer: bytes) -> Answer:
        raise Refused("refused", "There is no evidence yet.")

    def accuracy(self, params: dict[str, Any], buffer: bytes) -> Answer:
        raise Refused("refused", "There is no evidence yet.")

    def compare(self, params: dict[str, Any], buffer: bytes) -> Answer:
        raise Refused("refused", "There is no evidence yet.")

    def compared(self, params: dict[str, Any], buffer: bytes) -> Answer:
        raise Refused("refused", "There is no evidence yet.")

    def tag(self, params: dict[str, Any], buffer: bytes) -> Answer:
        raise Refused("refused", "There is no evidence yet.")

    def tags(self, params: dict[str, Any], buffer: bytes) -> Answer:
        raise Refused("refused", "There is no evidence yet.")

    def pin(self, params: dict[str, Any], buffer: bytes) -> Answer:
        raise Refused("refused", "There is no evidence yet.")

    def relabel(self, params: dict[str, Any], buffer: bytes) -> Answer:
        raise Refused("refused", "There is no evidence yet.")
