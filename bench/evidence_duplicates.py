"""Near copies: precision and recall against injected ones, speed against datasketch's MinHash LSH, and what all findings cost.

A pair of rows that were not injected counts as right where both bear the same true label, or, where there is no label to ask, where plain
letters say so: at most 2 edits by Levenshtein's distance, case and punctuation set aside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
from data import timed
from evidence import SEEDS, kept, spread
from evidence_edits import edited
from evidence_mixes import Spec, build
from evidence_sources import source
from line import Line

MIXES = [
    Spec("banking77", "wiki"),
    Spec("clinc150", "sms"),
    Spec("sgd", "oos"),
    Spec("banking77", "sgd"),
    Spec("sms/ham", "sms/spam"),
]
SETS = ("clinc150", "sgd", "banking77", "wiki", "sms", "oos")
PERMUTATIONS, THRESHOLD = 128, 0.7


def lines(quick: bool) -> Iterable[Line]:
    """All measures of this part."""
    return chain(_found(quick), _speed(10_000 if quick else 100_000), _cost(10_000 if quick else 50_000))


def _found(quick: bool) -> Iterator[Line]:
    seeds, mixes = (SEEDS[:1], MIXES[:2]) if quick else (SEEDS, MIXES)
    recall, precision, strict = [], [], []
    for spec in mixes:
        seen = [kept("duplicates", {"mix": spec.name, "seed": seed}, partial(_measure, spec, seed)) for seed in seeds]
        recall += [one["recall"] for one in seen]
        precision += [one["precision"] for one in seen]
        strict += [one["strict"] for one in seen]
        told = f"recall {spread(recall[-len(seen) :])}; {seen[0]['pairs']} pairs"
        yield Line(f"near copies, {spec.name}", f"precision {spread(precision[-len(seen) :])}", told, "", "", True)
    yield Line(
        "near copies: recall of injected ones", spread(recall), "", f"{np.mean(recall):.3f}", ">= .90", np.mean(recall) >= 0.9
    )
    yield Line(
        "near copies: precision, natural ones counted right",
        spread(precision),
        f"only injected ones counted right: {spread(strict)}",
        f"{np.mean(precision):.3f}",
        ">= .95",
        bool(np.mean(precision) >= 0.95),
    )


def _measure(spec: Spec, seed: int) -> dict[str, Any]:
    mix = build(spec, seed)
    made, text = _duplicates(mix.texts, mix.X)
    same = made.same[text]
    links = {tuple(pair) for pair in made.pairs.tolist()}
    at = np.flatnonzero(mix.near)
    there = [
        same[a] == same[b] or (min(same[a], same[b]), max(same[a], same[b])) in links
        for a, b in zip(at, mix.near_of[at], strict=True)
    ]
    injected = {(min(a, b), max(a, b)) for a, b in zip(at.tolist(), mix.near_of[at].tolist(), strict=True)}
    right, exact, total = 0, 0, 0
    for a, b in _row_pairs(made, same, text):
        total += 1
        exact += (a, b) in injected or mix.near_of[a] == mix.near_of[b] >= 0
        labels = mix.true[a], mix.true[b]
        known = None not in labels
        right += (a, b) in injected or (labels[0] == labels[1] if known else False) or _letters(mix.texts[a], mix.texts[b]) <= 2
    return {"recall": float(np.mean(there)), "precision": right / max(total, 1), "strict": exact / max(total, 1), "pairs": total}


def _row_pairs(made: Any, same: Any, text: Any) -> Iterator[tuple[int, int]]:
    """Pairs of rows of other texts that say the same."""
    rows = np.argsort(same, kind="stable")
    of = dict(
        zip(
            *(lambda found: (found[0].tolist(), np.split(rows, found[1][1:])))(np.unique(same[rows], return_index=True)),
            strict=True,
        )
    )
    for members in of.values():
        for i, a in enumerate(members.tolist()):
            yield from ((min(a, b), max(a, b)) for b in members[i + 1 :].tolist() if text[a] != text[b])
    for x, y in made.pairs.tolist():
        yield from ((min(a, b), max(a, b)) for a in of[x].tolist() for b in of[y].tolist())


def _letters(a: str, b: str) -> int:
    """Levenshtein's distance of letters and digits, written down plainly: what is measured must not judge itself."""
    a, b = ("".join(letter for letter in text.casefold() if letter.isalnum()) for text in (a, b))
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (letter != other))
    return row[-1]


def _duplicates(texts: list[str], X: Any) -> tuple[Any, Any]:
    """What elute finds, and the distinct text of each row."""
    from elute.findings.duplicates import duplicates
    from elute.findings.words import Words
    from elute.neighbors import NeighborGraph
    from elute.rounds.space import LISTED

    number: dict[str, int] = {}
    text = np.array([number.setdefault(one, len(number)) for one in texts])
    first = np.unique(text, return_index=True)[1]
    graph = NeighborGraph(np.ascontiguousarray(X[first]), LISTED)
    return duplicates(Words.of(list(number)), np.arange(len(first)), graph.X, graph.whole(LISTED)), text


