"""A server on this machine that speaks the OpenAI protocol and answers by rules: a stand-in for llama.cpp, Ollama or vLLM.

    with LocalServer() as server:
        analyst = elute.OpenAIAnalyst("rules", base_url=server.base_url)

It names a group by its words and would drop what is written in very unusual words. To have a real model answer, start one and give its
address instead: nothing else in the notebook changes.
"""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

DROP, UNSURE = 5.0, 3.0
"""Standard deviations above the median group from which words are very unusual, and unusual."""


class LocalServer:
    """Serves ``/v1/chat/completions`` on a free port of 127.0.0.1 while the block lasts, or from ``start`` to ``close``.

    ``heard`` holds the messages of each request, in their order, and ``calls`` counts them.
    """

    def __init__(self) -> None:
        self.heard: list[list[dict[str, str]]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"home": self}))
        self.base_url = f"http://127.0.0.1:{self._server.server_port}/v1"

    @property
    def calls(self) -> int:
        return len(self.heard)

    def start(self) -> LocalServer:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __enter__(self) -> LocalServer:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    home: LocalServer

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.home.heard.append(asked["messages"])
        said = json.dumps(
            {"choices": [_choice(answer(asked))], "id": "local", "model": "rules", "object": "chat.completion"}
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """No line for each request."""


def _choice(told: dict[str, Any]) -> dict[str, Any]:
    return {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": json.dumps(told)}}


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """What the rules say to one request: fields as its schema wants them."""
    fields = asked["response_format"]["json_schema"]["schema"]["properties"]
    told = asked["messages"][-1]["content"]
    unusual = re.search(r"unusual words.*: (-?[\d.]+)", told)
    far = float(unusual[1]) if unusual else 0.0
    words = re.search(r"Words that set it apart:\n<data-\w+>\n(.*)", told)
    name = " ".join(words[1].split(", ")[:2]) if words else "a group"
    verdict = "drop" if far >= DROP else "unsure" if far >= UNSURE else "keep"
    reasons = [f"its words are {far:.1f} standard deviations from the usual"]
    known = {
        "name": name, "summary": f"Texts about {name}.", "verdict": verdict, "reasons": reasons, "quality": max(0.0, 1 - far / 10),
        "confidence": 0.6, "trim": [], "what": f"Texts about {name}.", "belongs": "no" if verdict == "drop" else "yes",
        "more_or_fewer": "same", "suggested": None, "reason": "the rules see no reason", "merge": [], "split": [],
        "imbalance": "The rules don't look at sizes.", "next": "Look at the groups in unusual words.",
    }  # fmt: skip
    return {field: known.get(field, "The rules have nothing to say of it.") for field in fields}
