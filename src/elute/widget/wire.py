"""Requests in, exactly one reply out: the envelope, its checks and its errors. It knows no session.

An act (:mod:`elute.widget.retries`) that comes twice by one id is done once and answered as before. What is refused is logged by its
name and kind; parameters and messages may hold texts, and are not.
"""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

from elute.errors import EluteError
from elute.plain import plain
from elute.widget.misfit import misfit
from elute.widget.protocol import MESSAGE_LIMIT, REQUESTS
from elute.widget.retries import Reply, Retries, acts

log = logging.getLogger("elute")

Handler = Callable[[dict[str, Any], bytes], tuple[dict[str, Any], bytes | None]]
"""``(params, buffer) -> (result, buffer or None)``."""
Send = Callable[[dict[str, Any], list[bytes]], None]
_ID = re.compile(r"[!-~]{1,80}")


class Refused(Exception):
    """An expected no, with its kind of :data:`~elute.widget.protocol.ERRORS`."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class Wire:
    """Answers each message of the page once.

    Parameters
    ----------
    handlers : mapping of str to callable
        One for each request of the protocol.
    send : callable
        ``(message, buffers)`` to the page.
    """

    def __init__(self, handlers: Mapping[str, Handler], send: Send) -> None:
        missing = set(REQUESTS) ^ set(handlers)
        if missing:
            raise TypeError(f"requests and handlers differ: {sorted(missing)}")
        self._handlers = handlers
        self._send = send
        self._retries = Retries()
        self._text = False

    def receive(self, message: Any, buffers: list[Any]) -> None:
        """Handle one message of the page. Raises nothing but an interrupt: what breaks becomes an error reply."""
        request = message.get("id") if isinstance(message, dict) else None
        if not isinstance(request, str) or not _ID.fullmatch(request):
            log.warning("a message without an id was ignored")
            return
        name = message.get("name")
        if not isinstance(name, str) or not acts(name):
            self._reply(*self._answered(request, message, buffers))
            return
        after = message.get("after")
        if isinstance(after, str) and self._retries.early(after):
            self._reply(*_error(request, name, "early", "What had to come before this has not come yet."))
            return
        if self._retries.begin(request):
            try:
                done = self._answered(request, message, buffers)
            except BaseException:
                # a person's interrupt: the page asks again, and what is in the journal by then is not done twice
                self._retries.forget(request)
                raise
            self._retries.end(request, done)
        reply = self._retries.answer(request)
        if reply is not None:  # else it is in hand on another thread, which answers
            self._reply(*reply)

    def _answered(self, request: str, message: dict[str, Any], buffers: list[Any]) -> Reply:
        told = message.get("name")
        name = told if isinstance(told, str) and told in REQUESTS else "(unknown)"
        try:
            result, buffer = self._answer(message, buffers)
            return {"id": request, "ok": True, "result": plain(result)}, buffer
        except Refused as no:
            return _error(request, name, no.kind, str(no))
        except EluteError as no:
            return _error(request, name, "refused", str(no))
        except Exception as problem:
            # the traceback may hold texts of the user's: its kind and place are enough to find it
            log.error("request %s failed: %s", name, type(problem).__name__)
            why = f"elute could not do this ({type(problem).__name__}).{_unchanged(name)}"
            return {"id": request, "ok": False, "error": {"kind": "failed", "message": why}}, None

    def _answer(self, message: dict[str, Any], buffers: list[Any]) -> tuple[dict[str, Any], bytes | None]:
        name, params = message.get("name"), message.get("params", {})
        if not isinstance(name, str) or name not in REQUESTS:
            raise Refused("unknown", "The page asked for something this version of elute does not know. Reload the page.")
        why = misfit(name, params)
        if why:
            raise Refused("invalid", f"{name}: {why}")
        buffer = self._buffer(name, message.get("data"), buffers)
        if buffer and not REQUESTS[name].buffer_in:
            raise Refused("invalid", f"{name}: no bytes go with this request")
        return self._handlers[name](params, buffer)

    def _buffer(self, name: str, data: Any, buffers: list[Any]) -> bytes:
        """The one buffer of a message; how long it is gets looked at before it is copied."""
        if len(buffers) > 1 or not all(isinstance(buffer, (bytes, bytearray, memoryview)) for buffer in buffers):
            raise Refused("invalid", f"{name}: one buffer goes with a request")
        size = memoryview(buffers[0]).nbytes if buffers else len(data) // 4 * 3 if isinstance(data, str) else 0
        if size > MESSAGE_LIMIT:
            raise Refused("invalid", f"{name}: {size} bytes is more than one message may hold")
        if buffers or not isinstance(data, str):
            return bytes(buffers[0]) if buffers else b""
        try:
            buffer, self._text = base64.b64decode(data, validate=True), True
        except ValueError:
            raise Refused("invalid", f"{name}: data is not base64") from None
        return buffer

    def _reply(self, reply: dict[str, Any], buffer: bytes | None) -> None:
        try:
            if buffer is not None and self._text:
                self._send({**reply, "data": base64.b64encode(buffer).decode()}, [])
            else:
                self._send(reply, [] if buffer is None else [buffer])
        except Exception as problem:  # nobody listens any more: the page asks again once it does
            log.warning("a reply could not be sent: %s", type(problem).__name__)


def _unchanged(name: str) -> str:
    """Of an act that is no decision nobody knows how far it came; a decision that broke is none, or it would have been answered."""
    told = not acts(name) or "decision" in REQUESTS[name].params
    return " Nothing was changed." if told else ""


def _error(request: str, name: str, kind: str, message: str) -> Reply:
    # a page that is behind, or a person who asks for what can't be, is no fault of anybody's
    log.log(logging.WARNING if kind in ("unknown", "invalid") else logging.INFO, "request %s refused: %s", name, kind)
    return {"id": request, "ok": False, "error": {"kind": kind, "message": plain(message)}}, None
