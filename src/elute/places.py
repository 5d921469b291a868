"""Where elute keeps things: journals in the user's data folder, caches in the user's cache folder; ``ELUTE_HOME`` overrides both."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path


def data_folder() -> Path:
    """Folder of journals; never holds a text."""
    if home := os.environ.get("ELUTE_HOME"):
        return _home(home) / "sessions"
    import platformdirs

    return platformdirs.user_data_path("elute") / "sessions"


def cache_folder() -> Path:
    """Folder of vectors; may be deleted at any time."""
    if home := os.environ.get("ELUTE_HOME"):
        return _home(home) / "cache"
    import platformdirs

    return platformdirs.user_cache_path("elute")


def place_of(path: str | Path) -> Path:
    """A folder as a person names it, from the root on: it stays that one when the working folder changes. ``~`` is their home."""
    try:
        return expanded(path).resolve()
    except RuntimeError:  # links in a circle
        return Path(path).absolute()


def expanded(path: str | os.PathLike[str]) -> Path:
    """A path as a person names it: ``~`` is their home, wherever a shell did not say so before."""
    try:
        return Path(path).expanduser()
    except RuntimeError:  # a name that begins with ~, and is nobody's
        return Path(path)


@cache
def _home(named: str) -> Path:
    """The same, from the working folder of the time when it was needed first: a notebook may change its own."""
    return place_of(named)
