"""Ten widgets in one kernel, a million rows in one of them: no message is too big for any host, and the page can be worked with."""

from __future__ import annotations

import time

import blobs
import cells
import pytest
from notebook import PANEL
from playwright.sync_api import expect
from torture import only_full, torture

from elute.widget.protocol import MESSAGE_LIMIT

pytestmark = [pytest.mark.browser, torture, only_full]

ROWS = 1_000_000
MANY = f"""{cells.FRESH[:-1]}
from IPython.display import display
others = [elute.Widget(df, text="text", embedder=vectors, clusterer=elute.KMeans(4), projector="pca", path=tempfile.mkdtemp(dir="."))
          for _ in range(8)]
display(w, *others)"""
BIG = f"""import big
many, places = big.table({ROWS})
million = elute.Widget(many, text="text", embedder=places, clusterer=elute.KMeans(5), projector="pca")
million"""
SELECT = "print(million.select(cluster=0))"
KEPT = "print(json.dumps([int(million.keep.sum()), int(w.keep.sum())]))"
# The largest message either way, in bytes, from here on.
WEIGH = f"""() => {{
  const {{ kernel }} = {PANEL}.context.sessionContext.session;
  window.__largest = 0;
  kernel.anyMessage.connect((_, {{ msg }}) => {{
    const buffers = (msg.buffers ?? []).reduce((sum, {{ byteLength }}) => sum + byteLength, 0);
    window.__largest = Math.max(window.__largest, buffers + new TextEncoder().encode(JSON.stringify(msg.content)).length);
  }});
}}"""


def test_ten_widgets_and_a_million_rows(opened):
    notebook = opened(MANY, BIG, SELECT, KEPT, alone=True)
    page = notebook.page
    page.evaluate(WEIGH)
    notebook.run(0)
    for nth in range(9):
        notebook.view(nth, drawn=False).wait(timeout=120, round=1, kept=120)
    notebook.run(1)
    million = notebook.view(9, drawn=False).wait(timeout=420, round=1, kept=ROWS)

    chosen = int(notebook.run(2))
    million.wait(selected=chosen)
    began = time.monotonic()
    million.press("tray-drop")
    expect(million.root).to_have_attribute("data-kept", str(ROWS - chosen), timeout=10_000)
    dropped = time.monotonic() - began
    # another widget can be worked with meanwhile
    small = notebook.view(0)
    small.lasso(blobs.rows(1))
    began = time.monotonic()
    small.press("tray-drop")
    expect(small.root).to_have_attribute("data-kept", "90", timeout=10_000)
    beside = time.monotonic() - began
    million.wait(timeout=300, kept=ROWS - chosen)
    assert notebook.read(3) == [ROWS - chosen, 90]
    largest = page.evaluate("window.__largest")
    print(f"\nlargest message {largest} bytes; drop of {chosen} rows {dropped:.2f} s; drop in another widget {beside:.2f} s")
    assert 1_000_000 < largest < MESSAGE_LIMIT
    assert dropped < 5 and beside < 5
    assert notebook.errors == []
