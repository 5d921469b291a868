"""What the offline analyst is worth: its names beside BERTopic's, and its verdicts on mixes in which the foreign rows are known.

    ELUTE_DATA=folder python bench/analyst.py [names] [verdicts] [aside] [time] [--seeds 1] [--only sgd] [--bertopic DIR]

``names``: BANKING77 and CLINC150, K-means at the number of labels; share of clusters whose name shares a content word (a common start
of four letters or more, endings of three at most) with the label of most of its rows. Both sides have four words at most. BERTopic's
names come from its own c-TF-IDF class, best words first, over all texts, with four vectorisers; the package is not needed by elute:

    pip install --no-deps --target DIR bertopic

``verdicts``: no label is used. Rows named: all of clusters with verdict "drop", and those that "trim" lists. ``aside``: the same on mixes
that no threshold was chosen on. ``time``: processor seconds for 50,000 rows. ``--only``: sets and mixes whose name holds it. Prints
Markdown.

What was measured is kept as that of bench/evidence.py is (``ELUTE_EVIDENCE=folder``): a run that was stopped goes on where it was, and
after a change of the code it starts anew.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
from evidence import kept

PART = "analyst"
SCATTERED = (("banking77", "wiki"), ("banking77", "oos"), ("clinc150", "wiki"), ("sgd", "wiki"), ("sgd", "oos"))
COHERENT = (("banking77", "sgd"), ("banking77", "sms"), ("clinc150", "sgd"), ("clinc150", "sms"), ("sgd", "sms"))
TASKS = {
    "banking77": "questions of customers of a bank about cards, transfers and accounts",
    "clinc150": "requests to a voice assistant, from banking and travel to small talk",
    "sgd": "what users say to an assistant that books flights, hotels, restaurants and events",
}
WORDS = 4
HEAD = "| foreign rows held, at precision | rows named | with a task | whole clusters | drop, trim, of |\n|---|---|---|---|---|"


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

    def shares(name: str, seed: int) -> dict[str, float]:
        whole = source(name)
        labels = whole.labels.astype(str)
        k = len(np.unique(labels))
        clusters = KMeans(k, n_init=1, random_state=seed).fit_predict(whole.X).astype(np.int32)
        values = [np.unique(labels[clusters == number], return_counts=True) for number in range(k)]
        most = [value[counts.argmax()] for value, counts in values]
        sides = {"elute": elutes(whole.texts, whole.X, clusters)}
        if folder is not None:
            sides |= {rival: bertopics(folder, whole.texts, clusters, **how) for rival, how in rivals.items()}
        assert max(len(one.replace(",", " ").split()) for one in sides["elute"]) <= WORDS
        return {
            side: float(np.mean([shares_word(*pair) for pair in zip(made, most, strict=True)])) for side, made in sides.items()
        }

    def many(name: str) -> dict[str, int]:
        whole = source(name)
        made = elutes(whole.texts, whole.X, KMeans(500, n_init=1, random_state=0).fit_predict(whole.X).astype(np.int32))
        return {
            "distinct": len({one.casefold() for one in made}),
            "numbered": sum(bool(re.search(r" \d+$", one)) for one in made),
        }

    for name in (one for one in ("banking77", "clinc150") if only in one):
        runs = [kept(PART, {"names": name, "seed": seed, "rivals": list(rivals)}, partial(shares, name, seed)) for seed in seeds]
        sides = {side: [run[side] for run in runs] for side in runs[0]}
        yield f"| {name} | " + " | ".join(f"{np.mean(v):.3f} [{min(v):.3f} to {max(v):.3f}]" for v in sides.values()) + " |"
        found = kept(PART, {"many": name}, partial(many, name))
        yield f"\n500 clusters of {name}: {found['distinct']} distinct names, {found['numbered']} told apart by a number.\n"


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


def measured(spec: Any, seed: int, tasks: bool = True) -> dict[str, Any]:
    """The verdicts on one mix as counts, kept: foreign rows held, rows called, foreign rows; and clusters by verdict."""
    import evidence_mixes as mixes

    def work() -> dict[str, Any]:
        mix = mixes.build(spec, seed, "missing") if spec.share else mixes.clean(spec.base, seed)
        plain = judged(mix)
        told = judged(mix, TASKS[spec.base])["named"] if tasks and spec.base in TASKS else None
        said = plain["verdicts"]
        return {
            "named": _counts(plain["named"], mix.foreign), "whole": _counts(plain["whole"], mix.foreign),
            "told": None if told is None else _counts(told, mix.foreign), "rows": len(mix.texts),
            "drop": said.count("drop"), "trim": said.count("trim"), "clusters": len(said),
        }  # fmt: skip

    found: dict[str, Any] = kept(PART, {"mix": spec.name, "rows": spec.rows, "seed": seed, "tasks": tasks}, work)
    return found


def _held(counts: Sequence[int] | None) -> str:
    if counts is None:
        return ""
    hit, called, foreign = counts
    return f"{hit / max(1, foreign):.2f} at {hit / called if called else 1:.2f}"


def _line(title: str, found: dict[str, Any]) -> str:
    clusters = f"{found['drop']}, {found['trim']}, {found['clusters']}"
    return f"| {title} | {_held(found['named'])} | {_held(found['told'])} | {_held(found['whole'])} | {clusters} |"


def aside(seeds: range, only: str = "") -> Iterator[str]:
    """Lines of a table: mixes that no threshold was chosen on, and all of them together."""
    import evidence_mixes as mixes

    yield HEAD
    totals: dict[str, list[Sequence[int]]] = {}
    for spec in (spec for spec in (*mixes.aside(), *mixes.elsewhere()) if only in f"{spec.group}: {spec.name}"):
        for seed in seeds:
            found = measured(spec, seed, tasks=False)
            totals.setdefault(spec.group, []).append(found["named"])
            yield _line(f"{spec.group}: {spec.name}, seed {seed}", found)
    for group, counts in totals.items():
        yield f"| {group}, together | {_held(np.sum(counts, axis=0).tolist())} | | | |"


def verdicts(seeds: range, only: str = "") -> Iterator[str]:
    """Lines of a table: a mix and seed each, then the clean sets."""
    import evidence_mixes as mixes

    yield HEAD
    totals: dict[str, list[Sequence[int]]] = {}
    for kind, pairs in (("scattered", SCATTERED), ("coherent", COHERENT)):
        for base, other in (pair for pair in pairs if only in f"{kind}: {pair[0]} with {pair[1]}"):
            for seed in seeds:
                found = measured(mixes.Spec(base, other), seed)
                totals.setdefault(f"{kind}, {base}", []).append(found["named"])
                yield _line(f"{kind}: {base} with {other}, seed {seed}", found)
    for name, counts in totals.items():
        yield f"| {name}, together | {_held(np.sum(counts, axis=0).tolist())} | | | |"
    for base in (base for base in TASKS if only in f"clean: {base}"):
        for seed in seeds:
            found = measured(mixes.Spec(base, "none", 0.0, group="clean"), seed, tasks=False)
            named = f"{found['named'][1] / found['rows']:.1%} of rows named"
            yield f"| clean: {base}, seed {seed} | {named} | | | {found['drop']}, {found['trim']}, {found['clusters']} |"


def _counts(rows: Any, foreign: Any) -> list[int]:
    return [int((rows & foreign).sum()), int(rows.sum()), int(foreign.sum())]


def main() -> None:
    """Print the parts that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", default=["names", "verdicts", "aside", "time"])
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--bertopic", type=Path)
    how = parser.parse_args()
    seeds = range(how.seeds)
    made = {
        "names": lambda: names(seeds, how.bertopic, how.only), "verdicts": lambda: verdicts(seeds, how.only),
        "aside": lambda: aside(seeds, how.only), "time": seconds,
    }  # fmt: skip
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
