"""A sample says on the page how many rows stand behind it, and a drop takes those too."""

from __future__ import annotations

import cells
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

# every row stands for five that say nearly the same
SAMPLED = cells.FRESH.replace(
    "w = elute.Widget(df,", "import numpy as np, pandas as pd\nbig = pd.concat([df.assign(text=df.text + f' {i}') for i in range(5)], "
    "ignore_index=True)\nX = np.tile(vectors, (5, 1))\nw = elute.Widget(elute.Sampled(big, rows=120, vectors=X,"
).replace("embedder=vectors, ", "").replace('projector="pca")', 'projector="pca"))')  # fmt: skip


def test_a_sample_counts_all_rows_and_a_drop_takes_them(opened):
    notebook = opened(SAMPLED, "print(int(w.session.carry().keep.sum()))", "w.drop(w.session.round.labels == 0)")
    notebook.run(0)
    view = notebook.view()
    view.wait(round=1)
    expect(view["sampled"]).to_contain_text("of 600 rows", timeout=15_000)
    expect(view["sampled"]).to_contain_text("Of all rows 600 stay", timeout=15_000)
    assert notebook.read(1) == 600
    notebook.run(2)
    view.wait(round=2)
    left = notebook.read(1)  # those beyond the radius of the cluster as the sample has it stay
    assert 450 <= left < 480
    expect(view["sampled"]).to_contain_text(f"Of all rows {left} stay", timeout=15_000)
