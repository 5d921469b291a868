"""The notebook that ``elute open`` writes: one cell that reads the file and shows the widget."""

from __future__ import annotations

import json
from typing import Any

from elute.reading import Columns

HELLO = (
    "Press **Shift+Enter** in the first cell. The map comes up by itself: turn it, lasso what does not belong, press **X**. "
    "Every removal starts the next round; **Z** takes it back. What you decide is kept, also when this notebook is closed."
)
TAKE = "What stays, and the whole table with what was decided:"


def notebook(file: str, columns: Columns, sheet: str | None = None) -> bytes:
    """A notebook as bytes of nbformat 4.5; names of files and columns are written as Python writes strings.

    Parameters
    ----------
    file : str
        The file's name as seen from the notebook.
    """
    more = f", sheet={sheet!r}" if sheet else ""
    how = "".join(f", {name}={column!r}" for name, column in columns.how.items())
    show = f"import elute\n\nread = elute.read({file!r}{more})\nw = elute.Widget(read.table{how})\nw"
    cells = [
        _cell("code", "elute-show", show),
        _cell("markdown", "elute-hello", HELLO),
        _cell("markdown", "elute-take", TAKE),
        _cell("code", "elute-clean", "w.clean()"),
        _cell("code", "elute-table", "w.table()"),
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    made = {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(made, indent=1) + "\n").encode()


def _cell(kind: str, name: str, source: str) -> dict[str, Any]:
    made: dict[str, Any] = {"cell_type": kind, "id": name, "metadata": {}, "source": source}
    return made if kind == "markdown" else {**made, "execution_count": None, "outputs": []}
