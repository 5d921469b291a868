"""The recipe: from a session, what treats the next ten million rows the same way."""

from __future__ import annotations

from pathlib import Path

from elute.recipe.across import Across, Balance, Duplicates, survivors, thinned, with_groups
from elute.recipe.applied import Applied, settled
from elute.recipe.judged import NO_TEXT, STAYS, Judged
from elute.recipe.making import make
from elute.recipe.preflight import Preflight
from elute.recipe.recipe import Recipe
from elute.recipe.rows import Reads

__all__ = [
    "NO_TEXT",
    "STAYS",
    "Across",
    "Applied",
    "Balance",
    "Duplicates",
    "Judged",
    "Preflight",
    "Reads",
    "Recipe",
    "load_recipe",
    "make",
    "settled",
    "survivors",
    "thinned",
    "with_groups",
]


def load_recipe(folder: str | Path, *, remote: bool = False) -> Recipe:
    """Read a recipe from its folder; see :meth:`Recipe.load`."""
    return Recipe.load(folder, remote=remote)
