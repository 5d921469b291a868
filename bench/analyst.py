"""What the offline analyst is worth: its names beside BERTopic's, and its verdicts on mixes in which the foreign rows are known.

    ELUTE_DATA=folder python bench/analyst.py [names] [verdicts] [time] [--seeds 1] [--only sgd] [--bertopic DIR]

``names``: BANKING77 and CLINC150, K-means at the number of labels; share of clusters whose name shares a content word (a common start
of four letters or more, endings of three at most) with the label of most of its rows. Both sides have four words at most. BERTopic's
names come from its own c-TF-IDF class, best words first, over all texts, with four vectorisers; the package is not needed by elute:

    pip install --no-deps --target DIR bertopic

``verdicts``: no label is used. Rows named: all of clusters with verdict "drop", and those that "trim" lists. ``time``: processor
seconds for 50,000 rows. ``--only``: sets and mixes whose name holds it. Prints Markdown.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
SCATTERED = (("banking77", "wiki"), ("banking77", "oos"), ("clinc150", "wiki"), ("sgd", "wiki"), ("sgd", "oos"))
COHERENT = (("banking77", "sgd"), ("banking77", "sms"), ("clinc150", "sgd"), ("clinc150", "sms"), ("sgd", "sms"))
TASKS = {
    "banking77": "questions of customers of a bank about cards, transfers and accounts",
    "clinc150": "requests to a voice assistant, from banking and travel to small talk",
    "sgd": "what users say to an assistant that books flights, hotels, restaurants and events",
}
WORDS = 4


def shares_word(name: str, label: str) -> bool:
    """Whether a name and a label have a content word in common."""
    return any(_same(x, y) for x in _content(name) for y in _content(label))


def _content(text: str) -> list[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    from elute.analyze.keywords import stop_words

    # a stop word is what both sides leave out: neither list has "thank" or "bill" to itself
    return [word for word in re.findall(r"[^\W\d_]+", text.lower()) if word not in stop_words() & ENGLISH_STOP_WORDS]


def _same(x: str, y: str) -> bool:
    common = next((i for i, (p, q) in enumerate(zip(x, y, strict=False)) if p != q), min(len(x), len(y)))
    return x == y or (common >= 4 and max(len(x), len(y)) - common <= 3)


def bertopics(folder: Path, texts: Sequence[str], clusters: Any, **how: Any) -> list[str]:
    """The first words, four in all, by BERTopic's c-TF-IDF."""
    from sklearn.feature_extraction.text import CountVectorizer

    spec = importlib.util.spec_from_file_location("ctfidf", folder / "bertopic" / "vectorizers" / "_ctfidf.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    whole = [
        " ".join(texts[row] for row in np.flatnonzero(clusters == number).tolist()) for number in range(int(clusters.max()) + 1)
    ]
    vectorizer = CountVectorizer(**how)
    weights = module.ClassTfidfTransformer().fit_transform(vectorizer.fit_transform(whole)).toarray()
    words, names = vectorizer.get_feature_names_out(), []
    for row in weights:
        name: list[str] = []
        for at in np.argsort(-row).tolist():
            if len(name) + len(words[at].split()) <= WORDS:
                name += words[at].split()
            if len(name) == WORDS:
                break
        names.append(" ".join(name))
    return names


def elutes(texts: Sequence[str], X: Any, clusters: Any) -> list[str]:
    """The offline analyst's names, in the order of the clusters."""
    from elute.analyze import Context, OfflineAnalyst, cluster_views

    views = cluster_views(texts, clusters, X, None, np.arange(len(texts), dtype=np.uint64))
    return [said.name for said in OfflineAnalyst().clusters(views, Context(len(texts), len(views)))]


def names(seeds: range, folder: Path | None, only: str = "") -> Iterator[str]:
    """Lines of a table: a set each; then how many of 500 names are distinct."""
    from evidence_sources import source
    from sklearn.cluster import KMeans

    rivals: dict[str, dict[str, Any]] = {
        "default": {}, "no stop words": {"stop_words": "english"}, "pairs": {"ngram_range": (1, 2)},
        "pairs, no stop words": {"stop_words": "english", "ngram_range": (1, 2)},
    } if folder is not None else {}  # fmt: skip
    yield f"| set | elute | {' | '.join(f'BERTopic, {rival}' for rival in rivals)} |\n|---|---|{'---|' * len(rivals)}"
    for name in (one for one in ("banking77", "clinc150") if only in one):
        whole = source(name)
        labels = whole.labels.astype(str)
        found: dict[str, list[float]] = {}
        for seed in seeds:
            k = len(np.unique(labels))
            clusters = KMeans(k, n_init=1, random_state=seed).fit_predict(whole.X).astype(np.int32)
            values = [np.unique(labels[clusters == number], return_counts=True) for number in range(k)]
            most = [value[counts.argmax()] for value, counts in values]
            sides = {"elute": elutes(whole.texts, whole.X, clusters)}
            if folder is not None:
                sides |= {rival: bertopics(folder, whole.texts, clusters, **how) for rival, how in rivals.items()}
            assert max(len(one.replace(",", " ").split()) for one in sides["elute"]) <= WORDS
            for side, made in sides.items():
                found.setdefault(side, []).append(float(np.mean([shares_word(*pair) for pair in zip(made, most, strict=True)])))
        yield f"| {name} | " + " | ".join(f"{np.mean(v):.3f} [{min(v):.3f} to {max(v):.3f}]" for v in found.values()) + " |"
    many = elutes(whole.texts, whole.X, KMeans(500, n_init=1, random_state=0).fit_predict(whole.X).astype(np.int32))
    numbered = sum(bool(re.search(r" \d+$", one)) for one in many)
    yield f"\n500 clusters of {name}: {len({one.casefold() for one in many})} distinct names, {numbered} told apart by a number."