def _many(n: int) -> tuple[list[str], Any]:
    """n distinct texts of all sets; edited copies, near theirs in meaning, where there are not enough."""
    parts = [source(name) for name in SETS]
    texts = list(chain.from_iterable(part.texts for part in parts))
    _, first = np.unique(np.array(texts, dtype=str), return_index=True)
    first = np.sort(first)[:n]
    random = np.random.default_rng(0)
    X = np.concatenate([part.X for part in parts])[first]
    texts = [texts[row] for row in first]
    more = random.integers(0, len(first), n - len(first))
    X = np.concatenate([X, X[more] + 0.02 * random.normal(size=(len(more), X.shape[1])).astype(np.float32)])
    seen = set(texts)
    for at, row in enumerate(more.tolist()):
        copy = edited(texts[row], at)
        texts.append(copy if copy not in seen else f"{copy} {at}")
        seen.add(texts[-1])
    return texts, (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)


def _speed(n: int) -> Iterator[Line]:
    seen = kept("duplicates", {"speed": n}, lambda: _against(n))
    compared = seen["compared"]
    ratio = seen["their seconds"] / seen["seconds"]
    yield Line(
        f"near copies among {n:,} texts, the graph given, against datasketch's LSH",
        f"{seen['seconds']:.2f} s: {compared:,} pairs compared, {compared / seen['seconds']:,.0f} a second; {seen['pairs']:,} found",
        f"{seen['their seconds']:.1f} s: {seen['their pairs']:,} candidates, {seen['their pairs'] / seen['their seconds']:,.0f} a second",
        f"{ratio:.1f}x",
        ">= 10x",
        ratio >= 10,
    )


def _against(n: int) -> dict[str, Any]:
    from datasketch import MinHash, MinHashLSH

    from elute.findings.duplicates import duplicates
    from elute.findings.words import Words
    from elute.neighbors import NeighborGraph
    from elute.rounds.space import LISTED

    texts, X = _many(n)
    graph = NeighborGraph(X, LISTED)
    near = graph.whole(LISTED)
    duplicates(Words.of(texts[:500]), np.arange(500), X[:500], None)  # compiled
    seconds, made = timed(lambda: duplicates(Words.of(texts), np.arange(n), X, near))
    sizes = np.bincount(made.same)
    pairs = len(made.pairs) + int((sizes * (sizes - 1) // 2).sum())

    def theirs() -> int:
        index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
        found = 0
        for row, text in enumerate(texts):
            sketch = MinHash(num_perm=PERMUTATIONS)
            sketch.update_batch([word.encode("utf-8", "replace") for word in text.lower().split()])
            found += len(index.query(sketch))
            index.insert(row, sketch)
        return found

    their_seconds, their_pairs = timed(theirs)
    return {
        "seconds": seconds,
        "pairs": pairs,
        "compared": made.compared,
        "their seconds": their_seconds,
        "their pairs": their_pairs,
    }


def _cost(n: int) -> Iterator[Line]:
    seen = kept("duplicates", {"cost": n}, lambda: _seconds(n))
    for name, bound in (
        ("first", 1.5),
        ("first, without labels", 1.5),
        ("after 5 % were removed", 0.2),
        ("after 5 % were removed, without labels", 0.2),
    ):
        yield Line(
            f"all findings at {n:,}, {name}",
            f"{seen[name]:.2f} s",
            "",
            f"{seen[name]:.2f} s",
            f"<= {bound} s",
            seen[name] <= bound,
        )


def _seconds(n: int) -> dict[str, float]:
    import pandas as pd

    from elute.corpus import Corpus
    from elute.embed import Embeddings
    from elute.prepare import prepare
    from elute.rounds.evidence import Evidence
    from elute.rounds.space import Space

    texts, X = _many(n)
    found: dict[str, float] = {}
    for labelled in (True, False):
        table = pd.DataFrame({"text": texts, "label": np.random.default_rng(0).integers(0, 100, n)})
        corpus = Corpus.from_data(table, "text", "label" if labelled else None)
        prepared = prepare(corpus)
        valid = np.array([text is not None for text in prepared.texts])
        space = Space(Embeddings(X, valid, (), n, 0), prepared.texts, corpus)
        space.graph.build()
        clusters, keep = (X @ X[:50].T).argmax(axis=1).astype(np.int32), np.ones(n, bool)
        warm = Evidence(space, prepared, corpus)
        warm.findings(space.part(keep), clusters, None, keep)  # compiled, and every page touched
        evidence = Evidence(space, prepared, corpus)
        left = np.random.default_rng(1).random(n) >= 0.05
        for name, mask in (("first", keep), ("after 5 % were removed", left)):
            part = space.part(mask)
            part.graph(15)
            labels = np.where(mask, clusters, -2).astype(np.int32)
            seconds, _ = timed(evidence.findings, part, labels, None, mask)
            found[name + ("" if labelled else ", without labels")] = seconds
    return found
