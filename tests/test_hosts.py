"""What hosts do on Python's side, with stand-ins: kinds of buffers, missing state, no thread, no event of a display."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest

import elute
from elute.widget.protocol import PROTOCOL

TEXTS = [f"{word} number {at}" for word in ("quokka", "bramble", "cassock") for at in range(8)]


def made(**how: Any) -> elute.Widget:
    vectors = np.eye(3).repeat(8, axis=0) + 0.01 * np.random.default_rng(0).standard_normal((24, 3))
    return elute.Widget(TEXTS, embedder=vectors, clusterer=elute.KMeans(3), projector="pca", **how)


@pytest.fixture
def asked(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """``asked(widget, name, params, buffers=...)``: one message through ipywidgets' own dispatch; the reply with its buffers."""
    monkeypatch.setenv("ELUTE_HOME", str(tmp_path))

    def ask(w: elute.Widget, name: str, params: dict[str, Any], buffers: list[Any] | None = None, **more: Any) -> Any:
        replies: list[Any] = []
        w.send = lambda content, buffers=None: replies.append((json.loads(json.dumps(content)), buffers or []))
        message = {"id": f"{name}.{id(params)}", "name": name, "params": params, **more}
        w._handle_msg({"content": {"data": {"method": "custom", "content": message}}, "buffers": buffers or []})
        assert len(replies) == 1
        return replies[0]

    return ask


BITS = np.packbits(np.arange(24) < 9, bitorder="little").tobytes()
KINDS = {
    "JupyterLab": memoryview,
    "marimo": lambda bits: memoryview(bytearray(bits)),
    "VS Code": bytes,
    "Colab": bytearray,
    "a slice of a message": lambda bits: memoryview(b"head" + bits + b"tail")[4:-4],
}


@pytest.mark.parametrize("host", KINDS)
def test_a_mask_arrives_in_any_kind_of_buffer(asked: Any, host: str) -> None:
    w = made()
    reply, _ = asked(w, "select", {}, [KINDS[host](BITS)])
    assert reply["ok"] and w.selected.tolist() == [True] * 9 + [False] * 15
    reply, buffers = asked(w, "selection", {})
    assert [bytes(buffer) for buffer in buffers] == [BITS]
    w.close()


def test_a_host_that_loses_buffers_gets_text_both_ways(asked: Any) -> None:
    w = made()
    hello, _ = asked(w, "hello", {"protocol": PROTOCOL}, [])
    assert hello["result"]["echoed"] is False  # the page hears it, and turns to text
    reply, _ = asked(w, "select", {}, data=base64.b64encode(BITS).decode())
    assert reply["ok"] and w.selected.sum() == 9
    reply, buffers = asked(w, "selection", {})
    assert base64.b64decode(reply["data"]) == BITS and buffers == []
    w.close()


def test_a_host_that_never_displays_by_mimebundle_gets_its_round(asked: Any) -> None:
    w = made()
    assert not w.session.rounds
    asked(w, "hello", {"protocol": PROTOCOL}, [memoryview(b"\x00\x7f\x80\xff")])
    assert w.wait(60) and w.session.round is not None
    w.close()


def test_decisions_come_back_where_a_host_keeps_no_state_of_widgets(asked: Any) -> None:
    first = made()
    first.drop(np.arange(24) < 5)
    kept = first.keep.tolist()
    first.close()
    again = made()
    assert again.keep.tolist() == kept and sum(kept) == 19
    again.close()


def test_a_host_that_can_start_no_thread_still_gets_a_round(asked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class None_:
        def __init__(self, *args: Any, **how: Any) -> None: ...

        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    w = made()
    monkeypatch.setattr("elute.jobs.threading.Thread", None_)
    w.start()
    assert w.wait(60)
    monkeypatch.undo()
    assert w.session.round is not None
    w.close()


def test_what_a_host_sees_of_the_widget_holds_no_text_and_is_small(asked: Any) -> None:
    w = made()
    w.start()
    assert w.wait(60)
    told = {name: value for name, value in w.get_state().items() if name not in ("_esm", "_css")}
    said = json.dumps(told, default=str)
    assert len(said) < 4_000 and not any(text in said for text in ("quokka", "bramble", "cassock"))
    w.close()
