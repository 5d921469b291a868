"""The shuffle: each shard writes its records by bucket into one file, and a bucket's task reads its share of every file.

A file is a line of JSON (types, and where each bucket begins) and the records behind it, sorted by bucket: one share is one range of
bytes, on a disk as in object storage. Plain numbers only.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.engines.store import Store
from elute.errors import InputError

SHARD_BITS = 40
"""A row's id is the number of its shard, and in its last 40 bits its place there: ids ascend as rows do over all shards in order."""
HEAD, LONGEST = 1 << 16, 1 << 28


def row_ids(shard: int, n: int) -> NDArray[np.uint64]:
    """(n,) ids of the rows of a shard."""
    return np.uint64(shard << SHARD_BITS) + np.arange(n, dtype=np.uint64)


def shard_of(rows: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Which shard each row is of."""
    return (rows >> np.uint64(SHARD_BITS)).astype(np.int64)


def place_of(rows: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Where in its shard each row is."""
    return (rows & np.uint64((1 << SHARD_BITS) - 1)).astype(np.int64)


def records(**columns: NDArray[Any]) -> NDArray[Any]:
    """Columns of one length as one array of records."""
    n = len(next(iter(columns.values())))
    made = np.empty(n, [(name, values.dtype.str) for name, values in columns.items()])
    for name, values in columns.items():
        made[name] = values
    return made


def write_parts(store: Store, name: str, found: NDArray[Any], bucket: NDArray[np.int64], buckets: int) -> None:
    """Write records by bucket; ``bucket`` (m,) says where each belongs, 0 to ``buckets - 1``."""
    order = np.argsort(bucket, kind="stable")
    ends = np.concatenate([[0], np.cumsum(np.bincount(bucket, minlength=buckets))])
    types = [[field, found.dtype[field].str] for field in found.dtype.names or ()]
    head = json.dumps({"types": types, "ends": ends.tolist()}).encode()
    store.write(name, len(head).to_bytes(8) + head + found[order].tobytes())


def read_part(store: Store, name: str, bucket: int) -> NDArray[Any]:
    """The records of one bucket, in the order in which they were given.

    Raises
    ------
    InputError
        The file is no such file.
    """
    first = store.read(name, 0, HEAD)
    size = int.from_bytes(first[:8])
    try:
        if not 0 < size < LONGEST:
            raise ValueError
        head = first[8 : 8 + size] if len(first) >= 8 + size else store.read(name, 8, 8 + size)
        told = json.loads(head)
        dtype = np.dtype([(str(field), str(kind)) for field, kind in told["types"]])
        start, stop = told["ends"][bucket : bucket + 2]
        if any(dtype[field].kind not in "biuf" for field in dtype.names or ()):
            raise ValueError
        base = 8 + size
        content = store.read(name, base + start * dtype.itemsize, base + stop * dtype.itemsize)
        if len(content) != (stop - start) * dtype.itemsize:
            raise ValueError
    except (ValueError, TypeError, LookupError):
        raise InputError(f"{name} is damaged. Remove it, and start again.") from None
    return np.frombuffer(content, dtype)


def read_parts(store: Store, names: Sequence[str], bucket: int) -> NDArray[Any]:
    """The records of one bucket of all files, one file after the other."""
    found = [read_part(store, name, bucket) for name in names]
    return np.concatenate(found) if found else np.empty(0, [("row", "<u8")])


def buckets_of(keys: NDArray[np.uint64], buckets: int) -> NDArray[np.int64]:
    """(m,) the bucket of each key, as even for numbers in a row as for hashes."""
    return (((keys * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(40)) % np.uint64(buckets)).astype(np.int64)
