"""``elute apply``: new data treated by a recipe, shard by shard, here or on a cluster."""

from __future__ import annotations

import argparse

from elute.cli.codes import DONE
from elute.cli.saying import Saying


def run(given: argparse.Namespace, say: Saying) -> int:
    """Check, then hand over to the engine."""
    from elute.recipe import Recipe

    recipe = Recipe.load(given.recipe)
    say.lines(*recipe.explain())
    return DONE
