"""Raw chat shards under a recipe: of each message is said what ``elute.read`` and ``apply`` say, and conversations are written."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from engine_runs import COLOURS, said
from test_engines import Shuffled, Stops, here
from torture import only_full, times, torture

import elute
from elute import KMeans, Session, apply_recipe
from elute.cli import main
from elute.recipe import Across, Balance, Duplicates, Recipe

CANARY = "canary-4471"
ABOUT = ("my card was declined at the {} shop", "the small cat slept on the {} sofa", "a storm broke the {} mast of the ship")


def talks(n: int, seed: int) -> list[dict[str, Any]]:
    """Conversations of one subject each, some of them copies, one empty; what else a chat holds stands beside."""
    draw = random.Random(seed)
    found: list[dict[str, Any]] = []
    for at in range(n):
        about = draw.choice(ABOUT)
        texts = [
            about.format(draw.choice(COLOURS)) + draw.choice(["", "!", f" {draw.randrange(n)}"])
            for _ in range(draw.randrange(1, 4))
        ]
        turns = [{"role": "user" if turn % 2 == 0 else "assistant", "content": text} for turn, text in enumerate(texts)]
        if draw.random() < 0.2:
            turns.append({"role": "assistant", "content": None, "tool_calls": [{"id": at, "weight": 1.0}]})  # type: ignore[dict-item]
        if found and draw.random() < 0.15:
            turns = draw.choice(found)["messages"]
        if draw.random() < 0.04:
            turns = []
        found.append({"id": at, "messages": turns, "topic": draw.choice(["a", "b"]), "text": "not what was said", "tags": [1, 2]})
    return found


def write(records: list[dict[str, Any]], folder: Path, shards: int, seed: int) -> list[str]:
    """JSON lines, cut at random places; returns all lines."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(record, separators=(", ", random.Random(at).choice([":", ": "]))) for at, record in enumerate(records)]
    cuts = np.sort(np.random.default_rng(seed).choice(np.arange(1, len(lines)), shards - 1, replace=False))
    for at, (start, stop) in enumerate(zip([0, *cuts], [*cuts, len(lines)], strict=True)):
        (folder / f"part-{at:03}.jsonl").write_text("\n".join(lines[start:stop]) + "\n" * (at % 3))
    return lines


def made(path: Path, by_groups: bool) -> Recipe:
    """The recipe of a session on chats that dropped a cluster and some rows; copies and a cap besides."""
    write(talks(40, 1), path / "own", 1, 0)
    table = elute.read(path / "own").table
    session = Session(
        table, text="text", group="conversation" if by_groups else None, embedder="tfidf", clusterer=KMeans(3), projector="pca",
        path=path / "journal",
    )  # fmt: skip
    session.drop(session.run().labels == 0)
    session.drop(np.arange(len(table)) % 23 == 0)
    across = Across(by_groups, Duplicates(True, (0, 2, 4), False), Balance("cluster", None, 12))
    found = replace(session.recipe(), across=across)
    session.journal.close()
    return found


