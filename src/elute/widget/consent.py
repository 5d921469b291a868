"""What waits for the person's consent: no text goes to a remote provider that they did not agree to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from elute.errors import InputError
from elute.widget.wire import Refused

if TYPE_CHECKING:
    from elute.session import Session

TO_ANALYST = ("analyse", "explain", "judge", "report")
"""Kinds of jobs that may ask an analyst."""


class Consent:
    """What was asked, and what was refused, in one widget; what was granted is in the journal.

    One question a purpose is open at a time: a newer one of the same purpose takes its place, since nothing waits for the older any more.

    Parameters
    ----------
    session : Session
    touch : callable
        ``touch("decision")`` tells the page that there is something to answer, or nothing any more.
    """

    def __init__(self, session: Session, touch: Callable[..., None]) -> None:
        self._session, self._touch = session, touch
        self._denied: set[str] = set()
        self._agreed = session.state.consents
        self._open: dict[str, dict[str, Any]] = {}

    @property
    def asked(self) -> dict[str, Any] | None:
        """The question that is shown: of those that are open, the one that was asked first."""
        return next(iter(tuple(self._open.values())), None)

    def need(self, provider: Any) -> None:
        """Refuse what would send texts to a provider that the person did not agree to.

        Raises
        ------
        InputError
        """
        if self.lacks(provider):
            raise InputError(f"No text goes to {provider.name} until you agreed to it.")

    def lacks(self, provider: Any) -> bool:
        """Whether a provider is remote and the person did not agree to it."""
        if not provider.remote:
            return False
        there = self._session.state.consents
        self._agreed |= there  # before anything is sent: it may be taken back before it is looked at again
        return provider.name not in there

    def ask(self, purpose: str, provider: str, texts: list[str], estimate: Any) -> bool:
        """Show what would be sent, and wait for the answer; False where the person said no before."""
        if provider in self._denied:
            return False
        tokens, cost = getattr(estimate, "tokens", None), getattr(estimate, "cost", None)
        self._open[purpose] = {
            "provider": provider, "purpose": purpose, "texts": len(texts), "tokens": tokens, "cost": cost,
            "examples": [text[:200] for text in texts[:3]],
        }  # fmt: skip
        self._touch("decision")
        return True

    def ask_again(self) -> None:
        """The person wants something of a provider that was refused: they may be asked once more."""
        self._denied.clear()

    def taken_back(self) -> tuple[str, ...]:
        """The person takes back what they agreed to: they are not asked about it until they want something of it themselves.

        Returns the kinds of jobs that may send there, which stop; none for every kind.
        """
        state = self._session.state
        self._agreed = state.consents
        self._denied |= state.agreed - state.consents
        return () if self.lacks(self._session.embedder) else TO_ANALYST

    def taken_elsewhere(self) -> bool:
        """Whether something that they agreed to was taken back since this was asked last, in another cell or kernel."""
        now = self._session.consents_at_hand()
        if now is None:
            return False
        if self._agreed - now:
            return True  # and so it stays, until taken_back() was asked
        self._agreed = now
        return False

    def withdraw(self, purpose: str) -> None:
        """Nothing waits for an answer any more."""
        if self._open.pop(purpose, None) is not None:
            self._touch("decision")

    def answer(self, granted: bool, provider: str, purpose: str) -> bool:
        """The answer to what they read; whether what waited for it may go on. No means: not until they ask for it themselves.

        Raises
        ------
        Refused
            They agreed to what is not asked any more: a click that comes late must not consent to another question.
        """
        asked = self._open.get(purpose)
        there = asked is not None and asked["provider"] == provider
        if granted and not there:
            if provider in self._session.state.consents:  # the same click, twice
                return False
            raise Refused("stale", "This is not asked any more, so nothing was agreed to. Read what is asked now, then answer.")
        if there:
            del self._open[purpose]
        if granted:
            self._session.consent(provider)
            return True
        self._denied.add(provider)
        self._touch("decision")
        return False
