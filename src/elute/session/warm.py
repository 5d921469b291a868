"""What a first round would wait for: slow imports and compiled loops, fetched on a thread while texts are embedded."""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import cache
from importlib import import_module

FIRST = (
    "elute.vectors._kernels",
    "pandas",
    "elute.cluster._lloyd",
    "elute.silhouette._kernels",
    "elute.neighbors._kernels",
    "elute.cluster._communities",
    "elute.project._kernels",
)
"""What a first picture needs, in that order. The kernels compile once on a machine; later they are read from disk."""
LATER = (
    "elute.foreignness._kernels",
    "elute.findings._kernels",
    "elute.findings._style",
    "elute.suggest._kernels",
    "scipy.optimize",
    "sklearn.cluster",
)
"""What comes after the first picture, and would hold it up by a second: imports of scikit-learn keep the GIL."""


@cache
def warm_up(modules: tuple[str, ...] = FIRST) -> threading.Thread | None:
    """Import them on a thread of their own, once in a process. Whoever needs one meanwhile waits for it, and for no other."""
    thread = threading.Thread(target=_fetch, args=(modules,), name="elute-warm", daemon=True)
    with suppress(RuntimeError):  # no threads here: each is imported where it is needed
        thread.start()
        return thread
    return None


def _fetch(modules: tuple[str, ...]) -> None:
    for module in modules:
        with suppress(Exception):  # whoever needs it meets the same error, and is told
            import_module(module)
