"""Projections at every small size, on bad input, and on neighbourhoods that are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.decomposition import PCA as SklearnPCA
from sklearn.decomposition import TruncatedSVD
from sklearn.manifold import trustworthiness

from elute.errors import Cancelled, InputError, SettingsError
from elute.neighbors import nearest
from elute.options import form, from_dict, to_dict
from elute.progress import Silent
from elute.project import PCA, PROJECTORS, TSNE, UMAP, Projection, as_projector, project, reduce
from elute.project.result import padded, scaled
from elute.project.sink import Sink


def unit(n: int, d: int = 8, seed: int = 0) -> np.ndarray:
    X = np.random.default_rng(seed).normal(size=(n, d))
    return (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)


def blobs(n: int, k: int = 5, d: int = 16) -> np.ndarray:
    random = np.random.default_rng(0)
    X = np.eye(k, d)[np.arange(n) % k] + 0.15 * random.normal(size=(n, d))
    return (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)


def well_formed(found: Projection, n: int) -> None:
    assert set(found.coords) == {2, 3}
    for dim, positions in found.coords.items():
        assert positions.shape == (n, dim) and positions.dtype == np.float32 and np.isfinite(positions).all()
        if n:
            assert np.abs(positions.mean(axis=0)).max() < 1e-3
            radius = np.quantile(np.linalg.norm(positions, axis=1), 0.99)
            assert radius == pytest.approx(1, abs=1e-3) or not positions.any()


@pytest.mark.parametrize("n", [*range(8), 14, 15, 16, 29, 30, 31, 40])
@pytest.mark.parametrize("projector", ["pca", "umap", "tsne"])
def test_every_small_size(projector: str, n: int) -> None:
    found = project(unit(n), projector)
    well_formed(found, n)
    if 0 < n <= 4 and projector != "pca":
        assert "too few" in found.notes[0] and "PCA" in found.notes[0] and found.params == {"name": "pca"}
    if projector == "tsne" and n > 4:
        assert found.params["perplexity"] == pytest.approx((n - 1) / 3) and f"too high for {n} texts" in found.notes[0]


@pytest.mark.parametrize("projector", ["pca", "umap", "tsne"])
def test_identical_vectors_lie_at_one_place_and_it_is_said(projector: str) -> None:
    found = project(np.repeat(unit(1, 384), 12, axis=0), projector)
    assert not found.coords[2].any() and not found.coords[3].any()
    assert "All 12 vectors are identical" in found.notes[0]


@pytest.mark.parametrize("projector", ["pca", "umap", "tsne", TruncatedSVD()], ids=repr)
def test_nan_rows_are_listed(projector: Any) -> None:
    X = unit(20)
    X[[5, 6]] = np.nan
    with pytest.raises(InputError, match=r"rows 5, 6\."):
        project(X, projector)
    with pytest.raises(InputError, match=r"rows 5, 6\."):
        reduce(X)


@pytest.mark.parametrize("projector", ["umap", TSNE(perplexity=5)], ids=repr)
def test_zero_and_equal_vectors_have_a_place(projector: Any) -> None:
    X = unit(24)
    X[[2, 3]] = 0
    X[10:20] = X[10]
    well_formed(project(X, projector), 24)


@pytest.mark.parametrize("projector", ["umap", TSNE(perplexity=20)], ids=repr)
def test_neighbours_stay_neighbours(projector: Any) -> None:
    X = blobs(200)
    found = project(X, projector, neighbors=lambda k: nearest(X, k))
    well_formed(found, 200)
    for dim in (2, 3):
        assert trustworthiness(X, found.coords[dim], n_neighbors=10, metric="cosine") > 0.85
    again = project(X, projector)
    np.testing.assert_array_equal(again.coords[3], found.coords[3])
    if projector == "umap":  # t-SNE starts from PCA and draws nothing
        assert not np.array_equal(project(X, projector, seed=1).coords[2], found.coords[2])


def test_parameters_of_umap_matter() -> None:
    X = blobs(100)
    loose, tight = (project(X, UMAP(min_dist=value)).coords[2] for value in (0.9, 0.0))
    assert _nearest_gap(loose) > 1.2 * _nearest_gap(tight)
    assert not np.array_equal(project(X, UMAP(n_neighbors=5)).coords[2], project(X, UMAP(n_neighbors=30)).coords[2])


def _nearest_gap(positions: np.ndarray) -> float:
    gaps = np.linalg.norm(positions[:, None] - positions, axis=2)
    np.fill_diagonal(gaps, np.inf)
    return float(np.median(gaps.min(axis=1)))


def test_a_graph_is_asked_for_only_where_it_is_needed() -> None:
    def refuse(k: int) -> Any:
        raise AssertionError("not needed")

    well_formed(project(unit(30), PCA(), neighbors=refuse), 30)


def test_pca_equals_scikit_learn_and_keeps_its_signs() -> None:
    X = (np.random.default_rng(0).normal(size=(300, 12)) * 0.7 ** np.arange(12)).astype(np.float32)
    found = project(X, "pca").coords
    expected = SklearnPCA(3, svd_solver="full").fit_transform(X.astype(float))
    np.testing.assert_allclose(
        found[3] / np.abs(found[3]).max(), expected / np.abs(expected).max() * np.sign(expected[0] * found[3][0]), atol=1e-4
    )
    fewer = project(X[:285], "pca").coords[3]
    assert (np.sum(fewer * found[3][:285], axis=0) > 0).all()


def test_pca_pads_with_zeros_where_rank_is_missing() -> None:
    found = project(np.array([[1, 0], [0, 1], [-1, 0], [0.6, 0.8], [0, -1]], dtype=np.float32), "pca").coords[3]
    assert found[:, :2].all(axis=1).any() and not found[:, 2].any()
    assert not project(unit(2), "pca").coords[3][:, 2].any()


def test_reduce_for_clustering() -> None:
    X = blobs(120)
    found = reduce(X, 5)
    assert found.shape == (120, 5) and found.dtype == np.float32 and np.isfinite(found).all()
    assert trustworthiness(X, found, n_neighbors=10, metric="cosine") > 0.85
    for n in (0, 1, 2, 5, 9, 10, 11):
        small = reduce(unit(n), 5)
        assert small.shape == (n, 5) and np.isfinite(small).all()
    assert not reduce(np.repeat(unit(1), 30, axis=0)).any()


@pytest.mark.parametrize("projector", [UMAP(algorithm="exact"), "tsne"], ids=repr)
def test_stages_are_reported_and_can_be_cancelled(projector: str) -> None:
    messages: list[str] = []

    class Listens(Silent):
        def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
            messages.append(message)

    class Stop(Silent):
        def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
            if "D" in message:
                raise Cancelled

    X = blobs(100)
    project(X, projector, progress=Listens())
    assert [word for word in ("2D", "3D") if any(word in message for message in messages)] == ["2D", "3D"]
    if projector == "tsne":  # killing the helper costs the next test some seconds, so once is enough
        with pytest.raises(Cancelled):
            project(X, projector, progress=Stop())


def test_a_sink_reads_counts_only() -> None:
    seen: list[tuple[str, int, int, str]] = []

    class Listens(Silent):
        def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
            seen.append((stage, done, total, message))

    sink = Sink(Listens(), "UMAP 2D")
    for text in ("\r", "3/200", "hello\n"):
        assert sink.write(text) == len(text)
    assert seen == [("project", 3, 200, "UMAP 2D")]


class Own:
    """A projector that returns what it is given."""

    def __init__(self, positions: Any) -> None:
        self.positions = positions

    def fit_transform(self, X: np.ndarray) -> Any:
        if isinstance(self.positions, Exception):
            raise self.positions
        return self.positions


class Plain:
    """One with ``n_components``, and nothing of scikit-learn."""

    n_components: int

    def __init__(self) -> None:
        self.n_components = 7

    def fit_transform(self, X: np.ndarray) -> np.ndarray:
        return X[:, : self.n_components]


def test_own_projectors() -> None:
    X = unit(30)
    own = TruncatedSVD(n_components=5)
    found = project(X, own)
    well_formed(found, 30)
    assert found.coords[3].all() and own.n_components == 5 and not hasattr(own, "components_")
    plain = Plain()
    found = project(X, plain)
    np.testing.assert_array_equal(found.coords[3], scaled(X[:, :3]))
    assert plain.n_components == 7
    flat = project(X, Own(X[:, :2]))
    np.testing.assert_allclose(flat.coords[2], flat.coords[3][:, :2])
    assert not flat.coords[3][:, 2].any()
    assert not project(X, Own(X[:, :1])).coords[2][:, 1].any()
    np.testing.assert_array_equal(project(X, Own(X)).coords[2], scaled(X[:, :2]))
    assert "too few for Own" in project(unit(3), Own(None)).notes[0]


def test_own_projectors_that_work_in_place_change_nothing() -> None:
    """scikit-learn's ``copy=False`` does: the next round would cluster and score what it left behind."""

    class InPlace(Plain):
        def fit_transform(self, X: np.ndarray) -> np.ndarray:
            X -= X.mean(axis=0)
            return super().fit_transform(X)

    X = unit(30)
    before = X.copy()
    found = project(X, InPlace())
    np.testing.assert_array_equal(X, before)
    np.testing.assert_array_equal(found.coords[3], scaled((X - X.mean(axis=0))[:, :3]))


