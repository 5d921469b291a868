"""Which cluster to look at first: what is unlike the rest rises, odd input is answered, and the same input alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elute.errors import Cancelled
from elute.foreignness import FAMILIES, FEW, READ, Dropped, Wording, foreignness, near_dropped
from elute.foreignness.names import as_words, label_names
from elute.foreignness.tell import why
from elute.metrics import Target
from elute.neighbors import nearest
from elute.progress import Silent
from elute.stylometry import TRAITS

RNG = np.random.default_rng(0)
BANK = "my card was declined and the bank said nothing about the transfer or the account".split()
NEWS = "parliament voted yesterday on budgets while ministers abroad discussed treaties and elections".split()


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def made(clusters: int, foreign: int, each: int = 30) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Clusters near one another in wording and place, and one elsewhere."""
    labels = np.repeat(np.arange(clusters), each)
    centres = np.zeros((clusters, 12))
    centres[:, 0] = 1
    centres += 0.3 * np.eye(clusters, 12, 1)
    centres[foreign, 0] = -1
    X = unit(centres[labels] + 0.05 * RNG.normal(size=(len(labels), 12)))
    texts = [" ".join(RNG.choice(NEWS if label == foreign else BANK, 9)) for label in labels]
    return X, labels, texts


@pytest.mark.parametrize("foreign", [0, 3, 6])
def test_the_cluster_that_is_unlike_the_others_comes_first(foreign: int) -> None:
    found = foreignness(*made(7, foreign))
    assert found.clusters.tolist() == list(range(7)) and int(found.score.argmax()) == foreign
    assert found.score.min() >= 0 and found.score.max() <= 1
    assert "words of its own" in found.why(foreign) and "far from all the others" in found.why(foreign)
    plain = next(at for at in range(7) if all(values[at] < 0.5 for values in found.evidence.values()))
    assert found.why(plain) == ""
    told = found.signals(foreign)
    assert {signal["name"] for signal in told} <= set(FAMILIES) and all(0 <= signal["value"] <= 1 for signal in told)
    assert [signal["value"] for signal in told] == sorted((signal["value"] for signal in told), reverse=True)
    assert np.argmax(found.confidence) == foreign and (found.confidence >= 0).all() and (found.confidence <= 1).all()


def test_the_numbers_of_clusters_do_not_matter() -> None:
    X, labels, texts = made(6, 2)
    other = np.array([40, 7, 3, 90, 12, 5])
    one, two = foreignness(X, labels, texts), foreignness(X, other[labels], texts)
    np.testing.assert_allclose(two.score[np.searchsorted(two.clusters, other)], one.score, atol=1e-6)


@pytest.mark.parametrize("told", ["by a sample", "of all", "of some"])
def test_what_lies_among_the_dropped_rises(told: str) -> None:
    X, labels, texts = made(7, 0)
    before = foreignness(X, labels, texts)
    X = np.vstack([X, unit(X[labels == 4] + 0.02 * RNG.normal(size=(30, 12)))])
    labels, texts, gone = np.r_[labels, np.full(30, -2)], [*texts, *["gone"] * 30], np.arange(240) >= 210
    near = near_dropped(X, labels, gone)
    assert np.isnan(near[gone]).all() and (~np.isnan(near)).sum() == 7 * 20
    if told != "by a sample":
        near = np.where(labels == 4, 0.5, 0 if told == "of all" else np.nan).astype(np.float32)
    after = foreignness(X, labels, texts, weights=(~gone).astype(float), near_dropped=near)
    rest = [1, 2, 3, 5, 6]
    assert after.clusters.tolist() == list(range(7))
    assert after.score[4] / after.score[rest].max() > before.score[4] / before.score[rest].max()
    assert "of its neighbours were dropped" in after.why(4)


def test_nothing_is_near_where_nothing_was_dropped() -> None:
    X, labels, _ = made(6, 0, each=4)
    near = near_dropped(X, labels, np.zeros(len(X), bool))
    np.testing.assert_array_equal(near, np.zeros(len(X)))
    assert np.isnan(near_dropped(X, np.full(len(X), -2), np.ones(len(X), bool))).all()
    assert np.isnan(near_dropped(X, labels, np.zeros(len(X), bool), np.arange(len(X)) % 2)[::2]).all()


