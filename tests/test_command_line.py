"""The command line: each command of docs/cli.md, what it writes, its exit codes, and one line for whatever goes wrong."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sheets import workbook
from torture import only_full, torture

import elute
from elute.cli import main
from elute.cli.accepting import Accepted, Rounds
from elute.cli.codes import BUSY, INPUT, INTERRUPTED, MEANING, MISSING, PARTLY
from elute.cli.writing import write_clean
from elute.recipe import Recipe
from elute.session import Session

ROOT = Path(__file__).resolve().parent.parent
CANARY = "zq-canary-text"
WORDS = ["card", "cat", "storm"]
TEXTS = [
    f"{about} {i} said" for i, about in enumerate(["my bank card was declined", "the cat slept all day", "a storm at sea"] * 9)
]


def table() -> pd.DataFrame:
    """27 texts on three things, and copies of six of them: exact ones, and one with a canary."""
    texts = [*TEXTS, *TEXTS[:5], f"the cat {CANARY}", f"the cat {CANARY}"]
    return pd.DataFrame(
        {"text": texts, "label": [WORDS[i % 3] for i in range(len(TEXTS))] + [WORDS[i % 3] for i in range(5)] + ["cat", "cat"]}
    )


def write(folder: Path, name: str = "few.jsonl") -> Path:
    path, made = folder / name, table()
    if name.endswith(".jsonl"):
        path.write_text("".join(json.dumps(row) + "\n" for row in made.to_dict("records")))
    elif name.endswith(".csv"):
        made.to_csv(path, index=False)
    elif name.endswith(".xlsx"):
        path.write_bytes(workbook({"first": [list(made.columns), *made.to_numpy().tolist()]}))
    else:
        made.to_parquet(path)
    return path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Runs a command in this process; gives exit code, output and error stream."""

    def ran(*words: object) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        told = capsys.readouterr()
        return code, told.out, told.err

    return ran


FAST = ("--embedder", "tfidf", "--quiet")


# -- clean ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["few.jsonl", "few.csv", "few.parquet", "few.xlsx"])
def test_clean_writes_mask_file_report_and_recipe(tmp_path: Path, run: Any, name: str) -> None:
    path, out = write(tmp_path, name), tmp_path / "out"
    code, told, _ = run("clean", path, "--out", out, "--accept", "copies", *FAST)
    assert code == 0 and "28 of 34 rows stay." in told
    keep, given = np.load(out / "mask.npy", allow_pickle=False), table()
    assert keep.tolist() == (~given.duplicated()).tolist()
    if name == "few.jsonl":
        lines = path.read_text().splitlines(keepends=True)
        assert (out / "clean.jsonl").read_text() == "".join(line for line, stays in zip(lines, keep, strict=True) if stays)
    else:
        assert pd.read_parquet(out / "clean.parquet").to_numpy().tolist() == given[keep].to_numpy().tolist()
    gone = [json.loads(line) for line in (out / "dropped.jsonl").read_text().splitlines()]
    assert [one["row"] for one in gone] == np.flatnonzero(~keep).tolist() and all("exact copies" in one["reason"] for one in gone)
    summary = json.loads((out / "summary.json").read_text())
    assert (
        summary["kept"] == keep.sum()
        and summary["accept"] == ["copies"]
        and [one["kind"] for one in summary["accepted"]] == ["copies"]
    )
    assert "<script" not in (out / "report.html").read_text() and json.loads((out / "manifest.json").read_text())
    assert not [left for left in tmp_path.iterdir() if left.name.startswith(".")]
    assert Recipe.load(out / "recipe").apply(given).keep.tolist() == keep.tolist()


def test_clean_accepts_nothing_that_is_not_named(tmp_path: Path, run: Any) -> None:
    code, told, _ = run("clean", write(tmp_path), "--out", tmp_path / "out", *FAST, "--json")
    found = json.loads(told)
    assert code == 0 and found["kept"] == found["rows"] == 34 and found["accepted"] == []
    assert "copies" in [one["kind"] for one in found["left"]]
    assert (tmp_path / "out" / "clean.jsonl").read_bytes() == (tmp_path / "few.jsonl").read_bytes()


def test_no_text_in_what_a_script_reads(tmp_path: Path, run: Any) -> None:
    code, told, err = run("clean", write(tmp_path), "--out", tmp_path / "out", "--accept", "safe", *FAST, "--json", "--no-texts")
    assert code == 0 and CANARY not in told + err
    holds = {
        path.relative_to(tmp_path / "out").as_posix()
        for path in (tmp_path / "out").rglob("*")
        if path.is_file() and CANARY.encode() in path.read_bytes()
    }
    assert holds == {"clean.jsonl"}


