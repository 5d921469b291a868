"""The cache on disk: content-keyed, shared by threads and processes, and never able to stop the work."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from elute.embed import Cache, FromFunction, embed
from elute.embed.cache import FILE, text_hash


def some(n: int, d: int = 4, seed: int = 0) -> tuple[list[bytes], np.ndarray]:
    hashes = [text_hash(f"{seed}:{i}") for i in range(n)]
    return hashes, np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)


def check(cache: Cache, key: str, hashes: list[bytes], vectors: np.ndarray) -> None:
    found = cache.get(key, hashes)
    assert np.array_equal(np.stack([found[h] for h in hashes]), vectors)


def test_what_is_put_is_got_bit_for_bit_and_keys_do_not_mix(tmp_path):
    cache = Cache(tmp_path / "deep" / "er")
    hashes, vectors = some(1234)  # more than one SELECT
    assert cache.get("m", hashes) == {}
    cache.put("m", hashes, vectors)
    cache.put("other'; DROP TABLE model; --", hashes[:2], vectors[:2, :3])
    check(Cache(tmp_path / "deep" / "er"), "m", hashes, vectors)
    check(cache, "other'; DROP TABLE model; --", hashes[:2], vectors[:2, :3])
    assert cache.get("m", [text_hash("never seen")]) == {}
    assert cache.take_problem() == ""


def test_hashes_are_of_content():
    assert text_hash("a") == text_hash("a") != text_hash("b")
    assert len(text_hash("\ud800 lone surrogate")) == 16


def test_a_corrupt_file_is_renamed_aside_and_a_new_one_begun(tmp_path):
    cache = Cache(tmp_path)
    hashes, vectors = some(5)
    rubbish = b"this is no database" * 1000
    (tmp_path / FILE).write_bytes(rubbish)
    assert cache.get("m", hashes) == {}
    assert "damaged" in cache.take_problem()
    aside = list(tmp_path.glob("*.damaged-*"))
    assert len(aside) == 1 and aside[0].read_bytes() == rubbish
    cache.put("m", hashes, vectors)
    check(cache, "m", hashes, vectors)
    assert cache.take_problem() == ""


def test_a_file_torn_in_the_middle_costs_time_not_results(tmp_path):
    texts = [f"text {i}" for i in range(400)]
    embedder = FromFunction(lambda t: [[len(x), int(x[5:]), 1.0] for x in t], key="k")
    right = embed(embedder, texts, cache=Cache(tmp_path))
    with (tmp_path / FILE).open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        for at in range(4096, size, 4096):
            file.seek(at)
            file.write(b"\xff" * 2000)
    again = embed(embedder, texts, cache=Cache(tmp_path))
    assert np.array_equal(right.vectors, again.vectors)
    assert any("damaged" in note for note in again.notes)
    assert embed(embedder, texts, cache=Cache(tmp_path)).cached == 400


def test_vectors_that_are_damaged_inside_a_sound_file_count_as_absent(tmp_path):
    cache = Cache(tmp_path)
    hashes, vectors = some(3)
    cache.put("m", hashes, vectors)
    with closing(sqlite3.connect(cache.path)) as db, db:
        db.execute("UPDATE vector_1 SET vector = x'0000' WHERE hash = ?", (hashes[0],))
        nan = np.full(4, np.nan, dtype=np.float32).tobytes()
        db.execute("UPDATE vector_1 SET vector = ? WHERE hash = ?", (nan, hashes[1]))
    assert list(cache.get("m", hashes)) == [hashes[2]]


def unusable(tmp_path, kind):
    """A folder in which no cache can be written, whoever runs the tests (root ignores permissions)."""
    if kind == "a file where the folder should be":
        (tmp_path / "c").write_text("")
        return tmp_path / "c" / "d"
    if kind == "a folder where the file should be":
        (tmp_path / FILE).mkdir()
        return tmp_path
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    (tmp_path / FILE).symlink_to("/dev/full")
    return tmp_path


@pytest.mark.parametrize(
    "kind", ["a file where the folder should be", "a folder where the file should be", "a file that can't be written"]
)
def test_a_cache_that_can_not_be_used_is_a_note(tmp_path, kind):
    result = embed(FromFunction(lambda t: [[1.0, 2.0]] * len(t), key="k"), ["a", "b"], cache=Cache(unusable(tmp_path, kind)))
    assert result.valid.all() and result.embedded == 2
    assert any("cache" in note.lower() for note in result.notes)


def test_a_full_disk_keeps_what_was_there(tmp_path):
    cache = Cache(tmp_path)
    hashes, vectors = some(10, d=300)
    cache.put("m", hashes, vectors)
    with closing(sqlite3.connect(cache.path)) as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
    connect = cache._connect

    def limited():
        db = connect()
        db.execute(f"PRAGMA max_page_count = {pages}")  # SQLite's own "database or disk is full"
        return db

    cache._connect = limited  # type: ignore[method-assign]
    more, others = some(500, d=300, seed=1)
    cache.put("m", more, others)
    assert "full" in cache.take_problem()
    del cache._connect
    check(cache, "m", hashes, vectors)
    assert cache.get("m", more) == {}, "a batch is stored whole or not at all"


def test_threads_and_processes_write_at_once(tmp_path):
    script = f"""
import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_embed_cache import some
from elute.embed import Cache
cache = Cache({str(tmp_path)!r})
for step in range(20):
    hashes, vectors = some(20, seed=int(sys.argv[1]) * 100 + step)
    cache.put("m", hashes, vectors)
assert not (problem := cache.take_problem()), problem
"""
    workers = [subprocess.Popen([sys.executable, "-c", script, str(i)]) for i in range(2)]
    cache = Cache(tmp_path)

    def write(seed: int) -> None:
        for step in range(20):
            cache.put("m", *some(20, seed=seed * 100 + step))

    threads = [threading.Thread(target=write, args=(i,)) for i in (2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [worker.wait() for worker in workers] == [0, 0] and cache.take_problem() == ""
    for seed in range(4):
        for step in range(20):
            check(cache, "m", *some(20, seed=seed * 100 + step))
