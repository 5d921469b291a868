"""What elute would do, made on the worker: once for each round, decision and verdict, and only while somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from elute.errors import Cancelled
from elute.jobs import Job
from elute.suggest import Ground, Looks, Suggested, Suggestion
from elute.widget.wire import Refused

if TYPE_CHECKING:
    from elute.widget.rounds import Rounds

Key = tuple[Any, ...]
STOPPED = "Looking for what stands out was stopped. It begins again with the next decision or round."


class Suggesting:
    """The suggestions of one widget.

    Parameters
    ----------
    rounds : Rounds
    touch : callable
        ``touch("suggestions")`` tells the page that they are there.
    """

    def __init__(self, rounds: Rounds, touch: Callable[..., None]) -> None:
        self._rounds, self._touch = rounds, touch
        self._made: Key | None = None
        self._asked: tuple[Key, Job] | None = None
        self._stopped = False
        self.suggested = Suggested()
        self.ground: Ground | None = None
        self.problem = ""

    def want(self) -> bool:
        """Make them where those that are known are of another round or decision; whether they are still to come."""
        if not self._rounds.has_round:
            return self._rounds.jobs.busy
        if self._rounds.looking.made is not None:
            return False
        key = self._key()
        if key == self._made:
            return False
        if self._stopped:  # said once: who asks again wants them
            self._stopped = False
            return False
        if self._asked is None or self._asked[0] != key or self._asked[1].cancelled:
            self._rounds.before_judging(lambda: self._submit(key))
        return True

    def stopped(self) -> None:
        """The person stopped what ran or waited: whoever waits for suggestions hears that none are on their way."""
        if self._asked is None or not self._asked[1].cancelled or not self._rounds.has_round:
            return
        if self.ground is None or self.ground.made is not self._rounds.shown():
            # what is known is of other clusters, and nothing is known of these
            self.suggested, self.ground = Suggested(looks=Looks(nothing=STOPPED)), None
        self._made, self._asked, self._stopped, self.problem = None, None, True, STOPPED
        self._touch("suggestions")

    def find(self, ids: Sequence[Any]) -> list[Suggestion]:
        """Suggestions by their ids, as they were shown.

        Raises
        ------
        Refused
            One of them is not there any more.
        """
        there = {one.id: one for one in self.suggested.suggestions}
        if not ids or any(not isinstance(id, str) or id not in there for id in ids):
            raise Refused("stale", "This suggestion is not there any more: what it was about has changed.")
        return [there[id] for id in ids]

    def _key(self) -> Key:
        session, made = self._rounds.session, self._rounds.shown()
        # verdicts come one by one, and only the whole of them changes what is worth saying
        analysis = session.analysis_of(made)
        judged = None if analysis.overview is None else analysis  # the same object while nobody is judged again
        return session.state.last, id(made), judged, id(session.suggester.learned)

    def _submit(self, key: Key) -> None:
        self._asked = key, self._rounds.jobs.submit("suggest", self._run)

    def _run(self, job: Job) -> None:
        if not self._rounds.has_round or self._rounds.looking.made is not None:
            return
        key, problem = self._key(), ""
        try:
            job.report("suggest")
            suggester = self._rounds.session.suggester
            self.suggested, self.ground = suggester.suggested, suggester.ground
        except Cancelled:
            raise
        except Exception as wrong:  # its message may hold texts
            problem = f"The suggestions could not be made ({type(wrong).__name__})."
        if not job.cancelled:
            self._made, self._asked, self.problem = key, None, problem
            self._touch("suggestions")
