"""A report as Markdown (GitHub's): no string of the data becomes markup, a link or HTML."""

from __future__ import annotations

import re

from elute.report.document import Picture, RoundReport, Section
from elute.report.whole import SessionReport

_SIGNS = re.compile(r"[\\`*_{}\[\]<>#|~!&$]")
_LINKS = re.compile(r"(?i)(?<=[a-z])(?=://)|(?<=www)(?=\.)|(?<=\w)(?=@)")


def escaped(text: str) -> str:
    """Text that Markdown shows as it is.

    >>> escaped("<b>a_b</b> | see http://x.y")
    '&lt;b&gt;a\\\\_b&lt;/b&gt; \\\\| see http\u2060://x.y'
    """
    line = " ".join(_LINKS.sub("\u2060", text).split())  # a word joiner: nothing to see, and nothing to follow
    line = _SIGNS.sub(lambda sign: {"<": "&lt;", ">": "&gt;", "&": "&amp;"}.get(sign[0], f"\\{sign[0]}"), line)
    return re.sub(r"^(\d*)([-+.)=])(?=\s|$|[-=]+$)", r"\1\\\2", line)


def markdown(report: RoundReport) -> str:
    """The whole report."""
    parts = [f"# {escaped(report.title)}", *map(section_markdown, report.sections), f"*{escaped(foot(report))}*"]
    return "\n\n".join(parts) + "\n"


def session_markdown(report: SessionReport) -> str:
    """The whole report of a session; a picture is told by its caption."""
    parts = [f"*{escaped(part.caption)}*" if isinstance(part, Picture) else section_markdown(part) for part in report.parts]
    return (
        "\n\n".join([f"# {escaped(report.title)}", *(part for part in parts if part != "**"), f"*{escaped(report.foot)}*"]) + "\n"
    )


def section_markdown(section: Section) -> str:
    """One section."""
    parts = [*([f"## {escaped(section.title)}"] if section.title else []), *map(escaped, section.lines)]
    if section.head:
        lines = [section.head, ("---",) * len(section.head), *section.rows]
        parts.append("\n".join("| " + " | ".join(_cells(line)) + " |" for line in lines))
    if section.items:
        parts.append("\n".join(f"- {escaped(item)}" for item in section.items))
    return "\n\n".join(parts)


def _cells(cells: tuple[str, ...]) -> list[str]:
    return [cell if cell == "---" else escaped(cell) for cell in cells]


def foot(report: RoundReport) -> str:
    """The last line: who wrote it.

    >>> foot(RoundReport(1, "Round 1", ()))
    'Written by elute, by rules.'
    """
    words = "by rules" if report.source == "offline" else f"words by {report.source}, figures by elute"
    return " ".join(filter(None, [f"Written by elute, {words}.", report.note]))
