"""``elute forget``: what is kept about a file, in a folder or at all; removed only with ``--sure``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from elute.cli.codes import DONE
from elute.cli.saying import Saying
from elute.cli.tables import table_of
from elute.errors import InputError
from elute.forgetting import Traces, forget

JOURNAL = "journal"
"""Where ``elute clean`` keeps the journal, in its folder."""


def run(given: argparse.Namespace, say: Saying) -> int:
    """List, or remove; a folder with a journal in it is that journal's, any other path is a file of texts."""
    found = _find(given, say)
    for line in repr(found).replace("say sure=True", "say --sure").splitlines():
        say.line(line)
    say.result({
        "gone": found.gone, "files": [str(path) for path in found.files], "bytes": found.bytes, "vectors": found.vectors,
        "left": found.left,
    })  # fmt: skip
    return DONE


def _find(given: argparse.Namespace, say: Saying) -> Traces:
    if sum(map(bool, (given.file, given.everything))) + bool(given.journal and not given.file) != 1:
        raise InputError("Say what to forget: a file, the folder of a journal, or --everything.")
    if given.everything:
        return forget(everything=True, sure=given.sure)
    folder = _journal(Path(given.journal or given.file).expanduser())
    if folder is not None and (given.journal is None or not given.file):
        return forget(folder, sure=given.sure)
    if not given.file:
        raise InputError(f"There is no journal in {given.journal}.")
    reading, columns = table_of(given, say)
    how: dict[str, Any] = dict(columns.how)
    return forget(reading.table, path=given.journal, sure=given.sure, **how)


def _journal(path: Path) -> Path | None:
    """The folder of a journal: this one, or that of ``elute clean`` in it."""
    return next((folder for folder in (path, path / JOURNAL) if (folder / "journal.jsonl").is_file()), None)