def test_a_cluster_that_went_is_not_named_where_no_texts_are_wanted(
    tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """elute names clusters by words of their texts, and the reason of a drop that was accepted has that name."""
    named = "Does “said, declined” belong? 3 rows"

    def accepted(session: elute.Session, *given: Any) -> Rounds:
        session.drop([1, 2, 3], reason=named, source={"kind": "suggestion", "kinds": ["foreign"]})
        made = session.run()
        return Rounds(made, made, (Accepted(1, named, "foreign", "drop", 3, 0.95),), session.suggestions)

    monkeypatch.setattr("elute.cli.cleaning.rounds", accepted)
    for name, flags, reason in (("named", (), named), ("out", ("--no-texts",), "a suggestion (foreign)")):
        code, told, err = run("clean", write(tmp_path), "--out", tmp_path / name, "--accept", "foreign", *FAST, *flags)
        gone = [json.loads(line) for line in (tmp_path / name / "dropped.jsonl").read_text().splitlines()]
        assert code == 0 and gone == [{"row": row, "reason": reason} for row in (1, 2, 3)]
        assert (named in told + err) != bool(flags)
    assert "round 1: drop, 3 rows (foreign)\n" in told and "left to a person: drop, 3 rows (copies, 1.00)\n" in told


def test_clean_reaches_for_no_network(tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def refuse(*_: object, **__: object) -> None:
        tried.append("network")
        raise OSError("no network here")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    assert run("clean", write(tmp_path), "--out", tmp_path / "out", "--accept", "safe", *FAST)[0] == 0 and tried == []
    assert run("doctor", "--quick")[0] == 0 and tried == []


@torture
@only_full
def test_killed_at_any_time_the_folder_is_whole_or_not_there(tmp_path: Path) -> None:
    path = write(tmp_path)
    for wait in (0.5, 1, 2, 3, 4, 5, 6, 8, 10):
        out = tmp_path / f"out-{wait}"
        line = [sys.executable, "-m", "elute.cli", "clean", str(path), "--out", str(out), "--accept", "safe", *FAST]
        with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as other:
            with contextlib.suppress(subprocess.TimeoutExpired):
                other.wait(wait)
            other.kill()
        assert not out.exists() or {"mask.npy", "clean.jsonl", "summary.json", "recipe"} <= {one.name for one in out.iterdir()}


def test_what_a_killed_run_left_is_taken_away_by_the_next_and_nothing_else(tmp_path: Path, run: Any) -> None:
    from elute.cli.cleaning import _here

    with subprocess.Popen([sys.executable, "-c", ""]) as other:
        other.wait()
    mine = f".out.{_here()}"
    left = tmp_path / f"{mine}-{other.pid}-0123abcd"
    stay = [
        f"{mine}-{os.getpid()}-0123abcd",
        f".out.ffffffff-{other.pid}-0123abcd",
        f".out2.{_here()}-{other.pid}-0123abcd",
        ".out.old",
    ]
    for folder in (left, *(tmp_path / name for name in stay)):
        (folder / "journal").mkdir(parents=True)
        (folder / "mask.npy").write_bytes(b"half")
    assert run("clean", write(tmp_path), "--out", tmp_path / "out", *FAST)[0] == 0
    assert not left.exists() and all((tmp_path / name / "mask.npy").exists() for name in stay)


@pytest.mark.parametrize("name", ["chat.jsonl", "chat.json", "chat.parquet"])
def test_whole_conversations_stay_or_go_as_they_came(tmp_path: Path, run: Any, name: str) -> None:
    call = {"role": "assistant", "content": "Let me look.", "tool_calls": [{"id": "1"}]}
    records = [
        {
            "messages": [{"role": "user", "content": f"what about {text}", "tool_calls": None}, call],
            "id": i, "tools": ["look"], "conversation": "mine", "more": {"odd": [1]},
        }
        for i, text in enumerate([*TEXTS[:12], TEXTS[3]])
    ]  # fmt: skip
    path = tmp_path / name
    if name.endswith("parquet"):
        pq.write_table(pa.Table.from_pylist(records), path)
    else:
        path.write_text(json.dumps(records) if name.endswith("json") else "".join(json.dumps(one) + "\n" for one in records))
    code, told, _ = run("clean", path, "--out", tmp_path / "out", "--accept", "copies", *FAST)
    assert code == 0 and "26 messages." in told and "24 of 26 rows stay" in told
    assert [json.loads(line) for line in (tmp_path / "out" / "clean.jsonl").read_text().splitlines()] == records[:12]


def test_a_conversation_that_loses_a_message_keeps_the_rest_as_it_came(tmp_path: Path) -> None:
    told = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "so", "tool_calls": [1]}]
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(2):
        (folder / f"{number}.json").write_text(json.dumps([{"messages": told, "tools": [number]}, {"messages": [], "id": "b"}]))
    made, keep = elute.read(folder), np.array([True, True, False, False, True, True])
    path, note = write_clean(tmp_path, made, made.table[keep].assign(elute_text="x"), keep, None)
    assert [json.loads(line) for line in path.read_text().splitlines()] == [
        {"messages": told, "tools": [0]}, {"messages": told[1:], "tools": [1]}, {"messages": [], "id": "b"},
    ]  # fmt: skip
    assert note == "Conversations were written as they came, without elute_text."
    path, note = write_clean(tmp_path, made, made.table[keep], keep, "parquet")
    assert len(pq.read_table(path)) == 4 and "--format jsonl writes conversations as they came" in note


