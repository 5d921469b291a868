"""From Shift+Enter to the first frame with every point on the screen, and the bytes that came meanwhile."""

from __future__ import annotations

import base64
from typing import Any

from notebook import Notebook
from page_cells import Tool
from playwright.sync_api import CDPSession

SMALL = 1000
_FIRST = """([there, n]) => Promise.race([
  window.__probe.first((probe) => eval(there)(probe, n)),
  new Promise((then) => setTimeout(then, 240_000, null)),
])"""


def cells(tool: Tool, n: int) -> list[str]:
    """Cell 0 prepares a few points and 3 prepares ``n``; 1 shows what is prepared, and 2 frees it."""
    return [f"{tool.before}\nready = prepare({SMALL})", tool.show, tool.clean, f"ready = prepare({n})"]


def seconds(notebook: Notebook, tool: Tool, n: int, runs: int) -> list[float]:
    """Of each run. A run with few points comes before: it loads what JupyterLab loads once."""
    notebook.run(0, 120)
    once(notebook, tool, SMALL)
    notebook.run(3, 300)
    return [once(notebook, tool, n) for _ in range(runs)]


def once(notebook: Notebook, tool: Tool, n: int) -> float:
    """One run; the page is as before after it."""
    notebook.select(1)
    notebook.page.keyboard.press("Shift+Enter")
    milliseconds = notebook.page.evaluate(_FIRST, [tool.there, n])
    if milliseconds is None:
        raise RuntimeError(f"{tool.name}: {n:,} points were never drawn")
    clear(notebook)
    return float(milliseconds) / 1000


def clear(notebook: Notebook) -> None:
    """Free what a run made, and wait until the page is quiet."""
    notebook.run(2)
    notebook.select(1)
    notebook.page.evaluate("() => window.jupyterapp.commands.execute('notebook:clear-cell-output')")
    notebook.page.wait_for_timeout(300)


class Received:
    """Bytes of all messages that reach the page by web socket, uncompressed."""

    def __init__(self, notebook: Notebook) -> None:
        self.bytes = 0
        self._told: CDPSession = notebook.page.context.new_cdp_session(notebook.page)
        self._told.on("Network.webSocketFrameReceived", self._hear)
        self._told.send("Network.enable")

    def _hear(self, event: dict[str, Any]) -> None:
        frame = event["response"]
        self.bytes += len(base64.b64decode(frame["payloadData"])) if frame["opcode"] == 2 else len(frame["payloadData"])

    def stop(self) -> None:
        """Hear no more."""
        self._told.detach()


def per_point(notebook: Notebook, tool: Tool, n: int) -> float:
    """Bytes a point up to the first frame; what a run with few points takes is a constant, and taken off."""
    seen = []
    notebook.run(0, 120)
    for count in (SMALL, n):
        if count == n:
            notebook.run(3, 300)
        once(notebook, tool, count)
        received = Received(notebook)
        notebook.select(1)
        notebook.page.keyboard.press("Shift+Enter")
        notebook.page.evaluate(_FIRST, [tool.there, count])
        seen.append(received.bytes)
        received.stop()
        clear(notebook)
    return (seen[1] - seen[0]) / (n - SMALL)
