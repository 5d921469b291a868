"""What the page asks about rows: values, lists, whole texts, searches, neighbours."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from openai_server import OpenAIServer
from pages import Page, table

import elute
from elute.errors import InputError
from elute.widget.codes import MISSING, STEPS
from elute.widget.frame import NOWHERE, from_bits, to_bits
from elute.widget.listing import fitting, whole
from elute.widget.protocol import CHUNK, MESSAGE_LIMIT, PROTOCOL


def rich(each: int = 20) -> pd.DataFrame:
    """The table with columns of many kinds."""
    df = table(each)
    n = len(df)
    rng = np.random.default_rng(1)
    df["price"] = rng.integers(0, 9, n) / 2
    df["user"] = [f"user {row % 7}" for row in range(n)]
    df["paid"] = rng.random(n) < 0.5
    df["when"] = pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(0, 1000, n), "D")
    df["note"] = [f"a note of its own, number {row}" for row in range(n)]
    df["odd"] = [[1], None, float("nan")] * (n // 3)
    df.loc[3, "price"] = np.nan
    return df


def ready(page: Page) -> Page:
    page.ask("hello", b"", protocol=PROTOCOL)
    page.wait()
    return page


def attributes(page: Page) -> dict[str, str]:
    return {one["key"]: one["kind"] for one in page.ask("state")[0]["attributes"]}


def values(page: Page, key: str) -> tuple[dict[str, Any], np.ndarray]:
    told, data = page.ask("values", key=key)
    n = len(page.widget.session.corpus)
    assert len(data) == 2 * n + (0 if told["categories"] is not None else -(-n // 8)), "of numbers bits come after the codes"
    return told, np.frombuffer(data, "<u2", n)


def rows(page: Page, **how: Any) -> list[int]:
    return [point["row"] for point in page.ask("points", **{"within": "kept", "offset": 0, "limit": 500, **how})[0]["points"]]


# -- attributes -----------------------------------------------------------------------------------------------------------------


def test_what_each_row_has_a_value_of(open_page: Callable[..., Page]) -> None:
    page = open_page(rich())
    before = attributes(page)
    assert "cluster" not in before and "silhouette" not in before and before["label"] == "category"
    told = attributes(ready(page))
    assert told == {
        "cluster": "category", "label": "category", "length": "number", "silhouette": "number", "column:price": "number",
        "column:user": "category", "column:paid": "flag", "column:when": "number", "column:note": "text", "column:odd": "category",
        **{key: told[key] for key in told if key.startswith("finding:")},
    }  # fmt: skip
    assert not {"finding:noise", "finding:missing", "finding:outlier_score", "dropped"} & set(told), "what is empty stays hidden"
    assert next(one for one in page.ask("state")[0]["attributes"] if one["key"] == "label")["title"] == "topic"
    page.widget.drop(cluster=0)
    page.wait()
    assert attributes(page)["dropped"] == "category"


def test_findings_are_there_where_a_row_has_one(open_page: Callable[..., Page]) -> None:
    df = pd.concat([rich(), rich().iloc[:3]], ignore_index=True)
    df.loc[5, "text"] = None
    page = ready(open_page(df, clusterer=elute.HDBSCAN(min_cluster_size=5), projector="umap"))
    told = attributes(page)
    assert told["finding:copy"] == "flag" == told["finding:missing"] and told["finding:distance"] == "number"
    assert told["finding:outlier_score"] == "number"
    codes = values(page, "finding:copy")
    assert (
        codes[0]["categories"] == [{"name": "no", "count": 60}, {"name": "yes", "count": 3}] and codes[1][-3:].tolist() == [1] * 3
    )


def test_values_are_those_of_the_rows(open_page: Callable[..., Page]) -> None:
    df = rich()
    page = ready(open_page(df))
    for key, column in {"label": "topic", "column:user": "user"}.items():
        told, codes = values(page, key)
        names = [category["name"] for category in told["categories"]]
        assert [names[code] for code in codes] == df[column].tolist()
        assert [category["count"] for category in told["categories"]] == df[column].value_counts().tolist()
    told, codes = values(page, "column:price")
    assert (told["lo"], told["hi"], told["categories"]) == (0, 4, None) and codes[3] == MISSING
    np.testing.assert_allclose(np.delete(codes, 3) / STEPS * 4, df["price"].drop(3), atol=1e-4)
    told, codes = values(page, "length")
    assert told["hi"] == df["text"].str.len().max()
    made = page.widget.session.round
    told, codes = values(page, "cluster")
    shown = [category["name"] for category in told["categories"]]
    assert [shown[code] for code in codes] == [page.widget.session.names[label] for label in made.labels]
    told, codes = values(page, "silhouette")
    back = told["lo"] + codes / STEPS * (told["hi"] - told["lo"])
    np.testing.assert_allclose(back, np.clip(made.scores.row_silhouette, told["lo"], told["hi"]), atol=1e-4)
    assert page.refused("values", key="column:nothing") == "refused" == page.refused("values", key="column:note")
    assert page.refused("values", key="") == "refused" and page.refused("values", key="label", chunk=1) == "invalid"


def test_the_round_in_which_rows_went(open_page: Callable[..., Page]) -> None:
    page = ready(open_page(rich()))
    w = page.widget
    first = w.session.round.labels == 0
    w.drop(first)
    page.wait()
    second = np.zeros(60, bool)
    second[np.flatnonzero(w.keep)[:5]] = True
    w.drop(second)
    page.wait()
    told, codes = values(page, "dropped")
    assert told["categories"] == [{"name": "round 1", "count": 20}, {"name": "round 2", "count": 5}]
    np.testing.assert_array_equal(codes == 0, first)
    np.testing.assert_array_equal(codes == 1, second)
    assert (codes[w.keep] == MISSING).all()
    assert rows(page, within="dropped", sort=["-dropped"])[:5] == np.flatnonzero(second).tolist()
    w.restore(second)
    w.drop(second)
    assert values(page, "dropped")[0]["categories"] == [{"name": "round 1", "count": 20}, {"name": "round 2", "count": 5}]
    w.undo()
    assert values(page, "dropped")[0]["categories"] == [{"name": "round 1", "count": 20}]


def test_what_the_page_holds_already_does_not_travel(open_page: Callable[..., Page]) -> None:
    page = ready(open_page(rich()))
    held = values(page, "cluster")[0]["version"]
    told, data = page.ask("values", key="cluster", version=held)
    assert told["chunks"] == 0 and data == b"" and told["version"] == held
    page.widget.drop(np.arange(60) < 3)
    page.wait()
    assert page.ask("values", key="cluster", version=held)[0]["version"] > held
    lasting = values(page, "column:user")[0]["version"]
    page.widget.undo()
    page.wait()
    assert page.ask("values", key="column:user", version=lasting)[0]["chunks"] == 0
    page.widget.rename(1, "mine")
    assert "mine" in {category["name"] for category in values(page, "cluster")[0]["categories"]}


def test_a_cluster_that_holds_the_few_rows_of_a_name_says_so_and_does_not_bear_it(open_page: Callable[..., Page]) -> None:
    page = ready(open_page(clusterer=elute.KMeans(12)))
    w = page.widget
    few = w.session.round.labels == 3
    w.rename(3, "drop these")
    page.ask("settings", decision="k", settings={"clusterer": {"name": "kmeans", "k": 2}})
    page.wait()
    told = {row["cluster"]: row for row in page.ask("clusters")[0]["clusters"]}
    now = int(np.bincount(w.session.round.labels[few]).argmax())
    size = int((w.session.round.labels == now).sum())
    assert few.sum() * 2 < size and told[now]["summary"].startswith(f"Holds “drop these” ({few.sum()} of {size} rows).")
    assert "drop these" not in {row["name"] for row in told.values()}


def test_values_travel_in_chunks(open_page: Callable[..., Page]) -> None:
    n = CHUNK // 2 + 5
    page = open_page([f"text {row % 4}" for row in range(n)], clusterer=elute.KMeans(2))
    told, first = page.ask("values", key="length")
    assert told["chunks"] == 2 and len(first) == CHUNK
    assert len(page.ask("values", key="length", chunk=1)[1]) == 10 + -(-n // 8)
    assert page.refused("values", key="length", chunk=2) == "invalid" == page.refused("values", key="length", chunk=-1)


# -- lists ----------------------------------------------------------------------------------------------------------------------


def test_rows_sort_by_several_attributes(open_page: Callable[..., Page]) -> None:
    df = rich()
    page = ready(open_page(df))
    for ascending in ([True, True], [False, True], [True, False], [False, False]):
        keys = [f"{'' if up else '-'}column:{name}" for name, up in zip(["user", "price"], ascending, strict=True)]
        wanted = df.assign(row=range(60)).sort_values(["user", "price", "row"], ascending=[*ascending, True], na_position="last")
        assert rows(page, sort=keys) == wanted["row"].tolist()
    assert rows(page, sort=["column:price"])[-1] == 3 == rows(page, sort=["-column:price"])[-1], "no value stands last either way"
    assert rows(page, sort=["column:when"]) == df["when"].sort_values(kind="stable").index.tolist()
    assert rows(page, sort=["cluster"]) == np.argsort(page.widget.session.round.labels, kind="stable").tolist()
    assert page.refused("points", within="kept", sort=["nothing"], offset=0, limit=1) == "refused"


def test_lists_keep_to_what_they_are_within(open_page: Callable[..., Page]) -> None:
    df = rich()
    page = ready(open_page(df))
    w = page.widget
    assert rows(page, query="CAT", sort=["-length"]) == [
        row for row in rows(page, sort=["-length"]) if "cat" in df["text"][row].lower()
    ]
    assert rows(page, query="^(heavy|rain)", regex=True) == np.flatnonzero(df["text"].str.match("heavy|rain")).tolist()
    assert page.refused("points", within="kept", query="(", regex=True, offset=0, limit=1) == "refused"
    w.select([5, 7])
    assert rows(page, within="selection") == [5, 7]
    w.select([1])
    assert rows(page, within="selection") == [1], "a list follows the selection"
    page.ask("search", query="cat", mode="text")
    assert rows(page, within="hits") == np.flatnonzero(df["text"].str.contains("cat")).tolist()
    w.drop([1, 2])
    assert rows(page, within="dropped") == [1, 2] and 1 not in rows(page) and len(rows(page, within="all")) == 60
    page.wait()
    assert rows(page, within="cluster", cluster=1) == np.flatnonzero(w.session.round.labels == 1).tolist()
    assert page.refused("points", within="near", offset=0, limit=1) == "refused"
    assert page.refused("points", within="near", row=60, offset=0, limit=1) == "refused"


def test_neighbours_of_a_row_come_nearest_first(open_page: Callable[..., Page]) -> None:
    df = rich()
    page = ready(open_page(df))
    w = page.widget
    w.drop([7])
    page.wait()
    X = w.session.embeddings().vectors
    told = page.ask("points", within="near", row=4, offset=0, limit=10)[0]
    similar = X @ X[4]
    similar[[4, 7]] = -9
    found = [point["row"] for point in told["points"]]
    np.testing.assert_allclose([point["similarity"] for point in told["points"]], np.sort(similar)[::-1][:10], atol=1e-6)
    assert told["total"] == 58 and not {4, 7} & set(found)
    by_length = page.ask("points", within="near", row=4, sort=["length"], query="a", offset=0, limit=60)[0]["points"]
    assert [len(df["text"][point["row"]]) for point in by_length] == sorted(len(df["text"][point["row"]]) for point in by_length)
    for point in by_length:
        assert point["similarity"] == pytest.approx(similar[point["row"]], abs=1e-6)


def test_columns_stand_beside_the_rows(open_page: Callable[..., Page]) -> None:
    df = rich()
    page = ready(open_page(df))
    keys = ["column:when", "column:price", "column:note", "column:odd", "column:paid", "label", "length", "silhouette"]
    for when in range(2):  # the second time the columns were read whole
        told = page.ask("points", within="all", keys=keys, offset=2, limit=2)[0]["points"]
        assert told[1]["values"][:7] == [
            str(df["when"][3])[:10], None, df["note"][3], "[1]", "yes" if df["paid"][3] else "no", df["topic"][3], len(df["text"][3]),
        ]  # fmt: skip
        assert told[0]["values"][1] == df["price"][2] and told[0]["values"][3] is None
        assert isinstance(told[0]["values"][7], float) and told[0]["similarity"] is None
        if not when:
            page.ask("points", within="all", sort=keys, offset=0, limit=0)
    assert page.refused("points", within="all", keys=["column:none"], offset=0, limit=1) == "refused"


def test_a_table_that_was_changed_in_place_is_shown_as_it_was_and_said(open_page: Callable[..., Page]) -> None:
    df = rich()
    page, other = ready(open_page(df)), ready(open_page(rich(), path=None))
    page.ask("state")
    df["user"] = "another"
    df.loc[60] = df.loc[0]
    assert page.ask("values", key="column:user")[0]["categories"] == other.ask("values", key="column:user")[0]["categories"]
    assert len(rows(page)) == 60
    with pytest.raises(InputError, match="had 60 rows and has 61 now"):
        page.widget.clean()


# -- whole texts ----------------------------------------------------------------------------------------------------------------


def test_a_whole_text_says_why_it_was_flagged(open_page: Callable[..., Page]) -> None:
    texts = [*table()["text"], table()["text"][0], "x", "  ", "cat\x00 cat", "y" * 40_000]
    page = ready(open_page(texts))
    told = {row: page.ask("text", row=row)[0] for row in (60, 61, 62, 63, 64)}
    flags = {row: {flag["name"]: flag for flag in one["flags"]} for row, one in told.items()}
    assert told[60]["text"] == texts[0] and told[60]["kept"] and told[60]["label"] is None
    assert texts[0][:40] in flags[60]["copy"]["why"] and "row 0" in flags[60]["copy"]["why"]
    assert "1 characters" in flags[61]["too_short"]["why"] and "%" in flags[61]["too_short"]["why"]
    assert flags[62]["blank"]["why"] and told[62]["cluster"] == -2
    assert "control characters" in flags[63]["changed"]["why"]
    assert "40,000 characters" in flags[64]["too_long"]["why"] and "not embedded" in flags[64]["too_long"]["why"]
    assert all(flag["why"] and flag["title"] for one in flags.values() for flag in one.values())


def test_a_row_between_clusters_says_to_which_it_is_nearer(open_page: Callable[..., Page]) -> None:
    page = ready(open_page(rich(), clusterer=elute.KMeans(8)))
    made, space = page.widget.session.round, page.widget.session.space()
    inside = [row for row in range(60) if made.scores.row_silhouette[row] < 0]
    assert inside, "these texts have some"
    for row in inside:
        flag = next(flag for flag in page.ask("text", row=row)[0]["flags"] if flag["name"] == "silhouette")
        means = {
            c: space.X[space.of[made.labels == c]].mean(axis=0) @ space.X[space.of[row]]
            for c in range(8)
            if c != made.labels[row]
        }
        nearest = max(means, key=lambda c: means[c])
        assert page.widget.session.names[nearest] in flag["why"] and flag["score"] < 0


@pytest.mark.parametrize("unit", ["a", "é", "漢", "😀", "\x00", '"', "\ud800", "a\u0301\u202e"])
def test_a_text_of_ten_million_bytes_fits_into_a_message(unit: str, open_page: Callable[..., Page]) -> None:
    page = open_page([unit * (10_000_000 // len(unit.encode("utf-8", "surrogatepass"))), "short", "short too"])
    text = page.ask("text", row=0)[0]["text"]
    size = max(len(json.dumps(message, ensure_ascii=False).encode()) for message in page.sent)
    assert size <= MESSAGE_LIMIT and len(text) > 500_000
    assert len(text) == 900_000 or size > MESSAGE_LIMIT - 200_000, "no more is cut off than must be"


def test_a_list_of_long_rows_fits_into_a_message(open_page: Callable[..., Page]) -> None:
    df = pd.DataFrame({f"column {at}": ["\x00" * 500] * 500 for at in range(30)})
    df["text"] = ["\x00" * 2000 + str(row) for row in range(500)]
    page = open_page(df, "text")
    told = page.ask("points", within="all", keys=[f"column:column {at}" for at in range(30)], offset=0, limit=500)[0]["points"]
    assert len(told) == 500 and len(told[0]["values"]) == 20 and all(point["clipped"] for point in told)
    assert max(len(json.dumps(message, ensure_ascii=False).encode()) for message in page.sent) <= MESSAGE_LIMIT
    assert whole("abc", 4) == "ab" and whole("abc") == "abc"
    assert fitting([{"text": "a" * 400, "clipped": False, "values": [3, "b" * 80]}], 300)[0]["values"] == [3, "b" * 40]


# -- searches -------------------------------------------------------------------------------------------------------------------


def hits(page: Page) -> tuple[dict[str, Any], list[int]]:
    page.wait()
    told, bits = page.ask("hits")
    return told, np.flatnonzero(from_bits(bits, len(page.widget.session.corpus))).tolist()


def test_a_search_by_meaning_finds_the_nearest_rows_that_stay(open_page: Callable[..., Page]) -> None:
    df = table()
    page = ready(open_page(df))
    assert hits(page) == ({"query": "", "mode": "text", "count": 0, "error": "", "pending": False}, [])
    before = page.widget.revision["search"]
    told, bits = page.ask("search", query="a grey cat in the garden", mode="meaning", limit=10)
    assert told == {"count": 0, "pending": True}
    told, found = hits(page)
    assert told == {"query": "a grey cat in the garden", "mode": "meaning", "count": 10, "error": "", "pending": False}
    assert set(df["topic"][found]) == {"cats"} and page.widget.revision["search"] > before
    page.widget.drop(found)
    page.wait()
    page.ask("search", query="a grey cat in the garden", mode="meaning", limit=10)
    again = hits(page)[1]
    assert len(again) == 10 and not set(again) & set(found)
    page.ask("search", query="zzz qqq", mode="meaning")
    assert "knows nothing of this query" in hits(page)[0]["error"] and hits(page)[1] == []
    page.ask("search", query="cat", mode="text")
    assert hits(page)[0]["mode"] == "text" and hits(page)[0]["error"] == ""
    assert page.refused("search", query="cat", mode="magic") == "refused" == page.refused("search", query=" ", mode="meaning")


def test_every_search_is_told_to_the_other_views(open_page: Callable[..., Page]) -> None:
    page = ready(open_page())
    for mode in ("text", "regex", "meaning"):
        before = page.widget.revision["search"]
        page.ask("search", query="cat", mode=mode)
        assert page.widget.revision["search"] > before, mode
        page.wait()


def test_the_latest_search_wins_and_one_that_is_stopped_says_so(open_page: Callable[..., Page]) -> None:
    page = ready(open_page())
    for query in ("cat", "rain", "card"):
        page.ask("search", query=query, mode="meaning")
    assert hits(page)[0]["query"] == "card" and hits(page)[0]["error"] == ""
    page.ask("search", query="cat", mode="meaning")
    page.ask("cancel")
    told = hits(page)[0]
    assert told["error"] in ("", "The search was stopped.")
    page.ask("search", query="cat", mode="meaning")
    page.ask("search", query="rain", mode="text")
    assert hits(page)[0]["mode"] == "text"


def test_vectors_that_came_with_the_table_have_none_for_a_query(open_page: Callable[..., Page]) -> None:
    page = ready(open_page(embedder=np.eye(60, dtype=np.float32)))
    reply = page.reply("search", query="cat", mode="meaning")
    assert not reply["ok"] and "came with the table" in reply["error"]["message"]


def test_a_function_that_learns_from_its_texts_is_found_out(open_page: Callable[..., Page]) -> None:
    def counted(texts: list[str]) -> np.ndarray:
        known = sorted({word for text in texts for word in text.split()})[:8]
        return np.array([[text.split().count(word) + 0.1 for word in (known * 8)[:8]] for text in texts])

    def lasting(texts: list[str]) -> np.ndarray:
        return np.array([[text.count(letter) + 0.1 for letter in "abcdefgh"] for text in texts])

    page = ready(open_page(embedder=counted))
    page.ask("search", query="cat", mode="meaning")
    assert "gives other vectors to a query" in hits(page)[0]["error"] and page.widget.status["error"] == ""
    page = ready(open_page(embedder=lasting))
    page.ask("search", query="cat", mode="meaning", limit=3)
    assert hits(page)[0] == {"query": "cat", "mode": "meaning", "count": 3, "error": "", "pending": False}

    def breaks(texts: list[str]) -> np.ndarray:
        if len(texts) < 3:
            raise RuntimeError("a secret")
        return lasting(texts)

    page = ready(open_page(embedder=breaks))
    page.ask("search", query="cat", mode="meaning")
    error = hits(page)[0]["error"]
    assert "could not embed the query (RuntimeError)" in error and "secret" not in error


def test_no_query_goes_to_a_remote_provider_before_the_person_agreed(
    open_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
    with OpenAIServer() as server:
        page = open_page(embedder=elute.OpenAIEmbedder(base_url=server.base_url))
        page.ask("hello", b"", protocol=PROTOCOL)
        page.wait()
        reply = page.reply("search", query="cat", mode="meaning")
        assert not reply["ok"] and "until you agreed" in reply["error"]["message"] and server.requests == []
        page.answer(True)
        page.wait()
        count = len(server.requests)
        page.ask("search", query="cat", mode="meaning", limit=4)
        assert hits(page)[0]["count"] == 4 and len(server.requests) == count + 1


def test_a_selection_grows_and_nothing_is_selected_by_that(open_page: Callable[..., Page]) -> None:
    page = open_page()
    assert page.refused("grow", to_bits(np.ones(60, bool))) == "refused"
    ready(page)
    some = np.arange(60) < 2
    told, bits = page.ask("grow", to_bits(some))
    grown = from_bits(bits, 60)
    assert 2 < told["count"] == grown.sum() <= 12 and grown[some].all() and not page.widget.selected.any()
    assert page.refused("grow", b"\x00") == "invalid"


# -- clusters and frame ---------------------------------------------------------------------------------------------------------


def test_clusters_tell_what_is_left_of_them(open_page: Callable[..., Page]) -> None:
    page = ready(open_page(clusterer=elute.HDBSCAN(min_cluster_size=5), projector="umap"))
    w = page.widget
    told = {row["cluster"]: row for row in page.ask("clusters")[0]["clusters"]}
    assert {row["kept"] for row in told.values()} == {1.0}
    flagged = w.session.findings["outlier"].to_numpy()
    for number, row in told.items():
        share = flagged[w.session.round.labels == number].mean() if flagged.any() else None
        assert row["outliers"] == share
    rows = np.flatnonzero(w.session.round.labels == 0)
    w.drop(rows[:4])
    page.wait()
    told = {row["cluster"]: row for row in page.ask("clusters")[0]["clusters"]}
    assert told[0]["kept"] == pytest.approx((len(rows) - 4) / len(rows), abs=0.2) and told[0]["kept"] < 1


def test_a_row_without_a_place_is_nowhere_and_a_dropped_one_is_a_ghost(open_page: Callable[..., Page]) -> None:
    df = table()
    df.loc[5, "text"] = None
    page = ready(open_page(df))
    page.widget.drop([0])
    page.wait()
    frame = page.ask("frame")[0]
    labels = np.frombuffer(page.ask("column", frame=frame["frame"], name="labels", chunk=0)[1], frame["columns"][2]["dtype"])
    assert labels[5] == NOWHERE and labels[0] == -2 and (np.delete(labels, [0, 5]) >= 0).all()
    sizes = {column["name"]: np.dtype(column["dtype"]).itemsize * column["items"] for column in frame["columns"]}
    assert sizes == {"coords3": 6, "coords2": 4, "labels": 1}, "seven bytes a point for the first view"
