"""Step 0: text made clean on a working copy, with counts before and after. The original is never changed.

Rows stay where they are: what can't be embedded (missing, not text, blank) has None for its text and says why in ``state``;
what is unusual (too short, too long, a copy) is flagged, and a person decides.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from elute.corpus import BLANK, MISSING, NOT_TEXT, TEXT, Corpus
from elute.errors import SettingsError
from elute.options import Options, option
from elute.prepare.beyond import beyond, joined
from elute.prepare.clean import join_surrogates
from elute.prepare.edits import NO_EDITS, STEPS, TITLES, Edits
from elute.progress import SILENT, Progress

__all__ = ["BLANK", "Prepare", "Prepared", "StepCount", "prepare"]


@dataclass(frozen=True)
class Prepare(Options):
    """What is repaired, and which lengths are usual."""

    title: ClassVar[str] = "Prepare"
    when: ClassVar[str] = "Before the first embedding, on a working copy."

    encoding: bool = option(True, help="Repair text that was read in the wrong encoding, and compose Unicode (NFC).")
    markup: bool = option(True, help="Take out HTML tags, comments and entities, but for tags that a text is about.")
    control: bool = option(True, help="Take out control, zero-width and direction characters.")
    whitespace: bool = option(True, help="One space for every run of white space.")
    min_chars: int = option(3, low=0, high=1_000, help="Shorter texts are flagged as too short.")
    # 32,000 characters are some 8,000 tokens, and no usual embedding model reads more.
    max_chars: int = option(32_000, low=10, high=10_000_000, help="Longer texts are cut here, and flagged as too long.")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.min_chars > self.max_chars:
            raise SettingsError(f"min_chars is {self.min_chars}; it must be at most max_chars, {self.max_chars}.")


@dataclass(frozen=True)
class StepCount:
    """How many rows have a defect before and after, and how many rows were changed for it."""

    step: str
    title: str
    before: int
    after: int
    changed: int


@dataclass(frozen=True, eq=False)
class Prepared:
    """The working copy of a corpus.

    Attributes
    ----------
    texts : list of (str or None), length n
        Clean texts; None where there is nothing to embed.
    state : ndarray of shape (n,), int8
        ``TEXT``, ``MISSING``, ``NOT_TEXT`` or ``BLANK``.
    changed : ndarray of shape (n,), bool
        The working copy differs from the original.
    too_short, too_long : ndarray of shape (n,), bool
        Texts that are shorter than ``min_chars``; texts that were cut to ``max_chars``.
    duplicate_of : ndarray of shape (n,), int64
        The first row that says the same (``compared``); -1 where this is the first, or there is no text. Texts that were cut are compared
        whole.
    compared : list of (str or None), length n
        Clean texts as copies are looked for among them: behind a text stands a word for what its indentation and its tags said, where
        they said something (:mod:`elute.prepare.beyond`).
    counts : tuple of StepCount
    """

    texts: list[str | None]
    state: NDArray[np.int8]
    changed: NDArray[np.bool_]
    too_short: NDArray[np.bool_]
    too_long: NDArray[np.bool_]
    duplicate_of: NDArray[np.int64]
    compared: list[str | None]
    counts: tuple[StepCount, ...]

    def __repr__(self) -> str:
        return f"<Prepared: {len(self.texts):,} rows, {int(self.changed.sum()):,} changed>"


class _Step(NamedTuple):
    name: str
    title: str
    repair: Callable[[str], str]
    on: bool


def prepare(corpus: Corpus, options: Prepare | None = None, progress: Progress = SILENT, edits: Edits = NO_EDITS) -> Prepared:
    """Clean every text on a working copy.

    A step that is off still counts the rows that need it. Broken characters are always mended, since no tokenizer takes them.

    Parameters
    ----------
    corpus : Corpus
    options : Prepare, optional
        What is repaired; everything by default.
    edits : Edits
        Rows that are repaired by more steps than ``options`` says.

    Raises
    ------
    Cancelled
        Asked to stop; nothing was changed.
    """
    options = options or Prepare()
    steps = (
        _Step("surrogates", "Broken characters (lone surrogates)", join_surrogates, True),
        *(_Step(name, TITLES[name], repair, getattr(options, name)) for name, repair in STEPS.items()),
    )
    before, after, mended = (dict.fromkeys((step.name for step in steps), 0) for _ in range(3))
    own = {
        row: tuple(step._replace(on=step.on or step.name in names) for step in steps)
        for row, names in edits.by_row(corpus.n).items()
    }
    texts: list[str | None] = [None] * corpus.n
    more: dict[int, str] = {}
    changed, too_long = np.zeros(corpus.n, bool), np.zeros(corpus.n, bool)
    # Four times what is kept leaves room for markup, and bounds the work on a text of 10 MB.
    enough = 4 * options.max_chars
    last = time.monotonic()
    for row, original in enumerate(corpus.texts):
        if row % 256 == 0 and time.monotonic() - last > 0.3:
            progress.report("prepare", row, corpus.n)
            last = time.monotonic()
        if original is None:
            continue
        text, laid, needed = _clean(original[:enough], own.get(row, steps))
        if len(original) > enough or len(text) > options.max_chars:
            too_long[row] = True
            text = text[: options.max_chars].rstrip()
        for step in needed:
            before[step.name] += 1
            mended[step.name] += step.on
        if needed or too_long[row]:  # any other text is as it was
            for step in steps:
                after[step.name] += step.repair(text) != text
        changed[row] = text != original
        texts[row] = text if text and not text.isspace() else None
        if word := beyond(original[:enough], laid, any(step.name == "markup" and step.on for step in needed)):
            more[row] = word
    progress.report("prepare", corpus.n, corpus.n)

    missing, not_text = corpus.state == MISSING, corpus.state == NOT_TEXT
    blank = (corpus.state == TEXT) & np.fromiter((text is None for text in texts), bool, corpus.n)
    too_short = _shorter(texts, options.min_chars)
    compared = joined(texts, more)
    # A text that was cut is a copy only if the whole original is.
    duplicate_of = _first_rows(corpus.texts[row] if too_long[row] else text for row, text in enumerate(compared))
    filled, none = int(corpus.filled.sum()), np.zeros(corpus.n, bool)
    counts = (
        _count("missing", "Missing", missing | corpus.filled, missing, filled),
        _count("not_text", "Not text (numbers, lists)", not_text, not_text),
        *(StepCount(step.name, step.title, before[step.name], after[step.name], mended[step.name]) for step in steps),
        _count("blank", "Blank", _blank(corpus.texts), blank),
        _count("too_short", f"Under {options.min_chars:,} characters", _shorter(corpus.texts, options.min_chars), too_short),
        _count("too_long", f"Over {options.max_chars:,} characters", too_long, none, int(too_long.sum())),
        _count("duplicates", "Exact copies", _first_rows(corpus.texts) >= 0, duplicate_of >= 0),
    )
    state = np.where(blank, np.int8(BLANK), corpus.state)
    for array in (state, changed, too_short, too_long, duplicate_of):
        array.flags.writeable = False
    return Prepared(texts, state, changed, too_short, too_long, duplicate_of, compared, counts)


def _clean(text: str, steps: tuple[_Step, ...]) -> tuple[str, str, list[_Step]]:
    """The text after the steps that are on, what it was before its white space was collapsed, and all steps that it needed."""
    needed, laid = [], text
    for step in steps:
        if step.name == "whitespace":
            laid = text
        repaired = step.repair(text)
        if repaired != text:
            needed.append(step)
            if step.on:
                text = repaired
    return text, laid, needed


def _count(step: str, title: str, before: NDArray[np.bool_], after: NDArray[np.bool_], changed: int = 0) -> StepCount:
    return StepCount(step, title, int(before.sum()), int(after.sum()), changed)


def _blank(texts: list[str | None]) -> NDArray[np.bool_]:
    return np.fromiter((text is not None and (not text or text.isspace()) for text in texts), bool, len(texts))


def _shorter(texts: list[str | None], limit: int) -> NDArray[np.bool_]:
    short = np.fromiter((text is not None and len(text) < limit for text in texts), bool, len(texts))
    return short & ~_blank(texts)


def _first_rows(texts: Iterable[str | None]) -> NDArray[np.int64]:
    """For each text the first row that has the same one; -1 where it is that row, or is None or blank."""
    first: dict[str, int] = {}
    rows = []
    for row, text in enumerate(texts):
        found = row if text is None or not text or text.isspace() else first.setdefault(text, row)
        rows.append(-1 if found == row else found)
    return np.array(rows, np.int64)
