"""The parent's side: start the helper, ask it, follow it, kill it."""

from __future__ import annotations

import atexit
import contextlib
import os
import queue
import site
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from elute import errors
from elute.offload import shared
from elute.offload.target import run
from elute.offload.wire import Arrays, receive, send
from elute.progress import SILENT, Progress

POLL = 0.02  # seconds between questions whether to stop
DYING = 1.0  # seconds in which a helper that can't be read any more has ended, if it did

_Message = tuple[dict[str, Any], Arrays]
_Answers = queue.SimpleQueue[_Message | Exception]
_Result = tuple[Arrays, dict[str, Any]]


class CannotStart(Exception):
    """No process can be started here, so the caller works inline."""


class Helper:
    """One helper process, started when first needed. Calls from several threads take turns."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None  # for large arrays
        self._log: Any = None  # what the helper prints; read only when it dies
        self._ready = False
        self._warmed = ""

    def call(
        self,
        target: str,
        arrays: Mapping[str, np.ndarray[Any, Any]],
        params: Mapping[str, Any],
        progress: Progress,
        inline: bool = True,
    ) -> _Result:
        """See :func:`call`. Without ``inline`` it raises ``CannotStart`` where no process can be started."""
        with self._my_turn(progress):
            try:
                header, results = self._follow(self._alive(), {"target": target, "params": dict(params)}, arrays, progress)
            except CannotStart:
                self.stop()
                if not inline:
                    raise
                return run(target, arrays, params, progress)
            except BaseException as error:  # a cancel, an interrupt, a crash: what the helper does now is of no use to anyone
                self.stop()
                if self._warmed and isinstance(error, errors.Cancelled):
                    self.warm(self._warmed)
                raise
        if header["kind"] == "error":
            raise _as_error(header)
        return results, header["results"]

    def warm(self, target: str) -> None:
        """Call ``target`` in the background, and again whenever a cancel killed the helper. Asked for twice, it is done once."""
        if self._warmed == target and self._process is not None:
            return
        self._warmed = target

        def background() -> None:
            with contextlib.suppress(Exception):  # whoever really needs the target meets the same error, and is told
                self.call(target, {}, {}, SILENT, inline=False)

        with contextlib.suppress(RuntimeError):  # no threads on this platform
            threading.Thread(target=background, name="elute-warm", daemon=True).start()

    def stop(self) -> None:
        """Kill the helper, if there is one. The next call starts another."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError, AttributeError):
                    pipe.close()  # type: ignore[union-attr]
        if self._line is not None:
            self._line.close()
            self._line = None
        if self._log is not None:
            self._log.close()
            self._log = None

    @contextlib.contextmanager
    def _my_turn(self, progress: Progress) -> Iterator[None]:
        while not self._turn.acquire(timeout=POLL):
            progress.check()
        try:
            yield
        finally:
            self._turn.release()

    def _alive(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.stop()
        if not sys.executable:
            raise CannotStart
        self._ready = False
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
        self._line, theirs = shared.line() or (None, None)
        try:
            self._process = _start(self._log, theirs)
        except OSError as error:
            raise CannotStart from error
        finally:
            if theirs is not None:
                theirs.close()
        return self._process

    def _follow(
        self, process: subprocess.Popen[bytes], request: dict[str, Any], arrays: Mapping[str, Any], progress: Progress
    ) -> _Message:
        """Send the request and pass progress on until the answer is there."""
        answers: _Answers = queue.SimpleQueue()
        try:
            threading.Thread(target=_exchange, args=(process, self._line, request, arrays, answers), daemon=True).start()
        except RuntimeError as error:
            raise CannotStart from error
        while True:
            progress.check()
            try:
                answer = answers.get(timeout=POLL)
            except queue.Empty:
                continue
            if isinstance(answer, Exception):
                if not self._ready:
                    raise CannotStart from answer
                raise RuntimeError(self._last_words(process, request["target"], answer)) from answer
            kind = answer[0]["kind"]
            if kind == "ready":
                self._ready = True
            elif kind == "progress":
                progress.report(*answer[0]["report"])
            else:
                return answer

    def _last_words(self, process: subprocess.Popen[bytes], target: str, error: Exception) -> str:
        try:
            code = process.wait(DYING)
        except subprocess.TimeoutExpired:  # it lives, so it is this process that lacks something; who asked kills it
            why = str(error) or "memory ran out"
            return f"The answer of the helper process could not be read in {target} ({why}). Try again: it is started anew."
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").strip().splitlines() or ["it said nothing"]
        hint = " Perhaps memory ran out." if code == -9 else ""
        return f"The helper process ended (exit code {code}) in {target}.{hint} Its last line: {lines[-1]}"


def _start(log: Any, line: socket.socket | None) -> subprocess.Popen[bytes]:
    handed = [] if line is None else [line.fileno()]
    return subprocess.Popen(
        # -P: a numba.py in the notebook's folder must not be imported
        [sys.executable, "-P", "-m", "elute.offload", *map(str, handed)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        env=_environment(),
        pass_fds=handed,
        start_new_session=True,  # Jupyter's interrupt goes to the whole group; the parent decides what it means
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _exchange(
    process: subprocess.Popen[bytes],
    line: socket.socket | None,
    request: dict[str, Any],
    arrays: Mapping[str, Any],
    answers: _Answers,
) -> None:
    """Write and read on a thread of its own, so that whoever waits can be told to stop. It ends with an answer, whatever happens."""
    assert process.stdin is not None and process.stdout is not None
    try:
        send(process.stdin, request, arrays, line)
        while True:
            answer = receive(process.stdout, line)
            answers.put(answer)
            if answer[0]["kind"] in ("done", "error"):
                return
    except TypeError as error:  # found before anything was sent, so the helper is well
        answers.put(({"kind": "error", "type": "", "message": f"TypeError: {error}"}, {}))
    except Exception as error:  # it died, a stop closed the pipe, or this process has no memory or no descriptor for the answer
        answers.put(error.with_traceback(None))  # which would keep the arrays alive


def _environment() -> dict[str, str]:
    """The helper finds the same elute as its parent, also one that was put on ``sys.path`` by hand."""
    root = str(Path(__file__).resolve().parents[2])
    installed = [*site.getsitepackages(), site.getusersitepackages()]
    paths = [*([] if root in installed else [root]), *filter(None, [os.environ.get("PYTHONPATH")])]
    # Two OpenMP threads that spin while they wait for each other made t-SNE six times slower on two busy cores.
    return {"OMP_WAIT_POLICY": "PASSIVE", **os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONWARNINGS": "ignore"}


def _as_error(header: dict[str, Any]) -> Exception:
    kind = getattr(errors, header["type"], None) if header["type"] else None
    if kind is None:
        return RuntimeError(header["message"])
    error: Exception = kind.__new__(kind, header["message"])  # not by its __init__: some take other things than the message
    error.__dict__.update(header["state"])
    return error


_HELPER, _ASIDE = Helper(), Helper()
atexit.register(lambda: _HELPER.stop())
atexit.register(lambda: _ASIDE.stop())


def _forget() -> None:
    """A forked child must not speak on its parent's pipes."""
    global _HELPER, _ASIDE
    _HELPER, _ASIDE = Helper(), Helper()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def call(
    target: str, arrays: Mapping[str, np.ndarray[Any, Any]], params: Mapping[str, Any], progress: Progress = SILENT
) -> _Result:
    """Run a function of elute in the helper process, and wait for it.

    Parameters
    ----------
    target : str
        ``"module:function"`` inside elute; the function takes ``(arrays, params, progress)`` and returns ``(arrays, results)``.
    arrays : mapping of str to ndarray
        Booleans, integers or floats of any shape. Those of a megabyte and more are copied once, into memory that both processes
        see; the function may write into them, and its writing stays there.
    params : mapping
        JSON values.
    progress : Progress
        Given the function's reports; its cancel kills the helper within 50 ms.

    Returns
    -------
    arrays : dict of str to ndarray
    results : dict
        JSON values.

    Raises
    ------
    EluteError
        The same one that the function raised.
    RuntimeError
        Any other error, with its last line; or the helper died, with its last words; or its answer had no room here.
    """
    return _HELPER.call(target, arrays, params, progress)


def aside(
    target: str, arrays: Mapping[str, np.ndarray[Any, Any]], params: Mapping[str, Any], progress: Progress = SILENT
) -> _Result:
    """The same in a second helper, for what a person waits for while the first is busy for minutes; never in this process.

    Raises
    ------
    CannotStart
        No process can be started here.
    """
    return _ASIDE.call(target, arrays, params, progress, inline=False)


def warm(target: str = "elute.project.umap:warm") -> None:
    """Start the helper and let it compile UMAP in the background, so that the first layout need not wait for that."""
    _HELPER.warm(target)
