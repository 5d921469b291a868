"""Evidence that the page asks for: duplicates, labels, pairs, comparisons, tags and pins."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from grounds import Said
from pages import Page, table

from elute.corpus import Corpus
from elute.neighbors import nearest
from elute.suggest.rows import Rows
from elute.widget import duplicates
from elute.widget.evidencing import confusion
from elute.widget.frame import from_bits, to_bits


def copies() -> pd.DataFrame:
    """Sixty rows, then copies: an exact one, one with another label, one with another word order in the end."""
    df = table()
    more = [
        (df["text"][0], "cards"),
        (df["text"][1], "rain"),
        (df["text"][25] + ".", "cats"),
        ("Please could you top up my card with ten pounds today", "cards"),
        ("please could you top up my card with ten pounds today!", "cards"),
    ]
    return pd.concat([df, pd.DataFrame(more, columns=df.columns)], ignore_index=True)


def rows(keep: Any = None, label: Any = None, state: Any = None, **columns: Any) -> Rows:
    """Rows of a round with these findings, on which this was decided."""
    n = len(next(iter(columns.values())))
    usual = {"copy": False, "near_copy": False, "conflict": False, "copy_of": -1, "near_copy_of": -1, "conflict_of": -1}
    told = pd.DataFrame({name: columns.get(name, [value] * n) for name, value in usual.items()})
    made: Any = SimpleNamespace(labels=np.zeros(n, int), findings=told)
    frame = pd.DataFrame(
        {"text": [str(at) for at in range(n)], **({} if label is None else {"label": pd.Series(label, dtype=object)})}
    )
    corpus = Corpus.from_data(frame, "text", None if label is None else "label")
    given = {"looked": np.zeros(n, bool), "pinned": np.zeros(n, bool), **(state or {})}
    return Rows(made, corpus, Said(np.ones(n, bool) if keep is None else np.array(keep, bool), **given))


# -- groups ----------------------------------------------------------------------------------------------------------------------


def test_copies_stand_with_the_row_that_stays() -> None:
    told = {
        "copy": [0, 1, 0, 0, 0, 1], "copy_of": [-1, 0, -1, -1, -1, 3],
        "near_copy": [0, 0, 1, 0, 0, 0], "near_copy_of": [-1, -1, 0, -1, -1, -1],
    }  # fmt: skip
    found = duplicates.near_copies(rows(**told))
    assert [group.tolist() for group in found.groups] == [[0, 1, 2], [3, 5]] and found.rows == 5
    assert found.spare.tolist() == [False, True, True, False, False, True]
    found = duplicates.near_copies(rows([1, 0, 1, 0, 1, 1], **told))
    assert [group.tolist() for group in found.groups] == [[0, 2]]  # 5 is no copy of what is gone


def test_what_a_person_decided_on_stays_and_is_counted() -> None:
    told = {"copy": [0, 1, 0, 1, 0, 1, 0, 1, 0, 0], "copy_of": [-1, 0, -1, 2, -1, 4, -1, 6, -1, -1],
            "near_copy": [0] * 8 + [0, 1], "near_copy_of": [-1] * 8 + [-1, 8]}  # fmt: skip
    at = np.arange(10)
    kept = {"looked": at == 3, "in_force": [], "tags": {"gold": at == 1, "both": (at == 8) | (at == 9)}, "pinned": at == 5}
    found = duplicates.near_copies(rows(state={**kept, "relabels": {7: "rain"}}, label=["cats"] * 10, **told))
    assert [group.tolist() for group in found.groups] == [[1, 0], [3, 2], [5, 4], [8, 9]]  # 7 bears another label than 6 by now
    assert np.flatnonzero(found.spare).tolist() == [0, 2, 4, 9] and found.left == 0
    told["near_copy"][0] = told["near_copy"][1] = 1
    told["near_copy_of"][0] = told["near_copy_of"][1] = 8
    found = duplicates.near_copies(rows(state=kept, **told))
    assert [8, 0, 1, 9] in [group.tolist() for group in found.groups]
    assert found.left == 1 and np.flatnonzero(found.spare).tolist() == [0, 2, 4, 7, 9]  # the tagged one is no row that goes
    apart = [(group[0], group[1:]) for group in (np.array([8, 1, 3, 9]), np.array([0, 2]))]
    spare = np.isin(at, [1, 3, 9, 2])
    meant = duplicates.DuplicateGroups(tuple(np.r_[first, others] for first, others in apart), spare, (0.9, 0.9))
    free = duplicates.free_in_meaning(meant, rows(state=kept, label=["cats"] * 9 + ["rain"], **told))
    assert np.flatnonzero(free.spare).tolist() == [2] and free.left == 2


def test_copies_without_a_label_are_read_beside_the_others_and_never_go_for_them() -> None:
    found = duplicates.near_copies(rows(label=["cats", None, None], copy=[0, 1, 1], copy_of=[-1, 0, 0]))
    assert [group.tolist() for group in found.groups] == [[0, 1, 2]] and np.flatnonzero(found.spare).tolist() == [2]


def test_a_copy_under_another_label_is_no_spare_row() -> None:
    told = {"label": list("abcc"), "copy": [0, 1, 0, 1], "copy_of": [-1, 0, -1, 2], "conflict_of": [1, 0, -1, -1]}
    assert duplicates.near_copies(rows(**told)).spare.tolist() == [False, False, False, True]
    found = duplicates.conflicts(rows(**told))
    assert [group.tolist() for group in found.groups] == [[0, 1]] and found.spare.tolist() == [False, True, False, False]
    assert duplicates.conflicts(rows([1, 0, 1, 1], **told)).groups == ()
    assert duplicates.conflicts(rows(state={"relabels": {1: "a"}}, **told)).groups == ()
    again = duplicates.conflicts(rows(state={"relabels": {3: "a"}}, **told))
    assert [group.tolist() for group in again.groups] == [[0, 1], [2, 3]]


def test_groups_in_meaning_agree_with_cosines() -> None:
    random = np.random.default_rng(0)
    middles = random.normal(size=(40, 24))
    X = np.repeat(middles, 5, axis=0) + 0.35 * random.normal(size=(200, 24))
    X = (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)
    owner, cosine = duplicates.stars(nearest(X, 45), 0.9, np.ones(200))
    similar = X @ X.T
    for row in np.flatnonzero(owner >= 0):
        lead = owner[row]
        assert owner[lead] == lead
        assert row == lead or (similar[row, lead] >= 0.9 - 1e-5 and abs(cosine[row] - similar[row, lead]) < 1e-5)
    left = np.flatnonzero(owner < 0)
    assert 0 < len(left) < 200
    alone = similar[np.ix_(left, left)] - 2 * np.eye(len(left))
    assert alone.max() < 0.9  # no two that are left are near each other


def test_equal_vectors_are_a_group_of_their_own() -> None:
    X = np.eye(3, dtype=np.float32)
    owner, _ = duplicates.stars(nearest(X, 2), 0.9, np.array([2.0, 1.0, 1.0]))
    assert owner.tolist() == [0, -1, -1]


def test_confusion_counts_rows_that_count() -> None:
    given, looks = np.array([0, 0, 0, 1, 1, -1]), np.array([1, 1, 0, 0, -1, 1])
    a, b, counts = confusion(given, looks, np.array([1, 1, 1, 1, 1, 1], bool))
    assert list(zip(a.tolist(), b.tolist(), counts.tolist(), strict=True)) == [(0, 1, 2), (1, 0, 1)]
    assert confusion(given, looks, np.zeros(6, bool))[2].tolist() == []


# -- requests --------------------------------------------------------------------------------------------------------------------


def test_the_panel_takes_no_row_that_a_person_decided_on(open_page: Callable[..., Page]) -> None:
    df = pd.concat([table(40), table(40).iloc[[0, 1, 50]]], ignore_index=True)
    page = open_page(df)
    page.ask("run")
    page.wait()
    n = len(df)
    page.ask("tag", to_bits(np.arange(n) == 120), decision="t", name="gold")
    page.ask("keep", to_bits(np.arange(n) == 121), decision="k")
    page.ask("relabel", to_bits(np.arange(n) == 122), decision="l", label="rain")
    page.wait()
    told, bits = page.ask("duplicates", kind="near", offset=0, limit=9)
    assert [group["survivor"] for group in told["groups"]] == [120, 121] and told["left"] == 0
    assert np.flatnonzero(from_bits(bits, n)).tolist() == [0, 1]
    found = next(one for one in page.widget.session.suggestions if one.kind == "copies")
    assert np.flatnonzero(found.rows).tolist() == [0, 1]  # as the suggestion says
    told, _ = page.ask("duplicates", kind="conflict", offset=0, limit=9)
    assert [[(point["row"], point["label"]) for point in group["points"]] for group in told["groups"]] == [
        [(50, "cats"), (122, "rain")]
    ]
    page.ask("duplicates", kind="meaning", threshold=0.999, offset=0, limit=9)
    assert page.widget.wait(60)
    told, bits = page.ask("duplicates", kind="meaning", threshold=0.999, offset=0, limit=9)
    assert not from_bits(bits, n)[[120, 121, 122]].any() and told["left"] == 2
    page.ask("tag", to_bits(np.arange(n) == 120), decision="t2", name="")
    told, bits = page.ask("duplicates", kind="meaning", threshold=0.999, offset=0, limit=9)
    assert from_bits(bits, n)[120] and told["left"] == 1  # with no second search


def test_duplicates_side_by_side(open_page: Callable[..., Page]) -> None:
    df = copies()
    page = open_page(df)
    page.ask("run")
    page.wait()
    told, bits = page.ask("duplicates", kind="near", offset=0, limit=20)
    groups = [[point["row"] for point in group["points"]] for group in told["groups"]]
    assert [0, 60] in groups and not told["pending"] and told["total"] == len(groups)
    assert {63, 64} in [set(group) for group in groups]
    spare = from_bits(bits, len(df))
    assert spare[60] and not spare[0] and not spare[61] and spare.sum() == told["rows"] - told["total"]
    assert page.ask("duplicates", kind="near", offset=1, limit=1)[0]["groups"] == told["groups"][1:2]
    conflicts, _ = page.ask("duplicates", kind="conflict", offset=0, limit=20)
    assert [[point["row"] for point in group["points"]] for group in conflicts["groups"]] == [[1, 61]]
    assert conflicts["groups"][0]["conflict"] and {point["label"] for point in conflicts["groups"][0]["points"]} == {
        "cards",
        "rain",
    }
    assert page.refused("duplicates", kind="far", offset=0, limit=20) == "invalid"

    told, bits = page.ask("duplicates", kind="meaning", threshold=0.999, offset=0, limit=20)
    if told["pending"]:
        assert not from_bits(bits, len(df)).any()
        assert page.widget.wait(60)
        told, bits = page.ask("duplicates", kind="meaning", threshold=0.999, offset=0, limit=20)
    assert not told["pending"] and {0, 60} in [{point["row"] for point in group["points"]} for group in told["groups"]]
    assert all(group["similarity"] >= 0.998 for group in told["groups"])
    spare = from_bits(bits, len(df))
    assert spare[60] and not spare[[1, 61]].any()  # who says the same under another label is read, not dropped

    page.ask("drop", bits, decision="d")
    page.wait()
    assert page.ask("duplicates", kind="near", offset=0, limit=20)[0]["total"] == 0


def test_a_click_on_the_matrix_finds_its_rows(open_page: Callable[..., Page]) -> None:
    df = table(40)
    df.loc[[3, 50], "topic"] = ["cats", "rain"]
    page = open_page(df)
    page.ask("run")
    page.wait()
    told, _ = page.ask("confusion")
    cells = {
        (told["labels"][a], told["labels"][b]): count
        for a, b, count in zip(told["given"], told["looks"], told["counts"], strict=True)
    }
    assert cells[("cats", "cards")] >= 1 and cells[("rain", "cats")] >= 1 and not told["pending"]
    assert "finding:label_suggested" in {told["key"] for told in page.ask("state")[0]["attributes"]}
    listed = page.ask("points", within="all", keys=["finding:label_suggested"], offset=3, limit=1)[0]["points"][0]
    assert listed["label"] == "cats" and listed["values"] == ["cards"]
    code = dict(zip(told["labels"], told["codes"], strict=True))
    found, bits = page.ask("confused", given=code["cats"], looks=code["cards"])
    rows = from_bits(bits, len(df))
    assert rows[3] and found["count"] == rows.sum() == cells[("cats", "cards")] and (df["topic"][rows] == "cats").all()
    assert page.refused("confused", given=9, looks=0) == page.refused("confused", given=0, looks=-1) == "invalid"
    page.ask("drop", to_bits(rows), decision="d")
    page.wait()
    assert page.ask("confused", given=code["cats"], looks=code["cards"])[0]["count"] == 0


def test_long_labels_that_begin_alike_are_different_labels(open_page: Callable[..., Page]) -> None:
    begin = "Vehicles & Parts > Vehicle Parts & Accessories > Motor Vehicle Parts > Motor Vehicle "
    long = {"cards": begin + "Engine Parts", "cats": begin + "Transmission Parts", "rain": "Home"}
    df = table(40)
    df = pd.concat([df, df.iloc[[0]].assign(topic="cats")], ignore_index=True)
    df.loc[[45, 46, 85], "topic"] = ["cards", "cards", "cats"]
    df["topic"] = df["topic"].map(long)
    page = open_page(df)
    page.ask("run")
    page.wait()
    told, _ = page.ask("confusion")
    assert len(set(told["labels"])) == len(told["labels"]) == 3 and max(map(len, told["labels"])) <= 80
    for given, looks, count in zip(told["given"], told["looks"], told["counts"], strict=True):
        assert given != looks
        found, bits = page.ask("confused", given=told["codes"][given], looks=told["codes"][looks])
        name = df["topic"][from_bits(bits, len(df))].unique()
        assert found["count"] == count and len(name) == 1 and name[0][-10:] == told["labels"][given][-10:]
    (group,) = page.ask("duplicates", kind="conflict", offset=0, limit=9)[0]["groups"]
    assert group["conflict"] and len({point["label"] for point in group["points"]}) == 2
    for chosen in page.ask("values", key="label")[0]["categories"]:
        assert page.ask("relabel", to_bits(np.arange(len(df)) == 50), decision=chosen["name"], label=chosen["name"])[0]["saved"]
        assert set(page.widget.session.table()["elute_label" if page.widget.session.state.relabels else "topic"]) == set(
            long.values()
        )
    assert page.ask("relabel", to_bits(np.arange(len(df)) == 50), decision="new", label=begin[:80])[0]["rows"] == 1
    assert page.widget.session.state.relabels[50] == begin[:80]  # the beginning of several, typed: a label of its own


def test_2_and_2_0_are_one_label_side_by_side(open_page: Callable[..., Page]) -> None:
    df = table(20)
    df["topic"] = df["topic"].map({"cards": 2, "cats": 3, "rain": 4}).astype(object)
    df.loc[60] = [df["text"][0], 2.0]
    page = open_page(df)
    page.ask("run")
    page.wait()
    (group,) = page.ask("duplicates", kind="near", offset=0, limit=9)[0]["groups"]
    assert not group["conflict"] and [point["label"] for point in group["points"]] == ["2", "2"]


def test_without_labels_there_is_nothing_to_confuse(open_page: Callable[..., Page]) -> None:
    page = open_page(table().drop(columns="topic"))
    assert page.ask("confusion")[0]["labels"] == []
    page.ask("run")
    page.wait()
    assert page.ask("confusion")[0] == {"labels": [], "codes": [], "given": [], "looks": [], "counts": [], "pending": False}
    assert page.refused("confused", given=0, looks=1) == "invalid"
    assert page.refused("relabel", to_bits(np.ones(60, bool)), decision="r", label="x") == "refused"


def test_what_was_not_found_out_is_not_told_as_none(open_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page()
    page.ask("run")
    page.wait()
    asks = {"kind": "meaning", "threshold": 0.8, "offset": 0, "limit": 9}

    def told(**how: Any) -> dict[str, Any]:
        if page.ask("duplicates", **asks, **how)[0]["pending"]:
            assert page.widget.wait(60)
        return page.ask("duplicates", **asks)[0]

    whole = told()
    assert whole["total"] > 0 and whole["error"] == ""

    def none(*_: Any) -> None:
        raise MemoryError("12 GB")

    monkeypatch.setattr(duplicates, "in_meaning", none)
    asks["threshold"] = 0.81
    failed = told()
    assert failed["total"] == 0 and not failed["pending"] and "memory" in failed["error"]
    monkeypatch.undo()
    assert told()["error"] == failed["error"]  # what asks for it again is a person
    again = told(again=True)
    assert again["total"] > 0 and again["error"] == ""


def test_cancel_ends_the_wait_for_evidence(open_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page()
    page.ask("run")
    page.wait()
    begun, real = threading.Event(), duplicates.in_meaning

    def slow(part: Any, least: float, job: Any) -> Any:
        begun.set()
        while True:
            time.sleep(0.005)
            job.check()

    asks = {"kind": "meaning", "threshold": 0.8, "offset": 0, "limit": 9}
    monkeypatch.setattr(duplicates, "in_meaning", slow)
    assert page.ask("duplicates", **asks)[0]["pending"] and begun.wait(10)
    before = page.widget.revision["evidence"]
    page.ask("cancel")
    page.wait()
    assert page.widget.revision["evidence"] > before
    for _ in range(2):
        told, bits = page.ask("duplicates", **asks)
        assert not told["pending"] and "stopped" in told["error"] and not from_bits(bits, 60).any()
    monkeypatch.setattr(duplicates, "in_meaning", real)
    page.ask("duplicates", **asks, again=True)
    assert page.widget.wait(60)
    assert page.ask("duplicates", **asks)[0]["total"] > 0


def test_clusters_of_an_earlier_round_are_not_said_to_be_apart(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.ask("run")
    page.wait()
    page.ask("drop", to_bits(np.arange(60) < 2), decision="d")
    state = page.wait()
    page.ask("look", round=state["rounds"][0]["id"])
    told, _ = page.ask("pairs")
    assert told["pairs"] == [] and not told["pending"] and "current round" in told["error"]


def test_pairs_come_with_a_revision(open_page: Callable[..., Page]) -> None:
    page = open_page()
    assert page.ask("pairs")[0] == {"pairs": [], "pending": True, "error": ""}
    page.ask("run")
    page.wait()
    before = page.widget.revision["evidence"]
    if page.ask("pairs")[0]["pending"]:
        assert page.widget.wait(60) and page.widget.revision["evidence"] > before
    told, _ = page.ask("pairs")
    assert not told["pending"]
    for pair in told["pairs"]:
        assert 0 <= pair["full"] <= 1 and pair["why"].startswith("They ") and pair["a"] != pair["b"]


def test_clusterings_come_row_by_row(open_page: Callable[..., Page]) -> None:
    page = open_page()
    assert page.refused("compare", clusterers=[{"name": "kmeans"}]) == "refused"
    page.ask("run")
    page.wait()
    assert page.refused("compare", clusterers=[]) == "refused"
    assert page.refused("compare", clusterers=[{"name": "kmeans", "k": -3}]) == "refused"
    before = page.widget.revision["compare"]
    page.ask("compare", clusterers=[{"name": "kmeans", "k": 3}, {"name": "kmeans", "k": 5}])
    assert page.widget.wait(60)
    told, _ = page.ask("compared")
    assert [row["clusters"] for row in told["rows"]] == [3, 5] and not told["running"] and not told["error"] and told["note"]
    assert sum(told["rows"][0]["sizes"]) == 60 and page.widget.revision["compare"] >= before + 3
    chosen = told["rows"][1]["clusterer"]
    assert page.ask("settings", decision="s", settings={"clusterer": chosen})[0]["applied"]
    assert page.wait()["round"]["metrics"]["clusters"] == 5
    page.ask("drop", to_bits(np.arange(60) < 5), decision="d")
    page.wait()
    told, _ = page.ask("compared")
    assert (told["round"], told["kept"]) == (1, 60), "whatever is decided since, these are figures of that round"


def test_accuracy_follows_the_rounds(open_page: Callable[..., Page]) -> None:
    page = open_page(table(120))
    page.ask("run")
    page.wait()
    page.ask("drop", to_bits(np.arange(360) < 9), decision="d")
    page.wait()
    told, _ = page.ask("accuracy")
    assert [one["kept"] for one in told["course"]] == [360, 351] and not told["pending"] and told["why"]
    assert all(0 <= one["accuracy"] <= 1 and one["error"] > 0 for one in told["course"])
    assert told["course"][1]["random"] is not None and told["best"] in (1, 2)


def test_tags_pins_and_labels(open_page: Callable[..., Page]) -> None:
    df = table()
    page = open_page(df)
    page.ask("run")
    page.wait()
    rows = np.arange(60) < 5
    assert page.ask("tag", to_bits(rows), decision="t1", name=" odd ", note="ask Ann")[0]["rows"] == 5
    assert page.ask("tag", to_bits(rows), decision="t1", name="odd")[0]["applied"] is False  # a retry
    assert page.ask("tags")[0] == {"tags": [{"name": "odd", "count": 5, "note": "ask Ann"}], "pinned": 0}
    listed = page.ask("points", within="tag", tag="odd", keys=["tags"], offset=0, limit=9)[0]
    assert listed["total"] == 5 and all(point["values"] == ["odd"] and "odd" in point["flags"] for point in listed["points"])
    assert page.ask("points", within="tag", tag="even", offset=0, limit=9)[0]["total"] == 0
    assert page.ask("pin", to_bits(rows), decision="p1", on=True)[0]["rows"] == 5
    assert page.ask("points", within="pinned", offset=0, limit=9)[0]["total"] == 5
    assert {"tags", "pinned"} <= {told["key"] for told in page.ask("state")[0]["attributes"]}
    assert page.ask("values", key="pinned")[0]["categories"] == [{"name": "no", "count": 55}, {"name": "yes", "count": 5}]
    assert page.ask("drop", to_bits(np.arange(60) < 8), decision="d")[0]["kept"] == 57
    assert page.ask("undo", decision="u")[0]["kept"] == 60
    assert page.ask("pin", to_bits(rows), decision="p2", on=False)[0]["rows"] == 5 and page.ask("tags")[0]["pinned"] == 0
    assert page.ask("relabel", to_bits(rows), decision="r1", label="rain")[0]["rows"] == 5
    assert dict(page.widget.session.state.relabels) == dict.fromkeys(range(5), "rain")
    assert page.ask("values", key="relabel")[0]["categories"] == [{"name": "rain", "count": 5}]
    assert page.ask("tag", to_bits(rows), decision="t2", name="")[0]["rows"] == 5 and page.ask("tags")[0]["tags"] == []
    assert page.ask("undo", decision="u2")[0]["applied"] and len(page.ask("tags")[0]["tags"]) == 1


@pytest.mark.parametrize("name", ["duplicates", "confusion", "pairs", "accuracy", "compared", "tags"])
def test_before_the_first_round_nothing_breaks(open_page: Callable[..., Page], name: str) -> None:
    params = {"kind": "near", "offset": 0, "limit": 5} if name == "duplicates" else {}
    assert open_page().ask(name, **params)[0] is not None
