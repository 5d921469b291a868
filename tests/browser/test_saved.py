"""What is saved with the notebook: the widget, and nothing of the data."""

from __future__ import annotations

import json

import blobs
import cells
import pytest

pytestmark = pytest.mark.browser


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
    assert len(saved) < 420_000  # the page itself is most of it
