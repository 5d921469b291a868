"""Requests in, exactly one reply out: the envelope, its checks and its errors. It knows no session."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Mapping
from typing import Any

from elute.errors import EluteError
from elute.plain import plain
from elute.widget.protocol import MESSAGE_LIMIT, REQUESTS, misfit

log = logging.getLogger("elute")

Handler = Callable[[dict[str, Any], bytes], tuple[dict[str, Any], bytes | None]]
"""``(params, buffer) -> (result, buffer or None)``."""
Send = Callable[[dict[str, Any], list[bytes]], None]


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
        self._text = False

    def receive(self, message: Any, buffers: list[Any]) -> None:
        """Handle one message of the page. Never raises: what breaks becomes an error reply."""
        request = message.get("id") if isinstance(message, dict) else None
        if not isinstance(request, str) or not 0 < len(request) <= 80:
            log.warning("a message without an id was ignored")
            return
        try:
            result, buffer = self._answer(message, buffers)
            reply = {"id": request, "ok": True, "result": plain(result)}
            self._reply(reply, buffer)
        except Refused as no:
            self._error(request, no.kind, str(no))
        except EluteError as no:
            self._error(request, "refused", str(no))
        except Exception as problem:
            # the traceback may hold texts of the user's: its kind and place are enough to find it
            log.error("request %s failed: %s", message.get("name"), type(problem).__name__)
            self._error(request, "failed", f"elute could not do this ({type(problem).__name__}). Nothing was changed.")

    def _answer(self, message: dict[str, Any], buffers: list[Any]) -> tuple[dict[str, Any], bytes | None]:
        name, params = message.get("name"), message.get("params", {})
        if not isinstance(name, str) or name not in REQUESTS:
            raise Refused("unknown", "The page asked for something this version of elute does not know. Reload the page.")
        why = misfit(name, params)
        if why:
            raise Refused("invalid", f"{name}: {why}")
        buffer = bytes(buffers[0]) if buffers else b""
        if not buffers and isinstance(message.get("data"), str):
            try:
                buffer, self._text = base64.b64decode(message["data"], validate=True), True
            except ValueError:
                raise Refused("invalid", f"{name}: data is not base64") from None
        if len(buffer) > MESSAGE_LIMIT:
            raise Refused("invalid", f"{name}: {len(buffer)} bytes is more than one message may hold")
        return self._handlers[name](params, buffer)

    def _reply(self, reply: dict[str, Any], buffer: bytes | None) -> None:
        if buffer is not None and self._text:
            self._send({**reply, "data": base64.b64encode(buffer).decode()}, [])
        else:
            self._send(reply, [] if buffer is None else [buffer])

    def _error(self, request: str, kind: str, message: str) -> None:
        self._send({"id": request, "ok": False, "error": {"kind": kind, "message": message}}, [])
