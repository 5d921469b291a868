"""The engine that is none: a plain loop in this process."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from elute.engines.base import Outcome, Task
from elute.engines.stages import run


class Inline:
    """Runs each task here, one after the other."""

    name, workers = "inline", 1

    def run(self, tasks: Sequence[Task]) -> Iterator[Outcome]:
        for index, task in enumerate(tasks):
            yield outcome(index, attempt(task), "here")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        return None


def attempt(task: Task) -> dict[str, Any]:
    """Run a task, whatever comes of it: ``{"answer": ..., "error": "", "seconds": ..., "memory": ...}``."""
    from elute.engines.failing import sentence

    began = time.perf_counter()
    try:
        answer, error = run(task), ""
    except Exception as failed:  # one shard's failure is no other's
        answer, error = {}, sentence(failed)
    return {"answer": answer, "error": error, "seconds": time.perf_counter() - began, "memory": _memory()}


def outcome(index: int, told: dict[str, Any], worker: str) -> Outcome:
    """What a worker told, as an outcome."""
    return Outcome(index, told["answer"], told["error"], worker, float(told["seconds"]), int(told["memory"]))


def _memory() -> int:
    """The most that this process had in memory, in bytes; 0 where that is not known."""
    with suppress(OSError, LookupError, ValueError):  # Linux: ``ru_maxrss`` would be the parent's where that had more
        told = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return int(told.split("VmHWM:")[1].split()[0]) * 1024
    try:
        import resource
    except ImportError:  # Windows has none
        return 0
    import sys

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(most if sys.platform == "darwin" else most * 1024)
