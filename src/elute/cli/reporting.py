"""``elute report``: a page about what was decided on a file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from elute.cli.codes import DONE
from elute.cli.saying import Saying
from elute.cli.tables import table_of
from elute.embed import Embedder
from elute.embed.forms import EMBEDDERS
from elute.errors import InputError
from elute.journal import decode
from elute.options import from_dict
from elute.session import Session

HERE = ("tfidf", "sbert")
"""Embedders that work on this machine."""


def run(given: argparse.Namespace, say: Saying) -> int:
    """Take up the journal, find the round of its decisions again, and write."""
    reading, columns = table_of(given, say)
    out = Path(given.out).expanduser()
    folder = None if given.journal is None else Path(given.journal).expanduser()
    if folder is not None and not (folder / "journal.jsonl").is_file():
        raise InputError(f"There is no journal in {folder}: give the folder that holds journal.jsonl.")
    embedder = given.embedder or (None if folder is None else embedder_of(folder / "journal.jsonl"))
    session = Session(reading.table, **columns.how, embedder=embedder, path=folder, progress=say.progress.report)
    try:
        if session.find_round() is None:
            session.run(progress=say.progress)
        saved = save_report(session, out, texts=not given.no_texts, title=Path(given.file).name, round=given.round)
        rounds = len(session.state.rounds)
    finally:
        session.journal.close()
    say.line(f"Written: {saved} (decisions taken up: {session.resumed:,}; rounds: {rounds:,}).")
    say.result({"report": str(saved), "rows": len(reading), "decisions": session.resumed, "rounds": rounds})
    return DONE


def embedder_of(journal: Path) -> Embedder | None:
    """The embedder of the last round in a journal, so that its rounds are found again; one that would send texts away is not taken."""
    told: Any = None
    with journal.open("rb") as lines:
        for line in lines:
            made = decode(line)
            if made is not None and made.kind == "round":
                told = (made.data.get("settings") or {}).get("embedder") or told
    if not isinstance(told, dict) or told.get("name") not in HERE:
        return None
    return from_dict(EMBEDDERS, told).embedder()


def save_report(session: Session, out: Path, *, texts: bool, title: str = "", round: int | None = None) -> Path:
    """The report of the whole session, or of one round.

    Raises
    ------
    InputError
        Of one round without texts: its sentences name clusters by their words.
    """
    if round is None:
        return session.whole_report(texts=texts, title=title).save(out)
    if not texts:
        raise InputError("The report of one round names clusters by their words: leave out --round, or --no-texts.")
    return session.report(round).save(out)
