"""Rows of a reference are compared with and never counted: every figure of what stays is of the user's own rows, wherever it is read."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import elute
from elute.journal import decode, encode
from elute.widget import tell
from elute.widget.sealing import sealed

ROWS, BESIDE, GONE = 60, 20, 5


def texts(n: int, mark: str) -> list[str]:
    said = ["my card was declined", "the cat slept all day", "a storm at sea"]
    return [f"{said[row % 3]} {mark}{row}" for row in range(n)]


def table(how: str) -> tuple[Any, Any]:
    """Own rows and reference: another table, or rows of this one that are marked."""
    if how == "table":
        return texts(ROWS, "a"), texts(BESIDE, "r")
    frame = pd.DataFrame({"text": [*texts(BESIDE, "r"), *texts(ROWS, "a")], "test": [True] * BESIDE + [False] * ROWS})
    return frame, "test"


def opened(path: Path, how: str = "table") -> elute.Session:
    data, reference = table(how)
    s = elute.Session(
        data, text="text" if how == "mask" else None, reference=reference, embedder="tfidf", projector="pca", path=path
    )
    s.run()
    s.drop(np.flatnonzero(~s.corpus.reference)[:GONE], reason="x")
    s.run()
    return s


def test_a_round_says_that_its_figures_are_of_both(tmp_path: Path) -> None:
    s = opened(tmp_path)
    assert repr(s.round).startswith("<Round 2: 55 rows and 20 of the reference, ") and s.round.clusters["size"].sum() == 75
    assert "reference" not in repr(elute.Session(texts(9, "b"), embedder="tfidf", projector="pca", path=tmp_path / "b").run())


@pytest.mark.parametrize("how", ["table", "mask"])
def test_records_and_papers_count_own_rows(tmp_path: Path, how: str) -> None:
    s = opened(tmp_path, how)
    assert [record.data["kept"] for record in s.rounds] == [60, 55]
    assert [one["kept"] for one in s.manifest()["rounds"]] == [60, 55]
    for paper in (s.report().text, s.whole_report().text):
        assert "55 of 60 rows are kept (91.7 %)" in paper
        assert "20 rows of the reference take part beside them" in paper
        assert [re.split(r" *\| *", line)[1:3] for line in paper.splitlines() if re.match(r"\| [12] \|.*\d\.\d", line)][:2] == [
            ["1", "60"], ["2", "55"],
        ]  # fmt: skip
    whole = s.whole_report().text
    assert "55 rows in" in whole and "Map of round 2: 75 rows, 20 of them of the reference, in" in whole
    assert "5 rows left" in s.report().text and "60 of 60" not in s.report(1).text.replace("60 of 60 rows are kept", "")


def test_records_of_earlier_versions_counted_all(tmp_path: Path) -> None:
    s = opened(tmp_path)
    s.journal.close()
    file = tmp_path / "journal.jsonl"
    lines = []
    for seq, line in enumerate(file.read_bytes().splitlines(keepends=True), 1):
        record = decode(line)
        assert record is not None
        if record.kind == "round":
            record.data["kept"] += record.data.pop("reference")
        lines.append(encode(record, seq, s.corpus.fingerprint))
    file.write_bytes(b"".join(lines))
    data, reference = table("table")
    again = elute.Session(data, reference=reference, embedder="tfidf", projector="pca", path=tmp_path)
    assert [record.data["kept"] for record in again.rounds] == [60, 55]


def test_a_reference_that_came_later_takes_nothing_from_earlier_rounds(tmp_path: Path) -> None:
    data, reference = table("table")
    s = elute.Session(data, embedder="tfidf", projector="pca", path=tmp_path)
    s.run()
    s.journal.close()
    again = elute.Session(data, reference=reference, embedder="tfidf", projector="pca", path=tmp_path)
    assert [record.data["kept"] for record in again.rounds] == [60]


@pytest.mark.parametrize("how", ["table", "mask"])
def test_the_page_counts_own_rows(tmp_path: Path, how: str) -> None:
    w = elute.Widget(opened(tmp_path, how))
    assert repr(w).startswith("<elute.Widget: 55 of 60 rows kept")
    w.start()
    assert w.wait(60)
    own = int((w.session.state.keep & ~w.session.corpus.reference).sum())
    state = tell.state(w._rounds)
    assert own == 55 == w.counts["kept"] == state["kept"] == state["round"]["kept"] == state["rounds"][-1]["kept"]
    assert (state["n"], state["reference"]) == (60, 20)
    held = sealed(w._rounds, texts=False)
    json.dumps(held["state"])
    assert (held["state"]["n"], held["state"]["kept"], held["state"]["reference"]) == (60, 55, 20)
