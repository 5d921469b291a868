"""Settings are offered for a cluster only where they were tried, and do what is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from grounds import blobs

import elute
from elute.analyze import Overview
from elute.analyze.judge import Analysis
from elute.cluster import Communities, KMeans
from elute.suggest import Suggestion, trials
from elute.suggest.advised import as_advised


def session(tmp_path: Path, topics: list[int], clusterer: Any, spread: float = 0.1) -> elute.Session:
    X, of = blobs(topics, spread=spread)
    texts = [f"text number {row} of topic {topic}" for row, topic in enumerate(of.tolist())]
    s = elute.Session(pd.DataFrame({"text": texts}), text="text", embedder=X, projector="pca", path=tmp_path)
    s.run(clusterer=clusterer)
    return s


def advised(s: elute.Session, **how: Any) -> dict[str, Suggestion]:
    """What is suggested where the analyst advises this on the whole."""
    whole: Mapping[str, Any] = {"merge": (), "split": (), "suggested": None, **how}
    overview = Overview(**whole, more_or_fewer="same", reason="", imbalance="", next="", source="offline")
    s._judge._said[s.current] = Analysis(s.round.number, {}, overview)
    return {one.kind: one for one in s.suggestions if one.kind in ("merge", "split", "clusters")}


@pytest.mark.parametrize("clusterer", [KMeans(3), Communities(resolution=0.2)])
def test_a_split_that_is_accepted_parts_the_cluster_it_names(tmp_path: Path, clusterer: Any) -> None:
    s = session(tmp_path, [60, 60, 60, 60], clusterer, spread=0.3)
    largest = int(np.bincount(s.round.labels).argmax())
    rows = s.round.labels == largest
    one = advised(s, split=(largest,))["split"]
    assert one.other == "split" and "This cluster falls apart there" in one.effect
    s.accept(one, "split")
    assert np.bincount(s.run().labels[rows]).max() < trials.WHOLE * rows.sum()


@pytest.mark.parametrize("clusterer", [KMeans(5), Communities(resolution=2.0)])
def test_a_merge_that_is_accepted_brings_the_two_together(tmp_path: Path, clusterer: Any) -> None:
    s = session(tmp_path, [80, 80, 80], clusterer)
    topic = np.repeat([0, 1, 2], 80)
    parts = [set(s.round.labels[topic == one].tolist()) for one in range(3)]
    pair = next(tuple(sorted(there)[:2]) for there in parts if len(there) > 1)
    one = advised(s, merge=(pair,))["merge"]
    assert one.other == "merge" and "The two meet there" in one.effect
    before = [s.round.labels == cluster for cluster in pair]
    s.accept(one, "merge")
    now = s.run().labels
    assert len({int(np.bincount(now[rows]).argmax()) for rows in before}) == 1


def test_how_many_other_clusters_change_is_said(tmp_path: Path) -> None:
    before = np.repeat([0, 1, 2, 3, 4], 10)
    now = np.r_[np.repeat([0, 5], 5), np.repeat(1, 20), np.repeat([3, 6], 5), np.repeat(4, 10)]
    assert trials._changed(before, now, (0,)) == (3, 4), "two met, one fell apart"
    assert trials._changed(before, now, (1, 2)) == (2, 3)


def test_where_nothing_that_was_tried_does_it_or_it_would_take_long_it_is_a_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    s = session(tmp_path, [60, 60, 60], KMeans(3))
    with monkeypatch.context() as patch:
        patch.setattr(trials, "NUMBERS", ())
        found = advised(s, merge=((0, 1),), split=(2,))
    for kind, told in (("merge", "bring them together"), ("split", "part it")):
        assert found[kind].settings is None and found[kind].actions == ("look",)
        assert f"No row goes. No settings that were tried {told}." in found[kind].effect
    s.run(clusterer=KMeans(4))
    monkeypatch.setitem(trials.MANY, KMeans, 100)
    one = advised(s, split=(0,))["split"]
    assert one.actions == ("look",) and "100 different texts at most, and here are 180" in one.effect


def test_settings_are_fitted_once_whatever_is_decided_on_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    s = session(tmp_path, [60, 60, 60, 60], KMeans(3))
    largest = int(np.bincount(s.round.labels).argmax())
    first = advised(s, split=(largest,))["split"]
    monkeypatch.setattr(trials, "cluster", None)
    s.approve(np.arange(3))
    assert advised(s, split=(largest,))["split"].settings == first.settings


def test_to_look_at_a_split_selects_its_rows(tmp_path: Path) -> None:
    s = session(tmp_path, [60, 60, 60, 60], KMeans(3))
    largest = int(np.bincount(s.round.labels).argmax())
    one = advised(s, split=(largest,))["split"]
    assert one.action == "look" and one.settings is not None
    assert s.accept(one) == one.count == int(s.selected.sum())
    assert s.selected.tolist() == one.rows.tolist()


def test_of_several_splits_the_finest_settings_and_of_merges_the_coarsest_steer() -> None:
    def made(kind: str, resolution: float) -> Suggestion:
        settings = {"clusterer": {"name": "communities", "resolution": resolution}}
        step = {"split": 1, "merge": -1}[kind]
        return Suggestion(
            f"{kind}{resolution}", "look", kind, "look", "", "", np.zeros(1, bool), 0, other=kind, settings=settings,
            data={"step": step}, analyst="offline",
        )  # fmt: skip

    def steers(*several: Suggestion) -> list[str]:
        return [one.id for one in as_advised(several) if one.settings is not None]

    splits, merges = [made("split", 3.4), made("split", 5.2)], [made("merge", 2.6), made("merge", 1.5)]
    assert steers(*splits) == ["split5.2"] and steers(*merges) == ["merge1.5"]
    assert steers(splits[0], *merges) == ["merge1.5"] and steers(*splits, *merges) == []
