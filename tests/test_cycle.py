"""Rounds that continue each other: who stays where they were, what follows, and what a cancel leaves."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import elute
from elute.errors import Cancelled, InputError
from elute.progress import Silent
from elute.rounds.round import OUTSIDE, Round

CLUSTERERS = {
    "communities": elute.Communities(),
    "kmeans": elute.KMeans(),
    "dbscan": elute.DBSCAN(),
    "hdbscan": elute.HDBSCAN(),
    "full": elute.HDBSCAN(space="full"),
}


def blobs(n: int, k: int = 5, d: int = 24, spread: float = 0.12, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    X = np.eye(k, d)[np.arange(n) % k] + spread * random.normal(size=(n, d))
    return (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)


def session(X: np.ndarray, path: Path, **how: Any) -> elute.Session:
    texts = [f"text {row} of topic {row % 5}" for row in range(len(X))]
    return elute.Session(texts, embedder=X, path=path, **{"clusterer": elute.KMeans(5), "projector": "umap", **how})


class Until(Silent):
    """Stops the work at its n-th report or check."""

    def __init__(self, n: int = 10**9) -> None:
        self.left = n

    def check(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled("stopped")

    def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
        self.check()


def same(a: Round, b: Round) -> bool:
    return a.keep.tobytes() == b.keep.tobytes() and a.labels.tobytes() == b.labels.tobytes() and a.metrics == b.metrics


def test_everyone_stays_and_clusters_keep_their_numbers(tmp_path: Path) -> None:
    s = session(blobs(400), tmp_path)
    first = s.run()
    s.drop(np.random.default_rng(0).random(400) < 0.05)
    second = s.run()
    for dim in (2, 3):
        np.testing.assert_array_equal(second.coords[dim], first.coords[dim])
    kept = s.keep
    np.testing.assert_array_equal(second.labels[kept], first.labels[kept])
    assert (second.labels[~kept] == OUTSIDE).all()


def test_who_comes_back_is_where_they_were(tmp_path: Path) -> None:
    s = session(blobs(300), tmp_path)
    first = s.run()
    s.drop(cluster=0)
    s.run()
    s.restore(first.labels == 0)
    s.drop([1, 2, 3])
    third = s.run()
    for dim in (2, 3):
        np.testing.assert_array_equal(third.coords[dim], first.coords[dim])
    assert len(np.unique(third.labels[s.keep])) == 5


def test_a_new_text_is_placed_and_nobody_else_moves(tmp_path: Path) -> None:
    X = blobs(300)
    late = np.arange(300) % 30 == 7
    s = session(X, tmp_path)
    s.drop(late)
    first = s.run()
    assert np.isnan(first.coords[2][late]).all()
    s.restore(late)
    second = s.run()
    for dim in (2, 3):
        np.testing.assert_array_equal(second.coords[dim][~late], first.coords[dim][~late])
        assert np.isfinite(second.coords[dim]).all()
        for row in np.flatnonzero(late):  # beside the rows of its own topic
            topic = first.coords[dim][(np.arange(300) % 5 == row % 5) & ~late]
            assert np.linalg.norm(second.coords[dim][row] - topic, axis=1).min() < 0.3


def test_an_edited_text_moves_alone(tmp_path: Path) -> None:
    texts = [f"the {topic} went <b>{verb}</b> {place}" for topic in ("cat", "dog", "cow", "hen") for verb in ("out", "home", "far")
             for place in ("today", "at night", "again", "with a friend")]  # fmt: skip
    texts += ["<b>bold</b> claims about markets", "markets fell", "markets rose", "markets closed flat"]
    s = elute.Session(texts, embedder="tfidf", clusterer=elute.KMeans(3), projector="umap", path=tmp_path)
    first = s.run()
    second = s.run(prepare=elute.Prepare(markup=False))
    assert s.known_prepared is not None and second.number == 2
    for dim in (2, 3):
        assert np.isfinite(second.coords[dim]).all()
    plain = first.hashes == second.hashes
    np.testing.assert_array_equal(second.coords[3][plain], first.coords[3][plain])


@pytest.mark.parametrize("clusterer", CLUSTERERS.values(), ids=CLUSTERERS)
def test_copies_share_everything_and_count(tmp_path: Path, clusterer: Any) -> None:
    X = np.vstack([blobs(120), blobs(120)[:40], blobs(120)[:40]])
    s = session(X, tmp_path, clusterer=clusterer)
    made = s.run()
    s.drop([0, 121])  # a copy of row 0 and one of row 1 go; others of the same vectors stay
    again = s.run()
    for found in (made, again):
        kept = found.keep[:40] & found.keep[120:160]
        np.testing.assert_array_equal(found.labels[:40][kept], found.labels[120:160][kept])
        np.testing.assert_array_equal(found.coords[3][:40], found.coords[3][120:160])
        assert found.clusters["size"].sum() == found.keep.sum()
    assert again.labels[0] == OUTSIDE and again.labels[120] != OUTSIDE


def test_few_that_stay_are_worked_on_alone_with_the_same_result(tmp_path: Path) -> None:
    X = blobs(500)
    s = session(X, tmp_path, projector="pca")
    s.run()
    stay = np.arange(500) % 5 < 2
    s.keep_only(stay)
    made = s.run()
    whole = session(X[stay], tmp_path / "alone", projector="pca", clusterer=elute.KMeans(2)).run()
    assert made.metrics["clusters"] == 2
    for name in ("silhouette", "davies_bouldin", "calinski_harabasz"):
        assert math.isclose(made.metrics[name] or 0, whole.metrics[name] or 0, rel_tol=1e-5)


@pytest.mark.parametrize("clusterer", CLUSTERERS.values(), ids=CLUSTERERS)
def test_a_cancel_anywhere_leaves_the_last_round_whole(tmp_path: Path, clusterer: Any) -> None:
    s = session(blobs(150), tmp_path, clusterer=clusterer)
    first = s.run()
    s.drop(np.arange(150) % 15 == 2)
    stopped = 0
    for n in [*range(12), *range(12, 400, 17)]:
        try:
            second = s.run(progress=Until(n))
            break
        except Cancelled:
            stopped += 1
            assert s.find_round() is None and s._round is s._beside.whole(first)
    assert stopped and same(second, s.round) and second.number == 2
    s.undo()
    assert s.round is first


def test_refining_moves_points_a_little_and_nothing_else(tmp_path: Path) -> None:
    s = session(blobs(400), tmp_path)
    s.run()
    s.analyze()
    s.drop(cluster=0)
    before = s.run()
    s.analyze()
    names, seen = s.names, []
    after = s.refine(draft=seen.append)
    assert s.round is after and same(before, after) and s.names == names and s.analysis.overview is not None
    kept = s.keep
    for dim in (2, 3):
        moved = np.linalg.norm(after.coords[dim] - before.coords[dim], axis=1)
        assert 0 < moved[kept].mean() < 0.5
        assert (moved[~kept] == 0).all()
    assert all(made.draft for made in seen) and not after.draft
    s.undo()
    s.redo()
    assert s.round is after


def test_a_cancelled_refining_leaves_the_map(tmp_path: Path) -> None:
    s = session(blobs(300), tmp_path)
    made = s.run()
    with pytest.raises(Cancelled):
        s.refine(progress=Until(2))
    assert s.round is made


def test_the_map_of_an_older_round_is_not_refined(tmp_path: Path) -> None:
    s = session(blobs(60), tmp_path)
    s.run()
    s.drop([1])
    with pytest.raises(InputError, match="older round"):
        s.refine()


def test_a_first_layout_is_shown_as_it_settles(tmp_path: Path) -> None:
    seen: list[Round] = []
    s = session(blobs(3000), tmp_path)
    made = s.run(draft=seen.append)
    assert len(seen) > 1 and all(draft.draft for draft in seen)
    assert all(same(draft, made) for draft in seen)
    last = np.linalg.norm(made.coords[3] - seen[-1].coords[3], axis=1)
    assert np.median(last) < 0.2  # the last picture leads into the final one


@given(data=st.data())
@settings(max_examples=12, deadline=None)
def test_any_series_of_decisions_counts_every_row_once(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    n = 60
    s = session(blobs(n), tmp_path_factory.mktemp("series"), projector="pca", clusterer=elute.KMeans(3))
    s.run()
    for _ in range(data.draw(st.integers(1, 5))):
        rows = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
        act = data.draw(st.sampled_from([s.drop, s.restore, s.keep_only]))
        if act == s.keep_only and not (rows & s.keep).any():
            with pytest.raises(InputError, match="None of these rows stays"):
                act(rows)
            continue
        act(rows)
        if not s.keep.any():
            with pytest.raises(InputError, match="Undo"):
                s.run()
            s.undo()
            continue
        made = s.run()
        assert ((made.labels == OUTSIDE) == ~s.keep).all()
        assert made.clusters["size"].sum() == s.keep.sum()


@pytest.mark.parametrize("n", [*range(1, 13), 20, 29, 30, 31, 32, 40])
@pytest.mark.parametrize("clusterer", CLUSTERERS.values(), ids=CLUSTERERS)
def test_every_small_size_and_what_is_left_of_it(tmp_path: Path, n: int, clusterer: Any) -> None:
    s = session(blobs(n), tmp_path, clusterer=clusterer)
    first = s.run()
    assert first.labels.shape == (n,) and (first.labels >= -1).all()
    assert all(np.isfinite(at).all() for at in first.coords.values())
    if n > 1:
        s.drop(np.arange(n) < n - 1)
        last = s.run()
        assert last.labels[-1] >= -1 and (last.labels[:-1] == OUTSIDE).all()
        s.restore(np.ones(n, bool))
        assert same(s.run(), first)


@pytest.mark.parametrize("projector", ["pca", "umap"])
@pytest.mark.parametrize("clusterer", CLUSTERERS.values(), ids=CLUSTERERS)
def test_two_identical_blobs_and_nothing_else(tmp_path: Path, clusterer: Any, projector: str) -> None:
    X = np.repeat(blobs(2, k=2), 30, axis=0)
    made = session(X, tmp_path, clusterer=clusterer, projector=projector).run()
    assert len(np.unique(made.labels[::30])) <= 2
    assert all(np.isfinite(at).all() for at in made.coords.values())


def test_whole_clusters_go_and_the_others_stay_as_they_are(tmp_path: Path) -> None:
    X = blobs(600, k=10)
    s = session(X, tmp_path, clusterer=elute.KMeans(10))
    first = s.run()
    s.drop(np.isin(first.labels, [0, 3, 5]))
    second = s.run()
    np.testing.assert_array_equal(second.labels[s.keep], first.labels[s.keep])
    assert second.metrics["clusters"] == 7


def test_a_vector_stays_though_a_copy_of_it_was_dropped_long_ago(tmp_path: Path) -> None:
    X = np.vstack([blobs(240), blobs(240)[:60]])
    s = session(X, tmp_path)
    s.run()
    s.drop(np.arange(300) >= 240)
    s.run()
    refined = s.refine()
    s.drop([100])
    after = s.run()
    for dim in (2, 3):
        np.testing.assert_array_equal(after.coords[dim][:240], refined.coords[dim][:240])


def test_an_empty_file_of_the_cache_is_a_miss(tmp_path: Path, home: Path) -> None:
    X = blobs(60)
    session(X, tmp_path).run()
    files = list(home.rglob("*.npz"))
    for file in files:
        file.write_bytes(b"")
    assert files and session(X, tmp_path).run().metrics["clusters"] == 5


def test_copies_of_a_cluster_are_those_of_texts_and_of_rows_of_ones_own(tmp_path: Path) -> None:
    X = blobs(60)
    X[30:60] = X[:30]
    texts = [f"text {row} of topic {row % 5}" for row in range(60)]
    texts[55:] = texts[25:30]
    s = elute.Session(
        texts, embedder=np.vstack([X, X[:10]]), path=tmp_path, clusterer=elute.KMeans(5), projector="pca", reference=texts[:10]
    )
    table = s.run().clusters
    assert (table["duplicates"] * table["size"]).sum() == pytest.approx(5) == s.findings["copy"].sum()
