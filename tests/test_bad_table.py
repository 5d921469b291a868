"""The table "Bad input" of docs/reliability.md, a test a row: through a whole session, as a person would run into it.

What a step does by itself on such input is tested beside the step; what holds here is what a person is told, and that no row is lost
or moved. The names of the tests are the names of the rows.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from openai_server import Behaviour, OpenAIServer
from pages import Page, table
from sklearn.cluster import HDBSCAN as SklearnHDBSCAN
from sklearn.metrics import adjusted_rand_score
from tables import with_index

import elute
from elute.corpus import BLANK, MISSING, NOT_TEXT
from elute.embed import Cache, OpenAIEmbedder, embed
from elute.errors import EmbeddingError, InputError, ProviderError, SettingsError
from elute.rounds.round import OUTSIDE
from elute.widget.protocol import MESSAGE_LIMIT
from elute.widget.tell import CLIP

Make = Callable[..., elute.Session]


@pytest.fixture
def session(tmp_path: Path) -> Make:
    """Sessions on ``data``, by TF-IDF and PCA unless told."""

    def made(data: Any, **how: Any) -> elute.Session:
        return elute.Session(data, **{"embedder": "tfidf", "projector": "pca", "path": tmp_path / "journal", **how})

    return made


def texts(n: int) -> list[str]:
    return [f"{word} number {row}" for row, word in zip(range(n), "card cat rain wind bank".split() * n, strict=False)]


def vectors(n: int, d: int = 8) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(n, d)).astype(np.float32)


# -- few rows, or all the same ---------------------------------------------------------------------------------------------------


def test_empty_frame_missing_column(session: Make, open_page: Callable[..., Page]) -> None:
    for data, how in ((pd.DataFrame({"body": ["a"], "n": [1]}), {"text": "text"}), (table(3), {"label": "text "})):
        wrong = next(iter(how.values()))
        with pytest.raises(InputError) as error:
            session(data, **how)
        assert repr(wrong) in str(error.value) and all(repr(name) in str(error.value) for name in data.columns)
    with pytest.raises(InputError, match="The table has no columns"):
        session(pd.DataFrame())
    for name, like in (
        ("prepare", r"elute.Prepare\(markup=False\)"),
        ("clusterer", r"elute.KMeans\(40\)"),
        ("embedder", "elute.Sent"),
    ):
        with pytest.raises(SettingsError, match=f"{name}= takes no dict; say it as in {like}"):
            session(["a"], **{name: {"markup": False}})
    empty = pd.DataFrame({"text": pd.Series([], dtype=object), "n": pd.Series([], dtype=int)})
    s = session(empty)
    with pytest.raises(InputError, match="No row with a text: the table has no rows"):
        s.run()
    pd.testing.assert_frame_equal(s.clean(), empty)
    with pytest.raises(InputError, match="No row with a text: none of 2 rows has one. Give another column as text=, or fill="):
        session([None, " "]).run()
    with pytest.raises(InputError, match="No row with a vector: those of all 3 rows with a text are zero. Take another embedder"):
        session(["a", "b", None, "c"], embedder=np.zeros((4, 2))).run()
    with pytest.raises(
        InputError, match=r"3 of 4 rows hold numbers or other values, not text. Give another column as text=, or make"
    ):
        session(pd.DataFrame({"text": [1, 2.5, 3, None]})).run()
    tags = [f'<img src="{name}.png">' for name in "abc"]
    with pytest.raises(
        InputError, match=r"of 3 of 4 rows nothing is left once HTML is taken out. prepare=elute.Prepare\(markup=False\) l"
    ):
        session([*tags, None]).run()
    page = open_page(empty, "text")
    page.ask("run")
    assert page.wait()["n"] == 0 and page.widget.status["error"].startswith("No row with a text")


@pytest.mark.parametrize("clusterer", ["communities", "kmeans", "dbscan", "hdbscan"])
@pytest.mark.parametrize("n", [1, 2])
def test_1_or_2_rows(session: Make, n: int, clusterer: str) -> None:
    s = session(texts(n), clusterer=clusterer, projector="umap")
    made = s.run()
    assert made.labels.tolist() == [0] * n and "only" in made.notes[0]
    assert made.coords[3].shape == (n, 3) and np.isfinite(made.coords[3]).all()
    assert not made.coords[3][:, n - 1 :].any(), "an axis that n points do not have is zero"
    s.drop([0])
    s.undo()
    assert s.clean() == texts(n)


@pytest.mark.parametrize("projector", [elute.UMAP(), elute.UMAP(algorithm="exact")], ids=["fast", "exact"])
def test_n_up_to_4(session: Make, projector: Any) -> None:
    for n in (3, 4):
        made = session(texts(n), projector=projector).run()
        assert f"{n} texts are too few for UMAP, so PCA was used." in made.notes and np.isfinite(made.coords[3]).all()


@pytest.mark.parametrize("n", [5, 30])
def test_n_up_to_30_with_t_sne(session: Make, n: int) -> None:
    made = session(texts(n), embedder=vectors(n), projector="tsne").run()
    (note,) = [note for note in made.notes if "perplexity" in note]
    used = made.params["perplexity"]
    assert used <= (n - 1) / 3 and note == f"A perplexity of 30 is too high for {n} texts; {used:.3g} was used."


@pytest.mark.parametrize("clusterer", ["communities", "kmeans", "dbscan", "hdbscan"])
def test_all_texts_identical(session: Make, clusterer: str) -> None:
    s = session(["the same"] * 30, clusterer=clusterer, projector="umap")
    made = s.run()
    assert made.labels.tolist() == [0] * 30 and "All 30 texts are identical" in made.notes[0]
    assert np.isfinite(made.coords[3]).all() and made.metrics["silhouette"] is None
    (offer,) = [one for one in s.suggestions if one.kind == "copies"]
    assert int(offer.rows.sum()) == 29
    s.accept([offer.id])
    assert s.clean() == ["the same"]


# -- what is no text, or an odd one ----------------------------------------------------------------------------------------------


def test_none_nan_numbers_lists(session: Make) -> None:
    values = ["a card", None, float("nan"), 3, [1, 2], 4.5, "a cat", {"a": 1}, pd.NA, b"bytes", "a card and a cat"]
    asked: list[str] = []

    def embedder(batch: list[str]) -> np.ndarray:
        asked.extend(batch)
        return vectors(len(batch))

    s = session(values, embedder=embedder)
    made = s.run()
    assert sorted(asked) == ["a card", "a card and a cat", "a cat"], "no silent str()"
    assert np.flatnonzero(s.corpus.state == MISSING).tolist() == [1, 2, 8]
    assert np.flatnonzero(s.corpus.state == NOT_TEXT).tolist() == [3, 4, 5, 7, 9]
    assert s.findings["missing"].sum() == 3 and s.findings["not_text"].sum() == 5
    assert (made.labels == OUTSIDE).tolist() == [not isinstance(value, str) for value in values]
    assert all(back is value for back, value in zip(s.clean(), values, strict=True))


def test_empty_or_blank_text(open_page: Callable[..., Page]) -> None:
    df = pd.DataFrame({"text": ["", "a card", "  \n", "\u200b", "a cat", "a card again"], "n": range(6)})
    page = open_page(df, "text", clusterer=elute.KMeans(2))
    page.ask("run")
    page.wait()
    s = page.widget.session
    assert np.isnan(s.round.coords[2][[0, 2, 3]]).all() and (s.round.labels[[0, 2, 3]] == OUTSIDE).all()
    assert "finding:blank" in [one["key"] for one in page.ask("state")[0]["attributes"]]
    told = page.ask("values", key="finding:blank")[0]
    assert {one["name"]: one["count"] for one in told["categories"]} == {"yes": 3, "no": 3}, "a group of its own in the legend"
    flagged = [
        point["row"] for point in page.ask("points", within="all", offset=0, limit=9)[0]["points"] if "blank" in point["flags"]
    ]
    assert flagged == [0, 2, 3]
    pd.testing.assert_frame_equal(s.clean(), df)


def test_lone_surrogates_control_characters(open_page: Callable[..., Page]) -> None:
    values = ["a \ud800card", "a\x00 cat\x1b[31m", "a \ud83d\ude00 card", "plain card", "plain cat", "\udfff"]
    page = open_page(values, clusterer=elute.KMeans(2))
    page.ask("run")
    state = page.wait()
    counts = {one["step"]: one for one in state["counts"]}
    assert (counts["surrogates"]["before"], counts["surrogates"]["changed"], counts["surrogates"]["after"]) == (3, 3, 0)
    assert (counts["control"]["before"], counts["control"]["changed"], counts["control"]["after"]) == (1, 1, 0)
    s = page.widget.session
    assert s.prepared().texts[:3] == ["a card", "a cat", "a \U0001f600 card"] and s.prepared().state[5] == BLANK
    assert s.clean() == values, "the original is kept"
    for row in range(6):
        page.ask("text", row=row)[0]["text"].encode()


def test_a_10_mb_text(open_page: Callable[..., Page]) -> None:
    book = "word " * 2_000_000
    page = open_page([book, *texts(8)], clusterer=elute.KMeans(2))
    page.ask("run")
    page.wait()
    s = page.widget.session
    assert s.findings["too_long"].tolist() == [True, *[False] * 8] and len(s.prepared().texts[0] or "") <= 32_000
    point = page.ask("points", within="all", offset=0, limit=1)[0]["points"][0]
    assert len(point["text"]) <= CLIP and point["clipped"]
    assert len(page.ask("text", row=0)[0]["text"]) > 500_000, "whole on demand, as far as one message carries"
    assert max(len(json.dumps(message)) for message in page.sent) <= MESSAGE_LIMIT
    assert s.clean()[0] is book


@pytest.mark.parametrize("index", ["duplicated", "strings", "multi"])
def test_duplicated_index_multi_index(session: Make, index: str) -> None:
    df = with_index(table(4), index)
    s = session(df, text="text", label="topic", clusterer=elute.KMeans(3))
    s.run()
    gone = df["topic"] == "cats"
    s.drop(gone)
    assert s.keep.tolist() == (~gone).tolist(), "a mask goes by position"
    pd.testing.assert_frame_equal(s.clean(), df[~gone.to_numpy()])
    pd.testing.assert_frame_equal(df[s.keep], s.clean())
    ids = s.corpus.ids
    moved = session(df.iloc[::-1], text="text", label="topic", clusterer=elute.KMeans(3))
    assert len(set(ids.tolist())) == len(df) and sorted(moved.corpus.ids.tolist()) == sorted(ids.tolist())
    assert moved.keep.tolist() == s.keep.tolist()[::-1], "decisions follow their rows"


# -- vectors that can not be used ------------------------------------------------------------------------------------------------


def test_nan_or_inf_vectors(session: Make) -> None:
    X = vectors(20)
    X[3, 1], X[7, 2] = np.nan, -np.inf
    stages: list[str] = []
    s = session(texts(20), embedder=X, progress=lambda stage, *rest: stages.append(stage))
    with pytest.raises(EmbeddingError, match="NaN or infinity, in rows 3, 7"):
        s.run()
    assert "cluster" not in stages, "before clustering"
    assert s.keep.all() and len(s.clean()) == 20
    s.drop([3, 7])  # a session goes on
    assert len(s.clean()) == 18


@pytest.mark.parametrize("clusterer", ["communities", "kmeans", "dbscan", "hdbscan"])
def test_zero_vectors(session: Make, clusterer: str) -> None:
    X = vectors(40)
    X[[4, 9]] = 0
    s = session(texts(40), embedder=X, clusterer=clusterer)
    made = s.run()
    assert any("2 rows have a zero vector" in note and "4, 9" in note for note in made.notes)
    assert made.labels[[4, 9]].tolist() == [OUTSIDE, OUTSIDE] and (np.delete(made.labels, [4, 9]) != OUTSIDE).all()
    without = session(texts(38), embedder=np.delete(X, [4, 9], axis=0), clusterer=clusterer, path=None).run()
    assert adjusted_rand_score(np.delete(made.labels, [4, 9]), without.labels) == 1, "they change nothing for the others"
    assert len(s.clean()) == 40


def test_wrong_dimension_provider_returns_too_few_vectors(session: Make, tmp_path: Path) -> None:
    with OpenAIServer() as server:
        for kind, said in (("wrong_count", "20 vectors and gave 19"), ("wrong_dimension", "7.*8|8.*7")):
            server.script([kind])
            embedder = OpenAIEmbedder("small", base_url=server.base_url, batch_size=20)
            with pytest.raises((EmbeddingError, ProviderError), match=said):
                embed(embedder, texts(20), cache=Cache(tmp_path / "cache"))
        asked = len(server.requests)
        made = embed(embedder, texts(20), cache=Cache(tmp_path / "cache"))
        assert len(server.requests) == asked + 1 and made.cached == 0, "never cached"
    with pytest.raises(EmbeddingError, match="19 precomputed vectors for 20 rows"):
        session(texts(20), embedder=vectors(19)).run()


# -- settings --------------------------------------------------------------------------------------------------------------------


def test_k_above_n_eps_up_to_0_min_cluster_size_1(open_page: Callable[..., Page]) -> None:
    for wrong in (
        lambda: elute.DBSCAN(eps=0.0),
        lambda: elute.DBSCAN(eps=-1.0),
        lambda: elute.HDBSCAN(min_cluster_size=1),
        lambda: elute.KMeans(0),
    ):
        with pytest.raises(SettingsError, match="must be at least"):
            wrong()
    page = open_page(table(4))
    page.ask("run")
    before = page.wait()
    wrong_forms = ({"name": "dbscan", "eps": 0}, {"name": "hdbscan", "min_cluster_size": 1}, {"name": "kmeans", "k": 0})
    for at, clusterer in enumerate(wrong_forms):
        reply = page.reply("settings", decision=f"d{at}", settings={"clusterer": clusterer})
        assert not reply["ok"] and "must be at least" in reply["error"]["message"]
    assert page.wait()["settings"] == before["settings"] and page.ask("state")[0]["round"]["number"] == 1
    page.ask("settings", decision="k", settings={"clusterer": {"name": "kmeans", "k": 13}})
    page.ask("run")
    state = page.wait()
    assert "k is 13, but there are only 12 distinct texts. Choose k of at most 12." in page.widget.status["error"]
    assert state["round"]["number"] == 1 and state["kept"] == 12


def test_hdbscan_metric_cosine(session: Make) -> None:
    """``metric="cosine"`` is no choice: vectors of unit length by euclidean distance, so their lengths change nothing."""
    rng = np.random.default_rng(1)
    X = np.repeat(np.eye(4, 12), 40, axis=0) + 0.08 * rng.normal(size=(160, 12))
    assert "metric" not in elute.HDBSCAN.__dataclass_fields__
    unit = X / np.linalg.norm(X, axis=1, keepdims=True)
    expected = SklearnHDBSCAN(min_cluster_size=10, min_samples=5, copy=True).fit_predict(unit)
    how = {"clusterer": elute.HDBSCAN(min_cluster_size=10, min_samples=5, space="full", algorithm="exact")}
    for given in (unit, X * rng.uniform(0.01, 100, (160, 1))):
        made = session([f"text {row}" for row in range(160)], embedder=given, path=None, **how).run()
        assert adjusted_rand_score(made.labels, expected) > 0.99


def test_one_cluster_only(open_page: Callable[..., Page]) -> None:
    page = open_page(table(6), clusterer=elute.KMeans(1))
    page.ask("run")
    state = page.wait()
    assert not page.widget.status["error"]
    metrics = state["round"]["metrics"]
    assert metrics["clusters"] == 1 and metrics["silhouette"] is metrics["davies_bouldin"] is metrics["calinski_harabasz"] is None
    (one,) = page.ask("clusters")[0]["clusters"]
    assert one["silhouette"] is None and one["size"] == 18
    s = page.widget.session
    assert "n/a" in s.report().text and not math.isnan(metrics["balance"])


# -- a model -----------------------------------------------------------------------------------------------------------------------

ANSWER = {
    "name": "some rows",
    "summary": "Rows.",
    "verdict": "keep",
    "reasons": ["fits"],
    "quality": 0.9,
    "confidence": 0.8,
    "trim": [],
}
WHOLE = {
    "more_or_fewer": "same",
    "suggested": None,
    "reason": "fits",
    "merge": [],
    "split": [],
    "imbalance": "even",
    "next": "go on",
}


def test_llm_garbage_refusal_truncated_429_5xx_timeout_wrong_ids(
    open_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nine clusters, asked about one after the other: each of the first eight meets another fault."""
    monkeypatch.setattr("elute.analyze.chat.ATTEMPTS", 2)  # of four, most of the time is waiting
    faults = [
        Behaviour("garbage"), Behaviour("refusal"), Behaviour("truncated"), *[Behaviour("nonsense")] * 2,
        Behaviour("429", 3600.0), *[Behaviour("500")] * 2, Behaviour("hang"),
    ]  # fmt: skip

    def chat(body: dict[str, Any]) -> str:
        whole = "as a whole" in body["messages"][0]["content"]
        wrong = len(server.requests) - len(faults) in (1, 2)  # a row that it was not shown, also when it is asked once more
        return json.dumps(WHOLE if whole else {**ANSWER, "trim": [99] if wrong else []})

    with OpenAIServer(chat) as server:
        server.script(faults)
        analyst = elute.OpenAIAnalyst("small", base_url=server.base_url, concurrency=1, timeout=0.5)
        page = open_page(table(9), analyst=analyst, clusterer=elute.KMeans(9))
        page.ask("run")
        page.wait()
        told = page.ask("clusters")[0]["clusters"]
        failed = [one for one in told if one["status"] == "failed"]
        assert len(told) == 9 and len(failed) == 8, "a fault costs the cluster it happened to, and the others go on"
        assert all(one["error"] and one["name"] and one["verdict"] is None and one["trim"] == [] for one in failed)
        assert len({one["error"] for one in failed}) >= 6, "each says what happened"
        page.ask("analyze", clusters=[one["cluster"] for one in failed])  # Retry
        page.wait()
        assert {one["status"] for one in page.ask("clusters")[0]["clusters"]} == {"ok"}
        assert page.ask("state")[0]["kept"] == 27 and page.widget.session.keep.all()
