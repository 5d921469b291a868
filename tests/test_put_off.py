"""A judging that is put off: calls under way come to their end, are kept, and nothing is paid for twice."""

from __future__ import annotations

import gc
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from analyze_sets import made
from openai_server import Behaviour, OpenAIServer
from pages import Page, table

import elute
from elute.analyze import Context, OpenAIAnalyst
from elute.analyze.underway import MOST, UnderWay
from elute.errors import Cancelled, ProviderError
from elute.jobs import Job, Jobs
from elute.progress import SILENT, Silent
from elute.widget.frame import to_bits

CONTEXT = Context(n_rows=300, n_clusters=10)
VIEWS = made().views()
ANSWER: dict[str, Any] = {
    "name": "bank cards", "summary": "About cards.", "verdict": "keep", "reasons": [], "quality": 0.9, "confidence": 0.8, "trim": [],
}  # fmt: skip
OVERVIEW: dict[str, Any] = {
    "more_or_fewer": "same", "suggested": None, "reason": "", "merge": [], "split": [], "imbalance": "", "next": "",
}  # fmt: skip
SELECTION = {"what": "cats", "belongs": "yes", "reasons": []}


@pytest.fixture(autouse=True)
def nothing_is_left_open() -> Iterator[None]:
    """A socket that was not closed warns when it is collected, and a warning is an error here."""
    yield
    gc.collect()


class Line:
    """A chat that was stopped, or was not."""

    def __init__(self, stopped: bool = False, cut: bool = False) -> None:
        self.stopped, self.cut = stopped, cut


class Gate:
    """Answers clusters once it is open, and everything else at once."""

    def __init__(self) -> None:
        self.open = threading.Event()

    def __call__(self, body: dict[str, Any]) -> str:
        system = body["messages"][0]["content"]
        if "as a whole" in system:
            return json.dumps(OVERVIEW)
        if "selected these texts" in system:
            return json.dumps(SELECTION)
        self.open.wait(20)
        return json.dumps(ANSWER)


def asked(server: OpenAIServer) -> Counter[str]:
    """How often each cluster was asked about."""
    texts = (body["messages"][1]["content"] for body in server.requests if "Judge the group" in body["messages"][0]["content"])
    return Counter(text.split("\n1. ")[-1].split("\n")[0] for text in texts)


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


def judging(jobs: Jobs, one: OpenAIAnalyst) -> list[Any]:
    """Judge in a job; what it says comes into the list."""
    said: list[Any] = []

    def work(job: Job) -> None:
        said.extend(one.clusters(VIEWS, CONTEXT, job))

    jobs.submit("analyse", work)
    return said


def test_calls_under_way_are_kept_and_none_is_begun() -> None:
    gate, jobs = Gate(), Jobs(lambda status: None)
    with OpenAIServer(gate) as server:
        one = OpenAIAnalyst(base_url=server.base_url, concurrency=3)
        judging(jobs, one)
        until(lambda: server.busy == 3)
        began = time.monotonic()
        assert jobs.put_off("analyse")
        assert jobs.wait(1) and time.monotonic() - began < 0.5, "who waits for something else does not wait for these"
        gate.open.set()
        until(lambda: len(one.audit.calls()) == 3)
        time.sleep(0.1)
        assert len(server.requests) == 3, "nothing new is sent"
        said = judging(jobs, one)
        assert jobs.wait(20) and len(said) == len(VIEWS)
        assert len(server.requests) == len(VIEWS) and set(asked(server).values()) == {1}
    assert {call.status for call in one.audit.calls()} == {"answered"}


def test_who_goes_on_before_they_are_back_waits_for_them() -> None:
    gate, jobs = Gate(), Jobs(lambda status: None)
    with OpenAIServer(gate) as server:
        one = OpenAIAnalyst(base_url=server.base_url, concurrency=3)
        judging(jobs, one)
        until(lambda: server.busy == 3)
        jobs.put_off("analyse")
        jobs.wait(5)
        said = judging(jobs, one)
        time.sleep(0.2)
        assert len(server.requests) == 3
        gate.open.set()
        assert jobs.wait(20) and len(said) == len(VIEWS) == len(server.requests)


def test_a_cancel_cuts_them_and_the_audit_says_so() -> None:
    jobs = Jobs(lambda status: None)
    with OpenAIServer(Gate()) as server:
        server.default = Behaviour("hang")
        one = OpenAIAnalyst(base_url=server.base_url, concurrency=2)
        judging(jobs, one)
        until(lambda: server.busy == 2)
        jobs.cancel()
        jobs.wait(5)
        server.default = Behaviour("ok")
        server.chat = lambda body: json.dumps(ANSWER)
        said = judging(jobs, one)
        assert jobs.wait(20) and len(said) == len(VIEWS), "nobody waits for what hangs"
    until(lambda: len(one.audit.calls()) == len(VIEWS) + 2)  # the server is gone, and so is what hung
    ended = [call for call in one.audit.calls() if call.status == "failed"]
    assert len(ended) == 2
    assert {call.error for call in ended} == {"it was stopped while it was under way"}


