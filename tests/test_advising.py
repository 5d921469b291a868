"""The page's side of advice: foretold as one sum, accepted as one decision, and what it did told in the state."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any

import numpy as np
import pytest
from pages import Page, table

from elute.analyze import ClusterAnalysis, Overview
from elute.analyze.judge import Analysis
from elute.cluster import KMeans
from elute.widget.protocol import PROTOCOL


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    page = open_page(table(), clusterer=KMeans(3))
    page.ask("hello", b"", protocol=PROTOCOL)
    page.wait()
    session = page.widget._rounds.session
    labels = session.current.labels
    session.current.params["nothing"] = "Nothing stands out."  # type: ignore[index]
    trim = tuple(np.flatnonzero(labels == 1)[:2].tolist())
    said = {
        0: ClusterAnalysis(0, "odd ones", "", "drop", ("off topic",), 0.1, 0.9, (), "a-model"),
        1: ClusterAnalysis(1, "fine", "", "trim", ("two of them are odd",), 0.6, 0.9, trim, "a-model"),
    }
    whole = Overview("fewer", 2, "a reason", (), (), "", "", "a-model")
    session._judge._said[session.current] = Analysis(session.current.number, said, whole)
    return page


def advised(page: Page) -> list[dict[str, Any]]:
    page.ask("suggestions")
    page.wait()
    return [one for one in page.ask("suggestions")[0]["suggestions"] if one["analyst"]]


def test_advice_is_told_apart_and_says_what_accepting_it_means(page: Page) -> None:
    found = advised(page)
    assert [(one["kind"], one["advised"], one["tier"]) for one in found] == [
        ("advised", "drop", "look"), ("trim", "drop", "look"), ("clusters", "settings", "look"),
    ]  # fmt: skip
    assert found[0]["count"] == 20 and len(found[0]["examples"]) == 3 and "off topic" in found[0]["why"]


def test_it_is_foretold_as_one_sum_and_decides_nothing(page: Page) -> None:
    ids = [one["id"] for one in advised(page)]
    told = page.ask("advice", ids=ids)[0]
    assert told["rows"] == 22 and told["ids"] == ids and "38 stay" in told["effect"]
    assert told["next"] == "The next round would look for 2 clusters."
    assert page.ask("advice", ids=ids[2:])[0]["effect"] == "No row goes."
    assert page.ask("state")[0]["kept"] == 60 and page.ask("state")[0]["effects"] == []
    assert page.reply("advice", ids=["nonsense"])["error"]["kind"] == "stale"


def test_accepted_it_is_one_undo_and_its_effect_is_told_after_the_round(page: Page) -> None:
    ids = [one["id"] for one in advised(page)]
    assert page.ask("accept", decision="d1", ids=ids, action="advised")[0]["kept"] == 38
    (waiting,) = page.ask("state")[0]["effects"]
    assert waiting["rows"] == 22 and waiting["analyst"] == "a-model" and waiting["before_round"] == 1
    page.wait()
    (done,) = page.ask("state")[0]["effects"]
    assert done["after_round"] == 2 and done["beside"] == 0
    moved = {one["name"]: (one["before"], one["after"], one["better"]) for one in done["figures"]}
    assert moved["kept"] == (60, 38, None) and moved["clusters"] == (3, 2, None)
    assert moved["silhouette"][2] is (moved["silhouette"][1] > moved["silhouette"][0])
    page.ask("undo", decision="u1")
    page.wait()
    state = page.ask("state")[0]
    assert state["kept"] == 60 and state["effects"] == [] and state["settings"]["clusterer"]["k"] == 3


def test_what_is_accepted_at_once_makes_one_round_however_slow_the_machine(page: Page) -> None:
    """The rows went, and a round began, before the settings were noted: on a slow machine it was run, and then another."""
    ids, session = [one["id"] for one in advised(page)], page.widget.session
    configure, heard, others = session.configure, list[str](), list[Thread]()

    def slowly(*args: Any, **how: Any) -> bool:
        assert page.widget.wait(60)
        others.append(Thread(target=session.approve, args=([50],), daemon=True))
        others[0].start()
        others[0].join(0.1)
        assert others[0].is_alive(), "another decision would come between the two, and an undo would take back only one of them"
        return bool(configure(*args, **how))

    session.configure = slowly  # type: ignore[method-assign]
    session.listen(heard.append)
    page.ask("accept", decision="d1", ids=ids, action="advised")
    others[0].join(5)
    page.wait()
    assert len(session.rounds) == 2 and heard.count("batch") == 1 and "drop" not in heard
    page.ask("undo", decision="u1")
    page.ask("undo", decision="u2")  # that of the other thread, and that of the page
    assert session.keep.all() and session.choices.told(session.state.settings)["clusterer"]["k"] == 3


def test_the_same_decision_applies_once(page: Page) -> None:
    ids = [one["id"] for one in advised(page)]
    for _ in range(2):
        assert page.ask("accept", decision="d1", ids=ids, action="advised")[0]["kept"] == 38
    assert len({one.data["batch"] for one in page.widget._rounds.session.state.applied}) == 1
