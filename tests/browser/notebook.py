"""A notebook in the page: its cells run as a person runs them, and read as the page holds them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as Late
from view import View

PANEL = "window.jupyterapp?.shell.currentWidget"
CELL = f"(i) => {PANEL}.content.widgets[i].model"

# Other cells in a notebook that is open. Running the last would add one, so an empty one ends it.
_REPLACE = f"""(sources) => {{
  const {{ content }} = {PANEL};
  const cells = [...sources, ""].map((source) => ({{ cell_type: "code", source, metadata: {{}} }}));
  const shared = content.model.sharedModel;
  shared.transact(() => {{
    shared.deleteCellRange(0, shared.cells.length);
    shared.insertCells(0, cells);
  }});
}}"""

# Code that no cell shows: what it printed, or its error.
_EXECUTE = f"""async (code) => {{
  const {{ kernel }} = {PANEL}.context.sessionContext.session;
  const future = kernel.requestExecute({{ code, store_history: false, stop_on_error: true }});
  let printed = "";
  future.onIOPub = ({{ header, content }}) => {{ if (header.msg_type === "stream") printed += content.text; }};
  const {{ content }} = await future.done;
  return [printed, content.status === "ok" ? "" : `${{content.ename}}: ${{content.evalue}}`];
}}"""

# The kernel as it was when it had started, but for the modules: widgets closed, names, keys and files gone.
_EMPTY = """import gc, os, shutil, sys
if "ipywidgets" in sys.modules:
    sys.modules["ipywidgets"].Widget.close_all()
for name in [name for name in globals() if not name.startswith("_") and name not in
             ("In", "Out", "exit", "quit", "get_ipython", "open", "gc", "os", "shutil", "sys")]:
    del globals()[name]
Out.clear()
os.environ["ELUTE_HOME"] = ".elute"
os.environ.pop("OPENAI_API_KEY", None)
for place in os.listdir("."):
    if place != "notebook.ipynb":
        shutil.rmtree(place) if os.path.isdir(place) else os.remove(place)
gc.collect()
"""

_BEGAN = f"([i, before]) => {{ const m = ({CELL})(i); return m.executionState === 'running' || m.executionCount !== before }}"


class Notebook:
    """A notebook that is open in JupyterLab.

    Parameters
    ----------
    page : Page
        Without a document; :meth:`open` goes to one.
    url : str
        Of the server.
    path, root : Path
        The notebook's file, and the folder that the server serves.
    """

    def __init__(self, page: Page, url: str, path: Path, root: Path) -> None:
        self.page = page
        self.path = path
        self._address = f"{url}lab/tree/{path.relative_to(root).as_posix()}"
        self.errors: list[str] = []
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self) -> None:
        """Open the notebook in a fresh workspace and wait until its kernel is idle."""
        self.page.goto(f"{self._address}?reset")
        self.ready()

    def reload(self) -> None:
        """Load the page again, as F5 does."""
        self.page.reload()
        self.ready()

    def ready(self) -> None:
        """Wait until the kernel is idle."""
        self.page.wait_for_function(f"{PANEL}?.context?.sessionContext?.session?.kernel?.status === 'idle'", timeout=60_000)
        expect(self.page.locator(".jp-Notebook .jp-Cell").first).to_be_visible()

    def replace(self, cells: Sequence[str]) -> None:
        """Other cells, and nothing left of those that ran: no widget, no name, no journal. The modules stay loaded."""
        self.quietly(_EMPTY)
        self.page.evaluate(_REPLACE, list(cells))
        expect(self.page.locator(".elute")).to_have_count(0)
        expect(self.page.locator(".jp-Notebook .jp-Cell")).to_have_count(len(cells) + 1)
        self.errors.clear()

    def run(self, index: int, timeout: float = 60) -> str:
        """Run a cell by Shift+Enter; its text output. An error in the cell is an AssertionError with its traceback."""
        self.start(index)
        self.page.wait_for_function(f"(i) => ({CELL})(i).executionState === 'idle'", arg=index, timeout=timeout * 1000)
        outputs = self.page.evaluate(f"(i) => ({CELL})(i).outputs.toJSON()", index)
        failed = [f"{output['ename']}: {output['evalue']}" for output in outputs if output["output_type"] == "error"]
        assert not failed, failed
        return "".join(_text(output) for output in outputs).strip()

    def read(self, index: int) -> Any:
        """Run a cell that prints JSON, and read it."""
        return json.loads(self.run(index))

    def quietly(self, code: str) -> str:
        """Run code that no cell shows; what it printed. A cell that runs leaves 1,600 listeners in JupyterLab, with no widget at all."""
        printed, failed = self.page.evaluate(_EXECUTE, code)
        assert not failed, failed
        return str(printed).strip()

    def start(self, index: int) -> None:
        """Press Shift+Enter in a cell; once more where JupyterLab was not listening yet."""
        before = self.page.evaluate(f"(i) => ({CELL})(i).executionCount", index)
        for attempt in range(3):
            self.select(index)
            self.page.keyboard.press("Shift+Enter")
            try:
                self.page.wait_for_function(_BEGAN, arg=[index, before], timeout=3000)
                return
            except Late:
                if attempt == 2:
                    raise

    def select(self, index: int) -> None:
        """Select a cell in command mode, by a click beside it."""
        self.page.locator(".jp-Notebook .jp-Cell").nth(index).locator(".jp-InputPrompt").click()

    def cells(self) -> list[str]:
        """The sources of all cells, as the page holds them."""
        return list(self.page.evaluate(f"() => {PANEL}.content.widgets.map((cell) => cell.model.sharedModel.getSource())"))

    def whole(self) -> tuple[list[Any], int]:
        """All that a stray key could change: cells with type and source, and which one is active."""
        told = "content.widgets.map(({ model }) => [model.id, model.type, model.sharedModel.getSource()])"
        return self.page.evaluate(f"() => {PANEL}.{told}"), self.page.evaluate(f"() => {PANEL}.content.activeCellIndex")

    def save(self) -> str:
        """Save by Ctrl+S; the file's text."""
        self.page.locator(".jp-NotebookPanel-toolbar").first.click(position={"x": 400, "y": 8})
        self.page.keyboard.press("Control+s")
        self.dirty(False)
        return self.path.read_text(encoding="utf-8")

    def dirty(self, wanted: bool) -> None:
        """Wait until the notebook has something to save, or nothing."""
        self.page.wait_for_function(f"(wanted) => {PANEL}.context.model.dirty === wanted", arg=wanted, timeout=20_000)

    def restart(self) -> None:
        """Restart the kernel from the menu."""
        self.page.locator(".lm-MenuBar-itemLabel", has_text="Kernel").click()
        self.page.locator(".lm-Menu-itemLabel").get_by_text("Restart Kernel…", exact=True).click()
        self.page.locator(".jp-Dialog .jp-mod-accept").click()
        self.page.wait_for_function(f"{PANEL}.context.sessionContext.session.kernel.status !== 'idle'", timeout=20_000)
        self.ready()

    def view(self, nth: int = 0, drawn: bool = True) -> View:
        """A view of the widget; ``drawn``: wait until a whole round is on the map and nothing runs."""
        view = View(self.page, self.page.locator(".elute").nth(nth))
        return view.wait() if drawn else view


def _text(output: dict[str, Any]) -> str:
    if output["output_type"] == "stream":
        return "".join(output["text"])
    return "".join(output.get("data", {}).get("text/plain", ""))
