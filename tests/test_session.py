"""The whole cycle in Python, on real components: rounds, decisions, undo, restart, and every kind of table."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import elute
from elute.errors import InputError, SettingsError
from elute.rounds.round import OUTSIDE, describe

TOPICS = {
    "cards": "my card was declined at the shop again and the bank said nothing about the card",
    "cats": "the grey cat sleeps on the warm roof while another cat hunts mice in the garden",
    "rain": "heavy rain and strong wind are expected tomorrow with storms along the coast",
}


def table(each: int = 30, seed: int = 0) -> pd.DataFrame:
    """Three topics, each row a few words of its topic in random order."""
    rng = np.random.default_rng(seed)
    rows = [(" ".join(rng.choice(words.split(), 9)), topic) for topic, words in TOPICS.items() for _ in range(each)]
    return pd.DataFrame(rows, columns=["text", "topic"]).sample(frac=1, random_state=seed).reset_index(drop=True)


def session(data: Any, path: Path, **how: Any) -> elute.Session:
    defaults = {"embedder": "tfidf", "clusterer": elute.KMeans(3), "projector": "pca"}
    return elute.Session(data, "text", "topic", path=path, **{**defaults, **how})


def test_a_topic_goes_and_comes_back(tmp_path: Path) -> None:
    df = table()
    s = session(df, tmp_path)
    first = s.run()
    assert first.metrics["clusters"] == 3 and (first.labels >= 0).all()
    worst = int(first.clusters["cluster"].iloc[0])
    topic = first.clusters.set_index("cluster").loc[worst, "label"]
    gone = s.drop(cluster=worst, reason="not ours")
    assert gone == (first.labels == worst).sum()
    second = s.run()
    assert (second.labels[~s.keep] == OUTSIDE).all() and second.number == 2
    assert set(df[s.keep]["topic"]) == set(TOPICS) - {topic}
    pd.testing.assert_frame_equal(s.clean(), df[df["topic"] != topic])
    for dim in (2, 3):  # everyone stays where they were, the dropped ones too
        np.testing.assert_array_equal(second.coords[dim], first.coords[dim])
    survivors = first.labels[s.keep]
    assert (second.labels[s.keep] == survivors).mean() > 0.5  # numbers follow the rows
    undone = s.undo()
    assert undone is not None and undone.kind == "drop"
    assert s.round is first and s.keep.all()
    assert s.redo() is not None and s.round is second


def test_everything_comes_back_in_another_process(tmp_path: Path) -> None:
    df = table()
    one = session(df, tmp_path)
    one.run()
    one.drop(cluster=0)
    made = one.run()
    one.analyze()
    two = session(df, tmp_path)
    assert "1 decisions resumed" in repr(two)
    np.testing.assert_array_equal(two.keep, one.keep)
    again = two.run()
    assert again.number == made.number and again.metrics == made.metrics and again.params == made.params
    np.testing.assert_array_equal(again.labels, made.labels)
    np.testing.assert_array_equal(again.coords[3], made.coords[3])
    pd.testing.assert_frame_equal(again.clusters, made.clusters, check_dtype=False)
    assert len(two.rounds) == 2
    assert two.undo() is not None and two.round.number == 1


def test_the_settings_of_the_cell_outrank_those_chosen_before(tmp_path: Path) -> None:
    df = table()
    one = session(df, tmp_path)
    one.run(clusterer=elute.KMeans(5))
    assert one.round.metrics["clusters"] == 5
    assert session(df, tmp_path).run().metrics["clusters"] == 5  # the same cell: what was chosen since still holds
    assert session(df, tmp_path, clusterer=elute.KMeans(4)).run().metrics["clusters"] == 4


def test_rows_without_a_text_are_outside_but_never_lost(tmp_path: Path) -> None:
    df = table(10)
    df.loc[3, "text"] = None
    df.loc[5, "text"] = "   "
    s = session(df, tmp_path)
    made = s.run()
    assert made.labels[[3, 5]].tolist() == [OUTSIDE, OUTSIDE] and np.isnan(made.coords[2][3]).all()
    assert s.findings.loc[3, "missing"] and s.findings.loc[5, "blank"]
    assert s.keep.all() and len(s.clean()) == len(df)


def test_copies_share_their_cluster_and_place(tmp_path: Path) -> None:
    df = table(10)
    df = pd.concat([df, df.iloc[:7]], ignore_index=True)
    s = session(df, tmp_path)
    made = s.run()
    assert (made.labels[:7] == made.labels[-7:]).all()
    np.testing.assert_array_equal(made.coords[3][:7], made.coords[3][-7:])
    assert s.findings["copy"].tolist()[-7:] == [True] * 7 and s.findings["copy_of"].tolist()[-7:] == list(range(7))


def test_names_verdicts_and_a_name_given_by_hand(tmp_path: Path) -> None:
    s = session(table(), tmp_path)
    s.run()
    analysis = s.analyze()
    assert set(analysis.clusters) == {0, 1, 2} and analysis.overview is not None
    assert len(set(s.names.values())) == 3
    s.rename(1, "mine")
    assert s.names[1] == "mine"
    members = s.round.labels == 1
    s.drop(cluster=0)
    made = s.run()
    number = int(np.bincount(made.labels[members]).argmax())
    assert s.names[number] == "mine"
    said = s.explain(members)
    assert said.belongs in {"yes", "no", "partly", "unsure"} and said.what


def test_a_removed_set_can_always_be_restored(tmp_path: Path) -> None:
    s = session(table(8), tmp_path)
    first = s.run()
    s.drop(np.ones(24, bool))
    with pytest.raises(InputError, match="Undo, or restore"):
        s.run()
    assert s.round is first
    s.restore(np.ones(24, bool))
    assert s.run() is first


def test_unknown_settings_are_refused_before_any_work(tmp_path: Path) -> None:
    s = session(table(5), tmp_path)
    with pytest.raises(SettingsError, match="no setting 'colour'"):
        s.run(colour="red")
    with pytest.raises(SettingsError, match="kmeans"):
        s.run(clusterer="means")
    with pytest.raises(TypeError, match="embeder"):
        elute.Session(table(5), "text", embeder="tfidf")  # type: ignore[call-arg]
    assert not s.rounds


def test_an_interrupt_leaves_the_last_round_whole(tmp_path: Path) -> None:
    class Slow:
        def fit_predict(self, X: Any) -> Any:
            raise KeyboardInterrupt

    s = session(table(8), tmp_path)
    first = s.run()
    with pytest.raises(KeyboardInterrupt):
        s.run(clusterer=Slow())
    s.undo()
    assert s.round is first


def test_own_estimator_own_vectors_and_no_stale_cache(tmp_path: Path) -> None:
    class Halves:
        def __init__(self, first: int) -> None:
            self.first = first

        def fit_predict(self, X: Any) -> Any:
            return (np.arange(len(X)) < self.first).astype(int)

        def __repr__(self) -> str:
            return "Halves()"

    rng = np.random.default_rng(0)
    texts = [f"text {i}" for i in range(20)]
    s = elute.Session(texts, embedder=rng.normal(size=(20, 6)), clusterer=Halves(5), projector="pca", path=tmp_path)
    sizes = sorted(s.run().clusters["size"])
    assert sizes == [5, 15]
    again = elute.Session(texts, embedder=rng.normal(size=(20, 6)), clusterer=Halves(8), projector="pca", path=tmp_path)
    assert sorted(again.run().clusters["size"]) == [8, 12]


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 9])
@pytest.mark.parametrize("clusterer", ["kmeans", "dbscan", "hdbscan"])
def test_few_rows_work(tmp_path: Path, n: int, clusterer: str) -> None:
    texts = [f"{word} stands here" for word in "one two three four five six seven eight nine".split()][:n]
    s = elute.Session(texts, embedder="tfidf", clusterer=clusterer, projector="pca", path=tmp_path)
    made = s.run()
    assert made.labels.shape == (n,) and made.coords[2].shape == (n, 2) and made.coords[3].shape == (n, 3)
    assert not np.isnan(made.coords[3]).any()
    s.analyze()
    assert s.clean() == texts


def test_figures_draw_every_row_once_as_escaped_text(tmp_path: Path) -> None:
    texts = [f"<img src=x onerror=alert({i})> and {word}" for i, word in enumerate("red green blue grey pink".split() * 3)]
    s = elute.Session(texts, embedder="tfidf", clusterer=elute.KMeans(2), projector="pca", path=tmp_path)
    s.run()
    for dim, kinds in ((2, {"scattergl"}), (3, {"scatter3d"}), ("both", {"scattergl", "scatter3d"})):
        figure = s.figure(dim)
        assert {trace.type for trace in figure.data} == kinds
        assert sum(len(trace.x) for trace in figure.data) == 15 * len(kinds)
        assert "<img" not in " ".join(text for trace in figure.data for text in trace.hovertext)
    with pytest.raises(SettingsError, match="2, 3 or 'both'"):
        s.figure(4)


def test_progress_is_heard(tmp_path: Path) -> None:
    heard: list[str] = []
    session(table(5), tmp_path, progress=lambda stage, done, total, message: heard.append(stage)).run()
    assert {"prepare", "cluster", "score", "project"} <= set(heard)


class FirstFew:
    """An own clusterer whose ``repr`` says what it does."""

    def __init__(self, first: int) -> None:
        self.first = first

    def fit_predict(self, X: Any) -> Any:
        return (np.arange(len(X)) < self.first).astype(int)

    def __repr__(self) -> str:
        return f"FirstFew({self.first})"


def test_undo_brings_back_the_estimator_that_was_there_before(tmp_path: Path) -> None:
    s = session(table(8), tmp_path, clusterer=FirstFew(5))
    first = s.run()
    s.run(clusterer=FirstFew(9))
    assert 9 in s.round.clusters["size"].tolist()
    s.undo()
    assert s.round is first and s.run() is first
    s.drop([23])
    assert 5 in s.run().clusters["size"].tolist()


class Unread(FirstFew):
    """Its ``repr`` tells nothing."""

    def __repr__(self) -> str:
        return "Unread" + "." * 300

    def fit_transform(self, X: Any) -> Any:
        return np.repeat(np.eye(len(X))[:, [self.first]], 3, axis=1)


def test_own_objects_that_read_alike_are_settings_of_their_own(tmp_path: Path) -> None:
    s = session(table(8), tmp_path, clusterer=Unread(5), projector=Unread(1))
    first = s.run()
    assert s.configure(clusterer=Unread(9), projector=Unread(2))
    second = s.run()
    assert 9 in second.clusters["size"].tolist() and (second.coords[2] != first.coords[2]).any()
    assert not s.configure(clusterer=Unread(9), projector=Unread(2)) and s.run() is second  # the cell that ran says nothing new
    s.undo()
    assert s.run() is first
    s.goto(s.id_of(second))
    assert s.run() is second


def test_a_long_repr_is_cut_and_still_tells_apart() -> None:
    def told(k: int) -> str:
        return str(describe(range(10**300, 10**300 + k))["repr"])

    assert told(1) != told(2) and told(1)[:200] == told(2)[:200] and len(told(1)) < 220


def test_an_own_estimator_may_be_a_dataclass(tmp_path: Path) -> None:
    @dataclass
    class Whole:
        name: str = "whole"

        def fit_predict(self, X: Any) -> Any:
            return np.zeros(len(X), int)

    assert session(table(4), tmp_path, clusterer=Whole()).run().metrics["clusters"] == 1


def test_a_cell_with_an_own_estimator_run_again_ends_no_choice(tmp_path: Path) -> None:
    class Whole:
        def fit_predict(self, X: Any) -> Any:
            return np.zeros(len(X), int)

    one = session(table(4), tmp_path, clusterer=Whole())
    one.configure(projector="tsne")
    two = session(table(4), tmp_path, clusterer=Whole())  # the same cell; its repr has another address now
    assert two.choices.told(two.state.settings)["projector"]["name"] == "tsne"
    assert len([record for record in two.journal.records if record.kind == "open"]) == 1


def test_what_a_new_cell_says_is_not_redone_away(tmp_path: Path) -> None:
    one = session(table(4), tmp_path)
    one.configure(projector="tsne")
    one.undo()
    two = session(table(4), tmp_path, projector="umap")
    assert two.redo() is None and two.choices.told(two.state.settings)["projector"]["name"] == "umap"


def test_other_labels_are_another_table(tmp_path: Path) -> None:
    df = table(10)
    session(df, tmp_path).run()
    df["topic"] = "renamed"
    assert set(session(df, tmp_path / "other").run().clusters["label"]) == {"renamed"}


def test_settings_chosen_while_a_round_runs_do_not_reach_into_it(tmp_path: Path) -> None:
    df = table(8)
    df["text"] = "<b>" + df["text"] + "</b>"

    class Meddling:
        def fit_predict(self, X: Any) -> Any:
            s.configure(prepare=elute.Prepare(markup=False))
            return np.zeros(len(X), int)

        def __repr__(self) -> str:
            return "Meddling()"

    s = session(df, tmp_path, clusterer=Meddling())
    made = s.run()
    assert made.settings.prepare == elute.Prepare() and made.findings["changed"].all()
    s.analyze()
    s.explain(made.labels == 0)  # of what is seen, not of what comes next
    assert s.known_prepared is not None and not any("<b>" in (text or "") for text in s.known_prepared.texts)
    s.undo()
    assert s.round is made


def test_a_mask_is_there_while_texts_are_being_cleaned(tmp_path: Path) -> None:
    inside, go = threading.Event(), threading.Event()

    def slow(stage: str, done: int, total: int, message: str) -> None:
        if stage == "prepare":
            inside.set()
            assert go.wait(10)

    s = session(table(4), tmp_path, progress=slow)
    runner = threading.Thread(target=s.run)
    runner.start()
    assert inside.wait(10)
    answered: list[int] = []
    asker = threading.Thread(target=lambda: answered.append(s.drop([0])))
    asker.start()
    asker.join(5)
    waited = not answered
    go.set()
    runner.join(20)
    assert not waited and answered == [1] and not s.keep[0]


def test_threads_that_decide_at_once_lose_and_double_nothing(tmp_path: Path) -> None:
    texts = [f"text {i}" for i in range(64)]
    s = elute.Session(texts, embedder="tfidf", path=tmp_path)

    def decide(start: int) -> None:
        for row in range(start, 64, 4):
            s.drop([row], decision=f"d{row}")
            s.drop([row], decision=f"d{row}")

    threads = [threading.Thread(target=decide, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not s.keep.any() and len(s.history) == 64
    taken: list[str] = []

    def turn() -> None:
        while (decision := s.undo()) is not None:
            taken.append(decision.id)

    threads = [threading.Thread(target=turn) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(f"d{row}" for row in range(64)) and s.keep.all()
    assert elute.Session(texts, embedder="tfidf", path=tmp_path).keep.all()


def test_rounds_in_memory_are_few_and_the_others_come_back_from_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("elute.rounds.shelf.IN_MEMORY", 2)
    s = session(table(5), tmp_path)
    made = [s.run()]
    for row in range(3):
        s.drop([row])
        made.append(s.run())
    for before in made[-2::-1]:
        s.undo()
        assert s.round.number == before.number
        np.testing.assert_array_equal(s.round.labels, before.labels)


@pytest.mark.parametrize("data", [[], pd.DataFrame({"text": []}), pd.DataFrame({"text": pd.Series([], dtype=str), "n": []})])
def test_an_empty_table_is_an_empty_table(tmp_path: Path, data: Any) -> None:
    s = elute.Session(data, embedder="tfidf", path=tmp_path)
    assert len(s.keep) == 0 and len(s.clean()) == 0
    with pytest.raises(InputError, match="No row with a text"):
        s.run()


@pytest.mark.parametrize("place", ["cleaning", None])
def test_another_working_folder_moves_no_decision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str | None) -> None:
    """``%cd`` in a notebook: what is said to be saved is where the next kernel looks for it."""
    monkeypatch.setenv("ELUTE_HOME", f".elute-{place}")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    texts = [f"text number {row}" for row in range(8)]
    one = elute.Session(texts, embedder="tfidf", path=place)
    one.drop([0, 1])
    monkeypatch.chdir("data")
    one.drop([2, 3])
    two = elute.Session(texts[1:], embedder="tfidf")  # another table, opened from the other folder
    two.drop([6])
    assert one.journal.saved and not list((tmp_path / "data").iterdir())
    assert elute.Session(texts[1:], embedder="tfidf").keep.sum() == 6
    assert len(list(tmp_path.glob("**/journal.jsonl"))) == 2
    monkeypatch.chdir(tmp_path)
    assert elute.Session(texts, embedder="tfidf", path=place).keep.sum() == 4
    copied = one.copy_journal("copied")
    monkeypatch.chdir("data")
    one.drop([4])
    assert elute.Session(texts, embedder="tfidf", path=copied).keep.sum() == 3 and not list((tmp_path / "data").iterdir())


def test_a_path_may_begin_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert elute.Session(["one", "two"], embedder="tfidf", path="~/mine").folder == tmp_path / "mine"
    assert elute.Session(["one", "two"], embedder="tfidf", path="~nobody-here").folder == tmp_path / "~nobody-here"


@pytest.mark.parametrize("cluster", [999, "0", [0, 1], True])
def test_a_cluster_that_the_round_lacks_is_refused_by_every_verb(tmp_path: Path, cluster: Any) -> None:
    s = session(table(), tmp_path)
    s.run()
    for verb in (s.drop, s.keep_only, s.restore, s.approve, s.select, s.edit, s.pin):
        with pytest.raises(InputError, match=r"There is no cluster .* in this round; there are \[0, 1, 2\]"):
            verb(cluster=cluster)
    with pytest.raises(InputError, match="None of these rows stays"):
        s.keep_only(s.selected)
    assert s.keep.all() and s.drop(cluster=-1) == 0  # no noise is none, and no mistake
    with pytest.raises(InputError, match="no noise"):
        s.rename(-1, "noise")


@pytest.mark.parametrize("reference", [None, ["the match was lost", "rain all day"]])
@pytest.mark.parametrize("labels", ["filtered", "twice"])
def test_findings_bear_the_labels_of_the_table(tmp_path: Path, reference: Any, labels: str) -> None:
    df = pd.concat([table(), table().iloc[:7]], ignore_index=True)[::-1].iloc[5:]
    df = df if labels == "filtered" else df.set_axis([row // 2 for row in range(len(df))])
    s = session(df, tmp_path, reference=reference)
    made = s.run()
    assert s.round is s.round is made and s.refine() is s.round
    for found in (s.findings, s.round.findings):
        assert found.index.equals(df.index)
        assert df[found["copy"]].equals(df[found["copy"].to_numpy()]) and found["copy"].any()
        np.testing.assert_array_equal(df.assign(score=found["redundancy"])["score"], found["redundancy"].to_numpy())
        assert s.select(found["copy"]) == found["copy"].sum() and (s.selected == found["copy"].to_numpy()).all()
    assert s.current.findings.index.equals(pd.RangeIndex(len(s.corpus)))  # elute's own is by position
    assert s.explain(s.findings["copy"]) and s.report() and s.suggestions is not None


def test_a_consent_can_be_taken_back_and_undo_is_about_rows(tmp_path: Path) -> None:
    s = session(table(), tmp_path)
    with pytest.raises(InputError, match=r"no consent to 'far' to take back; there is to none"):
        s.consent("far", granted=False)
    s.consent("far")
    s.consent("near")
    s.drop([0, 1])
    s.consent("far", granted=False)
    assert s.state.consents == {"near"} and s.manifest()["sent_to"] == ["far", "near"], "texts may have gone there"
    assert session(table(), tmp_path).state.consents == {"near"}
    undone = s.undo()
    assert undone is not None and undone.kind == "drop" and s.keep.all() and s.state.consents == {"near"}
    s.consent("far")
    assert s.state.consents == {"near", "far"}


def test_a_result_at_the_end_of_a_cell_is_one_line_without_a_text(tmp_path: Path) -> None:
    s = session(table(), tmp_path)
    made = s.run()
    assert repr(made) == f"<Round 1: 90 rows, 3 clusters, silhouette {made.metrics['silhouette']:.3f}>"
    s.drop(cluster=0, reason="off\ntopic")
    undone = s.undo()
    assert repr(undone) == "<Decision drop of 30 rows in round 1: off topic>"
    said, learned = s.analyze(), s.learn()
    assert repr(said).startswith("<Analysis of round 1: ") and "with an overview" in repr(said)
    assert "more to be dropped" in repr(learned)
    results: list[Any] = [
        made, undone, said, learned, *said.clusters.values(), *s.views(), s.report(), s.whole_report(), s.state, made.scores,
        s.embeddings(), s.prepared(), s.going(np.arange(90) < 4), s.judgement, s.rounds[0], s.judge_rows([0]),
    ]  # fmt: skip
    for result in results:
        told = repr(result)
        assert "\n" not in told and len(told) < 160 and not any(text in told for text in s.corpus.texts), told
    done = elute.learn.Learned("spam", np.zeros(2, np.float32), 0.0, precision=0.93, recall=0.81, examples=29)
    assert repr(done) == "<Learned 'spam': precision 0.93, recall 0.81, 29 examples>"


@pytest.mark.parametrize("index", [None, [f"r{i}" for i in range(60)]], ids=["counted", "labelled"])
def test_what_is_handed_out_changes_nothing_of_the_session(tmp_path: Path, index: list[str] | None) -> None:
    """Ordinary lines on what a session shows: a note in a column, a share in percent, an index, clusters merged for a figure."""
    data = table(20)
    data.loc[[7, 9], "text"] = data["text"].iloc[[1, 2]].to_numpy()
    s = session(data if index is None else data.set_axis(index), tmp_path, clusterer=elute.KMeans(3))
    made = s.run()
    safe = [(one.kind, one.count) for one in s.suggestions]
    report, clusters, labels = s.report().text, made.clusters, made.labels.copy()
    for found in (s.findings, s.round.findings):
        found["copy"] = True
        found.loc[:, "near_copy"] = True
        del found["redundancy"]
    for shown in (s.round.clusters, s.round.scores.clusters):
        shown["share"] *= 100
        shown.index = shown.pop("cluster")
    arrays = (
        *(made.keep, made.labels, made.hashes, made.scores.row_silhouette, *made.coords.values()),
        *(s.labels(), s.current.labels, *s.current.coords.values()),
    )
    for values in arrays:
        with pytest.raises(ValueError, match="read-only"):
            values[:] = values[0]
    assert [(one.kind, one.count) for one in s.suggestions] == safe and s.report().text == report
    pd.testing.assert_frame_equal(s.current.clusters, clusters)
    assert s.findings["copy"].sum() == s.current.findings["copy"].sum() == 2
    assert s.drop(cluster=0) == (labels == 0).sum()


def test_vectors_that_came_as_a_table_belong_to_its_index(tmp_path: Path) -> None:
    """By position each text got another one's vector, and no word was said."""
    data = table(20).set_axis([f"r{i}" for i in range(60)])
    vectors = pd.DataFrame(
        np.eye(3)[pd.factorize(data["topic"])[0]] + np.random.default_rng(0).normal(0, 0.05, (60, 3)), data.index
    )
    s = session(data, tmp_path / "a", embedder=vectors.sort_index())
    expected = session(data, tmp_path / "b", embedder=vectors.to_numpy()).run().labels
    assert (s.run().labels == expected).all()
    s.run(embedder="tfidf")
    assert (s.run(embedder=vectors.sort_index(ascending=False)).labels == expected).all()
    with pytest.raises(InputError, match="table of vectors has another index than the table"):
        session(data, tmp_path / "c", embedder=vectors.reset_index(drop=True))


def test_a_seed_and_a_task_of_another_kind_are_refused_before_any_work(tmp_path: Path) -> None:
    for how in ({"seed": "a"}, {"seed": 1.5}, {"seed": -1}, {"seed": True}, {"task": None}, {"task": 5}):
        with pytest.raises(InputError, match=f"{next(iter(how))} is .*; it must be"):
            session(table(5), tmp_path, **how)
    s = session(table(5), tmp_path, seed=np.int64(3))
    s.run()
    with pytest.raises(InputError, match="no cluster"):
        s.drop(cluster=np.array([0, 1]))  # type: ignore[arg-type]
