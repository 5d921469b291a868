"""Rounds behind the page: which round is shown, what runs next, what waits for the person's consent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from elute.errors import InputError
from elute.jobs import Job, Jobs, Status
from elute.round import Round
from elute.session import Session
from elute.widget.frame import Frame, pack_frame


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
        self.jobs = Jobs(tell)
        self.source: dict[str, Any] = {}
        self.explanation: dict[str, Any] | None = None
        self.resumed = _resumed(session)
        self._touch = touch
        self._draft: Round | None = None
        self._last: Round | None = None
        self._frame: tuple[Round | None, Frame | None] = (None, None)
        self._frames = 0
        self._denied: set[str] = set()
        self.consent: dict[str, Any] | None = None

    # -- what is shown -------------------------------------------------------------------------------------------------------

    @property
    def has_round(self) -> bool:
        """Whether there is anything to show."""
        return self._draft is not None or self._last is not None

    def shown(self) -> Round:
        """The draft while a layout is being computed, else the last whole round."""
        made = self._draft or self._last
        if made is None:
            raise InputError("There is no round yet.")
        return made

    @property
    def stale(self) -> bool:
        """Whether decisions or settings are newer than what is shown."""
        return self._last is None or self.session.find_round() is not self._last

    def names(self) -> dict[int, str]:
        """Names of the clusters that are shown."""
        return self.session.names_of(self.shown())

    def frame(self) -> Frame:
        """The columns of what is shown, packed once."""
        made = self.shown()
        if self._frame[0] is not made or self._frame[1] is None:
            self._frames += 1
            self._frame = made, pack_frame(self._frames, made)
        frame = self._frame[1]
        assert frame is not None
        return frame

    # -- what happens next ---------------------------------------------------------------------------------------------------

    def decided(self) -> None:
        """After a decision: show the frozen round that belongs to it, or start the next one."""
        found = self.session.find_round()
        if found is not None:
            self._show(found)
            self.analyze()
        elif self.session.automatic:
            self.run()

    def run(self) -> None:
        """Start a round."""
        self.jobs.submit("run", self._run)

    def analyze(self, again: list[int] | None = None) -> None:
        """Judge what changed."""
        if self.has_round:
            self.jobs.submit("analyse", lambda job: self._analyze(job, again or []))

    def explain(self) -> None:
        """Ask what the selection is."""
        if not self.session.selected.any():
            raise InputError("Nothing is selected.")
        if self._unsettled(self.session.analyst):
            raise InputError(f"No text goes to {self.session.analyst.name} until you agreed to it.")
        self.jobs.submit("explain", self._explain)

    def cancel(self) -> bool:
        """Stop what runs."""
        return self.jobs.cancel()

    def answer(self, granted: bool) -> None:
        """The person's answer to :attr:`consent`. No means: this cell does without that provider."""
        if self.consent is None:
            return
        provider, purpose = self.consent["provider"], self.consent["purpose"]
        if granted:
            self.session.consent(provider)
            (self.run if purpose == "embed" else self.analyze)()
        else:
            self._denied.add(provider)
        self.consent = None
        self._touch("decision")

    # -- on the worker -------------------------------------------------------------------------------------------------------

    def _run(self, job: Job) -> None:
        texts = [text for text in self.session.prepared(job).texts if text is not None]
        if self._unsettled(self.session.embedder):
            self._ask("embed", self.session.embedder.name, texts, self.session.embedder.estimate(texts))
            return
        try:
            made = self.session.run(progress=job, draft=self._show_draft)
        finally:
            self._draft = None
        self._show(made)
        self.analyze()
        self.jobs.submit("warm", self.session.warm)

    def _show_draft(self, made: Round) -> None:
        # points that are already placed must not jump to a draft and back
        if self._last is None:
            self._draft = made
            self._touch("round")

    def _show(self, made: Round) -> None:
        if made is not self._last:
            self._last = made
            self._touch("round", "analysis")

    def _analyze(self, job: Job, again: list[int]) -> None:
        analyst = self.session.analyst
        if self._unsettled(analyst):
            views = self.session.views()
            shown = [text for view in views for text in view.texts]
            self._ask("analyse", analyst.name, shown, analyst.estimate(views, self.session.context()))
            return
        self.session.analyze(again=again, progress=job, tell=lambda analysis: self._touch("analysis"))
        self._touch("analysis")

    def _explain(self, job: Job) -> None:
        self.explanation = None
        rows = self.session.selected
        said = self.session.explain(rows, progress=job)
        self.explanation = {**said.to_dict(), "rows": int(rows.sum())}
        self._touch("analysis")

    # -- consent -------------------------------------------------------------------------------------------------------------

    def _unsettled(self, provider: Any) -> bool:
        """Whether a provider is remote and the person did not agree to it."""
        return provider.remote and provider.name not in self.session.state.consents

    def _ask(self, purpose: str, provider: str, texts: list[str], estimate: Any) -> None:
        """Show what would be sent, and wait; a provider that was refused is not asked for again."""
        if provider in self._denied:
            return
        tokens, cost = getattr(estimate, "tokens", None), getattr(estimate, "cost", None)
        self.consent = {
            "provider": provider, "purpose": purpose, "texts": len(texts), "tokens": tokens, "cost": cost,
            "examples": [text[:200] for text in texts[:3]],
        }  # fmt: skip
        self._touch("decision")


def _resumed(session: Session) -> str:
    """The line that says which decisions came back."""
    applied = session.state.applied
    if not session.resumed or not applied:
        return ""
    since = datetime.fromisoformat(applied[0].time).astimezone()
    gone = f"; {session.state.unknown:,} of their rows are not in this table" if session.state.unknown else ""
    when = f"{since:%d %B %Y, %H:%M}{gone}."
    return f"{len(applied)} decisions came back, the first of {when}" if len(applied) > 1 else f"1 decision came back, of {when}"
