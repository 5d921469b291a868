"""The default engine: processes of this machine, each with one task at a time.

A worker is ``python -m elute.engines``: a line of JSON in, a line of JSON out. It holds nothing that a task needs, so one that dies
(killed, out of memory) is started again and its task with it; a task that takes three workers with it is listed as failed.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from elute.engines.base import TRIES, Outcome, Task
from elute.engines.inline import outcome
from elute.errors import EluteError, SettingsError
from elute.kernels import cores


class Local:
    """Worker processes on this machine.

    Parameters
    ----------
    workers : int
        At least 1.
    """

    name = "local"

    def __init__(self, workers: int = 2) -> None:
        if workers < 1:
            raise SettingsError(f"workers={workers}: at least 1.")
        self.workers = workers
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self._lock = threading.Lock()
        self._closed = False

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers that run."""
        with self._lock:
            return [process.pid for process in self._processes.values() if process.poll() is None]

    def run(self, tasks: Sequence[Task]) -> Iterator[Outcome]:
        todo: deque[tuple[int, Task]] = deque(enumerate(tasks))
        done: queue.SimpleQueue[Outcome | BaseException] = queue.SimpleQueue()
        stop = threading.Event()
        slots = range(min(self.workers, len(tasks)))
        threads = [threading.Thread(target=self._serve, args=(slot, todo, done, stop), daemon=True) for slot in slots]
        for thread in threads:
            thread.start()
        whole = False
        try:
            for _ in range(len(tasks)):
                told = done.get()
                if isinstance(told, BaseException):
                    raise told
                yield told
            whole = True
        finally:
            stop.set()
            todo.clear()
            if not whole:  # stopped, or a person's Ctrl-C: no worker goes on behind our back
                self.close()
            for thread in threads:
                thread.join()

    def _serve(self, slot: int, todo: Any, done: Any, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                index, task = todo.popleft()
            except IndexError:
                return
            try:
                done.put(self._attempt(slot, index, task))
            except BaseException as error:
                done.put(error)
                return

    def _attempt(self, slot: int, index: int, task: Task) -> Outcome:
        for _ in range(TRIES):
            process = self._process(slot)
            assert process.stdin is not None and process.stdout is not None
            with suppress(OSError, ValueError):  # a pipe that broke: the process died
                process.stdin.write(json.dumps(task).encode() + b"\n")
                process.stdin.flush()
                if (line := process.stdout.readline()).endswith(b"\n"):
                    return outcome(index, json.loads(line), str(process.pid))
            if self._closed:
                break
            self._bury(slot)
        return Outcome(
            index,
            error=f"Its worker process was killed {TRIES} times: most often for want of memory. Use smaller shards or fewer workers.",
        )

    def _process(self, slot: int) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._closed:
                raise EluteError("The run was stopped.")
            if there := self._processes.pop(slot, None):
                if there.poll() is None:
                    self._processes[slot] = there
                    return there
                _end(there)  # it died between two tasks
            share = str(max(1, cores() // self.workers))
            threads = {
                name: os.environ.get(name, share) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
            }
            source = str(Path(__file__).resolve().parents[2])
            path = os.pathsep.join(each for each in (source, os.environ.get("PYTHONPATH", "")) if each)
            process = subprocess.Popen(
                [sys.executable, "-m", "elute.engines"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, **threads, "PYTHONPATH": path},
            )
            self._processes[slot] = process
            return process

    def _bury(self, slot: int) -> None:
        with self._lock:
            process = self._processes.pop(slot, None)
        if process is not None:
            _end(process)

    def close(self) -> None:
        """End the workers."""
        with self._lock:
            self._closed = True
            processes, self._processes = list(self._processes.values()), {}
        for process in processes:
            _end(process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill, wait, and close the pipes."""
    with suppress(OSError):
        process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
