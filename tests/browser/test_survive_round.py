"""What happens to a round: the page is loaded again in the middle, the kernel is interrupted, a request breaks."""

from __future__ import annotations

import time

import blobs
import cells
import pytest
from notebook import CELL, PANEL
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

GATED = f"import gate\ngate.open()\n{cells.FRESH}"
STANDS = """w.session.configure(clusterer=elute.KMeans(3), automatic=False)
gate.shut()
print("it stands", flush=True)
w.session.run()"""
ROUNDS = """gate.open()
print(json.dumps([w.session.current.keep.sum().item(), int(w.keep.sum()), len(set(w.session.current.labels))]))"""
SHUT, OPEN = "gate.shut()", "gate.open()"
# A request that breaks with a text and a key in its message, and one that works again.
BREAK = """from elute.widget.listing import Listing
whole = Listing.slice
def slice(self, params):
    raise ValueError("sk-canary-0123456789 quokka number 0")
Listing.slice = slice"""
MEND = "Listing.slice = whole"
CELLS = (GATED, cells.KEPT, cells.SELECTED, SHUT, OPEN, STANDS, ROUNDS, BREAK, MEND)


def ended(notebook, index):
    """Wait for the end of a cell that was started, and raise what it raised."""
    notebook.page.wait_for_function(f"(i) => ({CELL})(i).executionState === 'idle'", arg=index, timeout=10_000)
    outputs = notebook.page.evaluate(f"(i) => ({CELL})(i).outputs.toJSON()", index)
    assert [output["ename"] for output in outputs if output["output_type"] == "error"] == []


@pytest.fixture
def gated(again):
    notebook = again(*CELLS)
    notebook.run(0)
    notebook.errors.clear()
    return notebook, notebook.view().wait(round=1, kept=120, selected=0)


def test_a_reload_in_mid_round_brings_points_selection_and_progress_back(gated):
    notebook, view = gated
    notebook.save()
    notebook.run(3)
    view.lasso(blobs.rows(0))
    view.press("tray-drop")
    expect(view.root).to_have_attribute("data-busy", "true")
    view.lasso(blobs.rows(3))
    expect(view.root).to_have_attribute("data-selected", "30")
    notebook.save()

    notebook.reload()
    view = notebook.view(drawn=False)
    for name, value in {"ready": "true", "round": "1", "kept": "90", "selected": "30", "busy": "true"}.items():
        expect(view.root).to_have_attribute(f"data-{name}", value, timeout=20_000)
    expect(view["foot-status"]).to_contain_text("Clustering")
    expect(view["foot-cancel"]).to_be_visible()
    assert sorted(view.places()) == [row for row in range(120) if row % 4]
    notebook.run(4)
    view.wait(round=2, kept=90, selected=30)
    assert notebook.read(1) == blobs.index(blobs.without(0))
    assert notebook.read(2) == blobs.index(blobs.rows(3))


def test_an_interrupted_run_leaves_the_last_round_as_it_was(gated):
    notebook, view = gated
    notebook.start(5)
    expect(view.page.locator(".jp-Cell").nth(5)).to_contain_text("it stands")
    notebook.page.evaluate(f"() => {PANEL}.context.sessionContext.session.kernel.interrupt()")
    with pytest.raises(AssertionError, match="KeyboardInterrupt"):
        ended(notebook, 5)
    assert notebook.read(6) == [120, 120, 4]

    # and the page goes on with what it has
    view.wait(kept=120)
    view.lasso(blobs.rows(1))
    view.press("tray-drop")
    view.wait(kept=90, selected=0)
    assert notebook.read(1) == blobs.index(blobs.without(1))


def test_a_request_that_breaks_is_answered_at_once_and_without_its_reason(gated):
    notebook, view = gated
    notebook.run(7)
    began = time.monotonic()
    view.press("tab-points")
    expect(view.root).to_contain_text("elute could not do this (ValueError)", timeout=1000)
    assert time.monotonic() - began < 1.0
    said = view.root.inner_text()
    assert "canary" not in said and "number 0" not in said

    notebook.run(8)
    view.lasso(blobs.rows(2))
    view.press("tray-drop")
    view.wait(round=2, kept=90, selected=0)
    expect(view["point"].first).to_contain_text("number")
