"""A server of another host than JupyterLab, on a port of its own, with nothing of the person's in it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
START = 90.0  # seconds


@contextmanager
def served(folder: Path, package: Path, command: Sequence[str], **env: str) -> Iterator[str]:
    """The address of what ``command`` serves, once it answers; ``{port}`` in it is a free port.

    ``package`` holds the host's own packages, and ``folder`` is where it works: settings, caches and the journal go below it.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    paths = [str(package), str(HERE), os.environ.get("PYTHONPATH", "")]
    places = {name: str(folder / "own") for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME")}
    jupyter = {
        name: str(folder / "own") for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    }
    told = {
        **os.environ, **places, **jupyter, "ELUTE_HOME": str(folder / "elute"), "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, paths)), **env,
    }  # fmt: skip
    with (folder / "server.log").open("wb") as log:
        run = [sys.executable, *(part.format(port=port) for part in command)]
        process = subprocess.Popen(run, cwd=folder, env=told, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield _answering(process, f"http://127.0.0.1:{port}/", folder / "server.log")
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answering(process: subprocess.Popen[bytes], url: str, log: Path) -> str:
    """The address, once anything answers there: a page that does not exist is an answer too, and costs the server nothing."""
    end = time.monotonic() + START
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"{url}not-there", timeout=2).close()
            return url
        except urllib.error.HTTPError as answer:
            answer.close()
            return url
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{' '.join(map(str, process.args[1:4]))} did not start:\n{log.read_text()[-2000:]}")  # type: ignore[index]
