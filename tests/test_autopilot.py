"""The autopilot: only what was measured, one undo, stops by itself; and a model's word alone drops nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import elute
from elute.analyze import ClusterAnalysis, ClusterView, Context, Overview
from elute.analyze.offline import OfflineAnalyst
from elute.cli import accepting
from elute.errors import Cancelled, InputError
from elute.progress import SILENT, Callback, Progress
from elute.suggest.autopilot import Flight, Step

GROUPS = [[f"the cat number {i} sat on the mat" for i in range(30)], [f"stocks fell by {i} percent" for i in range(30)],
          [f"le train {i} part de la gare" for i in range(14)]]  # fmt: skip
TEXTS = [text for group in GROUPS for text in group] + [GROUPS[0][0], GROUPS[0][1]]


class Speaks(OfflineAnalyst):
    """A model that says the same of every cluster, and of the whole what it was made with."""

    name, kept = "a-model", True

    def __init__(self, verdict: str = "drop", confidence: float = 1.0, **whole: Any) -> None:
        super().__init__()
        self.verdict, self.confidence, self.whole = verdict, confidence, whole

    def key(self) -> str:
        return self.name + self.verdict

    def clusters(self, views: Sequence[ClusterView], context: Context, progress: Progress = SILENT) -> Iterator[ClusterAnalysis]:
        for said in super().clusters(views, context, progress):
            yield replace(said, verdict=self.verdict, confidence=self.confidence, trim=(), source=self.name)  # type: ignore[arg-type]

    def overview(
        self, views: Sequence[ClusterView], analyses: Mapping[int, ClusterAnalysis], context: Context, progress: Progress = SILENT
    ) -> Overview:
        whole = {"suggested": None, "merge": (), "split": (), **self.whole}
        return replace(super().overview(views, analyses, context, progress), source=self.name, **whole)


def opened(path: Path, **how: Any) -> elute.Session:
    how = {"clusterer": elute.KMeans(3), "analyst": "offline", **how}
    return elute.Session(TEXTS, embedder="tfidf", projector="pca", path=path, **how)


def measured(s: elute.Session, monkeypatch: pytest.MonkeyPatch, confidence: float) -> None:
    """As if trials had named the French cluster with this confidence, in every round, and every step made the indices better.

    With three clusters held, what is left of two kinds is cut in three.
    """
    monkeypatch.setattr(Step, "improved", property(lambda self: True))
    run = type(s).run

    def ranked(self: Any, **how: Any) -> Any:
        made = run(self, **how)
        for number in made.clusters["cluster"]:
            french = (made.labels[60:74] == number).mean() > 0.5
            self.current.scores.clusters.loc[made.clusters["cluster"] == number, "confidence"] = confidence if french else 0.01
        self.current.params["nothing"] = ""  # type: ignore[index]
        return made

    monkeypatch.setattr(type(s), "run", ranked)


def test_what_was_measured_goes_step_by_step_and_comes_back_by_one_undo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    s = opened(tmp_path)
    measured(s, monkeypatch, 0.95)
    flight = s.autopilot(settings=False)
    assert [step.kinds for step in flight.steps] == [("copies",), ("foreign",)]
    assert s.dropped.sum() == 16 and s.dropped[60:74].all() and flight.rows == 16
    told = [decision for decision in s.state.history if decision.kind == "drop"]
    assert [one.source["step"] for one in told] == [1, 2] and {one.source["by"] for one in told} == {"autopilot"}
    assert len({one.data["batch"] for one in told}) == 1 and [one.round for one in told] == [1, 2]
    assert [one.after_round for one in s.effects] == [2, 3]
    assert len(s.keep) == len(TEXTS)
    s.undo()
    assert s.keep.all() and not s.state.applied
    s.redo()
    assert s.dropped.sum() == 16


def test_a_models_word_alone_drops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    s = opened(tmp_path, analyst=Speaks("drop", 1.0))
    measured(s, monkeypatch, 0.2)
    flight = s.autopilot(settings=False)
    assert any(one.analyst == "a-model" and one.cluster is not None for one in s.advice), "it did advise"
    assert (
        [step.kinds for step in flight.steps] == [("copies",)]
        and s.dropped.sum() == 2
        and "Nothing that was measured" in flight.why
    )


def test_a_model_that_would_keep_it_leaves_it_to_a_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    s = opened(tmp_path, analyst=Speaks("keep"))
    measured(s, monkeypatch, 0.99)
    flight = s.autopilot(settings=False)
    assert s.dropped.sum() == 2 and len(flight.left) == 1 and "14 rows" in flight.left[0]


def test_a_rare_question_of_a_clean_set_is_left_to_a_person(tmp_path: Path) -> None:
    """Four forms of one question lie far from all that is asked with a number, as foreign rows do."""
    asked_often = (
        "Where is my order {}?",
        "Can you resend invoice {}?",
        "Parcel {} arrived damaged.",
        "Voucher {} does not work.",
    )
    ends = ("", " Thanks!", " Urgent.", " Regards")
    texts = [f"{question.format(100 + 7 * i)}{ends[i % 4]}" for question in asked_often for i in range(100)]
    texts += [
        f"{question}{end}" for question in ("How do I change my password?", "I want to cancel my subscription.") for end in ends
    ]
    s = elute.Session(texts, embedder="tfidf", projector="pca", path=tmp_path)
    s.run()
    s.analyze()
    asked = [row for row, text in enumerate(texts) if "password" in text or "cancel" in text]
    assert {s.round.labels[row] for row in asked} & set(s.looks.order), "they are looked at all the same"
    assert not any(one.confidence for one in s.suggestions if one.kind == "foreign" and one.rows[asked].any())
    assert {s.analysis.clusters[int(s.round.labels[row])].verdict for row in asked} == {"unsure"}
    s.autopilot(rounds=1, settings=False)
    assert s.keep[asked].all()
    s.accept_advice()
    assert s.keep[asked].all()


def test_no_more_goes_than_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    s = opened(tmp_path)
    measured(s, monkeypatch, 0.99)
    assert s.autopilot(settings=False, most=0.1).left and s.dropped.sum() == 2


def test_rows_that_go_with_their_group_count_among_those_that_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # every French row is of a dialogue with a row about cats and one about stocks
    dialogue = [*range(30), *range(30), *range(14), 100, 101]
    table = pd.DataFrame({"text": TEXTS, "dialogue": dialogue})
    how: dict[str, Any] = {"clusterer": elute.KMeans(3), "analyst": "offline", "embedder": "tfidf", "projector": "pca"}
    s = elute.Session(table, "text", group="dialogue", path=tmp_path, **how)
    measured(s, monkeypatch, 0.99)
    flight = s.autopilot(settings=False)  # of 76 rows 19 may go: 14 are named, and 42 would
    assert flight.left and "14 rows" in flight.left[0] and s.dropped[:74].sum() == 0
    assert accepting.rounds(s, frozenset({"foreign"}), 1, 0.9, 0.25, SILENT).steps == () and s.dropped[:74].sum() == 0
    s.autopilot(settings=False, most=0.6)
    assert s.dropped[:74].sum() == 42


@pytest.mark.parametrize(
    "decide",
    [
        lambda s: s.approve([60, 61], reason="read, good"),
        lambda s: s.approve(range(60, 66), source={"kind": "look"}),
        lambda s: s.tag([62], "gold"),
        lambda s: s.relabel([63], "français"),
    ],
)
def test_a_cluster_with_rows_that_a_person_decided_on_is_left_to_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, decide: Any
) -> None:
    s = opened(tmp_path)
    measured(s, monkeypatch, 0.99)
    s.run()
    decide(s)
    flight = s.autopilot(settings=False)
    assert not s.dropped[60:74].any() and "14 rows" in flight.left[0] and "of these rows" in flight.left[0]
    assert flight.left[0] in repr(flight), "it is said without being asked for"
    made = accepting.rounds(s, frozenset({"foreign"}), 2, 0.9, 0.25, SILENT)
    assert made.steps == () and not s.dropped[60:74].any()
    (told,) = [made.why[one.id] for one in made.left if one.kind == "foreign"]
    assert "of these rows" in told
    for _ in ("the copies", "what was decided"):
        s.undo()
    s.autopilot(settings=False)
    assert s.dropped[60:74].all(), "nothing else kept it from going"


def test_the_last_rows_of_a_label_are_left_to_a_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = pd.DataFrame({"text": TEXTS, "label": ["cat"] * 30 + ["stock"] * 30 + ["train"] * 14 + ["cat"] * 2})
    how: dict[str, Any] = {"clusterer": elute.KMeans(3), "analyst": "offline", "embedder": "tfidf", "projector": "pca"}
    s = elute.Session(table, "text", label="label", path=tmp_path / "own", **how)
    measured(s, monkeypatch, 0.99)
    flight = s.autopilot(settings=False)
    assert not s.dropped[60:74].any() and "“train”" in flight.left[0]
    assert accepting.rounds(s, frozenset({"foreign"}), 2, 0.9, 0.25, SILENT).steps == () and not s.dropped[60:74].any()
    # a label that was only proposed is one too, and one that was given and is no more is none
    table["label"] = ["cat"] * 30 + ["stock"] * 30 + ["cat"] * 16
    s = elute.Session(table, "text", label="label", path=tmp_path / "proposed", **how)
    s.run()
    s.relabel(range(60, 74), "train", source={"kind": "suggestion", "by": "elute clean"})
    assert "“train”" in s.autopilot(settings=False).left[0] and not s.dropped[60:74].any()
    s.relabel(range(60, 74), "stock", source={"kind": "suggestion", "by": "elute clean"})
    s.autopilot(settings=False)
    assert s.dropped[60:74].all()


def test_labels_that_are_no_two_alike_hold_nothing_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = pd.DataFrame({"text": TEXTS, "label": [f"row {row}" for row in range(len(TEXTS))]})
    how: dict[str, Any] = {"clusterer": elute.KMeans(3), "analyst": "offline", "embedder": "tfidf", "projector": "pca"}
    s = elute.Session(table, "text", label="label", path=tmp_path, **how)
    measured(s, monkeypatch, 0.99)
    s.autopilot(settings=False)
    assert s.dropped[60:74].all()


def test_rows_of_a_reference_are_none_of_those_of_which_a_share_may_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    s = opened(tmp_path, reference=[f"a dog {i} barked at the gate" for i in range(200)], clusterer=elute.KMeans(4))
    measured(s, monkeypatch, 0.99)
    s.autopilot(settings=False, most=0.15)  # of 76 rows 11 may go, of all 276 it would be 41
    assert s.dropped.sum() == 2


def test_confidence_is_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    s = opened(tmp_path)
    measured(s, monkeypatch, 0.8)
    s.autopilot(settings=False)
    assert s.dropped.sum() == 2
    s.autopilot(0.75, settings=False)
    assert s.dropped.sum() == 16


@pytest.mark.parametrize(("now", "advised"), [(2, 3), (3, 25)])
def test_settings_are_tried_and_taken_back_where_nothing_is_better(tmp_path: Path, now: int, advised: int) -> None:
    s = opened(tmp_path, clusterer=elute.KMeans(now), analyst=Speaks("unsure", suggested=advised, reason="I say so"))
    flight = s.autopilot(rounds=2)
    tried = flight.steps[-1]
    better = (now, advised) == (2, 3)
    assert tried.kinds == ("clusters",) and tried.rows == 0 and tried.stays == better
    assert s.choices.settings(s.state.settings, {}).clusterer == elute.KMeans(3)
    assert s.round.metrics["clusters"] == 3 and (better or flight.why == "The indices stopped improving.")
    assert s.effects[-1].change["clusters"] == advised - now or not better
    s.undo()
    assert s.keep.all() and s.choices.settings(s.state.settings, {}).clusterer == elute.KMeans(now)


def test_it_stops_after_so_many_rounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    s = opened(tmp_path)
    measured(s, monkeypatch, 0.95)
    flight = s.autopilot(rounds=1)
    assert len(flight.steps) == 1 and flight.why == "1 round was made; there may be more to do." and s.dropped.sum() == 2


def test_indices_that_stop_improving_stop_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    s = opened(tmp_path)
    measured(s, monkeypatch, 0.95)
    monkeypatch.setattr(Step, "improved", property(lambda self: False))
    flight = s.autopilot()
    assert flight.why == "The indices stopped improving." and flight.steps[-1].kinds == ("foreign",)
    # and what went for nothing is there again, in the journal and in the round
    tried = flight.steps[-1]
    assert (tried.stays, tried.rows, flight.rows) == (False, 0, 2) and "tried and taken back" in repr(tried)
    assert s.dropped.sum() == 2 and s.round.keep[60:74].all()
    assert "14 rows" in flight.left[-1] and "no better" in flight.left[-1]
    told = s.state.history[-1]
    assert told.kind == "restore" and told.source["by"] == "autopilot" and told.reason == "no better: taken back"
    assert len({one.data["batch"] for one in s.state.history if one.kind in ("drop", "restore")}) == 1
    s.undo()
    assert s.keep.all() and not s.state.applied
    s.redo()
    assert s.dropped.sum() == 2


def test_cancelled_it_leaves_what_it_did_and_one_undo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    s = opened(tmp_path)
    measured(s, monkeypatch, 0.95)

    def hear(stage: str, done: int, total: int, message: str) -> None:
        if s.state.history:
            raise Cancelled

    with pytest.raises(Cancelled):
        s.autopilot(progress=Callback(hear))
    assert s.dropped.sum() == 2
    s.undo()
    assert s.keep.all()


def test_nonsense_is_refused(tmp_path: Path) -> None:
    s = opened(tmp_path)
    for how in ({"confidence": 0.2}, {"confidence": 1.5}, {"rounds": 0}, {"most": 2}):
        with pytest.raises(InputError):
            s.autopilot(**how)


def test_better_is_by_most_indices() -> None:
    was = {"silhouette": 0.1, "davies_bouldin": 2.0, "calinski_harabasz": 50.0}
    assert Step("", (), 1, was, {**was, "silhouette": 0.2, "davies_bouldin": 1.0}).improved
    assert Step("", (), 1, was, {"silhouette": 0.2, "davies_bouldin": 2.5, "calinski_harabasz": 60.0}).improved
    assert not Step("", (), 1, was, {"silhouette": 0.05, "davies_bouldin": 1.0, "calinski_harabasz": 60.0}).improved
    assert not Step("", (), 1, was, was).improved and not Step("", (), 1, {}, {}).improved
    assert "silhouette 0.100 to 0.200" in repr(Flight((Step("a", (), 1, was, {**was, "silhouette": 0.2}),), "Done."))


def test_a_remote_analyst_is_asked_only_where_the_person_agreed(tmp_path: Path) -> None:
    class Far(Speaks):
        name, remote, asked = "far", True, 0

        def clusters(
            self, views: Sequence[ClusterView], context: Context, progress: Progress = SILENT
        ) -> Iterator[ClusterAnalysis]:
            self.asked += 1
            yield from super().clusters(views, context, progress)

    far = Far("keep")
    s = opened(tmp_path, analyst=far)
    s.autopilot(rounds=1)
    assert far.asked == 0
    s.consent("far")
    s.drop([0])
    s.autopilot(rounds=1)
    assert far.asked
