"""Any bad table, and all that a person may do with it: an error of elute's own or a result, and every row in its place."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pages import Page
from torture import times, torture

import elute
from elute.errors import EluteError
from elute.widget.frame import to_bits

words = st.lists(st.sampled_from("card cat rain bank wind the my is".split()), min_size=1, max_size=6).map(" ".join)
odd = st.sampled_from(
    ["", " ", "\u200b", "\ud800", "\x00", "a\ud800b", "<b></b>", "&amp;", "1", "same", "same", "x" * 5000, "=1+1", "../../x",
    "\U0001f600",     "NaN", "None", "<script>alert(1)</script>", "\u202eabc", "a\nb\r\nc\td", "ﷺ" * 50]
)  # fmt: skip
no_text = st.sampled_from([None, float("nan"), pd.NA, pd.NaT, 0, 3.5, True, [1], {"a": 1}, b"bytes", np.float64("inf"), ("a",)])
texts = st.lists(words | words | odd | no_text | st.text(max_size=8), max_size=14)
labels = st.sampled_from(
    [
        None,
        float("nan"),
        pd.NA,
        0,
        1,
        1.0,
        True,
        "1",
        "",
        " ",
        "a",
        "b",
        "\ud800",
        "<img src=x>",
        pd.Timestamp("2024-01-01"),
        ("t", 1),
    ]
)
clusterers = st.sampled_from(["communities", "kmeans", "dbscan", "hdbscan", elute.KMeans(2), elute.DBSCAN(0.2), elute.HDBSCAN(2)])
projectors = st.sampled_from(["pca", "pca", "pca", "umap"])
embedders = st.sampled_from(["tfidf", "tfidf", "zeros", "same", "random", "few", "nan"])


def vectors(how: str, n: int) -> Any:
    X = np.random.default_rng(n).normal(size=(n, 6))
    if how == "nan" and n:
        X[0, 0] = np.nan
    made = {
        "tfidf": how,
        "zeros": X * (np.arange(n) % 3 > 0)[:, None],
        "same": np.ones((n, 6)),
        "random": X,
        "few": X[1:],
        "nan": X,
    }
    return made[how]


def calm(error: EluteError) -> None:
    said = str(error)
    assert said and said[-1:] not in " :" and len(said) < 600 and "Traceback" not in said


@torture
@settings(max_examples=times(2, 300), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(values=texts, clusterer=clusterers, projector=projectors, how=embedders, data=st.data())
def test_any_bad_table_keeps_its_rows(values: list[Any], clusterer: Any, projector: str, how: str, data: st.DataObject) -> None:
    n = len(values)
    df = pd.DataFrame({"text": pd.Series(values, dtype=object), "row": range(n)})
    label = data.draw(st.sampled_from([None, "label"]))
    if label:
        df["label"] = pd.Series(data.draw(st.lists(labels, min_size=n, max_size=n)), dtype=object)
    df.index = pd.Index(data.draw(st.sampled_from([list(range(n)), [0] * n, [f"r{row % 2}" for row in range(n)]])))
    before = df.copy()
    with tempfile.TemporaryDirectory() as folder:
        try:
            widget = elute.Widget(
                df, "text", label, embedder=vectors(how, n), clusterer=clusterer, projector=projector, path=Path(folder)
            )
        except EluteError as error:
            calm(error)
            return
        try:
            used(widget, n, data)
        finally:
            widget.close()
            assert widget.wait(60)
        s = widget.session
        assert s.clean()["row"].tolist() == np.flatnonzero(s.keep).tolist() and s.table()["row"].tolist() == list(range(n))
        assert len(s.keep) == n
        pd.testing.assert_frame_equal(df, before)
        again = elute.Session(df, "text", label, embedder=vectors(how, n), path=Path(folder))
        assert again.keep.tolist() == s.keep.tolist()


def used(widget: elute.Widget, n: int, data: st.DataObject) -> None:
    page = Page(widget)
    some = to_bits(np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)), bool))
    for step, (name, buffer, params) in enumerate(
        [
            ("hello", b"\x00\x01\x02\xff", {"protocol": 1}),
            ("run", None, {}),
            ("frame", None, {}),
            ("clusters", None, {}),
            ("points", None, {"within": "all", "offset": 0, "limit": 50, "keys": ["length"]}),
            ("values", None, {"key": "label"}),
            ("values", None, {"key": "column:text"}),
            ("suggestions", None, {}),
            ("select", some, {}),
            ("explain", None, {}),
            ("drop", some, {"decision": "d1"}),
            ("duplicates", None, {"kind": "near", "offset": 0, "limit": 5}),
            ("search", None, {"query": "card", "mode": "text"}),
            ("report", None, {}),
            ("undo", None, {"decision": "u1"}),
            ("drop", some, {"decision": "d2"}),
        ]
    ):
        reply = page.reply(name, buffer, **params)
        assert reply["ok"] or reply["error"]["kind"] in ("refused", "stale", "busy"), (step, name, reply)
        assert widget.wait(60)
        assert not widget.status["error"] or not widget.status["error"].startswith("elute could not"), (name, widget.status)
        json.dumps(page.ask("state")[0], allow_nan=False)
    for row in range(n):
        page.ask("text", row=row)
