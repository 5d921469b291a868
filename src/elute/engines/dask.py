"""Dask as the engine: more than one machine, by the address of a scheduler, or two processes of this one.

Only tasks and answers pass through it, a few hundred bytes each. A worker that dies has its task given to another by Dask; one that
comes back, or comes later, reads the recipe from the shared folder at its first task. Where none is left, those of this machine are
started again, and those of others waited for, though not without end.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Self

from elute.engines.base import TRIES, Outcome, Task
from elute.engines.inline import attempt, outcome
from elute.errors import MissingExtraError, ProviderError

WAIT = 10.0
"""Seconds until a scheduler counts as one that can't be reached."""
QUIET: dict[str, Any] = {"dashboard_address": "127.0.0.1:0", "scheduler_kwargs": {"dashboard": False}}
"""A cluster of this machine shows no page, and takes a port that is free: another cluster may run here."""
LOOK = 5.0
"""Seconds without an answer after which one looks whether there are workers at all."""
AWAY = 600.0
"""Seconds without any worker after which a run is given up."""
AHEAD = 4
"""Tasks a worker that are handed over at a time: ten thousand shards are no burden to the scheduler."""


class Dask:
    """Tasks on a Dask cluster.

    Parameters
    ----------
    address : str
        ``host:port`` of a scheduler; "" starts ``workers`` processes here.
    workers : int
    client : dask.distributed.Client, optional
        One that is there already; it is left open.

    Raises
    ------
    ProviderError
        The scheduler can't be reached.
    """

    name = "dask"

    def __init__(self, address: str = "", workers: int = 2, client: Any = None, wait: float = WAIT) -> None:
        try:
            from distributed import Client, LocalCluster
        except ImportError:
            raise MissingExtraError("The engine dask", "dask") from None
        self._cluster: Any = None
        self._own = client is None
        if client is not None:
            self._client = client
        elif address:
            try:
                self._client = Client(address if "://" in address else f"tcp://{address}", timeout=wait, set_as_default=False)
            except (OSError, TimeoutError, ValueError) as error:
                raise ProviderError(
                    f"The Dask scheduler at {address} can't be reached ({type(error).__name__}). Is it running, and is its port open?"
                ) from None
        else:
            self._cluster = LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, **QUIET)
            self._client = Client(self._cluster, set_as_default=False)
        self._workers = workers

    @property
    def workers(self) -> int:
        """How many workers there are now."""
        return len(self._client.scheduler_info(n_workers=-1)["workers"]) or self._workers

    @property
    def client(self) -> Any:
        return self._client

    def run(self, tasks: Sequence[Task]) -> Iterator[Outcome]:
        todo = iter(enumerate(tasks))
        running: dict[Any, int] = {}
        ready: SimpleQueue[Any] = SimpleQueue()
        self._hand_over(todo, running, ready, AHEAD * max(1, self.workers))
        for _ in tasks:
            future = self._patiently(lambda seconds: ready.get(timeout=seconds))
            index = running.pop(future)
            self._hand_over(todo, running, ready, 1)
            yield self._told(index, future)

    def _hand_over(self, todo: Iterator[tuple[int, Task]], running: dict[Any, int], ready: SimpleQueue[Any], count: int) -> None:
        for _, (index, task) in zip(range(count), todo, strict=False):
            future = self._client.submit(attempt_here, json.dumps(task), pure=False, retries=TRIES - 1)
            running[future] = index
            future.add_done_callback(ready.put)

    def _patiently(self, ask: Callable[[float], Any]) -> Any:
        """What ``ask(seconds)`` gives. Dask gives a worker up that is not back in 15 seconds, and then waits for ever for another."""
        since = time.monotonic()
        while True:
            try:
                return ask(LOOK)
            except (Empty, TimeoutError):
                if self._cluster is not None:
                    self._cluster.scale(self._workers)  # starts those that it has given up; nothing, where all are there
                elif self._client.scheduler_info(n_workers=-1).get("workers"):
                    since = time.monotonic()
                elif time.monotonic() - since > AWAY:
                    raise ProviderError(
                        f"The Dask cluster has had no worker for {AWAY / 60:.0f} minutes. Start some, and run the same again: "
                        "what is done is not done twice."
                    ) from None

    def _told(self, index: int, future: Any) -> Outcome:
        from distributed.scheduler import KilledWorker

        try:
            told = json.loads(self._patiently(lambda seconds: future.result(timeout=seconds)))
        except KilledWorker:
            return Outcome(
                index,
                error="Its worker was killed again and again: most often for want of memory. Use smaller shards or larger workers.",
            )
        except ProviderError:
            raise
        except Exception as error:
            if self._client.status not in ("running", "connecting") or not self._client.scheduler_info(n_workers=0):
                raise ProviderError(
                    "The Dask scheduler is gone. Start it, and run the same again: what is done is not done twice."
                ) from None
            return Outcome(index, error=f"Dask gave no answer ({type(error).__name__}). Run the same again.")
        finally:
            future.release()
        return outcome(index, told, str(told["worker"]))

    def close(self) -> None:
        """Let go of the scheduler, and end what was started here."""
        if self._own:
            self._client.close(timeout=WAIT)
        if self._cluster is not None:
            self._cluster.close(timeout=WAIT)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def attempt_here(task: str) -> str:
    """What a worker does with a task."""
    return json.dumps({**attempt(json.loads(task)), "worker": f"{socket.gethostname()}:{os.getpid()}"})
