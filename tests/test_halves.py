"""A cluster of two kinds of texts comes apart, and the kind that is unlike the rest of the set comes first."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from grounds import ground

from elute.foreignness import halves
from elute.stylometry import table
from elute.suggest import halves_of
from elute.suggest.looks import decided

RNG = np.random.default_rng(0)
PLAIN = ["how do i reset my card", "where is my money", "can i pay abroad", "why was my transfer declined", "what is the fee"]
NEWS = [
    "The Council of 1921, led by J. Smith, met in Geneva.", "In 2004, Berlin (Germany) had 3,388,434 inhabitants.",
    "John F. Kennedy was born on May 29, 1917.", "The St. Louis Cardinals won in 1964; Boston lost.", "On 3 June 1890, fires hit Rome.",
]  # fmt: skip


def usual(X: Any, texts: list[str]) -> Any:
    traits = table(texts)
    unit = X / np.linalg.norm(X, axis=1, keepdims=True)
    return unit.mean(axis=0), traits.mean(axis=0), traits.std(axis=0)


def mixed(foreign: int = 30, own: int = 70) -> tuple[Any, list[str], Any]:
    """One cloud of vectors, in which only the way of writing tells rows apart."""
    X = np.array([5.0, *[0.0] * 15]) + RNG.normal(size=(foreign + own, 16))
    texts = [NEWS[row % 5] for row in range(foreign)] + [PLAIN[row % 5] for row in range(own)]
    return X, texts, np.arange(foreign + own) < foreign


def test_what_is_written_otherwise_comes_apart_from_the_same_topic_and_first() -> None:
    X, texts, foreign = mixed()
    rest, plain = RNG.normal(size=(300, 16)), [PLAIN[row % 5] for row in range(300)]
    found = halves(X, table(texts), usual(np.vstack([X, rest]), texts + plain))
    assert found is not None
    assert foreign[found].mean() > 0.95 and found[foreign].mean() > 0.95


def test_what_speaks_of_something_else_comes_apart_from_what_is_written_alike() -> None:
    far = np.zeros((2, 16))
    far[0, 0], far[1, 1] = 5, 5
    X = np.repeat(far, [20, 40], axis=0) + 0.3 * RNG.normal(size=(60, 16))
    texts = [PLAIN[row % 5] for row in range(60)]
    rest = far[1] + 0.3 * RNG.normal(size=(200, 16))
    found = halves(X, table(texts), usual(np.vstack([X, rest]), texts * 4 + texts[:20]))
    assert found is not None and np.flatnonzero(found).tolist() == list(range(20))


def test_the_same_rows_come_apart_the_same_each_time_whatever_the_length_of_their_vectors() -> None:
    X, texts, _ = mixed()
    told = usual(X, texts)
    np.testing.assert_array_equal(halves(X, table(texts), told), halves(7 * X, table(texts), told))


@pytest.mark.parametrize("n", [0, 1, 9])
def test_few_rows_are_read_whole(n: int) -> None:
    X, texts, _ = mixed()
    assert halves(X[:n], table(texts[:n]), usual(X, texts)) is None


def test_rows_that_are_all_the_same_and_a_half_of_one_row_are_read_whole() -> None:
    same, texts = np.ones((30, 4)), [PLAIN[0]] * 30
    assert halves(same, table(texts), usual(same, texts)) is None
    one = same.copy()
    one[0] = [9, -9, 9, -9]
    assert halves(one, table(texts), usual(one, texts)) is None


def test_vectors_of_zeros_and_missing_texts_are_no_harm() -> None:
    X, texts, _ = mixed()
    X[::7] = 0
    found = halves(X, table([None, *texts[1:]]), usual(X + 1e-9, texts))
    assert found is None or len(found) == len(X)


def test_the_halves_of_a_cluster_are_all_its_rows_that_stay_and_no_others() -> None:
    X, texts, foreign = mixed()
    rest = np.roll(np.array([5.0, *[0.0] * 15]), 3) + RNG.normal(size=(200, 16))
    texts = [f"{text} {row}" for row, text in enumerate(texts + [PLAIN[row % 5] for row in range(200)])]
    of = np.repeat([1, 0], [100, 200])
    keep = np.arange(300) % 10 > 0
    made = ground(np.vstack([X, rest]), of, texts=texts, keep=keep)
    cluster = int(made.made.labels[0])
    found = halves_of(made, cluster)
    assert found is not None
    first, second = found
    assert not (first & second).any()
    np.testing.assert_array_equal(first | second, (made.made.labels == cluster) & keep)
    assert np.append(foreign, np.zeros(200, bool))[first].mean() > 0.9
    assert halves_of(made, 99) is None


def test_a_cluster_too_large_to_wait_for_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    X, texts, _ = mixed()
    made = ground(X, np.zeros(100, int), texts=[f"{text} {row}" for row, text in enumerate(texts)])
    assert halves_of(made, 0) is not None
    monkeypatch.setattr("elute.suggest.halves.MOST", 99)
    assert halves_of(made, 0) is None


def test_a_half_that_went_is_no_cluster_looked_at() -> None:
    class Decision:
        def __init__(self, kind: str, **source: Any) -> None:
            self.kind, self.source = kind, {"kind": "look", **source}

    assert decided([Decision("drop", half=True), Decision("keep")]) == (0, 1)
    assert decided([Decision("drop", half=True), Decision("drop")]) == (1, 0)
