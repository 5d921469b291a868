"""What nobody waits for: all rows behind a sample counted, a closer look at the labels after a round, then accuracy by round.

All three give way at once. As soon as anything else waits for the worker they stop, and begin again behind it; a new round ends them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from elute.errors import Cancelled
from elute.jobs import UNSEEN, Job
from elute.progress import Progress
from elute.widget import sample

if TYPE_CHECKING:
    from elute.widget.rounds import Rounds


class Background:
    """Jobs after a round, each once a round and mask.

    Parameters
    ----------
    rounds : Rounds
    touch : callable
        ``touch("evidence")`` tells the page that accuracy was measured.
    """

    def __init__(self, rounds: Rounds, touch: Callable[..., None]) -> None:
        self._rounds, self._touch = rounds, touch
        self._judged: set[str] = set()
        self._failed: set[tuple[str, str]] = set()

    @property
    def pending(self) -> bool:
        """Whether accuracy is still to come for what is kept now."""
        session = self._rounds.session
        return self._rounds.jobs.waits(*UNSEEN, "run") and session.accuracy_course()[3]

    def begin(self) -> None:
        """Start what is not known of the current round yet."""
        session, at = self._rounds.session, self._at()
        if not at:
            return
        if sample.uncounted(session) and ("rows", at) not in self._failed:
            self._submit("rows", self._rows)
        elif session.corpus.label is None:
            return
        elif at not in self._judged and ("labels", at) not in self._failed:
            self._submit("labels", self._labels)
        elif session.accuracy_course()[3] and ("accuracy", at) not in self._failed:
            self._submit("accuracy", self._accuracy)

    def _at(self) -> str:
        return "" if self._rounds.stale else self._rounds.current()

    def _submit(self, kind: str, work: Callable[[Progress], None]) -> None:
        at = self._at()

        def run(job: Job) -> None:
            if self._at() != at:
                return
            giving = _Giving(job, lambda: self._rounds.jobs.waits_besides(*UNSEEN))
            try:
                work(giving)
            except Cancelled:
                if giving.gave:
                    self._submit(kind, work)
                raise
            except BaseException:
                self._failed.add((kind, at))  # once is enough to be told of it
                raise
            self.begin()

        self._rounds.jobs.submit(kind, run)

    def _labels(self, progress: Progress) -> None:
        at = self._at()
        self._judged.add(at)  # its round is shown before it returns, which must not begin it again
        try:
            changed = self._rounds.session.judge_labels(progress=progress)
        except BaseException:
            self._judged.discard(at)
            raise
        if changed:
            self._touch("evidence", "suggestions")

    def _rows(self, progress: Progress) -> None:
        if sample.count(self._rounds.session, progress):
            self._touch("decision", "analysis")
        else:
            self._failed.add(("rows", self._at()))  # until something else is decided

    def _accuracy(self, progress: Progress) -> None:
        self._rounds.session.measure_accuracy(progress=progress)
        self._touch("evidence")


class _Giving:
    """The progress of a job that stops as soon as somebody else waits; it reports nothing, since nobody waits for it."""

    def __init__(self, job: Job, others: Callable[[], bool]) -> None:
        self._job, self._others = job, others
        self.gave = False

    def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
        self.check()

    def check(self) -> None:
        self._job.check()
        if self._others():
            self.gave = True
            raise Cancelled("something else is waited for")
