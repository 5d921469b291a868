"""The text of a row: from one column, several or a template, with what stands for a missing part."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from tables import KINDS, TABLE, build

from elute.corpus import MISSING, NOT_TEXT, TEXT, Corpus, FromColumn
from elute.errors import InputError


@pytest.mark.parametrize("kind", KINDS[:4])
def test_text_from_columns_and_templates(kind: str) -> None:
    table = build(kind, TABLE)
    both = Corpus.from_data(table, text=["title", "text"])
    assert both.text_name == "title + text"
    assert both.texts == ["t0\na", None, None, "t3\na"]  # a part is missing: the row is, unless filled
    assert both.state.tolist() == [TEXT, MISSING, MISSING, TEXT]

    template = Corpus.from_data(table, text="{{{title}}}: {text}")
    assert template.texts == ["{t0}: a", None, None, "{t3}: a"]


@pytest.mark.parametrize("kind", KINDS[:4])
@pytest.mark.parametrize(
    ("fill", "texts", "filled"),
    [
        ("-", ["t0 a", "t1 -", "- b", "t3 a"], [False, True, True, False]),
        ("", ["t0 a", "t1 ", " b", "t3 a"], [False, True, True, False]),
        ({"text": "-"}, ["t0 a", "t1 -", None, "t3 a"], [False, True, False, False]),
        ({"text": FromColumn("title"), "title": "?"}, ["t0 a", "t1 t1", "? b", "t3 a"], [False, True, True, False]),
        (FromColumn("title"), ["t0 a", "t1 t1", None, "t3 a"], [False, True, False, False]),
        (lambda row: f"row {row['row']}", ["t0 a", "t1 row 1", "row 2 b", "t3 a"], [False, True, True, False]),
        (lambda row: None, ["t0 a", None, None, "t3 a"], [False] * 4),
    ],
)
def test_fill_says_what_stands_for_a_missing_part(kind: str, fill: Any, texts: list[str | None], filled: list[bool]) -> None:
    corpus = Corpus.from_data(build(kind, TABLE), text="{title} {text}", fill=fill)
    assert corpus.texts == texts
    assert corpus.filled.tolist() == filled
    assert (corpus.state == MISSING).tolist() == [text is None for text in texts]


def test_what_a_fill_gives_is_judged_like_any_other_value() -> None:
    corpus = Corpus.from_data(build("pandas", TABLE), text="text", fill=FromColumn("row"))
    assert corpus.texts == ["a", None, "b", "a"]
    assert corpus.state.tolist() == [TEXT, NOT_TEXT, TEXT, TEXT]
    assert not corpus.filled.any()


def test_a_filled_part_does_not_make_a_row_filled_that_has_no_text() -> None:
    corpus = Corpus.from_data(pd.DataFrame({"title": [None, None], "text": ["a", 5]}), text="{title} {text}", fill={"title": "-"})
    assert corpus.texts == ["- a", None]
    assert corpus.filled.tolist() == [True, False]


@pytest.mark.parametrize(
    "value", [float("nan"), np.float32("nan"), pd.NA, pd.NaT, None], ids=["nan", "float32 nan", "NA", "NaT", "None"]
)
def test_missing_of_every_sort(value: Any) -> None:
    corpus = Corpus.from_data(pd.DataFrame({"text": pd.Series(["a", value], dtype=object)}), label="text")
    assert corpus.state.tolist() == [TEXT, MISSING]
    assert corpus.texts == ["a", None]
    assert corpus.label is not None and corpus.label.tolist() == ["a", None]


@pytest.mark.parametrize("value", [5, 0.5, True, ["a"], {"a": 1}, b"bytes", np.array([1, 2]), pd.Timestamp("2024-01-01")])
def test_what_is_not_text_is_marked_and_never_made_a_string(value: Any) -> None:
    values = ["a", value, "b"]
    for data in (values, pd.DataFrame({"text": pd.Series(values, dtype=object)})):
        corpus = Corpus.from_data(data)
        assert corpus.state.tolist() == [TEXT, NOT_TEXT, TEXT]
        assert corpus.texts == ["a", None, "b"]
        assert len(set(corpus.ids.tolist())) == 3


def test_a_column_of_numbers_is_not_text() -> None:
    for kind in KINDS[:4]:
        assert (Corpus.from_data(build(kind, TABLE), text="row").state == NOT_TEXT).all()


@pytest.mark.parametrize("kind", KINDS[:4])
def test_a_missing_column_names_the_columns_there_are(kind: str) -> None:
    table = build(kind, TABLE)
    for arguments in ({"text": "body"}, {"text": ["text", "body"]}, {"text": "{text} {body}"}, {"label": "body"}):
        with pytest.raises(InputError, match="no column 'body'. The columns are: 'text', 'title', 'label', 'row'"):
            Corpus.from_data(table, **arguments)
    with pytest.raises(InputError, match="no column 'body'"):
        Corpus.from_data(table).column("body")


def test_the_text_column_is_found_where_it_is_clear() -> None:
    for kind in KINDS[:4]:
        assert Corpus.from_data(build(kind, TABLE)).text_name == "text"
        assert Corpus.from_data(build(kind, {"row": [1], "body": ["a"]})).text_name == "body"
        assert Corpus.from_data(build(kind, {"label": ["x"], "body": ["a"]}), label="label").text_name == "body"
        with pytest.raises(InputError, match="'title', 'body' hold text. The columns are"):
            Corpus.from_data(build(kind, {"title": ["x"], "body": ["a"]}))
        with pytest.raises(InputError, match="no column holds text"):
            Corpus.from_data(build(kind, {"row": [1]}))
    categories = pd.DataFrame({"a": pd.Categorical(["x", None, "x"]), "n": [1, 2, 3]})
    assert Corpus.from_data(categories).texts == ["x", None, "x"]
    assert Corpus.from_data(pl.DataFrame({"a": pl.Series(["x"], dtype=pl.Categorical), "l": [["x"]]})).text_name == "a"
    lists = pa.table({"a": pa.array(["x"]).dictionary_encode(), "l": pa.array([["x"]])})
    assert Corpus.from_data(lists).text_name == "a"


@pytest.mark.parametrize("template", ["{text", "{text!r}", "{text:>10}", "{}", "{text.__class__}", "{text[0]}", "{{text}}"])
def test_a_template_names_columns_and_nothing_else(template: str) -> None:
    with pytest.raises(InputError):
        Corpus.from_data(build("pandas", TABLE), text=template)


def test_odd_column_names() -> None:
    frame = pd.DataFrame({0: ["a"], "{x}": ["b"], ("m", 1): ["c"], "a.b": ["d"]})
    assert Corpus.from_data(frame, text=0).texts == ["a"]  # type: ignore[arg-type]
    assert Corpus.from_data(frame, text="{x}").texts == ["b"]
    assert Corpus.from_data(frame, text="{a.b}!").texts == ["d!"]
    assert Corpus.from_data(frame, text=["0", "a.b"]).columns == ["0", "{x}", "('m', 1)", "a.b"]
    assert Corpus.from_data(frame, text="('m', 1)").texts == ["c"]
    with pytest.raises(InputError, match=r"A tuple names several columns. The one column \('m', 1\) is .* text=\"\('m', 1\)\"\."):
        Corpus.from_data(frame, text=("m", 1))  # type: ignore[arg-type]
    twice = pd.DataFrame([["a", "b", 1]], columns=["text", "text", "n"])
    with pytest.raises(InputError, match="2 columns are named 'text'"):
        Corpus.from_data(twice, text="text")
    assert Corpus.from_data(twice.set_axis(["text", "n", "n"], axis=1), text="text").texts == ["a"]


@pytest.mark.parametrize(
    ("fill", "said"),
    [
        ({"row": "x"}, "names 'row', which is no part of the text"),
        (5, "it must be a str"),
        (FromColumn("body"), "no column 'body'"),
    ],
)
def test_a_fill_that_does_not_fit_is_refused(fill: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        Corpus.from_data(build("pandas", {"text": ["nothing is missing"], "row": [0]}), text="text", fill=fill)
