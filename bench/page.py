"""The page in a real JupyterLab: every bound that it sets itself, against what people use instead, in one run.

    python bench/page.py [part ...] [--runs 5] [--quick]

Parts: first, turn, lasso, select, bytes, flat; all of them if none is named. Prints a Markdown table and writes bench/page.json.
``--quick`` takes a tenth of the points and two runs, to see that it works. Needs jupyter-scatter: ``pip install -e '.[bench]'``.

Everything runs in Debian's Chromium without a graphics card, the points are there before, and each tool shows them in a cell that makes
a widget and nothing else. **First frame** is the same for all: from the key that runs the cell, Shift+Enter, until the draw calls of one
frame hold every point (elute's own drawer for machines without a card has no draw calls: until its root says that the whole round is on
the map), then two animation frames more, and then until a pixel read back says that the graphics process has done all of it. A run with
1,000 points comes before, which loads what JupyterLab loads once; the median of the runs after it counts, and its range is told.

**Frame while turning**: a pointer drags the map a step a frame; from one animation frame to the next, the middle of 60, and the script's
time in it. **Lasso**: from the pointer's release on the page to the selection that ``session.listen`` hears of in Python, by the clock
of the one machine. **Selection**: rows that the page and numpy (float64, by the camera and polygon that go with the selection) judge
otherwise although they are farther than 0.01 px from an edge. **Flat**: counted after garbage was collected; what as many runs of a
cell with an equally big widget that does nothing leave in JupyterLab is taken off.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "tests" / "browser"))

import card  # noqa: E402
import census  # noqa: E402
import page_first  # noqa: E402
from conftest import WIDE, a_notebook, launch  # noqa: E402
from lab import Lab  # noqa: E402
from line import Line  # noqa: E402
from notebook import Notebook  # noqa: E402
from page_cells import ELUTE, JSCATTER, PLOTLY, Tool  # noqa: E402
from page_lines import at_most, share, told  # noqa: E402
from page_select import disagreements  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402

PROBE = (HERE / "page_probe.js").read_text(encoding="utf-8")
NO_CARD = ["--disable-gpu", "--enable-unsafe-swiftshader"]
"""As Chromium runs where there is no graphics card: it puts pages together itself, and draws WebGL in software."""
FEW, MANY = 100_000, 1_000_000
HEARD = """heard = []
ready.listen(lambda kind: heard.append(1000 * time.time()) if kind == "select" else None)"""
IDLE = """import anywidget, elute
class Idle(anywidget.AnyWidget):
    _esm = "export default { render() {} }; // " + "x" * len(elute.Widget._esm)
    _css = "/* " + "x" * len(elute.Widget._css) + " */"
