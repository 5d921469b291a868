"""Each message of the page gets exactly one reply; the page's TypeScript is made from the same protocol."""

from __future__ import annotations

import base64
import logging
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elute.errors import InputError
from elute.plain import plain
from elute.widget.frame import from_bits, quantise, to_bits
from elute.widget.misfit import misfit
from elute.widget.protocol import MESSAGE_LIMIT, READINGS, REQUESTS
from elute.widget.retries import REMEMBERED, acts
from elute.widget.typescript import typescript
from elute.widget.wire import Refused, Wire


class Page:
    """Stands where the page is: sends, and keeps what comes back."""

    def __init__(self, **handlers: Any) -> None:
        self.replies: list[tuple[dict[str, Any], list[bytes]]] = []
        every = {name: handlers.get(name, lambda params, buffer: ({}, None)) for name in REQUESTS}
        self.wire = Wire(every, lambda message, buffers: self.replies.append((message, buffers)))

    def ask(self, message: Any, buffers: list[Any] | None = None) -> tuple[dict[str, Any], list[bytes]]:
        before = len(self.replies)
        self.wire.receive(message, buffers or [])
        assert len(self.replies) == before + 1
        return self.replies[-1]


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_is_finite(number: float) -> None:
    params = {"kind": "meaning", "threshold": number, "offset": 0, "limit": 5}
    assert misfit("duplicates", params) == "threshold must be a finite number"


def test_the_page_speaks_the_same_protocol() -> None:
    made = Path(__file__).resolve().parent.parent / "js" / "src" / "protocol.ts"
    assert made.read_text(encoding="utf-8") == typescript(), "run `make protocol`"


def test_a_reply_repeats_the_id_and_carries_the_buffer() -> None:
    page = Page(search=lambda params, buffer: ({"count": np.int64(3)}, b"abc"))
    message, buffers = page.ask({"id": "7", "name": "search", "params": {"query": "x", "mode": "text"}})
    assert message == {"id": "7", "ok": True, "result": {"count": 3}} and buffers == [b"abc"]


def test_a_host_that_loses_buffers_gets_text() -> None:
    page = Page(hello=lambda params, buffer: ({"echoed": len(buffer) == 4}, buffer))
    data = base64.b64encode(b"\x00\xffab").decode()
    message, buffers = page.ask({"id": "1", "name": "hello", "params": {"protocol": 1}, "data": data})
    assert message["result"]["echoed"] and message["data"] == data and buffers == []


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ({"id": "1", "name": "steal", "params": {}}, "unknown"),
        ({"id": "1"}, "unknown"),
        ({"id": "1", "name": "text", "params": {"row": "1"}}, "invalid"),
        ({"id": "1", "name": "text", "params": {"row": True}}, "invalid"),
        ({"id": "1", "name": "text", "params": {}}, "invalid"),
        ({"id": "1", "name": "text", "params": {"row": 1, "x": 2}}, "invalid"),
        ({"id": "1", "name": "text", "params": []}, "invalid"),
    ],
)
def test_what_does_not_fit_is_refused(message: dict[str, Any], kind: str) -> None:
    reply, _ = Page().ask(message)
    assert not reply["ok"] and reply["error"]["kind"] == kind


def raising(error: Exception) -> Any:
    def handler(params: Any, buffer: bytes) -> Any:
        raise error

    return handler


def test_errors_become_replies_without_secrets() -> None:
    assert Page(run=raising(InputError("say this"))).ask({"id": "1", "name": "run"})[0]["error"] == {
        "kind": "refused",
        "message": "say this",
    }
    assert Page(run=raising(Refused("stale", "old"))).ask({"id": "1", "name": "run"})[0]["error"]["kind"] == "stale"
    reply = Page(run=raising(RuntimeError("key sk-123 and a text"))).ask({"id": "1", "name": "run"})[0]
    assert reply["error"]["kind"] == "failed" and "sk-123" not in str(reply)


def test_nothing_was_changed_is_said_only_where_it_is_known() -> None:
    """Of an act that is no decision nobody knows how far it came."""
    broken = raising(RuntimeError("late"))
    page = Page(state=broken, undo=broken, save=broken)
    said = {
        name: page.ask({"id": name, "name": name, "params": params})[0]["error"]["message"]
        for name, params in {"state": {}, "undo": {"decision": "d"}, "save": {"name": "x"}}.items()
    }
    unchanged = "elute could not do this (RuntimeError). Nothing was changed."
    assert said == {"state": unchanged, "undo": unchanged, "save": "elute could not do this (RuntimeError)."}


