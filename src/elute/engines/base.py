"""What an engine is: something that runs small tasks in other processes, each of them any number of times.

A task and its answer are plain JSON: names of files, numbers, small tables. What is large stays in files that every worker sees. So a
worker may die and another may come at any time; nothing was kept in it that a task needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Protocol, Self

Task = dict[str, Any]
"""``{"stage": name, ...}``: see :mod:`elute.engines.stages`."""

TRIES = 3
"""How often a task may take its process with it before it counts as failed."""


@dataclass(frozen=True)
class Outcome:
    """What came of one task.

    Attributes
    ----------
    index : int
        Which of the tasks it was.
    answer : dict
        What the stage returns; empty where it failed.
    error : str
        "" or what went wrong, in one sentence, without the person's texts.
    worker : str
        Who did it.
    seconds : float
        How long it took there.
    memory : int
        The most that its process had in memory so far, in bytes; 0 where that is not known.
    """

    index: int
    answer: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    worker: str = ""
    seconds: float = 0.0
    memory: int = 0


class Engine(Protocol):
    """Runs tasks. A context manager: what it started ends with it."""

    name: str

    @property
    def workers(self) -> int:
        """How many there are."""

    def run(self, tasks: Sequence[Task]) -> Iterator[Outcome]:
        """Each task's outcome as it is there, in any order; every task has exactly one."""

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...
