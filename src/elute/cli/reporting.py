"""``elute report``: a page about what was decided on a file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from elute.cli.codes import DONE
from elute.cli.saying import Saying
from elute.cli.tables import table_of
from elute.errors import InputError
from elute.session import Session


def run(given: argparse.Namespace, say: Saying) -> int:
    """Take up the journal, find the round of its decisions again, and write."""
    reading, columns = table_of(given, say)
    out = Path(given.out).expanduser()
    if given.journal and not (Path(given.journal).expanduser() / "journal.jsonl").is_file():
        raise InputError(f"There is no journal in {given.journal}: give the folder that holds journal.jsonl.")
    session = Session(reading.table, **columns.how, path=given.journal, progress=say.progress.report)
    try:
        session.run(progress=say.progress)
        saved = save_report(session, out, texts=not given.no_texts, round=given.round)
        rounds = len(session.state.rounds)
    finally:
        session.journal.close()
    say.line(f"Written: {saved} (decisions taken up: {session.resumed:,}; rounds: {rounds:,}).")
    say.result({"report": str(saved), "rows": len(reading), "decisions": session.resumed, "rounds": rounds})
    return DONE


def save_report(session: Session, out: Path, *, texts: bool, round: int | None = None) -> Path:
    """The report of the whole session, or of one round."""
    made: Any = session.report(round)
    return Path(made.save(out))
