"""The file of a command, and which of its columns are which."""

from __future__ import annotations

import argparse

from elute.cli.saying import Saying
from elute.reading import Columns, Reading, guess, read


def table_of(given: argparse.Namespace, say: Saying) -> tuple[Reading, Columns]:
    """Read it, and say how it was read.

    Raises
    ------
    InputError
    MissingExtraError
    """
    say.progress.report("read")
    reading = read(given.file, sheet=given.sheet)
    columns = guess(reading, given.text, given.label, given.group)
    files = f" in {reading.files:,} files" if reading.files > 1 else ""
    what = "messages" if reading.chats else "rows"
    say.lines(f"{len(reading):,} {what}{files}.", *reading.notes, columns.note)
    return reading, columns
