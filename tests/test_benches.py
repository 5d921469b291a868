"""The benches of evidence and of the analyst run on today's code: here on a small mix of words, where right and wrong are plain."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))
import analyst
import evidence_halves
import evidence_labels
import evidence_looks
import evidence_mixes
import evidence_plot
import evidence_safe

from elute.rounds import archive

BASE = {"cards": "card lost stolen blocked cash machine", "travel": "flight hotel ticket airport train luggage"}
FOREIGN = "goal match referee league player stadium"


@pytest.fixture
def mix(monkeypatch: pytest.MonkeyPatch) -> evidence_mixes.Mix:
    """40 rows each of two labels, ten of them flipped, and 30 foreign ones with labels by lot."""
    monkeypatch.setattr(evidence_mixes, "session", partial(evidence_mixes.session, embedder="tfidf"))
    monkeypatch.setattr(evidence_safe, "session", evidence_mixes.session)
    monkeypatch.setattr(archive, "FORMAT", archive.FORMAT)  # evidence_safe.fresh sets it
    random = np.random.default_rng(0)

    def texts(words: str, count: int) -> list[str]:
        return [" ".join(random.permutation(words.split())[:4]) + f" number {random.integers(1000)}" for _ in range(count)]

    foreign = np.repeat([False, True], [80, 30])
    true = np.array(["cards"] * 40 + ["travel"] * 40 + [None] * 30, object)
    flipped = np.zeros(110, bool)
    flipped[random.choice(80, 10, replace=False)] = True
    labels = np.where(flipped, np.where(true == "cards", "travel", "cards"), true).astype(object)
    labels[foreign] = random.choice(["cards", "travel"], 30)
    X = random.normal(size=(110, 384)).astype(np.float32)
    X[np.arange(110), np.repeat([0, 1, 2], [40, 40, 30])] += 60
    return evidence_mixes.Mix(
        spec=evidence_mixes.Spec("made", "sport"),
        seed=0,
        texts=[*texts(BASE["cards"], 40), *texts(BASE["travel"], 40), *texts(FOREIGN, 30)],
        X=X / np.linalg.norm(X, axis=1, keepdims=True),
        labels=labels,
        true=true,
        foreign=foreign,
        near=np.zeros(110, bool),
        near_of=np.full(110, -1),
        flipped=flipped,
        kind=np.where(foreign, "sport", "base"),
        test_X=X[:80],
        test_labels=true[:80],
    )


def test_a_simulated_person_finds_the_foreign_rows(mix: evidence_mixes.Mix) -> None:
    at = evidence_looks.ground(mix)
    first = evidence_looks.round_of(at, np.ones(110, bool))
    elutes = evidence_looks.looked(at, evidence_looks.elutes, first, 0)
    perfect = evidence_looks.looked(at, evidence_looks.perfect, first, 0)
    assert elutes["recall"] == perfect["recall"] == 1
    assert evidence_halves.looked(at, first, 0, 5, True)["recall"] == 1


def test_verdicts_are_counted_on_a_round_without_labels(mix: evidence_mixes.Mix) -> None:
    said = analyst.judged(mix)
    assert len(said["named"]) == len(said["whole"]) == 110 and len(said["verdicts"]) >= 3


def test_flips_are_found_by_both_passes(mix: evidence_mixes.Mix) -> None:
    found = evidence_labels._measure(mix)
    assert found["fast"]["precision"] > 0.8 and found["better"]["precision"] > 0.8


def test_what_is_safe_is_accepted_and_a_classifier_measured(mix: evidence_mixes.Mix) -> None:
    fresh = evidence_safe.fresh(mix)
    fresh.run()
    keep, labels = evidence_safe.accepted(fresh, mix)
    assert keep[~mix.foreign].mean() > 0.9
    assert 0 <= evidence_safe.accuracy(mix, keep, labels, 10.0) <= 1


def test_the_picture_has_a_line_for_each_mix_and_a_dot_for_each_way_that_was_measured():
    looks = {"cards with 15.0% sport": {"elute": 0.9, "by lot": 0.1}, "travel with 7.5% sport": {"elute": 1.0}}
    shares = {"cards with 15.0% sport": {"safe": 0.3, "reviewed": None}, "travel with 7.5% sport": {"safe": None}}
    told = evidence_plot.drawn(looks, shares)
    ElementTree.fromstring(told)
    legend = len(evidence_plot.LOOKS) + len(evidence_plot.WAYS)
    assert told.count("<circle") == legend + 4
    assert "cards, 15.0% sport" in told and told.count("cost less than a point") == 1
