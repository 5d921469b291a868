"""Coming back in a real notebook: a changed table, starting afresh, a dead kernel with decisions under way, and two kernels at once."""

from __future__ import annotations

import blobs
import cells
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

# the same rows but five, and six that are new, in another order; a folder that both tables share
CHANGED = """w.close()
import numpy as np, pandas as pd
order = np.random.default_rng(1).permutation(np.arange(5, len(df)))
more = pd.DataFrame({"text": [f"newcomer {i}" for i in range(6)], "label": "new"}, index=[f"new-{i}" for i in range(6)])
df, vectors = pd.concat([more, df.iloc[order]]), np.concatenate([np.eye(6, blobs.DIMENSIONS, 5), vectors[order]])
w = elute.Widget(df, text="text", label="label", embedder=vectors, clusterer=elute.KMeans(4), projector="pca", path="shared")
w"""
SHARED = cells.WIDGET.replace('projector="pca")', 'projector="pca", path="shared")')
# another process that holds the journal until it is told to end
OTHER = """import subprocess, sys
code = '''
import sys, blobs, elute
df, vectors = blobs.table()
s = elute.Session(df, text="text", label="label", embedder=vectors, clusterer=elute.KMeans(4), projector="pca", path="shared")
s.drop([0])
print("holds", flush=True)
sys.stdin.read()
'''
other = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
print(other.stdout.readline().strip())"""
END = "other.communicate()\nprint('ended')"


def test_on_a_changed_table_the_page_says_so_and_can_start_afresh(opened):
    notebook = opened(SHARED, CHANGED, cells.KEPT)
    notebook.run(0)
    view = notebook.view()
    view.lasso(blobs.rows(0))
    view.press("tray-drop")
    view.wait(round=2, kept=90)

    notebook.run(1)
    view = notebook.view()
    expect(view["returned"]).to_contain_text("1 decision came back, of ")
    expect(view["returned"]).to_contain_text("6 rows are new and 5 are gone")
    gone = set(blobs.index(blobs.rows(0)))
    kept = notebook.read(2)
    assert len(kept) == 121 - len(gone & set(blobs.index(list(range(5, 120))))) and not gone & set(kept)

    view.press("afresh")
    view.press("afresh-no")
    assert len(notebook.read(2)) == len(kept)
    view.press("afresh")
    view.press("afresh-yes")
    view.wait(kept=121)
    expect(view["returned"]).to_have_count(0)
    expect(view["foot-status"]).to_contain_text("What was decided before is in journal.2")
    assert len(notebook.read(2)) == 121 and view["toolbar-undo"].is_disabled()


def test_two_kernels_on_one_journal(opened):
    notebook = opened(OTHER, SHARED, cells.KEPT, END)
    assert notebook.run(0) == "holds"
    notebook.run(1)
    view = notebook.view().wait(kept=119)
    expect(view["read-only"]).to_contain_text("Another kernel decides")
    view.lasso(blobs.rows(3))
    view.press("tray-drop")
    view.wait(kept=119)
    expect(view["foot-status"]).to_contain_text("only reads")
    assert len(notebook.read(2)) == 119

    view.press("read-only-take")
    expect(view["read-only"]).to_have_count(0)
    view.press("tray-drop")
    view.wait(kept=89)
    assert notebook.read(2) == blobs.index([row for row in blobs.without(3) if row != 0])
    assert notebook.run(3) == "ended"


def test_decisions_made_while_the_kernel_is_gone_arrive_once(opened):
    notebook = opened(cells.WIDGET, cells.KEPT, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", alone=True)
    notebook.run(0)
    view = notebook.view()
    view.lasso(blobs.rows(0))
    view.press("tray-drop")
    view.wait(round=2, kept=90)

    notebook.restart()
    expect(view["foot-status"]).to_contain_text("run the cell again", timeout=15_000)
    view.lasso(blobs.rows(1))
    view.press("tray-drop")
    expect(view["foot-status"]).to_contain_text("but for one decision: sent once")

    notebook.run(0)
    view = notebook.view().wait(kept=60)
    expect(view["returned"]).to_contain_text("1 decision came back")
    assert notebook.read(1) == blobs.index(blobs.without(0, 1))
    view.press("toolbar-undo")
    view.wait(kept=90)
    assert notebook.read(1) == blobs.index(blobs.without(0))  # once: one undo takes all of it back
