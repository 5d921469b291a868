"""Where the session is on a sample of many more rows: what the page says of all of them, counted where nobody waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from elute.progress import Progress

if TYPE_CHECKING:
    from elute.session import Session


@runtime_checkable
class OnSample(Protocol):
    """What :class:`elute.Sampled` has beyond a session."""

    @property
    def sampled(self) -> str: ...
    @property
    def carried(self) -> Any: ...
    @property
    def at_hand(self) -> bool: ...
    def carry(self, progress: Progress) -> Any: ...
    def behind(self, rows: Any) -> str: ...


def line(session: Session) -> str:
    """What is shown and what stands behind it; "" where all rows are shown."""
    return session.sampled if isinstance(session, OnSample) else ""


def sizes(session: Session) -> dict[int, int]:
    """Of all rows, those of each cluster that stay, once they are counted."""
    made = session.carried if isinstance(session, OnSample) else None
    return {} if made is None else dict(made.sizes())


def behind(session: Session, rows: Any) -> str:
    """What a drop of these rows takes of all rows."""
    return session.behind(rows) if isinstance(session, OnSample) else ""


def uncounted(session: Session) -> bool:
    """Whether all rows are still to be counted as things stand."""
    return isinstance(session, OnSample) and session.carried is None


def count(session: Session, progress: Progress) -> bool:
    """Count all rows, unless they would have to be embedded first: that takes long, and is for the person to begin."""
    if not isinstance(session, OnSample) or not session.at_hand:
        return False
    session.carry(progress)
    return True
