"""A widget driven without a browser: messages in, replies and traits out, on real components."""

from __future__ import annotations

import gc
import json
import sys
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from openai_server import OpenAIServer
from pages import Page, table

import elute
from elute.jobs import Status
from elute.progress import Progress
from elute.widget.cells import running
from elute.widget.frame import from_bits, to_bits
from elute.widget.protocol import CHUNK, PROTOCOL, REQUESTS


class Slow:
    """A projector that waits until it is let go, and hears a cancel only then: as UMAP in the middle of its work."""

    def __init__(self) -> None:
        self.started, self.go = threading.Event(), threading.Event()

    def fit_transform(self, X: Any) -> Any:
        self.started.set()
        assert self.go.wait(30)
        return np.asarray(X)[:, :3]

    def __repr__(self) -> str:
        return "Slow()"


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


def test_coords_that_stayed_where_they_were_need_not_travel_again(open_page: Callable[..., Page]) -> None:
    page = open_page(projector="umap")
    page.ask("run")
    page.wait()
    versions = [{column["name"]: column["version"] for column in page.ask("frame")[0]["columns"]}]
    page.ask("drop", to_bits(np.arange(60) < 5), decision="d")
    page.wait()
    versions.append({column["name"]: column["version"] for column in page.ask("frame")[0]["columns"]})
    assert versions[0]["coords3"] == versions[1]["coords3"] and versions[0]["labels"] < versions[1]["labels"]
    before = dict(page.widget.revision)
    page.ask("refine")
    page.wait()
    versions.append({column["name"]: column["version"] for column in page.ask("frame")[0]["columns"]})
    assert versions[1]["coords3"] < versions[2]["coords3"] and versions[1]["labels"] == versions[2]["labels"]
    assert page.widget.revision["decision"] == before["decision"]
    assert not page.ask("state")[0]["draft"]


# -- every request --------------------------------------------------------------------------------------------------------------


