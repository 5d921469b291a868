"""Two views of one widget: what one does the other shows, and then nobody says anything more."""

from __future__ import annotations

import blobs
import cells
import pytest
from notebook import PANEL

pytestmark = pytest.mark.browser

TWICE = f"{cells.FRESH[:-1]}from IPython.display import display\ndisplay(w, w)"
# How many messages of widgets, either way, pass within some milliseconds.
PASSING = f"""async (ms) => {{
  const {{ kernel }} = {PANEL}.context.sessionContext.session;
  let count = 0;
  const note = (_, {{ msg }}) => (count += Number(msg.header.msg_type.startsWith("comm_")));
  kernel.anyMessage.connect(note);
  await new Promise((done) => setTimeout(done, ms));
  kernel.anyMessage.disconnect(note);
  return count;
}}"""


def test_two_views_agree_and_fall_silent(opened):
    notebook = opened(TWICE, cells.SELECTED)
    notebook.run(0)
    one, other = notebook.view(0), notebook.view(1)
    for group, by, to in ((1, one, other), (2, other, one)):
        by.lasso(blobs.rows(group))
        to.wait(selected=30)
        by.wait(selected=30)
        assert notebook.read(1) == blobs.index(blobs.rows(group))
        # what is looked for in the background is told within seconds; views that answer each other never end
        quiet = any(notebook.page.evaluate(PASSING, 1200) <= 2 for _ in range(8))
        assert quiet, "the views answer each other"
