"""Papers of a session, to keep and to hand on."""

from __future__ import annotations

from elute.running import Running


class Papers(Running):
    """A session that can be read about, and repeated."""
