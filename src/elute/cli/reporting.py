"""``elute report``: a page about what was decided on a file."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from elute.cli.codes import DONE
from elute.cli.saying import Saying
from elute.cli.tables import table_of
from elute.errors import InputError
from elute.report.document import FORMATS
from elute.session import Session
from elute.session.onlooker import Onlooker


def run(given: argparse.Namespace, say: Saying) -> int:
    """Read the journal, find the round of its decisions again, and write; the journal stays as it is."""
    out = _place(Path(given.out).expanduser())
    _fits(given.round, texts=not given.no_texts)
    reading, columns = table_of(given, say)
    folder = None if given.journal is None else Path(given.journal).expanduser()
    if folder is not None and not (folder / "journal.jsonl").is_file():
        raise InputError(f"There is no journal in {folder}: give the folder that holds journal.jsonl.")
    session = Onlooker(reading.table, **columns.how, embedder=given.embedder, path=folder, progress=say.progress.report)
    say.lines(session.returned.line)
    session.run(progress=say.progress)
    saved = save_report(
        session, out, texts=not given.no_texts, title=Path(given.file).name, round=given.round, notes=reading.notes
    )
    rounds = len(session.state.rounds)
    say.line(f"Written: {saved} (decisions taken up: {session.resumed:,}; rounds: {rounds:,}).")
    back, notes = session.returned, tuple(filter(None, (*reading.notes, session.journal.note)))
    say.result({
        "report": str(saved), "rows": len(reading), "decisions": session.resumed, "rounds": rounds, "bad": reading.bad, "notes": notes,
        "new": back.new, "gone": back.gone, "unknown": back.unknown,
    })  # fmt: skip
    return DONE


def save_report(
    session: Session, out: Path, *, texts: bool, title: str = "", round: int | None = None, notes: Sequence[str] = ()
) -> Path:
    """The report of the whole session, or of one round.

    Raises
    ------
    InputError
        Of one round without texts: its sentences name clusters by their words.
    """
    _fits(round, texts)
    if round is None:
        return session.whole_report(texts=texts, title=title, notes=notes).save(out)
    return session.report(round).save(out)


def _fits(round: int | None, texts: bool) -> None:
    if round is not None and not texts:
        raise InputError("The report of one round names clusters by their words: leave out --round, or --no-texts.")


def _place(out: Path) -> Path:
    """Where the report goes, looked at before the work begins.

    Raises
    ------
    InputError
        It can't be written there.
    """
    if out.suffix.lower() not in FORMATS:
        raise InputError(f"Give the report a name that ends in .html or .md, not {out.suffix!r:.20}.")
    if out.is_dir():
        raise InputError(f"{out} is a folder: give the report another name, or one in it.")
    if not out.parent.is_dir():
        raise InputError(f"There is no folder {out.parent}: make it first, or give the report another place.")
    if not os.access(out.parent, os.W_OK):
        raise InputError(f"Nothing can be written in {out.parent}: give the report another place.")
    return out
