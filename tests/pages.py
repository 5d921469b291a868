"""A page without a browser: it asks as the real one does, and keeps all that it is sent."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd

import elute
from elute.widget.frame import from_bits
from elute.widget.protocol import MESSAGE_LIMIT

WORDS = {
    "cards": "my card was declined at the shop again and the bank said nothing about the card".split(),
    "cats": "the grey cat sleeps on the warm roof while another cat hunts mice in the garden".split(),
    "rain": "heavy rain and strong wind are expected tomorrow with storms along the coast".split(),
}


def table(each: int = 20) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    rows = [(" ".join(rng.choice(words, 9)), topic) for topic, words in WORDS.items() for _ in range(each)]
    return pd.DataFrame(rows, columns=["text", "topic"])


class Page:
    """Stands where the page is: asks as it does, and keeps all that it is sent."""

    def __init__(self, widget: elute.Widget) -> None:
        self.widget = widget
        self.sent: list[dict[str, Any]] = []
        self.asked: set[str] = set()
        self.statuses: list[dict[str, Any]] = []
        self._buffers: dict[str, bytes] = {}
        widget.send = self._take
        widget.observe(lambda change: self.statuses.append(change["new"]), "status")

    def _take(self, message: dict[str, Any], buffers: list[bytes]) -> None:
        json.dumps(message, ensure_ascii=False, allow_nan=False).encode()  # as Jupyter packs it
        assert sum(map(len, buffers)) <= MESSAGE_LIMIT
        self.sent.append(message)
        self._buffers[message["id"]] = buffers[0] if buffers else b""

    def ask(self, name: str, buffer: bytes | None = None, /, **params: Any) -> tuple[dict[str, Any], bytes]:
        """Result and buffer of a request that is answered."""
        reply = self.reply(name, buffer, **params)
        assert reply["ok"], reply
        return reply["result"], self._buffers[reply["id"]]

    def reply(self, name: str, buffer: bytes | None = None, /, **params: Any) -> dict[str, Any]:
        self.asked.add(name)
        number = f"{name}-{len(self.sent)}"
        before = len(self.sent)
        # the buffers of Jupyter are memoryviews
        self.widget._handle_custom_msg(
            {"id": number, "name": name, "params": params}, [] if buffer is None else [memoryview(buffer)]
        )
        new = [message for message in self.sent[before:] if message["id"] == number]
        assert len(new) == 1, "a request has exactly one reply"
        return new[0]

    def refused(self, name: str, buffer: bytes | None = None, /, **params: Any) -> str:
        """Kind of the error of a request that is refused."""
        reply = self.reply(name, buffer, **params)
        assert not reply["ok"], reply
        return str(reply["error"]["kind"])

    def wait(self) -> dict[str, Any]:
        """The state once nothing runs."""
        assert self.widget.wait(60)
        assert not self.widget.status["busy"]
        return self.ask("state")[0]

    def answer(self, granted: bool) -> dict[str, str]:
        """Answer the question that is shown; what was asked for whom."""
        asked = self.ask("state")[0]["consent"]
        told = {"provider": asked["provider"], "purpose": asked["purpose"]}
        self.ask("consent", granted=granted, **told)
        return told

    def mask(self, name: str) -> list[bool]:
        return from_bits(self.ask(name)[1], len(self.widget.session.corpus)).tolist()
