"""Compiled loops where there is no cache folder, no thread, and another number of cores."""

from __future__ import annotations

import os
import threading
from typing import Any

import numba
import numpy as np
import pytest

from elute import kernels
from elute.kernels import kernel, shared


def test_without_a_folder_for_the_cache_a_kernel_still_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    njit = numba.njit

    def refusing(*args: Any, cache: bool = False, **how: Any) -> Any:
        asked.append(cache)
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return njit(*args, **how)

    monkeypatch.setattr(numba, "njit", refusing)

    @kernel("float64(float64[::1])")
    def total(x: Any) -> Any:
        found = 0.0
        for value in x:
            found += value
        return found

    assert total(np.arange(4.0)) == 6.0 and asked[:2] == [True, False]


@pytest.mark.parametrize("cores", [1, 2, 3, 7])
@pytest.mark.parametrize("n", [0, 1, 1023, 1024, 10_000])
def test_every_row_is_worked_on_once(monkeypatch: pytest.MonkeyPatch, n: int, cores: int) -> None:
    monkeypatch.setattr(kernels, "cores", lambda: cores)
    kernels._threads.cache_clear()
    seen = np.zeros(n, int)

    def work(start: int, stop: int) -> None:
        seen[start:stop] += 1

    shared(n, work, least=100)
    assert (seen == 1).all()
    kernels._threads.cache_clear()


def test_where_no_thread_can_be_started_the_caller_works(monkeypatch: pytest.MonkeyPatch) -> None:
    kernels._threads.cache_clear()

    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    seen = np.zeros(5000, int)

    def work(start: int, stop: int) -> None:
        seen[start:stop] += 1

    shared(len(seen), work)
    assert (seen == 1).all()
    kernels._threads.cache_clear()


def test_what_breaks_in_a_part_is_raised() -> None:
    def work(start: int, stop: int) -> None:
        if start:
            raise ValueError("here")

    if kernels.cores() > 1:
        with pytest.raises(ValueError, match="here"):
            shared(5000, work)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_has_threads_of_its_own() -> None:
    shared(5000, lambda start, stop: None)
    child = os.fork()
    if child == 0:
        shared(5000, lambda start, stop: None)
        os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def test_limits_that_overlap_end_with_the_last() -> None:
    from threadpoolctl import threadpool_info

    def threads() -> list[int]:
        return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]

    before = threads()
    first, second = kernels.one_blas_thread(), kernels.one_blas_thread()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert set(threads()) == {1}
    second.__exit__(None, None, None)
    assert threads() == before
