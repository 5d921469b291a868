"""A JupyterLab server with nothing of the person's in it: own folders, own port, no pop-ups."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat

HERE = Path(__file__).parent
START = 90.0  # seconds; a cold start on a busy machine takes 15


class Lab:
    """One server, running.

    Parameters
    ----------
    folder : Path
        Everything goes below it: configuration, runtime files, and ``work`` with one folder a notebook.
    """

    def __init__(self, folder: Path) -> None:
        self.work = folder / "work"
        config = folder / "config"
        for made in (self.work, config / "labconfig"):
            made.mkdir(parents=True)
        (config / "jupyter_server_config.json").write_text(json.dumps(_server(self.work)))
        (config / "labconfig" / "default_setting_overrides.json").write_text(json.dumps(_SETTINGS))
        env = {
            **os.environ,
            "JUPYTER_CONFIG_DIR": str(config),
            "JUPYTER_DATA_DIR": str(folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
            "IPYTHONDIR": str(folder / "ipython"),
            "ELUTE_HOME": ".elute",  # relative: each notebook has a journal and a cache beside it
            "PYTHONPATH": os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH")])),
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }
        self._later = ThreadPoolExecutor(1)
        self._log = (folder / "lab.log").open("wb")
        command = [sys.executable, "-m", "jupyterlab"]
        self._process = subprocess.Popen(command, cwd=self.work, env=env, stdout=self._log, stderr=subprocess.STDOUT)
        self.url = self._await(folder)

    def _await(self, folder: Path) -> str:
        """The server's address, once it answers."""
        told = folder / "runtime" / f"jpserver-{self._process.pid}.json"
        end = time.monotonic() + START
        while time.monotonic() < end and self._process.poll() is None:
            try:
                url = str(json.loads(told.read_text())["url"])
                urllib.request.urlopen(f"{url}api", timeout=2).close()
                return url
            except (OSError, ValueError):
                time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"JupyterLab did not start:\n{(folder / 'lab.log').read_text()[-2000:]}")

    def write(self, name: str, cells: Sequence[str]) -> Path:
        """A notebook of code cells in a folder of its own; an empty one ends it, or running the last would add one."""
        path = self.work / name / "notebook.ipynb"
        path.parent.mkdir()
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in [*cells, ""]])
        book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
        nbformat.write(book, path)
        return path

    def start_kernel(self, path: Path) -> str:
        """Start a notebook's kernel before anybody opens it: both take seconds, and this way they take them together."""
        told = {"path": str(path.relative_to(self.work)), "name": path.name, "type": "notebook", "kernel": {"name": "python3"}}
        return str(self._ask("POST", "sessions", told)["id"])

    def stop_kernel(self, session: str) -> None:
        """End a notebook's kernel, while the next test begins."""
        self._later.submit(self._ask, "DELETE", f"sessions/{session}")

    def _ask(self, method: str, what: str, told: Any = None) -> Any:
        body = None if told is None else json.dumps(told).encode()
        request = urllib.request.Request(f"{self.url}api/{what}", body, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            said = answer.read()
        return json.loads(said) if said else None

    def stop(self) -> None:
        """End the server and its kernels."""
        self._later.shutdown()
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()


def _server(work: Path) -> dict[str, Any]:
    return {
        "ServerApp": {
            "allow_root": True, "disable_check_xsrf": True, "ip": "127.0.0.1", "open_browser": False, "port": 0,
            "root_dir": str(work),
        },
        "IdentityProvider": {"token": ""},
        "LabApp": {"expose_app_in_browser": True, "news_url": None, "check_for_updates_class": "jupyterlab.NeverCheckForUpdate"},
    }  # fmt: skip


_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"checkForUpdates": False, "fetchNews": "false"},
    "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True},
}
