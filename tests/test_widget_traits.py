"""The traits that both sides write, and what a person does from a cell."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
import traitlets
from pages import Page, table

import elute
from elute.errors import InputError
from elute.widget.frame import to_bits
from elute.widget.protocol import PROTOCOL, TRAITS


def ready(page: Page) -> Page:
    page.ask("hello", b"", protocol=PROTOCOL)
    page.wait()
    return page


def test_the_traits_are_those_of_the_protocol(open_page: Callable[..., Page]) -> None:
    state = open_page().widget.get_state()
    assert {name for name in state if not name.startswith("_") and name not in ("layout", "tabbable", "tooltip")} == set(TRAITS)


def test_counts_are_heard_of_from_either_side(open_page: Callable[..., Page]) -> None:
    page = ready(open_page())
    w = page.widget
    heard: list[dict[str, int]] = []
    w.observe(lambda change: heard.append(change["new"]), "counts")
    page.ask("select", to_bits(np.arange(60) < 7))
    assert heard[-1] == {"kept": 60, "selected": 7} == w.counts
    w.select([1])
    assert heard[-1] == {"kept": 60, "selected": 1}
    w.drop([1, 2])
    assert w.counts == {"kept": 58, "selected": 0}
    page.ask("undo", decision="u")
    assert w.counts["kept"] == 60
    with pytest.raises(traitlets.TraitError):
        w.counts = {}


def test_what_there_is_not_is_refused_calmly(open_page: Callable[..., Page]) -> None:
    page = open_page()
    w = page.widget
    with pytest.raises(traitlets.TraitError, match="none yet"):
        w.hidden = [0]
    ready(page)
    w.dim, w.colour_by, w.hidden = "both", "label", [2, 0, 0]
    assert (w.dim, w.colour_by, w.hidden) == ("both", "label", [0, 2])
    with pytest.raises(traitlets.TraitError):
        w.dim = "4d"
    with pytest.raises(traitlets.TraitError, match=r"no attribute 'column:x'.* There are: cluster, label"):
        w.colour_by = "column:x"
    with pytest.raises(traitlets.TraitError, match=r"no cluster 7 to hide; there are \[0, 1, 2\]"):
        w.hidden = [1, 7]
    assert (w.dim, w.colour_by, w.hidden) == ("both", "label", [0, 2]), "nothing was changed"
    w.colour_by = "finding:noise"  # none now, perhaps in the next round


def test_the_page_writes_the_same_traits(open_page: Callable[..., Page]) -> None:
    page = ready(open_page())
    heard: list[Any] = []
    page.widget.observe(lambda change: heard.append((change["name"], change["new"])), ["dim", "colour_by", "hidden"])
    page.widget.set_state({"dim": "2d", "colour_by": "length", "hidden": [1]})
    assert sorted(heard) == [("colour_by", "length"), ("dim", "2d"), ("hidden", [1])]
    with pytest.raises(traitlets.TraitError):
        page.widget.set_state({"hidden": [99]})
    assert page.widget.hidden == [1]


def test_an_observer_is_told_by_no_lock(open_page: Callable[..., Page]) -> None:
    """It may ask for what the worker holds, which waits to write a trait: then both would wait for ever."""
    page = ready(open_page())
    w, heard, waited = page.widget, list[str](), list[str]()

    def hear(change: Any) -> None:
        heard.append(change["name"])
        other = threading.Thread(target=w._touch, args=("analysis",), daemon=True)
        if threading.current_thread() is threading.main_thread():
            other.start()
            other.join(5)
            waited.extend([change["name"]] if other.is_alive() else [])

    w.observe(hear, ["counts", "revision", "hidden"])
    w.drop([1])
    w.set_state({"hidden": [1]})
    page.wait()
    assert {"counts", "revision", "hidden"} <= set(heard) and not waited


def test_what_an_observer_raises_stops_no_decision(open_page: Callable[..., Page], caplog: pytest.LogCaptureFixture) -> None:
    page = ready(open_page())
    w, before = page.widget, page.widget.revision["decision"]

    def broken(change: Any) -> None:
        raise ValueError("a text of mine")

    w.observe(broken, ["counts", "status", "revision"])
    with caplog.at_level(logging.ERROR, "elute"):
        assert page.ask("drop", to_bits(np.arange(60) < 4), decision="d")[0]["rows"] == 4
    assert "an observer of 'counts' raised ValueError (" in caplog.text and "of mine" not in caplog.text
    assert w.revision["decision"] > before and page.wait()["round"]["number"] == 2, "the page hears of it, and the next round ran"
    assert w.status["error"] == ""
    w.hidden = [0]
    w.observe(broken, "dim")
    with pytest.raises(ValueError, match="mine"):
        w.dim = "2d"  # a person's own line says what their own code raises


def test_a_trait_of_the_page_that_is_refused_takes_nothing_else_back(open_page: Callable[..., Page]) -> None:
    page = ready(open_page())
    w, inside, go = page.widget, threading.Event(), threading.Event()
    there, before = w._rounds.clusters, w.revision["round"]

    def slow() -> set[int]:
        inside.set()
        assert go.wait(10)
        return there()

    w._rounds.clusters = slow
    refused: list[Exception] = []

    def write() -> None:
        try:
            w.set_state({"hidden": [99]})
        except traitlets.TraitError as no:
            refused.append(no)

    writing = threading.Thread(target=write)
    writing.start()
    assert inside.wait(10)
    worker = threading.Thread(target=w._touch, args=("round",))
    worker.start()
    worker.join(0.2)
    go.set()
    writing.join(10)
    worker.join(10)
    assert refused and w.revision["round"] == before + 1 and w.hidden == []


def test_clusters_that_are_gone_are_hidden_no_more(open_page: Callable[..., Page]) -> None:
    page = ready(open_page())
    page.widget.hidden = [0, 1]
    page.widget.drop(cluster=0)
    page.wait()
    assert page.widget.hidden == [1]


def test_everything_a_person_decides_from_a_cell(open_page: Callable[..., Page]) -> None:
    page = ready(open_page())
    w = page.widget
    assert w.select(cluster=0) == 20 and w.save("odd") == 20 and w.selections["odd"].sum() == 20
    assert page.mask("selection") == w.selected.tolist()
    assert w.drop(cluster=0, reason="not ours") == 20 and w.session.history["reason"].tolist() == ["not ours"]
    page.wait()
    assert w.restore(w.selections["odd"]) == 20
    assert w.keep_only(w.selections["odd"]) == 40 and w.keep.sum() == 20
    assert w.undo().kind == "drop" and w.keep.all() and w.redo().kind == "drop"
    w.undo()
    page.wait()
    assert w.rename(1, "mine") > 0 and "mine" in {row["name"] for row in page.ask("clusters")[0]["clusters"]}
    w.run(clusterer=elute.KMeans(5))
    assert page.wait()["round"]["metrics"]["clusters"] == 5
    w.refine()
    page.wait()
    assert w.status["error"] == ""


# -- selecting by the index of a table ------------------------------------------------------------------------------------------


def widget(open_page: Callable[..., Page], index: Any) -> elute.Widget:
    df = table(2)
    df.index = index
    return open_page(df).widget


def test_labels_of_an_index_select_every_row_that_bears_them(open_page: Callable[..., Page]) -> None:
    w = widget(open_page, pd.Index(["a", "b", "a", "c", "d", "a"]))
    assert w.select(index=["a", "c"]) == 4 and w.selected.tolist() == [True, False, True, True, False, True]
    assert w.select(index="b") == 1 and w.select(index=[]) == 0
    assert w.select(index=pd.Index(["d", "d"])) == 1
    with pytest.raises(InputError, match="1 of the labels are not in the index, such as 'z'"):
        w.select(index=["a", "z"])
    assert w.selected.sum() == 1, "what was selected stays"
    with pytest.raises(InputError, match="one way"):
        w.select([0], index=["a"])


def test_an_index_of_any_kind(open_page: Callable[..., Page]) -> None:
    assert widget(open_page, pd.Index([10, 20, 10, 30, 40, 50])).select(index=[10, 50]) == 3
    assert widget(open_page, pd.MultiIndex.from_product([["x", "y"], [1, 2, 3]])).select(index=[("x", 1), ("y", 3)]) == 2
    days = pd.date_range("2026-01-01", periods=6)
    assert widget(open_page, days).select(index=days[[0, 5]]) == 2
    assert widget(open_page, days).select(index=["2026-01-02"]) == 1
    with pytest.raises(InputError, match="not in the index"):
        widget(open_page, days).select(index=["2020-01-02"])
    with pytest.raises(InputError, match="do not fit the index"):
        widget(open_page, days).select(index=["soon"])
    with pytest.raises(InputError, match="has no index"):
        open_page(pl.from_pandas(table()), "text").widget.select(index=[0])
