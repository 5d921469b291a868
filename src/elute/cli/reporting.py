"""``elute report``: a page about what was decided on a file."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from elute.cli.codes import DONE
from elute.cli.saying import Saying
from elute.cli.tables import table_of
from elute.errors import InputError
from elute.session import Session
from elute.session.onlooker import Onlooker


def run(given: argparse.Namespace, say: Saying) -> int:
    """Read the journal, find the round of its decisions again, and write; the journal stays as it is."""
    reading, columns = table_of(given, say)
    out = Path(given.out).expanduser()
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
    if round is None:
        return session.whole_report(texts=texts, title=title, notes=notes).save(out)
    if not texts:
        raise InputError("The report of one round names clusters by their words: leave out --round, or --no-texts.")
    return session.report(round).save(out)
