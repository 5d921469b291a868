"""Each message of the page gets exactly one reply; the page's TypeScript is made from the same protocol."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elute.errors import InputError
from elute.plain import plain
from elute.widget.frame import from_bits, quantise, to_bits
from elute.widget.protocol import REQUESTS, misfit, typescript
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
