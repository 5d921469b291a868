"""What waits for the person's consent: no text goes to a remote provider that they did not agree to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from elute.errors import InputError

if TYPE_CHECKING:
    from elute.session import Session


class Consent:
    """What was asked, and what was refused, in one widget; what was granted is in the journal.

    Parameters
    ----------
    session : Session
    touch : callable
        ``touch("decision")`` tells the page that there is something to answer, or nothing any more.
    """

    def __init__(self, session: Session, touch: Callable[..., None]) -> None:
        self._session, self._touch = session, touch
        self._denied: set[str] = set()
        self.asked: dict[str, Any] | None = None

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
        return provider.remote and provider.name not in self._session.state.consents

    def ask(self, purpose: str, provider: str, texts: list[str], estimate: Any) -> bool:
        """Show what would be sent, and wait for the answer; False where the person said no before."""
        if provider in self._denied:
            return False
        tokens, cost = getattr(estimate, "tokens", None), getattr(estimate, "cost", None)
        self.asked = {
            "provider": provider, "purpose": purpose, "texts": len(texts), "tokens": tokens, "cost": cost,
            "examples": [text[:200] for text in texts[:3]],
        }  # fmt: skip
        self._touch("decision")
        return True

    def ask_again(self) -> None:
        """The person wants something of a provider that was refused: they may be asked once more."""
        self._denied.clear()

    def answer(self, granted: bool) -> str:
        """What they agreed to ("embed", "analyse"), "" for nothing. No means: not until they ask for it themselves."""
        asked, self.asked = self.asked, None
        if asked is None:
            return ""
        if granted:
            self._session.consent(asked["provider"])
            return str(asked["purpose"])
        self._denied.add(asked["provider"])
        self._touch("decision")
        return ""
