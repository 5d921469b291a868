"""The last few things that were computed, by name."""

from __future__ import annotations

from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Holds the ``most`` values that were put or asked for last.

    >>> held = Recent(2)
    >>> _ = held.put("a", 1), held.put("b", 2), held.get("a"), held.put("c", 3)
    >>> held.get("a"), held.get("b"), held.get("c")
    (1, None, 3)
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: dict[K, V] = {}

    def get(self, key: K) -> V | None:
        """What is held under a name, or None."""
        if key not in self._held:
            return None
        self._held[key] = value = self._held.pop(key)
        return value

    def put(self, key: K, value: V) -> V:
        """Hold a value; returns it."""
        self._held.pop(key, None)
        self._held[key] = value
        while len(self._held) > self._most:
            self._held.pop(next(iter(self._held)))
        return value
