"""Papers of the whole session as files: a report, a card, a manifest, a cell of code or a page with the map, made on the worker."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from elute.errors import Cancelled, problem
from elute.jobs import STOPPED, Job
from elute.widget import exporting
from elute.widget.protocol import CHUNK
from elute.widget.sealing import sealed
from elute.widget.wire import Refused

if TYPE_CHECKING:
    from elute.widget.rounds import Rounds

Answer = tuple[dict[str, Any], bytes | None]
Make = Callable[["Rounds", bool, Job], str]


def _report(rounds: Rounds, texts: bool, job: Job) -> str:
    return rounds.session.whole_report(texts=texts, progress=job).html


def _card(rounds: Rounds, texts: bool, job: Job) -> str:
    return rounds.session.card(texts=texts, progress=job)


def _manifest(rounds: Rounds, texts: bool, job: Job) -> str:
    return json.dumps(rounds.session.manifest(texts=texts), indent=1)


def _code(rounds: Rounds, texts: bool, job: Job) -> str:
    return rounds.session.code(texts=texts)


def _map(rounds: Rounds, texts: bool, job: Job) -> str:
    """The page of :meth:`elute.Widget.export`, with no column of the table."""
    return exporting.page(sealed(rounds, texts=texts), exporting.bundle("widget.js"), exporting.bundle("widget.css"))


PAPERS: dict[str, tuple[str, Make]] = {
    "report": ("elute-session.html", _report),
    "card": ("README.md", _card),
    "manifest": ("manifest.json", _manifest),
    "code": ("elute_decisions.py", _code),
    "map": ("elute-map.html", _map),
}
"""Name of the file, and how it is made."""


@dataclass(frozen=True)
class File:
    """A paper as it was made once; ``key`` tells it from every other, since its chunks are asked for one by one."""

    name: str = ""
    content: bytes = b""
    key: str = field(default_factory=lambda: uuid4().hex)

    @property
    def chunks(self) -> int:
        """Chunks of the file; 0 where there is none."""
        return -(-len(self.content) // CHUNK)


class Papers:
    """The paper that was asked for last.

    Parameters
    ----------
    rounds : Rounds
    touch : callable
        ``touch("report")`` tells the page that it is there.
    """

    def __init__(self, rounds: Rounds, touch: Callable[..., None]) -> None:
        self._rounds, self._touch = rounds, touch
        self._key: tuple[object, ...] = ()
        self._asked: tuple[object, ...] = ()
        self._job: Job | None = None
        self.file, self.error = File(), ""

    def ask(self, kind: str, texts: bool) -> bool:
        """Have it made, where what is there is another or older. Whether it is still to come."""
        key = kind, texts, *self._of()
        if key == self._key:
            return False
        if self._job is None or self._job.cancelled or key != self._asked:
            self._asked = key
            self._rounds.before_judging(lambda: self._submit(key, kind, texts))
        return self._key != key

    def _of(self) -> tuple[object, ...]:
        """What a paper is made from: the round, the decisions, what was said of clusters, and whether one looks back."""
        session, record = self._rounds.session, self._rounds.current()
        made = session.known_round_at(record) if record else None
        said = None if made is None else session.analysis_of(made)
        names = () if said is None else (*said.clusters.values(), said.overview)
        return len(session.journal.records), record, names, self._rounds.looking.number

    def _submit(self, key: tuple[object, ...], kind: str, texts: bool) -> None:
        self._job = self._rounds.jobs.submit("paper", lambda job: self._make(key, kind, texts, job))

    def stopped(self) -> None:
        """The person stopped what ran or waited: whoever waits for a paper hears that none is on its way."""
        if self._job is not None and self._job.cancelled:
            self.file, self.error, self._key, self._job = File(), STOPPED, self._asked, None
            self._touch("report")

    def told(self) -> str:
        """Why there is none; said once, so that what failed or was stopped is tried again when it is asked for again."""
        error, self.error = self.error, ""
        if error:
            self._key, self._asked = (), ()
        return error

    def _make(self, key: tuple[object, ...], kind: str, texts: bool, job: Job) -> None:
        name, make = PAPERS[kind]
        content, error = b"", ""
        try:
            content = make(self._rounds, texts, job).encode("utf-8", "replace")
        except Cancelled:
            if key != self._asked:  # another one is on its way
                raise
            error = STOPPED
        except Exception as no:
            error = problem(no)
        if key == self._asked:
            self.file, self.error, self._key, self._job = File(name, content), error, key, None
            self._touch("report")


class PaperRequests:
    """Handlers of papers; :class:`~elute.widget.handlers.Handlers` is one."""

    rounds: Rounds

    def paper(self, params: dict[str, Any], buffer: bytes) -> Answer:
        if params["kind"] not in PAPERS:
            raise Refused("invalid", f"There is no such paper; there are: {', '.join(PAPERS)}.")
        papers = self.rounds.papers
        pending = papers.ask(params["kind"], bool(params.get("texts")))
        if pending:
            return {"pending": True, "error": "", "name": "", "chunks": 0, "key": ""}, None
        error, file = papers.told(), papers.file
        return {"pending": False, "error": error, "name": file.name, "chunks": file.chunks, "key": file.key}, None

    def paper_file(self, params: dict[str, Any], buffer: bytes) -> Answer:
        file = self.rounds.papers.file
        if params["key"] != file.key:  # its parts would be put together with those of the other
            raise Refused("stale", "This paper is not there any more, since another one was made. Ask for it again.")
        if not 0 <= params["chunk"] < file.chunks:
            raise Refused("refused", "There is no such part of a paper: ask for the paper first.")
        at = params["chunk"] * CHUNK
        return {"chunks": file.chunks}, file.content[at : at + CHUNK]
