"""Facts of a session, gathered from its parts: what came in, what went with examples, duplicates and labels before and after."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from importlib import metadata
from typing import Any

import numpy as np
from numpy.typing import NDArray

import elute
from elute.corpus import BLANK, MISSING, NOT_TEXT, Corpus
from elute.decisions import State
from elute.decisions.proposals import labels_in_force, proposed_columns
from elute.findings.copies import disagreeing
from elute.prepare import Prepared
from elute.report.removed import Removal
from elute.report.whole import Gone
from elute.report.why import why
from elute.report.words import number, rows, share
from elute.rounds.round import Round

EXAMPLES, LONG = 3, 240
"""Texts that are shown of a decision, and the characters of each."""
PACKAGES = (
    "numpy",
    "scipy",
    "scikit-learn",
    "numba",
    "pandas",
    "narwhals",
    "sentence-transformers",
    "torch",
    "polars",
    "pyarrow",
    "datasets",
)


def versions() -> dict[str, str]:
    """Of elute, Python and the packages that decide what comes out, as far as they are installed."""
    found = {"elute": elute.__version__, "Python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def came_in(corpus: Corpus, prepared: Prepared) -> tuple[tuple[str, str], ...]:
    """What came in, as names and figures; no value of the table."""
    own = slice(corpus.given)
    lengths = np.array([len(text) for text in corpus.texts[own] if text is not None] or [0])
    found = [
        ("Kind of table", corpus.kind),
        ("Rows", f"{corpus.given:,}"),
        (
            "Columns",
            ", ".join(corpus.columns[:20]) + (f" and {len(corpus.columns) - 20} more" if len(corpus.columns) > 20 else ""),
        ),
        ("Text", corpus.text_name),
        *([("Label", str(corpus.label_name))] if corpus.label_name else []),
        *([("Group", f"{corpus.group_name} ({corpus.groups(_own(corpus)):,} groups)")] if corpus.group_name else []),
        ("Characters a text", f"median {np.median(lengths):,.0f}, longest {lengths.max():,}"),
    ]
    for title, state in (("Missing", MISSING), ("Not text", NOT_TEXT), ("Blank", BLANK)):
        if count := int((prepared.state[own] == state).sum()):
            found.append((title, f"{count:,}"))
    if count := int(corpus.filled[own].sum()):
        found.append(("Filled by fill=", f"{count:,}"))
    if count := int(corpus.reference.sum()):
        found.append(("Rows of reference, which are compared with and never dropped", f"{count:,}"))
    return (*found, ("Fingerprint", corpus.fingerprint))


def repaired(prepared: Prepared) -> tuple[tuple[str, int, int], ...]:
    """Of each kind of defect that any row has, the rows before and after the cleaning."""
    return tuple((one.title, one.before, one.after) for one in prepared.counts if one.before)


def gone(corpus: Corpus, state: State, found: Sequence[Removal], told: bool, examples: int = EXAMPLES) -> tuple[Gone, ...]:
    """Each decision that took rows, with a few of them where ``told``: spread over them, the same each time."""
    made = []
    for removal in found:
        decision = state.history[removal.number - 1]
        some: tuple[str, ...] = ()
        if told and examples:
            rows = removal.at
            chosen = rows[np.unique(np.linspace(0, len(rows) - 1, min(examples, len(rows))).astype(int))] if len(rows) else rows
            some = tuple(clipped(corpus.texts[row]) for row in chosen.tolist())
        made.append(Gone(removal, why(decision, told), some))
    return tuple(made)


def clipped(text: str | None) -> str:
    """One line of a text, at most :data:`LONG` characters."""
    if text is None:
        return "(no text)"
    line = " ".join(text[: 4 * LONG].split())
    return line if len(line) <= LONG else line[: LONG - 1] + "…"


def compared(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    """Duplicates and balance before and after, each as :func:`figures` gives them."""
    return tuple((title, before.get(title, "n/a"), value) for title, value in after.items())


def labelled(corpus: Corpus, state: State) -> tuple[tuple[str, int, int], ...]:
    """Rows of each label as they came in, and of those that stay by the labels in force, most first."""
    if corpus.label is None and not state.relabels:
        return ()
    codes, names = corpus.label_codes
    now = labels_in_force(codes, names, state.relabels)
    called = {
        **dict(enumerate(names)),
        **{int(now[row]): label for row, label in state.relabels.items() if now[row] >= len(names)},
    }
    own, most = _own(corpus), max(called, default=-1) + 1
    before, after = (np.bincount(of[rows & (of >= 0)], minlength=most) for of, rows in ((codes, own), (now, own & state.keep)))
    order = sorted(called, key=lambda code: (-max(before[code], after[code]), code))
    return tuple((str(called[code])[:80], int(before[code]), int(after[code])) for code in order)


def proposed(corpus: Corpus, state: State) -> dict[str, str]:
    """How many rows that stay have a proposed label or a cleaned text, and where those are."""
    stay, found = state.keep & _own(corpus), {}
    counts = {"elute_label": sum(bool(stay[row]) for row in state.relabels), "elute_text": int((state.edits & stay).sum())}
    for what, column in proposed_columns(corpus, state).items():
        count, where = counts[what], "table()" if corpus.kind == "list" else "clean()"
        said = "a proposed label" if what == "elute_label" else "a text that was cleaned"
        if count:
            found[what] = f"{rows(count)} that {'stays has' if count == 1 else 'stay have'} {said}: in {column} of {where}."
    return found


def settings(described: Mapping[str, Any], told: bool) -> tuple[str, ...]:
    """Settings as lines. An own estimator is told by its ``repr`` only where ``told``."""
    lines = []
    for name, value in described.items():
        if not isinstance(value, Mapping):
            lines.append(f"{name}: {value}")
        elif value.get("name") == "own":
            lines.append(f"{name}: {value.get('repr', 'own') if told else 'your own'}")
        else:
            more = [f"{key} {each}" for key, each in value.items() if key != "name" and each is not None]
            lines.append(f"{name}: {', '.join(filter(None, [_named(name, value), *more]))}")
    return tuple(lines)


def _named(name: str, value: Mapping[str, Any]) -> str:
    return "" if value.get("name") == name else str(value.get("name", ""))


def in_round(before: Round, after: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(n,) rows of a round that are not in what came after it."""
    return np.asarray(before.keep & ~after)


