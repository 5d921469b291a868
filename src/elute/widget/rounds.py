"""Rounds behind the page: which round is shown, and what runs next."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from elute.analyze.judge import Analysis
from elute.analyze.prompts import Prompts
from elute.decisions import TURNS, UNDOABLE
from elute.errors import InputError
from elute.jobs import UNSEEN, Job, Jobs, Status
from elute.rounds.round import Round
from elute.session import Session
from elute.widget.attributes import Attributes
from elute.widget.background import Background
from elute.widget.comparing import Comparing
from elute.widget.consent import Consent
from elute.widget.evidencing import Evidencing
from elute.widget.explaining import Explaining
from elute.widget.finding import Finding
from elute.widget.frame import Frame, label_codes, pack_frame
from elute.widget.looking import Looking
from elute.widget.members import Members
from elute.widget.papering import Papers
from elute.widget.previewing import Previewing
from elute.widget.prompting import Prompting
from elute.widget.reporting import Reports
from elute.widget.rowwise import RowJudging
from elute.widget.suggesting import Suggesting
from elute.widget.teaching import Teaching

QUIET = 0.2
"""Seconds between two times that the page is told of new verdicts."""


class Rounds:
    """Session, worker and frame of one widget.

    Parameters
    ----------
    session : Session
    touch : callable
        ``touch("round", ...)`` moves the revision of these parts.
    tell : callable
        Given the worker's :class:`~elute.jobs.Status`.
    """

    def __init__(self, session: Session, touch: Callable[..., None], tell: Callable[[Status], None]) -> None:
        self.session = session
        self.jobs = Jobs(tell, watch=self._watch)
        self._touch, self._tell = touch, tell
        self._draft: Round | None = None
        self._last: Round | None = None
        self._frame: tuple[Round | None, Frame | None] = (None, None)
        self._frames = 0
        self._started = False
        self.consent = Consent(session, touch)
        self.attributes, self.finding, self.members = Attributes(self), Finding(self, touch), Members(len(session.corpus))
        self.looking, self.previewing = Looking(self, touch), Previewing(self, touch)
        self.suggesting, self.evidencing = Suggesting(self, touch), Evidencing(self, touch)
        self.comparing, self.background = Comparing(self, touch), Background(self, touch)
        self.teaching, self.prompting = Teaching(self, touch), Prompting(self, touch)
        self.reports, self.papers = Reports(self, touch), Papers(self, touch)
        self.rowwise, self.explaining = RowJudging(self, touch), Explaining(self, touch)
        self._judged_by: Prompts | None = None
        self.close = session.listen(self._heard)

    # -- what is shown -------------------------------------------------------------------------------------------------------

    @property
    def has_round(self) -> bool:
        """Whether there is anything to show."""
        return self._draft is not None or self._last is not None

    def shown(self) -> Round:
        """The round that is looked at, if one is; the draft while a layout is being computed, else the last whole round."""
        made = self.looking.made or self._draft or self._last
        if made is None:
            raise InputError("There is no round yet.")
        return made

    def kept(self) -> NDArray[np.bool_]:
        """(n,) the rows that stay; those that stayed then, while an earlier round is looked at."""
        made = self.looking.made
        return self.session.state.keep if made is None else made.keep

    def current(self) -> str:
        """Id of the record of the last whole round; "" before the first."""
        return "" if self._last is None else self.session.id_of(self._last)

    @property
    def stale(self) -> bool:
        """Whether decisions or settings are newer than the last round."""
        return self._last is None or self.session.known_round() is not self._last

    @cached_property
    def label_codes(self) -> tuple[list[str], NDArray[np.int32]]:
        """The values of the label column, and which one each row has."""
        return label_codes(self.session.corpus)

    def clusters(self) -> set[int]:
        """Numbers of the clusters that are shown, noise (-1) among them; none while a first draft is."""
        return set(map(int, self.shown().clusters["cluster"])) if self.has_round else set()

    def hideable(self) -> set[int]:
        """Those, and those of the current round while an earlier one is looked at: what is hidden stays so until one is back."""
        beneath = self._last if self.looking.made is not None else None
        return self.clusters() | (set() if beneath is None else set(map(int, beneath.clusters["cluster"])))

    def names(self) -> dict[int, str]:
        """Names of the clusters that are shown."""
        return self.session.names_of(self.shown())

    def frame(self) -> Frame:
        """The columns of what is shown, packed once."""
        made = self.shown()
        if self._frame[0] is not made or self._frame[1] is None:
            self._frames += 1
            self._frame = made, pack_frame(self._frames, made, self._frame[1])
        frame = self._frame[1]
        assert frame is not None
        return frame

    # -- what happens next ---------------------------------------------------------------------------------------------------

    def _heard(self, kind: str) -> None:
        """What was decided, selected or computed, on the page or in a cell: the page hears of it here, and only here."""
        if kind == "select":
            self._touch("selection")
        elif kind == "round":
            self._show_current()
        else:
            if kind == "withdraw":
                self.cancel(*self.consent.taken_back())
            if kind in (*UNDOABLE, *TURNS):
                self.looking.end()
            self._touch("decision", *(["settings"] if kind in ("settings", *TURNS) else []))
            if kind in ("drop", "restore", "edit", "settings", *TURNS):
                self._decided()

    def heard_again(self) -> None:
        """Other decisions may be in force, whichever they were."""
        self._heard("goto")

    def _decided(self) -> None:
        """After a decision: show the frozen round that belongs to it, or start the next one."""
        chosen, keep = self.session.selection, self.session.state.keep
        if (chosen & ~keep).any():
            self.session.select(chosen & keep, source=self.session.selection_source)
        if self.session.known_round() is not None:
            self.jobs.cancel("run", "refine")  # its pictures would be of another round
            self._show_current()
            if not self.jobs.busy:
                self.jobs.forgive()  # what broke last is not what is seen now
        elif self.session.automatic or self.session.has_round():
            self.run()

    def start(self) -> None:
        """Start the first round, once: when the widget is displayed, by whatever displays it."""
        if not self._started:
            self._started = True
            self.run()

    def run(self) -> None:
        """Start a round; what is judged meanwhile may soon be gone."""
        self.looking.end()
        self.jobs.put_off("analyse")  # answers about clusters that stay as they are will do for the next round
        self.jobs.cancel("explain", "judge", "warm", "refine", "preview", "suggest", *UNSEEN)
        self.jobs.submit("run", self._run)
        self.previewing.again()

    def refine(self) -> None:
        """Relax the map of the round that is shown."""
        if self.stale:
            raise InputError("The map is older than the last decision. Run the next round first.")
        self.looking.end()
        self.jobs.submit("refine", self._refine)

    def analyze(self, again: list[int] | None = None) -> None:
        """Judge what changed, and the clusters in ``again``."""
        if self._last is not None:
            self.jobs.put_off("analyse")
            self.jobs.submit("analyse", lambda job: self._analyze(job, again or []))

    def before_judging(self, submit: Callable[[], object]) -> None:
        """A person waits for what is submitted: the judging of clusters goes on after it."""
        judging = self.jobs.put_off("analyse")
        submit()
        if judging:
            self.analyze()

    def cancel(self, *kinds: str) -> bool:
        """Stop what runs, of these kinds of jobs or of every kind."""
        self.previewing.stop()
        there = self.jobs.cancel(*kinds)
        for one in (self.reports, self.papers, self.suggesting, self.teaching, self.prompting, self.finding, self.evidencing):
            one.stopped()
        return there

    def answer(self, granted: bool, provider: str, purpose: str) -> None:
        """The person's answer to what :attr:`consent` asked: what waited for it goes on."""
        if self.consent.answer(granted, provider, purpose):
            (self.run if purpose == "embed" else self.analyze)()

    # -- on the worker -------------------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        """What sends stops, too, where consent is taken back in another cell or kernel: no listener hears of that."""
        if self.consent.taken_elsewhere():
            self._heard("withdraw")

    def _run(self, job: Job) -> None:
        embedder = self.session.embedder
        if self.consent.lacks(embedder):
            texts = self.session.unembedded(job)
            if not self.consent.ask("embed", embedder.name, texts, embedder.estimate(texts)):
                raise InputError(f"There is no round: you did not agree to send texts to {embedder.name}. Run asks again.")
            return
        self.consent.withdraw("embed")  # another embedder was chosen than the one it was asked for
        try:
            self.session.run(progress=job, draft=self._show_draft)
        except InputError:
            self._judge_on()  # what stays on the screen is judged to its end
            raise
        finally:
            self._end_draft()
        self.jobs.submit("warm", self.session.warm)

    def _refine(self, job: Job) -> None:
        try:
            self.session.refine(progress=job, draft=self._show_layout)
        finally:
            self._end_draft()

    def _show_draft(self, made: Round) -> None:
        # points that are already placed must not jump to a draft and back
        if self._last is None:
            settling = self._draft is not None
            self._draft = made
            self._touch("layout" if settling else "round")

    def _show_layout(self, made: Round) -> None:
        self._draft = made
        self._touch("layout")

    def _end_draft(self) -> None:
        """A round that was stopped, or broke, leaves no draft behind."""
        if self._draft is not None:
            self._draft = None
            self._touch("round")

    def _show_current(self) -> None:
        """Show the round that belongs to the decisions, or the newest one where that is not computed."""
        made = self.session.current
        if made is not self._last:
            # the whole round before the draft goes: nobody may find neither
            self._last, self._draft = made, None
            self._touch("round", "analysis")
        self._judge_on()
        self.background.begin()

    def _judge_on(self) -> None:
        if self._last is None:
            return
        other = self._judged_by not in (None, self.session.prompts)  # the person's words are others, or were taken back
        if other or self.session.analysis_of(self._last).overview is None:
            self.analyze()

    def _analyze(self, job: Job, again: list[int]) -> None:
        analyst, self._judged_by = self.session.analyst, self.session.prompts
        if self.consent.lacks(analyst):
            views = self.session.views()
            shown = [text for view in self.session.unjudged(views) for text in view.texts]
            self.consent.ask("analyse", analyst.name, shown, self.session.judging_estimate(views))
            return
        self.consent.withdraw("analyse")
        told = 0.0

        def heard(_: Analysis) -> None:
            # a free analyst answers hundreds of times a second
            nonlocal told
            if time.monotonic() - told > QUIET:
                told = time.monotonic()
                self._touch("analysis")

        try:
            self.session.analyze(again=again, progress=job, tell=heard)
        finally:
            self._touch("analysis")