def judged(mix: Any, task: str = "") -> dict[str, Any]:
    """Verdicts on the first round of a mix without its labels: rows named, rows of such clusters, and verdicts."""
    import evidence_mixes as mixes
    from evidence_looks import Ground, round_of

    from elute.analyze import Context, OfflineAnalyst, cluster_views

    mix = replace(mix, labels=np.full(len(mix.labels), None))
    session = mixes.session(mix, task=task)
    settings = session.choices.settings(session.state.settings)
    space = session._steps.space(settings)
    at = Ground(mix, session.corpus, session._steps.prepared(settings.prepare), session.embeddings(), space)
    made = round_of(at, np.ones(len(mix.texts), bool))
    views = cluster_views(at.prepared.texts, made.labels, at.embeddings.vectors, made.scores, at.corpus.ids)
    named, whole, verdicts = np.zeros(len(mix.texts), bool), np.zeros(len(mix.texts), bool), []
    for said in OfflineAnalyst().clusters(views, Context(len(mix.texts), len(views), task=task)):
        verdicts.append(said.verdict)
        own = made.labels == said.cluster
        if said.verdict in ("drop", "trim"):
            whole |= own
            named[np.flatnonzero(own) if said.verdict == "drop" else list(said.trim)] = True
    return {"named": named, "whole": whole, "verdicts": verdicts}


def _held(rows: Any, foreign: Any) -> str:
    return f"{(rows & foreign).sum() / max(1, foreign.sum()):.2f} at {foreign[rows].mean() if rows.any() else 1:.2f}"


def verdicts(seeds: range, only: str = "") -> Iterator[str]:
    """Lines of a table: a mix and seed each, then the clean sets."""
    import evidence_mixes as mixes

    yield "| foreign rows held, at precision | rows named | with a task | whole clusters | drop, trim, of |\n|---|---|---|---|---|"
    totals: dict[str, list[tuple[int, int, int]]] = {}
    for kind, pairs in (("scattered", SCATTERED), ("coherent", COHERENT)):
        for base, other in (pair for pair in pairs if only in f"{kind}: {pair[0]} with {pair[1]}"):
            for seed in seeds:
                mix = mixes.build(mixes.Spec(base, other), seed, "missing")
                plain = judged(mix)
                told = judged(mix, TASKS[base])
                said = plain["verdicts"]
                totals.setdefault(f"{kind}, {base}", []).append(_counts(plain["named"], mix.foreign))
                yield (
                    f"| {kind}: {base} with {other}, seed {seed} | {_held(plain['named'], mix.foreign)} | "
                    f"{_held(told['named'], mix.foreign)} | {_held(plain['whole'], mix.foreign)} | "
                    f"{said.count('drop')}, {said.count('trim')}, {len(said)} |"
                )
    for name, counts in totals.items():
        hit, called, all_ = np.sum(counts, axis=0)
        yield f"| {name}, together | {hit / all_:.2f} at {hit / max(1, called):.2f} | | | |"
    for base in (base for base in TASKS if only in f"clean: {base}"):
        for seed in seeds:
            found = judged(mixes.clean(base, seed))
            said = found["verdicts"]
            named = f"{found['named'].mean():.1%} of rows named"
            yield f"| clean: {base}, seed {seed} | {named} | | | {said.count('drop')}, {said.count('trim')}, {len(said)} |"


def _counts(rows: Any, foreign: Any) -> tuple[int, int, int]:
    return int((rows & foreign).sum()), int(rows.sum()), int(foreign.sum())


def main() -> None:
    """Print the parts that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", default=["names", "verdicts", "time"])
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--bertopic", type=Path)
    how = parser.parse_args()
    seeds = range(how.seeds)
    made = {"names": lambda: names(seeds, how.bertopic, how.only), "verdicts": lambda: verdicts(seeds, how.only), "time": seconds}
    for part in how.parts:
        for line in made[part]():
            print(line, flush=True)


def seconds() -> Iterator[str]:
    """A line: 50,000 rows drawn from a mix, with its probabilities, so that all that may be done is done."""
    import evidence_mixes as mixes
    import pandas as pd

    from elute.analyze import Context, OfflineAnalyst, cluster_views
    from elute.cluster import KMeans, cluster
    from elute.foreignness import foreignness
    from elute.metrics import score

    mix = mixes.build(mixes.Spec("clinc150", "wiki"), 0, "missing")
    labels = cluster(mix.X, KMeans(100), seed=0).labels
    scores = score(mix.X, labels)
    ranked: pd.DataFrame = foreignness(mix.X, labels, mix.texts).rank(scores.clusters)
    rows = np.random.default_rng(0).integers(0, len(labels), 50_000)
    scores = replace(scores, clusters=ranked, row_silhouette=scores.row_silhouette[rows])
    texts, X, ids = [mix.texts[row] for row in rows], mix.X[rows], np.arange(len(rows), dtype=np.uint64)
    start = time.process_time()
    views = cluster_views(texts, labels[rows], X, scores, ids)
    made = {said.cluster: said for said in OfflineAnalyst().clusters(views, Context(len(rows), len(views)))}
    OfflineAnalyst().overview(views, made, Context(len(rows), len(views)))
    yield f"\n50,000 rows in {len(views)} clusters: {time.process_time() - start:.2f} processor seconds."


if __name__ == "__main__":
    main()