@pytest.mark.parametrize("message", [None, 3, "x", [], {}, {"id": 3}, {"id": ""}, {"id": "x" * 99}])
def test_a_message_without_an_id_is_ignored(message: Any) -> None:
    page = Page()
    page.wire.receive(message, [])
    assert page.replies == []


@given(st.lists(st.booleans(), max_size=70))
def test_bits_and_masks_are_opposites(mask: list[bool]) -> None:
    array = np.array(mask, bool)
    assert from_bits(to_bits(array), len(mask)).tolist() == mask


@pytest.mark.parametrize("length", [0, 1, 3])
def test_bits_of_another_length_are_refused(length: int) -> None:
    with pytest.raises(ValueError, match="9 rows need 2 bytes"):
        from_bits(b"\xff" * length, 9)


@given(st.lists(st.floats(-1.1875, 1.1875, width=32), min_size=1, max_size=9))
def test_quantised_coords_are_within_half_a_step(values: list[float]) -> None:
    steps = quantise(np.array([values], np.float32)).astype(float)
    assert np.abs(steps / 65535 * 2.4 - 1.2 - values).max() <= 0.5 * 2.4 / 65535 + 1e-6


def test_json_holds_no_nan() -> None:
    assert plain({"a": float("nan"), "b": [np.float32("inf"), np.int8(1)], 3: np.bool_(True)}) == {
        "a": None,
        "b": [None, 1],
        "3": True,
    }


# -- what comes twice, too early, or can't be meant -----------------------------------------------------------------------------


def test_an_act_that_comes_twice_is_done_once_and_answered_as_before() -> None:
    done: list[int] = []
    page = Page(run=lambda params, buffer: (done.append(1) or {"times": len(done)}, None))  # type: ignore[func-returns-value]
    first, _ = page.ask({"id": "1", "name": "run"})
    again, _ = page.ask({"id": "1", "name": "run"})
    assert first == again == {"id": "1", "ok": True, "result": {"times": 1}} and done == [1]
    assert page.ask({"id": "2", "name": "run"})[0]["result"] == {"times": 2}


def test_an_act_that_failed_is_not_tried_again_by_the_same_id() -> None:
    page = Page(run=raising(InputError("not now")))
    replies = [page.ask({"id": "1", "name": "run"})[0] for _ in range(2)]
    assert replies[0] == replies[1] and replies[0]["error"] == {"kind": "refused", "message": "not now"}


def test_a_reading_is_answered_anew() -> None:
    told = iter(range(9))
    page = Page(state=lambda params, buffer: ({"at": next(told)}, None))
    assert [page.ask({"id": "1", "name": "state"})[0]["result"]["at"] for _ in range(2)] == [0, 1]


def test_an_act_in_hand_on_another_thread_is_answered_once() -> None:
    started, go = threading.Event(), threading.Event()

    def slow(params: Any, buffer: bytes) -> Any:
        started.set()
        assert go.wait(10)
        return {}, None

    page = Page(run=slow)
    worker = threading.Thread(target=page.wire.receive, args=({"id": "1", "name": "run"}, []))
    worker.start()
    assert started.wait(10)
    page.wire.receive({"id": "1", "name": "run"}, [])
    assert page.replies == []
    go.set()
    worker.join(10)
    assert len(page.replies) == 1


def test_an_act_that_was_interrupted_is_done_when_it_is_asked_again() -> None:
    stopped = iter([True])

    def interrupted(params: Any, buffer: bytes) -> Any:
        if next(stopped, False):
            raise KeyboardInterrupt
        return {}, None

    page = Page(run=interrupted)
    with pytest.raises(KeyboardInterrupt):
        page.wire.receive({"id": "1", "name": "run"}, [])
    assert page.replies == [] and page.ask({"id": "1", "name": "run"})[0]["ok"]


def test_what_comes_before_its_turn_waits_for_it() -> None:
    done: list[str] = []

    def noted(name: str) -> Any:
        return lambda params, buffer: (done.append(name) or {}, None)  # type: ignore[func-returns-value]

    page = Page(select=noted("select"), save=noted("save"))
    save = {"id": "2", "name": "save", "params": {"name": "x"}, "after": "1"}
    early, _ = page.ask(save)
    assert early["error"]["kind"] == "early" and done == []
    page.ask({"id": "1", "name": "select", "params": {}}, [b"\0"])
    assert page.ask(save)[0]["ok"] and done == ["select", "save"]


