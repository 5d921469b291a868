"""Going back, looking back and looking ahead, as the page asks for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from openai_server import OpenAIServer
from pages import Page, table
from test_widget import Slow

import elute
from elute.widget.frame import from_bits, to_bits
from elute.widget.protocol import PROTOCOL

Opened = Callable[..., Page]
N = 60


def rows(*which: int) -> bytes:
    return to_bits(np.isin(np.arange(N), which))


@pytest.fixture
def three(open_page: Opened) -> Page:
    """A page with three rounds: all rows, without row 0, without rows 0 and 1."""
    page = open_page()
    page.ask("run")
    page.wait()
    for row in (0, 1):
        page.ask("drop", rows(row), decision=f"d{row}", source={"kind": "lasso", "steps": [{"polygon": [0, 0, 9, 0, 9, 9]}]})
        assert page.wait()["round"]["number"] == row + 2
    return page


def shown(page: Page) -> np.ndarray:
    frame = page.ask("frame")[0]
    return np.frombuffer(page.ask("column", frame=frame["frame"], name="labels", chunk=0)[1], frame["columns"][2]["dtype"])


def test_going_back_shows_the_frozen_round_and_undo_leads_here_again(three: Page) -> None:
    page = three
    state = page.ask("state")[0]
    ids = {told["number"]: told["id"] for told in state["rounds"]}
    assert state["round"]["id"] == ids[3] and [told["id"] for told in state["history"]] == ["d0", "d1"]
    assert [told["drawn"] for told in state["history"]] == [True, True]
    seen = dict(page.widget.revision)
    outcome = page.ask("goto", decision="g", to=ids[2])[0]
    assert outcome == {"kept": 59, "rows": 1, "saved": True, "applied": True, "note": ""}
    state = page.ask("state")[0]
    assert state["round"]["number"] == 2 and not state["stale"] and state["undo"] == "went back to round 2"
    assert page.widget.revision["decision"] > seen["decision"] and page.widget.revision["settings"] > seen["settings"]
    assert [(told["kind"], told["undone"]) for told in state["history"]] == [("drop", False), ("drop", True), ("goto", False)]
    assert state["decisions"] == 1 and state["history"][-1]["reason"] == "went back to round 2"
    assert page.ask("goto", decision="g", to=ids[2])[0]["applied"] is False  # a retry
    assert page.ask("goto", decision="g2", to=ids[2])[0]["applied"] is False  # things stand like that
    assert page.ask("undo", decision="u")[0]["kept"] == 58 and page.ask("state")[0]["redo"] == "went back to round 2"
    assert page.ask("goto", decision="g3", to="")[0]["kept"] == 60
    assert page.wait()["round"]["number"] == 1
    assert page.ask("goto", decision="g4", to="d1")[0]["kept"] == 58 and page.wait()["round"]["number"] == 3
    assert page.refused("goto", decision="g5", to="nowhere") == "refused"


def test_settings_come_back_with_the_round(three: Page) -> None:
    page = three
    page.ask("settings", decision="s", settings={"clusterer": {"name": "kmeans", "k": 5}})
    assert page.wait()["round"]["metrics"]["clusters"] == 5
    first = page.ask("state")[0]["rounds"][0]["id"]
    page.ask("goto", decision="g", to=first)
    state = page.wait()
    assert state["settings"]["clusterer"]["k"] == 3 and state["round"]["number"] == 1
    page.ask("drop", rows(7), decision="d")
    assert page.wait()["round"]["number"] == 5  # the next one of all there ever were
    again = page.ask("goto", decision="g2", to=state["rounds"][3]["id"])
    assert again[0]["kept"] == 58 and page.wait()["round"]["metrics"]["clusters"] == 5


def test_a_round_is_where_its_decisions_were_though_more_came_while_it_ran(open_page: Opened) -> None:
    slow = Slow()
    page = open_page(projector=slow)
    page.ask("settings", decision="s", settings={"automatic": False})
    page.ask("run")
    assert slow.started.wait(30)
    page.ask("drop", rows(0), decision="d0")
    slow.go.set()
    page.wait()
    made = page.ask("state")[0]["rounds"]
    assert [told["kept"] for told in made] == [60]
    assert page.ask("goto", decision="g", to=made[0]["id"])[0]["kept"] == 60
    assert not page.wait()["stale"]


def test_a_decision_is_shown_again_as_it_was_made(three: Page) -> None:
    page = three
    page.ask("undo", decision="u")
    told, bits = page.ask("revisit", id="d1")
    assert told["kind"] == "drop" and told["count"] == 1 and told["source"]["steps"] == [{"polygon": [0, 0, 9, 0, 9, 9]}]
    assert np.flatnonzero(from_bits(bits, N)).tolist() == [1]
    assert page.refused("revisit", id="never") == "refused"


def test_a_round_says_which_it_came_from(three: Page) -> None:
    page = three
    before = len(page.ask("state")[0]["rounds"])
    page.ask("undo", decision="u")
    page.wait()
    page.ask("drop", rows(20), decision="d9")
    made = page.wait()["rounds"]
    assert [told["before"] for told in made] == [None, *range(1, before), before - 1]
    assert [told["undone"] for told in made] == [False] * (before - 1) + [True, False]
    assert page.ask("state")[0]["round"]["before"] == before - 1


def test_what_is_hidden_stays_hidden_while_one_looks_at_a_round_without_it(three: Page) -> None:
    page = three
    page.ask("settings", decision="s", settings={"clusterer": {"name": "kmeans", "k": 5}})
    page.ask("run")
    state = page.wait()
    page.widget.set_state({"hidden": [0, 4]})
    page.ask("look", round=state["rounds"][0]["id"])
    assert set(shown(page).tolist()) <= {-2, -1, 0, 1, 2} and page.widget.hidden == [0, 4]
    page.widget.set_state({"hidden": [0, 1, 4]})
    page.ask("look", round="")
    assert page.widget.hidden == [0, 1, 4]


def test_a_look_shows_what_was_and_decides_nothing(three: Page) -> None:
    page = three
    now, records = shown(page), len(page.widget.session.journal.records)
    state = page.ask("state")[0]
    first, third = state["rounds"][0]["id"], state["rounds"][2]["id"]
    seen = page.widget.revision["round"]
    page.ask("look", round=first)
    assert page.widget.revision["round"] == seen + 1
    state = page.ask("state")[0]
    assert state["looking"] == 1 and state["round"]["number"] == 1 and state["kept"] == 58 and not state["stale"]
    assert all(page.mask("kept")) and (shown(page) >= 0).all() and page.widget.keep.sum() == 58
    assert {row["status"] for row in page.ask("clusters")[0]["clusters"]} == {"ok"}
    for name in ("drop", "keep_only", "keep", "restore"):
        reply = page.reply(name, rows(5), decision=name)
        assert "looking at round 1 as it was. Go back to it, or return to now" in reply["error"]["message"]
    assert page.refused("rename", decision="n", cluster=0, name="a") == "refused"
    assert len(page.widget.session.journal.records) == records
    page.ask("look", round="")
    assert page.ask("state")[0]["looking"] is None and page.mask("kept")[:3] == [False, False, True]
    np.testing.assert_array_equal(shown(page), now)
    page.ask("look", round=third)  # the current one
    assert page.ask("state")[0]["looking"] is None
    assert page.refused("look", round="round-unheard-of") == "refused"


@pytest.mark.parametrize("end", ["undo", "redo", "goto", "settings", "run", "refine", "cell", "selection"])
def test_what_is_decided_or_run_ends_a_look(three: Page, end: str) -> None:
    page = three
    page.ask("undo", decision="u0")
    page.wait()
    page.ask("look", round=page.ask("state")[0]["rounds"][0]["id"])
    assert page.ask("state")[0]["looking"] == 1
    if end == "cell":
        page.widget.session.drop([9])
    elif end == "selection":
        page.ask("select", rows(4))
        page.ask("save", name="a")
    elif end == "settings":
        page.ask("settings", decision="x", settings={"automatic": False})
    else:
        params = {"undo": {"decision": "x"}, "redo": {"decision": "x"}, "goto": {"decision": "x", "to": ""}}
        page.ask(end, **params.get(end, {}))
    assert page.wait()["looking"] == (1 if end == "selection" else None)


def test_a_round_that_is_only_on_disk_is_read_by_the_worker(three: Page) -> None:
    page = three
    session = page.widget.session
    first = page.ask("state")[0]["rounds"][0]["id"]
    labels = session.round_at(first).labels
    session._shelf._rounds.pop(first.removeprefix("round-"))
    page.ask("look", round=first)
    state = page.wait()
    assert state["looking"] == 1 and page.widget.status["error"] == ""
    np.testing.assert_array_equal(shown(page), labels)
    assert {row["status"] for row in page.ask("clusters")[0]["clusters"]} == {"ok"}  # verdicts were kept too


def test_a_round_that_is_gone_is_said(three: Page, home: Path) -> None:
    page = three
    first = page.ask("state")[0]["rounds"][0]["id"]
    page.widget.session._shelf._rounds.clear()
    for path in home.rglob("*.npz"):
        path.unlink()
    page.ask("look", round=first)
    assert page.wait()["looking"] is None and "Round 1 is not kept any more" in page.widget.status["error"]


def test_a_look_of_one_widget_is_not_that_of_another(three: Page, open_page: Opened) -> None:
    other = open_page(three.widget.session)
    other.ask("hello", b"", protocol=PROTOCOL)
    other.wait()
    three.ask("look", round=three.ask("state")[0]["rounds"][0]["id"])
    assert other.ask("state")[0]["looking"] is None and other.ask("state")[0]["round"]["number"] == 3
    other.ask("drop", rows(5), decision="d")
    other.wait()
    assert three.wait()["looking"] is None and three.ask("state")[0]["round"]["number"] == 4


# -- the embedder ---------------------------------------------------------------------------------------------------------------


def test_the_page_chooses_an_embedder(open_page: Opened) -> None:
    page = open_page(embedder=np.random.default_rng(0).normal(size=(N, 6)))
    forms = {told["name"]: told for told in page.ask("hello", b"", protocol=PROTOCOL)[0]["embedders"]}
    assert "openai" not in forms  # there is no key
    assert forms["own"]["fields"] == []
    assert [field["name"] for field in forms["tfidf"]["fields"]] == ["dimension"]
    assert page.wait()["settings"]["embedder"]["name"] == "own"
    page.ask("settings", decision="s", settings={"embedder": {"name": "tfidf", "dimension": 16}})
    state = page.wait()
    assert state["settings"]["embedder"] == {"name": "tfidf", "dimension": 16} and state["round"]["number"] == 2
    page.ask("settings", decision="s2", settings={"embedder": {"name": "own"}})
    assert page.ask("state")[0]["round"]["number"] == 1  # at once
    for wrong in ({"name": "tfidf", "dimension": 0}, {"name": "nobody"}, 7):
        assert page.refused("settings", decision="w", settings={"embedder": wrong}) == "refused"


def test_no_text_goes_to_an_embedder_of_the_page_unasked(open_page: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    with OpenAIServer() as server:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        page = open_page()
        assert "openai" in {told["name"] for told in page.ask("hello", b"", protocol=PROTOCOL)[0]["embedders"]}
        page.wait()
        page.ask("settings", decision="s", settings={"embedder": {"name": "openai"}})
        state = page.wait()
        assert state["consent"]["purpose"] == "embed" and state["round"]["number"] == 1 and server.requests == []
        assert page.refused("preview", clusterer={"name": "dbscan"}) == "refused"
        page.ask("drop", rows(3), decision="d")
        page.wait()
        assert server.requests == []
        page.answer(True)
        assert page.wait()["round"]["number"] == 2 and server.requests
        page.ask("undo", decision="u")
        page.ask("undo", decision="u2")
        assert page.wait()["round"]["number"] == 1
        asked = len(server.requests)
        page.ask("redo", decision="r")
        page.wait()
        assert len(server.requests) == asked  # agreed, and every vector is there


# -- the preview ----------------------------------------------------------------------------------------------------------------


def previewed(page: Page, **clusterer: Any) -> dict[str, Any]:
    seen = page.widget.revision["preview"]
    page.ask("preview", clusterer=clusterer)
    page.wait()
    assert page.widget.revision["preview"] > seen
    told: dict[str, Any] = page.ask("previewed")[0]
    return told


def test_a_preview_comes_for_the_parameters_as_they_are(open_page: Opened) -> None:
    page = open_page()
    assert page.ask("previewed")[0] == {"sweep": None, "error": ""}
    assert page.refused("preview", clusterer={"name": "dbscan"}) == "refused"  # there is no round
    page.ask("run")
    page.wait()
    sweep = previewed(page, name="dbscan", min_samples=2)["sweep"]
    assert (sweep["clusterer"], sweep["parameter"]) == ("dbscan", "eps") and sweep["chosen"] in sweep["values"]
    assert len(sweep["values"]) == len(sweep["clusters"]) == len(sweep["noise"]) and all(
        0 <= share <= 1 for share in sweep["noise"]
    )
    assert previewed(page, name="dbscan", min_samples=2, eps=0.4)["sweep"] == sweep
    assert previewed(page, name="dbscan", min_samples=9)["sweep"] != sweep
    assert previewed(page, name="hdbscan")["sweep"]["parameter"] == "min_cluster_size"
    for wrong in ({"name": "kmeans"}, {"name": "dbscan", "eps": 0}, {"name": "nothing"}):
        assert page.refused("preview", clusterer=wrong) == "refused"
    page.ask("drop", rows(*range(9)), decision="d")
    page.wait()
    assert page.ask("previewed")[0] == {"sweep": None, "error": ""}  # it was of other rows


def test_a_preview_that_a_round_stops_comes_after_it(open_page: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page()
    page.ask("run")
    page.wait()
    session = page.widget.session
    begun, real = threading.Event(), session.preview

    def slow(clusterer: Any = None, *, progress: Any = None) -> Any:
        first = not begun.is_set()
        begun.set()
        while first:
            progress.check()
        return real(clusterer, progress=progress)

    monkeypatch.setattr(session, "preview", slow)
    page.ask("preview", clusterer={"name": "dbscan"})
    assert begun.wait(30)
    page.ask("drop", rows(1), decision="d")
    assert page.wait()["round"]["number"] == 2
    assert page.ask("previewed")[0]["sweep"]["parameter"] == "eps"  # of the rows as they are now
    begun.clear()
    page.ask("preview", clusterer={"name": "hdbscan"})
    assert begun.wait(30)
    page.ask("cancel")
    page.wait()
    assert page.ask("previewed")[0] == {"sweep": None, "error": "It was stopped."}
    monkeypatch.setattr(session, "preview", lambda *args, **how: 1 / 0)
    assert previewed(page, name="hdbscan") == {"sweep": None, "error": "It could not be made (ZeroDivisionError)."}
    assert page.widget.status["error"] == ""


def test_what_breaks_in_a_round_is_one_calm_sentence_without_texts(open_page: Opened) -> None:
    def leaky(texts: list[str]) -> Any:
        raise ValueError(f"cannot embed {texts[0]!r}")

    page = open_page(embedder=leaky)
    page.ask("run")
    page.wait()
    said = page.widget.status["error"]
    assert said.startswith("The round could not be finished (ValueError). Everything decided is kept")
    assert "w.session.run()" in said and not any(text in said for text in table()["text"])
    with pytest.raises(ValueError, match="cannot embed"):
        page.widget.session.run()
    assert isinstance(page.widget, elute.Widget)
