"""Evidence views in a real JupyterLab: what is selected there, dropped, undone and tagged, and what of it Python knows."""

from __future__ import annotations

import blobs
import cells
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

DIRTY = """import pandas as pd
import numpy as np
more = [
    ("please top up the quokka card with ten pounds today", "quokka"),
    ("Please top up the quokka card with ten pounds today!", "quokka"),
]
df = pd.concat([df, pd.DataFrame(more, columns=["text", "label"], index=["copy-0", "copy-1"])])
vectors = np.concatenate([vectors, vectors[[0, 0]] + [[0.001], [0.002]]])
df["score"] = [float(row % 60) for row in range(len(df))]
df.iloc[4, 1] = "bramble"
"""
EVIDENCE = cells.FRESH.replace("w = elute", f"{DIRTY}w = elute")
TAGS = "print(json.dumps({name: int(rows.sum()) for name, rows in w.session.state.tags.items()}))"
COPIES = '[data-test="duplicate"][data-row="{}"]'


def test_a_person_works_through_the_evidence(opened):
    notebook = opened(EVIDENCE, cells.SELECTED, cells.KEPT, TAGS)
    notebook.run(0)
    view = notebook.view().wait(round=1, kept=122, selected=0)

    # a threshold selects; the drop is its own step, and one undo takes it back
    view.press("tab-points")
    expect(view.root.get_by_text("quokka number 0", exact=True).first).to_be_visible()  # what is pressed stands where it stays
    view.press("points-columns")
    view.press("order-column:score")
    view.page.keyboard.press("Escape")
    handle = view["histogram-handle"]
    handle.focus()
    for _ in range(2):
        view.page.keyboard.press("PageDown")
    expect(view["histogram-count"]).to_contain_text("12 rows of 122")
    view.wait(selected=12)
    assert len(notebook.read(1)) == 12 and len(notebook.read(2)) == 122
    view.press("tray-drop")
    view.wait(round=2, kept=110, selected=0)
    view.press("toolbar-undo")
    view.wait(kept=122)

    # copies side by side, what differs marked
    view.press("points-duplicates")
    copy = view.root.locator(COPIES.format(121))
    expect(copy).to_be_visible()
    expect(copy.locator("mark")).to_have_text(["Please", "!"])
    view.press("duplicates-all")
    view.wait(selected=1)
    assert notebook.read(1) == ["copy-1"]

    # a cell of the matrix of labels
    view.press("points-labels")
    view["confusion-pair"].filter(has_text="bramble").first.click()
    view.wait(selected=1)
    assert notebook.read(1) == blobs.index([4])

    # what is selected is tagged, and listed by its tag
    view.press("open-more")
    view.press("more-tag")
    view["tray-tag"].fill("odd <b>one</b>")
    view["tray-note"].fill("ask Ann")
    view.page.keyboard.press("Enter")
    expect(view["foot-status"]).to_contain_text("Tagged 1 row")
    view.press("points-rows")
    view["points-within"].select_option(label="odd <b>one</b> (1)")
    expect(view["points-total"]).to_have_text("1 row")
    assert notebook.read(3) == {"odd <b>one</b>": 1}
    assert not notebook.errors
