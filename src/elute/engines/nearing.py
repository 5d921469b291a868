"""The tasks that find near copies over all shards: keys, pairs that share one, a check of each pair, and the groups that pairs make.

The same pairs come out as from :func:`elute.alike.near_pairs` on all rows at once. How common a word is, which the check asks, is
counted over all shards first.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.alike.near import counted, edits, hashes_of, keys_of, with_label
from elute.alike.pairs import components, once, pairs_within
from elute.engines.crossing import near_name, standing
from elute.engines.job import Job, recipe_of
from elute.engines.judging import texts_of
from elute.engines.parts import buckets_of, place_of, read_part, read_parts, records, row_ids, shard_of, write_parts
from elute.engines.store import Store
from elute.findings.duplicates import FRAME
from elute.findings.words import Words


def sign(store: Store, job: Job, index: int) -> dict[str, Any]:
    """The keys of a shard's texts, and how many of them hold each word, both by bucket."""
    name, words_name = f"{job.folder}/near/keys/{index}.part", f"{job.folder}/near/words/{index}.part"
    if store.exists(name):
        return {"new": False}
    now = standing(store, job, recipe_of(store.root, job.recipe), index, "near copy")
    places = np.flatnonzero(now.keep & (now.said["same"] != 0))
    words = Words.of(texts_of(store, job.judged[index], places))
    hashes = hashes_of(words)
    write_parts(
        store, words_name, records(word=hashes, count=words.texts.astype(np.int64)), buckets_of(hashes, job.buckets), job.buckets
    )
    keys, of = keys_of(words)
    keys = with_label(keys, now.said["label"][places][of])
    found = records(key=keys, row=row_ids(index, len(now.keep))[places[of]])
    write_parts(store, name, found, buckets_of(keys, job.buckets), job.buckets)
    return {"new": True}


def pair(store: Store, job: Job, bucket: int) -> dict[str, Any]:
    """Rows of a bucket that share a key, two by two; and the words of a bucket, counted."""
    name = f"{job.folder}/near/pairs/{bucket}.part"
    if store.exists(name):
        return {"new": False}
    told = read_parts(store, [f"{job.folder}/near/words/{index}.part" for index in job.good], bucket)
    words, at = np.unique(told["word"], return_inverse=True)
    counts = np.zeros(len(words), np.int64)
    np.add.at(counts, at, told["count"])
    write_parts(
        store, f"{job.folder}/near/counts/{bucket}.part", records(word=words, count=counts), np.zeros(len(words), np.int64), 1
    )
    found = read_parts(store, [f"{job.folder}/near/keys/{index}.part" for index in job.good], bucket)
    low, high = pairs_within(found["key"], found["row"], FRAME)
    write_parts(store, name, records(low=low, high=high), buckets_of(low ^ (high << np.uint64(1)), job.buckets), job.buckets)
    return {"new": True}


def check(store: Store, job: Job, bucket: int) -> dict[str, Any]:
    """Compare each pair of a bucket once; what passes is an edge."""
    name = f"{job.folder}/near/edges/{bucket}.part"
    if store.exists(name):
        return {"new": False}
    copies = recipe_of(store.root, job.recipe).across.duplicates
    assert copies is not None
    found = read_parts(store, [f"{job.folder}/near/pairs/{each}.part" for each in range(job.buckets)], bucket)
    low, high = once(found["low"], found["high"])
    rows = np.unique(np.concatenate([low, high]))
    words = Words.of(_texts(store, job, rows))
    common = read_parts(store, [f"{job.folder}/near/counts/{each}.part" for each in range(job.buckets)], 0)
    common = common[np.argsort(common["word"])]
    words = counted(words, common["word"], common["count"])
    good = edits(words, np.searchsorted(rows, low), np.searchsorted(rows, high), copies.costs)
    write_parts(store, name, records(low=low[good], high=high[good]), np.zeros(int(good.sum()), np.int64), 1)
    return {"new": True, "pairs": len(low), "edges": int(good.sum())}


def join(store: Store, job: Job) -> dict[str, Any]:
    """The groups that edges make: each row's, as its lowest row, by shard."""
    name = near_name(job)
    if store.exists(name):
        return {"new": False}
    edges = [read_part(store, f"{job.folder}/near/edges/{bucket}.part", 0) for bucket in range(job.buckets)]
    whole = np.concatenate(edges)
    rows, lowest = components(whole["low"], whole["high"])
    write_parts(store, name, records(place=place_of(rows), of=lowest), shard_of(rows), len(job.shards))
    return {"new": True}


def _texts(store: Store, job: Job, rows: NDArray[np.uint64]) -> list[str]:
    """Prepared texts of rows of any shards; rows ascend."""
    shard, place = shard_of(rows), place_of(rows)
    found: list[str] = []
    for index in np.unique(shard).tolist():
        found += texts_of(store, job.judged[index], place[shard == index])
    return found
