"""The pictures of README and docs and a contact sheet of the widget, from the running widget in a real JupyterLab.

All go to ``pictures/``, which git ignores: each state in light and dark at 600, 1,000 and 1,400 px, the tabs, and ``sheet.png``
(``index.html``) with all of them. Those that a page shows are put into ``docs/`` too, in 256 colours.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests" / "browser"), str(ROOT / "examples")]

import numpy as np  # noqa: E402
from conftest import launch  # noqa: E402
from demo_texts import load  # noqa: E402
from lab import Lab  # noqa: E402
from notebook import Notebook  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, Page, expect, sync_playwright  # noqa: E402
from view import Place, View  # noqa: E402

SHEET = ROOT / "pictures"
SHOWN = {"widget": "lasso-light-1400", "review": "review-light-1400", "metrics": "tab-metrics-light"}
"""What README and docs show, and the picture it is."""
WIDTHS = (1400, 1000, 600)
STATES = ("empty", "running", "lasso", "review", "error", "dead")
NO_CARD = ["--disable-gpu", "--enable-unsafe-swiftshader"]
CELL = f"""
import sys; sys.path.insert(0, {str(ROOT / "examples")!r})
import os; os.environ["ELUTE_HOME"] = {str(ROOT / ".demo" / "pictures")!r}
from demo_texts import load
import elute
df = load()
w = elute.Widget(df, text="text", label="sentiment", task="tweets and product reviews", clusterer=elute.KMeans(24), path={{path!r}})
w
"""
# Embedding never ends ("empty"), or the second round's clusterer does not ("running") or fails ("error").
TROUBLE = """
import tempfile, time
from sklearn.cluster import KMeans
class Trouble:
    def __init__(self, kind): self.kind, self.rounds = kind, 0
    def fit_predict(self, X):
        self.rounds += 1
        if self.kind == "error" and self.rounds > 1: raise ValueError("eps is larger than the largest distance")
        while self.kind == "running" and self.rounds > 1: time.sleep(0.1)
        return KMeans(24, n_init=1, random_state=0).fit_predict(X)
def stuck(texts):
    while True: time.sleep(0.1)
vectors = w.session.embeddings().vectors
def show(kind):
    embedder = stuck if kind == "empty" else vectors
    how = dict(text="text", label="sentiment", embedder=embedder, projector="umap", path=tempfile.mkdtemp())
    return elute.Widget(df, clusterer=Trouble(kind), **how)
"""


def main() -> None:
    """Open the demo's texts, bring the widget into each state, and take the pictures."""
    load()
    SHEET.mkdir(exist_ok=True)
    for old in SHEET.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        lab = Lab(Path(folder))
        browser = launch(playwright, NO_CARD)
        try:
            for theme in ("light", "dark"):
                page = browser.new_page(viewport={"width": 1500, "height": 980}, device_scale_factor=1)
                take(page, lab, theme, Path(folder))
                page.close()
            contact_sheet(browser)
        finally:
            browser.close()
            lab.stop()
    for name, picture in SHOWN.items():
        show(SHEET / f"{picture}.png", ROOT / "docs" / f"{name}.png")
    print(f"{len(list(SHEET.glob('*.png')))} pictures in {SHEET}, {len(SHOWN)} of them in {ROOT / 'docs'}")


def show(picture: Path, to: Path) -> None:
    """A picture as the docs show it: in 256 colours, a third of its size."""
    Image.open(picture).convert("RGB").quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
        to, optimize=True
    )


def take(page: Page, lab: Lab, theme: str, folder: Path) -> None:
    """All pictures of one theme."""
    kinds = ("running", "error", "empty")
    cells = [CELL.format(path=str(folder / f"session-{theme}")), TROUBLE, *(f"x = show({kind!r})\nx" for kind in kinds)]
    path = lab.write(f"pictures-{theme}", cells)
    notebook = Notebook(page, lab.url, path, lab.work)
    notebook.open()
    page.evaluate(
        "(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", f"JupyterLab {theme.title()}"
    )
    page.keyboard.press("Control+b")
    notebook.start(0)
    view = View(page, page.locator(".elute").first).wait(300)
    page.mouse.move(2, 2)
    wide(page, view, WIDTHS[0])
    for tab in ("points", "metrics", "clusters"):
        view.press(f"tab-{tab}")
        shoot(view, f"tab-{tab}-{theme}")
    view.press("tab-review")
    shoot_widths(view, "review", theme)
    view.press("tab-clusters")
    view.press("map-fit")  # a look flies to its cluster
    page.wait_for_timeout(1500)
    lasso(view)
    shoot_widths(view, "lasso", theme)
    notebook.run(1)
    for index, kind in enumerate(kinds):
        notebook.start(2 + index)
        other = View(page, page.locator(".elute").nth(1 + index))
        into(kind, other)
        shoot_widths(other, kind, theme)
        if kind != "error":
            other.press("foot-cancel")
    notebook.restart()
    expect(view["foot-status"]).to_contain_text("run the cell again", timeout=20_000)
    shoot_widths(view, "dead", theme)


