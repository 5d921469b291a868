"""The WebSocket to the kernel is gone for a while: what is decided meanwhile arrives once, what Python did meanwhile is shown."""

from __future__ import annotations

import blobs
import cells
import pytest
from notebook import PANEL
from playwright.sync_api import expect
from torture import times, torture

pytestmark = [pytest.mark.browser, torture]

SECONDS = times(4, 10)

# As a dead network is: first what is sent goes nowhere and nothing comes, then the socket closes, and no other opens until `mend`.
CUT = f"""(seconds) => {{
  const {{ kernel }} = {PANEL}.context.sessionContext.session;
  const settings = kernel.serverSettings;
  const whole = settings.WebSocket;
  const dead = kernel._ws;
  dead.send = () => undefined;
  dead.onmessage = null;
  settings.WebSocket = class {{
    constructor() {{ setTimeout(() => this.onclose?.(new CloseEvent("close"))); }}
    send() {{ throw new Error("closed"); }}
    close() {{}}
  }};
  setTimeout(() => dead.close(), seconds * 500);
  window.__mend = async () => {{
    settings.WebSocket = whole;
    await kernel.reconnect();
  }};
}}"""
LATER = """import threading
threading.Timer(3, lambda: w.drop(df.label == "cassock")).start()"""
DROPS = 'print(json.dumps([record.kind for record in w.session.journal.records if record.kind in ("drop", "keep_only", "undo")]))'


def test_decisions_made_without_a_socket_arrive_once(opened):
    notebook = opened(cells.FRESH, cells.KEPT, cells.SELECTED, LATER, DROPS)
    page = notebook.page
    notebook.run(0)
    view = notebook.view().wait(round=1, kept=120)
    notebook.run(3)

    page.evaluate(CUT, SECONDS)
    for group, kept in ((0, 90), (1, 60)):
        view.lasso(blobs.rows(group))
        view.press("tray-drop")
        expect(view.root).to_have_attribute("data-kept", str(kept), timeout=1000)
    expect(view["foot-status"]).not_to_contain_text("saved")
    page.wait_for_timeout(SECONDS * 1000)
    page.evaluate("window.__mend()")

    view.wait(timeout=45, kept=30, selected=0)
    expect(view["foot-status"]).not_to_contain_text("Disconnected")
    assert notebook.read(4) == ["drop"] * 3
    assert notebook.read(1) == blobs.index(blobs.rows(3))
    view.lasso(blobs.rows(3))
    view.wait(selected=30)
    assert notebook.read(2) == blobs.index(blobs.rows(3))