@pytest.mark.parametrize(
    ("positions", "message"),
    [
        (np.zeros((5, 2)), r"returned shape \(5, 2\).*\(6, 2\) or \(6, 3\)"),
        (np.zeros(6), r"shape \(6,\)"),
        (np.zeros((6, 0)), r"shape \(6, 0\)"),
        ([["a", "b"]] * 6, "numbers are needed"),
        ([[np.nan, 0]] * 6, "NaN or infinity in 6 rows"),
        (ZeroDivisionError("oops"), "fit_transform failed: ZeroDivisionError: oops. It was given 6 unit vectors"),
    ],
)
def test_own_projectors_are_checked(positions: Any, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        project(unit(6), Own(positions))


def test_what_a_person_may_type() -> None:
    assert as_projector(None) == as_projector("umap") == UMAP()
    assert as_projector("t-SNE") == as_projector("tsne") == TSNE() and as_projector("PCA") == PCA()
    own = Own(None)
    assert as_projector(own) is own
    for wrong in ("isomap", 7, object()):
        with pytest.raises(SettingsError, match="'pca', 'umap', 'tsne'"):
            as_projector(wrong)
    with pytest.raises(SettingsError, match="is a class"):
        as_projector(TruncatedSVD)
    for make in (lambda: UMAP(n_neighbors=1), lambda: UMAP(min_dist=-0.1), lambda: TSNE(perplexity=0)):
        with pytest.raises(SettingsError, match="must be"):
            make()


def test_the_menu() -> None:
    assert list(PROJECTORS) == ["pca", "umap", "tsne"]
    for name, cls in PROJECTORS.items():
        shown = form(cls)
        assert shown["name"] == name and shown["title"] and 20 < len(shown["when"]) < 120
        assert from_dict(PROJECTORS, to_dict(cls())) == cls()


def test_scale_and_padding() -> None:
    positions = np.vstack([np.eye(2), -np.eye(2)]) * 7 + 100
    np.testing.assert_allclose(np.linalg.norm(scaled(positions), axis=1), 1)
    mostly_one_place = scaled(np.vstack([np.zeros((500, 2)), [[0, 5.0]]]))
    assert np.isfinite(mostly_one_place).all() and mostly_one_place.any()
    assert padded(np.ones((2, 1)), 3).tolist() == [[1, 0, 0], [1, 0, 0]]


def test_upright_puts_the_longest_axis_first_the_same_way_each_time():
    from elute.project.result import upright

    rng = np.random.default_rng(0)
    shape = rng.normal(size=(200, 3)) * [1.0, 4.0, 0.2]
    turned, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    one, two = upright(shape.astype(np.float32)), upright((shape @ turned).astype(np.float32))
    assert (np.diff(one.std(axis=0)) < 0).all()
    np.testing.assert_allclose(one, two, atol=1e-4)
    np.testing.assert_allclose(np.linalg.norm(one, axis=1), np.linalg.norm(shape, axis=1), rtol=1e-4)