@given(seed=st.integers(0, 99), gone=st.floats(0, 0.4))
@settings(max_examples=15, deadline=None)
def test_what_was_read_before_and_what_takes_no_part_change_nothing(seed: int, gone: float) -> None:
    X, labels, texts = made(6, 2)
    weights = (np.random.default_rng(seed).random(len(X)) >= gone) * np.random.default_rng(seed).integers(1, 4, len(X))
    wording = Wording()
    foreignness(X, labels, texts, wording=wording)
    ids = np.flatnonzero(weights)
    warm = foreignness(X, labels, texts, weights=weights, wording=wording)
    cold = foreignness(X, labels, lambda at: texts[at], weights=weights)
    part = foreignness(X[ids], labels[ids], [texts[at] for at in ids], weights=weights[ids], ids=ids)
    np.testing.assert_array_equal(warm.score, cold.score)
    np.testing.assert_allclose(part.score, cold.score, atol=1e-9)


def test_after_a_removal_nearly_the_same_texts_are_read() -> None:
    asked: list[set[int]] = []

    def text(at: int) -> str:
        asked[-1].add(at)
        return "a text"

    X, labels, _ = made(6, 2, each=400)
    for weights in (np.ones(len(X)), (np.random.default_rng(0).random(len(X)) > 0.05).astype(float)):
        asked.append(set())
        foreignness(X, labels, text, weights=weights)
    assert [len(rows) for rows in asked] == [6 * READ] * 2
    assert len(asked[0] & asked[1]) > 0.9 * 6 * READ


def test_texts_are_forgotten_when_they_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    X, labels, texts = made(6, 2)
    wording = Wording()
    first = foreignness(X, labels, texts, wording=wording)
    monkeypatch.setattr("elute.foreignness.wording.REMEMBERED", 5)
    np.testing.assert_array_equal(foreignness(X, labels, texts, wording=wording).score, first.score)


def test_perplexity_by_hand() -> None:
    told = Wording().perplexity([["a a b"], ["b c"]]).words
    # the first under the second: counts of 1 + (0, 0, 1) among 2 words of 3 kinds; the second under the first
    assert told[0] == pytest.approx(-(2 * np.log(1 / 5) + np.log(2 / 5)) / 3)
    assert told[1] == pytest.approx(-(np.log(2 / 6) + np.log(1 / 6)) / 2)


@pytest.mark.parametrize("labels", [[-1] * 8, [0] * 8, [0, 0, 1, 1, 2, 2, 3, -1]])
def test_of_too_few_clusters_none_is_called_foreign(labels: list[int]) -> None:
    assert len({label for label in labels if label >= 0}) < FEW
    found = foreignness(unit(RNG.normal(size=(8, 4))), np.array(labels), ["a text"] * 8)
    assert not found.score.any() and all(found.why(at) == "" for at in range(len(found.clusters)))
    assert np.isnan(found.confidence).all() and found.nothing.startswith("Nothing stands out")


def test_noise_is_measured_by_the_others() -> None:
    X, labels, texts = made(6, 1)
    with_noise = np.where(np.arange(len(labels)) % 10 == 9, -1, labels)
    found = foreignness(X, with_noise, texts)
    assert found.clusters.tolist() == [-1, 0, 1, 2, 3, 4, 5] and int(found.score.argmax()) in (0, 2)
    assert np.isfinite(found.score).all()


@pytest.mark.parametrize("text", [None, "", "   ", "!", "猫", "\ud800", "x" * 100_000])
def test_texts_that_say_nothing_are_no_evidence(text: str | None) -> None:
    X, labels, _ = made(6, 1, each=4)
    found = foreignness(X, labels, [text] * len(labels))
    assert np.isfinite(found.score).all() and not found.weighed["words"].any() and not found.weighed["characters"].any()


def test_clusters_of_one_row_and_of_the_same_row_are_answered() -> None:
    same = unit(np.ones((6, 3)))
    found = foreignness(same, np.arange(6), ["one text"] * 6)
    assert np.isfinite(found.score).all() and np.ptp(found.score) == 0 and not any(found.told)
    foreignness(same, np.arange(6), ["one text"] * 6, near_dropped=np.ones(6, np.float32))


@pytest.mark.parametrize("each", [9, 10])
def test_of_few_texts_no_probability_is_told_and_the_order_stays(each: int) -> None:
    X, labels, texts = made(7, 3, each=30)
    few = (labels != 3) | (np.cumsum(labels == 3) <= each)
    copies = np.where(labels == 3, 4, 1)[few]
    found = foreignness(X[few], labels[few], [text for text, stays in zip(texts, few, strict=True) if stays], weights=copies)
    assert found.score.argmax() == 3 and found.nothing == "" and found.why(3)
    assert np.isnan(found.confidence[3]) == (each < 10) and (np.delete(found.confidence, 3) < 0.5).all()


def test_a_cancel_takes_hold() -> None:
    class Stop(Silent):
        def check(self) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        foreignness(*made(6, 1), progress=Stop())


