"""A filter learned from decisions: it finds the rest of the kind, and does not flatter itself."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from elute.decisions import Decision
from elute.decisions.along import asked, noted
from elute.errors import Cancelled, InputError
from elute.learn import CLEANING, Learned, examples, learn
from elute.neighbors import nearest
from elute.stylometry import table
from elute.suggest import LOOK, SAFE


def unit(X: NDArray[np.float64]) -> NDArray[np.float32]:
    return np.asarray(X / np.linalg.norm(X, axis=1, keepdims=True), np.float32)


def topics(n: int = 900, foreign: int = 120, seed: int = 0) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.int64]]:
    """Good rows of 20 topics, and foreign ones of 6 that share a direction; vectors, which are foreign, the topic of each."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(26, 32))
    centres[20:] += 3 * rng.normal(size=32)
    topic = np.r_[rng.integers(0, 20, n), rng.integers(20, 26, foreign)]
    return unit(centres[topic] + 0.7 * rng.normal(size=(len(topic), 32))), topic >= 20, topic


def test_the_rest_of_the_kind_is_found_in_clusters_never_seen() -> None:
    X, foreign, topic = topics()
    seen = foreign & (topic < 23)
    keep = (topic < 3) & ~foreign
    found = learn(X, keep, seen, groups=topic)
    more = found.more(~seen & ~keep)
    assert foreign[more].mean() > 0.9 and more[foreign & ~seen].mean() > 0.8


def test_folds_of_whole_clusters_say_when_nothing_carries_over() -> None:
    rng = np.random.default_rng(1)
    centres = 3 * np.linalg.qr(rng.normal(size=(60, 60)))[0]
    topic = np.r_[np.repeat(np.arange(50), 20), np.repeat(np.arange(50, 56), 20)]
    X = unit(centres[topic] + 0.2 * rng.normal(size=(len(topic), 60)))
    alone = learn(X, np.zeros(len(X), bool), topic >= 50, groups=topic)
    flattered = learn(X, np.zeros(len(X), bool), topic >= 50)
    assert alone.recall is not None and flattered.recall is not None
    assert alone.recall < 0.2 and flattered.recall > 0.8
    assert "whole clusters" in alone.note and "rows" in flattered.note


def test_a_few_rows_that_went_later_make_no_fold_of_their_own() -> None:
    X, foreign, topic = topics(foreign=240)
    told = foreign & (np.arange(len(X)) % 3 > 0)
    groups = np.where(topic == 20, 20, np.where(foreign, 21, topic))
    groups[np.flatnonzero(told)[:5]] = np.arange(100, 105)  # decided one by one, after two large clusters
    found = learn(X, np.zeros(len(X), bool), told, groups=groups)
    assert "on rows" in found.note and found.recall is not None and found.recall > 0.8


def test_labels_by_chance_teach_nothing() -> None:
    X, _, _ = topics()
    random = np.random.default_rng(0).random(len(X)) < 0.1
    found = learn(X, np.zeros(len(X), bool), random)
    assert found.recall is not None and found.recall < 0.1


def test_few_examples_are_smoothed_over_the_graph() -> None:
    X, foreign, _ = topics(foreign=90, seed=3)
    told = np.zeros(len(X), bool)
    told[np.random.default_rng(0).choice(np.flatnonzero(foreign), 6, replace=False)] = True
    nobody = np.zeros(len(X), bool)

    def ranks(found: Learned) -> float:
        rest = ~told
        order = np.argsort(np.argsort(found.scores[rest]))
        return float(order[foreign[rest]].mean() / rest.sum())

    assert ranks(learn(X, nobody, told, neighbors=nearest(X, 15))) > 0.9


def test_it_says_how_many_examples_are_missing() -> None:
    X, foreign, _ = topics()
    told = np.zeros(len(X), bool)
    told[np.flatnonzero(foreign)[:3]] = True
    found = learn(X, ~foreign, told)
    assert found.needed == 2 and found.precision is None and not found.more(~told).any() and "2 more rows" in found.note
    assert learn(X, ~foreign, np.ones(len(X), bool)).more(np.ones(len(X), bool)).sum() == 0


