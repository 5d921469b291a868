"""Evidence about each row: a score and a boolean with its rule. A finding is a reason to look, never a decision."""

from elute.findings.table import FLAGS, RANKS, findings

__all__ = ["FLAGS", "RANKS", "findings"]