def test_a_person_works_through_every_request(open_page: Callable[..., Page]) -> None:
    df = table()
    page = open_page(df)
    w, n = page.widget, len(df)
    hello, echo = page.ask("hello", b"\x00\x7f\x80\xff", protocol=PROTOCOL)
    assert hello["echoed"] and echo == b"\x00\x7f\x80\xff" and hello["n"] == n
    assert [form["name"] for form in hello["clusterers"]][:4] == ["communities", "kmeans", "dbscan", "hdbscan"]
    state = page.wait()  # saying hello started the first round
    assert state["round"]["number"] == 1 and not state["draft"] and not state["stale"] and state["overview"]
    assert state["kept"] == n and state["undo"] is None and state["saved"] and state["counts"]

    frame, _ = page.ask("frame")
    assert (frame["n"], [column["name"] for column in frame["columns"]]) == (n, ["coords3", "coords2", "labels"])
    _, chunk = page.ask("column", frame=frame["frame"], name="labels", chunk=0)
    labels = np.frombuffer(chunk, frame["columns"][2]["dtype"])
    np.testing.assert_array_equal(labels, w.session.round.labels)
    assert page.refused("column", frame=frame["frame"] - 1, name="labels", chunk=0) == "stale"
    assert page.refused("column", frame=frame["frame"], name="texts", chunk=0) == "invalid"
    assert page.mask("kept") == [True] * n

    clusters = page.ask("clusters")[0]["clusters"]
    assert {row["cluster"]: row["size"] for row in clusters} == {0: 20, 1: 20, 2: 20}
    assert all(row["status"] == "ok" and row["name"] and row["verdict"] for row in clusters)

    assert page.ask("going", to_bits(np.arange(60) < 3))[0] == {"goes": 3, "groups": 0, "note": ""}
    assert page.ask("read", to_bits(np.arange(60) < 3))[0]["examples"][0]["point"]["text"]
    assert page.ask("halves", cluster=0)[0] == {"examples": []}  # nobody asked for suggestions yet, which they are told from
    assert page.refused("thumbnails", rows=[0]) == "invalid"  # no column of images was named
    rows = labels == 0
    told, _ = page.ask("select", to_bits(rows), source={"kind": "lasso"})
    topic = df["topic"][rows].iloc[0]
    assert told["count"] == 20 and told["clusters"] == [{"key": 0, "count": 20, "of": 20}]
    assert told["labels"] == [{"key": topic, "count": 20, "of": 20}] and len(told["examples"]) == 12
    np.testing.assert_array_equal(w.selected, rows)
    assert page.mask("selection") == rows.tolist()
    listed = page.ask("points", within="selection", offset=15, limit=50)[0]
    assert listed["total"] == 20 and [point["row"] for point in listed["points"]] == np.flatnonzero(rows)[15:].tolist()
    assert page.ask("points", within="cluster", cluster=1, offset=0, limit=9)[0]["total"] == 20
    assert page.ask("points", within="all", query="CAT", offset=0, limit=0)[0]["total"] == df["text"].str.contains("cat").sum()
    assert page.ask("points", within="dropped", offset=0, limit=9)[0] == {"total": 0, "points": []}
    assert page.refused("points", within="nowhere", offset=0, limit=9) == "invalid"
    told = page.ask("text", row=3)[0]
    assert (told["row"], told["text"], told["label"], told["kept"]) == (3, df["text"][3], df["topic"][3], True)
    assert page.refused("text", row=n) == "invalid"
    found, bits = page.ask("search", query="^(heavy|rain)", mode="regex")
    assert from_bits(bits, n).tolist() == df["text"].str.match("heavy|rain").tolist() and found["count"] == sum(
        from_bits(bits, n)
    )
    assert page.refused("search", query="(", mode="regex") == "refused"

    page.ask("explain")
    assert page.wait()["n"] == n
    said = page.ask("explanation")[0]["explanation"]
    assert said["rows"] == 20 and said["belongs"] in {"yes", "no", "partly", "unsure"}
    assert page.ask("save", name=" odd ")[0] == {"name": "odd", "count": 20}
    assert page.refused("save", name=" ") == "refused"
    np.testing.assert_array_equal(w.selections["odd"], rows)

    outcome, _ = page.ask("drop", to_bits(rows), decision="d1", source={"kind": "lasso"}, reason="not ours")
    assert outcome == {"kept": 40, "rows": 20, "saved": True, "applied": True, "note": ""}
    assert page.mask("selection") == [False] * n  # what went is not chosen any more
    assert df[w.keep]["topic"].nunique() == 2
    state = page.wait()  # the next round began by itself
    assert state["round"]["number"] == 2 and state["kept"] == 40 and state["undo"] == "drop of 20 rows"
    assert state["history"][-1]["reason"] == "not ours" and state["history"][-1]["source"] == "lasso"
    assert page.ask("drop", to_bits(rows), decision="d1")[0]["applied"] is False  # a retry
    assert page.ask("recall", name="odd")[0]["count"] == 20
    assert page.refused("recall", name="even") == "invalid"

    assert page.ask("undo", decision="u1")[0]["kept"] == n and w.keep.all()
    assert page.ask("state")[0]["round"]["number"] == 1  # the frozen round is there at once
    assert page.ask("redo", decision="r1")[0]["kept"] == 40
    assert page.ask("state")[0]["round"]["number"] == 2
    assert page.ask("restore", to_bits(rows), decision="s1")[0]["rows"] == 20
    assert page.ask("keep", to_bits(rows), decision="k1")[0]["rows"] == 20
    assert page.ask("rename", decision="n1", cluster=1, name="mine")[0]["applied"]
    assert page.refused("rename", decision="n2", cluster=77, name="mine") == "refused"
    assert {row["cluster"]: row["name"] for row in page.ask("clusters")[0]["clusters"]}[1] == "mine"
    assert page.ask("keep_only", to_bits(~rows), decision="o1")[0]["kept"] == 40
    assert page.refused("keep_only", to_bits(np.zeros(n, bool)), decision="o2") == "refused"
    assert (
        page.refused("drop", b"\xff", decision="o3") == "invalid"
        and page.refused("drop", to_bits(rows), decision="") == "invalid"
    )

    assert page.ask("settings", decision="c1", settings={"clusterer": {"name": "kmeans", "k": 4}})[0]["applied"]
    assert page.wait()["round"]["metrics"]["clusters"] == 4
    for wrong in ({"colour": "red"}, {"how": {}}, {"clusterer": {"name": "kmeans", "k": 0}}, {"prepare": None}, {"clusterer": 3}):
        assert page.refused("settings", decision="c2", settings=wrong) == "refused"
    page.ask("run")
    page.wait()
    page.ask("refine")
    page.wait()
    page.ask("analyze", clusters=[1])
    assert page.refused("consent", granted=True, provider="far", purpose="embed") == "stale"  # nothing was asked
    assert page.ask("withdraw_consent", provider="far")[0] == {}  # nothing was agreed to
    page.wait()
    assert page.ask("cancel")[0] == {"cancelled": False}
    assert page.refused("hello", b"", protocol=99) == "stale"
    elsewhere = {"values", "hits", "grow", "goto", "revisit", "look", "preview", "previewed"}  # have tests of their own
    elsewhere |= {"duplicates", "confusion", "confused", "pairs", "accuracy", "compare", "compared"}
    elsewhere |= {"tag", "tags", "pin", "relabel"}
    elsewhere |= {"suggestions", "suggestion", "accept", "dismiss", "worth", "learn", "learned"}
    elsewhere |= {"prompts", "check_prompts", "set_prompts", "prompt", "prompted", "calls", "calls_file"}
    elsewhere |= {"advice", "report", "report_file", "paper", "paper_file", "judge_rows", "judged"}
    elsewhere |= {"afresh", "bring_along", "hold", "save_again"}
    assert page.asked == set(REQUESTS) - elsewhere


