"""Frames of a first layout, a lasso, a drop and the settling at 50,000 rows, from the running widget in a real JupyterLab.

    ELUTE_DATA=folder python scripts/recording.py [rows]

Writes ``pictures/recording-*.png`` and prints when each frame was taken, in seconds after the cell was run or Drop was pressed.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests" / "browser"), str(ROOT / "bench"), str(ROOT / "scripts")]

import numpy as np  # noqa: E402
from conftest import SOFTWARE_GL, launch  # noqa: E402
from data import sample  # noqa: E402
from lab import Lab  # noqa: E402
from notebook import Notebook  # noqa: E402
from pictures import SHEET, lasso, wide  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402
from view import View  # noqa: E402

CELL = """
import json, numpy as np, elute
X = np.load({vectors!r}); texts = json.load(open({texts!r}))
w = elute.Widget(texts, embedder=X, clusterer=elute.KMeans(40))
w
"""


def main() -> None:
    """Run the cell, watch the map settle, draw a lasso, drop, watch again."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    texts, X, _ = sample(rows)
    SHEET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        given = {"vectors": f"{folder}/X.npy", "texts": f"{folder}/texts.json"}
        np.save(given["vectors"], X)
        Path(given["texts"]).write_text(json.dumps(texts))
        lab = Lab(Path(folder))
        browser = launch(playwright, SOFTWARE_GL)
        try:
            page = browser.new_page(viewport={"width": 1500, "height": 980}, device_scale_factor=1)
            notebook = Notebook(page, lab.url, lab.write("recording", [CELL.format(**given)]), lab.work)
            notebook.open()
            page.keyboard.press("Control+b")
            notebook.start(0)
            view = View(page, page.locator(".elute").first)
            view.root.wait_for(timeout=120_000)
            frames(view, "first", 14)
            view.wait(300)
            page.mouse.move(2, 2)
            wide(page, view, 1400)
            lasso(view)
            shot(view, "lasso", time.monotonic())
            view.press("tray-drop")
            frames(view, "drop", 8)
            view.wait(120)
            shot(view, "settled", time.monotonic())
            view.press("open-settings")
            view.press("settings-refine")
            frames(view, "refine", 6)
            view.wait(120)
            shot(view, "refined", time.monotonic())
        finally:
            browser.close()
            lab.stop()


def frames(view: View, name: str, count: int) -> None:
    """Pictures one after the other, as fast as they can be taken, while something runs."""
    start = time.monotonic()
    for number in range(count):
        shot(view, f"{name}-{number:02}", start)
        busy = view.root.get_attribute("data-busy") == "true"
        if number > 2 and not busy and view.told("round") > 0:
            break
        view.page.wait_for_timeout(300 if name == "first" else 40)


def shot(view: View, name: str, start: float) -> None:
    """One picture, and when it was taken."""
    view.root.screenshot(path=SHEET / f"recording-{name}.png")
    told = {key: view.root.get_attribute(f"data-{key}") for key in ("round", "kept", "busy")}
    print(f"{name}: {time.monotonic() - start:.2f} s {told}", flush=True)


if __name__ == "__main__":
    main()