def kept_of(made: Sequence[Round | None], now: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    """What stayed after each round: the mask of the next round that is there, and of now after the last."""
    found: list[NDArray[np.bool_]] = []
    after = now
    for one in reversed(list(made)):
        found.append(after)
        after = after if one is None else one.keep
    return found[::-1]


def figures(
    corpus: Corpus, keep: NDArray[np.bool_], made: Round | None, metrics: Mapping[str, Any], relabels: Mapping[int, str]
) -> dict[str, str]:
    """Duplicates and balance of rows.

    Parameters
    ----------
    keep : ndarray of shape (n,), bool
    made : Round or None
        One that knows the copies, of these rows or of others; near copies are counted where it is of these.
    metrics : dict
        Indices of a round of these rows; empty where there is none.
    relabels : dict of int to str
        Labels that are proposed by then.
    """
    own = _own(corpus) & keep
    total = max(1, int(own.sum()))
    codes = labels_in_force(*corpus.label_codes, relabels)
    found, counts = {"Rows": f"{int(own.sum()):,}"}, dict[str, int | None]()
    if made is not None and "copy" in made.findings:
        of = made.findings["copy_of"].to_numpy(np.int64)
        counts["Exact copies"] = int(own.sum()) - len(np.unique(np.where(of >= 0, of, np.arange(len(of)))[own]))
    if made is not None and "near_copy" in made.findings:
        near = made.findings["near_copy"].to_numpy(bool) & own
        counts["Near copies"] = int(near.sum()) if np.array_equal(made.keep, keep) else None
    if made is not None and "conflict" in made.findings:
        counts["Copies with another label"] = int((disagreeing(made.findings, codes, own) >= 0).sum())
    for title, count in counts.items():
        found[title] = "n/a" if count is None else f"{count:,} ({share(count / total)})"
    found["Balance of clusters (1: all of one size)"] = number(metrics.get("balance"), 2)
    found["Clusters, if all were equal"] = number(metrics.get("effective"), 1)
    found["Largest cluster to smallest"] = number(metrics.get("largest_to_smallest"), 1)
    if corpus.label is not None:
        each = np.bincount(codes[own & (codes >= 0)])
        each = each[each > 0]
        found["Labels"] = f"{len(each):,}"
        found["Largest label to smallest"] = number(each.max() / each.min(), 1) if len(each) else "n/a"
    return found


def _own(corpus: Corpus) -> NDArray[np.bool_]:
    return ~corpus.reference