def same_words(each: int = 40) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Seven clusters with nothing to tell them apart but their place, which is as far from one another's."""
    labels = np.repeat(np.arange(7), each)
    X = unit(np.eye(7, 12)[labels] + 0.1 * RNG.normal(size=(len(labels), 12)) + 0.4)
    return X, labels, [" ".join(RNG.choice(BANK, 9)) for _ in labels]


def test_what_is_written_otherwise_rises_whatever_it_is_about() -> None:
    X, labels, texts = same_words()
    texts = [f"{text.capitalize()}?" if label == 5 else text for text, label in zip(texts, labels, strict=True)]
    found = foreignness(X, labels, texts)
    assert int(found.score.argmax()) == 5 and found.why(5).startswith("Written unlike the rest (")
    assert any(said[0] in found.why(5) for said in TRAITS.values())


def test_marks_beyond_ascii_are_not_called_letters() -> None:
    X, labels, texts = made(7, 3)
    quoted = [f"“{text}” – …" if label == 3 else text for text, label in zip(texts, labels, strict=True)]
    assert "beyond ASCII" in foreignness(X, labels, quoted).why(3)


@pytest.mark.parametrize("carried", ["random", "fixed", "missing"])
def test_labels_that_are_not_those_of_the_rest_tell(carried: str) -> None:
    X, labels, texts = same_words()
    own = np.array([f"label {label}" for label in labels], object)
    away = labels == 3
    own[away] = {
        "random": [f"label {label}" for label in RNG.choice([0, 1, 2, 4, 5, 6], away.sum())],
        "fixed": "label 6",
        "missing": None,
    }[carried]
    names = unit(np.eye(7, 12) + 0.4)
    target = Target.of_rows(own, np.arange(len(own)))
    order = [int(value.split()[1]) for value in target.values]
    plain = foreignness(X, labels, texts)
    found = foreignness(X, labels, texts, target=target, label_names=names[order])
    assert found.evidence["labels"].argmax() == 3 and found.score[3] > plain.score[3]
    said = {"random": "look drawn by lot", "fixed": "stands elsewhere for unlike", "missing": "100 % of it has no label"}
    assert said[carried] in found.why(3).lower() and found.confidence[3] > 2 * plain.confidence[3]


@pytest.mark.parametrize("graph", [False, True])
def test_labels_by_lot_tell_by_neighbours_or_by_clusters(graph: bool) -> None:
    X, labels, texts = same_words()
    own = np.where(labels == 3, RNG.choice([0, 1, 2, 4, 5, 6], 280), labels).astype(str).astype(object)
    target = Target.of_rows(own, np.arange(280))
    found = foreignness(X, labels, texts, target=target, neighbors=nearest(X, 5) if graph else None)
    assert found.raw["odd"][3] > 0.9 > 0.2 > np.delete(found.raw["odd"], 3).max()
    by_lot = Target.of_rows(RNG.permutation(own), np.arange(280))
    assert not foreignness(X, labels, texts, target=by_lot).raw["odd"].any(), "labels that no cluster follows say nothing"


@pytest.mark.parametrize("each", [5, 30])
def test_of_few_texts_as_many_neighbours_count_as_it_has_texts(each: int) -> None:
    """Five rows of one label beside 15 neighbours: ten of these are of other clusters, whatever the labels are."""
    X, labels, texts = same_words()
    few = (labels != 3) | (np.cumsum(labels == 3) <= each)
    X, labels, texts = X[few], labels[few], [text for text, stays in zip(texts, few, strict=True) if stays]
    X = unit(X + 0.5 * np.eye(7, 12, 5)[labels])
    one_each = Target.of_rows(labels.astype(str).astype(object), np.arange(len(labels)))
    found = foreignness(X, labels, texts, target=one_each, neighbors=nearest(X, 15))
    assert found.raw["odd"][3] < 0.1 and "lot" not in found.why(3)
    by_lot = np.where(labels == 3, RNG.choice([0, 1, 2, 4, 5, 6], len(labels)), labels).astype(str).astype(object)
    found = foreignness(X, labels, texts, target=Target.of_rows(by_lot, np.arange(len(labels))), neighbors=nearest(X, 15))
    assert found.raw["odd"][3] > 0.7


def test_labels_that_agree_are_not_by_lot_though_their_neighbours_bear_others() -> None:
    X, labels, texts = same_words(12)
    mixed_in = np.where(np.arange(len(labels)) % 2 == 0, 3, labels)
    own = np.where(mixed_in == 3, "three", labels.astype(str)).astype(object)
    found = foreignness(X, mixed_in, texts, target=Target.of_rows(own, np.arange(len(own))), neighbors=nearest(X, 15))
    assert found.raw["odd"][3] > 0.5, "its rows lie among those of the others"
    assert "lot" not in found.why(3) and "% of its neighbours bear another label" in found.why(3)