def test_what_is_of_many_kinds_names_nothing() -> None:
    X, foreign, topic = topics()
    sloppy = (topic == 20) | (~foreign & (np.random.default_rng(0).random(len(X)) < 0.05))
    found = learn(X, np.zeros(len(X), bool), sloppy, groups=topic)
    assert found.recall is not None and found.recall < 0.5 and not found.sure
    assert not found.more(~sloppy).any() and "not of one kind" in found.note
    clean = learn(X, np.zeros(len(X), bool), topic == 20, groups=topic)
    assert clean.sure and clean.more(topic != 20).any() and "not of one kind" not in clean.note


def test_where_little_is_left_fewer_are_named() -> None:
    X, foreign, topic = topics()
    none = np.zeros(len(X), bool)
    most, some = foreign & (np.arange(len(X)) % 10 > 0), foreign & (topic == 20)
    few, many = learn(X, none, most), learn(X, none, some)
    assert few.bias < many.bias  # a farther threshold
    assert foreign[few.more(~most)].all() and foreign[many.more(~some)].mean() > 0.9


def test_what_is_unlike_the_others_dropped_is_told() -> None:
    X, foreign, topic = topics()
    told = foreign | np.isin(
        np.arange(len(X)), [np.flatnonzero(topic == one)[0] for one in range(8)]
    )  # eight good rows went with them
    found = learn(X, np.zeros(len(X), bool), told)
    assert len(found.unlike) >= 4 and not foreign[found.unlike].any() and told[found.unlike].all()


def test_precision_counts_what_nobody_decided_as_wrong() -> None:
    X, foreign, topic = topics()
    told = foreign & (topic < 23)
    found, whole = learn(X, topic < 4, told), learn(X, topic < 4, foreign)
    named = found.more(~told).sum()
    assert found.precision is not None and found.precision_error is not None and 0 < found.precision_error < 0.2
    assert found.precision == pytest.approx(told.sum() / (told.sum() + named), abs=0.05)  # all of these are foreign
    assert whole.precision is not None and whole.precision > 0.95
    assert found.confidence is None and whole.confidence == whole.precision, "most of what it names nobody has decided"
    assert replace(found, decided=True).confidence == found.precision
    assert "nobody decided" in found.note


def test_uncertain_rows_are_undecided_and_differ() -> None:
    X, foreign, topic = topics()
    X[500:520] = X[500]  # twenty copies
    found = learn(X, topic < 2, foreign & (topic < 23))
    decided = (topic < 2) | (foreign & (topic < 23))
    assert len(found.uncertain) == 10 and not decided[found.uncertain].any()
    assert len(np.unique(X[found.uncertain], axis=0)) == 10


def test_it_travels_as_json_and_scores_other_rows() -> None:
    X, foreign, topic = topics()
    found = learn(X, topic < 3, foreign & (topic < 23), name="odd")
    back = Learned.from_dict(json.loads(json.dumps(found.to_dict())), X)
    assert back.name == "odd" and back.precision == found.precision
    np.testing.assert_allclose(back.scores, found.scores, atol=1e-5)
    with pytest.raises(InputError, match="another embedder"):
        Learned.from_dict(found.to_dict(), X[:, :5])


def written(topic: NDArray[np.int64], share: float = 0.95) -> list[str]:
    """A text a row: of the topics from 20 on most have no capital and no mark, of the others few."""
    rng = np.random.default_rng(7)
    plain = rng.random(len(topic)) < np.where(topic >= 20, share, 1 - share)
    return [f"tell me of number {i}" if bare else f"Tell me of number {i}." for i, bare in enumerate(plain)]


