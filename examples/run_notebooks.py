"""Run the example notebooks from end to end without a screen, and print what each of them measured: ``make examples``.

Their outputs go nowhere else: a notebook in the tree never holds texts. ``python examples/run_notebooks.py intents`` runs one.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).resolve().parent
NAMES = ("purify", "intents", "messages", "balance", "analyst", "cluster")
SECONDS = 1_800
"""One cell may take so long: the first to ask for vectors embeds all texts."""


def main() -> None:
    """Those named on the command line, or all."""
    for name in sys.argv[1:] or NAMES:
        start = time.perf_counter()
        notebook = nbformat.read(HERE / f"{name}.ipynb", as_version=4)
        NotebookClient(notebook, timeout=SECONDS, resources={"metadata": {"path": str(HERE)}}).execute()
        print(f"\n## {name}, {time.perf_counter() - start:.0f} s\n\n{said(notebook.cells[-1])}", flush=True)


def said(cell: Any) -> str:
    """What a cell printed, and its value as plain text."""
    told = [one["text"] if one["output_type"] == "stream" else one["data"]["text/plain"] for one in cell["outputs"]]
    return "".join(told).rstrip()


if __name__ == "__main__":
    main()