def test_of_two_as_likely_foreign_the_larger_comes_first() -> None:
    X, labels, texts = made(7, 2)
    sizes = np.where(labels == 2, 4, 1)
    once, more = foreignness(X, labels, texts), foreignness(X, labels, texts, weights=sizes)
    np.testing.assert_allclose(more.confidence, once.confidence, atol=0.05)
    assert more.score[2] == pytest.approx(more.confidence[2]) and (np.delete(more.score, 2) < np.delete(more.confidence, 2)).all()


@pytest.mark.parametrize(
    ("strong", "said"),
    [
        ((), ""),
        (("spread",), "Loosely packed."),
        (("wording", "spread"), "In words of its own and loosely packed."),
        (("wording", "dropped"), "In words of its own, and 38 % of its neighbours were dropped."),
        (("dropped",), "38 % of its neighbours were dropped."),
        (
            ("dropped", "wording", "spread", "task"),
            "In words of its own, loosely packed, and 38 % of its neighbours were dropped.",
        ),
    ],
)
def test_why_reads_as_a_person_would_say_it(strong: tuple[str, ...], said: str) -> None:
    real, values = np.ones(5, bool), np.array([0.9, 0.1, 0.1, 0.1, 0.1])
    evidence = {name: (1 - at / 10) * values for at, name in enumerate(strong)}
    assert why(0, evidence, {"loose": values, "share": 0.42 * values}, real, np.zeros((5, len(TRAITS)))) == said
    assert why(1, evidence, {"loose": values, "share": 0.42 * values}, real, np.zeros((5, len(TRAITS)))) == ""


@pytest.mark.parametrize("labels_", [[None] * 280, ["one"] * 280, list(map(str, range(280))), [float("nan")] * 280])
def test_labels_that_say_nothing_change_nothing(labels_: list[object]) -> None:
    X, labels, texts = made(7, 2, each=40)
    target = Target.of_rows(np.array(labels_, object), np.arange(280))
    np.testing.assert_array_equal(foreignness(X, labels, texts, target=target).score, foreignness(X, labels, texts).score)


def test_what_is_like_the_dropped_rises() -> None:
    X, labels, texts = same_words()
    texts = [text.upper() if label in (2, 6) else text for text, label in zip(texts, labels, strict=True)]
    stays = labels != 2
    gone = Dropped(
        np.zeros(len(X), np.float32), X[~stays].astype(np.float64).sum(axis=0), [texts[at] for at in np.flatnonzero(~stays)]
    )
    found = foreignness(X, np.where(stays, labels, -2), texts, weights=stays.astype(float), dropped=gone)
    assert found.clusters.tolist() == [0, 1, 3, 4, 5, 6] and int(found.raw["alike"].argmax()) == 5


def test_a_graph_says_who_keeps_to_itself() -> None:
    X, labels, texts = made(7, 2)
    found = foreignness(X, labels, texts, neighbors=nearest(X, 5))
    inside = [np.mean(labels[nearest(X, 5).indices[labels == label]] == label) for label in range(7)]
    np.testing.assert_allclose(found.raw["inside"], inside)


def test_a_task_counts() -> None:
    X, labels, texts = same_words()
    found = foreignness(X, labels, texts, task=-X[labels == 4].mean(axis=0))
    assert int(found.raw["task"].argmax()) == 4 and found.evidence["task"][4] == found.evidence["task"].max()


def test_names_of_labels_are_words_or_nothing() -> None:
    assert [as_words(label) for label in ("card_arrival", "FindEvents", "7", "A-1", None, 3, "x" * 300)][:6] == [
        "card arrival", "find events", None, None, None, None,
    ]  # fmt: skip
    asked: list[object] = []

    def speak(texts: object) -> np.ndarray:
        asked.append(texts)
        return np.ones((3, 2), np.float32)

    assert label_names(["to_pay", "to_ask", "3"], speak) is not None and asked == [["to pay", "to ask", None]]
    assert label_names([1, 2, 3], speak) is None and label_names(["to_pay"], speak) is None and len(asked) == 1


def test_clusters_that_are_alike_are_called_so() -> None:
    X, labels, texts = same_words(200)
    found = foreignness(X, labels, texts)
    assert found.nothing.startswith("Nothing stands out in ") and "7 clusters" in found.nothing
    assert foreignness(*made(7, 3)).nothing == ""
