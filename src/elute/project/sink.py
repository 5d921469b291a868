"""Progress read off what a library prints: umap-learn's bar and scikit-learn's t-SNE report no other way."""

from __future__ import annotations

import io
import re

from elute.progress import Progress

_COUNT = re.compile(r"(\d+)/(\d+)")


class Sink(io.TextIOBase):
    """A text file that turns each ``done/total`` written to it into a report.

    Parameters
    ----------
    progress : Progress
    title : str
        Stands in the message: ``"UMAP 2D"``.
    pattern : re.Pattern, optional
        Finds the number of units done in its first group, and their total in its second, if it has one.
    total : int
        Where the pattern has no second group.
    """

    def __init__(self, progress: Progress, title: str, pattern: re.Pattern[str] = _COUNT, total: int = 0) -> None:
        self._progress, self._title, self._pattern, self._total = progress, title, pattern, total

    def write(self, text: str) -> int:
        if found := self._pattern.search(text):
            done, total = int(found[1]), int(found[2]) if self._pattern.groups > 1 else self._total
            self._progress.report("project", done, total, self._title)
        return len(text)
