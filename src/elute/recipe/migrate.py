"""Recipes of earlier versions, made into what this one reads; a newer one is refused, with what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from elute.errors import RecipeError

FORMAT = 1
VERSION = "elute recipe"
Step = Callable[[dict[str, Any]], dict[str, Any]]


STEPS: Mapping[int, Step] = {}
"""From a format to the next one; there was none before the first."""


def migrated(told: dict[str, Any], format: int = FORMAT, steps: Mapping[int, Step] = STEPS) -> dict[str, Any]:
    """A recipe's JSON as this version has it.

    Raises
    ------
    RecipeError
        It is of a newer elute, or so old that nothing reads it.
    """
    found = told.get(VERSION)
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise RecipeError("This is no recipe, or a damaged one: make it anew, session.recipe().save(folder).")
    if found > format:
        raise RecipeError(
            f"This recipe is of a newer elute (format {found}, and this version reads up to {format}). Type: pip install --upgrade elute"
        )
    while found < format:
        if found not in steps:
            raise RecipeError(f"Nothing reads recipes of format {found} any more: make it anew, session.recipe().save(folder).")
        told = {**steps[found](told), VERSION: found + 1}
        found += 1
    return told
