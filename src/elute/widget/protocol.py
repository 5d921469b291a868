"""The wire between Python and the page, on one screen; ``js/src/protocol.ts`` is made from this file and what it names.

Three concepts: small synced **traits** (below), **requests** from the page with exactly one reply each, and a new **revision**, which
tells the page to ask for what it lacks. No text, vector or point is ever in a trait: traits end up in the saved notebook.

    page -> Python   {id, name, params, after?} + buffers
    Python -> page   {id, ok: true, result} + buffers   |   {id, ok: false, error: {kind, message}}

``after`` is the id of the last act that was sent and is not answered yet: where that one has not come, this one is refused as
``early``, and the page sends both again (:mod:`elute.widget.retries`).

Where a host loses buffers (``hello`` finds out), the same bytes travel as base64 text under ``data`` beside ``params`` or ``result``.

The requests themselves are in ``requests/``, the types of their replies in ``shapes.py``.

``python -m elute.widget.protocol`` prints the TypeScript; a test holds the two equal.
"""

from __future__ import annotations

from elute.widget.requests import REQUESTS
from elute.widget.shapes import PARTS

__all__ = ["CHUNK", "ERRORS", "MESSAGE_LIMIT", "PARTS", "PROTOCOL", "READINGS", "REQUESTS", "TRAITS"]

PROTOCOL = 1
MESSAGE_LIMIT = 4_000_000
"""Bytes of one message either way; Databricks allows 5 MB. Longer columns travel in chunks."""
CHUNK = 2_000_000
"""Bytes of one chunk of a column."""
TRAITS = {
    "revision": ("Record<Part, number>", "One counter a part. Written by Python."),
    "status": ("Status", "What runs, how far, how long still. Written by Python, at most ten times a second."),
    "height": ("number", "Height of the widget in CSS pixels. Written by Python."),
    "counts": ("{ kept: number; selected: number }", "How many rows stay, and how many are selected. Written by Python."),
    "dim": ('"2d" | "3d" | "both"', "Which maps are shown. Written by both."),
    "colour_by": ("string", "Key of the attribute that colours the points. Written by both."),
    "hidden": ("number[]", "Clusters that are neither drawn nor selected, ascending. Written by both."),
}


READINGS = (
    "hello state frame column kept clusters values points text hits grow going selection revisit previewed explanation judged suggestions "
    "suggestion halves read advice worth learned duplicates confusion confused pairs accuracy compared tags prompts check_prompts prompted calls "
    "calls_file report_file paper paper_file thumbnails"
).split()
"""Requests that may be answered any number of times. Every other one is an act, done once."""
ERRORS = ("unknown", "invalid", "stale", "refused", "failed", "early")
"""Kinds of error replies: no such request, parameters that don't fit, an old frame, not possible now, it broke, not its turn yet."""

if __name__ == "__main__":
    from elute.widget.typescript import typescript

    print(typescript(), end="")
