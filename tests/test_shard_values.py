"""What a shard holds is read as ``elute.read`` reads its file, however the rows are cut: no type is guessed, and no cell is changed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from engine_runs import said
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import elute
from elute import Session, apply_recipe
from elute.engines import shards, tables
from elute.engines.opening import opened
from elute.errors import InputError
from elute.recipe import Across, Duplicates, Recipe
from elute.sampled.source import Shards

TEXTS = ["bad words here", "2024-01-01 10:00:00", "true", "007", "plain words", "more words"]
NAMES = [
    "1",
    "01",
    "007",
    "1.0",
    "1.10",
    "1.1",
    "true",
    "null",
    "",
    "x9",
    "12345678901234567890",
    "12345678901234567891",
    "2024-01-01",
]
VALUES = [1, 1.0, 2.5, "1", "01", True, None, "", 2**53, 2**53 + 1, 10**20, "2024-01-01 10:00:00"]


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Recipe:
    """Drops texts by hand wherever they come, with their dialog; and copies under one label."""
    table = pd.DataFrame({"text": TEXTS, "dialog": [f"own {at}" for at in range(len(TEXTS))], "label": "x"})
    session = Session(
        table, text="text", label="label", group="dialog", embedder="tfidf", path=tmp_path_factory.mktemp("journal") / "j"
    )
    session.drop([0, 1])
    made = session.recipe()
    return replace(made, across=Across(True, Duplicates(True, (), True)), known=replace(made.known, alike=True))


def csv(rows: list[tuple[Any, ...]]) -> str:
    return "text,dialog,label\n" + "".join(",".join(f'"{cell}"' if cell else "" for cell in row) + "\n" for row in rows)


def jsonl(rows: list[tuple[Any, ...]]) -> str:
    return "".join(json.dumps(dict(zip(("text", "dialog", "label"), row, strict=True))) + "\n" for row in rows)


def cut(folder: Path, rows: list[tuple[Any, ...]], at: list[int], kind: str) -> None:
    folder.mkdir()
    for number, (start, stop) in enumerate(zip([0, *at], [*at, len(rows)], strict=True)):
        if stop > start:
            (folder / f"{number}.{kind}").write_text((csv if kind == "csv" else jsonl)(rows[start:stop]))


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_however_rows_are_cut_engines_say_what_apply_says(
    recipe: Recipe, tmp_path_factory: pytest.TempPathFactory, kind: str, data: st.DataObject
) -> None:
    names = st.sampled_from(NAMES if kind == "csv" else VALUES)
    rows = data.draw(st.lists(st.tuples(st.sampled_from(TEXTS), names, names), min_size=1, max_size=12))
    at = sorted(data.draw(st.lists(st.integers(0, len(rows)), max_size=3)))
    path = tmp_path_factory.mktemp("cut")
    cut(path / "in", rows, at, kind)
    table = elute.read(path / "in").table
    if table["text"].dtype.kind in "iu":  # nothing but 007 and the like is text all the same
        return
    want = recipe.apply(table)
    done = apply_recipe(recipe, path / "in", path / "out", engine="inline", buckets=2)
    assert done.ok, str(done)
    assert said(path / "out")["keep"].tolist() == want.keep.tolist()
    if kind == "csv":
        parts = [pq.read_table(each).to_pylist() for each in sorted((path / "out" / "data").glob("*.parquet"))]
        there = [tuple(row.values()) for part in parts for row in part]
    else:
        lines = "".join(each.read_text() for each in sorted((path / "out" / "data").glob("*.jsonl"))).splitlines()
        there = [tuple(json.loads(line).values()) for line in lines]
    kept = [rows[row] for row in np.flatnonzero(want.keep)]
    assert json.dumps(there) == json.dumps(kept)  # 1, 1.0 and True are equal


def test_a_csv_of_one_column_has_its_blank_rows_and_other_separators_are_found(recipe: Recipe, tmp_path: Path) -> None:
    bare = replace(recipe, across=Across())
    (tmp_path / "a.csv").write_text("text\nbad words here\n\nplain words\n\n\nend\n")
    done = apply_recipe(bare, tmp_path / "a.csv", tmp_path / "out", engine="inline")
    assert (done.rows, done.kept) == (len(elute.read(tmp_path / "a.csv")), 5) == (6, 5)
    (tmp_path / "b.csv").write_bytes("text;n\nbad words here;1\nGrüße;2\n".encode("cp1252"))
    done = apply_recipe(bare, tmp_path / "b.csv", tmp_path / "out2", engine="inline")
    assert pq.read_table(tmp_path / "out2" / "data" / "b.parquet").to_pylist() == [{"text": "Grüße", "n": "2"}]


def test_shards_that_are_no_utf_8_are_said_in_one_line(recipe: Recipe, tmp_path: Path) -> None:
    """They are written as UTF-8: a guess that nobody hears of is found when letters are wrong in a model."""
    bare = replace(recipe, across=Across())
    (tmp_path / "a.csv").write_bytes("text;n\nGrüße;2\n".encode("cp1252"))
    (tmp_path / "b.jsonl").write_text('{"text": "Grüße"}\n', encoding="utf-8")
    one = apply_recipe(bare, [tmp_path / "a.csv", tmp_path / "b.jsonl"], tmp_path / "out", engine="inline")
    said = "a.csv is not UTF-8, read as Windows-1252 and written as UTF-8. If letters look wrong, save as UTF-8 and start again."
    assert (
        [shard.guessed for shard in one.shards] == ["Windows-1252", ""] and one.guessed == said and said in str(one).splitlines()
    )
    again = apply_recipe(bare, [tmp_path / "a.csv", tmp_path / "b.jsonl"], tmp_path / "out", engine="inline")
    assert again.work["finish"] == (0, 2) and again.guessed == said, "also where it is done already"
    for name in "cdef":
        (tmp_path / f"{name}.jsonl").write_bytes(
            '{"text": "Grüße"}\n'.encode("cp1252") + (b'{"text": "\x81"}\n' if name == "f" else b"")
        )
    many = apply_recipe(bare, sorted(tmp_path.glob("?.jsonl")), tmp_path / "out2", engine="inline")
    assert many.guessed.startswith(
        "4 shards are not UTF-8, read as Latin-1 or Windows-1252 and written as UTF-8: c.jsonl, d.jsonl, e.js"
    )
    assert " and 1 more. If" in many.guessed and "\n" not in many.guessed
    (tmp_path / "chat.jsonl").write_bytes('{"messages": [{"role": "user", "content": "Grüße"}]}\n'.encode("cp1252"))
    chats = replace(bare, reads=replace(bare.reads, chats=True))
    assert opened(chats, shards.find(tmp_path / "chat.jsonl")[0]).guessed == "Windows-1252"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", "text,n\nx,1\ny,2,3\n", "a.csv can't be read: line 3 has more values than there are columns. Repair that line"),
        ("a.csv", 'text,n\nx,1\n"y,2\n', "a.csv can't be read: a quote that opens near line 3 is never closed"),
        ("a.jsonl", '{"text": "x"} {"text": "y"}\n', "a.jsonl has 1 line that is no JSON object. Mend them"),
        ("a.jsonl", '{"text": "x"}\n[]\n{"te\n', "a.jsonl has 2 lines that are no JSON object."),
    ],
)
def test_a_line_that_is_no_row_refuses_its_shard(recipe: Recipe, tmp_path: Path, name: str, content: str, says: str) -> None:
    (tmp_path / name).write_text(content)
    done = apply_recipe(recipe, tmp_path / name, tmp_path / "out", engine="inline")
    assert not done.ok and says in (done.failed[0].error or "") and not list((tmp_path / "out" / "data").glob("*"))


def test_columns_that_no_rule_reads_may_be_named_and_are_listed(tmp_path: Path) -> None:
    """Of Parquet only some columns are read, and those are not all that there are."""
    session = Session(
        pd.DataFrame({"text": TEXTS, "label": list("xyxyxy")}), text="text", label="label", embedder="tfidf", path=tmp_path / "j"
    )
    session.drop([0])
    recipe = session.recipe()
    assert recipe.columns == ("text", "label")  # the label tells which of equal texts a row is
    table = pa.table({"text": TEXTS[:2], "intent": ["x", "y"], "n": [1, 2]})
    pq.write_table(table, tmp_path / "n.parquet")
    done = apply_recipe(recipe, tmp_path / "n.parquet", tmp_path / "out", engine="inline", columns={"label": "intent"})
    assert done.ok and done.kept == 1, str(done)
    pq.write_table(table.rename_columns(["body", "intent", "n"]), tmp_path / "n.parquet")
    done = apply_recipe(recipe, tmp_path / "n.parquet", tmp_path / "out", engine="inline")
    assert "There are: 'body', 'intent', 'n'." in (done.failed[0].error or "")


def test_a_sample_of_shards_has_their_values(tmp_path: Path) -> None:
    parts: list[list[tuple[Any, ...]]] = [[("a", 1, "2024-01-01"), ("b", None, "x")], [("c", 2**53 + 1, None)]]
    for number, part in enumerate(parts):
        (tmp_path / f"{number}.jsonl").write_text(jsonl(part))
    source = Shards(tuple(shards.find(tmp_path)))
    made = source.take([np.array([0, 1]), np.array([0])]).to_pydict()
    assert made == {"text": ["a", "b", "c"], "dialog": [1, None, 2**53 + 1], "label": ["2024-01-01", "x", None]}
    mixed = pd.DataFrame({"m": pd.Series([1, "x"], dtype=object)})
    with pytest.raises(InputError, match="more than one type"):
        tables.as_arrow(mixed)


@pytest.mark.parametrize("fill", [None, "(none)", "", {"body": "none"}, elute.FromColumn("title")])
@pytest.mark.parametrize("how", ["pandas", "elute", "sampled"])
def test_an_empty_cell_of_a_csv_is_what_it_was_to_the_session(fill: Any, how: str, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("title,body\n" + "".join(f"title {at},{'' if at % 3 == 0 else f'body {at}'}\n" for at in range(12)))
    if how == "sampled":
        session: Session = elute.Sampled(path, ["title", "body"], fill=fill, embedder="tfidf", path=tmp_path / "s")
    else:
        table = pd.read_csv(path) if how == "pandas" else elute.read(path).table
        session = Session(table, ["title", "body"], fill=fill, embedder="tfidf", path=tmp_path / "s")
    session.drop([0, 1, 3, 5])
    done = apply_recipe(session.recipe(), path, tmp_path / "out", engine="inline")
    assert said(tmp_path / "out")["keep"].tolist() == session.keep.tolist() and done.kept == 8
    kept = pq.read_table(tmp_path / "out" / "data" / "in.parquet")
    assert kept["body"].to_pylist() == [f"body {at}" if at % 3 else "" for at in (2, 4, 6, 7, 8, 9, 10, 11)]
