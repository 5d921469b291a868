"""Evidence about each row: a score and a boolean with its rule. A finding is a reason to look, never a decision."""

from elute.findings.own import Findings
from elute.findings.table import FLAGS, OF, RANKS, SCORED, findings, flagged, flags_of, held, packed, ranks_of, unpacked

__all__ = [
    "FLAGS",
    "OF",
    "RANKS",
    "SCORED",
    "Findings",
    "findings",
    "flagged",
    "flags_of",
    "held",
    "packed",
    "ranks_of",
    "unpacked",
]
