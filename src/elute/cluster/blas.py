"""Matrix products on one thread each, so that elute's own threads can share them out."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from typing import Any


@cache
def _controller() -> Any:
    from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped, unused-ignore]

    return ThreadpoolController()


def one_thread() -> AbstractContextManager[Any]:
    """While it is open, BLAS uses one thread, in the whole process (as scikit-learn's K-means does it too).

    Threads of BLAS spin for a while after each product, in the way of the loop that reads it: with many small products between
    loops, a sweep over k took 1.6 s of processor time with two, and 0.25 s with one.
    """
    return _controller().limit(limits=1, user_api="blas")  # type: ignore[no-any-return]
