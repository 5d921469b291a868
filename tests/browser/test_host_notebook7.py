"""Notebook 7: the main job works there, and every one-key shortcut pressed over the widget leaves its cells as they were."""

from __future__ import annotations

import json
import os

import blobs
import cells
import pytest
from extras import kept
from lab import Lab
from notebook import Notebook
from shortcuts import press_all
from torture import only_full, torture

pytestmark = pytest.mark.browser

# The server finds our own notebook.py before the package of that name.
SEVEN = """import sys
sys.path.insert(0, {package!r})
sys.modules.pop("notebook", None)
from notebook import _jupyter_server_extension_points
"""


@pytest.fixture
def seven(context, tmp_path, monkeypatch):
    """A notebook of a new widget, open in Notebook 7."""
    package = kept("notebook==7.6.5")
    (package / "seven.py").write_text(SEVEN.format(package=str(package)))
    settings = package / "etc" / "jupyter"
    for old in (enabled := settings / "jupyter_server_config.d").glob("*.json"):
        old.unlink()
    (enabled / "seven.json").write_text(json.dumps({"ServerApp": {"jpserver_extensions": {"seven": True}}}))
    (settings / "jupyter_notebook_config.json").write_text(json.dumps({"JupyterNotebookApp": {"expose_app_in_browser": True}}))
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(settings))
    monkeypatch.setenv("JUPYTER_PATH", str(package / "share" / "jupyter"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(package), os.environ.get("PYTHONPATH")])))
    lab = Lab(tmp_path / "lab")
    page = context.new_page()
    try:
        path = lab.write("seven", [cells.FRESH, cells.KEPT])
        notebook = Notebook(page, lab.url, path, lab.work)
        page.goto(f"{lab.url}notebooks/seven/notebook.ipynb")
        notebook.ready()
        notebook.run(0)
        yield notebook
    finally:
        page.close()
        lab.stop()


def test_a_lasso_in_notebook_7(seven):
    view = seven.view().wait(round=1, kept=120)
    assert "/notebooks/" in view.page.url
    view.lasso(blobs.rows(1))
    view.page.keyboard.press("x")
    view.wait(kept=90)
    assert seven.read(1) == blobs.index(blobs.without(1))
    view.press("toolbar-undo")
    view.wait(kept=120)
    assert seven.read(1) == blobs.index(blobs.without())


@torture
@only_full
def test_no_key_of_the_widget_reaches_notebook_7(seven):
    view = seven.view().wait(round=1, kept=120)
    press_all(seven, view)
    view.wait(kept=120)
