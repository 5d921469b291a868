"""A report by rules with the words of a model in place of its own; tables and figures stay as they are."""

from __future__ import annotations

from dataclasses import replace

from elute.analyze.report import Prose
from elute.report.document import RoundReport, Section


def worded(report: RoundReport, prose: Prose, source: str) -> RoundReport:
    """The same report in the words of ``source``. An empty paragraph leaves what the rules say."""
    words = {"In short": prose.summary, "Distribution": prose.distribution, "Overlaps": prose.overlaps}

    def said(section: Section) -> Section:
        if section.title == "What to do next":
            return replace(section, items=prose.next)
        text = prose.changed if section.title.startswith("What changed") else words.get(section.title, "")
        if not text:
            return section
        # what says how a table is read, or that some of it is left out, is no matter of wording
        return replace(section, lines=(text, *section.lines) if section.head else (text,))

    return replace(report, sections=tuple(map(said, report.sections)), source=source)
