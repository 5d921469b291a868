"""What an analyst is shown and what it answers: one schema for the offline analyst and for every language model.

Whatever an analyst says only ever becomes one of these records. None of them removes a row: a verdict is advice that a person
accepts, with examples in view.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self

from elute.analyze import records

if TYPE_CHECKING:
    from elute.cluster import Curve

SCHEMA_VERSION = 1
NOISE = -1
"""The label of rows that belong to no cluster."""
SELECTION = -3
"""Stands for the cluster number in the view of a selection (-2 is "not in the round")."""

Verdict = Literal["keep", "trim", "drop", "unsure"]
Belongs = Literal["yes", "no", "partly", "unsure"]
Change = Literal["more", "fewer", "same", "unsure"]
Status = Literal["ok", "failed"]


@dataclass(frozen=True)
class ClusterView:
    """One cluster as an analyst sees it: a few texts, its words and its figures.

    Attributes
    ----------
    cluster : int
        Its label; ``NOISE`` or ``SELECTION`` for rows that are no cluster.
    size : int
        Rows, copies included.
    share : float
        ``size`` over all rows of the round, 0 to 1.
    rows, texts : tuple
        Positions in the table and the texts there: medoids first, then rows that cover the rest, then ``border`` border rows.
    border : int
        How many of the last ``rows`` lie at the border, nearest to other clusters.
    keywords : tuple of str
        Words and pairs of words that set it apart from the other clusters, best first.
    silhouette : float or None
        Mean silhouette (cosine), -1 to 1, 1 is best. None where there is none (noise, one cluster only).
    density : float or None
        Mean cosine to the centroid, 1 is densest. None for noise.
    duplicates : float
        Share of rows that are copies of an earlier one, 0 to 1.
    labels : tuple of (str, float)
        The most frequent labels of the person's own label column and their shares, largest first.
    neighbors : tuple of str
        Keywords of the nearest clusters.
    closest : tuple of (int, float)
        The same clusters' numbers and the cosines between centroids, nearest first.
    doubtful : tuple of int
        Positions of rows that lie clearly nearer to another cluster, worst first.
    strange, loose : float or None
        How unusual its words are to all other clusters, and how far its rows lie from their centroid: robust z-scores over the
        clusters of the round, 0 is the median cluster. None where there are too few clusters to compare.
    content : str
        Hash of its rows and their texts: the same rows with the same texts have the same content, whatever number the cluster has.
    confidence : float or None
        Probability that it is foreign, as the round knows it (:mod:`elute.foreignness`); None where it does not. ``why`` says why.
    why : str
    odd : tuple of int
        Positions of its rows that are like those of clusters that are probably foreign; see :mod:`elute.analyze.suspects`.
    odd_share : float
        Their share of its rows, 0 to 1.
    untried : bool
        The round knows that probability of other clusters, and not of this one: it holds too few different texts.
    """

    cluster: int
    size: int
    share: float
    rows: tuple[int, ...]
    texts: tuple[str, ...]
    border: int
    keywords: tuple[str, ...]
    silhouette: float | None
    density: float | None
    duplicates: float
    labels: tuple[tuple[str, float], ...]
    neighbors: tuple[str, ...]
    closest: tuple[tuple[int, float], ...]
    doubtful: tuple[int, ...]
    strange: float | None
    loose: float | None
    content: str
    confidence: float | None = None
    why: str = ""
    odd: tuple[int, ...] = ()
    odd_share: float = 0.0
    untried: bool = False

    def __repr__(self) -> str:
        return f"<ClusterView of cluster {self.cluster}: {self.size:,} rows, {len(self.texts):,} texts shown>"


@dataclass(frozen=True)
class Context:
    """What an analyst knows about the whole round.

    Attributes
    ----------
    n_rows, n_clusters : int
        Rows in the round; clusters without noise.
    task : str
        The person's line that says what the set is for.
    silhouette : float or None
    noise_share, balance, largest_to_smallest : float
        As in ``elute.metrics.Scores``.
    curve : Curve or None
        A score (higher is better) by number of clusters, where a sweep was made.
    taken : tuple of str
        Names of clusters that keep theirs; no new name repeats one.
    system, user : str
        Templates that the person set since (see ``elute.analyze.prompts``); "" leaves the analyst's own.
    """

    n_rows: int
    n_clusters: int
    task: str = ""
    silhouette: float | None = None
    noise_share: float = 0.0
    balance: float = 1.0
    largest_to_smallest: float = 1.0
    curve: Curve | None = None
    taken: tuple[str, ...] = ()
    system: str = ""
    user: str = ""


class Answer:
    """What all answers can: become JSON values, and be read from them again."""

    def to_dict(self) -> dict[str, Any]:
        """JSON values, with the version of this schema."""
        return {"schema": SCHEMA_VERSION, **records.to_dict(self)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read what :meth:`to_dict` wrote.

        Raises
        ------
        ValueError
            Another version, or a field is missing, unknown or of another type.
        """
        if data.get("schema") != SCHEMA_VERSION:
            raise ValueError(f"schema {data.get('schema')!r:.40} is not {SCHEMA_VERSION}")
        return records.from_dict(cls, {key: value for key, value in data.items() if key != "schema"})


@dataclass(frozen=True)
class ClusterAnalysis(Answer):
    """What an analyst says of one cluster.

    Attributes
    ----------
    cluster : int
    name : str
        Short, and no other cluster's.
    summary : str
        A sentence or two.
    verdict : {"keep", "trim", "drop", "unsure"}
        Advice for a training set.
    reasons : tuple of str
        Short plain phrases.
    quality, confidence : float
        0 to 1: how good the rows are as training data; how sure the analyst is of its verdict.
    trim : tuple of int
        Positions in the table of rows to look at first; all of them belong to the cluster.
    source : str
        "offline", or the model's name.
    status : {"ok", "failed"}
        A failed analysis still has a name and a summary, made offline, and says why in ``error``.
    error : str
    """

    cluster: int
    name: str
    summary: str
    verdict: Verdict
    reasons: tuple[str, ...]
    quality: float
    confidence: float
    trim: tuple[int, ...]
    source: str
    status: Status = "ok"
    error: str = ""

    def __repr__(self) -> str:
        said = f"{self.verdict}, confidence {self.confidence:.2f}" if self.status == "ok" else f"failed: {self.error[:60]}"
        return f"<ClusterAnalysis of cluster {self.cluster}, {self.name!r}: {said}>"


@dataclass(frozen=True)
class Overview(Answer):
    """What an analyst says of the whole round.

    Attributes
    ----------
    more_or_fewer : {"more", "fewer", "same", "unsure"}
        Clusters, compared with now; ``suggested`` is the number, ``reason`` says why.
    suggested : int or None
    reason : str
    merge : tuple of (int, int)
        Pairs of clusters that say the same.
    split : tuple of int
        Clusters that hold more than one thing.
    imbalance : str
        A sentence about the sizes.
    next : str
        What to do now.
    source : str
    """

    more_or_fewer: Change
    suggested: int | None
    reason: str
    merge: tuple[tuple[int, int], ...]
    split: tuple[int, ...]
    imbalance: str
    next: str
    source: str


@dataclass(frozen=True)
class SelectionAnalysis(Answer):
    """What selected rows are, and whether they belong into the set."""

    what: str
    belongs: Belongs
    reasons: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Estimate:
    """What judging will take: requests, tokens both ways, and USD where the price is known."""

    calls: int
    tokens: int
    cost: float | None