@pytest.mark.parametrize("name", ["chat.jsonl", "chat.json", "chat.parquet"])
def test_a_message_that_goes_by_itself_is_in_no_file(tmp_path: Path, run: Any, name: str) -> None:
    """Where groups are asked for that are no conversations: all of a JSONL were written, and said to be gone."""
    texts = [*TEXTS[:21], TEXTS[0]]
    records: list[dict[str, Any]] = [
        {
            "messages": [{"role": "user", "content": text} for text in texts[at : at + 2]],
            "id": at,
            "thread": f"t{at}" if at < 4 else None,
        }
        for at in range(0, 22, 2)
    ]
    if name.endswith("parquet"):
        pq.write_table(pa.Table.from_pylist(records), tmp_path / name)
    else:
        made = json.dumps(records) if name.endswith("json") else "".join(json.dumps(one) + "\n" for one in records)
        (tmp_path / name).write_text(made)
    code, told, error = run("clean", tmp_path / name, "--out", tmp_path / "out", "--group", "thread", "--accept", "copies", *FAST)
    assert code == 0 and "21 of 22 rows stay" in told, error
    written = [json.loads(line) for line in (tmp_path / "out" / "clean.jsonl").read_text().splitlines()]
    assert written == [*records[:10], {**records[10], "messages": records[10]["messages"][:1]}]


def test_messages_that_stay_are_written_beside_lines_as_they_were(tmp_path: Path) -> None:
    lines = [
        '{"messages":[{"role": "user","content": "Grüße"}, "so"]}',
        '{"messages": [{"role": "user", "content": "b"}],  "n": 1}',
    ]
    (tmp_path / "chat.jsonl").write_bytes("\n".join(lines).encode("cp1252"))
    made = elute.read(tmp_path / "chat.jsonl")
    for keep, want in (([1, 0, 1], [{"messages": [{"role": "user", "content": "Grüße"}]}, lines[1]]), ([1, 1, 0], [lines[0]])):
        mask = np.array(keep, bool)
        path, _ = write_clean(tmp_path, made, made.table[mask], mask, None)
        raw = path.read_bytes().decode("utf-8" if len(want) == 2 else "cp1252").splitlines()
        assert [line if isinstance(one, str) else json.loads(line) for line, one in zip(raw, want, strict=True)] == want


@pytest.mark.parametrize("name", ["few.jsonl", "few.json"])
def test_what_was_proposed_stands_beside_records_as_they_were(tmp_path: Path, name: str) -> None:
    """No null for what a record does not say, and 2 is not 2.0."""
    records = [{"text": "one", "n": 2}, "two", {"text": "three", "more": {"a": [1, 2.5]}, "n": 0.5}, {"text": "gone"}]
    made = json.dumps(records) if name.endswith("json") else "".join(json.dumps(one) + "\n" for one in records)
    (tmp_path / name).write_text(made)
    reading, keep = elute.read(tmp_path / name), np.array([True, True, True, False])
    labels: dict[str, Any] = {"elute_label": ["a", None, "b"]}
    for added in ({}, labels):
        path, note = write_clean(tmp_path, reading, reading.table[keep].assign(**added), keep, None)
        want = [{"text": one} if isinstance(one, str) and (added or name.endswith("json")) else one for one in records[:3]]
        beside = [{key: values[at] for key, values in added.items()} for at in range(3)]
        written = [json.loads(line) for line in path.read_text().splitlines()]
        assert (
            written == [{**one, **new} if isinstance(one, dict) else one for one, new in zip(want, beside, strict=True)]
            and not note
        )
        assert "2.0" not in path.read_text()


def test_a_file_that_changed_while_it_was_cleaned_is_not_written_as_other_rows(
    tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path)
    cleaned = Session.clean

    def meanwhile(self: Any) -> Any:
        path.write_text('{"text": "new"}\n' + path.read_text())
        return cleaned(self)

    monkeypatch.setattr(Session, "clean", meanwhile)
    code, _, error = run("clean", path, "--out", tmp_path / "out", "--accept", "safe", *FAST)
    assert code == INPUT and "few.jsonl has changed since it was read" in error and not (tmp_path / "out").exists()


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_what_is_written_says_what_was_read(tmp_path: Path, run: Any, form: str) -> None:
    """Whole numbers beside a missing one, lists of one value, and dates that are missing."""
    path, large = tmp_path / "few.parquet", 2**53 + 1
    own = {
        "text": TEXTS,
        "id": [None, *(large + at for at in range(1, len(TEXTS)))],
        "tags": [["a"] * (at % 3) for at in range(len(TEXTS))],
        "when": [None, *[datetime(2024, 5, 1, tzinfo=UTC)] * (len(TEXTS) - 1)],
        "in": [[None, 0.5, datetime(2024, 5, 1).year] for _ in TEXTS],
    }
    pq.write_table(pa.table(own), path)
    code, _, error = run("clean", path, "--out", tmp_path / "out", "--format", form, *FAST)
    assert code == 0, error
    if form == "parquet":
        assert pq.read_table(tmp_path / "out" / "clean.parquet").select(list(own)).to_pydict() == own
        return
    made = [json.loads(line) for line in (tmp_path / "out" / "clean.jsonl").read_text().splitlines()]
    for name in ("text", "id", "tags", "in"):
        assert [row[name] for row in made] == own[name], name
    assert made[0]["when"] is None and made[1]["when"].startswith("2024-05-01")


