"""README's picture and a contact sheet of the widget, from the running widget in a real JupyterLab.

``docs/widget.png`` is README's; the sheet goes to ``pictures/``, which git ignores: light and dark, at 600, 1,000 and 1,400 px.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests" / "browser"), str(ROOT / "examples")]

from conftest import SOFTWARE_GL, launch  # noqa: E402
from demo_texts import load  # noqa: E402
from lab import Lab  # noqa: E402
from notebook import Notebook  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402
from view import View  # noqa: E402

SHEET = ROOT / "pictures"
WIDTHS = (1400, 1000, 600)
CELL = f"""
import sys; sys.path.insert(0, {str(ROOT / "examples")!r})
import os; os.environ["ELUTE_HOME"] = {str(ROOT / ".demo" / "pictures")!r}
from demo_texts import load
import elute
df = load()
w = elute.Widget(df, text="text", label="sentiment", task="tweets and product reviews", clusterer=elute.KMeans(40), path={{path!r}})
w
"""


def main() -> None:
    """Open the demo's texts, draw a lasso, and take the pictures."""
    load()
    SHEET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        lab = Lab(Path(folder))
        browser = launch(playwright, SOFTWARE_GL)
        try:
            for theme in ("JupyterLab Light", "JupyterLab Dark"):
                page = browser.new_page(viewport={"width": 1500, "height": 980}, device_scale_factor=1)
                take(page, lab, theme, Path(folder))
                page.close()
        finally:
            browser.close()
            lab.stop()
    print(f"{ROOT / 'docs' / 'widget.png'} and {len(list(SHEET.glob('*.png')))} pictures in {SHEET}")


def take(page: Page, lab: Lab, theme: str, folder: Path) -> None:
    """All pictures of one theme."""
    name = theme.split()[-1].lower()
    path = lab.write(f"pictures-{name}", [CELL.format(path=str(folder / f"session-{name}"))])
    notebook = Notebook(page, lab.url, path, lab.work)
    notebook.open()
    page.evaluate("(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    page.keyboard.press("Control+b")
    notebook.start(0)
    view = View(page, page.locator(".elute").first).wait(300)
    page.mouse.move(2, 2)
    wide(page, view, WIDTHS[0])
    for tab in ("review", "points", "metrics", "clusters"):
        view.press(f"tab-{tab}")
        shoot(view, f"{name}-{tab}")
    lasso(view)
    if name == "light":
        view.root.screenshot(path=ROOT / "docs" / "widget.png")
    for width in WIDTHS:
        wide(page, view, width)
        shoot(view, f"{name}-lasso-{width}")


def lasso(view: View) -> None:
    """Around the core of the cluster that stands first in the table."""
    first = int(view["cluster-row"].first.get_attribute("data-cluster") or 0)
    labels = view.root.evaluate("(root) => [...root.__elute.store.state.shown]")
    places = view.places()
    inside = sorted(places[row] for row, label in enumerate(labels) if label == first)
    x, y = inside[len(inside) // 2]
    view.press("tool-lasso")
    outline = [
        (x - 70, y - 20),
        (x - 30, y - 62),
        (x + 30, y - 66),
        (x + 78, y - 18),
        (x + 62, y + 40),
        (x + 8, y + 62),
        (x - 52, y + 44),
    ]
    view.drag([*outline, outline[0]])
    view.page.wait_for_timeout(800)


def wide(page: Page, view: View, width: int) -> None:
    """Give the widget a width."""
    spare = page.viewport_size["width"] - int(view.root.bounding_box()["width"])
    page.set_viewport_size({"width": width + spare, "height": 980})
    page.wait_for_timeout(700)


def shoot(view: View, name: str) -> None:
    """One picture."""
    view.page.wait_for_timeout(500)
    view.root.screenshot(path=SHEET / f"{name}.png")


if __name__ == "__main__":
    main()
