"""Where the page's messages are handled: in the subshell that the host sent them to.

Since 7.4 ipykernel hands a message of a comm to the shell in which Python used that comm last, for code that waits there for the page's
answer. elute waits for none, and its threads use the comm in whatever shell ran last: one whose cell runs for an hour, or one that the
host has deleted, where the message is refused. So elute's comm goes without that route.
"""

from __future__ import annotations

from typing import Any

_ROUTE = "_reply_subshell_for"
"""What ipykernel asks of a comm for each message; None means: as the host says."""


def unrouted(comm: Any) -> None:
    """Let messages of this comm be handled where the host sends them. A comm that knows no such route stays as it is."""
    if hasattr(comm, _ROUTE):
        setattr(comm, _ROUTE, None)