def test_parquet_comes_back_with_its_own_types(tmp_path: Path, run: Any) -> None:
    """Through pandas a map, or two columns of one name, became JSONL: bytes as the text "b'...'", one of the two columns gone."""
    n = len(TEXTS)
    own = pa.Table.from_arrays(
        [pa.array(TEXTS), pa.array([[("k", 1)]] * n, pa.map_(pa.string(), pa.int64())), pa.array([b"\xff\x00"] * n), pa.array([1] * n),
         pa.array(["x"] * n), pa.array([1, *[None] * (n - 1)], pa.int16()), pa.array(range(n), pa.timestamp("ns", "Europe/Berlin"))],
        ["text", "map", "bytes", "twice", "twice", "gap", "when"],
    ).replace_schema_metadata({"huggingface": "{}"})  # fmt: skip
    pq.write_table(own, tmp_path / "few.parquet")
    code, told, _ = run("clean", tmp_path / "few.parquet", "--out", tmp_path / "out", *FAST)
    made = pq.ParquetFile(tmp_path / "out" / "clean.parquet").read()
    assert code == 0 and made.equals(own) and made.schema.metadata[b"huggingface"] == b"{}" and "JSONL" not in told
    for refused, says in ((own, "two columns 'twice'"), (own.select([0, 2]), "bytes in column 'bytes'")):
        pq.write_table(refused, tmp_path / "no.parquet")
        code, _, error = run("clean", tmp_path / "no.parquet", "--out", tmp_path / "no", "--format", "jsonl", *FAST)
        assert code == INPUT and says in error and "--format parquet" in error


def test_parquet_with_an_index_and_what_was_proposed(tmp_path: Path) -> None:
    for name, first in (("a", 2**53), ("b", 7)):
        frame = pd.DataFrame({"text": ["a", "b"], "id": pd.array([first, None], "Int64")}, index=[5, 7])
        frame.to_parquet(tmp_path / f"{name}.parquet")
    made, keep = elute.read(tmp_path), np.array([True, False, True, True])
    (tmp_path / "out").mkdir()
    path, _ = write_clean(tmp_path / "out", made, made.table[keep].assign(elute_label=[1, 2, 3]), keep, None)
    back = pd.read_parquet(path)
    assert back.columns.tolist() == ["text", "id", "elute_label"] and back["id"].dtype == "Int64"
    assert back["id"].tolist()[:2] == [2**53, 7] and back["elute_label"].tolist() == [1, 2, 3]


@pytest.mark.parametrize("odd", [{"a": [b"x"]}, float("inf")])
def test_what_json_has_no_word_for_is_refused_before_the_work(tmp_path: Path, run: Any, odd: Any) -> None:
    pq.write_table(pa.Table.from_pylist([{"text": text, "odd": odd} for text in TEXTS]), tmp_path / "few.parquet")
    code, told, error = run("clean", tmp_path / "few.parquet", "--out", tmp_path / "out", "--format", "jsonl", *FAST)
    assert code == INPUT and "column 'odd'" in error and "rows stay" not in told


def test_what_a_file_can_hold_that_parquet_can_not(tmp_path: Path, run: Any) -> None:
    path = tmp_path / "odd.json"
    rows = [{"text": text, "more": [1] if i % 2 else "x"} for i, text in enumerate(TEXTS)]
    path.write_text(json.dumps([*rows, {"text": "\ud800"}]))
    code, told, _ = run("clean", path, "--out", tmp_path / "out", "--format", "parquet", *FAST)
    assert code == 0 and "no Parquet: written as JSONL" in told
    assert [json.loads(line)["text"] for line in (tmp_path / "out" / "clean.jsonl").read_text().splitlines()] == [
        *TEXTS,
        "\ud800",
    ]


@pytest.mark.parametrize(
    ("more", "code", "says"),
    [
        (["--accept", "copies,everything"], INPUT, "--accept does not know 'everything'; it takes safe, copies,"),
        (["--text", "away"], INPUT, "There is no column 'away'; there are text, label."),
        (["--embedder", "/away/model"], INPUT, "There is no folder"),
        (["--group", "away"], INPUT, "There is no column 'away'"),
    ],
)
def test_what_does_not_fit_is_one_line_and_leaves_nothing(
    tmp_path: Path, run: Any, more: list[str], code: int, says: str
) -> None:
    path = write(tmp_path)
    found, told, err = run("clean", path, "--out", tmp_path / "out", *FAST, *more)
    assert found == code and says in err and err.count("\n") == 1 and "Traceback" not in err
    assert [left.name for left in tmp_path.iterdir() if left.name != "elute-home"] == ["few.jsonl"] and CANARY not in err


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path, run: Any) -> None:
    (tmp_path / "out").mkdir()
    code, _, err = run("clean", write(tmp_path), "--out", tmp_path / "out", *FAST)
    assert code == INPUT and "is there already" in err and list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("rows", ["text\n", "text\none\n", "text\n\n\n", "text\nsame\nsame\nsame\n"])
