"""A session on a sample: which rows it has, and that what is decided there is done to all rows, in order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from engine_runs import rows, said, vectors, write

import elute
from elute import KMeans, Sampled, Widget, apply_recipe, load_recipe
from elute.embed.forms import TFIDF
from elute.errors import InputError, SettingsError
from elute.sampled import source
from elute.sampled.drawing import draw, shares


def made(table: Any, path: Path, n: int = 60, **how: Any) -> Sampled:
    return Sampled(table, "text", rows=n, clusterer=KMeans(3), projector="pca", path=path / "journal", **how)


@pytest.fixture
def table() -> pd.DataFrame:
    return rows(400, 2)


def test_a_sample_has_each_content_once_and_rare_kinds(tmp_path: Path) -> None:
    texts = [f"usual {n}" for n in range(990)] + [f"rare {n}" for n in range(10)] + ["usual 3"] * 50
    table = pd.DataFrame({"text": texts, "label": ["a"] * 990 + ["b"] * 10 + ["a"] * 50})
    s = Sampled(table, "text", "label", rows=100, embedder="tfidf", path=tmp_path)
    chosen = s.corpus.texts
    assert len(chosen) == len(set(chosen)) <= 100 and chosen == [texts[at] for at in s.drawn]
    assert 9 <= sum(text.startswith("rare") for text in chosen) <= 10 and s.total == 1050


def test_the_same_rows_whatever_their_order() -> None:
    content = np.random.default_rng(0).integers(1, 1 << 60, 5000).astype(np.uint64)
    order = np.random.default_rng(1).permutation(5000)
    none = np.zeros(5000, np.uint64)
    one, other = content[draw(content, none, 300, 4)], content[order][draw(content[order], none, 300, 4)]
    assert len(one) == 300 and set(one.tolist()) == set(other.tolist()) != set(content[draw(content, none, 300, 5)].tolist())


@pytest.mark.parametrize("rows_", [1, 7, 50, 1000])
def test_shares_never_exceed_what_is_there_nor_the_sample(rows_: int) -> None:
    size = np.random.default_rng(rows_).integers(1, 5000, 40)
    found = shares(size, rows_)
    assert (found <= size).all() and 0 < found.sum() <= rows_


def test_all_rows_get_what_the_recipe_says_part_by_part(table: pd.DataFrame, tmp_path: Path, monkeypatch: Any) -> None:
    X = vectors(table)
    bare = table.drop(columns="vector")
    monkeypatch.setattr(source, "BLOCK", 150)
    s = made(bare, tmp_path, vectors=X)
    s.drop(s.run().labels == s.round.labels[0])
    s.drop([at for at in range(len(s.corpus)) if at % 9 == 0])
    found = s.carry()
    want = s.recipe().apply(bare, vectors=X)
    assert len(s.source) == 3 and found.keep.tolist() == want.keep.tolist() and found.cluster.tolist() == want.cluster.tolist()
    assert [found.reasons[at] for at in found.reason] == want.reason
    assert found.keep[s.drawn].tolist() == s.keep.tolist()
    # a dropped row's copies go with it, wherever they are
    gone = {text for text, keep in zip(s.corpus.texts, s.keep, strict=True) if not keep}
    assert not any(keep for text, keep in zip(table["text"], found.keep, strict=True) if text in gone)
    assert (~found.keep).sum() > (~s.keep).sum() and s.carry() is found and s.carried is found
    s.undo()
    assert s.carried is None and s.carry().keep.sum() > found.keep.sum()


def test_shards_say_the_same_as_the_engines(table: pd.DataFrame, tmp_path: Path) -> None:
    write(table, tmp_path / "in", 4)
    s = made(tmp_path / "in", tmp_path, vectors="vector")
    assert "vector" not in s.corpus.columns
    s.drop(s.run().labels == s.round.labels[0])
    s.drop(np.arange(len(s.corpus)) % 7 == 0)
    s.recipe().save(tmp_path / "r.elute")
    made_again = load_recipe(tmp_path / "r.elute")
    assert made_again.known.alike and made_again.digest == s.recipe().digest
    done = apply_recipe(made_again, tmp_path / "in", tmp_path / "out", engine="inline", vectors="vector")
    assert done.ok and said(tmp_path / "out")["keep"].tolist() == s.carry().keep.tolist()


def test_files_that_are_no_shards_are_said_beside_what_is_shown(table: pd.DataFrame, tmp_path: Path) -> None:
    write(table, tmp_path / "in", 2)
    (tmp_path / "in" / "more.csv.gz").write_bytes(b"")
    s = made(tmp_path / "in", tmp_path, vectors="vector")
    assert s.unread == ("more.csv.gz",) and "1 other file of the folder was not read" in s.sampled


def test_vectors_are_made_once(tmp_path: Path) -> None:
    texts = [f"the cat number {n} sat on a mat" for n in range(200)] + [f"stocks fell by {n} points" for n in range(200)]
    s = Sampled(texts, rows=80, embedder="tfidf", clusterer=KMeans(2), projector="pca", path=tmp_path)
    s.drop(s.run().labels == s.round.labels[0])
    assert not s.at_hand
    first = s.carry()
    assert first.keep.tolist() == s.recipe().apply(texts).keep.tolist() == [False] * 200 + [True] * 200
    assert s.at_hand and [*first.sizes().values()] == [200]
    (kept,) = s._vectors_in.glob("all-*.npy")
    before = kept.stat().st_mtime_ns
    s.undo()
    assert s.carry().keep.all() and kept.stat().st_mtime_ns == before
    kept.write_bytes(b"half a file")
    s.redo()
    assert s.carry().keep.tolist() == first.keep.tolist()


def letters(texts: list[str]) -> np.ndarray:
    return np.array([[text.count(letter) for letter in "abcdefghijklmnopqrstuvwxyz"] for text in texts]) + 0.1


class Letters(elute.Embedder):
    name = "letters"

    def embed_batch(self, texts: list[str]) -> np.ndarray:
        return letters(texts)

    def key(self) -> str:
        return "letters-1"


@pytest.mark.parametrize(("embedder", "kept"), [(letters, 0), (Letters(), 3)])
def test_the_embedder_of_the_session_reads_the_other_rows_too(
    table: pd.DataFrame, tmp_path: Path, monkeypatch: Any, embedder: Any, kept: int
) -> None:
    monkeypatch.setattr(source, "BLOCK", 150)
    s = made(table, tmp_path, embedder=embedder)
    s.drop(s.run().labels == 0)
    assert not s.at_hand and s.carry().keep.tolist() == s.recipe().apply(table, vectors=letters(table["text"])).keep.tolist()
    assert not s.carry().keep.all() and len(list(s._vectors_in.glob("all-*.npy"))) == kept and s.at_hand == (kept > 0)
    with pytest.raises(elute.errors.RecipeError, match="no recipe can hold"):  # what is saved asks for them as before
        s.recipe().apply(table)


def ranked(texts: list[str]) -> np.ndarray:
    return letters(texts) - letters(texts).mean(axis=0) + [at == 0 for at in range(26)]


def breaks(texts: list[str]) -> np.ndarray:
    if len(texts) < 30:
        raise ValueError("too few texts")
    return letters(texts)


@pytest.mark.parametrize(("embedder", "why"), [(ranked, "gives other vectors"), (breaks, "too few texts")])
def test_a_function_that_learns_from_all_texts_is_said_before_anything_is_decided(
    table: pd.DataFrame, tmp_path: Path, embedder: Any, why: str
) -> None:
    s = made(table, tmp_path, embedder=embedder)
    s.run()
    assert why in s.sampled and "can't place other rows" in s.sampled and "carry() does" not in s.sampled
    s.drop(s.round.labels == 0)
    with pytest.raises(elute.errors.RecipeError, match=f"{why}.*reads each text by itself"):
        s.carry()
    s.run(embedder="tfidf")
    assert "carry() does" in s.sampled and len(s.carry()) == len(table)


def test_vectors_of_another_embedder_are_not_taken_for_those_that_were_given(table: pd.DataFrame, tmp_path: Path) -> None:
    s = made(table[["text"]], tmp_path, vectors=vectors(table))
    s.run(embedder=TFIDF(8))
    s.drop(s.round.labels == 0)
    assert s.round.labels.max() > 0 and s.carry().keep.tolist() == s.recipe().apply(table[["text"]]).keep.tolist()
    s.run(embedder=np.eye(8)[np.arange(len(s.drawn)) % 8])
    s.drop(s.round.labels == 0)
    assert not s.at_hand
    with pytest.raises(elute.errors.RecipeError, match="of the sample alone"):
        s.carry()


def test_what_a_function_filled_is_carried_by_it(table: pd.DataFrame, tmp_path: Path) -> None:
    table.loc[::7, "text"] = None
    s = made(table, tmp_path, embedder="tfidf", fill=lambda row: f"a text about {row['label']}")
    s.drop(s.run().labels == 0)
    filled = table.assign(text=table["text"].fillna("a text about " + table["label"]))
    assert s.carry().keep.tolist() == s.recipe().apply(filled).keep.tolist()


def test_nothing_is_written_once_the_disk_is_left(tmp_path: Path) -> None:
    s = Sampled(
        [f"a text {n}" for n in range(50)], rows=20, embedder="tfidf", clusterer=KMeans(2), projector="pca", path=tmp_path
    )
    s.run()
    s.leave_disk()
    assert s.carry().keep.all() and not list(s._vectors_in.glob("all-*"))


def test_a_part_that_changed_is_said(table: pd.DataFrame, tmp_path: Path) -> None:
    paths = write(table, tmp_path / "in", 2)
    s = made(tmp_path / "in", tmp_path, vectors="vector")
    s.run()
    write(table.iloc[::-1], tmp_path / "in", 1)
    assert paths[0].exists()
    with pytest.raises(InputError, match="changed since"):
        s.carry()


@pytest.mark.parametrize(
    ("how", "words"),
    [({"rows": 0}, "at least one"), ({"embedder": np.ones((400, 2))}, "are vectors="), ({"embedder": [[1.0]]}, "are vectors="),
     ({"group": "talk"}, "apart"), ({"vectors": [[1.0]], "embedder": "tfidf"}, "Either"),
     ({"reference": "label"}, "another table"), ({"vectors": [[1.0, 0.0]]}, "one for each")],
)  # fmt: skip
def test_what_does_not_go_together(table: pd.DataFrame, tmp_path: Path, how: dict[str, Any], words: str) -> None:
    with pytest.raises((SettingsError, InputError), match=words):
        Sampled(table, "text", path=tmp_path, **how)


def test_the_page_says_that_it_is_a_sample_and_counts_all_rows(table: pd.DataFrame, tmp_path: Path) -> None:
    from elute.widget import tell

    w = Widget(made(table.drop(columns="vector"), tmp_path, vectors=vectors(table)))
    try:
        w.start()
        assert w.wait(60)
        told = tell.state(w._rounds)["sampled"]
        assert f"of {400:,} rows" in told and f"Of all rows {400:,} stay" in told
        clusters = tell.clusters(w._rounds)
        sizes = w.session.carry().sizes()
        assert {one["cluster"]: one["whole"] for one in clusters} == {at: count for at, count in sizes.items() if at >= 0}
        rows_ = w.session.round.labels == clusters[0]["cluster"]
        assert f"{clusters[0]['whole']:,}" in w.session.behind(rows_)
        w.drop(rows_)
        assert w.wait(60)
        left = int(w.session.carry().keep.sum())
        assert f"Of all rows {left:,} stay." in tell.state(w._rounds)["sampled"] and left < 400
    finally:
        w.close()


def test_forget_removes_the_vectors_of_all_rows_too(table: pd.DataFrame, tmp_path: Path, home: Path) -> None:
    s = made(table["text"].tolist(), tmp_path, embedder="tfidf")
    s.drop(s.run().labels == s.round.labels[0])
    s.carry()
    (kept,) = home.rglob("all-*.npy")
    half = kept.with_name(f"{kept.name}.new")
    half.write_bytes(b"half")
    own = kept.with_name("all-mine.npy")
    own.write_bytes(b"somebody's own")
    assert {kept, half} <= set(elute.forget(s).files) and kept.exists()
    elute.forget(s, sure=True)
    assert not kept.exists() and not half.exists() and own.exists()
    s.drop([at for at in range(len(s.corpus)) if at % 5 == 0])
    s.run()
    s.carry()
    assert not list(home.rglob(kept.name)), "a session that is forgotten writes nothing more"


def test_a_row_is_carried_to_copies_under_its_own_label_alone(tmp_path: Path) -> None:
    texts = ["great stuff here"] * 3 + [f"text number {row}" for row in range(30)] + ["great stuff here"] * 2
    df = pd.DataFrame({"text": texts, "label": ["neg", "pos", "pos", *["pos", "neg"] * 15, "neg", "pos"]})
    s = made(df, tmp_path, 40, label="label")
    label = s.corpus.label[s.corpus.texts.index("great stuff here")]  # of whichever is in the sample
    s.drop([s.corpus.texts.index("great stuff here")])
    carried, same = s.carry(), df.text == "great stuff here"
    assert carried.keep.tolist() == (~same | (df.label != label)).tolist()
    assert carried.skipped[0].endswith(f": {int((same & (df.label != label)).sum())}.") and carried.skipped[0] in str(carried)


def test_papers_say_that_they_are_of_a_sample(table: pd.DataFrame, tmp_path: Path) -> None:
    s = made(table, tmp_path)
    s.run()
    s.drop(cluster=0)
    s.run()
    keep = s.carry().keep
    first = s.sampled
    assert f"{int(keep.sum()):,} stay" in first
    assert first in s.card() and "size_categories" not in s.card()
    assert first in s.whole_report(texts=False).text and first in s.report(prose=False).text
    assert s.manifest()["sample"] == {"rows": len(s.drawn), "of_rows": len(table), "of_which_stay": int(keep.sum())}
    with pytest.raises(InputError, match=r"carry\(\)\.keep, or recipe\(\)"):
        s.code()


@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_ids_of_chats_are_no_texts(tmp_path: Path, ending: str) -> None:
    """Records with messages and an id: the ids were embedded, clustered and shown."""
    records = [
        {"prompt_id": f"p{at}", "prompt": f"say {at}", "messages": [{"role": "user", "content": f"say {at}"}]} for at in range(30)
    ]
    (tmp_path / "in").mkdir()
    if ending == "jsonl":
        (tmp_path / "in" / "a.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records))
    else:
        pq.write_table(pa.Table.from_pylist(records), tmp_path / "in" / "a.parquet")
    for text in (None, "text"):
        with pytest.raises(InputError, match=rf"a.{ending} holds chats, .*elute.read"):
            Sampled(tmp_path / "in", text, rows=20, embedder="tfidf", path=tmp_path / "journal")
    found = Sampled(tmp_path / "in", "prompt", rows=20, embedder="tfidf", path=tmp_path / "journal")
    assert found.total == 30 and found.corpus.texts[0].startswith("say ")


def test_a_list_of_folders_or_of_packed_files_is_no_list_of_texts(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("2023", "2024"):
        (tmp_path / name).mkdir()
        pd.DataFrame({"text": [f"{name} said {at}" for at in range(20)]}).to_parquet(tmp_path / name / "a.parquet")
    (tmp_path / "a.csv.gz").write_bytes(b"packed")
    for data, count in ((["2023", "2024"], 40), (["2023/a.parquet", "2024"], 40), ([Path("2023")], 20), (["202*/*.parquet"], 40)):
        assert Sampled(data, rows=30, embedder="tfidf", path=tmp_path / "journal").total == count
    with pytest.raises(InputError, match="a.csv.gz is no shard"):
        Sampled(["a.csv.gz"], rows=30, embedder="tfidf", path=tmp_path / "journal")
    for texts in (["2023", "a cat sat"], ["see a.csv", "b"], ["word"], [None, "x"]):
        assert not source.are_paths(texts)


def test_shards_of_different_types_are_named(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    pd.DataFrame({"text": ["a b", "c d"], "year": [1, 2]}).to_parquet(tmp_path / "in" / "a.parquet")
    (tmp_path / "in" / "b.csv").write_text("text,year\ne f,3\n")
    with pytest.raises(InputError, match="'year' is int64 in a.parquet and .*string in b.csv"):
        Sampled(tmp_path / "in", "text", rows=20, embedder="tfidf", path=tmp_path / "journal")
