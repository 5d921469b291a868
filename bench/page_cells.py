"""The cells that bench/page.py runs: the same points by elute, by plotly's FigureWidget and by jupyter-scatter.

What is shown is there before: a cell makes the data, another one shows them, and only this one is measured.
"""

from __future__ import annotations

from dataclasses import dataclass

MADE = """import json, os, tempfile, time
import numpy as np
os.environ["ELUTE_HOME"] = tempfile.mkdtemp(dir=".")
def made(n):
    random = np.random.default_rng(0)
    label = random.integers(0, 20, n)
    return label, (random.normal(size=(20, 8))[label] + 0.3 * random.normal(size=(n, 8))).astype(np.float32)
"""


@dataclass(frozen=True)
class Tool:
    """How one tool shows n points.

    ``before`` defines ``prepare(n)``; ``show`` is the cell that is measured; ``clean`` frees what it made; ``there`` is JavaScript that
    says whether all points were drawn, of the probe ``p`` and ``n``.
    """

    name: str
    before: str
    show: str
    clean: str
    there: str


ELUTE = Tool(
    "elute",
    f"""{MADE}
import elute
def prepare(n):
    _, X = made(n)
    session = elute.Session([f"text {{row}}" for row in range(n)], embedder=X, clusterer=elute.KMeans(20), projector="pca")
    session.run()
    session.analyze()
    return session
""",
    "w = elute.Widget(ready)\nw",
    "w.close()\ndel w",
    """(p, n) => {
      const root = document.querySelector(".elute");
      return root?.dataset.ready === "true" && (p.drawn >= n || root.__elute.scatter?.backend === "software");
    }""",
)

PLOTLY = Tool(
    "plotly",
    f"""{MADE}
import plotly.graph_objects as go
def prepare(n):
    label, X = made(n)
    return label, *X[:, :3].T.copy()
""",
    """label, x, y, z = ready
w = go.FigureWidget(go.Scatter3d(x=x, y=y, z=z, mode="markers", marker=dict(size=2, color=label)), dict(height=640))
w""",
    "w.close()\ndel w",
    "(p, n) => p.drawn >= n",
)

JSCATTER = Tool(
    "jupyter-scatter",
    f"""{MADE}
import jscatter, pandas as pd
def prepare(n):
    label, X = made(n)
    return pd.DataFrame({{"x": X[:, 0], "y": X[:, 1], "label": pd.Categorical(label)}})
""",
    """w = jscatter.Scatter(data=ready, x="x", y="y", color_by="label", height=640)
w.show()""",
    "w.widget.close()\ndel w",
    "(p, n) => p.drawn >= n",
)