def test_before_the_first_round_everything_is_answered(open_page: Callable[..., Page]) -> None:
    page = open_page()
    n = 60
    state = page.ask("state")[0]
    assert state["round"] is None and state["kept"] == n and state["stale"]
    assert page.refused("frame") == "refused" and page.ask("clusters")[0] == {"clusters": []}
    assert page.ask("select", to_bits(np.ones(n, bool)))[0]["clusters"] == []
    assert page.refused("explain") == "refused" and page.refused("rename", decision="x", cluster=0, name="a") == "refused"
    assert page.ask("points", within="cluster", cluster=0, offset=0, limit=5)[0]["total"] == 0


# -- what is never sent ---------------------------------------------------------------------------------------------------------


def test_no_text_vector_or_key_is_ever_in_a_trait(open_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")

    def leaky(texts: list[str]) -> Any:
        raise ValueError(f"cannot embed {texts[0]!r} with sk-canary")

    df = table()
    page = open_page(df)
    page.ask("hello", b"abcd", protocol=PROTOCOL)
    page.wait()
    page.ask("select", to_bits(np.ones(len(df), bool)))
    page.ask("explain")
    page.wait()
    broken = open_page(df, embedder=leaky)
    broken.ask("run")
    broken.wait()
    assert broken.widget.status["error"]
    for one in (page, broken):
        traits = {name: value for name, value in one.widget.get_state().items() if not name.startswith("_")}
        kept = json.dumps([traits, one.statuses], default=str)
        assert {"revision", "status", "height"} <= set(traits)
        assert "canary" not in kept and not any(text in kept for text in df["text"])
        assert len(json.dumps(traits, default=str)) < 2000


def test_text_that_no_message_can_carry_is_shown_all_the_same(open_page: Callable[..., Page]) -> None:
    texts = ["half a pair \ud800 here", "\x00 and \x1b[31m", "plain words", "more plain words"]
    page = open_page(texts, clusterer=elute.KMeans(2))
    page.ask("hello", b"", protocol=PROTOCOL)
    page.wait()
    assert [point["text"] for point in page.ask("points", within="all", offset=0, limit=9)[0]["points"]][
        0
    ] == "half a pair ? here"
    assert page.ask("text", row=0)[0]["text"] == "half a pair ? here"
    assert page.widget.clean() == texts


def test_labels_of_any_type_reach_the_page_as_text(open_page: Callable[..., Page]) -> None:
    df = table(4)
    df["topic"] = [
        None,
        float("nan"),
        pd.Timestamp("2026-01-02"),
        (1, 2),
        True,
        3,
        3.5,
        "<b>",
        b"raw",
        10**30,
        "x" * 200,
        "\ud800",
    ]
    page = open_page(df)
    page.ask("hello", b"", protocol=PROTOCOL)
    page.wait()
    told = page.ask("select", to_bits(np.ones(12, bool)))[0]
    assert {tally["key"] for tally in told["labels"]} >= {"(none)", "2026-01-02 00:00:00", "(1, 2)", "True", "<b>"}
    assert sum(tally["count"] for tally in told["labels"]) == 12
    assert all(row["label"] is None or isinstance(row["label"], str) for row in page.ask("clusters")[0]["clusters"])


def test_a_label_is_one_colour_however_its_rows_write_it(open_page: Callable[..., Page]) -> None:
    df = table(4)
    df["topic"] = pd.Series([2, 2.0, "2", None, "1", 1, 1.0, 1, "x", "x", " ", 2], dtype=object)
    page = open_page(df, clusterer=elute.KMeans(2))
    page.ask("hello", b"", protocol=PROTOCOL)
    page.wait()
    assert page.ask("values", key="label")[0]["categories"] == [
        {"name": "2", "count": 4}, {"name": "1", "count": 4}, {"name": "x", "count": 2},
    ]  # fmt: skip
    told = page.ask("select", to_bits(np.ones(12, bool)))[0]["labels"]
    assert {tally["key"]: tally["count"] for tally in told} == {"2": 4, "1": 4, "x": 2, "(none)": 2}


def test_columns_above_2_mb_travel_in_chunks(open_page: Callable[..., Page]) -> None:
    n = 350_000  # coords3 are 2.1 MB
    rng = np.random.default_rng(0)
    vectors = np.eye(4, dtype=np.float32)[rng.integers(0, 4, n)]  # few distinct vectors: a round on them takes no time
    page = open_page([f"text {i % 4}" for i in range(n)], embedder=vectors, clusterer=elute.KMeans(4))
    page.widget.session.run()
    frame = page.ask("frame")[0]
    counts = {column["name"]: column["chunks"] for column in frame["columns"]}
    assert counts == {"coords3": 2, "coords2": 1, "labels": 1}
    parts = [page.ask("column", frame=frame["frame"], name="coords3", chunk=chunk)[1] for chunk in range(2)]
    assert [len(part) for part in parts] == [CHUNK, n * 6 - CHUNK]
    assert np.frombuffer(b"".join(parts), "<u2").reshape(n, 3).shape == (n, 3)
    assert page.ask("column", frame=frame["frame"], name="coords3", chunk=2)[1] == b""


# -- what runs ------------------------------------------------------------------------------------------------------------------


def test_a_cancelled_first_round_leaves_neither_draft_nor_busy(open_page: Callable[..., Page]) -> None:
    slow = Slow()
    page = open_page(projector=slow)
    page.ask("run")
    assert slow.started.wait(30)
    state = page.ask("state")[0]
    assert state["draft"] and state["round"]["number"] == 1 and page.ask("frame")[0]["n"] == 60
    seen = page.widget.revision["round"]
    assert page.ask("cancel")[0]["cancelled"]
    slow.go.set()
    state = page.wait()
    assert state["round"] is None and not state["draft"] and page.widget.status["error"] == ""
    assert page.widget.revision["round"] > seen, "the page must hear that the draft is gone"
    assert page.refused("frame") == "refused"
    page.ask("run")
    assert page.wait()["round"]["number"] == 1


def test_a_round_that_was_overtaken_is_not_shown(open_page: Callable[..., Page]) -> None:
    slow = Slow()
    page = open_page()
    page.ask("run")
    first = page.wait()["round"]
    rows = page.widget.session.round.labels == 0
    page.widget.session.configure(clusterer=elute.KMeans(2), projector=slow)
    assert slow.started.wait(30)
    page.ask("undo", decision="u")  # the first round belongs to this, and stands there at once
    assert page.ask("state")[0]["round"] == first
    slow.go.set()
    state = page.wait()
    assert state["round"] == first and not state["stale"]
    assert page.ask("select", to_bits(rows))[0]["clusters"] == [{"key": 0, "count": 20, "of": 20}]


def test_an_error_in_a_round_is_said_and_one_goes_on(open_page: Callable[..., Page]) -> None:
    class Broken:
        def fit_predict(self, X: Any) -> Any:
            raise RuntimeError("no")

    page = open_page()
    page.ask("run")
    page.wait()
    page.widget.session.configure(clusterer=Broken())
    state = page.wait()
    assert "Broken.fit_predict failed" in page.widget.status["error"] and state["stale"] and state["round"]["number"] == 1
    page.ask("suggestions")  # of their own accord they say nothing of it
    page.wait()
    assert "Broken.fit_predict failed" in page.widget.status["error"]
    page.ask("undo", decision="u")
    state = page.wait()
    assert not state["stale"] and page.widget.status["error"] == ""
    everything = np.ones(60, bool)
    page.ask("drop", to_bits(everything), decision="d")
    assert page.wait()["kept"] == 0 and "Undo, or restore" in page.widget.status["error"]
    page.ask("undo", decision="u2")
    assert page.wait()["kept"] == 60 and page.ask("clusters")[0]["clusters"][0]["status"] == "ok"


def test_a_manual_person_starts_rounds_alone(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.ask("run")
    page.wait()
    page.ask("settings", decision="s", settings={"automatic": False})
    page.ask("drop", to_bits(page.widget.session.round.labels == 0), decision="d")
    state = page.wait()
    assert state["round"]["number"] == 1 and state["stale"]
    page.ask("run")
    assert page.wait()["round"]["number"] == 2
    page.ask("undo", decision="u")
    assert page.wait()["round"]["number"] == 1


class Careful(elute.OfflineAnalyst):
    """The offline analyst, waiting before each verdict until it is let go."""

    def __init__(self) -> None:
        self.started, self.go = threading.Event(), threading.Event()

    def clusters(self, views: Any, context: Any, progress: Progress) -> Any:
        for answer in super().clusters(views, context, progress):
            self.started.set()
            while not self.go.wait(0.01):
                progress.check()
            yield answer


def test_the_next_round_does_not_wait_for_the_analyst(open_page: Callable[..., Page]) -> None:
    careful = Careful()
    page = open_page(analyst=careful)
    page.ask("run")
    assert careful.started.wait(30)
    rows = page.widget.session.round.labels == 0
    careful.started.clear()
    page.ask("drop", to_bits(rows), decision="d")
    assert careful.started.wait(30)  # round two is there, and is being judged
    state = page.ask("state")[0]
    assert state["round"]["number"] == 2 and not state["stale"]
    careful.go.set()
    page.wait()
    assert all(row["status"] == "ok" for row in page.ask("clusters")[0]["clusters"])


def test_a_person_who_asks_goes_before_the_judging_of_clusters(open_page: Callable[..., Page]) -> None:
    careful = Careful()
    page = open_page(analyst=careful)
    page.ask("run")
    assert careful.started.wait(30)
    page.ask("select", to_bits(page.widget.session.round.labels == 0))
    seen = threading.Event()
    page.widget.observe(lambda change: seen.set() if page.ask("explanation")[0]["explanation"] else None, "revision")
    page.ask("explain")
    page.ask("select", to_bits(np.zeros(60, bool)))  # what was asked about is what was selected then
    assert seen.wait(30) and not careful.go.is_set()
    assert page.ask("explanation")[0]["explanation"]["rows"] == 20
    careful.go.set()
    page.wait()
    assert all(row["status"] == "ok" for row in page.ask("clusters")[0]["clusters"])


# -- a page and cells -----------------------------------------------------------------------------------------------------------


def test_what_a_cell_does_reaches_the_page(open_page: Callable[..., Page]) -> None:
    session = elute.Session(table(), "text", "topic", embedder="tfidf", clusterer=elute.KMeans(3), projector="pca")
    page, other = open_page(session), open_page(session)
    session.run()
    assert page.wait()["round"]["number"] == 1 and page.ask("frame")[0]["n"] == 60
    before = dict(page.widget.revision)
    session.select(cluster=0)
    assert page.widget.revision["selection"] == before["selection"] + 1
    session.drop(cluster=0)
    assert page.widget.revision["decision"] > before["decision"] and page.mask("selection") == [False] * 60
    assert page.wait()["round"]["number"] == 2
    page.ask("undo", decision="u")
    assert other.wait()["round"]["number"] == 1 and other.widget.keep.all()
    session.configure(clusterer=elute.KMeans(5))
    assert page.wait()["round"]["metrics"]["clusters"] == 5 == other.wait()["round"]["metrics"]["clusters"]


@pytest.mark.parametrize("name", ["drop", "keep_only"])
def test_what_was_decided_about_is_not_selected_any_more(name: str, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.ask("run")
    page.wait()
    session = page.widget.session
    chosen, others = session.round.labels == 0, session.round.labels == 1
    session.pin(np.flatnonzero(chosen)[:2])
    page.ask("select", to_bits(chosen))
    page.ask("drop", to_bits(others & ~chosen), decision="of others")
    np.testing.assert_array_equal(page.widget.selected, chosen)  # that was not about it
    before = page.widget.revision["selection"]
    page.ask(name, to_bits(chosen), decision="d")
    assert not page.widget.selected.any() and page.widget.counts["selected"] == 0 and page.widget.revision["selection"] > before
    page.ask("select", to_bits(chosen))
    page.ask(name, to_bits(chosen), decision="d")  # a retry decides nothing
    assert page.widget.selected.any()
    page.wait()


def test_a_session_brings_its_settings(open_page: Callable[..., Page]) -> None:
    session = elute.Session(table(), "text", embedder="tfidf")
    with pytest.raises(TypeError, match="settings already"):
        elute.Widget(session, text="text")
    with pytest.raises(TypeError, match="embeder"):
        elute.Widget(table(), "text", embeder="tfidf")


def test_two_widgets_on_one_table_share_decisions(open_page: Callable[..., Page]) -> None:
    one, two = open_page(), open_page()
    one.ask("run")
    one.wait()
    two.ask("run")
    two.wait()
    one.ask("drop", to_bits(one.widget.session.round.labels == 0), decision="d")
    one.wait()
    assert two.ask("state")[0]["kept"] == 40 and two.ask("state")[0]["stale"]
    np.testing.assert_array_equal(one.widget.keep, two.widget.keep)
    two.ask("undo", decision="u")
    two.wait()
    assert one.widget.keep.all() and two.wait()["round"]["number"] == 1


def test_running_the_cell_again_finds_everything(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.ask("run")
    page.wait()
    page.ask("drop", to_bits(np.arange(60) < 20), decision="d")
    page.ask("save", name="a")
    before = page.wait()
    page.widget.close()
    again = open_page()
    again.ask("hello", b"", protocol=PROTOCOL)
    state = again.wait()
    assert "1 decision came back" in state["resumed"] and "1 decision" in repr(again.widget)
    for part in ("kept", "round", "rounds", "history", "selections", "undo"):
        assert {**state, "round": {**state["round"], "notes": []}}[part] == {**before, "round": {**before["round"], "notes": []}}[
            part
        ]
    changed = open_page(table().iloc[5:].reset_index(drop=True))
    changed.ask("run")
    state = changed.wait()
    assert state["n"] == 55 and "not in this table" in state["resumed"]


@pytest.mark.parametrize("texts", [["one text"], ["same", "same"], ["a cat", "a dog"], ["", " ", "\n"], [""]])
def test_hardly_any_rows_are_still_answered(open_page: Callable[..., Page], texts: list[str]) -> None:
    page = open_page(texts, clusterer="kmeans")
    page.ask("hello", b"", protocol=PROTOCOL)
    state = page.wait()
    assert state["n"] == len(texts) and page.mask("kept") == [True] * len(texts)
    if any(text.strip() for text in texts):
        assert state["round"]["number"] == 1 and page.ask("frame")[0]["n"] == len(texts)
    else:
        assert "No row with a text" in page.widget.status["error"]


def test_a_closed_widget_is_let_go() -> None:
    widget = elute.Widget(table(4), "text", embedder="tfidf", clusterer=elute.KMeans(2), projector="pca")
    page = Page(widget)
    page.ask("hello", b"", protocol=PROTOCOL)
    page.wait()
    gone = weakref.ref(widget.session.corpus)
    widget.close()
    widget.close()
    del widget, page
    for _ in range(20):
        gc.collect()
        if gone() is None:
            return
        threading.Event().wait(0.1)
    raise AssertionError("texts are held by a closed widget")


# -- remote providers -----------------------------------------------------------------------------------------------------------


def test_nothing_leaves_before_the_person_agreed(open_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
    with OpenAIServer() as server:
        page = open_page(embedder=elute.OpenAIEmbedder(base_url=server.base_url))
        page.ask("hello", b"", protocol=PROTOCOL)
        asked = page.wait()["consent"]
        assert (
            asked["purpose"] == "embed"
            and asked["texts"] == 60
            and len(asked["examples"]) == 3
            and "127.0.0.1" in asked["provider"]
        )
        assert server.requests == []
        page.answer(False)
        state = page.wait()
        assert state["consent"] is None and state["round"] is None
        page.ask("settings", decision="s", settings={"clusterer": {"name": "kmeans", "k": 2}})
        assert page.wait()["consent"] is None and "did not agree" in page.widget.status["error"]
        page.ask("run")  # asked for by the person themselves
        assert page.wait()["consent"]["purpose"] == "embed" and server.requests == []
        page.answer(True)
        assert page.wait()["round"]["number"] == 1 and server.requests
        count = len(server.requests)
        again = open_page(embedder=elute.OpenAIEmbedder(base_url=server.base_url), clusterer=elute.KMeans(4))
        again.ask("run")  # agreed before, and in the journal
        assert again.wait()["round"]["metrics"]["clusters"] == 4 and len(server.requests) == count
        other = open_page(embedder=elute.OpenAIEmbedder(base_url="http://other.invalid/v1"))
        other.ask("run")
        assert other.wait()["consent"]["provider"] != asked["provider"], "another host is another agreement"


def test_what_is_asked_about_is_what_will_be_sent_and_paid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
    texts = [f"text number {i % 20} about banks and cards" for i in range(200)]

    def asked(texts: list[str], name: str) -> tuple[int, int, float]:
        w = elute.Widget(texts, embedder=far, clusterer=elute.KMeans(3), projector="pca", path=tmp_path / name)
        try:
            page = Page(w)
            page.ask("run")
            told = page.wait()["consent"]
            page.ask("consent", granted=True, provider=told["provider"], purpose="embed")
            page.wait()
            return told["texts"], told["tokens"], told["cost"]
        finally:
            w.close()

    with OpenAIServer() as server:
        far = elute.OpenAIEmbedder("m", base_url=server.base_url, price=10.0)
        distinct = sorted(set(texts))
        assert asked(texts, "a") == (20, far.estimate(distinct).tokens, far.estimate(distinct).cost)
        assert sum(len(body["input"]) for body in server.requests) == 20
        assert asked([*texts, "one more text"], "b")[0] == 1, "what the cache holds is not sent"
        assert sum(len(body["input"]) for body in server.requests) == 21


class Far(elute.OfflineAnalyst):
    """An analyst that counts as remote."""

    remote = True

    def __init__(self) -> None:
        self.name, self.asked = "far away", 0

    def clusters(self, views: Any, context: Any, progress: Progress) -> Any:
        self.asked += 1
        yield from super().clusters(views, context, progress)


class Slowly(Far):
    """One that waits after its first answer until it is let go, and hears a stop."""

    def __init__(self) -> None:
        super().__init__()
        self.let, self.sent, self.stopped = threading.Event(), 0, False

    def clusters(self, views: Any, context: Any, progress: Progress) -> Any:
        for said in super().clusters(views, context, progress):
            self.sent += 1
            yield said
            try:
                while not self.let.is_set():
                    time.sleep(0.01)
                    progress.check()
            except BaseException:
                self.stopped = True
                raise


def test_an_analyst_waits_for_consent_and_the_map_does_not(open_page: Callable[..., Page]) -> None:
    far = Far()
    page = open_page(analyst=far)
    page.ask("run")
    state = page.wait()
    assert state["round"]["number"] == 1 and state["consent"]["purpose"] == "analyse" and far.asked == 0
    page.ask("select", to_bits(np.ones(60, bool)))
    assert page.refused("explain") == "refused"
    page.answer(False)
    page.ask("drop", to_bits(page.widget.session.round.labels == 0), decision="d")
    assert page.wait()["consent"] is None and far.asked == 0
    page.ask("analyze")
    assert page.wait()["consent"]["purpose"] == "analyse"
    page.answer(True)
    assert page.wait()["overview"] and far.asked == 1


@pytest.mark.parametrize("where", ["page", "cell"])
def test_a_consent_is_taken_back_and_nothing_more_is_sent(open_page: Callable[..., Page], where: str) -> None:
    far = Far()
    page = open_page(analyst=far)
    session = page.widget.session
    page.ask("run")
    page.wait()
    page.answer(True)
    assert page.wait()["analyst"]["consented"] and far.asked == 1
    page.ask("drop", to_bits(session.round.labels == 0), decision="d")
    page.wait()
    asked = far.asked
    if where == "page":
        assert page.ask("withdraw_consent", provider=far.name)[0] == {} == page.ask("withdraw_consent", provider=far.name)[0]
    else:
        session.consent(far.name, granted=False)
    assert not page.wait()["analyst"]["consented"]
    page.ask("undo", decision="u")
    page.ask("drop", to_bits(session.round.labels == 1), decision="e")
    assert page.wait()["consent"] is None and far.asked == asked, "who said no is not asked until they want it"
    page.ask("select", to_bits(np.ones(60, bool)))
    assert page.refused("explain") == page.refused("report", write=True) == "refused"
    page.ask("analyze")
    assert page.wait()["consent"]["provider"] == far.name
    page.answer(True)
    assert page.wait()["analyst"]["consented"] and far.asked > asked


def test_a_cell_that_is_run_again_stops_what_it_left_at_work(
    open_page: Callable[..., Page], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = iter([("a", "1"), ("a", "1"), ("b", "2"), ("", ""), ("a", "3")])
    monkeypatch.setattr("elute.widget.cells.running", lambda: next(runs))
    analysts, pages = [Slowly() for _ in range(4)], []
    for number, far in enumerate(analysts):
        far.remote = False
        pages.append(open_page(analyst=far, path=tmp_path / str(number)))
        pages[-1].ask("run")
    until(lambda: all(far.sent for far in analysts))
    assert not any(far.stopped for far in analysts), "what one run makes goes on, each of it"
    open_page()
    until(lambda: analysts[0].stopped and analysts[1].stopped)
    time.sleep(0.1)
    assert not analysts[2].stopped and not analysts[3].stopped, "and so does what other cells made"
    for far in analysts:
        far.let.set()


def test_which_cell_runs_is_what_the_front_end_says(monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, Any] = {"header": {"msg_id": "m"}, "metadata": {"cellId": "c"}}
    shell = SimpleNamespace(get_parent=lambda: told)
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert running() == ("c", "m")
    told.clear()
    assert running() == ("", "")
    del shell.get_parent
    assert running() == ("", "")
    monkeypatch.delitem(sys.modules, "IPython")
    assert running() == ("", "")


@pytest.mark.parametrize("how", ["cancel", "afresh"])
def test_who_waits_behind_what_is_stopped_hears_of_it(open_page: Callable[..., Page], how: str) -> None:
    class Thirds(Slow):
        def fit_predict(self, X: Any) -> Any:
            return np.argsort(self.fit_transform(X)[:, 0]) % 3

    slow = Thirds()
    slow.go.set()
    page = open_page(clusterer=slow)
    page.ask("run")
    page.wait()
    slow.go.clear()
    slow.started.clear()
    page.ask("drop", to_bits(np.arange(60) % 12 == 0), decision="d")
    assert slow.started.wait(60)
    page.ask("learn")
    page.ask("prompt", cluster=0)
    page.ask("search", query="cat", mode="meaning")
    before = dict(page.widget.revision)
    page.ask(how, **({"decision": "a"} if how == "afresh" else {}))
    moved = {part for part, count in page.widget.revision.items() if count > before[part]}
    slow.go.set()
    assert {"evidence", "analysis", "search"} <= moved
    learned, prompted, hits = (page.ask(name)[0] for name in ("learned", "prompted", "hits"))
    assert all("stopped" in told["error"] for told in (learned, prompted, hits))
    assert prompted["asked"] == 0 and not hits["pending"]
    page.wait()
    for name, how_asked in (("learn", {}), ("prompt", {"cluster": 0}), ("search", {"query": "cat", "mode": "meaning"})):
        page.ask(name, **how_asked)
    page.wait()
    learned, prompted, hits = (page.ask(name)[0] for name in ("learned", "prompted", "hits"))
    assert learned["learned"] and prompted["prompt"] and hits["count"]
    assert not any(told["error"] for told in (learned, prompted, hits)), "who asks again is not told of the last time"


@pytest.mark.parametrize("how", ["withdrawn", "begun afresh"])
def test_a_consent_taken_back_in_one_cell_stops_what_sends_in_another(open_page: Callable[..., Page], how: str) -> None:
    """A cell that was run again leaves its old widget at work, which no page shows: nothing more may leave there either."""

    far = Slowly()
    old = open_page(analyst=far)
    old.ask("run")
    old.wait()
    old.answer(True)
    until(lambda: far.sent == 1)
    new = open_page(analyst=Far())
    if how == "withdrawn":
        new.ask("withdraw_consent", provider=far.name)
    else:
        new.ask("afresh", decision="a")
    until(lambda: far.stopped)
    assert not old.wait()["analyst"]["consented"] and far.sent == 1
    assert not new.wait()["analyst"]["consented"]


def test_a_yes_is_to_what_was_read_and_to_nothing_else(open_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch) -> None:
    """A click that comes late, when something else is asked, must not send all texts there."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
    far = Far()
    with OpenAIServer() as server:
        page = open_page(analyst=far)
        session = page.widget.session
        page.ask("run")
        first = page.wait()["consent"]
        page.widget.run(embedder=elute.OpenAIEmbedder(base_url=server.base_url))
        assert page.wait()["consent"] == first, "what is read stays to be answered"
        assert page.answer(True) == {"provider": "far away", "purpose": "analyse"}
        second = page.wait()["consent"]
        assert second["purpose"] == "embed" and session.state.consents == {"far away"} and server.requests == []
        wrong = page.reply("consent", granted=True, provider="other (far.invalid)", purpose="embed")
        assert wrong["error"]["kind"] == "stale" and "not asked any more" in wrong["error"]["message"]
        assert page.ask("consent", granted=True, provider="far away", purpose="analyse")[0] == {}, "the same click, twice"
        assert session.state.consents == {"far away"} and server.requests == []
        page.widget.run(embedder="tfidf")
        assert page.wait()["consent"] is None, "nothing waits for it any more"
        assert page.refused("consent", granted=True, provider=second["provider"], purpose="embed") == "stale"
        assert server.requests == []


def test_a_decision_that_was_made_is_acknowledged_again_whatever_became_of_what_it_was_about(
    open_page: Callable[..., Page],
) -> None:
    df = table()
    page = open_page(pd.concat([df, df.iloc[:8]], ignore_index=True))
    page.ask("hello", b"1234", protocol=PROTOCOL)
    page.wait()
    found: list[dict[str, Any]] = []
    deadline = time.monotonic() + 20
    while not found and time.monotonic() < deadline:
        found = page.ask("suggestions")[0]["suggestions"]
        page.wait()
    ids = [found[0]["id"]]
    first = page.ask("accept", decision="a", ids=ids)[0]
    assert first["applied"]
    page.wait()
    again = page.ask("accept", decision="a", ids=ids)[0]
    assert (again["kept"], again["rows"], again["applied"]) == (first["kept"], 0, False)


def test_a_decision_that_stands_is_answered_as_one_whatever_breaks_after_it(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.ask("hello", b"1234", protocol=PROTOCOL)
    page.wait()
    session = page.widget.session

    def broken(kind: str) -> None:
        raise RuntimeError("after it")

    session.listen(broken)
    told = page.ask("drop", to_bits(np.arange(60) < 3), decision="d")[0]
    assert (told["kept"], told["rows"], told["applied"]) == (57, 3, True) and session.dropped.sum() == 3
    assert page.ask("undo", decision="u")[0]["applied"] and not session.dropped.any()
    session.drop = broken
    assert page.refused("drop", to_bits(np.arange(60) < 3), decision="e") == "failed" and not session.dropped.any()


def test_a_flood_of_progress_is_told_ten_times_a_second_and_ends_as_python_stands(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.wait()
    before, began = len(page.statuses), time.monotonic()
    for done in range(6000):
        page.widget._tell(Status("embed", done, 6000, None, "", True, ""))
    page.widget._tell(Status("", 0, 0, None, "", False, ""))
    told = page.statuses[before:]
    assert len(told) <= 3 + 10 * (time.monotonic() - began)
    assert told[-1]["busy"] is False and page.widget.status == told[-1]
