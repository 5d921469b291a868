"""``elute open``: a notebook beside the file, and JupyterLab on it."""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from elute.cli.codes import DONE, MISSING
from elute.cli.notebook import notebook
from elute.cli.saying import Saying
from elute.cli.tables import table_of
from elute.disk import DISK
from elute.errors import InputError


def run(given: argparse.Namespace, say: Saying) -> int:
    """Read the file once, so that what is wrong with it is said here, then write and open."""
    reading, columns = table_of(given, say)
    place = Path(given.notebook).expanduser() if given.notebook else beside(Path(given.file).expanduser())
    if place.suffix != ".ipynb":
        raise InputError(f"Give the notebook a name that ends in .ipynb, not {place.suffix[:20]!r}.")
    made = not place.exists()
    if made:
        DISK.make_folder(place.parent)
        seen = os.path.relpath(Path(given.file).expanduser().resolve(), place.parent.resolve())
        DISK.replace(place, notebook(seen, columns, given.sheet))
    say.line(f"{'Written' if made else 'There already, and left as it is'}: {place}")
    told = {
        "notebook": str(place), "written": made, "rows": len(reading), "bad": reading.bad, "notes": reading.notes, **columns.how
    }  # fmt: skip
    if given.write_only:
        say.result(told)
        return DONE
    if importlib.util.find_spec("jupyterlab") is None:
        say.failed(f"JupyterLab is not installed. Type: pip install jupyterlab, then: jupyter lab {place}", MISSING, told)
        return MISSING
    say.result(told)
    say.line("JupyterLab starts; Ctrl-C here ends it.")
    browser = ["--no-browser"] if given.no_browser else []
    return subprocess.call([sys.executable, "-m", "jupyterlab", *browser, str(place.resolve())])


def beside(file: Path) -> Path:
    """``texts.elute.ipynb`` for ``texts.csv.gz``, in the same folder; of a folder, in it."""
    if file.is_dir():
        return file / f"{file.resolve().name}.elute.ipynb"
    return file.with_name(f"{file.name.split('.')[0] or 'texts'}.elute.ipynb")
