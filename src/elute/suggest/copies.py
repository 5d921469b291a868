"""Safe: of rows that say the same under the same label, one of each stays: the one that a person decided on, where there is one.

The label is the proposed one where there is one. A row that a person read and kept never goes, nor does one with a tag or an edit that
the row that stays has not: what was decided goes with no copy.

Safe near copies are equal but for case and punctuation, as prose turns them, and slips of a letter, as far as the set itself says that it
is one. Those that differ in a small word ("why is the top up pending" for "my top up"), or in what may be another word, are a look:
people write so too, and a classifier is none the better without them (:data:`LETTERS`).

Where rows go by groups (dialogues, documents), only groups all of whose rows are copies: a “yes please” is no reason to lose a dialogue.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from elute.suggest.ground import Ground, Mask
from elute.suggest.rows import Rows
from elute.suggest.suggestion import Example, Suggestion, identity
from elute.suggest.words import goes, many

LETTERS = (0, 2, 4)
"""Costs (:data:`elute.findings.duplicates.MAY_COST`) of edits that are letters only; 3, 5 and 6 have a word among them. Dropping what
words name moved accuracy by -.26 to +.10 points (two classifiers, five sets, one seed), where three test rows are .1: nothing is gained
by it, so it is not safe. Among all 170,000 texts of the five sets, 38 pairs differ by letters only; in each, one is misspelt."""
NEAR_COPIES = 0.95
"""Of rows named as near copies by the edit check, the share that were: .96 and more on the sets of bench/evidence_duplicates.py."""


def copies(ground: Ground) -> list[Suggestion]:
    """Exact copies of a kept row, labels the same: in each group and label one row stays, the first if all else is equal."""
    _, spare, stays = exact(ground)
    rows = ground.by_groups(spare)
    if not rows.any():
        return []
    return [
        _suggestion(
            ground, "copies", rows, stays, 1.0, "the texts are equal once the white space of prose and plain formatting are set aside",
            f"Drop {many(int(rows.sum()), 'exact copy', 'exact copies')}",
            "Each says the same as a row that stays, under the same label; one of each stays." if ground.label_names
            else "Each says the same as a row that stays; one of each stays.",
        )
    ]  # fmt: skip


def near_copies(ground: Ground) -> list[Suggestion]:
    """Edit-checked near copies of a kept row with the same label: by letters alone they are safe, by a small word a look."""
    _, rows, of = near(ground)
    letters = rows & np.isin(ground.number("near_copy_cost"), LETTERS)
    trials, under = "share of such rows that were near copies in trials", ", under the same label" if ground.label_names else ""
    found = []
    if (safe := ground.by_groups(letters)).any():
        found.append(
            _suggestion(
                ground,
                "near_copies",
                safe,
                of,
                NEAR_COPIES,
                trials,
                f"Drop {many(int(safe.sum()), 'near copy', 'near copies')}",
                f"Each is a row that stays but for case, punctuation or a slip of a letter{under}.",
            )
        )
    if (look := ground.by_groups(rows & ~letters)).any():
        why = (
            "Each differs from a row that stays in a small word, such as “the” for “my”, or in a letter, a capital or a mark "
            f"(a comma inside it, an apostrophe) that may make it say something else, with the same numbers and the same “not”{under}. "
            "People write so too: dropping them made classifiers no better in trials."
        )
        title = f"{many(int(look.sum()), 'near copy', 'near copies')} in another word"
        by_words = _suggestion(ground, "near_copies", look, of, NEAR_COPIES, trials, title, why, more="words")
        found.append(replace(by_words, tier="look", action="look", other="drop", effect=goes(ground, look, "could go")))
    return found


def exact(ground: Rows) -> tuple[Mask, Mask, NDArray[np.int64]]:
    """The user's rows beyond the first of each text and label; of them those that may go; and for each row the one that stays.

    What can't be dropped stays first, and what a person read and kept; then what bears a mark of any kind.
    """
    root = np.where(ground.flag("copy"), ground.number("copy_of", -1).astype(np.int64), np.arange(len(ground.corpus)))
    several = ground.flag("copy")
    several[root[several]] = True  # whoever has no copy stays, and is neither sorted nor counted
    members = np.flatnonzero(ground.here & several)
    key = np.stack([root[members], ground.labels_now[members]], axis=1)
    _, group = np.unique(key, axis=0, return_inverse=True)
    goes, unmarked = ground.free & ~ground.read, ~np.asarray(ground.state.looked)
    unmarked[list(ground.state.relabels)] = False
    for there in _marks(ground):
        unmarked &= ~there
    order = np.lexsort((members, unmarked[members], goes[members], group))
    first = np.r_[True, group[order][1:] != group[order][:-1]][: len(order)]
    leader = members[order][np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))] if len(order) else members
    rows, stays = np.zeros(len(root), bool), np.arange(len(root))
    rows[members[order][~first]] = True
    stays[members[order]] = leader
    return rows & ground.own, nothing_lost(ground, rows & ground.free, stays), stays


def near(ground: Rows) -> tuple[Mask, Mask, NDArray[np.int64]]:
    """The user's near copies of a row that stays and has their label; of them those that may go; and the survivor of each row."""
    flagged, of = ground.flag("near_copy"), ground.number("near_copy_of", -1).astype(np.int64)
    at = np.maximum(of, 0)
    rows = flagged & ground.own & (of >= 0) & ground.here[at] & ~((flagged & ground.free)[at] & (of[at] >= 0))
    rows &= (ground.labels_now[at] == ground.labels_now) & ~ground.flag("copy")
    return rows, nothing_lost(ground, rows & ground.free, at), of


def nothing_lost(ground: Rows, rows: Mask, stays: NDArray[np.int64]) -> Mask:
    """Of rows, those that nobody read and kept, and whose tags and edits the row that stays has too."""
    rows = rows & ~ground.read
    for there in _marks(ground):
        rows &= ~there | there[stays]
    return rows


def _marks(ground: Rows) -> list[Mask]:
    """(n,) rows that bear a tag, for each tag; and those that an edit cleans, for each step."""
    return [*ground.state.tags.values(), *ground.state.edit_steps.values()]


def _suggestion(
    ground: Ground,
    kind: str,
    rows: Mask,
    stays: NDArray[np.int64],
    confidence: float,
    meaning: str,
    title: str,
    why: str,
    more: str = "",
) -> Suggestion:
    return Suggestion(
        identity(kind, ground.ids(rows), more), "safe", kind, "drop", title, why, rows, int(rows.sum()), confidence=confidence,
        meaning=meaning, effect=goes(ground, rows), examples=beside(rows, stays), data={"stays": stays[rows]},
        facet=more,
    )  # fmt: skip


def beside(rows: Mask, of: NDArray[np.int64]) -> tuple[Example, ...]:
    """Three of them, each beside the row that stays; where there are many, spread over the table."""
    at = np.flatnonzero(rows & (of >= 0))
    chosen = at[np.linspace(0, len(at) - 1, min(3, len(at))).astype(int)]
    return tuple(Example(int(row), beside=int(of[row]) if of[row] != row else None) for row in chosen)