def into(kind: str, view: View) -> None:
    """Bring a widget into trouble: not even its first round ends; or its second one does not, or fails."""
    expect(view.root).to_be_visible(timeout=60_000)
    if kind != "empty":
        view.wait(300)
        view["cluster-row"].nth(2).click()
        view.press("tray-drop")
    if kind == "error":
        expect(view["foot-status"]).to_contain_text("eps", timeout=60_000)
    else:
        expect(view.root).to_have_attribute("data-busy", "true")
        view.page.wait_for_timeout(4000)


def lasso(view: View) -> None:
    """Around the middle of the cluster that lies most by itself, a little into what is beside it."""
    labels = view.root.evaluate("(root) => [...root.__elute.store.state.shown]")
    places = view.places()
    xy = np.array([places.get(row, (np.nan, np.nan)) for row in range(len(labels))])
    cluster = np.array(labels)
    reach = 58.0

    def alone(number: int) -> tuple[float, Place]:
        x, y = np.median(xy[cluster == number], 0)
        near = np.hypot(*(xy - (x, y)).T) < reach
        free = 160 < x < 700 and 160 < y < 360  # where neither strip nor tray nor legend lies
        return (float(np.mean(cluster[near] == number)) if free and near.sum() > 60 else 0.0), (float(x), float(y))

    _, (x, y) = max(map(alone, np.unique(cluster[cluster >= 0])))
    turns = np.linspace(-np.pi / 2, 1.5 * np.pi, 24)
    view.press("tool-lasso")
    view.drag(
        [(x + reach * (1 + 0.12 * np.sin(3 * a)) * np.cos(a), y + reach * (1 + 0.12 * np.cos(2 * a)) * np.sin(a)) for a in turns]
    )
    view.page.mouse.move(2, 2)
    expect(view["tray-explanation"]).to_be_visible(timeout=60_000)
    view.page.wait_for_timeout(800)


def wide(page: Page, view: View, width: int) -> None:
    """Give the widget a width."""
    spare = page.viewport_size["width"] - int(view.root.bounding_box()["width"])
    page.set_viewport_size({"width": width + spare, "height": 980})
    page.wait_for_timeout(700)


def shoot_widths(view: View, state: str, theme: str) -> None:
    """One state, at each width."""
    for width in WIDTHS:
        wide(view.page, view, width)
        shoot(view, f"{state}-{theme}-{width}")
    wide(view.page, view, WIDTHS[0])


def shoot(view: View, name: str) -> None:
    """One picture."""
    view.root.scroll_into_view_if_needed()
    view.page.wait_for_timeout(500)
    view.root.screenshot(path=SHEET / f"{name}.png")


def contact_sheet(browser: Browser) -> None:
    """All pictures on one page: a row a state, light and dark, from wide to narrow."""
    (SHEET / "index.html").write_text("\n".join(_lines()), encoding="utf-8")
    page = browser.new_page(viewport={"width": 2000, "height": 1000})
    page.goto((SHEET / "index.html").as_uri())
    page.screenshot(path=SHEET / "sheet.png", full_page=True)
    page.close()


def _lines() -> Iterator[str]:
    yield "<!doctype html><meta charset=utf-8><title>elute, the widget</title>"
    yield "<style>body { font: 14px sans-serif; margin: 16px; background: #888 } h2 { color: #fff; margin: 16px 0 4px }"
    yield "div { display: flex; gap: 8px; align-items: start }</style>"
    shares = {1400: 450, 1000: 321, 600: 193}
    for state in STATES:
        yield f"<h2>{state}</h2><div>"
        yield from (_picture(f"{state}-{theme}-{width}", shares[width]) for theme in ("light", "dark") for width in WIDTHS)
        yield "</div>"
    yield "<h2>tabs</h2><div>"
    yield from (_picture(f"tab-{tab}-{theme}", 318) for theme in ("light", "dark") for tab in ("clusters", "points", "metrics"))
    yield "</div>"


def _picture(name: str, width: int) -> str:
    return f'<a href="{name}.png"><img src="{name}.png" alt="{name}" width="{width}"></a>'


if __name__ == "__main__":
    main()
