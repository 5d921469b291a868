"""The report of a round: one readable page of figures, changes, removals and what to do next, as Markdown or HTML."""

from elute.report.changes import Changes, changes
from elute.report.document import RoundReport, Section
from elute.report.facts import ClusterFact, Facts, Overlap, Standing
from elute.report.removed import Removal, removals
from elute.report.sections import sections
from elute.report.words import plainly

__all__ = [
    "Changes",
    "ClusterFact",
    "Facts",
    "Overlap",
    "Removal",
    "RoundReport",
    "Section",
    "Standing",
    "changes",
    "plainly",
    "removals",
    "sections",
]
