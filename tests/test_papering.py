"""Papers through the widget's wire: made on the worker, read in chunks, and the ones of now."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pages import Page

from elute.errors import JournalError
from elute.session import Session
from elute.widget import papering


def made(page: Page, kind: str, texts: bool = False) -> tuple[dict[str, Any], bytes]:
    """The paper once it is there, whole."""
    for _ in range(1500):
        told = page.ask("paper", kind=kind, texts=texts)[0]
        if not told["pending"]:
            return told, b"".join(page.ask("paper_file", key=told["key"], chunk=at)[1] for at in range(told["chunks"]))
        time.sleep(0.02)
    raise AssertionError("no paper came")


def started(page: Page) -> None:
    page.ask("run")
    page.wait()


def test_each_paper_comes_and_is_that_of_now(open_page: Callable[..., Page]) -> None:
    page = open_page()
    started(page)
    page.widget.session.drop([1, 2], reason="by hand")
    page.wait()
    before = page.widget.revision["report"]
    told, code = made(page, "code")
    assert (
        told["name"] == "elute_decisions.py" and code.decode() == page.widget.code() and page.widget.revision["report"] > before
    )
    assert b"Report of the session" in made(page, "report", True)[1]
    assert made(page, "card")[1].startswith(b"---\n") and b'"elute-manifest"' in made(page, "manifest")[1]
    page.widget.session.drop([5])
    assert made(page, "code")[1].decode() == page.widget.code() != code.decode()
    there: dict[str, Any] = {"df": page.widget.session.corpus.table.data}
    exec(made(page, "code")[1].decode(), there)
    assert np.array_equal(there["keep"], page.widget.keep)


def test_the_map_is_a_page_of_its_own_and_bare_unless_told_otherwise(open_page: Callable[..., Page]) -> None:
    page = open_page()
    assert "no round" in made(page, "map")[0]["error"]
    started(page)
    told, bare = made(page, "map")
    assert told["name"] == "elute-map.html" and bare.startswith(b"<!DOCTYPE html>") and bare.endswith(b"</html>\n")
    texts = [text for text in page.widget.session.corpus.texts if text]
    assert not any(text.encode() in bare for text in texts) and b"were left out" in bare
    whole = made(page, "map", True)[1]
    assert all(text.encode() in whole for text in texts) and b"holds every text" in whole
    page.widget.session.rename(0, "a name of mine")
    assert b"a name of mine" in made(page, "map", True)[1] and b"a name of mine" not in made(page, "map")[1]


def test_what_is_not_there_is_refused(open_page: Callable[..., Page]) -> None:
    page = open_page()
    assert page.refused("paper", kind="exe") == "invalid" and page.refused("paper_file", key="", chunk=0) == "stale"
    started(page)
    told, _ = made(page, "manifest")
    for chunk in (told["chunks"], -1):
        assert page.refused("paper_file", key=told["key"], chunk=chunk) == "refused"


def test_a_long_one_comes_in_chunks(open_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papering, "CHUNK", 1000)
    page = open_page()
    started(page)
    told, body = made(page, "report")
    assert told["chunks"] == -(-len(body) // 1000) > 3 and body.endswith(b"</html>\n")


def test_cancel_is_heard_by_whoever_waits_for_a_paper(open_page: Callable[..., Page]) -> None:
    page = open_page()
    started(page)
    go = threading.Event()
    page.widget._rounds.jobs.submit("hold", lambda job: go.wait(10))
    before = page.widget.revision["report"]
    assert page.ask("paper", kind="code")[0]["pending"] and page.ask("cancel")[0]["cancelled"]
    assert page.widget.revision["report"] == before + 1
    told = page.ask("paper", kind="code")[0]
    assert (told["pending"], told["error"], told["chunks"]) == (False, "It was stopped.", 0)
    go.set()
    page.wait()
    assert made(page, "code")[0]["error"] == ""


def test_parts_of_two_papers_are_never_put_together(open_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two views each asks for a paper: the second is made while the first is on its way."""
    monkeypatch.setattr(papering, "CHUNK", 1000)
    page = open_page()
    started(page)
    first, body = made(page, "report")
    second, _ = made(page, "code")
    no = page.reply("paper_file", key=first["key"], chunk=1)["error"]
    assert no["kind"] == "stale" and "Ask for it again" in no["message"] and second["key"] != first["key"]
    assert page.ask("paper_file", key=second["key"], chunk=0)[0]["chunks"] == second["chunks"]
    assert made(page, "report")[1][:200] == body[:200]


@pytest.mark.parametrize(
    ("problem", "said"),
    [(JournalError("Another kernel decides."), "Another kernel decides."), (ValueError("canary"), "ValueError")],
)
def test_what_fails_is_said_and_tried_again(
    problem: Exception, said: str, open_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page()
    started(page)
    with monkeypatch.context() as patch:

        def broken(*how: Any, **more: Any) -> str:
            raise problem

        patch.setattr(Session, "code", broken)
        told, body = made(page, "code")
        assert said in told["error"] and "canary" not in told["error"] and body == b""
    assert made(page, "code")[0]["error"] == ""
