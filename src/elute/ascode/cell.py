"""The cell itself: how the texts are read, then one statement a decision, in the order in which they were made."""

from __future__ import annotations

import base64
import inspect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.ascode import ids as source
from elute.ascode.reading import lines, taken, texts
from elute.corpus import Corpus
from elute.decisions import Decision, State
from elute.errors import JournalError
from elute.plain import many
from elute.report.why import why

Mask = NDArray[np.bool_]
FEW = 4
"""Ids that are written one by one; more are packed."""
WIDE = 100
"""Characters of a line of packed ids."""
TAKEN = frozenset("base64 hashlib np pyarrow row_ids unpacked texts parts row odd gaps part ids keep reference clean".split())
"""Names that the cell uses itself."""
TOLD = {
    "tag": "tagged",
    "edit": "cleaned beyond what the settings clean",
    "relabel": "given another label",
    "judged": "judged one by one",
}
"""Kinds that this code does not repeat, and what they did."""


@dataclass(frozen=True, eq=False)
class _Step:
    """One decision: whether its rows stay from here on, and which rows change by it."""

    decision: Decision
    stays: bool
    rows: Mask


def cell(corpus: Corpus, state: State, version: str, *, table: str = "df", words: bool = False) -> str:
    """Python code that gives ``keep``, a mask over the rows of ``table``, and ``clean``, those that stay, less a reference.

    Parameters
    ----------
    corpus : Corpus
    state : State
    version : str
        Of elute, for the first line.
    table : str
        Name of the variable that holds the table.
    words : bool
        Write the reasons too where they may hold words of the texts: see :func:`elute.report.why.why`.

    Notes
    -----
    Only rows that a decision changed are written, in the order of their ids, so two versions of a cell differ where decisions do. Needs
    numpy, and the library of the table.

    Raises
    ------
    JournalError
        The code would give another mask: that is an error of elute.
    """
    own, keep = source.row_ids(texts(corpus)), np.ones(corpus.given, bool)
    body: list[str] = []
    steps = list(_steps(corpus, state))
    for step in steps:
        keep[step.rows] = step.stays
        body += ["", *_statement(step, own, words)]
    if not np.array_equal(keep, state.keep[: corpus.given]):
        raise JournalError("The decisions can't be written as code, an error of elute's: keep the mask itself, w.keep.")
    reference, imports = corpus.reference[: corpus.given], ["import base64", "import hashlib", "", "import numpy as np"]
    kept, whole = int((keep & ~reference).sum()), int((~reference).sum())
    return "\n".join(
        [
            f"# Written by elute {version}: {len(steps)} decisions; {kept:,} of {whole:,} rows stay. Needs no elute.",
            f"# `{table}` is the table. Rows are known by the content of their texts, and of equal texts by which comes first.",
            *_untold(state),
            *imports,
            *(["import pyarrow"] if corpus.kind == "pyarrow" else []),
            "", "", *_functions(), "", "",
            *lines(corpus, table),
            "ids = row_ids(texts)",
            "keep = np.ones(len(ids), bool)",
            *_beside(own[reference]),
            *body,
            "",
            f"clean = {taken(corpus.kind, table, 'keep & ~reference' if reference.any() else 'keep')}",
            "",
        ]
    )  # fmt: skip


def _steps(corpus: Corpus, state: State) -> Iterator[_Step]:
    """What each decision in force changed, by the rule of :mod:`elute.decisions.meaning`."""
    keep, pinned = np.ones(len(corpus), bool), np.zeros(len(corpus), bool)
    for decision in state.decided:
        if decision.kind not in ("drop", "restore", "pin"):
            continue
        rows = corpus.rows_by_id(decision.ids)[0]
        if decision.kind == "pin":
            pinned[rows] = bool(decision.data.get("on", True))
            continue
        stays = decision.kind == "restore"
        changed = rows & ~keep if stays else rows & keep & ~pinned & ~corpus.reference
        keep[changed] = stays
        if changed[: corpus.given].any():
            yield _Step(decision, stays, changed[: corpus.given])


def _statement(step: _Step, own: NDArray[np.uint64], words: bool) -> list[str]:
    decision, count = step.decision, int(step.rows.sum())
    what = "back" if step.stays else "out"
    place = f"round {decision.round}" if decision.round else "before the first round"
    comment = f"# {many(count)} {what}, {place}: {visible(why(decision, words))}"
    return [comment, f"keep[{_among(own[step.rows])}] = {step.stays}"]


def _beside(ids: NDArray[np.uint64]) -> list[str]:
    """Rows of the table that are a reference: `keep` is true of them, since no decision drops them, and `clean` is without them."""
    if not len(ids):
        return []
    told = f"# {len(ids):,} {'row is' if len(ids) == 1 else 'rows are'} of a reference: never dropped, and no part of `clean`."
    return ["", told, f"reference = {_among(ids)}"]


def _among(ids: NDArray[np.uint64]) -> str:
    """An expression, of a line or several, for the rows that have these ids."""
    chosen = np.sort(ids)
    if len(ids) <= FEW:
        listed = ", ".join(f"0x{id_:016x}" for id_ in chosen.tolist())
        return f"np.isin(ids, np.array([{listed}], np.uint64))"
    packed = base64.b64encode(chosen.astype(">u8").tobytes()).decode()
    pieces = [f'    "{packed[at : at + WIDE]}"' for at in range(0, len(packed), WIDE)]
    return "\n".join(["np.isin(ids, unpacked(", *pieces, "))"])


def visible(text: str) -> str:
    """Text for a comment: one line, and no sign that can't be seen or that turns the direction of the line around.

    >>> visible("cats\\nimport os\\u202e#")
    'cats import os?#'
    """
    return "".join(sign if sign.isprintable() else "?" for sign in " ".join(text.split()))[:200]


def _untold(state: State) -> list[str]:
    counts = dict.fromkeys(TOLD, 0)
    for decision in state.decided:
        if decision.kind in counts:
            counts[decision.kind] += 1
    said = [f"{TOLD[kind]} ({count})" for kind, count in counts.items() if count]
    return [f"# Not in this code, decisions by which rows were: {'; '.join(said)}."] if said else []


def _functions() -> Sequence[str]:
    plain: Any = (source.row_ids, source.unpacked)
    made = "\n\n\n".join(inspect.getsource(each).rstrip() for each in plain)
    for old, new in (
        ("(texts: Any) -> Any", "(texts)"),
        ("(text: str) -> Any", "(text)"),
        ("seen: dict[bytes, int] = {}", "seen = {}"),
    ):
        made = made.replace(old, new)
    return made.split("\n")
