"""The tasks of one shard by itself: what its rows hold, what the recipe says of each, and the texts that near copies are found by."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.engines.job import WORK, Job, digest, recipe_of
from elute.engines.opening import Opened, opened
from elute.engines.parts import buckets_of, read_part, read_parts, records, write_parts
from elute.engines.store import Store
from elute.engines.tables import vectors_of
from elute.errors import InputError
from elute.prepare import prepare
from elute.recipe import Judged, Recipe
from elute.recipe.judged import compared
from elute.recipe.judging import read


def contents(store: Store, job: Job, index: int) -> dict[str, Any]:
    """Hash what each row holds, by bucket."""
    name = _contents_name(job, index)
    if not store.exists(name):
        recipe = recipe_of(store.root, job.recipe)
        shard = _opened(recipe, job, index)
        found = recipe.contents(shard.rows, job.columns or None, shard.names)
        rows = records(content=found, place=np.arange(len(found)))
        write_parts(store, name, rows, buckets_of(found, job.buckets), job.buckets)
        return {"new": True}
    return {"new": False}


def before(store: Store, job: Job, bucket: int, good: Sequence[int], among: str) -> dict[str, Any]:
    """How often what a row holds came in earlier shards, of a bucket of contents; by shard, where it did.

    ``good``: shards that could be read; ``among``: their :func:`among_key`.
    """
    name = _before_name(job, among, bucket)
    if store.exists(name):
        return {"new": False}
    parts = [read_part(store, _contents_name(job, index), bucket) for index in good]
    shard = np.repeat(np.array(good, np.int64), [len(part) for part in parts])
    whole = np.concatenate(parts)
    order = np.lexsort([whole["place"], shard, whole["content"]])
    whole, shard = whole[order], shard[order]
    new = np.ones(len(whole), bool)
    new[1:] = whole["content"][1:] != whole["content"][:-1]
    moved = new.copy()
    moved[1:] |= shard[1:] != shard[:-1]
    at = np.arange(len(whole))
    earlier = np.maximum.accumulate(np.where(moved, at, 0)) - np.maximum.accumulate(np.where(new, at, 0))
    some = earlier > 0
    write_parts(store, name, records(place=whole["place"][some], count=earlier[some]), shard[some], len(job.shards))
    return {"new": True}


def judge(store: Store, job: Job, index: int, among: str, texts: bool) -> dict[str, Any]:
    """What the recipe says of each row by itself; ``texts``: keep them beside, for as long as the run lasts.

    ``among``: :func:`among_key` of the shards that could be read, "" for a set of one. It is made once a run: a hash of each shard in
    the task of each would be the square of their number.
    """
    came = _came(store, job, index, among)
    key = job.judge_key(index, "" if came is None else digest(came["place"].tolist(), came["count"].tolist()))
    if store.exists(judged_name(key)):
        return {**json.loads(store.read(judged_name(key))), "key": key, "new": False}
    recipe = recipe_of(store.root, job.recipe)
    shard = _opened(recipe, job, index, job.vectors)
    table = shard.rows
    vectors = vectors_of(table, job.vectors, job.shards[index].name) if job.vectors and len(table) else None
    earlier = None
    if came is not None and len(came):
        earlier = np.zeros(len(table), np.int64)
        earlier[came["place"]] = came["count"]
    found = recipe.judge(
        table, vectors, columns=job.columns or None, before=earlier, on_missing=job.on_missing, names=shard.names
    )
    if len(found) != len(table):  # a row that is lost must never pass for a row that went
        raise InputError(
            f"{job.shards[index].name} has {len(table):,} rows, and {len(found):,} were judged. Nothing was written for it."
        )
    if texts:
        _write_texts(store, key, found.compared)
    write_parts(store, f"{WORK}/judged/{key}.part", _columns(found), np.zeros(len(found), np.int64), 1)
    told = {"rows": len(found), "skipped": list(found.skipped)}
    store.write(judged_name(key), json.dumps(told).encode())
    return {**told, "key": key, "new": True}


def keep_texts(store: Store, job: Job, index: int) -> dict[str, Any]:
    """The texts of a shard that an earlier run judged, prepared again: that takes no vector."""
    recipe, key = recipe_of(store.root, job.recipe), job.judged[index]
    if store.exists(texts_name(key)):
        return {"new": False}
    shard = _opened(recipe, job, index)
    corpus, _ = read(recipe, shard.rows, job.columns or None, job.on_missing, shard.names)
    prepared = prepare(corpus, recipe.prepare)
    _write_texts(store, key, compared(prepared))
    return {"new": True}


def among_key(job: Job, good: Sequence[int]) -> str:
    """What counts over these shards depend on: each as it is."""
    return digest([job.read_key(index) for index in good], len(job.shards))


def judged(store: Store, key: str) -> NDArray[Any]:
    """What was said of each row of a shard: the arrays of :class:`elute.recipe.Judged`, without the texts."""
    return read_part(store, f"{WORK}/judged/{key}.part", 0)


def judged_name(key: str) -> str:
    """Where it stands that a shard is judged."""
    return f"{WORK}/judged/{key}.json"


def texts_name(key: str) -> str:
    """Where the texts of a judged shard are."""
    return f"{WORK}/texts/{key}.part"


def texts_of(store: Store, key: str, places: NDArray[np.int64] | None = None) -> list[str]:
    """Prepared texts of a shard, of all its rows or of some; "" for a row without one, or whose text was cut."""
    content = store.read(texts_name(key))
    n = int.from_bytes(content[:8])
    ends = np.frombuffer(content, np.int64, n + 1, 8)
    base = 8 + 8 * (n + 1)
    rows = range(n) if places is None else places.tolist()
    return [content[base + ends[row] : base + ends[row + 1]].decode("utf-8", "surrogatepass") for row in rows]


def _write_texts(store: Store, key: str, texts: Sequence[str | None]) -> None:
    encoded = [(text or "").encode("utf-8", "surrogatepass") for text in texts]
    ends = np.concatenate([[0], np.cumsum([len(each) for each in encoded])]).astype(np.int64)
    store.write(texts_name(key), len(texts).to_bytes(8) + ends.tobytes() + b"".join(encoded))


def _opened(recipe: Recipe, job: Job, index: int, vectors: str = "") -> Opened:
    """A shard with the columns that the recipe reads, and ``vectors``. Of chats, each message."""
    only = [job.columns.get(name, name) for name in recipe.columns]
    return opened(recipe, job.shards[index], [*only, vectors], vectors, job.columns)


def _columns(found: Judged) -> NDArray[Any]:
    return records(
        keep=found.keep, settled=found.settled, reason=found.reason, cluster=found.cluster, score=found.score, learned=found.learned,
        same=found.same, label=found.label, stratum=found.stratum, rank=found.rank, group=found.group,
    )  # fmt: skip


def _came(store: Store, job: Job, index: int, among: str) -> NDArray[Any] | None:
    """Rows of this shard that came in earlier ones, by place; None for a set of one shard."""
    if not among:
        return None
    found = read_parts(store, [_before_name(job, among, bucket) for bucket in range(job.buckets)], index)
    return found[np.argsort(found["place"])]


def _contents_name(job: Job, index: int) -> str:
    return f"{WORK}/contents/{job.read_key(index)}-{job.buckets}.part"


def _before_name(job: Job, among: str, bucket: int) -> str:
    return f"{WORK}/before/{among}-{job.buckets}/{bucket}.part"
