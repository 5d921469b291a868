"""The tasks of what is not per row, each a shuffle: a shard gives its rows by key, a bucket of keys says which of them go.

What a bucket says is by shard again, so that any later task of a shard reads its own share. The rules are those of
:mod:`elute.recipe.across`; here is only where their arrays come from.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.engines.job import Job, recipe_of
from elute.engines.judging import judged
from elute.engines.parts import buckets_of, place_of, read_parts, records, row_ids, shard_of, write_parts
from elute.engines.store import Store
from elute.recipe import STAYS, Across, Recipe, survivors, thinned, with_groups

SETTLED, OUT = 1, 2
"""Flags of a row in a shuffle."""
WHOLE = "-whole"
"""Behind the name of a step: of what it takes, only groups all of whose rows go."""
Mask = NDArray[np.bool_]


def steps_of(across: Across) -> list[str]:
    """The shuffles of a recipe, in their order."""
    found = ["group"] if across.groups else []
    copies = across.duplicates
    exact, near = copies is not None and copies.exact, copies is not None and copies.near
    for name, asked in (("copy", exact), ("near copy", near), ("balance", across.balance is not None)):
        if asked:
            found += [name, name + WHOLE] if across.groups else [name]
    return found


def near_name(job: Job) -> str:
    """Where the groups of near copies are, for which texts were compared."""
    return f"{job.folder}/near/groups.part"


@dataclass(eq=False)
class Standing:
    """Where the rows of a shard stand after some steps: as in :class:`elute.recipe.Judged`; ``copies`` is the lowest row of its copies, 0
    and more over all shards, -1 without."""

    said: NDArray[Any]
    keep: Mask
    reason: NDArray[np.int16]
    copies: NDArray[np.int64]

    @property
    def settled(self) -> Mask:
        return np.asarray(self.said["settled"])


def standing(store: Store, job: Job, recipe: Recipe, index: int, until: str = "") -> Standing:
    """Rows of a shard after all steps, or after those before ``until``."""
    said = judged(store, job.judged[index])
    now = Standing(said, said["keep"].copy(), said["reason"].copy(), np.full(len(said), -1, np.int64))
    steps = steps_of(recipe.across)
    for step in steps[: steps.index(until)] if until else steps:
        if not step.endswith(WHOLE):
            _take(store, job, recipe, index, step, now, step + WHOLE in steps)
    return now


def _take(store: Store, job: Job, recipe: Recipe, index: int, step: str, now: Standing, by_groups: bool) -> None:
    """Change where rows stand by what a step found."""
    found = _gathered(store, job, step, index)
    if step == "group":
        now.keep[found["place"]] = found["goes"] == 0
        now.reason[found["place"]] = np.where(found["goes"] == 1, recipe.because["group"], STAYS)
        return
    if step in ("copy", "near copy"):
        now.copies[found["place"]] = _number(job, found["of"])
    goes = found["place"][found["goes"] == 1]
    if by_groups:
        whole = _gathered(store, job, step + WHOLE, index)
        goes = np.concatenate([goes[now.said["group"][goes] == 0], whole["place"][whole["goes"] == 1]])
    now.keep[goes], now.reason[goes] = False, recipe.because[step]


def spread(store: Store, job: Job, index: int, step: str) -> dict[str, Any]:
    """Give the rows of a shard that a step is about, by key."""
    name = f"{job.folder}/{step}/spread/{index}.part"
    if store.exists(name):
        return {"new": False}
    recipe = recipe_of(store.root, job.recipe)
    now = standing(store, job, recipe, index, step.removesuffix(WHOLE))
    key, here = _keys(store, job, index, step, now)
    out = ~now.keep
    if step.endswith(WHOLE):
        taken = _gathered(store, job, step.removesuffix(WHOLE), index)
        out[taken["place"][taken["goes"] == 1]] = True
    some = np.flatnonzero(here)
    flag = now.settled * np.uint8(SETTLED) + out * np.uint8(OUT)
    rows = records(
        key=key[some], row=row_ids(index, len(key))[some], rank=now.said["rank"][some], flag=flag[some].astype(np.uint8)
    )
    write_parts(store, name, rows, buckets_of(rows["key"], job.buckets), job.buckets)
    return {"new": True}


def gather(store: Store, job: Job, bucket: int, step: str) -> dict[str, Any]:
    """Say of the rows of a bucket which go, or which no longer do."""
    name = f"{job.folder}/{step}/gather/{bucket}.part"
    if store.exists(name):
        return {"new": False}
    rows = read_parts(store, [f"{job.folder}/{step}/spread/{index}.part" for index in job.good], bucket)
    key, row = rows["key"], rows["row"].astype(np.int64)
    settled, out = (rows["flag"] & SETTLED) > 0, (rows["flag"] & OUT) > 0
    of, told = np.zeros(len(rows), np.uint64), np.ones(len(rows), bool)
    if step == "group":
        goes = np.where(settled, out, with_groups(key, out, settled & ~out))
        told = goes != out
    elif step.endswith(WHOLE):
        goes = told = out & ~np.isin(key, key[~out])
    elif step == "balance":
        caps = {int(at): int(cap) for at, cap in json.loads(store.read(f"{job.folder}/caps.json")).items()}
        told = goes = thinned(key.astype(np.int64), rows["rank"], row, settled, ~out, caps)
    else:
        goes = survivors(key, row, settled, ~out)
        of, told = _lowest(key, rows["row"])
    found = records(place=place_of(rows["row"]), goes=goes.astype(np.uint8), of=of)[told]
    write_parts(store, name, found, shard_of(rows["row"])[told], len(job.shards))
    return {"new": True}


def tally(store: Store, job: Job, index: int) -> dict[str, Any]:
    """Rows of each stratum that are still there: what caps are counted from."""
    now = standing(store, job, recipe_of(store.root, job.recipe), index, "balance")
    strata, counts = np.unique(now.said["stratum"][now.keep & (now.said["stratum"] != -1)], return_counts=True)
    return {"counts": [[int(at), int(count)] for at, count in zip(strata, counts, strict=True)], "new": True}


def _keys(store: Store, job: Job, index: int, step: str, now: Standing) -> tuple[NDArray[np.uint64], Mask]:
    """The key of each row in a step, and which rows it is about."""
    if step == "group":
        return now.said["group"], now.said["group"] != 0
    if step.endswith(WHOLE):
        return now.said["group"], now.keep & (now.said["group"] != 0)
    if step == "copy":
        return now.said["same"], now.keep & (now.said["same"] != 0)
    if step == "near copy":
        found = read_parts(store, [near_name(job)], index)
        key = np.zeros(len(now.keep), np.uint64)
        key[found["place"]] = found["of"] + np.uint64(1)
        return key, now.keep & (key != 0)
    caps = json.loads(store.read(f"{job.folder}/caps.json"))
    stratum = now.said["stratum"]
    return stratum.astype(np.uint64), now.keep & np.isin(stratum, [int(at) for at in caps])


def _gathered(store: Store, job: Job, step: str, index: int) -> NDArray[Any]:
    return read_parts(store, [f"{job.folder}/{step}/gather/{bucket}.part" for bucket in range(job.buckets)], index)


def _lowest(key: NDArray[np.uint64], row: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], Mask]:
    """The lowest row of each row's key, and whether the key has more rows than one."""
    _, back, count = np.unique(key, return_inverse=True, return_counts=True)
    least = np.full(len(count), np.iinfo(np.uint64).max, np.uint64)
    np.minimum.at(least, back, row)
    return least[back], count[back] > 1


def _number(job: Job, rows: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Ids of rows as places over all shards that could be read, one after the other."""
    starts = np.concatenate([[0], np.cumsum(job.rows)])
    return np.asarray(starts[shard_of(rows)] + place_of(rows))
