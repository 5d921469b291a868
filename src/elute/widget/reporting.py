"""The reports that the page reads: made on the worker, told by a revision, saved as a file where the person wants it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from elute.analyze.report import writes
from elute.errors import Cancelled, problem
from elute.jobs import Job
from elute.report import RoundReport
from elute.widget.wire import Refused

if TYPE_CHECKING:
    from elute.session import Session
    from elute.widget.rounds import Rounds

Answer = tuple[dict[str, Any], bytes | None]
Key = tuple[object, ...]
HELD = 16
"""Reports that are held at most: more views than that read no two rounds."""
STOPPED = "It was stopped. Open it again to have it written."


class OfRound:
    """The report of one round: what was asked for last, and what is there."""

    def __init__(self) -> None:
        self.key: Key = ()
        self.asked: Key = ()
        self.job: Job | None = None
        self.stopped: Key = ()
        self.report: RoundReport | None = None
        self.error = ""

    @property
    def coming(self) -> bool:
        """Whether it is being made, or waits for that."""
        return self.job is not None and not self.job.cancelled

    @property
    def written(self) -> bool:
        """Whether the words of a model were asked for last."""
        return self.asked[1:2] == (True,)

    def hear_stop(self) -> bool:
        """Whether what was on its way was stopped, and nobody was told yet."""
        if self.job is None or not self.job.cancelled:
            return False
        self.job, self.stopped = None, self.asked[:2]
        return True


class Reports:
    """The reports that views of a widget read, each of its round.

    Parameters
    ----------
    rounds : Rounds
    touch : callable
        ``touch("report")`` tells the page that one is there.
    """

    def __init__(self, rounds: Rounds, touch: Callable[..., None]) -> None:
        self._rounds, self._touch = rounds, touch
        self._held: dict[str, OfRound] = {}

    def ask(self, record: str, write: bool | None) -> tuple[OfRound, bool]:
        """Have the report of a round made, where what is there is older; "" is the round that is shown.

        With ``write`` a model writes, which may cost: a person pressed for it. None is the page that asks again because something
        moved: words of that round that are there or on their way stay, and anything else is made by rules.

        Returns
        -------
        tuple of (OfRound, bool)
            What is there, and whether another is still to come.

        Raises
        ------
        InputError
            A model is to write it that the person did not agree to.
        """
        rounds = self._rounds
        if write:
            rounds.consent.need(rounds.session.analyst)
        record = record or self._shown()
        one = self._of(record)
        if not record:
            one.error = "There is no round yet."
            return one, False
        if write is None:
            if one.written and (one.coming or one.key == one.asked):
                return one, one.key != one.asked
            write = one.stopped == (record, True)
        key = self._key(record, write)
        if key == one.key:
            one.asked = key
            return one, False
        if one.stopped == key[:2]:  # said once: who asks again wants it
            one.stopped, one.asked, one.error = (), (), STOPPED
            return one, False
        if not one.coming or key != one.asked:
            one.asked = key
            rounds.before_judging(lambda: self._submit(one, key, record, write))
        return one, one.key != key

    def moved(self, one: OfRound) -> bool:
        """Whether the words that are there are of before: something was decided, named or advised since."""
        return one.written and one.key == one.asked and one.key != self._key(str(one.asked[0]), True)

    def read(self, number: int | None) -> RoundReport | None:
        """The report of a round, by its number, that is there; that which was asked for last where none is said."""
        there = [one.report for one in reversed(self._held.values())]
        return next((made for made in there if number is None or (made is not None and made.round == number)), None)

    def stopped(self) -> None:
        """The person stopped what ran or waited: whoever waits for a report hears that none is on its way."""
        heard = [one.hear_stop() for one in list(self._held.values())]
        if any(heard):
            self._touch("report")

    def _of(self, record: str) -> OfRound:
        """What is known of the report of a round. Of those that were asked for longest ago, none is held."""
        one = self._held.pop(record, OfRound())
        self._held[record] = one
        for old in [old for old, of in self._held.items() if not of.coming][: max(0, len(self._held) - HELD)]:
            del self._held[old]
        return one

    def _shown(self) -> str:
        made = self._rounds.looking.made
        return self._rounds.current() if made is None else self._rounds.session.id_of(made)

    def _key(self, record: str, write: bool) -> Key:
        """What a report is made from: its round, the decisions and names, and what was advised once all was judged."""
        session = self._rounds.session
        made = session.known_round_at(record)
        advice = None if made is None else session.analysis_of(made).overview
        return record, write, len(session.journal.records), advice

    def _submit(self, one: OfRound, key: Key, record: str, write: bool) -> None:
        def run(job: Job) -> None:
            made, error = None, ""
            try:
                made = self._rounds.session.report(record, prose=write, progress=job)
            except Cancelled:
                raise
            except Exception as no:
                error = problem(no, "The report could not be made")
            if not job.cancelled:
                one.report, one.error, one.key, one.job = made, error, key, None
                self._touch("report")

        # of its round: one that is written for another view is not cut off by it
        one.job = self._rounds.jobs.submit("report", run, of=record)


class ReportRequests:
    """Handlers of reports; :class:`~elute.widget.handlers.Handlers` is one."""

    rounds: Rounds
    session: Session

    def report(self, params: dict[str, Any], buffer: bytes) -> Answer:
        reports = self.rounds.reports
        one, pending = reports.ask(params.get("round") or "", params.get("write"))
        told = None if one.report is None else one.report.to_dict()
        return {
            "report": told,
            "pending": pending,
            "error": one.error,
            "writes": writes(self.session.analyst),
            "written": one.written,
            "moved": reports.moved(one),
        }, None

    def report_file(self, params: dict[str, Any], buffer: bytes) -> Answer:
        report = self.rounds.reports.read(params.get("round"))
        if report is None:
            raise Refused("refused", "There is no report yet: open one first.")
        kind = params["kind"]
        return {"name": f"elute-round-{report.round}.{kind}"}, report.file(kind)
