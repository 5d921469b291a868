"""What is saved with the notebook: the widget, and nothing of the data."""

from __future__ import annotations

import json
from pathlib import Path

import blobs
import cells
import pytest

import elute

pytestmark = pytest.mark.browser

STATIC = Path(elute.__file__).parent / "widget" / "static"


def test_a_saved_notebook_holds_no_text(opened):
    notebook = opened(cells.WIDGET)
    notebook.run(0)
    view = notebook.view()
    view.lasso(blobs.rows(0))
    view["tray-explanation"].wait_for()
    view.press("tab-points")
    view["point"].first.click()
    view.press("tray-drop")
    view.wait(round=2, kept=90)

    saved = notebook.save()
    state = json.loads(saved)["metadata"]["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    ours = [model["state"] for model in state.values() if "revision" in model["state"]]
    assert len(ours) == 1 and ours[0]["revision"]["decision"] > 0
    assert [word for word in blobs.GROUPS if word in saved] == []
    page = sum(path.stat().st_size for path in STATIC.iterdir())
    assert len(saved) < page + 30_000  # the page itself is most of it
