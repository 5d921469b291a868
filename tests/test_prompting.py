"""The analyst's panel without a browser: its prompts checked and set, the exact prompt of a cluster, what judging will cost."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from openai_server import OpenAIServer
from pages import Page

import elute
from elute.analyze import prompts
from elute.widget.frame import to_bits

ANSWER = {
    "name": "cards", "summary": "Some rows.", "verdict": "trim", "reasons": ["two are odd"], "quality": 0.5, "confidence": 0.9,
    "trim": [1, 2],
}  # fmt: skip
WHOLE = {
    "more_or_fewer": "same", "suggested": None, "reason": "fits", "merge": [], "split": [], "imbalance": "even", "next": "go on"
}  # fmt: skip
SELECTION = {"what": "rows about cats", "belongs": "no", "reasons": ["other topic"]}


def chat(body: dict[str, Any]) -> str:
    """A model by rules: it answers what it was asked for."""
    ask = body["messages"][0]["content"]
    whole, selection = "as a whole" in ask, "selected these texts" in ask
    return json.dumps(WHOLE if whole else SELECTION if selection else ANSWER)


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer(chat=chat) as server:
        yield server


def local(server: OpenAIServer, **how: Any) -> elute.OpenAIAnalyst:
    return elute.OpenAIAnalyst("small", base_url=server.base_url, price=(1.0, 2.0), **how)


def started(page: Page) -> dict[str, Any]:
    page.ask("run")
    return page.wait()


def test_the_offline_analyst_says_what_it_goes_by(open_page: Callable[..., Page]) -> None:
    page = open_page()
    state = started(page)
    assert state["analyst"] == {
        "name": "offline", "model": "", "provider": "", "asks": False, "remote": False, "consented": True, "spent": None, "limit": None
    }  # fmt: skip
    told = page.ask("prompts")[0]
    assert told["goes_by"] and told["earlier"] == [] and told["changed"] == []
    page.ask("prompt", cluster=1)
    page.wait()
    made = page.ask("prompted")[0]
    assert made["asked"] == 1 and made["error"] == "" and made["prompt"]["calls"] == 0
    parts = {part["role"]: part["content"] for part in made["prompt"]["messages"]}
    texts = page.widget.session.corpus.texts
    rows = np.flatnonzero(page.widget.session.round.labels == 1)
    assert any(texts[row] in parts["texts"] for row in rows) and "silhouette" in parts["figures"]


def test_the_exact_prompt_can_be_read_before_anything_leaves(open_page: Callable[..., Page]) -> None:
    far = elute.OpenAIAnalyst("gpt-4o-mini", base_url="http://far.invalid/v1", price=(0.15, 0.60))
    page = open_page(analyst=far)
    state = started(page)
    assert state["analyst"]["remote"] and not state["analyst"]["consented"] and state["analyst"]["provider"] == "far.invalid"
    assert state["consent"]["provider"] == far.name
    page.ask("prompt", cluster=0)
    page.wait()
    made = page.ask("prompted")[0]["prompt"]
    session = page.widget.session
    view = next(view for view in session.views() if view.cluster == 0)
    assert [message["role"] for message in made["messages"]] == ["system", "user"]
    assert all(text in made["messages"][1]["content"] for text in view.texts) and made["texts"] == len(view.texts)
    page.ask("prompt", cluster=0, system="Be brief.", user="{examples}", task="")
    page.wait()
    brief = page.ask("prompted")[0]["prompt"]
    assert brief["messages"][0]["content"].startswith("Be brief.") and brief["tokens"] < made["tokens"]
    assert page.ask("prompts")[0]["changed"] == [], "a look at a prompt sets none"
    assert page.refused("prompt", cluster=0, user="none") == "refused"
    assert made["calls"] == 4 and made["tokens"] > 300 and 0 < made["cost"] < 0.01


def test_prompts_are_checked_before_they_are_set_and_restored(open_page: Callable[..., Page], server: OpenAIServer) -> None:
    page = open_page(analyst=local(server))
    started(page)
    asked = len(server.requests)
    standard = page.ask("prompts")[0]["standard"]
    assert standard == {"system": prompts.SYSTEM, "user": prompts.USER, "task": ""}

    wrong = {"system": "Use {nothing}.", "user": "No texts.", "task": "t" * 3000}
    problems = page.ask("check_prompts", **wrong)[0]["problems"]
    assert "{nothing}" in problems["system"] and "{examples}" in problems["user"] and "3,000" in problems["task"]
    assert page.refused("set_prompts", decision="p0", **wrong) == "refused"
    page.wait()
    assert len(server.requests) == asked, "what was refused changed and sent nothing"

    given = {"system": "Be strict. {task}", "user": "{examples}", "task": "support questions of a bank"}
    assert page.ask("check_prompts", **given)[0]["problems"] == {"system": "", "user": "", "task": ""}
    assert page.ask("set_prompts", decision="p1", **given)[0]["applied"]
    assert not page.ask("set_prompts", decision="p1", **given)[0]["applied"], "a retry"
    page.wait()
    assert len(server.requests) == 2 * asked, "all clusters were judged again"
    assert server.requests[-2]["messages"][0]["content"].startswith("Be strict. support questions of a bank")
    told = page.ask("prompts")[0]
    assert told["now"] == given and told["changed"] == ["system", "user", "task"]
    assert told["earlier"][0]["round"] == 1

    assert page.ask("state")[0]["round"]["number"] == 1, "a prompt makes no round"
    assert page.ask("undo", decision="u")[0]["applied"]
    page.wait()
    assert page.ask("prompts")[0]["now"] == standard
    assert len(server.requests) <= 2 * asked + 1, (
        "what was said to the words before is kept: but for the overview it costs nothing"
    )


def test_rows_to_trim_and_money_are_told(open_page: Callable[..., Page], server: OpenAIServer) -> None:
    page = open_page(analyst=local(server, max_cost=1.0))
    state = started(page)
    assert state["analyst"]["spent"] > 0 and state["analyst"]["limit"] == 1.0 and state["analyst"]["consented"]
    session = page.widget.session
    clusters = page.ask("clusters")[0]["clusters"]
    for told in clusters:
        assert told["verdict"] == "trim" and len(told["trim"]) == 2
        assert all(session.round.labels[row] == told["cluster"] for row in told["trim"])
    gone = clusters[0]["trim"][0]
    page.ask("drop", to_bits(np.arange(60) == gone), decision="d")
    assert gone not in page.ask("clusters")[0]["clusters"][0]["trim"], "what went needs no trimming"


def test_a_failed_cluster_is_asked_for_again_alone(open_page: Callable[..., Page], server: OpenAIServer) -> None:
    server.script(["refusal"])
    page = open_page(analyst=local(server, concurrency=1))
    started(page)
    failed = [told for told in page.ask("clusters")[0]["clusters"] if told["status"] == "failed"]
    assert len(failed) == 1 and failed[0]["error"] and failed[0]["verdict"] is None and failed[0]["trim"] == []
    before = len(server.requests)
    page.ask("analyze", clusters=[failed[0]["cluster"]])
    page.wait()
    assert all(told["status"] == "ok" for told in page.ask("clusters")[0]["clusters"])
    assert len(server.requests) == before + 2, "that cluster, and the whole"


def test_there_is_no_prompt_before_a_round_or_of_no_cluster(open_page: Callable[..., Page]) -> None:
    page = open_page()
    assert page.refused("prompt", cluster=0) == "refused"
    started(page)
    page.ask("prompt", cluster=77)
    page.wait()
    made = page.ask("prompted")[0]
    assert made["prompt"] is None and "not there any more" in made["error"]


def test_a_round_does_not_wait_for_an_answer_about_a_selection(open_page: Callable[..., Page], server: OpenAIServer) -> None:
    page = open_page(analyst=local(server))
    started(page)
    server.script(["hang"])
    asked = len(server.requests)
    page.ask("select", to_bits(page.widget.session.round.labels == 0))
    page.ask("explain")
    until = time.monotonic() + 10
    while len(server.requests) == asked and time.monotonic() < until:
        time.sleep(0.01)
    page.ask("drop", to_bits(page.widget.session.round.labels == 0), decision="d")
    assert page.wait()["round"]["number"] == 2


def test_calls_are_listed_newest_first_and_come_as_a_file(open_page: Callable[..., Page], server: OpenAIServer) -> None:
    page = open_page(analyst=local(server, concurrency=1))
    started(page)
    told = page.ask("calls", offset=0, limit=2)[0]
    assert told["total"] == len(server.requests) == 4
    assert [call["kind"] for call in told["calls"]] == ["overview", "cluster"]
    assert told["calls"][1]["messages"] == server.requests[2]["messages"] and json.loads(told["calls"][1]["answer"]) == ANSWER
    assert len(page.ask("calls", offset=3, limit=50)[0]["calls"]) == 1
    answer, whole = page.ask("calls_file", chunk=0)
    assert answer == {"chunks": 1} and len(whole.splitlines()) == 4
    assert page.refused("calls_file", chunk=1) == "invalid"


def test_the_offline_analyst_has_no_calls(open_page: Callable[..., Page]) -> None:
    page = open_page()
    assert page.ask("calls", offset=0, limit=9)[0] == {"total": 0, "calls": []} and page.ask("calls_file", chunk=0)[1] == b""
