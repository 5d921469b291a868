"""From what a model answered about a cluster to the schema; and from what went wrong."""

from __future__ import annotations

from elute.analyze import answers
from elute.analyze.offline import name_candidates, summary
from elute.analyze.schema import ClusterAnalysis, ClusterView
from elute.analyze.wording import Names, one_line
from elute.errors import ProviderError


def analysis_of(
    view: ClusterView, answer: answers.ClusterAnswer | ProviderError, names: Names, shown: tuple[int, ...], source: str
) -> ClusterAnalysis:
    """The analysis of a view; ``shown`` are the rows that the numbers in ``trim`` count. What failed has a name made offline."""
    if isinstance(answer, ProviderError):
        name = names.take(view.cluster, name_candidates(view))
        error = one_line(str(answer), 300)
        return ClusterAnalysis(view.cluster, name, summary(view), "unsure", (), 0.5, 0.0, (), "offline", "failed", error)
    first = one_line(answer.name, 60)
    return ClusterAnalysis(
        cluster=view.cluster,
        name=names.take(view.cluster, [first, *(f"{first}, {keyword}" for keyword in view.keywords[:2])]),
        summary=one_line(answer.summary, 300),
        verdict=answer.verdict,
        reasons=answers.reasons(answer.reasons),
        quality=answer.quality,
        confidence=answer.confidence,
        trim=tuple(dict.fromkeys(shown[number - 1] for number in answer.trim)),
        source=source,
    )
