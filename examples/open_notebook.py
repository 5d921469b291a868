"""Run the example notebook once without a screen; on a terminal, open JupyterLab on it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).resolve().parent / "purify.ipynb"


def main() -> None:
    """Execute, then open or say how to open."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(NOTEBOOK.parent)}}).execute()
    print(f"{NOTEBOOK.name} ran without a screen.")
    command = [sys.executable, "-m", "jupyter", "lab", str(NOTEBOOK)]
    if sys.stdout.isatty() and sys.stdin.isatty():
        raise SystemExit(subprocess.call(command))
    print(f"To open it: {Path(sys.executable).parent / 'jupyter'} lab {NOTEBOOK}")


if __name__ == "__main__":
    main()
