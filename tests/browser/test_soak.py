"""Thousands of lassos, drops and undos on 50,000 rows: memory of kernel and page stays flat, and the masks are right at the end."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import big
import census
import pytest
from playwright.sync_api import expect
from torture import only_full, torture
from view import box

pytestmark = [pytest.mark.browser, torture, only_full]

ROWS = 50_000
CYCLES = int(os.environ.get("ELUTE_SOAK", "2000"))
LOOKS = 20
"""How often memory is read."""

WIDGET = f"""import gc, json, os, tempfile, big, elute
os.environ["ELUTE_HOME"] = tempfile.mkdtemp(dir=".")
df, vectors = big.table({ROWS})
w = elute.Widget(df, text="text", embedder=vectors, clusterer=elute.KMeans(5), projector="pca")
w"""
HELD = """gc.collect()
print(json.dumps(big.held()))"""
TOLD = """kinds = [record.kind for record in w.session.journal.records]
print(json.dumps([int(w.keep.sum()), int(w.selected.sum()), kinds.count("drop"), kinds.count("undo")]))"""
PLACES = """(root, from) => {
  const { scatter, store } = root.__elute;
  return Array.from({ length: store.state.frame.n - from }, (_, i) => scatter.project(from + i, 3)).map(({ x, y }) => [x, y]);
}"""


def test_memory_stays_flat_and_masks_are_right(opened):
    notebook = opened(WIDGET, TOLD, script=census.SCRIPT)
    page = notebook.page
    notebook.run(0)
    view = notebook.view(drawn=False).wait(timeout=240, round=1, kept=ROWS)
    view.map.scroll_into_view_if_needed()
    view.press("tool-box")
    corners = box([tuple(place) for place in view.root.evaluate(PLACES, ROWS - big.FEW)])

    figures = []
    began = time.monotonic()
    for cycle in range(1, CYCLES + 1):
        view.drag([corners[0], corners[2]])
        expect(view.root).to_have_attribute("data-selected", str(big.FEW))
        page.keyboard.press("x")
        expect(view.root).to_have_attribute("data-kept", str(ROWS - big.FEW))
        page.keyboard.press("z")
        expect(view.root).to_have_attribute("data-kept", str(ROWS), timeout=10_000)
        expect(view.root).to_have_attribute("data-selected", "0")
        if cycle % max(1, CYCLES // LOOKS) == 0:
            view.wait(timeout=60)
            now = census.take(page)
            figures.append((cycle, json.loads(notebook.quietly(HELD)), now.heap, now.listeners, now.nodes))
            view.map.scroll_into_view_if_needed()
            view.map.focus()
            said = f"{figures[-1]} after {time.monotonic() - began:.0f} s\n"
            with Path(os.environ.get("ELUTE_SOAK_LOG", os.devnull)).open("a") as log:
                log.write(said)

    assert notebook.read(1) == [ROWS, 0, CYCLES, CYCLES]
    assert notebook.errors == []
    early, late = figures[len(figures) // 4], figures[-1]
    done = late[0] - early[0]
    assert late[1] - early[1] <= 0.05 * early[1] + 10_000 * done, (
        "the kernel grows by more than what the journal tells of a decision"
    )
    assert late[2] - early[2] <= 0.05 * early[2], "the page grows"
    assert late[3] <= early[3] + 40 and late[4] <= 1.02 * early[4] + 200
