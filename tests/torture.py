"""How hard a test tries: a little in ``make test``, in full in ``make torture``."""

from __future__ import annotations

import os

import pytest

FULL = os.environ.get("ELUTE_TORTURE") == "1"
"""Set by ``make torture``."""

torture = pytest.mark.torture
"""Marks a test that tries harder there."""

only_full = pytest.mark.skipif(not FULL, reason="make torture")
"""Marks one that takes minutes, and is run there alone."""


def times(few: int, many: int) -> int:
    """How often to try: ``few`` in ``make test``, ``many`` in ``make torture``."""
    return many if FULL else few