def test_only_so_many_answers_are_kept() -> None:
    page = Page()
    for number in range(REMEMBERED + 10):
        page.ask({"id": str(number), "name": "run"})
    assert not page.wire._retries.begin(str(REMEMBERED + 9)) and page.wire._retries.begin("0")


def test_every_request_is_an_act_or_a_reading() -> None:
    assert set(REQUESTS) >= set(READINGS)
    assert all(acts(name) for name, request in REQUESTS.items() if "decision" in request.params)


@pytest.mark.parametrize("buffers", [[b"1", b"2"], [7], ["text"], [10**10], [None], [bytes(MESSAGE_LIMIT + 1)]], ids=range(6))
def test_a_buffer_is_looked_at_before_it_is_used(buffers: list[Any]) -> None:
    reply, _ = Page(select=raising(AssertionError("used"))).ask({"id": "1", "name": "select", "params": {}}, buffers)
    assert reply["error"]["kind"] == "invalid"


@pytest.mark.parametrize("data", ["*", "AQ=", "A" * (MESSAGE_LIMIT * 3 // 2), "é"])
def test_text_in_place_of_a_buffer_is_looked_at_too(data: str) -> None:
    message = {"id": "1", "name": "select", "params": {}, "data": data}
    assert Page(select=raising(AssertionError("used"))).ask(message)[0]["error"]["kind"] == "invalid"


def test_bytes_that_no_request_asked_for_are_refused() -> None:
    assert Page().ask({"id": "1", "name": "undo", "params": {"decision": "d"}}, [b"1"])[0]["error"]["kind"] == "invalid"


def test_a_page_that_is_gone_breaks_nothing() -> None:
    def gone(message: Any, buffers: Any) -> None:
        raise RuntimeError("the comm is closed")

    Wire({name: lambda params, buffer: ({}, None) for name in REQUESTS}, gone).receive({"id": "1", "name": "run"}, [])


def deep(levels: int) -> dict[str, Any]:
    return {"a": deep(levels - 1)} if levels else {}


@pytest.mark.parametrize(
    ("name", "params", "why"),
    [
        ("text", {"row": 10**400}, "row is out of range"),
        ("text", {"row": -(2**60)}, "row is out of range"),
        ("advice", {"ids": ["a", 3]}, "ids must be strings"),
        ("analyze", {"clusters": [1, True]}, "clusters must be list"),
        ("compare", {"clusterers": [{}, 3]}, "clusterers must be dicts"),
        ("preview", {"clusterer": deep(500)}, "clusterer is too long or too deep"),
        ("preview", {"clusterer": {"a": [0] * 600_000}}, "clusterer is too long or too deep"),
        ("preview", {"clusterer": {"a": [deep(8)]}}, ""),
    ],
)
def test_what_can_not_be_meant_does_not_fit(name: str, params: dict[str, Any], why: str) -> None:
    assert misfit(name, params) == why


def test_refusals_are_logged_without_text(caplog: pytest.LogCaptureFixture) -> None:
    secret = "my very own text"
    page = Page(search=raising(InputError(secret)), run=raising(Refused("stale", secret)), undo=raising(RuntimeError(secret)))
    with caplog.at_level(logging.INFO, "elute"):
        page.ask({"id": "1", "name": "search", "params": {"query": secret, "mode": "text"}})
        page.ask({"id": "2", "name": "run"})
        page.ask({"id": "3", "name": secret})
        page.ask({"id": "4", "name": "text", "params": {secret: 1}})
        page.ask({"id": "5", "name": "undo", "params": {"decision": secret}})
        page.ask({"id": "6", "name": "save", "params": {"name": secret}, "after": "5x"})
        page.wire.receive({"id": f"{secret}\n", "name": "run"}, [])
    assert secret not in caplog.text
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("INFO", "request search refused: refused"),
        ("INFO", "request run refused: stale"),
        ("WARNING", "request (unknown) refused: unknown"),
        ("WARNING", "request text refused: invalid"),
        ("ERROR", "request undo failed: RuntimeError"),
        ("INFO", "request save refused: early"),
        ("WARNING", "a message without an id was ignored"),
    ]
