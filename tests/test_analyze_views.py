"""What an analyst is shown of a cluster and of a selection."""

from __future__ import annotations

import numpy as np
import pytest
from analyze_sets import TOPICS, Set, made, unit, view

from elute.analyze import NOISE, SELECTION, Context, OfflineAnalyst, cluster_views, selection_view
from elute.analyze.rules import belongs

CONTEXT = Context(n_rows=300, n_clusters=10)
OFFLINE = OfflineAnalyst()


# -- what is shown -----------------------------------------------------------------------------------------------------------


def test_views_show_the_middle_first_and_no_row_twice() -> None:
    whole = made()
    for one in whole.views(np.array(["a", "b", None] * 100, dtype=object)):
        own = np.flatnonzero(whole.labels == one.cluster)
        centroid = whole.X[own].mean(axis=0)
        assert one.rows[0] == own[np.argmax(whole.X[own] @ centroid)]
        assert len(set(one.rows)) == len(one.rows) == 12 and set(one.rows) <= set(own)
        assert one.texts == tuple(whole.texts[r] for r in one.rows)
        assert one.size == 30 and one.share == pytest.approx(0.1)
        assert dict(one.labels) == pytest.approx({"a": 1 / 3, "b": 1 / 3})
        assert one.closest[0][1] >= one.closest[-1][1] and len(one.neighbors) == len(one.closest) == 3
        assert one.cluster not in [number for number, _ in one.closest]


def test_content_follows_the_rows_and_not_the_number() -> None:
    whole = made()
    before = {one.content for one in whole.views()}
    renumbered = Set(whole.texts, (9 - whole.labels).astype(np.int32), whole.X, whole.ids)
    assert {one.content for one in renumbered.views()} == before
    labels = whole.labels.copy()
    labels[0] = -2
    assert len({one.content for one in Set(whole.texts, labels, whole.X, whole.ids).views()} & before) == 9
    edited = ["", *whole.texts[1:]]
    assert len({one.content for one in Set(edited, whole.labels, whole.X, whole.ids).views()} & before) == 9


def test_rows_that_are_not_in_the_round_are_not_shown() -> None:
    whole = made()
    labels = whole.labels.copy()
    labels[labels == 3] = -2
    labels[labels == 4] = -1
    views = Set(whole.texts, labels, whole.X, whole.ids).views()
    assert [one.cluster for one in views] == [0, 1, 2, 5, 6, 7, 8, 9, NOISE]
    assert sum(one.share for one in views) == pytest.approx(1)
    noise = views[-1]
    assert noise.silhouette is None and noise.strange is None and not noise.closest and len(noise.rows) == 12


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_tiny_and_identical_sets(n: int) -> None:
    X = unit(np.ones((n, 3)))
    views = cluster_views(["same"] * n, np.zeros(n, dtype=np.int32), X, None, np.arange(n, dtype=np.uint64))
    said = {a.cluster: a for a in OFFLINE.clusters(views, CONTEXT)}
    assert len(said) == min(n, 1)
    overview = OFFLINE.overview(views, said, Context(n_rows=n, n_clusters=len(said)))
    assert overview.more_or_fewer == "unsure" and overview.next and overview.imbalance


# -- selection ---------------------------------------------------------------------------------------------------------------


def test_a_selection_of_foreign_rows_does_not_belong_and_one_of_good_rows_does() -> None:
    mixed = made(foreign=60)
    foreign = mixed.labels == len(TOPICS)
    odd = selection_view(mixed.texts, foreign, mixed.labels, mixed.X, mixed.ids)
    assert odd.cluster == SELECTION and odd.size == 60
    said = OFFLINE.selection(odd, CONTEXT)
    assert said.belongs == "no" and "60 rows" in said.what
    good = np.zeros(len(mixed.texts), dtype=bool)
    good[:12] = True  # part of the cards: the rest of them is the nearest cluster
    told = selection_view(mixed.texts, good, mixed.labels, mixed.X, mixed.ids, names={0: "my cards"})
    assert told.neighbors[0] == "my cards"
    assert OFFLINE.selection(told, CONTEXT).belongs == "yes"


def test_little_is_said_of_little() -> None:
    assert belongs(view(size=2))[0] == "unsure"
    assert belongs(view(strange=None))[0] == "unsure"
    assert belongs(view(strange=5.0, loose=0.0))[0] == "unsure"
    assert belongs(view(strange=3.0, loose=2.0))[0] == "partly"
    with pytest.raises(ValueError, match="nothing is selected"):
        selection_view(["a"], np.array([False]), np.array([0]), np.ones((1, 2)), np.array([1], dtype=np.uint64))