def test_the_way_of_writing_finds_what_the_vectors_do_not() -> None:
    rng = np.random.default_rng(2)
    centres = rng.normal(size=(26, 128))  # foreign topics share nothing with each other
    topic = np.r_[rng.integers(0, 20, 900), rng.integers(20, 26, 120)]
    X = unit(centres[topic] + 2.0 * rng.normal(size=(len(topic), 128)))
    texts, seen = written(topic), (topic >= 20) & (topic < 23)
    alone, both = learn(X, topic < 3, seen), learn(X, topic < 3, seen, traits=table(texts))
    rest, good = topic >= 23, topic < 20

    def before_the_good(found: Learned) -> float:
        return float(np.mean(found.scores[rest] > np.quantile(found.scores[good], 0.9)))

    assert before_the_good(both) > before_the_good(alone) + 0.2  # .51 and .23
    assert "how they are written" in both.note and "without a capital" in both.note and "written" not in alone.note
    back = Learned.from_dict(json.loads(json.dumps(both.to_dict())), X, texts)
    np.testing.assert_allclose(back.scores, both.scores, atol=1e-5)
    with pytest.raises(InputError, match="give the texts"):
        both.apply(X)


def test_rows_without_weight_take_no_part() -> None:
    X, foreign, topic = topics()
    weights = np.where(topic == 0, 0.0, 1.0)
    wild = X.copy()
    wild[topic == 0] = unit(np.random.default_rng(5).normal(size=(int((topic == 0).sum()), 32)))
    told = foreign & (topic < 23)
    one, other = learn(X, topic == 1, told, weights), learn(wild, topic == 1, told, weights)
    np.testing.assert_allclose(one.weights, other.weights, rtol=1e-3, atol=1e-3)


def test_examples_are_drops_for_what_a_text_says() -> None:
    def locate(ids: NDArray[np.uint64]) -> tuple[NDArray[np.bool_], int]:
        return np.isin(np.arange(6), ids.astype(int)), 0

    def drop(rows: list[int], **source: object) -> Decision:
        return Decision("x", "drop", np.array(rows, np.uint64), source=source)

    decisions = [
        drop([0], kind="lasso"),
        drop([1], kind="suggestion", kinds=["copies"]),
        drop([2], kind="suggestion", kinds=["foreign"]),
        drop([5], kind="lasso"),
    ]
    keep = np.array([0, 0, 0, 1, 1, 1], bool)  # 5 came back
    looked = np.array([1, 0, 0, 1, 0, 0], bool)
    kept, dropped = examples(decisions, keep, looked, locate)
    assert dropped.tolist() == [True, False, True, False, False, False]
    assert kept.tolist() == [False, False, False, True, False, False]


@pytest.mark.parametrize("data", [{}, noted(np.array([False, True, True])), {"along": "?"}, {"along": 3}, {"along": "eJw="}])
def test_of_a_drop_what_was_asked_for_teaches(data: Any) -> None:
    drop = Decision("x", "drop", np.arange(3, dtype=np.uint64), data=data)
    assert asked(drop).tolist() == ([0] if len(str(data.get("along", ""))) > 4 else [0, 1, 2])  # what can't be read says nothing


@pytest.mark.parametrize("kind", sorted(CLEANING))
def test_what_is_no_matter_of_belonging_teaches_nothing(kind: str) -> None:
    went = [Decision("x", "drop", np.arange(3, dtype=np.uint64), source={"kind": "suggestion", "kinds": [kind]})]
    _, dropped = examples(went, np.zeros(3, bool), np.zeros(3, bool), lambda ids: (np.ones(3, bool), 0))
    assert not dropped.any() and {"similar", "personal"} <= CLEANING <= {*SAFE, *LOOK}


def test_it_hears_a_cancel() -> None:
    class Stop:
        def report(self, *_: object) -> None: ...

        def check(self) -> None:
            raise Cancelled("stopped")

    X, foreign, _ = topics()
    with pytest.raises(Cancelled):
        learn(X, ~foreign, foreign, progress=Stop())
