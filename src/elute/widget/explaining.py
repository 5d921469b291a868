"""What the analyst says of the selection: asked once, whichever view of the widget asks, and told by a revision."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.errors import InputError
from elute.jobs import Job

if TYPE_CHECKING:
    from elute.widget.rounds import Rounds


class Explaining:
    """The last question about a selection, and its answer.

    Parameters
    ----------
    rounds : Rounds
    touch : callable
        ``touch("analysis")`` tells the page that the answer is there.

    Attributes
    ----------
    told : dict or None
        The answer; None while there is none.
    """

    def __init__(self, rounds: Rounds, touch: Callable[..., None]) -> None:
        self._rounds, self._touch = rounds, touch
        self._key: tuple[Any, ...] = ()
        self._job: Job | None = None
        self.told: dict[str, Any] | None = None

    def ask(self) -> None:
        """Ask what the selection is; a person waits for this, so it goes before the judging of clusters.

        An answer may cost: that to the same question, which is there or under way since another view asked it, is this one's too.

        Raises
        ------
        InputError
            Nothing is selected, or the person did not agree to the analyst.
        """
        rounds, rows = self._rounds, self._rounds.session.selection
        if not rounds.current() or not rows.any():
            raise InputError("Nothing is selected.")
        rounds.consent.need(rounds.session.analyst)
        key = rounds.current(), rounds.session.analyst, rounds.session.prompts, np.packbits(rows).tobytes()
        if key == self._key and self.told is not None:
            self._touch("analysis")
        elif key != self._key or self._job is None or self._job.cancelled:
            self._key, self.told = key, None
            rounds.before_judging(lambda: self._submit(key, rows))

    def _submit(self, key: tuple[Any, ...], rows: NDArray[np.bool_]) -> None:
        self._job = self._rounds.jobs.submit("explain", lambda job: self._explain(job, key, rows))

    def _explain(self, job: Job, key: tuple[Any, ...], rows: NDArray[np.bool_]) -> None:
        try:
            said = self._rounds.session.explain(rows, progress=job)
            job.check()  # other rows are chosen by now
        except BaseException:
            if key == self._key and not job.cancelled:
                self._key = ()  # who asks once more wants it asked
            raise
        self.told = {**said.to_dict(), "rows": int(rows.sum())}
        self._touch("analysis")
