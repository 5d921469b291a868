"""Rows like those of clusters that are probably foreign, and the verdicts that go by them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from analyze_sets import TOPICS, Set, made, view

from elute.analyze import NOISE, cluster_views, selection_view
from elute.analyze.rules import belongs, judge
from elute.analyze.suspects import suspects

LAST = len(TOPICS)


def mixed() -> tuple[Set, np.ndarray]:
    """Ten topics, foreign rows in a cluster of their own and ten more in cluster 0; and which rows are foreign."""
    whole = made(foreign=70)
    foreign = whole.labels == LAST
    labels = whole.labels.copy()
    labels[np.flatnonzero(foreign)[:10]] = 0
    # as vectors of real foreign rows do, they share a direction of their own
    X = whole.X + 0.8 * foreign[:, None] * np.eye(whole.X.shape[1], dtype=np.float32)[0]
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    return Set(whole.texts, labels, X.astype(np.float32), whole.ids), foreign


def test_foreign_rows_are_found_in_good_clusters_too() -> None:
    whole, foreign = mixed()
    found = suspects(whole.texts, whole.labels, whole.X, {**dict.fromkeys(range(LAST), 0.01), LAST: 0.95})
    assert foreign[found].mean() > 0.95 and found[foreign].mean() > 0.9
    assert found[foreign & (whole.labels == 0)].mean() > 0.8


@pytest.mark.parametrize("sure", [{}, {LAST: 0.3}, {LAST: np.nan}, {NOISE: 0.99}, dict.fromkeys(range(LAST + 1), 0.9)])
def test_without_suspect_clusters_or_with_nothing_else_no_row_is_named(sure: dict[int, float]) -> None:
    whole, _ = mixed()
    assert not suspects(whole.texts, whole.labels, whole.X, sure).any()


def test_rows_outside_the_round_and_without_text_do_no_harm() -> None:
    whole, _ = mixed()
    labels, texts = whole.labels.copy(), list(whole.texts)
    labels[5:9], texts[5:12] = -2, [None] * 7
    assert not suspects(texts, labels, whole.X, {LAST: 0.9})[5:9].any()


def test_views_carry_what_the_round_knows() -> None:
    whole, foreign = mixed()
    scores = whole.scores()
    sure = [0.97 if cluster == LAST else 0.01 for cluster in scores.clusters["cluster"]]
    table = scores.clusters.assign(confidence=sure, why=["Unlike the others in style." if p > 0.5 else "" for p in sure])
    views = cluster_views(whole.texts, whole.labels, whole.X, replace(scores, clusters=table), whole.ids)
    verdicts = {one.cluster: judge(one) for one in views}
    assert verdicts[LAST].verdict == "drop" and verdicts[LAST].reasons[0] == "Unlike the others in style"
    assert verdicts[0].verdict == "trim" and foreign[list(verdicts[0].trim)].mean() > 0.9
    assert set(verdicts[0].trim) <= set(np.flatnonzero(whole.labels == 0))
    assert {verdicts[cluster].verdict for cluster in range(1, LAST)} == {"keep"}
    assert verdicts[LAST].quality < verdicts[0].quality < verdicts[1].quality
    assert all(one.confidence is None for one in whole.views())  # what is not known is not made up


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"confidence": 0.0}, "keep"),
        ({"confidence": 0.0, "strange": 9.0, "loose": 9.0, "silhouette": 0.0}, "keep"),
        ({"confidence": 0.0, "strange": None, "loose": None}, "keep"),
        ({"confidence": 0.0, "size": 3}, "keep"),
        ({"confidence": 0.0, "silhouette": -0.2, "loose": 3.0}, "keep"),
        ({"confidence": 0.5}, "unsure"),
        ({"confidence": 0.95}, "unsure"),  # and yet none of its rows is like foreign ones
        ({"confidence": 0.95, "odd_share": 0.9, "odd": tuple(range(90))}, "drop"),
        (
            {"confidence": 0.95, "odd_share": 0.9, "odd": tuple(range(90)), "share": 0.25},
            "unsure",
        ),  # a fifth of the set is no stray
        ({"confidence": 0.6, "odd_share": 0.9, "odd": tuple(range(90))}, "trim"),
        ({"confidence": 0.6, "odd_share": 0.9, "odd": tuple(range(90)), "share": 0.25}, "unsure"),
        ({"confidence": 0.6, "odd_share": 0.9, "odd": tuple(range(18)), "size": 20}, "unsure"),  # a trim of nearly all is a drop
        ({"confidence": 0.6, "odd_share": 1.0, "odd": tuple(range(5)), "size": 5}, "unsure"),
        ({"confidence": 0.1, "odd_share": 1.0, "odd": tuple(range(100))}, "unsure"),
        ({"confidence": 0.95, "odd_share": 0.5, "odd": tuple(range(50))}, "trim"),
        ({"confidence": 0.0, "odd_share": 0.2, "odd": tuple(range(20))}, "trim"),
        ({"confidence": 0.0, "odd_share": 0.04, "odd": tuple(range(4))}, "keep"),
        ({"confidence": 0.0, "duplicates": 0.5}, "trim"),
        ({"confidence": 0.9, "cluster": NOISE}, "unsure"),
    ],
)
def test_verdicts_where_the_probability_is_known(changes: dict[str, object], verdict: str) -> None:
    found = judge(view(**changes))
    assert found.verdict == verdict and found.reasons and 0 <= found.quality <= 1 and 0 <= found.confidence <= 1


def test_copies_name_no_row_and_are_no_reason_for_those_that_are_named() -> None:
    alone = judge(view(confidence=0.0, duplicates=0.5))
    assert alone.trim == () and alone.reasons == ("50% are copies of other rows",)  # the figure is all that is known of them here
    both = judge(view(confidence=0.0, duplicates=0.5, odd_share=0.2, odd=tuple(range(20))))
    assert both.trim == tuple(range(20)) and "copies" not in " ".join(both.reasons)
    assert both.quality < judge(view(confidence=0.0, odd_share=0.2, odd=tuple(range(20)))).quality


def test_a_selection_is_as_foreign_as_the_clusters_it_is_in() -> None:
    whole, foreign = mixed()
    scores = whole.scores()
    sure = [0.97 if cluster == LAST else 0.01 for cluster in scores.clusters["cluster"]]
    scores = replace(scores, clusters=scores.clusters.assign(confidence=sure))

    def told(rows: np.ndarray) -> str:
        mask = np.isin(np.arange(len(whole.texts)), rows)
        one = selection_view(whole.texts, mask, whole.labels, whole.X, whole.ids, scores=scores)
        assert mask[list(one.odd)].all()
        return belongs(one)[0]

    dirty, good = np.flatnonzero(foreign & (whole.labels == LAST)), np.flatnonzero(~foreign & (whole.labels == 1))
    assert told(dirty) == "no" and told(dirty[:20]) == "no"
    assert told(good[:12]) == "yes"
    assert told(np.r_[good[:12], dirty[:12]]) == "partly"
    assert told(np.flatnonzero(foreign & (whole.labels == 0))) == "unsure", "like foreign rows, in a cluster that is good"


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({}, "yes"),
        ({"confidence": 0.05}, "yes"),
        ({"confidence": 0.05, "strange": None, "loose": None}, "yes"),
        ({"confidence": 0.4}, "unsure"),
        ({"confidence": 0.95}, "unsure"),
        ({"confidence": 0.95, "odd_share": 0.9, "odd": tuple(range(90))}, "no"),
        ({"confidence": 0.3, "odd_share": 0.9, "odd": tuple(range(90))}, "unsure"),
        ({"confidence": 0.95, "odd_share": 0.4, "odd": tuple(range(40))}, "partly"),
        ({"confidence": 0.05, "odd_share": 0.03, "odd": tuple(range(3))}, "yes"),
        ({"confidence": 0.05, "strange": 5.0, "loose": 4.0}, "no"),
        ({"confidence": 0.95, "odd_share": 0.9, "odd": (1, 2, 3, 4), "size": 4}, "unsure"),
    ],
)
def test_belonging_where_the_probability_is_known(changes: dict[str, object], answer: str) -> None:
    found, reasons = belongs(view(**changes))
    assert found == answer and reasons