"""
"""A widget of the same size that does nothing: JupyterLab keeps the model of each cell run, and leaves some nodes of its own."""
AGAIN = "w = elute.Widget([f'text {row}' for row in range(2000)], embedder=made(2000)[1], clusterer=elute.KMeans(20), projector='pca')\nw"


@dataclass
class Desk:
    """A JupyterLab and a browser, and how much is measured."""

    lab: Lab
    browser: Browser
    runs: int
    few: int
    many: int
    opened: int = 0

    @contextmanager
    def notebook(self, cells: list[str], script: str = "", scale: float = 1) -> Iterator[Notebook]:
        """A notebook in a context of its own, where the probe runs first."""
        self.opened += 1
        context = self.browser.new_context(viewport=WIDE, device_scale_factor=scale)
        with a_notebook(self.lab, context, f"page-{self.opened}", cells, script + PROBE + census.SCRIPT) as notebook:
            yield notebook
        context.close()

    @contextmanager
    def shown(self, n: int, *more: str, script: str = "", scale: float = 1) -> Iterator[Notebook]:
        """elute shows n points in cell 1; further cells are 2, 3, ..."""
        with self.notebook([f"{ELUTE.before}\nready = prepare({n})", ELUTE.show, *more], script, scale) as notebook:
            notebook.run(0, 300)
            notebook.run(1, 300)
            notebook.view().wait(300)
            notebook.page.wait_for_timeout(1500)
            yield notebook


def first(desk: Desk) -> Iterator[Line]:
    """Cell run to first frame with every point."""

    def seen(tool: Tool, n: int) -> list[float]:
        with desk.notebook(page_first.cells(tool, n)) as notebook:
            return page_first.seconds(notebook, tool, n, desk.runs)

    for n, tools in ((desk.few, {PLOTLY: 0.1, JSCATTER: 0.5}), (desk.many, {JSCATTER: 0.5})):
        ours = seen(ELUTE, n)
        for tool, most in tools.items():
            yield share(f"cell run to first frame, {n:,} points; {tool.name}", ours, seen(tool, n), most, " s")


def turn(desk: Desk) -> Iterator[Line]:
    """A frame while the map is turned."""
    for n, bound in ((desk.few, 33), (desk.many, 60)):
        with desk.shown(n) as notebook:
            view = notebook.view()
            kind = view.root.evaluate("(root) => root.__elute.scatter?.backend ?? 'webgl'")
            view.map.scroll_into_view_if_needed()
            turned = "(map) => window.__probe.turn(map, 60)"
            frames, script = zip(*(np.median(view.map.evaluate(turned), 0) for _ in range(desk.runs)), strict=True)
        yield at_most(f"frame while turning, {n:,} points ({kind}, no graphics card)", frames, bound, " ms")
        yield told(f"script in that frame, {n:,} points", script, " ms")


def lasso(desk: Desk) -> Iterator[Line]:
    """Pointer up to the selection known in Python."""
    for n, bound in ((desk.few, 30), (desk.many, 120)):
        with desk.shown(n, HEARD, "print(json.dumps(heard))") as notebook:
            notebook.run(2)
            view = notebook.view()
            view.map.scroll_into_view_if_needed()
            view.press("tool-lasso")
            box = view.map.bounding_box()
            assert box is not None, "the map is not on the page"
            notebook.page.evaluate("() => (window.__probe.ups = [])")
            for number in range(2 * desk.runs + 1):
                turns = np.linspace(0, 2 * np.pi, 40)
                x, y = box["width"] / 2 + 20 * (number % 3), box["height"] / 2
                radius = box["height"] * (0.2 + 0.02 * (number % 5))
                view.drag([(x + radius * np.sin(a), y - radius * np.cos(a)) for a in turns])
                summed = "(root) => root.__elute.store.state.summary !== null"
                notebook.page.wait_for_function(summed, arg=view.root.element_handle(), timeout=30_000)
                notebook.page.wait_for_timeout(400)
            ups = notebook.page.evaluate("() => window.__probe.ups")
            heard = notebook.read(3)
        if len(ups) != len(heard):
            raise RuntimeError(f"{len(ups)} lassos, {len(heard)} selections")
        yield at_most(
            f"lasso: pointer up to selection in Python, {n:,} points", np.subtract(heard, ups)[1:].tolist(), bound, " ms"
        )


def select(desk: Desk) -> Iterator[Line]:
    """Selections against numpy, by whatever draws, on both kinds of screen."""
    for script in ("", card.SCRIPT):
        for scale in (1, 2):
            with desk.shown(desk.few, script=script, scale=scale) as notebook:
                view = notebook.view()
                kind = view.root.evaluate("(root) => root.__elute.scatter?.backend ?? 'webgl'")
                wrong, judged, taken = disagreements(view, 4 * desk.runs, seed=scale)
            if not 0.02 * judged < taken < 0.9 * judged:
                raise RuntimeError(f"{taken:,} of {judged:,} rows taken: the polygons prove nothing")
            yield at_most(f"rows selected unlike numpy ({kind}, devicePixelRatio {scale}; {judged:,} judged)", [wrong], 0)


def bytes_(desk: Desk) -> Iterator[Line]:
    """Bytes to the page."""
    with desk.notebook(page_first.cells(ELUTE, desk.few)) as notebook:
        ours = page_first.per_point(notebook, ELUTE, desk.few)
    with desk.notebook(page_first.cells(JSCATTER, desk.few)) as notebook:
        theirs = page_first.per_point(notebook, JSCATTER, desk.few)
    yield at_most(
        f"bytes to the page per point up to the first frame, {desk.few:,} points",
        [ours],
        8,
        "",
        f"{theirs:.3g} (jupyter-scatter)",
    )


def flat(desk: Desk) -> Iterator[Line]:
    """Cell runs and lassos leave nothing behind, but for what JupyterLab keeps of any widget."""
    warm, runs, lassos = 5, 4 * desk.runs, 40 * desk.runs

    def counted(times: int, before: int, act: Callable[[int], object]) -> tuple[census.Census, census.Census]:
        for number in range(before):
            act(number)
        began = census.take(notebook.page)
        for number in range(times):
            act(number)
        return began, census.take(notebook.page) - began

    with desk.notebook([IDLE, "w = Idle()\nw"]) as notebook:
        notebook.run(0, 120)
        _, alone = counted(runs, warm, lambda _: notebook.run(1))
    with desk.notebook([ELUTE.before, AGAIN], card.SCRIPT) as notebook:  # WebGL: else there is no context to count
        notebook.run(0, 120)
        began, grown = counted(runs, warm, lambda _: (notebook.run(1), notebook.view().wait(60)))
        yield from _flat(f"{runs} runs of the cell", began, grown - alone)
        view = notebook.view()
        view.map.scroll_into_view_if_needed()
        view.press("tool-lasso")

        def lasso(number: int) -> None:
            at = 200 + 7 * (number % 20)
            view.drag([(at, 120), (at + 160, 150), (at + 120, 320), (at - 60, 260)])
            if number % 10 == 9:
                summed = "(root) => root.__elute.store.state.summary !== null"
                notebook.page.wait_for_function(summed, arg=view.root.element_handle())

        began, grown = counted(lassos, 4 * warm, lasso)
        yield from _flat(f"{lassos} lassos", began, grown)


def _flat(what: str, began: census.Census, grown: census.Census) -> Iterator[Line]:
    """Of contexts not one more; of all else little of what there was."""
    for name, more in asdict(grown).items():
        was = asdict(began)[name]
        value, bound, met = f"{more / max(was, 1):+.1%}", "<= +5%", more <= 0.05 * was
        if name == "contexts":
            value, bound, met = f"{more:+d}", "<= +0", more <= 0
        yield Line(f"{what}: {name}", f"{was:,} {more:+,}", "", value, bound, met)


PARTS: dict[str, Callable[[Desk], Iterator[Line]]] = {
    "first": first,
    "turn": turn,
    "lasso": lasso,
    "select": select,
    "bytes": bytes_,
    "flat": flat,
}


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description="The page's bounds, measured in a real JupyterLab.")
    asked.add_argument("parts", nargs="*", help=", ".join(PARTS))
    asked.add_argument("--runs", type=int, default=5)
    asked.add_argument("--quick", action="store_true")
    told_ = asked.parse_args()
    chosen = told_.parts or list(PARTS)
    for part in chosen:
        if part not in PARTS:
            asked.error(f"{part} is none of {', '.join(PARTS)}")
    less = 10 if told_.quick else 1
    runs = 2 if told_.quick else told_.runs
    print(f"{os.cpu_count()} cores, no graphics card; medians of {runs} and their ranges\n")
    print("| measure | elute | usual | value | bound | met |\n|---|---|---|---|---|---|")
    lines = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        lab = Lab(Path(folder))
        browser = launch(playwright, NO_CARD)
        try:
            desk = Desk(lab, browser, runs, FEW // less, MANY // less)
            for part in chosen:
                for line in PARTS[part](desk):
                    lines.append({"part": part, **asdict(line), "met": bool(line.met)})
                    met = ("yes" if line.met else "**no**") if line.bound else ""
                    print(f"| {line.measure} | {line.ours} | {line.usual} | {line.value} | {line.bound} | {met} |", flush=True)
        finally:
            browser.close()
            lab.stop()
    (HERE / "page.json").write_text(json.dumps({"cores": os.cpu_count(), "runs": runs, "lines": lines}, indent=1) + "\n")


if __name__ == "__main__":
    main()
