"""``elute apply``: new data treated by a recipe, shard by shard, here or on a cluster."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from elute.cli.codes import DONE, INPUT, PARTLY
from elute.cli.saying import Saying
from elute.errors import InputError
from elute.recipe import Recipe
from elute.recipe.judged import together

SHOWN = 20
"""Failed shards that are printed; ``--json`` has all."""


def run(given: argparse.Namespace, say: Saying) -> int:
    """Look whether all is there, then hand over to the engine; shards that failed are listed, and the others are done."""
    columns = named(given.column)
    recipe = Recipe.load(recipe_in(Path(given.recipe).expanduser()))
    if given.check:
        return _check(recipe, given, columns, say)
    from elute.engines.run import apply_recipe
    from elute.engines.shards import left_out

    on_missing = "skip" if given.skip_missing else "refuse"
    done = apply_recipe(
        recipe, given.data, given.out, engine=given.engine, workers=given.workers, columns=columns, vectors=given.vectors,
        on_missing=on_missing, progress=say.progress,
    )  # fmt: skip
    for shard in done.failed[:SHOWN]:
        say.line(f"failed: {shard.name}: {shard.error}")
    if len(done.failed) > SHOWN:
        say.line(f"and {len(done.failed) - SHOWN:,} more that failed.")
    say.lines(*(f"left out: {each}" for each in together(each for shard in done.shards for each in shard.skipped)))
    say.lines(*(f"went: {reason}: {count:,}" for reason, count in done.went.items()))
    say.line(
        f"{done.kept:,} of {done.rows:,} rows stay, in {len(done.shards) - len(done.failed):,} of {len(done.shards):,} shards."
    )
    say.lines(done.guessed, done.left, left_out(done.unread))
    say.line(f"Written to {given.out}; {done.seconds:.0f} s.")
    say.result({
        "out": done.out, "rows": done.rows, "kept": done.kept, "went": done.went, "engine": done.engine, "seconds": done.seconds,
        "recipe": done.recipe, "shards": [vars(shard) for shard in done.shards], "failed": [shard.name for shard in done.failed],
        "stale": list(done.stale), "unread": list(done.unread),
        "work": {stage: list(counts) for stage, counts in done.work.items()},
    })  # fmt: skip
    return DONE if done.ok else PARTLY


def recipe_in(folder: Path) -> Path:
    """The folder of a recipe: this one, or that of ``elute clean`` in it."""
    inner = folder / "recipe"
    return inner if (inner / "recipe.json").is_file() and not (folder / "recipe.json").exists() else folder


def named(pairs: Sequence[str]) -> dict[str, str]:
    """``NEEDED=THERE`` as a mapping.

    Raises
    ------
    InputError
        One has no ``=`` between two names.

    >>> named(["text=body"])
    {'text': 'body'}
    """
    split = [pair.partition("=") for pair in pairs]
    if wrong := next((pair for pair, (needed, _, there) in zip(pairs, split, strict=True) if not needed or not there), None):
        raise InputError(f"--column takes NEEDED=THERE, such as text=body, not {wrong[:60]!r}.")
    return {needed: there for needed, _, there in split}


def _check(recipe: Recipe, given: argparse.Namespace, columns: dict[str, str], say: Saying) -> int:
    """What it does in sentences, and what it needs of the first shard; nothing is written."""
    from elute.engines import shards
    from elute.engines.opening import opened

    found = shards.find(given.data)
    names = next((names for shard in found if (names := opened(recipe, shard, ()).names)), ())  # a shard may be empty
    told = recipe.preflight(list(names), columns or None, vectors=bool(given.vectors))
    explained, unread = recipe.explain(), shards.unread(given.data)
    say.lines(*explained, *str(told).splitlines(), shards.left_out(unread))
    say.result({
        "recipe": recipe.digest, "explain": explained, "ok": told.ok, "columns": dict(told.columns), "missing": told.missing,
        "notes": told.notes, "shards": len(found), "unread": list(unread),
    })  # fmt: skip
    return DONE if told.ok else INPUT
