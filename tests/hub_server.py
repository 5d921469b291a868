"""A small Hugging Face hub on this machine: one repository, as the hub's own client asks for it, as slowly as a test wants."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

SHA = "0123456789abcdef0123456789abcdef01234567"
PIECE = 1 << 16


class Hub(ThreadingHTTPServer):
    """Serves the files of a folder as ``repo``.

    Parameters
    ----------
    repo : str
    folder : Path
    rate : float
        Bytes a second of files that are larger than a piece of 64 KB.
    stalls_at : int, optional
        Bytes after which a large file goes on no more.

    Attributes
    ----------
    sent : dict
        Bytes of each file that went out.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, repo: str, folder: Path, rate: float = 1e12, stalls_at: int | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.repo, self.folder, self.rate, self.stalls_at = repo, folder, rate, stalls_at
        self.sent: dict[str, int] = {}
        self.files = {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*")) if path.is_file()}
        self.closing = threading.Event()

    def __enter__(self) -> Hub:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *how: Any) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, *said: Any) -> None:
        return

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        hub, path = self.server, self.path.split("?")[0]
        api, file = f"/api/models/{hub.repo}", f"/{hub.repo}/resolve/"
        if path.startswith(f"{api}/tree/"):
            self._json(
                [{"type": "file", "path": name, "size": p.stat().st_size, "oid": _digest(p)} for name, p in hub.files.items()]
            )
        elif path == api or path.startswith(f"{api}/revision/"):
            siblings = [{"rfilename": name, "size": p.stat().st_size, "blobId": _digest(p)} for name, p in hub.files.items()]
            self._json({"id": hub.repo, "modelId": hub.repo, "sha": SHA, "siblings": siblings, "tags": [], "private": False})
        elif path.startswith(file) and (name := path.removeprefix(file).split("/", 1)[1]) in hub.files:
            self._file(name)
        else:
            wrong = "EntryNotFound" if path.startswith(file) else "RepoNotFound"
            self._head(404, 0, {"X-Error-Code": wrong, "X-Repo-Commit": SHA})

    def _json(self, said: Any) -> None:
        body = json.dumps(said).encode()
        self._head(200, len(body), {"Content-Type": "application/json"})
        if self.command == "GET":
            self.wfile.write(body)

    def _file(self, name: str) -> None:
        data = self.server.files[name].read_bytes()
        wanted = self.headers.get("Range", "")
        begin = int(wanted.removeprefix("bytes=").split("-")[0]) if wanted else 0
        more = {"ETag": f'"{_digest(self.server.files[name])}"', "X-Repo-Commit": SHA, "Accept-Ranges": "bytes"}
        if begin:
            more["Content-Range"] = f"bytes {begin}-{len(data) - 1}/{len(data)}"
        self._head(206 if begin else 200, len(data) - begin, more)
        if self.command != "GET":
            return
        for at in range(begin, len(data), PIECE):
            if self.server.stalls_at is not None and len(data) > self.server.stalls_at <= at:
                self.server.closing.wait(60)
                return
            piece = data[at : at + PIECE]
            try:
                self.wfile.write(piece)
            except OSError:  # the other end went away
                return
            self.server.sent[name] = self.server.sent.get(name, 0) + len(piece)
            if len(data) > PIECE:
                time.sleep(len(piece) / self.server.rate)

    def _head(self, status: int, length: int, more: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(length), **more}.items():
            self.send_header(name, value)
        self.end_headers()


@cache
def _digest(path: Path) -> str:
    return hashlib.sha1(path.read_bytes()).hexdigest()
