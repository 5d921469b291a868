"""What was decided, as columns beside the user's own: which rows stay and why, labels and texts proposed, tags.

Which label counts where. What is told of the rows that stay goes by the labels **in force**, the proposed one where there is one:
``elute_label``, the suggestions about copies and duplicates, what a drop is said to do to labels, rows that look worth keeping, the bound
of ``min_per_label``, the autopilot's care for the last rows of a label, the labels of reports. What is measured goes by the labels **as
they were given**, whatever was proposed since: the findings of a round (``conflict``, ``near_copy``, ``label_issue`` and the scores
beside them), the labels of clusters, and accuracy. Proposals mostly come from the very classifier that would then be measured by them;
and a round is found again by its rows, so what it found may not depend on what was decided later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.corpus import Corpus
from elute.corpus.rows import word
from elute.decisions.decisions import Decision, State
from elute.prepare.edits import STEPS, cleaned


def labels(corpus: Corpus, state: State) -> list[Any]:
    """The label of each row, the proposed one where there is one: of the user's own values where one reads like that.

    Where the proposals are text and the labels are not, all are text: a column holds values of one type.
    """
    given = [None] * len(corpus) if corpus.label is None else corpus.label.tolist()
    if not state.relabels:
        return given
    codes, names = in_force(*corpus.label_codes, state.relabels)
    for row in state.relabels:
        given[row] = names[codes[row]] if codes[row] >= 0 else None
    if len({type(value) for value in given if value is not None}) > 1:
        given = [None if value is None else str(names[code]) for value, code in zip(given, codes.tolist(), strict=True)]
    return given


def in_force(codes: NDArray[Any], names: Sequence[Any], relabels: Mapping[int, str]) -> tuple[NDArray[np.int64], list[Any]]:
    """(n,) labels as numbers, the proposed one where there is one, -1 without one; and all labels, those that are new behind the others.

    >>> codes, names = in_force(np.array([0, 1, -1]), ["a", 2.0], {0: "2", 2: "c"})
    >>> codes.tolist(), names
    ([1, 1, 2], ['a', 2.0, 'c'])
    """
    named, found = list(names), np.array(codes, np.int64)
    known = {"": -1} | {word(name): code for code, name in enumerate(named)}
    for row, label in relabels.items():
        if (like := word(label)) not in known:
            known[like] = len(named)
            named.append(label)
        found[row] = known[like]
    return found, named


def labels_in_force(codes: NDArray[Any], names: Sequence[Any], relabels: Mapping[int, str]) -> NDArray[np.int64]:
    """The numbers alone of :func:`in_force`."""
    return in_force(codes, names, relabels)[0]


def texts(corpus: Corpus, state: State) -> list[str | None]:
    """The text of each row, cleaned where an edit says so."""
    given = list(corpus.texts)
    for row in state.edits.nonzero()[0].tolist():
        text = given[row]
        if text is not None:
            made = cleaned(text, [name for name in STEPS if name in state.edit_steps and state.edit_steps[name][row]])
            # the line breaks that tags at the ends leave; white space of the user's own stays
            made = made if text[:1].isspace() else made.lstrip()
            given[row] = made if text[-1:].isspace() else made.rstrip()
    return given


def tags(corpus: Corpus, state: State) -> list[str | None]:
    """The tags of each row, joined by a comma; None without one."""
    found: list[str | None] = [None] * len(corpus)
    for name, rows in state.tags.items():
        for row in rows.nonzero()[0].tolist():
            found[row] = name if found[row] is None else f"{found[row]}, {name}"
    return found


def reasons(corpus: Corpus, state: State, said: Callable[[Decision], str] | None = None) -> list[str | None]:
    """Why each dropped row went, by the last drop that took it; None for a row that stays. ``said``: :func:`reason`, if nothing else."""
    found: list[str | None] = [None] * len(corpus)
    for decision in state.decided:
        if decision.kind == "drop":
            why = (said or reason)(decision)
            for row in corpus.rows_by_id(decision.ids)[0].nonzero()[0].tolist():
                found[row] = why
    for row in state.keep.nonzero()[0].tolist():
        found[row] = None
    return found


def reason(decision: Decision) -> str:
    """Why a decision was made, as far as it says so: its reason, that of the suggestion behind it, or how it came about."""
    return decision.reason or str(decision.source.get("why") or decision.source.get("kind") or decision.kind)


def proposed(corpus: Corpus, state: State) -> dict[str, list[Any]]:
    """The columns ``elute_label`` and ``elute_text``, each where anything is proposed there."""
    made = {"elute_label": labels, "elute_text": texts}
    return {column: made[what](corpus, state) for what, column in proposed_columns(corpus, state).items()}


def proposed_columns(corpus: Corpus, state: State) -> dict[str, str]:
    """The names of those columns in the user's table, by what they hold."""
    there = {"elute_label": bool(state.relabels), "elute_text": bool(state.edits.any())}
    return {what: fresh(what, corpus.columns) for what, is_there in there.items() if is_there}


def everything(corpus: Corpus, state: State) -> dict[str, list[Any]]:
    """The columns ``keep``, ``reason``, ``elute_label``, ``elute_text`` and ``elute_tags``."""
    made = {
        "keep": state.keep.tolist(),
        "reason": reasons(corpus, state),
        "elute_label": labels(corpus, state),
        "elute_text": texts(corpus, state),
        "elute_tags": tags(corpus, state),
    }
    return {fresh(name, corpus.columns): values for name, values in made.items()}


def fresh(name: str, columns: Iterable[str]) -> str:
    """A name that no column of the user has.

    >>> fresh("keep", ["text", "keep"])
    'elute_keep'
    >>> fresh("elute_label", ["elute_label"])
    'elute_label_2'
    """
    taken = set(columns)
    if name not in taken:
        return name
    name = name if name.startswith("elute_") else f"elute_{name}"
    return next(found for found in (name, *(f"{name}_{number}" for number in range(2, len(taken) + 3))) if found not in taken)
