"""``elute open``: a notebook beside the file, and JupyterLab on it."""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

from elute.cli.codes import DONE, MISSING
from elute.cli.notebook import notebook
from elute.cli.saying import Saying
from elute.cli.tables import table_of
from elute.disk import DISK
from elute.errors import InputError
from elute.reading.content import PACKED


def run(given: argparse.Namespace, say: Saying) -> int:
    """Read the file once, so that what is wrong with it is said here, then write and open."""
    reading, columns = table_of(given, say)
    place = Path(given.notebook).expanduser() if given.notebook else beside(Path(given.file).expanduser())
    if place.suffix != ".ipynb":
        raise InputError(f"Give the notebook a name that ends in .ipynb, not {place.suffix[:20]!r}.")
    made, seen = not place.exists(), os.path.relpath(Path(given.file).expanduser().resolve(), place.parent.resolve())
    new = notebook(seen, columns, given.sheet)
    if made:
        DISK.make_folder(place.parent)
        DISK.replace(place, new)
    note = "" if made else _beside_it(place, seen, new, any((given.text, given.label is not None, given.group, given.sheet)))
    say.lines(f"{'Written' if made else 'There already, and left as it is'}: {place}", note)
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
    """``texts.v2.elute.ipynb`` for ``texts.v2.csv.gz``, in the same folder; of a folder, in it."""
    if file.is_dir():
        return file / f"{file.resolve().name}.elute.ipynb"
    name = file.with_suffix("") if file.suffix.lower() in PACKED else file
    return file.with_name(f"{name.stem}.elute.ipynb")


def _beside_it(place: Path, seen: str, new: bytes, asked: bool) -> str:
    """What is to be said of a notebook that was there: ``new`` is what would have been written, ``asked`` that columns were given.

    Raises
    ------
    InputError
        It reads another file.
    """
    there, wanted = _cells(place.read_bytes()), _cells(new)
    if not there or wanted[0] in there:
        return ""
    names = {seen, Path(seen).name, repr(seen)[1:-1]}
    if not any(re.search(rf"""(?:['"]|/){re.escape(name)}['"]""", cell) for name in names for cell in there):
        raise InputError(
            f"{place} is there already, and reads another file than {seen}. Say what the new one is to be called: --notebook NAME.ipynb."
        )
    return "Columns are those of its first cell, not what was given now: change them there, or give --notebook." if asked else ""


def _cells(content: bytes) -> list[str]:
    """The code of a notebook; none where it is none."""
    try:
        cells = json.loads(content)["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return []
