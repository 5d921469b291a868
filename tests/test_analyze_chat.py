"""How the analyst talks to a server: what it drops, how long it waits, how it is stopped."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from openai_server import Behaviour, Handler, OpenAIServer, Reply, error
from test_analyze_openai import ANSWER, CANARY, CONTEXT, VIEWS, analyst, judged, reply

from elute.analyze import OpenAIAnalyst
from elute.errors import Cancelled
from elute.progress import Silent


class Picky(OpenAIServer):
    """Refuses with 400 what ``refuses`` names in a request: a parameter and the server's words about it."""

    def __init__(self, refuses: Callable[[dict[str, Any]], tuple[str | None, str] | None]) -> None:
        super().__init__(reply())
        self.refuses = refuses
        self._http.RequestHandlerClass = _PickyHandler


class _PickyHandler(Handler):
    def reply(self, owner: OpenAIServer, body: dict[str, Any]) -> Reply | None:
        answer = super().reply(owner, body)
        assert isinstance(owner, Picky)
        if refused := owner.refuses(body):
            answer = error(400, refused[1], "invalid_request_error", param=refused[0])
        return answer


def test_a_refused_parameter_is_dropped_and_not_sent_again() -> None:
    def refuses(body: dict[str, Any]) -> tuple[str | None, str] | None:
        if "temperature" in body:
            return "temperature", "Unsupported value"
        if "max_tokens" in body:
            return None, "Unrecognized request argument supplied: max_tokens"
        return None

    with Picky(refuses) as server:
        said = judged(analyst(server), VIEWS[:3])
    assert {a.status for a in said.values()} == {"ok"}
    assert len(server.requests) == 5
    assert "temperature" not in server.requests[-1] and "max_tokens" not in server.requests[-1] and "seed" in server.requests[-1]


@pytest.mark.parametrize("knows", [("json_object",), ()])
def test_a_server_without_structured_output_gets_the_schema_in_words(knows: tuple[str, ...]) -> None:
    def refuses(body: dict[str, Any]) -> tuple[str | None, str] | None:
        asked = body.get("response_format", {}).get("type")
        return ("response_format", "not supported") if asked and asked not in knows else None

    with Picky(refuses) as server:
        said = judged(analyst(server), VIEWS[:2])
    assert {a.status for a in said.values()} == {"ok"}
    last = server.requests[-1]
    assert last.get("response_format", {}).get("type") == (knows[0] if knows else None)
    assert '"additionalProperties": false' in last["messages"][0]["content"]
    assert len(server.requests) == 2 + 2 - len(knows)


def test_a_refusal_of_something_else_is_told_without_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    with Picky(lambda body: (None, f"context length exceeded for {CANARY}")) as server:
        (said,) = judged(analyst(server), VIEWS[:1]).values()
    assert "context length exceeded" in said.error and CANARY not in said.error


def test_all_threads_wait_as_long_as_the_server_asks() -> None:
    with OpenAIServer(reply()) as server:
        server.script([Behaviour("429", 0.4)])
        judged(analyst(server, concurrency=2), VIEWS[:6])
    begun = [t - server.times[0] for t in server.times]
    assert len(begun) == 7 and sum(t < 0.3 for t in begun) <= 3
    assert begun[-1] >= 0.4


def test_a_wait_that_is_too_long_is_not_waited_for() -> None:
    with OpenAIServer(reply()) as server:
        server.script([Behaviour("429", 3600)])
        (said,) = judged(analyst(server), VIEWS[:1]).values()
    assert "wait 3600 seconds" in said.error


def test_requests_run_side_by_side() -> None:
    def slow(body: dict[str, Any]) -> str:
        time.sleep(0.15)
        return json.dumps(ANSWER)

    with OpenAIServer(slow) as server:
        started = time.perf_counter()
        judged(analyst(server, concurrency=5))
        took = time.perf_counter() - started
    assert server.most_busy == 5 and took < 10 * 0.15


class Stop(Silent):
    def __init__(self) -> None:
        self.asked = threading.Event()
        self.at = 0.0

    def check(self) -> None:
        if self.asked.is_set():
            raise Cancelled("stop")


def _stop_soon(server: OpenAIServer, stop: Stop) -> None:
    """Once the first request came: on a busy machine that takes a while."""
    while not server.times:
        time.sleep(0.005)
    time.sleep(0.1)
    stop.at = time.monotonic()
    stop.asked.set()


@pytest.mark.parametrize("behaviour", [Behaviour("hang"), Behaviour("429", 30)])
def test_cancel_takes_hold_within_100_ms(behaviour: Behaviour) -> None:
    took = []
    for _ in range(3):
        with OpenAIServer(reply()) as server:
            server.default = behaviour
            stop = Stop()
            threading.Thread(target=_stop_soon, args=(server, stop)).start()
            with pytest.raises(Cancelled):
                list(analyst(server).clusters(VIEWS, CONTEXT, stop))
            took.append(time.monotonic() - stop.at)
        before = len(server.requests)
        assert before == 1
    assert min(took) < 0.1


def test_who_waits_for_room_hears_a_cancel_and_a_wrong_key() -> None:
    def stopped(behaviour: Behaviour) -> OpenAIAnalyst:
        server.script([behaviour])
        return analyst(server, max_cost=1.9, price=(0.0, 1000.0), concurrency=3)  # room for one

    with OpenAIServer(reply()) as server:
        one, stop = stopped(Behaviour("hang")), Stop()
        threading.Thread(target=_stop_soon, args=(server, stop)).start()
        with pytest.raises(Cancelled):
            list(one.clusters(VIEWS, CONTEXT, stop))
        assert len(server.requests) == 1
    with OpenAIServer(reply()) as server:
        one = stopped(Behaviour("401"))
        assert all("does not accept the key" in said.error for said in judged(one).values())
        assert len(server.requests) == len(one.audit.calls()) < 4  # only who sent something is in it


def test_leaving_early_ends_the_requests() -> None:
    with OpenAIServer(reply()) as server:
        said: Any = analyst(server).clusters(VIEWS, CONTEXT)
        next(said)
        said.close()
        time.sleep(0.1)
        assert len(server.requests) <= 3
