"""A round never freezes the kernel, and Cancel stops it."""

from __future__ import annotations

import cells
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

SLOW = f"""{cells.TABLE}
import time
from elute.embed import FromFunction
known = dict(zip(df.text, vectors))
def slow(texts):
    time.sleep(0.1)
    return [known[text] for text in texts]
w = elute.Widget(df, text="text", embedder=FromFunction(slow, batch_size=1), clusterer=elute.KMeans(4), projector="pca")
w"""
OTHER = """began, busy = time.monotonic(), w.status["busy"]
total = sum(i * i for i in range(1_000_000))
print(json.dumps({"total": total, "seconds": time.monotonic() - began, "busy": busy and w.status["busy"]}))"""


def test_a_cell_computes_while_a_round_runs(opened):
    notebook = opened(SLOW, OTHER)
    notebook.run(0)
    view = notebook.view(drawn=False)
    expect(view.root).to_have_attribute("data-busy", "true")
    expect(view["foot-status"]).to_contain_text("embed", ignore_case=True)

    said = notebook.read(1)
    assert said["busy"], "the round ended before the cell did: it proves nothing"
    assert said["total"] == sum(i * i for i in range(1_000_000))
    assert said["seconds"] < 2

    view.press("foot-cancel")
    expect(view.root).to_have_attribute("data-busy", "false", timeout=2000)
    assert view.told("round") == 0
    view.press("foot-run")
    expect(view.root).to_have_attribute("data-busy", "true")
    view.press("foot-cancel")
    expect(view.root).to_have_attribute("data-busy", "false", timeout=2000)
