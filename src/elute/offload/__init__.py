"""Work that holds the GIL runs in one helper process, which can be killed.

Why a process: hdbscan and t-SNE freeze a kernel for as long as they run, two UMAPs at once abort it (numba's ``workqueue``), and
compiled code can't be cancelled. Why one that stays: umap's compiled functions are kept warm in it. Why not
``multiprocessing``: its spawn runs a user's script again unless it has a main guard.
"""

from __future__ import annotations

from elute.offload.helper import CannotStart, aside, call, warm

__all__ = ["CannotStart", "aside", "call", "warm"]
