"""What a request is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    """One thing the page may ask: its parameters, its result and what it means. ``bits`` and ``data`` are the one buffer."""

    doc: str
    params: dict[str, str]
    result: str = "Record<string, never>"
    buffer_in: str = ""
    buffer_out: str = ""


DECISION = {"decision": "str", "reason": "str?", "source": "dict?"}
"""Parameters of nearly every decision: its id, so that it is taken once; why; and how it came about."""
