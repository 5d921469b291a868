"""Compiled loops: how elute's own kernels are made, and how they use every core without holding the GIL.

A module of kernels compiles when it is first imported on a machine (a few seconds), and is read from disk afterwards. None of them
uses numba's own thread pool: two of those at once abort the process, and a cell may be running umap-learn. Rows are shared out to
plain threads instead, which is safe because a kernel runs without the GIL.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import cache
from threading import Barrier, Lock
from typing import Any, TypeVar

VECTORS = "Array(float32, 2, 'C', readonly=True)"
"""Signature of vectors that are only read: they may be a person's own array, or a file that is mapped, and not be writable."""

Function = TypeVar("Function", bound=Callable[..., Any])


def kernel(*signatures: str, fast: bool = False) -> Callable[[Function], Function]:
    """Compile a function for these signatures at once, or read what an earlier process compiled.

    Parameters
    ----------
    signatures : str
        As numba writes them: ``"void(float32[:, ::1], int32[::1])"``. None: compiled where another kernel calls it.
    fast : bool
        Sums may be taken in another order, which lets them use SIMD.

    Notes
    -----
    Where neither the package's folder nor the person's cache can be written, it is compiled in every process.
    """
    import numba

    def compiled(function: Function) -> Function:
        given = [list(signatures)] if signatures else []
        how = {"nogil": True, "fastmath": fast, "boundscheck": False, "error_model": "numpy"}
        try:
            made: Function = numba.njit(*given, cache=True, **how)(function)
        except (RuntimeError, OSError):  # no folder for the cache
            made = numba.njit(*given, **how)(function)
        return made

    return compiled


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _threads() -> ThreadPoolExecutor | None:
    """One thread a core, all of them running: a pool that can't start one later would have taken the work already. None without."""
    pool, all_there = ThreadPoolExecutor(cores(), thread_name_prefix="elute-kernel"), Barrier(cores())
    try:
        for ready in [pool.submit(all_there.wait) for _ in range(cores())]:
            ready.result()
    except RuntimeError:  # no thread can be started here
        all_there.abort()
        pool.shutdown(wait=False, cancel_futures=True)
        return None
    return pool


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_threads.cache_clear)  # a forked child has none of its parent's threads


def shared(n: int, work: Callable[[int, int], Any], least: int = 1024) -> None:
    """Call ``work(start, stop)`` on parts of ``range(n)``, one a core, at the same time; the result must not depend on the parts.

    Parameters
    ----------
    least : int
        Rows below which one thread is as fast.
    """
    parts = min(cores(), max(1, n // least))
    pool = _threads() if parts > 1 else None
    if pool is None:
        work(0, n)
        return
    edges = [n * part // parts for part in range(parts + 1)]
    waiting = [pool.submit(work, start, stop) for start, stop in zip(edges[:-1], edges[1:], strict=True)]
    wait(waiting)  # all of them, before an error of one lets the caller go on
    for job in waiting:
        job.result()


@cache
def _pools() -> Any:
    """Made when first needed: it knows only libraries that are loaded by then."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


_holders: list[Any] = []
_guard = Lock()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """While it is open, BLAS works on one thread, in the whole process.

    Its threads spin for a while after each piece of work, in the way of whoever comes next: a sweep over k took 1.6 s of processor time
    with two of them and 0.25 s with one.
    """
    with _guard:  # the first limits, the last one restores: limits that overlap would restore each other's
        _holders.append(_holders[0] if _holders else _pools().limit(limits=1, user_api="blas"))
    try:
        yield
    finally:
        with _guard:
            limited = _holders.pop()
            if not _holders:
                limited.restore_original_limits()
