"""Images of rows, beside their texts: of rows in sight, on the card, and a word where there is none."""

from __future__ import annotations

import cells
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PICTURED = cells.FRESH.replace(
    "w = elute.Widget(df, ",
    """import numpy as np, io
from PIL import Image
def made(row):
    out = io.BytesIO()
    shade = np.add.outer(np.arange(90) * 2, np.arange(120))[..., None] * np.array([1, row % 3, 2 - row % 3])
    Image.fromarray((shade % 256).astype(np.uint8)).save(out, "PNG")
    return out.getvalue()
df["photo"] = [b"<svg/>" if row % 9 == 4 else made(row) for row in range(len(df))]
w = elute.Widget(df, image="photo", """,
)
SHOWN = "all => all.map(one => one.complete && one.naturalWidth === 120 && one.src.startsWith('blob:'))"


def test_rows_in_sight_show_their_images(opened):
    notebook = opened(PICTURED)
    notebook.run(0)
    view = notebook.view().wait(round=1)
    view.root.evaluate("root => root.__elute.store.show({ tab: 'points' })")
    images = view.root.locator("[data-test=point] [data-test=thumbnail] img")
    expect(images.nth(3)).to_be_visible()
    expect(view.root.locator("[data-test=thumbnail]", has_text="no image").first).to_be_visible()
    assert all(images.evaluate_all(SHOWN))
    assert images.count() < 60, "rows far below are not asked for"
    assert notebook.errors == []
