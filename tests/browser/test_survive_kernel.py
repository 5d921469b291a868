"""The kernel dies without a word: the page says so, and the next run of the cell has every decision."""

from __future__ import annotations

import blobs
import cells
import pytest
from notebook import PANEL
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

DIE = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"
ALIVE = f"""() => {{
  const {{ kernel }} = {PANEL}.context.sessionContext.session;
  return kernel.status === "idle" && kernel.connectionStatus === "connected" && document.querySelector(".jp-Dialog") !== null;
}}"""


def test_a_killed_kernel_loses_nothing(opened):
    notebook = opened(cells.WIDGET, cells.KEPT, DIE, alone=True)
    page = notebook.page
    notebook.run(0)
    view = notebook.view()
    for group in (0, 1):
        view.lasso(blobs.rows(group))
        view.press("tray-drop")
        view.wait(round=group + 2, selected=0)

    notebook.start(2)
    page.wait_for_function(ALIVE, timeout=60_000)  # JupyterLab says that it died, and starts it anew
    page.locator(".jp-Dialog .jp-mod-accept").click()
    notebook.ready()
    expect(view["foot-status"]).to_contain_text("run the cell again", timeout=20_000)
    assert view.told("kept") == 60, "the page shows what was decided still"

    notebook.run(0)
    view = notebook.view().wait(round=3, kept=60)
    assert notebook.read(1) == blobs.index(blobs.without(0, 1))
    view.press("toolbar-undo")
    view.wait(kept=90)
    assert notebook.read(1) == blobs.index(blobs.without(0))
