"""The report on the page, without a browser: made by the worker, told by a revision, saved, and never sent anywhere unasked."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from openai_server import OpenAIServer
from pages import Page

import elute
from elute.widget.reporting import HELD

PROSE = {"summary": "All is well.", "distribution": "", "overlaps": "", "changed": "", "next": ["Read on."]}


def chat(body: dict[str, Any]) -> str:
    """A model that writes reports, and can do nothing else."""
    return json.dumps(PROSE if "words of a report" in body["messages"][0]["content"] else {})


def started(page: Page) -> dict[str, Any]:
    page.ask("run")
    return page.wait()


def made(page: Page, **params: Any) -> dict[str, Any]:
    """The report once it is there; asked for again where a revision says so, as the page does."""
    for _ in range(200):
        told = page.ask("report", **params)[0]
        if not told["pending"]:
            return told
        time.sleep(0.02)
    raise AssertionError("no report came")


def rows(told: dict[str, Any], title: str) -> Any:
    return next(one["rows"] for one in told["report"]["sections"] if one["title"].startswith(title))


def test_before_the_first_round_there_is_none(open_page: Callable[..., Page]) -> None:
    page = open_page()
    told = page.ask("report")[0]
    assert told["report"] is None and not told["pending"] and told["error"] == "There is no round yet."
    assert page.refused("report_file", kind="html") == "refused"


def test_a_report_follows_what_is_decided_and_is_saved(open_page: Callable[..., Page]) -> None:
    page = open_page()
    started(page)
    before = page.widget.revision["report"]
    told = made(page)
    assert page.widget.revision["report"] > before and told["report"]["round"] == 1 and not told["writes"]
    page.ask("rename", decision="r1", cluster=0, name="<b>mine</b>")
    assert "<b>mine</b>" in str(rows(made(page), "Distribution"))
    keep = page.widget.keep.copy()
    page.widget.session.drop(cluster=1, reason="not ours")
    page.wait()
    told = made(page)
    assert told["report"]["round"] == 2 and rows(told, "What was removed")[0][3] == "not ours"
    name, body = page.ask("report_file", kind="html")
    assert name == {"name": "elute-round-2.html"} and b"&lt;b&gt;mine" in body and b"<b>mine" not in body
    assert page.ask("report_file", kind="md")[1].startswith(b"# Round 2")
    assert page.refused("report_file", kind="exe") == "refused"
    first = page.ask("state")[0]["rounds"][0]["id"]
    assert made(page, round=first)["report"]["round"] == 1
    assert "no such round" in made(page, round="nowhere")["error"]
    page.ask("look", round=first)
    assert made(page)["report"]["round"] == 1, "of the round that is looked at"
    assert (page.widget.keep != keep).any()


def test_cancel_is_heard_by_whoever_waits_for_a_report(open_page: Callable[..., Page]) -> None:
    """Also where it waits behind something else: nothing would tell the page, which would wait for ever."""
    page = open_page()
    started(page)
    go = threading.Event()
    page.widget._rounds.jobs.submit("hold", lambda job: go.wait(10))
    before = page.widget.revision["report"]
    assert page.ask("report")[0]["pending"] and page.ask("cancel")[0]["cancelled"]
    assert page.widget.revision["report"] == before + 1
    told = page.ask("report")[0]
    assert not told["pending"] and told["error"].startswith("It was stopped.") and told["report"] is None
    go.set()
    page.wait()
    assert made(page)["report"]["round"] == 1, "who asks again wants it"
    after = page.widget.revision["report"]
    page.ask("cancel")
    assert page.widget.revision["report"] == after, "nobody waited"


def test_a_report_that_is_there_is_not_made_again(open_page: Callable[..., Page]) -> None:
    page = open_page()
    started(page)
    made(page)
    page.wait()
    made(page)
    before = page.widget.revision["report"]
    for _ in range(5):
        made(page)
    assert page.widget.revision["report"] == before


def test_two_views_read_reports_of_two_rounds_and_neither_takes_the_others_away(open_page: Callable[..., Page]) -> None:
    page = open_page()
    started(page)
    page.widget.session.drop(cluster=1)
    page.wait()
    first, second = (one["id"] for one in page.ask("state")[0]["rounds"])
    go, session = threading.Event(), page.widget.session
    report, times = session.report, list[str]()

    def counted(record: str, **how: Any) -> Any:
        times.append(record)
        go.wait(10)
        return report(record, **how)

    session.report = counted  # type: ignore[method-assign]
    assert (
        page.ask("report", round=first, write=False)[0]["pending"] and page.ask("report", round=second, write=False)[0]["pending"]
    )
    go.set()
    for _ in range(5):
        page.wait()
        told = [page.ask("report", round=one)[0] for one in (first, second)]  # as each view does when a revision moved
    assert [one["report"]["round"] for one in told] == [1, 2] and not any(one["pending"] for one in told)
    assert sorted(times) == sorted([first, second]), "each was made once"
    assert page.ask("report_file", kind="md", round=1)[1].startswith(b"# Round 1")
    assert page.ask("report_file", kind="md", round=2)[1].startswith(b"# Round 2")
    assert page.refused("report_file", kind="md", round=3) == "refused"


def test_reports_of_a_few_rounds_are_held_and_of_no_more(open_page: Callable[..., Page]) -> None:
    page = open_page()
    started(page)
    made(page)
    for number in range(3 * HELD):
        page.ask("report", round=f"nowhere-{number}")
    page.wait()
    page.ask("report")
    assert len(page.widget._rounds.reports._held) <= HELD


def test_words_of_a_model_are_written_where_it_runs_here_and_asked_for(open_page: Callable[..., Page]) -> None:
    with OpenAIServer(chat) as server:
        page = open_page(analyst=elute.OpenAIAnalyst("small", base_url=server.base_url))
        started(page)
        before = len(server.requests)
        told = made(page)
        assert told["writes"] and told["report"]["source"] == "offline" and len(server.requests) == before
        told = made(page, write=True)
    assert told["report"]["source"] == "small (127.0.0.1)"
    assert told["report"]["sections"][0]["lines"] == ["All is well."]


def test_a_model_writes_once_for_each_press(open_page: Callable[..., Page]) -> None:
    """A page that is told to ask again (no ``write``) pays for nothing: the words stay, and it hears that they are of before."""
    with OpenAIServer(chat) as server:
        page = open_page(analyst=elute.OpenAIAnalyst("small", base_url=server.base_url))
        started(page)
        page.widget.session.drop(cluster=1)
        page.wait()

        def paid() -> int:
            return sum("words of a report" in one["messages"][0]["content"] for one in server.requests if "messages" in one)

        def is_by(told: dict[str, Any]) -> tuple[str, bool, bool]:
            return told["report"]["source"], told["written"], told["moved"]

        assert page.ask("report", write=True)[0]["pending"]
        words = "small (127.0.0.1)"
        assert is_by(made(page)) == (words, True, False), "what was pressed for, on its way or there, is what one is told of"
        once = paid()
        assert once > 0
        first = page.ask("state")[0]["rounds"][0]["id"]
        assert is_by(made(page, round=first)) == ("offline", False, False), "of another round nobody pressed for words"
        assert is_by(made(page)) == (words, True, False), "those of this one are held, whoever reads another"
        assert is_by(made(page, write=False)) == ("offline", False, False)
        assert is_by(made(page, write=True)) == (words, True, False) and paid() == once, "unchanged: not paid again"
        page.ask("rename", decision="r1", cluster=0, name="mine")
        assert is_by(made(page)) == (words, True, True), "of before, and it says so"
        assert is_by(made(page, write=False)) == ("offline", False, False) and paid() == once
        assert is_by(made(page, write=True)) == (words, True, False) and paid() > once, "pressed for again"


def test_words_that_were_stopped_are_not_begun_again_unasked(open_page: Callable[..., Page]) -> None:
    with OpenAIServer(chat) as server:
        page = open_page(analyst=elute.OpenAIAnalyst("small", base_url=server.base_url))
        started(page)
        go = threading.Event()
        page.widget._rounds.jobs.submit("hold", lambda job: go.wait(10))
        before = len(server.requests)
        assert page.ask("report", write=True)[0]["pending"] and page.ask("cancel")[0]["cancelled"]
        assert page.ask("report")[0]["error"].startswith("It was stopped.")
        go.set()
        page.wait()
        told = made(page)
        assert told["report"]["source"] == "offline" and not told["written"] and len(server.requests) == before


def test_nothing_is_sent_to_a_remote_model_before_the_person_agreed(
    open_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-report-2")
    asked: list[Any] = []
    analyst = elute.OpenAIAnalyst("far", base_url="http://elute.invalid/v1")
    monkeypatch.setattr(analyst, "ask_once", lambda *a, **k: asked.append(a))
    page = open_page(analyst=analyst)
    started(page)
    reply = page.reply("report", write=True)
    assert not reply["ok"] and "agreed" in reply["error"]["message"] and asked == []
    told = made(page)
    assert told["report"]["source"] == "offline" and asked == []
    assert "canary" not in json.dumps(page.sent) + page.ask("report_file", kind="html")[1].decode()