@pytest.fixture(scope="module", params=[True, False], ids=["whole", "one by one"])
def recipe(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Recipe:
    return made(tmp_path_factory.mktemp("made"), request.param)


def lines_out(out: Path) -> list[str]:
    return [line for path in sorted((out / "data").glob("*.jsonl")) for line in path.read_text().splitlines()]


def expected(recipe: Recipe, folder: Path, lines: list[str]) -> tuple[Any, list[str]]:
    """What ``apply`` says of the file as it is read, and the lines to be written."""
    table = elute.read(folder).table
    want = recipe.apply(table)
    written = []
    for number, line in enumerate(lines):
        keep = want.keep[(table["conversation"] == number).to_numpy()]
        if not keep.any():
            continue
        record = json.loads(line)
        if not keep.all() and not recipe.across.groups:
            record["messages"] = [one for one, stays in zip(record["messages"], keep, strict=True) if stays]
            line = json.dumps(record, ensure_ascii=False)
        written.append(line)
    return want, written


def same(recipe: Recipe, folder: Path, out: Path, lines: list[str]) -> None:
    want, written = expected(recipe, folder, lines)
    found = said(out)
    assert found["keep"].tolist() == want.keep.tolist()
    assert found["reason"].tolist() == want.reason
    assert found["copies"].tolist() == want.group.tolist()
    assert found["cluster"].tolist() == want.cluster.tolist()
    assert lines_out(out) == written
    assert 0 < len(written) < len(lines)


@torture
@pytest.mark.parametrize("seed", range(times(2, 25)))
def test_chat_shards_are_treated_as_elute_read_reads_them(recipe: Recipe, tmp_path: Path, seed: int) -> None:
    lines = write(talks(30, 2) + talks(30, seed + 50), tmp_path / "in", 1 + seed % 4 * 2, seed)
    done = apply_recipe(recipe, tmp_path / "in", tmp_path / "out", engine=Shuffled(seed), buckets=1 + seed % 3)
    assert done.ok, str(done)
    same(recipe, tmp_path / "in", tmp_path / "out", lines)


@torture
@pytest.mark.parametrize("recipe", [True, pytest.param(False, marks=only_full)], indirect=True)
@pytest.mark.parametrize("engine", ["dask", pytest.param("local", marks=only_full)])
def test_other_engines_say_the_same_of_chats(recipe: Recipe, tmp_path: Path, engine: str) -> None:
    lines = write(talks(40, 7), tmp_path / "in", 2, 3)
    if engine == "local":
        done = apply_recipe(recipe, tmp_path / "in", tmp_path / "out", workers=1, buckets=1)
    else:
        with here(processes=False) as dask:
            done = apply_recipe(recipe, tmp_path / "in", tmp_path / "out", engine=dask, buckets=2)
    assert done.ok, str(done)
    same(recipe, tmp_path / "in", tmp_path / "out", lines)


def test_conversations_of_one_number_in_two_shards_are_two(recipe: Recipe, tmp_path: Path) -> None:
    found = replace(recipe, across=Across(True))
    one, other = ({"messages": [{"role": "user", "content": text}]} for text in (ABOUT[0].format("red"), ABOUT[1].format("red")))
    (tmp_path / "in").mkdir()
    for name, record in (("a.jsonl", one), ("b.jsonl", other)):
        (tmp_path / "in" / name).write_text(json.dumps(record) + "\n")
    apply_recipe(found, tmp_path / "in", tmp_path / "out", engine="inline")
    want = found.apply(elute.read(tmp_path / "in").table)
    assert said(tmp_path / "out")["keep"].tolist() == want.keep.tolist()
    assert said(tmp_path / "out")["conversation"].tolist() == [0, 0]


def test_a_run_over_chats_that_was_ended_goes_on_and_a_finished_one_does_nothing(recipe: Recipe, tmp_path: Path) -> None:
    lines = write(talks(40, 9), tmp_path / "in", 3, 4)
    for after in (4, 9):
        with pytest.raises(KeyboardInterrupt):
            apply_recipe(recipe, tmp_path / "in", tmp_path / "out", engine=Stops(after), buckets=2)
    apply_recipe(recipe, tmp_path / "in", tmp_path / "out", engine="inline", buckets=2)
    same(recipe, tmp_path / "in", tmp_path / "out", lines)
    again = Stops(-1)
    assert apply_recipe(recipe, tmp_path / "in", tmp_path / "out", engine=again, buckets=2).engine == "none" and again.worked == 0
    assert not (tmp_path / "out" / "_elute" / "new").exists()


def test_chats_in_parquet_come_back_with_their_columns(recipe: Recipe, tmp_path: Path) -> None:
    records = talks(40, 11)
    (tmp_path / "in").mkdir()
    table = pd.DataFrame(records)
    table.to_parquet(tmp_path / "in" / "part.parquet")
    done = apply_recipe(recipe, tmp_path / "in", tmp_path / "out", engine="inline")
    assert done.ok, str(done)
    read = elute.read(tmp_path / "in").table
    want = recipe.apply(read)
    assert said(tmp_path / "out")["keep"].tolist() == want.keep.tolist()
    out = pd.read_parquet(tmp_path / "out" / "data" / "part.parquet")
    assert list(out.columns) == list(table.columns)
    assert out["id"].tolist() == sorted(set(read["conversation"][want.keep]))
    if not recipe.across.groups:
        assert sum(map(len, out["messages"])) == int((want.keep & read["role"].notna()).sum())


def test_whole_conversations_that_were_rows_come_back_line_by_line(tmp_path: Path) -> None:
    records = talks(40, 12)
    for record in records:
        record["text"] = "\n".join(str(turn["content"]) for turn in record["messages"]) or None
    session = Session(
        pd.DataFrame(records), text="text", embedder="tfidf", clusterer=KMeans(3), projector="pca", path=tmp_path / "j"
    )
    session.drop(session.run().labels == 0)
    found = session.recipe()
    assert not found.reads.chats
    lines = write(records, tmp_path / "in", 3, 2)
    apply_recipe(found, tmp_path / "in", tmp_path / "out", engine="inline")
    assert lines_out(tmp_path / "out") == [line for line, keep in zip(lines, session.keep, strict=True) if keep]


def test_a_line_that_is_none_lists_the_shard_and_the_others_are_done(recipe: Recipe, tmp_path: Path) -> None:
    write(talks(30, 13), tmp_path / "in", 3, 5)
    path = tmp_path / "in" / "part-001.jsonl"
    path.write_text(path.read_text().rstrip() + f'\n{{"messages": ["{CANARY}"\n')
    done = apply_recipe(recipe, tmp_path / "in", tmp_path / "out", engine="inline")
    assert [one.name for one in done.failed] == ["part-001.jsonl"]
    assert done.failed[0].error == "part-001.jsonl has 1 line that is no JSON object. Mend them, or leave the shard out."
    assert [path.name for path in sorted((tmp_path / "out" / "data").iterdir())] == ["part-000.jsonl", "part-002.jsonl"]


def test_vectors_beside_chats_are_refused_in_a_sentence(recipe: Recipe, tmp_path: Path) -> None:
    write([{**record, "v": [1.0, 2.0]} for record in talks(6, 14)], tmp_path / "in", 1, 5)
    done = apply_recipe(recipe, tmp_path / "in", tmp_path / "out", engine="inline", vectors="v")
    assert "Leave vectors= out." in done.failed[0].error and not (tmp_path / "out" / "data").exists()


def test_the_command_line_checks_and_applies(recipe: Recipe, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = write(talks(30, 15), tmp_path / "in", 2, 6)
    recipe.save(tmp_path / "recipe")
    given = ["apply", str(tmp_path / "recipe"), str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--engine", "inline"]
    assert main([*given, "--check"]) == 0
    told = capsys.readouterr()
    assert "each message is a row" in told.out + told.err
    assert main(given) == 0
    same(recipe, tmp_path / "in", tmp_path / "out", lines)


def test_a_recipe_of_chats_is_read_back_as_one(recipe: Recipe, tmp_path: Path) -> None:
    recipe.save(tmp_path / "recipe")
    assert Recipe.load(tmp_path / "recipe").reads == recipe.reads and recipe.reads.chats
