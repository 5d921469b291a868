"""The last task of a shard: write the rows that stay, what was said of each row, and the marker that says so."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from elute.engines import shards
from elute.engines.crossing import standing
from elute.engines.job import WORK, Job, digest, recipe_of
from elute.engines.opening import opened, unchanged
from elute.engines.store import Store
from elute.errors import InputError


def marker(job: Job, index: int, crosses: bool) -> str:
    """What a shard's results depend on: on itself, and, where rows stand beside one another, on all others."""
    return digest(job.judged[index], job.key if crosses else "", job.shards[index].name)


def finish(store: Store, job: Job, index: int) -> dict[str, Any]:
    """Write ``data/NAME`` and ``rows/NAME.parquet``, then the marker."""
    recipe = recipe_of(store.root, job.recipe)
    mark = marker(job, index, bool(recipe.across))
    if (told := done(store, job, index, mark)) is not None:
        return {**told, "new": False}
    import pyarrow as pa

    shard = job.shards[index]
    now = standing(store, job, recipe, index)
    found = opened(recipe, shard, () if shard.kind == "JSON lines" else None)  # whose lines are written as they are
    if len(found) != len(now.keep):
        raise InputError(f"{shard.name} has changed while it was worked on. Start again once nobody writes to it.")
    name = shards.written_as(shard.name)
    reasons = pa.DictionaryArray.from_arrays(pa.array(now.reason.astype(np.int32)), pa.array(list(recipe.reasons)))
    rows = pa.table(
        {
            "row": np.arange(len(found)),
            **found.places,
            "keep": now.keep,
            "reason": reasons,
            "cluster": now.said["cluster"],
            "score": now.said["score"],
            "learned": now.said["learned"],
            "copies": now.copies,
        }
    )
    kept = found.kept(shard, now.keep, recipe.across.groups)
    unchanged(shard)  # some are read again for what they are written as
    store.write(f"data/{name}", kept)
    store.write(_rows_name(name), shards.content_of(rows))
    at, counts = np.unique(now.reason[~now.keep], return_counts=True)
    told = {
        "rows": len(found),
        "kept": int(now.keep.sum()),
        "went": {recipe.reasons[int(one)]: int(count) for one, count in zip(at, counts, strict=True)},
        "guessed": found.guessed,
    }
    store.write(marker_name(name), json.dumps({"marker": mark, **told}).encode())
    return {**told, "new": True}


def done(store: Store, job: Job, index: int, mark: str) -> dict[str, Any] | None:
    """What a shard's marker tells, where it is of this very work and its results are there."""
    name = shards.written_as(job.shards[index].name)
    if not all(store.exists(each) for each in (marker_name(name), f"data/{name}", _rows_name(name))):
        return None
    try:
        told = json.loads(store.read(marker_name(name)))
        return {key: told[key] for key in ("rows", "kept", "went", "guessed")} if told["marker"] == mark else None
    except (ValueError, LookupError, TypeError):
        return None


def forget(store: Store, name: str) -> None:
    """Remove what an earlier run wrote for a shard that now failed: it is of another file."""
    written = shards.written_as(name)
    if store.exists(marker_name(written)):
        for each in (marker_name(written), f"data/{written}", _rows_name(written)):
            store.remove(each)


def stale(store: Store, job: Job) -> tuple[str, ...]:
    """Names in ``data/`` of what earlier runs wrote for shards that this one does not have."""
    ours = {marker_name(shards.written_as(shard.name)) for shard in job.shards}
    first, last = len(marker_name("")) - len(".json"), -len(".json")
    names = [name[first:last] for name in store.names(f"{WORK}/done") if name not in ours]
    return tuple(name for name in names if store.exists(f"data/{name}"))


def marker_name(name: str) -> str:
    """Where the marker of a shard that is written under this name is."""
    return f"{WORK}/done/{name}.json"


def _rows_name(name: str) -> str:
    return f"rows/{name}" if name.endswith(".parquet") else f"rows/{name}.parquet"