def test_tables_of_next_to_nothing(tmp_path: Path, run: Any, rows: str) -> None:
    (tmp_path / "few.csv").write_text(rows)
    code, told, err = run("clean", tmp_path / "few.csv", "--out", tmp_path / "out", "--accept", "safe", *FAST)
    assert (code == 0 and (tmp_path / "out" / "mask.npy").is_file()) or (
        code == INPUT and err.count("\n") == 1 and not (tmp_path / "out").exists()
    )


def test_a_full_disk_leaves_no_half_folder(tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno

    from elute.disk import DISK

    real = DISK.replace

    def full(path: Path, content: bytes) -> None:
        if path.name == "summary.json":
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        real(path, content)

    monkeypatch.setattr(DISK, "replace", full)
    code, _, err = run("clean", write(tmp_path), "--out", tmp_path / "out", *FAST)
    assert code == INPUT and "No space left on device" in err and err.count("\n") == 1
    assert [left.name for left in tmp_path.iterdir() if left.name != "elute-home"] == ["few.jsonl"]


# -- open ----------------------------------------------------------------------------------------------------------------------


def test_open_writes_a_notebook_that_runs(tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cell it writes reads the file and knows its columns; a notebook that is there is opened as it is."""
    import nbformat

    path = write(tmp_path, 'it\'s "few".csv')
    code, told, _ = run("open", path, "--write-only", "--quiet")
    place = tmp_path / 'it\'s "few".elute.ipynb'
    made = nbformat.read(place, as_version=4)
    nbformat.validate(made)
    source = made.cells[0].source
    assert code == 0 and place.name in told and CANARY not in place.read_text()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(vars(elute), "Widget", lambda data, **how: elute.Session(data, embedder="tfidf", **how))
    names: dict[str, Any] = {}
    exec(source, names)
    corpus = names["w"].corpus
    assert len(corpus) == 34 and (corpus.text_name, corpus.label_name) == ("text", "label")
    place.write_text(place.read_text() + " ")
    before = place.read_text()
    assert "left as it is" in run("open", path, "--write-only", "--quiet")[1] and place.read_text() == before


def test_open_never_shows_another_file_than_the_one_that_was_named(tmp_path: Path, run: Any) -> None:
    for name in ("few.v1.csv", "few.v2.csv", "few.jsonl", "few.parquet"):
        path = write(tmp_path, name)
        code, told, err = run("open", path, "--write-only", "--quiet")
        place = tmp_path / f"{path.stem}.elute.ipynb"
        assert place.exists() and (code == 0) == (name != "few.parquet")
        assert (name in place.read_text()) == (code == 0)
    assert "reads another file than few.parquet" in err and "--notebook" in err and err.count("\n") == 1
    assert run("open", path, "--write-only", "--quiet", "--notebook", tmp_path / "other.ipynb")[0] == 0
    told = run("open", tmp_path / "few.jsonl", "--write-only", "--quiet", "--label", "")[1]
    assert "left as it is" in told and "not what was given now" in told
    made = json.loads(place.read_text())
    made["cells"][0]["source"] = ["data = elute.read('/elsewhere/few.jsonl')\n", "elute.Widget(data.table)"]
    place.write_text(json.dumps(made))
    code, told, _ = run("open", tmp_path / "few.jsonl", "--write-only", "--quiet")
    assert code == 0 and "left as it is" in told and "given now" not in told
    place.write_text("no notebook")
    assert run("open", tmp_path / "few.jsonl", "--write-only", "--quiet")[0] == 0


@torture
@only_full
def test_the_notebook_shows_the_widget_in_a_kernel(tmp_path: Path, run: Any) -> None:
    import nbformat
    from nbclient import NotebookClient

    run("open", write(tmp_path, "few.xlsx"), "--write-only", "--quiet")
    made = nbformat.read(tmp_path / "few.elute.ipynb", as_version=4)
    NotebookClient(made, timeout=150, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [
        list(output["data"]) for cell in made.cells if cell.cell_type == "code" for output in cell.outputs if "data" in output
    ]
    assert "application/vnd.jupyter.widget-view+json" in shown[0] and len(shown) == 3


def test_open_starts_jupyterlab_on_it(tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(subprocess, "call", lambda command: started.append(command))
    assert not run("open", write(tmp_path), "--no-browser", "--quiet")[0]
    assert started == [[sys.executable, "-m", "jupyterlab", "--no-browser", str((tmp_path / "few.elute.ipynb").resolve())]]

    def ended(*given: Any, **how: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(subprocess, "call", ended)
        code, told, err = run("open", tmp_path / "few.jsonl", "--quiet", "--json")
    assert code == INTERRUPTED and "error" not in json.loads(told) and "Interrupted" in err
    import importlib.util

    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *more: None if name == "jupyterlab" else real(name, *more))
    code, _, err = run("open", tmp_path / "few.jsonl", "--quiet")
    assert code == MISSING and "pip install jupyterlab" in err and len(started) == 1
    told = json.loads(
        run("open", tmp_path / "few.jsonl", "--quiet", "--json")[1]
    )  # one object: what was written, and what is missing
    assert told["notebook"].endswith("few.elute.ipynb") and told["exit"] == MISSING and "pip install jupyterlab" in told["error"]


# -- apply, report, forget, doctor ---------------------------------------------------------------------------------------------


def test_apply_treats_new_rows_and_lists_shards_that_fail(tmp_path: Path, run: Any) -> None:
    run("clean", write(tmp_path, "few.parquet"), "--out", tmp_path / "out", "--accept", "safe", *FAST)
    new = tmp_path / "new"
    new.mkdir()
    table().to_parquet(new / "a.parquet")
    assert (
        run("apply", tmp_path / "out", new, "--out", tmp_path / "checked", "--check")[0] == 0
        and not (tmp_path / "checked").exists()
    )
    code, told, _ = run("apply", tmp_path / "out", new, "--out", tmp_path / "done", "--engine", "inline", "--quiet")
    keep = np.load(tmp_path / "out" / "mask.npy", allow_pickle=False)
    assert code == 0 and f"{keep.sum()} of 34 rows stay, in 1 of 1 shards." in told
    assert "not read" not in told
    (new / "c.csv.gz").write_bytes(b"")
    assert (
        "1 other file of the folder was not read" in run("apply", tmp_path / "out", new, "--out", tmp_path / "no", "--check")[1]
    )
    (new / "b.parquet").write_bytes(b"PAR1")
    code, told, err = run("apply", tmp_path / "out", new, "--out", tmp_path / "more", "--engine", "inline", "--quiet", "--json")
    assert code == PARTLY and json.loads(told)["failed"] == ["b.parquet"] and CANARY not in told + err
    assert json.loads(told)["unread"] == ["c.csv.gz"]
    for more, says in (
        (["--column", "text"], "NEEDED=THERE"),
        (["--engine", "spark"], "spark"),
    ):
        code, _, err = run("apply", tmp_path / "out", new, "--out", tmp_path / "odd", "--quiet", *more)
        assert code not in (0, 1) and says in err and err.count("\n") == 1
    code, _, err = run("apply", tmp_path / "out", new, "--out", new / "a.parquet", "--quiet")
    assert code == INPUT and "a.parquet is a file" in err and err.count("\n") == 1
    code, _, err = run("apply", tmp_path / "out", new, "--out", write(tmp_path) / "in", "--quiet")
    assert code == INPUT and "few.jsonl is a file" in err and err.count("\n") == 1
    code, _, err = run("apply", tmp_path / "new", new, "--out", tmp_path / "odd")
    assert code == INPUT and err.count("\n") == 1


def test_report_takes_up_the_journal(tmp_path: Path, run: Any) -> None:
    path = write(tmp_path)
    run("clean", path, "--out", tmp_path / "out", "--accept", "safe", "--seed", "3", *FAST)
    where = ("--journal", tmp_path / "out" / "journal", "--quiet")
    code, told, _ = run("report", path, *where, "--out", tmp_path / "report.md", "--json", "--no-texts")
    assert code == 0 and json.loads(told)["decisions"] >= 1 and CANARY not in (tmp_path / "report.md").read_text()
    written = (tmp_path / "out" / "journal" / "journal.jsonl").read_text()
    assert json.loads(told)["rounds"] == written.count('"kind":"round"') > 0, "none of another seed was run"
    assert (
        run("report", path, *where, "--round", "1", "--out", tmp_path / "one.html")[0] == 0 and (tmp_path / "one.html").is_file()
    )
    for more, says in (
        (["--round", "99"], "no round 99"),
        (["--out", tmp_path / "report.pdf"], ".html or .md"),
        (["--journal", tmp_path], "no journal"),
    ):
        code, _, err = run("report", path, *where, "--out", tmp_path / "two.html", *more)
        assert code == INPUT and says in err and err.count("\n") == 1


def test_where_a_report_can_not_be_is_said_before_the_work(tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path)
    (tmp_path / "there.md").mkdir()

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError

    monkeypatch.setattr("elute.cli.reporting.Onlooker", never)
    for more, says in (
        (["--out", tmp_path / "x.pdf"], "ends in .html or .md"),
        (["--out", tmp_path / "there.md"], "there.md is a folder"),
        (["--out", tmp_path / "away" / "x.md"], f"There is no folder {tmp_path / 'away'}: make it first"),
        (["--out", tmp_path / "x.md", "--round", "1", "--no-texts"], "leave out --round, or --no-texts"),
    ):
        code, _, err = run("report", path, "--quiet", *more)
        assert code == INPUT and says in err and err.count("\n") == 1 and not (tmp_path / "x.md").exists()


def test_report_says_what_it_is_not_about(tmp_path: Path, run: Any, home: Path) -> None:
    path, other = write(tmp_path), tmp_path / "other.csv"
    run("clean", path, "--out", tmp_path / "out", "--accept", "safe", *FAST)
    folder = tmp_path / "out" / "journal"
    changed = table()
    changed["text"] = [f"quite another text {row}" for row in range(len(changed))]
    changed.to_csv(other, index=False)
    (other.write_text(other.read_text() + "a,b,c,d\n"))
    out = tmp_path / "other.md"
    code, told, err = run("report", other, "--journal", folder, "--out", out, "--no-texts", *FAST)
    assert code == 0 and "34 are gone since the table was opened last" in told + err
    short = re.search(r"(\d+) rows? that (was|were) decided about (is|are) not in this table", out.read_text())
    assert short and "1 line" in out.read_text()
    told = json.loads(run("report", other, "--journal", folder, "--out", out, "--no-texts", "--json", *FAST)[1])
    assert (
        (told["new"], told["gone"], told["unknown"]) == (34, 34, int(short[1])) and told["bad"] == 1 and len(told["notes"]) == 1
    )
    run("clean", other, "--out", tmp_path / "two", *FAST)
    assert "1 line" in (tmp_path / "two" / "report.html").read_text()
    held = (folder / "journal.jsonl").read_bytes().splitlines(keepends=True)
    dropped = next(at for at, line in enumerate(held) if b'"kind":"drop"' in line)
    (folder / "journal.jsonl").write_bytes(b"".join([*held[:dropped], b"#\n", *held[dropped + 1 :]]))
    told = json.loads(run("report", path, "--journal", folder, "--out", out, "--json", *FAST)[1])
    assert "1 could not be" in told["notes"][0] and "1 could not be" in out.read_text()


def test_report_only_reads(tmp_path: Path, run: Any, home: Path) -> None:
    """What a person chose in a notebook holds in its report, and when the notebook goes on: not a byte of the journal changed."""
    path = write(tmp_path)

    def cell() -> elute.Session:
        return elute.Session(
            elute.read(path).table, text="text", label="label", embedder=elute.TfidfEmbedder(64), projector="pca"
        )

    s = cell()
    s.run()
    s.configure(clusterer=elute.KMeans(4), automatic=False)
    s.run()
    s.drop([0, 1], reason="x")
    folder = s.folder
    held = {file.name: file.read_bytes() for file in folder.iterdir()}
    _, told, _ = run("report", path, "--out", tmp_path / "open.md", "--json", "--quiet")  # while the notebook has it open
    told = json.loads(told)
    assert told["decisions"] == 2 and told["rounds"] == 3
    s.journal.close()
    assert run("report", path, "--out", tmp_path / "r.md", "--quiet")[0] == 0
    assert run("report", path, "--out", tmp_path / "other.md", "--embedder", "tfidf", "--quiet")[0] == 0
    assert {file.name: file.read_bytes() for file in folder.iterdir() if file.suffix != ".lock"} == {
        name: there for name, there in held.items() if not name.endswith(".lock")
    }
    page, other = ((tmp_path / name).read_text() for name in ("r.md", "other.md"))
    assert "embedder: tfidf, dimension 64\n" in page and "embedder: tfidf, dimension 256\n" in other
    assert "clusterer: kmeans, k 4\n" in page and "clusterer: kmeans, k 4\n" in other
    s = cell()
    told = s.choices.told(s.state.settings)
    assert told["clusterer"]["name"] == "kmeans" and told["automatic"] is False and len(s.state.applied) == 2
    s.journal.close()


def test_report_of_a_file_that_nobody_opened_leaves_no_journal(tmp_path: Path, run: Any, home: Path) -> None:
    path = write(tmp_path)
    assert run("report", path, "--out", tmp_path / "r.md", *FAST)[0] == 0
    assert not [*home.rglob("journal*"), *home.rglob("rows.npy")]


def test_forget_lists_first_and_removes_when_sure(tmp_path: Path, run: Any, home: Path) -> None:
    path = write(tmp_path)
    run("clean", path, "--out", tmp_path / "out", "--accept", "safe", *FAST)
    code, told, _ = run("forget", tmp_path / "out")
    assert code == 0 and "say --sure" in told and (tmp_path / "out" / "journal" / "journal.jsonl").is_file()
    assert json.loads(run("forget", tmp_path / "out", "--sure", "--json")[1])["gone"] is True
    assert not list((tmp_path / "out").glob("journal/*")) and (tmp_path / "out" / "clean.jsonl").is_file()
    elute.Session(table(), text="text", label="label", embedder="tfidf").drop([0])
    found = json.loads(run("forget", path, "--json")[1])
    assert found["files"] and not found["gone"]
    assert (
        json.loads(run("forget", path, "--sure", "--json")[1])["gone"]
        and json.loads(run("forget", path, "--json")[1])["files"] == []
    )
    assert run("forget", "--everything", "--sure")[0] == 0
    for wrong in ([], [path, "--everything"], ["--journal", tmp_path / "away"]):
        assert run("forget", *wrong)[0] == INPUT


def test_a_journal_that_another_process_has_is_left(tmp_path: Path, run: Any) -> None:
    script = (
        "import elute, sys; s = elute.Session(['a', 'b'], path=sys.argv[1]); s.drop([0]); print(1, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "j")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None and other.stdout.readline()
        code, _, err = run("forget", tmp_path / "j", "--sure")
        assert code == BUSY and "is open in" in err and (tmp_path / "j" / "journal.jsonl").is_file()
        other.communicate(timeout=20)


def test_doctor_tells_no_secret(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    monkeypatch.setenv("HOME", os.environ["ELUTE_HOME"])
    monkeypatch.delenv("ELUTE_HOME")
    code, told, err = run("doctor", "--quick", "--json")
    found = json.loads(told)
    assert code == 0 and CANARY not in told + err and found["environment"]["OPENAI_API_KEY"] == "set"
    assert found["machine"]["elute"] == elute.__version__ and os.environ["HOME"] not in told and "~/" in found["folders"]["cache"]
    assert "packages:" in run("doctor", "--quick")[1]


def test_a_browser_is_asked_for_webgl(tmp_path: Path) -> None:
    from elute.cli.webgl import webgl

    fake = tmp_path / "chrome"
    fake.write_text("#!/bin/sh\necho '<title>webgl2: A card</title>'\n")
    fake.chmod(0o755)
    assert webgl(str(fake)) == "A card"
    fake.write_text("#!/bin/sh\nexit 1\n")
    assert webgl(str(fake)).startswith("not known") and webgl(str(tmp_path / "away")).startswith("not known")


# -- streams and codes ---------------------------------------------------------------------------------------------------------


def test_a_bug_tells_its_kind_and_no_text(tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr("elute.cli.cleaning.rounds", broken)
    code, told, err = run("clean", write(tmp_path), "--out", tmp_path / "out", *FAST)
    assert code == 1 and "RuntimeError" in err and CANARY not in told + err
    code, _, err = run("clean", tmp_path / "few.jsonl", "--out", tmp_path / "out", *FAST, "--debug")
    assert code == 1 and "Traceback" in err and "in broken" in err


def test_an_interrupt_is_one_line_and_leaves_nothing(tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("elute.cli.cleaning.rounds", stopped)
    code, told, err = run("clean", write(tmp_path), "--out", tmp_path / "out", *FAST, "--json")
    assert code == INTERRUPTED and err.count("\n") == 1 and json.loads(told.splitlines()[-1])["exit"] == INTERRUPTED
    assert not (tmp_path / "out").exists() and not list(tmp_path.glob(".out*"))


def test_progress_is_plain_lines_on_the_other_stream(tmp_path: Path, run: Any) -> None:
    _, told, err = run("clean", write(tmp_path), "--out", tmp_path / "out", "--embedder", "tfidf", "--json")
    assert json.loads(told) and "\r" not in err and "\x1b" not in err and "  cluster" in err


def test_a_terminal_is_sent_no_command(tmp_path: Path, run: Any) -> None:
    (tmp_path / "few.csv").write_text("a\x1b[2Jb,text\n" + "".join(f"1,say {i}\n" for i in range(9)))
    code, told, err = run("clean", tmp_path / "few.csv", "--out", tmp_path / "out", "--text", "x\x1b[2J", *FAST)
    assert code == INPUT and "\x1b" not in told + err


def test_help_lists_the_exit_codes_and_usage_is_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    told = capsys.readouterr().out
    assert ended.value.code == 0 and all(f"{code:>3}  {meaning}" in told for code, meaning in MEANING.items())
    for wrong in ([], ["away"], ["clean", "x"], ["clean", "x", "--out", "y", "--most", "2"]):
        with pytest.raises(SystemExit) as ended:
            main(wrong)
        assert ended.value.code == 2


# -- docs/cli.md ---------------------------------------------------------------------------------------------------------------


def documented() -> list[str]:
    """Every command of docs/cli.md, as it is written there."""
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    return [line.removeprefix("    ").split("  #")[0].strip() for line in text.splitlines() if line.startswith("    elute ")]


def test_docs_name_each_command_option_kind_and_code() -> None:
    from elute.cli.accepting import KINDS
    from elute.cli.parser import parser

    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    groups: Any = parser()._subparsers
    commands = groups._group_actions[0].choices
    assert {line.split()[1] for line in documented()} >= {*commands}
    options = {name for made in commands.values() for action in made._actions for name in action.option_strings if len(name) > 2}
    assert {name for name in options - {"--help"} if f"`{name}" not in text and f" {name}" not in text} == set()
    assert all(f"`{kind}`" in text for kind in KINDS) and all(
        f"| {code} | {meaning} |" in text for code, meaning in MEANING.items()
    )


def test_each_command_of_the_docs_runs(tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of the page, on a file of its name; TF-IDF, one engine in this process, and nothing that stays open."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "texts.csv")
    write(tmp_path, "chats.jsonl")
    (tmp_path / "new").mkdir()
    write(tmp_path / "new", "part-0.parquet")
    monkeypatch.setattr(subprocess, "call", lambda command: 0)
    ran = 0
    for line in documented():
        words = shlex.split(line)[1:]
        if words[0] == "clean":
            words += FAST
        if words[0] == "doctor":
            words += ["--quick"]
        if "--engine" in words:
            at = words.index("--engine") + 1
            assert re.fullmatch(r"local|dask://[\w.-]+:\d+", words[at])
            words[at] = "inline"
        elif words[0] == "apply":
            words += ["--engine", "inline"]
        code, _, err = run(*words)
        assert code == 0, (line, err)
        ran += 1
    assert ran >= 10


def test_the_script_and_the_module_start_within_a_second(tmp_path: Path) -> None:
    """What a command does not need is not imported."""
    script = (
        "import sys; from elute.cli.parser import parser; parser(); print({'pandas', 'numba', 'torch'} & {*sys.modules} or 0)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.strip() == "0"
    started = time.monotonic()
    ran = subprocess.run([sys.executable, "-m", "elute.cli", "--version"], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.split() == ["elute", elute.__version__] and time.monotonic() - started < 20
