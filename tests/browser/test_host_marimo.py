"""marimo: a lasso and a key on the page, and the mask as cells that depend on it see it by themselves."""

from __future__ import annotations

import json
import re
from contextlib import ExitStack

import blobs
import pytest
from extras import kept
from hosting import served
from playwright.sync_api import expect
from torture import only_full, torture
from view import View

pytestmark = [pytest.mark.browser]

PACKAGES = (
    "marimo==0.25.2", "itsdangerous==2.2.0", "loro==1.17.1", "Markdown==3.11.3", "msgspec==0.22.0", "pymdown-extensions==11.0.2",
    "docutils==0.23", "python-multipart==0.0.34", "starlette==1.10.0", "uvicorn==0.54.0", "websockets==17.4",
)  # fmt: skip
SETTINGS = """[runtime]
auto_instantiate = true

[display]
theme = "dark"
"""
BOOK = """import marimo

app = marimo.App()


@app.cell
def _():
    import json

    import blobs
    import elute
    import marimo as mo

    return blobs, elute, json, mo


@app.cell
def _(blobs, elute, mo):
    df, vectors = blobs.table()
    w = elute.Widget(df, text="text", label="label", embedder=vectors, clusterer=elute.KMeans(4), projector="pca")
    counts, count = mo.state(w.counts)
    w.observe(lambda change: count(change["new"]), "counts")
    {shown}
    return counts, df, w


@app.cell
def _(counts, df, json, mo, w):
    counts()
    mo.Html("<div id='told'>" + json.dumps([df[w.selected].index.tolist(), df[w.keep].index.tolist()]) + "</div>")
    return


if __name__ == "__main__":
    app.run()
"""


def tell(page, selected, keep):
    """Wait until the dependent cell says so."""
    wanted = json.dumps([blobs.index(selected), blobs.index(keep)])
    expect(page.locator("#told")).to_have_text(wanted, timeout=20_000)


@pytest.fixture
def marimo(context, tmp_path):
    """``marimo(how, shown)``: the page of a notebook with a widget, opened by ``marimo edit`` or ``marimo run``."""
    package = kept(*PACKAGES)
    settings = tmp_path / "own" / "marimo"
    settings.mkdir(parents=True)
    (settings / "marimo.toml").write_text(SETTINGS)
    with ExitStack() as stack:

        def opens(how, shown):
            (tmp_path / "book.py").write_text(BOOK.format(shown=shown))
            command = ["-m", "marimo", "-q", how, "book.py", "--headless", "--no-token", "--port", "{port}"]
            url = stack.enter_context(served(tmp_path, package, command))
            page = context.new_page()
            stack.callback(page.close)
            page.goto(url)
            return page

        yield opens


@pytest.mark.parametrize(
    ("how", "shown"),
    [
        ("run", "w"),
        pytest.param("edit", "mo.ui.anywidget(w)", marks=[torture, only_full]),
    ],
)
def test_a_lasso_in_marimo(marimo, how, shown):
    page = marimo(how, shown)
    view = View(page, page.locator(".elute").first).wait(timeout=60, round=1, kept=120)
    assert view.root.evaluate("(root) => root.getRootNode() instanceof ShadowRoot")
    expect(view.root).to_have_attribute("data-host", "dark")
    assert view.root.evaluate("(root) => getComputedStyle(root).colorScheme") == "dark"

    view.lasso(blobs.rows(1))
    view.wait(selected=30)
    tell(page, blobs.rows(1), blobs.without())
    page.keyboard.press("x")
    view.wait(round=2, kept=90, selected=0)  # told by the worker's thread, which marimo did not start
    tell(page, [], blobs.without(1))
    view.press("toolbar-undo")
    view.wait(kept=120)
    tell(page, [], blobs.without())
    assert not re.search("Traceback|marimo exception", page.content())
