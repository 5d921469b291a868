"""The analyst that needs no model and no network: names by class-based TF-IDF, summaries from medoids, verdicts by rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from elute.analyze import advice
from elute.analyze.base import Analyst
from elute.analyze.keywords import terms
from elute.analyze.rules import belongs, judge
from elute.analyze.schema import (
    NOISE,
    SCHEMA_VERSION,
    ClusterAnalysis,
    ClusterView,
    Context,
    Estimate,
    Overview,
    SelectionAnalysis,
)
from elute.analyze.wording import Names, one_line
from elute.plain import many
from elute.progress import SILENT, Progress

MOST_WORDS = 4
MEDOIDS = 3
EXAMPLE = 120
REASON = 160


class OfflineAnalyst(Analyst):
    """Says the same of the same figures, at once and for nothing. The default."""

    name = "offline"
    kept = False

    def key(self) -> str:
        return f"offline-{SCHEMA_VERSION}"

    def clusters(self, views: Sequence[ClusterView], context: Context, progress: Progress = SILENT) -> Iterator[ClusterAnalysis]:
        names = Names(context.taken)
        for view in views:
            progress.check()
            found = judge(view)
            yield ClusterAnalysis(
                cluster=view.cluster,
                name=names.take(view.cluster, name_candidates(view)),
                summary=summary(view),
                verdict=found.verdict,
                reasons=found.reasons,
                quality=found.quality,
                confidence=found.confidence,
                trim=found.trim,
                source=self.name,
            )

    def overview(
        self, views: Sequence[ClusterView], analyses: Mapping[int, ClusterAnalysis], context: Context, progress: Progress = SILENT
    ) -> Overview:
        return advice.overview(views, analyses, context, self.name)

    def selection(self, view: ClusterView, context: Context, progress: Progress = SILENT) -> SelectionAnalysis:
        name = next(iter(name_candidates(view)), "rows without words")
        answer, reasons = belongs(view)
        return SelectionAnalysis(f"{name}: {summary(view)}", answer, tuple(one_line(r, REASON) for r in reasons), self.name)

    def estimate(self, views: Sequence[ClusterView], context: Context, known: Collection[int] = ()) -> Estimate:
        return Estimate(calls=0, tokens=0, cost=0.0)


def name_candidates(view: ClusterView) -> Iterator[str]:
    """Names for a cluster, best first: its best keywords, then the best with each later one or a phrase of a medoid, at most four words.

    Where no text has a word (emoji, numbers), the start of the medoid.
    """
    if not view.keywords:
        start = " ".join(one_line(view.texts[0], 40).split()[:MOST_WORDS]) if view.texts else ""
        yield from filter(None, [start])
        return
    first = view.keywords[0]
    chosen, words = [first], len(first.split())
    for keyword in view.keywords[1:]:
        if words + len(keyword.split()) <= MOST_WORDS:
            chosen.append(keyword)
            words += len(keyword.split())
    yield ", ".join(chosen)
    for keyword in view.keywords[1:]:
        if len(first.split()) + len(keyword.split()) <= MOST_WORDS:
            yield f"{first}, {keyword}"
    for phrase in (phrase for text in view.texts[:MEDOIDS] for phrase in terms(text)[1]):
        if len(first.split()) <= 2 and not set(phrase.split()) <= set(first.split()):
            yield f"{first}, {phrase}"


def summary(view: ClusterView) -> str:
    """One sentence: how many rows, what a typical one says, and what the copies or the main label are."""
    parts = [f"{many(view.size)} ({view.share:.1%})"]
    if view.texts and view.texts[0]:
        parts.append(f"{'for example' if view.cluster == NOISE else 'typically'} “{one_line(view.texts[0], EXAMPLE)}”")
    if view.labels:
        label, share = view.labels[0]
        parts.append(f"{'over 99%' if 0.995 <= share < 1 else f'{share:.0%}'} labelled “{one_line(label, 40)}”")
    if view.duplicates >= 0.05:
        parts.append(f"{view.duplicates:.0%} copies")
    return "; ".join(parts) + "."