def test_what_fails_after_it_was_put_off_is_asked_again() -> None:
    gate, jobs = Gate(), Jobs(lambda status: None)
    with OpenAIServer(gate) as server:
        server.script([Behaviour("500")] * 2)
        one = OpenAIAnalyst(base_url=server.base_url, concurrency=2)
        judging(jobs, one)
        until(lambda: len(one.audit.calls()) == 2)
        jobs.put_off("analyse")
        jobs.wait(5)
        gate.open.set()
        said = judging(jobs, one)
        assert jobs.wait(20) and {told.status for told in said} == {"ok"}


def test_an_answer_that_can_not_be_used_is_an_answer() -> None:
    gate, jobs = Gate(), Jobs(lambda status: None)
    with OpenAIServer(lambda body: gate(body) and "") as server:
        one = OpenAIAnalyst(base_url=server.base_url, concurrency=3)
        judging(jobs, one)
        until(lambda: server.busy == 3)
        jobs.put_off("analyse")
        jobs.wait(5)
        gate.open.set()
        until(lambda: len(one.audit.calls()) == 3)
        server.chat = gate
        said = judging(jobs, one)
        assert jobs.wait(20) and len(server.requests) == len(VIEWS), "it was paid for, and would be the same again"
    assert Counter(told.status for told in said) == {"failed": 3, "ok": len(VIEWS) - 3}


def test_what_was_told_to_have_failed_stays_so_until_retry(open_page: Callable[..., Page]) -> None:
    """The Review tab asks for suggestions again and again while clusters are judged, and each puts the judging off."""
    gate = Gate()

    def chat(body: dict[str, Any]) -> str:
        if len(server.requests) == 1:
            return ""
        return gate(body)

    with OpenAIServer(chat) as server:
        page = open_page(analyst=OpenAIAnalyst(base_url=server.base_url, concurrency=1))
        page.ask("hello", b"1234", protocol=1)

        def failed() -> list[int]:
            return [told["cluster"] for told in page.ask("clusters")[0]["clusters"] if told["status"] == "failed"]

        until(failed)
        first = failed()
        for _ in range(2):
            page.ask("select", to_bits(np.arange(60) < 5))
            page.ask("explain")
            until(lambda: page.ask("explanation")[0]["explanation"])
        gate.open.set()
        page.wait()
        until(lambda: page.ask("state")[0]["overview"])
        assert failed() == first and set(asked(server).values()) == {1}
        page.ask("analyze", clusters=first)
        page.wait()
        until(lambda: not failed())
        assert sorted(asked(server).values())[-1] == 2


def test_a_question_about_a_selection_makes_no_cluster_be_paid_twice(open_page: Callable[..., Page]) -> None:
    gate = Gate()
    with OpenAIServer(gate) as server:
        page = open_page(analyst=OpenAIAnalyst(base_url=server.base_url, concurrency=2))
        page.ask("hello", b"1234", protocol=1)
        until(lambda: server.busy == 2)
        page.ask("select", to_bits(np.arange(60) < 5))
        page.ask("explain")
        until(lambda: page.ask("explanation")[0]["explanation"])
        gate.open.set()
        state = page.wait()
        until(lambda: page.ask("state")[0]["overview"])
        assert state["kept"] == 60
        assert len(asked(server)) >= 2 and set(asked(server).values()) == {1}
        calls = page.ask("calls", offset=0, limit=50)[0]["calls"]
        assert {call["status"] for call in calls} == {"answered"}


def test_two_views_that_ask_about_one_selection_pay_once(open_page: Callable[..., Page]) -> None:
    gate, go = Gate(), threading.Event()
    gate.open.set()

    def chat(body: dict[str, Any]) -> str:
        if "selected these texts" in body["messages"][0]["content"]:
            go.wait(20)
        return gate(body)

    def paid() -> int:
        return sum("selected these texts" in body["messages"][0]["content"] for body in server.requests)

    with OpenAIServer(chat) as server:
        page = open_page(analyst=OpenAIAnalyst(base_url=server.base_url, concurrency=1))
        page.ask("hello", b"1234", protocol=1)
        page.wait()
        page.ask("select", to_bits(np.arange(60) < 5))
        page.ask("explain")
        until(paid)
        page.ask("explain")  # another view of the same widget
        go.set()
        page.wait()
        first, before = page.ask("explanation")[0]["explanation"], page.widget.revision["analysis"]
        assert first["what"] == "cats" and paid() == 1
        page.ask("explain")  # and one that was late: it is told that the answer is there
        page.wait()
        assert page.ask("explanation")[0]["explanation"] == first and paid() == 1 and page.widget.revision["analysis"] > before
        page.ask("select", to_bits(np.arange(60) < 6))
        page.ask("explain")
        page.wait()
        assert page.ask("explanation")[0]["explanation"]["rows"] == 6 and paid() == 2
        server.script([Behaviour("401")] * 3)
        page.ask("select", to_bits(np.arange(60) < 7))
        for _ in range(2):
            page.ask("explain")
            page.wait()
        assert paid() >= 4, "one that failed is asked again"


