"""What an analyst is shown: for each cluster a few telling texts, its words and its figures."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.analyze.keywords import ClassTerms
from elute.analyze.pick import centroids, doubtful, pick_rows
from elute.analyze.schema import NOISE, SELECTION, ClusterView
from elute.analyze.suspects import suspects

if TYPE_CHECKING:
    from elute.metrics import Scores

SAMPLE = 12_000
"""Texts that are read for keywords in all; a cluster is read with at least 20."""
NEIGHBORS = 3
ENOUGH = 8
"""Clusters from which on a cluster can be called unusual among them."""


def cluster_views(
    texts: Sequence[str | None],
    labels: NDArray[Any],
    X: NDArray[Any],
    scores: Scores | None,
    ids: NDArray[Any],
    target: NDArray[Any] | None = None,
    limit: int = 12,
) -> list[ClusterView]:
    """The views of all clusters, noise last. All arguments have one item a row of the table, in its order.

    Parameters
    ----------
    texts : sequence of str or None, length n
    labels : ndarray of shape (n,)
        Cluster of each row, -1 for noise; rows below -1 are not in the round and are left out.
    X : ndarray of shape (n, d)
        Unit vectors.
    scores : Scores or None
        Figures by cluster, sizes with copies counted; None: sizes are counted here, and there is no silhouette.
    ids : ndarray of shape (n,), uint64
        Row ids, for ``content``, beside the texts.
    target : ndarray of shape (n,), object, optional
        The person's own labels.
    limit : int, default=12
        Texts shown of each cluster.

    Returns
    -------
    list of ClusterView
    """
    labels = np.asarray(labels)
    numbers = [int(c) for c in np.unique(labels) if c >= 0] + [NOISE] * bool((labels == NOISE).any())
    order = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[order], numbers)
    ends = np.searchsorted(labels[order], numbers, side="right")
    members = [order[a:b] for a, b in zip(starts, ends, strict=True)]
    figures = _figures(scores)
    total = sum(figures.get(c, {}).get("size", len(m)) for c, m in zip(numbers, members, strict=True))
    C = centroids(X, members)
    row_silhouette = None if scores is None else np.asarray(scores.row_silhouette)
    known = {c: sure for c in numbers if (sure := figures.get(c, {}).get("confidence")) is not None}
    like_foreign = suspects(texts, labels, X, known)
    counted = ClassTerms([_sample(texts, m, max(20, SAMPLE // len(numbers))) for m in members])
    views = []
    for i, (number, own) in enumerate(zip(numbers, members, strict=True)):
        figure = figures.get(number, {})
        noise = number == NOISE
        odd = own[like_foreign[own]]
        shown, border = pick_rows(X, own, None if noise else C[i], row_silhouette, limit)
        size = int(figure.get("size", len(own)))
        views.append(
            ClusterView(
                cluster=number,
                size=size,
                share=size / max(1, total),
                rows=tuple(int(r) for r in shown),
                texts=tuple(texts[r] or "" for r in shown),
                border=border,
                keywords=counted.keywords(i),
                silhouette=None if noise else figure.get("silhouette"),
                density=None if noise else float(np.mean(X[own] @ C[i])),
                duplicates=figure.get("duplicates", 0.0),
                labels=_label_mix(target, own),
                neighbors=(),
                closest=(),
                doubtful=() if noise else tuple(int(r) for r in doubtful(own, row_silhouette)),
                strange=counted.perplexity(i),
                loose=None,
                content=_content(texts, ids, own),
                confidence=figure.get("confidence"),
                why=figure.get("why", ""),
                odd=tuple(odd.tolist()),
                odd_share=len(odd) / len(own),
                untried=bool(known) and number not in known,
            )
        )
    return _compared(views, C)


def selection_view(
    texts: Sequence[str | None],
    selected: NDArray[Any],
    labels: NDArray[Any],
    X: NDArray[Any],
    ids: NDArray[Any],
    target: NDArray[Any] | None = None,
    limit: int = 12,
    *,
    names: Mapping[int, str] | None = None,
    scores: Scores | None = None,
) -> ClusterView:
    """The view of selected rows against the rest, as if they were one more cluster.

    Parameters
    ----------
    selected : ndarray of shape (n,), bool
    names : mapping of int to str, optional
        Names of the clusters, for ``neighbors``.
    scores : Scores, optional
        Of the round: the selection is as probably foreign as the clusters that its rows are in, and some of them may be like the rows
        of those that probably are.
    texts, labels, X, ids, target, limit : see :func:`cluster_views`

    Raises
    ------
    ValueError
        Nothing is selected.
    """
    labels = np.asarray(labels)
    selected = np.asarray(selected, dtype=bool) & (labels >= NOISE)
    if not selected.any():
        raise ValueError("nothing is selected")
    # Noise stays a group of its own, below all clusters; the selection becomes the highest number.
    own = int(labels.max()) + 1
    views = cluster_views(texts, np.where(selected, own, labels), X, None, ids, target, limit)
    view = next(v for v in views if v.cluster == own)
    neighbors = tuple((names or {}).get(c, words) for (c, _), words in zip(view.closest, view.neighbors, strict=True))
    return replace(view, cluster=SELECTION, neighbors=neighbors, **_suspected(texts, selected, labels, X, scores))


def _suspected(
    texts: Sequence[str | None], selected: NDArray[np.bool_], labels: NDArray[Any], X: NDArray[Any], scores: Scores | None
) -> dict[str, Any]:
    """What the round knows of foreignness, for selected rows: fields of their view; none where it does not know."""
    known = {c: float(sure) for c, figure in _figures(scores).items() if (sure := figure["confidence"]) is not None}
    rows = np.flatnonzero(selected & np.isin(labels, list(known)))
    if not len(rows):
        return {}
    clusters, counts = np.unique(labels[rows], return_counts=True)
    sure = float(np.average([known[int(c)] for c in clusters], weights=counts))
    odd = np.flatnonzero(suspects(texts, labels, X, known) & selected)
    return {"confidence": sure, "odd": tuple(odd.tolist()), "odd_share": len(odd) / int(selected.sum())}


def _figures(scores: Scores | None) -> dict[int, dict[str, Any]]:
    if scores is None:
        return {}
    table = scores.clusters
    ranked = table.reindex(columns=["cluster", "size", "silhouette", "duplicates", "confidence", "why"])
    clean = {}
    for number, size, silhouette, duplicates, sure, why in ranked.itertuples(index=False, name=None):
        known = silhouette is not None and np.isfinite(silhouette)
        clean[int(number)] = {
            "size": int(size),
            "silhouette": float(silhouette) if known else None,
            "duplicates": float(np.nan_to_num(duplicates)),
            "confidence": float(sure) if sure is not None and np.isfinite(sure) else None,
            "why": why if isinstance(why, str) else "",
        }
    return clean


def _sample(texts: Sequence[str | None], own: NDArray[Any], limit: int) -> list[str]:
    # Evenly spaced, so the same rows are read each time and no order of the table is favoured.
    picked = own if len(own) <= limit else own[np.linspace(0, len(own) - 1, limit).astype(int)]
    return [text for r in picked if (text := texts[r])]


def _label_mix(target: NDArray[Any] | None, own: NDArray[Any], top: int = 5) -> tuple[tuple[str, float], ...]:
    if target is None:
        return ()
    counts = Counter(str(value) for value in target[own] if value is not None)
    return tuple((label, count / len(own)) for label, count in counts.most_common(top))


def _content(texts: Sequence[str | None], ids: NDArray[Any], own: NDArray[Any]) -> str:
    # Ids are of the texts as they came. What was shown is how they were cleaned, and that may change.
    order = own[np.argsort(np.asarray(ids)[own], kind="stable")]
    cleaned = [texts[row] or "" for row in order.tolist()]
    told = hashlib.blake2b(np.asarray(ids)[order].astype("<u8").tobytes(), digest_size=12)
    told.update(np.fromiter(map(len, cleaned), "<u8", len(cleaned)).tobytes())
    told.update("".join(cleaned).encode("utf-8", "surrogatepass"))
    return told.hexdigest()


def _compared(views: list[ClusterView], C: NDArray[Any]) -> list[ClusterView]:
    # What can only be said once all clusters are there: nearest ones, and how unusual each is among them.
    real = [i for i, view in enumerate(views) if view.cluster >= 0]
    strange = _robust_z([views[i].strange for i in real])
    loose = _robust_z([None if (d := views[i].density) is None else 1 - d for i in real])
    place = {i: at for at, i in enumerate(real)}
    cosines = C[real] @ C[real].T
    np.fill_diagonal(cosines, -np.inf)
    done = []
    for i, view in enumerate(views):
        if i not in place:
            done.append(replace(view, strange=None))
            continue
        row = cosines[place[i]]
        near = [j for j in np.argsort(-row, kind="stable")[:NEIGHBORS] if np.isfinite(row[j])]
        closest = tuple((views[real[j]].cluster, float(row[j])) for j in near)
        words = tuple(", ".join(views[real[j]].keywords[:3]) for j in near)
        done.append(replace(view, strange=strange[place[i]], loose=loose[place[i]], closest=closest, neighbors=words))
    return done


def _robust_z(values: Sequence[float | None]) -> list[float | None]:
    """Distances from the median in robust standard deviations (1.4826 times the median absolute deviation)."""
    x = np.array([np.nan if v is None else v for v in values], dtype=float)
    if np.isfinite(x).sum() < ENOUGH:
        return [None] * len(values)
    median = np.nanmedian(x)
    spread = max(1.4826 * float(np.nanmedian(np.abs(x - median))), 1e-6 + 0.05 * abs(float(median)))
    return [float((v - median) / spread) if np.isfinite(v) else None for v in x]
