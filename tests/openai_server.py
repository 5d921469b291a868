"""A real HTTP server on 127.0.0.1 that speaks the OpenAI protocol, with faults on demand.

    with OpenAIServer(chat=lambda body: '{"name": "cards"}') as server:
        server.script(["429", Behaviour("429", seconds=0.3), "ok"])   # the next three requests; after them ``server.default``
        client = openai.OpenAI(base_url=server.base_url, api_key="test")
        ...
        assert server.requests[0]["model"] == "gpt-4o-mini"

``POST /v1/embeddings`` answers :func:`vector_of` each text, so a test can compute every number by itself;
``POST /v1/chat/completions`` answers what ``chat`` returns for the body. The ``openai`` package (v3) stands on its own
fork of httpx, which mocks of httpx don't reach: hence a real server.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

KINDS = (
    "ok",
    "garbage",  # status 200, but the body is a web page
    "truncated",  # embeddings: the JSON body ends in the middle; chat: half the answer, finish_reason "length"
    "nonsense",  # chat: a well-formed reply whose answer is prose, not JSON
    "refusal",  # chat: the model declines; embeddings: 400 as a content filter answers
    "401",  # the key is wrong, and the server repeats it in its message, as real ones do in part
    "403",  # a moderator flagged the input
    "404",  # there is no such model
    "429",  # too many requests; ``seconds`` goes out as Retry-After, no such header where it is None
    "quota",  # 429 that no waiting cures
    "500",
    "hang",  # no answer for ``seconds``, or until the server closes
    "drop",  # the connection is cut before a byte of the answer
    "wrong_count",  # embeddings: one vector too few
    "wrong_dimension",  # embeddings: the last vector is one number short
    "nan",  # embeddings: the first vector holds a NaN
    "reordered",  # embeddings: right, but not in the order of the input; only ``index`` tells
)


@dataclass(frozen=True)
class Behaviour:
    """What one request is answered with: one of ``KINDS``, and for "429" and "hang" a time in seconds."""

    kind: str
    seconds: float | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is none of {KINDS}")


def vector_of(text: str, dimension: int) -> np.ndarray:
    """The vector this server gives a text: ``(dimension,)`` float32 in -1..1, a pure function of both."""
    seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")
    return np.random.default_rng(seed).uniform(-1, 1, dimension).astype(np.float32)


class OpenAIServer:
    """The server as a context manager.

    Parameters
    ----------
    chat : callable, optional
        Body of a chat request -> text of the answer. It runs on the server's threads, several at once.
    dimension : int, default=8
        Length of the embeddings, where the request names none.
    base64 : bool, default=True
        False: answers lists of numbers even where base64 was asked for, as many compatible servers do.

    Attributes
    ----------
    base_url : str
    requests : list of dict
        Parsed bodies, in the order they came; ``paths``, ``headers`` (names in lower case) and ``times`` (``time.monotonic``)
        run along.
    default : Behaviour
        What is done once the script is used up; "ok" at first.
    """

    def __init__(self, chat: Callable[[dict[str, Any]], str] | None = None, *, dimension: int = 8, base64: bool = True) -> None:
        self.chat = chat or (lambda body: "{}")
        self.dimension = dimension
        self.base64 = base64
        self.default = Behaviour("ok")
        self.requests: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.times: list[float] = []
        self.busy = 0
        self.most_busy = 0
        self._script: deque[Behaviour] = deque()
        self._lock = threading.Lock()
        self.closing = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._http.owner = self  # type: ignore[attr-defined]
        self.base_url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def script(self, behaviours: Iterable[str | Behaviour]) -> None:
        """Answer the next requests so, one each; more may be appended at any time."""
        self._script.extend(b if isinstance(b, Behaviour) else Behaviour(b) for b in behaviours)

    def __enter__(self) -> OpenAIServer:
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()  # also joins the threads that still answer
        self._thread.join()

    def received(self, path: str, headers: dict[str, str], body: dict[str, Any]) -> Behaviour:
        """Record a request and say what it is answered with."""
        with self._lock:
            self.requests.append(body)
            self.paths.append(path)
            self.headers.append(headers)
            self.times.append(time.monotonic())
            return self._script.popleft() if self._script else self.default

    def count(self, step: int) -> None:
        """Keep ``most_busy``, the largest number of requests whose answers were being worked out at once."""
        with self._lock:
            self.busy += step
            self.most_busy = max(self.most_busy, self.busy)

    def embeddings(self, body: dict[str, Any], kind: str) -> dict[str, Any]:
        """The reply of ``/v1/embeddings``, wrong in the way ``kind`` says."""
        texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
        dimension = body.get("dimensions") or self.dimension
        vectors = [vector_of(text, dimension) for text in texts]
        if kind == "nan":
            vectors[0][0] = np.nan
        if kind == "wrong_dimension":
            vectors[-1] = vectors[-1][:-1]
        as_base64 = self.base64 and body.get("encoding_format") == "base64"
        data = [
            {
                "object": "embedding",
                "index": i,
                "embedding": base64.b64encode(v.tobytes()).decode() if as_base64 else v.tolist(),
            }
            for i, v in enumerate(vectors)
        ]
        if kind == "wrong_count":
            data.pop()
        if kind == "reordered":
            random.Random(1).shuffle(data)
        tokens = sum(len(text.split()) for text in texts)
        usage = {"prompt_tokens": tokens, "total_tokens": tokens}
        return {"object": "list", "model": body["model"], "data": data, "usage": usage}

    def completion(self, body: dict[str, Any], kind: str) -> dict[str, Any]:
        """The reply of ``/v1/chat/completions``, wrong in the way ``kind`` says."""
        message: dict[str, Any] = {"role": "assistant", "content": None, "refusal": None}
        finish = "stop"
        if kind == "refusal":
            message["refusal"] = "I can't help with that."
        elif kind == "nonsense":
            message["content"] = "Sure! Here is what I think about these texts."
        else:
            answer = self.chat(body)
            message["content"] = answer[: len(answer) // 2] if kind == "truncated" else answer
            finish = "length" if kind == "truncated" else "stop"
        return {
            "id": f"chatcmpl-{len(self.requests)}",
            "object": "chat.completion",
            "created": 1,
            "model": body["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": finish, "logprobs": None}],
            "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
        }


Reply = tuple[int, bytes, dict[str, str]]  # status, body, headers


def error(status: int, message: str, code: str, headers: dict[str, str] | None = None, *, param: str | None = None) -> Reply:
    """An error as the protocol words it; ``param`` is the parameter at fault."""
    body = {"error": {"message": message, "type": code, "code": code, "param": param}}
    return status, json.dumps(body).encode(), headers or {}


class Handler(BaseHTTPRequestHandler):
    # Each answer closes its connection (HTTP/1.0, the default here), so no thread or socket outlives its test.

    def do_POST(self) -> None:
        owner: OpenAIServer = self.server.owner  # type: ignore[attr-defined]
        owner.count(+1)
        try:
            reply = self.reply(owner, json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        finally:
            owner.count(-1)  # before a byte of it is written: whoever has it may already be asking again
        try:
            if reply is None:
                self.connection.shutdown(socket.SHUT_RDWR)
            else:
                self._send(*reply)
        except OSError:
            pass  # the client gave up waiting: what a test of timeouts and cancel provokes

    def reply(self, owner: OpenAIServer, body: dict[str, Any]) -> Reply | None:
        """What a request is answered with, None where the connection is cut instead."""
        behaviour = owner.received(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
        kind, seconds = behaviour.kind, behaviour.seconds
        chat = self.path == "/v1/chat/completions"
        if not chat and self.path != "/v1/embeddings":
            return error(404, f"no such path {self.path}", "invalid_request_error")
        if kind == "hang":
            owner.closing.wait(seconds)
            return None
        if kind == "drop":
            return None
        if kind == "429":
            retry = {} if seconds is None else {"Retry-After": f"{seconds:g}"}
            return error(429, "Rate limit reached", "rate_limit_exceeded", retry)
        if kind == "quota":
            return error(429, "You exceeded your current quota", "insufficient_quota")
        if kind == "500":
            return error(500, "The server had an error", "server_error")
        if kind == "401":
            return error(401, f"Incorrect API key provided: {self.headers['Authorization']}", "invalid_api_key")
        if kind == "403":
            return error(403, "Your chosen model requires moderation and your input was flagged", "403")
        if kind == "404":
            return error(404, f"The model `{body['model']}` does not exist", "model_not_found")
        if kind == "refusal" and not chat:
            return error(400, "The input was flagged", "content_filter")
        if kind == "garbage":
            return 200, b"<html><body>Bad gateway</body></html>", {"Content-Type": "text/html"}
        reply = json.dumps(owner.completion(body, kind) if chat else owner.embeddings(body, kind)).encode()
        cut = kind == "truncated" and not chat
        return 200, reply[: len(reply) // 2] if cut else reply, {}

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Tests read ``requests``; a line a request on stderr would only be noise."""
