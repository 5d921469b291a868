"""Decisions as a cell of code: run with nothing of elute, it gives the session's mask."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from elute import FromColumn
from elute.ascode import cell
from elute.ascode.cell import visible
from elute.ascode.ids import row_ids
from elute.corpus import Corpus
from elute.decisions.ledger import Ledger
from elute.errors import InputError

TEXTS = ["one", "two", "one", None, "", "  ", "a\nb", "ünï", "one", None, "\ud800", "two"]


def frame(texts: list[Any] = TEXTS) -> pd.DataFrame:
    return pd.DataFrame({"text": pd.Series(texts, dtype=object), "title": [f"t{i % 3}" for i in range(len(texts))]})


def told(ledger: Ledger, **how: Any) -> str:
    return cell(ledger.corpus, ledger.state, "0.1.0", **how)


def ran(code: str, table: Any) -> dict[str, Any]:
    assert not re.search(r"^\s*(import|from) elute", code, re.M)
    there: dict[str, Any] = {"df": table}
    exec(compile(code, "cell", "exec"), there)
    return there


def decided(ledger: Ledger) -> Ledger:
    ledger.drop([0, 3, 5], reason="odd")
    ledger.pin([6])
    ledger.drop([1, 2, 6, 7, 8, 9])
    ledger.restore([3, 7])
    return ledger


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow", "datasets", "list"])
def test_any_kind_of_table(kind: str, tmp_path: Path) -> None:
    texts = [text for text in TEXTS if text != "\ud800"]
    df = frame(texts)
    data: Any = {
        "pandas": lambda: df.set_index(np.arange(len(df))[::-1]),
        "polars": lambda: pl.DataFrame({"text": texts}),
        "pyarrow": lambda: pa.table({"text": texts}),
        "datasets": lambda: pytest.importorskip("datasets").Dataset.from_dict({"text": texts}),
        "list": lambda: list(texts),
    }[kind]()
    ledger = decided(Ledger(Corpus.from_data(data, None if kind == "list" else "text"), tmp_path))
    there = ran(told(ledger), data)
    assert np.array_equal(there["keep"], ledger.keep) and not ledger.keep.all()
    clean, ours = there["clean"], ledger.clean()
    same = clean.equals(ours) if hasattr(clean, "equals") else list(clean) == list(ours)
    assert same


@pytest.mark.parametrize(
    ("text", "how"),
    [
        (["title", "text"], {}),
        ("{title}: {text}!", {}),
        ("text", {"fill": "nothing"}),
        ("text", {"fill": FromColumn("title")}),
        (["title", "text"], {"fill": {"text": lambda row: row["title"]}}),
    ],
)
def test_texts_of_several_columns_and_filled_ones(text: Any, how: Any, tmp_path: Path) -> None:
    df = frame([*TEXTS, 3, 4.5])
    ledger = decided(Ledger(Corpus.from_data(df, text, **how), tmp_path))
    assert np.array_equal(ran(told(ledger), df)["keep"], ledger.keep)


def test_columns_that_are_named_like_templates(tmp_path: Path) -> None:
    df = frame().rename(columns={"title": "a{x}"})
    ledger = decided(Ledger(Corpus.from_data(df, ["a{x}", "text"]), tmp_path))
    assert np.array_equal(ran(told(ledger), df)["keep"], ledger.keep) and not ledger.keep.all()


def test_rows_of_a_reference_and_groups(tmp_path: Path) -> None:
    df = frame()
    beside = Ledger(Corpus.from_data(df, "text", reference=["one", "else"], group="title"), tmp_path / "a")
    beside.drop([0])
    assert np.array_equal(ran(told(beside), df)["keep"], beside.keep) and (~beside.keep).sum() == 4
    marked = Ledger(Corpus.from_data(df, "text", reference=np.arange(len(df)) < 2), tmp_path / "b")
    marked.drop([0, 1, 2, 3])
    assert np.array_equal(ran(told(marked), df)["keep"], marked.keep) and marked.keep[:2].all()


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow", "datasets", "list"])
@pytest.mark.parametrize("beside", [3, 7])
def test_evaluation_rows_in_the_table_are_no_part_of_what_is_clean(kind: str, beside: int, tmp_path: Path) -> None:
    texts = [f"text {row}" for row in range(20)]
    data: Any = {
        "pandas": lambda: pd.DataFrame({"text": texts}),
        "polars": lambda: pl.DataFrame({"text": texts}),
        "pyarrow": lambda: pa.table({"text": texts}),
        "datasets": lambda: pytest.importorskip("datasets").Dataset.from_dict({"text": texts}),
        "list": lambda: list(texts),
    }[kind]()
    corpus = Corpus.from_data(data, None if kind == "list" else "text", reference=np.arange(20) < beside)
    ledger = Ledger(corpus, tmp_path)
    ledger.drop([0, 10, 11])
    code = told(ledger)
    there = ran(code, data)
    assert np.array_equal(there["keep"], ledger.keep)
    clean, ours = there["clean"], ledger.clean()
    assert clean.equals(ours) if hasattr(clean, "equals") else list(clean) == list(ours)
    assert len(clean) == 18 - beside and f"{18 - beside} of {20 - beside} rows stay" in code


def test_ids_are_those_of_the_journal(tmp_path: Path) -> None:
    texts = [*TEXTS, 7]
    corpus = Corpus.from_data(frame(texts), "text")
    assert np.array_equal(row_ids([None if text is None else text for text in texts]), corpus.ids)


act = st.tuples(
    st.sampled_from(["drop", "restore", "pin", "unpin", "undo", "redo", "goto"]), st.lists(st.integers(0, 11), max_size=8)
)


@given(st.lists(act, max_size=12))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_history_gives_the_same_mask(tmp_path: Path, acts: list[tuple[str, list[int]]]) -> None:
    df = frame()
    ledger = Ledger(Corpus.from_data(df, "text"), tmp_path, resume=False)
    for kind, rows in acts:
        if kind in ("undo", "redo"):
            getattr(ledger, kind)()
        elif kind == "goto":
            ledger.goto("")
        elif kind in ("pin", "unpin"):
            ledger.pin(rows, kind == "pin")
        else:
            getattr(ledger, kind)(rows)
    there = ran(told(ledger), df)
    assert np.array_equal(there["keep"], ledger.keep)
    order = np.random.default_rng(0).permutation(len(df))
    moved = ran(told(ledger), df.iloc[order])["clean"]
    assert sorted(map(repr, moved["text"])) == sorted(map(repr, ledger.clean()["text"])), "rows may come in any order"


def test_it_runs_where_elute_is_not_and_packs_long_lists(tmp_path: Path) -> None:
    texts = [f"text {i}" for i in range(3000)]
    ledger = Ledger(Corpus.from_data(pd.DataFrame({"text": texts}), "text"), tmp_path)
    ledger.drop(np.arange(3000) % 2 == 0, reason="even")
    code = told(ledger)
    assert max(map(len, code.splitlines())) < 130 and len(code) < 1500 * 12 + 3000
    head = "import sys; sys.modules['elute'] = None; import pandas; df = pandas.DataFrame({'text': [f'text {i}' for i in range(3000)]})\n"
    done = subprocess.run(
        [sys.executable, "-c", head + code + "\nprint(int(keep.sum()), keep[:4].tolist())"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split(maxsplit=1) == ["1500", "[False, True, False, True]\n"], done.stderr


def test_one_decision_more_is_some_lines_more(tmp_path: Path) -> None:
    ledger = Ledger(Corpus.from_data(frame(), "text"), tmp_path)
    ledger.drop([0])
    before = told(ledger).splitlines()
    ledger.drop([1])
    after = told(ledger).splitlines()
    assert [line for line in before if line not in after] == [before[0]], "but for the first line, which counts them"


@pytest.mark.parametrize(
    "nasty", ["x\nimport os; os.abort()", "x\r\nraise SystemExit", "x\u2028y\x85z\x0c", "\u202e gnp.exe", '"""', "\ud800"]
)
def test_no_reason_leaves_its_comment(nasty: str, tmp_path: Path) -> None:
    df = frame().rename(columns={"text": "text'\\\"\n"})
    ledger = Ledger(Corpus.from_data(df, "text'\\\"\n"), tmp_path)
    ledger.drop([0], reason=nasty)
    code = told(ledger)
    assert np.array_equal(ran(code, df)["keep"], ledger.keep)
    assert visible(nasty).isprintable() and code.isprintable() is False and all(line.isprintable() for line in code.split("\n"))


def test_reasons_that_may_hold_words_of_the_texts_stay_out(tmp_path: Path) -> None:
    ledger = Ledger(Corpus.from_data(frame(), "text"), tmp_path)
    ledger.drop([0], reason="canary: one", source={"kind": "suggestion", "kinds": ["near_copies"]})
    ledger.drop([1], reason="by hand")
    code = told(ledger)
    assert "canary" not in code and "a suggestion (near copies)" in code and "by hand" in code
    assert "canary: one" in told(ledger, words=True)


def test_what_it_does_not_repeat_is_counted(tmp_path: Path) -> None:
    ledger = Ledger(Corpus.from_data(frame(), "text", "title"), tmp_path)
    ledger.tag([0], "x")
    ledger.relabel([1], "t9")
    assert "tagged (1); given another label (1)" in told(ledger) and "0 decisions" in told(ledger)


def test_a_session_checks_the_name_of_the_table(tmp_path: Path) -> None:
    from test_session import session, table

    s = session(table(), tmp_path)
    assert "\ntexts = data['text'].tolist()" in s.code("data")
    with pytest.raises(InputError, match="no name of a variable for the table"):
        s.code("df; import os")
    with pytest.raises(InputError, match="no name of a variable for the table"):
        s.code("keep")
