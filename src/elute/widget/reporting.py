"""The report that the page reads: made on the worker, told by a revision, saved as a file where the person wants it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from elute.analyze.report import writes
from elute.errors import Cancelled, EluteError
from elute.jobs import Job
from elute.report import RoundReport
from elute.widget.wire import Refused

if TYPE_CHECKING:
    from elute.session import Session
    from elute.widget.rounds import Rounds

log = logging.getLogger("elute")
Answer = tuple[dict[str, Any], bytes | None]
Key = tuple[object, ...]
STOPPED = "It was stopped. Open it again to have it written."


class Reports:
    """The report that was asked for last.

    Parameters
    ----------
    rounds : Rounds
    touch : callable
        ``touch("report")`` tells the page that it is there.
    """

    def __init__(self, rounds: Rounds, touch: Callable[..., None]) -> None:
        self._rounds, self._touch = rounds, touch
        self._key: Key = ()
        self._asked: Key = ()
        self._job: Job | None = None
        self._stopped: Key = ()
        self.report: RoundReport | None = None
        self.error = ""

    def ask(self, record: str, write: bool | None) -> bool:
        """Have the report of a round made, where what is there is older; "" is the round that is shown. Whether it is still to come.

        With ``write`` a model writes, which may cost: a person pressed for it. None is the page that asks again because something
        moved: words of that round that are there or on their way stay, and anything else is made by rules.

        Raises
        ------
        InputError
            A model is to write it that the person did not agree to.
        """
        rounds = self._rounds
        if write:
            rounds.consent.need(rounds.session.analyst)
        record = record or self._shown()
        if not record:
            self.report, self.error, self._key = None, "There is no round yet.", ()
            return False
        if write is None:
            coming = self._job is not None and not self._job.cancelled
            if self._asked[:2] == (record, True) and (coming or self._key == self._asked):
                return self._key != self._asked
            write = self._stopped == (record, True)
        key = self._of(record, write)
        if key == self._key:
            self._asked = key
            return False
        if self._stopped == key[:2]:  # said once: who asks again wants it
            self._stopped, self._asked, self.error = (), (), STOPPED
            return False
        if self._job is None or self._job.cancelled or key != self._asked:
            self._asked = key
            if self._key[:1] != key[:1]:
                self.report = None  # of another round: nobody may take it for this one's
            rounds.before_judging(lambda: self._submit(key, record, write))
        return self._key != key

    @property
    def written(self) -> bool:
        """Whether the words of a model were asked for last."""
        return self._asked[1:2] == (True,)

    @property
    def moved(self) -> bool:
        """Whether the words that are there are of before: something was decided, named or advised since."""
        return self.written and self._key == self._asked and self._key != self._of(str(self._asked[0]), True)

    def stopped(self) -> None:
        """The person stopped what ran or waited: whoever waits for a report hears that none is on its way."""
        if self._job is not None and self._job.cancelled:
            self._job, self._stopped = None, self._asked[:2]
            self._touch("report")

    def _shown(self) -> str:
        made = self._rounds.looking.made
        return self._rounds.current() if made is None else self._rounds.session.id_of(made)

    def _of(self, record: str, write: bool) -> Key:
        """What a report is made from: its round, the decisions and names, and what was advised once all was judged."""
        session = self._rounds.session
        made = session.known_round_at(record)
        advice = None if made is None else session.analysis_of(made).overview
        return record, write, len(session.journal.records), advice

    def _submit(self, key: Key, record: str, write: bool) -> None:
        def run(job: Job) -> None:
            made, error = None, ""
            try:
                made = self._rounds.session.report(record, prose=write, progress=job)
            except Cancelled:
                raise
            except EluteError as no:
                error = str(no)
            except Exception as problem:  # its message may hold texts
                log.warning("a report could not be made: %s", type(problem).__name__)
                error = f"The report could not be made ({type(problem).__name__})."
            if not job.cancelled:
                self.report, self.error, self._key, self._job = made, error, key, None
                self._touch("report")

        self._job = self._rounds.jobs.submit("report", run)


class Reporting:
    """Handlers of reports; :class:`~elute.widget.handlers.Handlers` is one."""

    rounds: Rounds
    session: Session

    def report(self, params: dict[str, Any], buffer: bytes) -> Answer:
        reports = self.rounds.reports
        pending = reports.ask(params.get("round") or "", params.get("write"))
        told = None if reports.report is None else reports.report.to_dict()
        return {
            "report": told,
            "pending": pending,
            "error": reports.error,
            "writes": writes(self.session.analyst),
            "written": reports.written,
            "moved": reports.moved,
        }, None

    def report_file(self, params: dict[str, Any], buffer: bytes) -> Answer:
        report = self.rounds.reports.report
        if report is None:
            raise Refused("refused", "There is no report yet: open one first.")
        kind = params["kind"]
        return {"name": f"elute-round-{report.round}.{kind}"}, report.file(kind)
