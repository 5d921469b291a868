"""Every request the page may make, a file for each thing that they are about."""

from elute.widget.requests.deciding import DECIDING
from elute.widget.requests.evidence import EVIDENCE
from elute.widget.requests.judging import JUDGING
from elute.widget.requests.marking import MARKING
from elute.widget.requests.papers import PAPERS
from elute.widget.requests.reading import READING
from elute.widget.requests.request import Request
from elute.widget.requests.rounds import ROUNDS
from elute.widget.requests.told import TOLD

REQUESTS: dict[str, Request] = {
    **READING,
    **DECIDING,
    **ROUNDS,
    **JUDGING,
    **EVIDENCE,
    **MARKING,
    **TOLD,
    **PAPERS,
}
"""In the order in which js/src/protocol.ts has them."""

__all__ = ["REQUESTS", "Request"]
