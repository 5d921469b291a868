"""Where elute keeps things: journals in the user's data folder, caches in the user's cache folder; ``ELUTE_HOME`` overrides both."""

from __future__ import annotations

import os
from pathlib import Path


def data_folder() -> Path:
    """Folder of journals; never holds a text."""
    if home := os.environ.get("ELUTE_HOME"):
        return Path(home) / "sessions"
    import platformdirs

    return platformdirs.user_data_path("elute") / "sessions"


def cache_folder() -> Path:
    """Folder of vectors; may be deleted at any time."""
    if home := os.environ.get("ELUTE_HOME"):
        return Path(home) / "cache"
    import platformdirs

    return platformdirs.user_cache_path("elute")
