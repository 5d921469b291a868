"""Run the example notebooks from end to end without a screen, and print what each of them measured: ``make examples``.

Their outputs go nowhere else: a notebook in the tree never holds texts. ``python examples/run_notebooks.py intents`` runs one.
``purify`` waits for a person at the widget: here the truth looks at ten clusters for them, and in a journal of its own.
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
PERSON = """
w.start()
w.wait()
for _ in range(10):
    order = list(w.session.looks.order)
    if not order:
        break
    rows = (w.session.round.labels == order[0]) & w.keep
    five = df[rows].sample(min(5, rows.sum()), random_state=0)
    if five["source"].isin(FOREIGN).mean() < 0.8:
        w.session.approve(rows)
    else:
        w.drop(rows, reason="not what this set is for")
        w.wait()
"""


def main() -> None:
    """Those named on the command line, or all."""
    for name in sys.argv[1:] or NAMES:
        start = time.perf_counter()
        notebook = nbformat.read(HERE / f"{name}.ipynb", as_version=4)
        for cell in notebook.cells:
            cell.source = attended(cell.source)
        NotebookClient(notebook, timeout=SECONDS, resources={"metadata": {"path": str(HERE)}}).execute()
        print(f"\n## {name}, {time.perf_counter() - start:.0f} s\n\n{worth(notebook.cells)}", flush=True)


def attended(source: str) -> str:
    """The source of a cell; one that shows a widget goes on as a person would, and not in the journal of the person who is there."""
    if not source.startswith("w = elute.Widget("):
        return source
    return source.replace('FOLDER / "notebook"', 'FOLDER / "attended", resume=False') + PERSON


def worth(cells: list[Any]) -> str:
    """What was printed below the last heading, which is what the notebook measured."""
    at = max(at for at, cell in enumerate(cells) if cell.cell_type == "markdown" and cell.source.startswith("#"))
    return "\n".join(said(cell) for cell in cells[at:] if cell.cell_type == "code")


def said(cell: Any) -> str:
    """What a cell printed, and its value as plain text."""
    told = [one["text"] if one["output_type"] == "stream" else one["data"]["text/plain"] for one in cell["outputs"]]
    return "".join(told).rstrip()


if __name__ == "__main__":
    main()