@pytest.mark.parametrize("stopped", [False, True])
@pytest.mark.parametrize("same", [True, False], ids=["one session", "two sessions"])
def test_what_another_judging_asks_is_waited_for_and_taken_over_where_it_stops(tmp_path: Path, same: bool, stopped: bool) -> None:
    """A cell that is run again while its clusters are judged, or one that judges beside the page: none is paid for twice."""
    paid: Counter[str] = Counter()
    let, cancelled = threading.Event(), threading.Event()

    class Paid(elute.OfflineAnalyst):
        name, kept = "paid", True

        def key(self) -> str:
            return f"paid-{tmp_path}"

        def clusters(self, views: Any, context: Any, progress: Any = SILENT) -> Any:
            for said in super().clusters(views, context, progress):
                progress.check()
                paid[str(said.cluster)] += 1
                yield said
                assert let.wait(20)

        def overview(self, *args: Any, **how: Any) -> Any:
            paid["whole"] += 1
            return super().overview(*args, **how)

    class Told(Silent):
        def check(self) -> None:
            if cancelled.is_set():
                raise Cancelled("stop")

    how: dict[str, Any] = {"embedder": "tfidf", "clusterer": elute.KMeans(6), "projector": "pca", "path": tmp_path / "j"}
    old = elute.Session(table(), "text", **how, analyst=Paid())
    old.run()
    new = old if same else elute.Session(table(), "text", **how, analyst=Paid())
    new.run()
    found: list[Any] = []

    def first() -> None:
        with suppress(Cancelled):
            old.analyze(progress=Told())

    threads = [threading.Thread(target=first), threading.Thread(target=lambda: found.append(new.analyze()))]
    threads[0].start()
    until(lambda: paid)
    threads[1].start()
    time.sleep(0.1)
    assert sum(paid.values()) == 1, "nothing that is under way is asked for"
    if stopped:
        cancelled.set()
    let.set()
    for thread in threads:
        thread.join(60)
    assert len(found[0].clusters) == 6 and found[0].overview is not None
    assert paid == {**dict.fromkeys(map(str, range(6)), 1), "whole": 1}
    assert len({said.name for said in found[0].clusters.values()}) == 6


def test_held_answers_are_given_once_bounded_and_never_those_that_failed() -> None:
    held: UnderWay = UnderWay()

    def fails() -> str:
        raise ProviderError("no")

    with pytest.raises(ProviderError):
        held.ask("key", fails, Line())
    assert held.ask("key", lambda: "one", Line()) == "one"
    assert held.ask("key", lambda: "two", Line()) == "one"
    held.taken("key")
    assert held.ask("key", lambda: "two", Line()) == "two"
    for number in range(2 * MOST):
        held.ask(number, lambda number=number: number, Line())  # type: ignore[misc]
    assert len(held._asked) == MOST


def test_who_waits_for_anothers_call_hears_a_stop() -> None:
    held, gate, begun = UnderWay(), threading.Event(), threading.Event()

    def slow() -> int:
        begun.set()
        gate.wait(20)
        return 1

    other = threading.Thread(target=lambda: held.ask("key", slow, Line()))
    other.start()
    begun.wait(5)
    with pytest.raises(Cancelled):
        held.ask("key", slow, Line(stopped=True))
    gate.set()
    other.join()
    assert held.ask("key", slow, Line()) == 1


def test_nobody_waits_for_a_call_that_was_cut_off() -> None:
    held, gate, begun, cut = UnderWay(), threading.Event(), threading.Event(), Line()

    def slow() -> int:
        begun.set()
        gate.wait(20)
        return 1

    other = threading.Thread(target=lambda: held.ask("key", slow, cut))
    other.start()
    begun.wait(5)
    cut.cut = True
    assert held.ask("key", lambda: 2, Line()) == 2
    gate.set()
    other.join()
    assert held.ask("key", lambda: 3, Line()) == 2
