"""Rows judged one by one by a criterion: asked once, kept in the journal, nothing removed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.analyze import Analyst, Estimate
from elute.analyze.rows import RowsAsked, RowVerdict
from elute.decisions import Decision, State
from elute.decisions.judged import KIND, WORDS, Judged, judged, mark, packed
from elute.errors import InputError, JournalError
from elute.findings import flags_of
from elute.progress import Progress
from elute.rounds.round import Round
from elute.session.running import Running

if TYPE_CHECKING:
    import pandas as pd

MOST = 300
"""Rows that are judged at once where nothing else is said: of more, so many by lot. A filter learned from them reaches the others."""
SPOKEN = ("copy", "near_copy", "blank", "missing", "not_text", "markup", "script", "boilerplate", "odd_length", "label_issue")
"""Findings that an analyst without a model goes by."""

AFRESH = "What was decided was put aside meanwhile, so these verdicts are noted nowhere: have the rows judged again."


@dataclass(frozen=True)
class RowsJudged:
    """What came of judging rows.

    Attributes
    ----------
    criterion, source : str
        What was asked, and who answered.
    verdicts : tuple of RowVerdict
        One for each row that was judged, in the order of the table; those known from before among them.
    failed : int
        Rows that got no verdict, and ``error`` says why.
    known : int
        Verdicts that were known from before: they were not asked for again.
    left : int
        Rows that were not asked about, because there were more than ``most``.
    read : str
        Without a model: how the criterion was read, what should stay and what should go.
    """

    criterion: str
    source: str
    verdicts: tuple[RowVerdict, ...] = field(repr=False)
    failed: int = 0
    error: str = ""
    known: int = 0
    left: int = 0
    read: str = ""

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have each verdict."""
        return {word: sum(one.verdict == word for one in self.verdicts) for word in WORDS}


class Rowwise(Running):
    """Rounds whose rows can be judged."""

    analyst: Analyst
    _row_words: tuple[State, Judged] | None = None

    def judge_rows(
        self, where: Any = None, criterion: str = "", *, index: Any = None, most: int = MOST, again: bool = False,
        progress: Progress | None = None, tell: Callable[[int, int], None] | None = None, **how: Any,
    ) -> RowsJudged:  # fmt: skip
        """Have the analyst judge rows by a criterion: keep, drop or unsure, a quality and a reason for each. It removes nothing.

        Verdicts are a decision of their own, which undo takes back; they stand in :attr:`findings`, and :meth:`learn` takes them as
        examples. What the same analyst said of the same text by the same words is not asked for again. A remote analyst is sent the
        texts at once: calling this is the consent. :meth:`rows_estimate` says first how much.

        Parameters
        ----------
        where : mask or positions, optional
            Default: what is selected. ``index=`` says rows by labels of a pandas index.
        criterion : str
            A line that says what should stay. Default: the task. Without a model, what follows "off-topic is", "drop" or "no" says
            what should go; a line that says neither plainly leaves rows unsure. The result and each reason say how it was read.
        most : int
            Of more rows, so many are judged, by lot.
        again : bool
            Ask again also where it is known.
        tell : callable, optional
            ``tell(done, of)`` as answers come.

        Raises
        ------
        InputError
            There is no row to judge; or, without a model, the embedder can't place the line among the rows. Nothing is noted.
        JournalError
            Another kernel decides on these rows: nothing is asked. Where it took over meanwhile, or what was decided was put aside to
            start afresh, what was said is noted nowhere, and not asked for again.
        Cancelled
            What was said before stays.
        """
        if most < 1:
            raise InputError(f"most= must be 1 or more, not {most}.")
        if self.journal.mode != "own":  # before anything is paid for
            raise JournalError(self.journal.refusal)
        asked, left = self._asked(where, criterion, most, index)
        by = self._asker(asked)
        said = {} if again else self._said_before(asked, by)
        known, begun, noted = len(said), self.state.last, True
        todo = [at for at, row in enumerate(asked.rows) if row not in said]
        progress, hear = progress or self._progress, tell or _nobody
        failed, error, done, read = 0, "", known, ""
        hear(done, len(asked.rows))
        try:
            for told in self.analyst.rows(_some(asked, todo), progress) if todo else ():
                said, read = {**said, **{one.row: one for one in told.verdicts}}, told.read
                failed, error, done = failed + len(told.failed), error or told.error, done + len(told.verdicts) + len(told.failed)
                progress.report("judge", done, len(asked.rows))
                hear(done, len(asked.rows))
        finally:  # what was paid for stays, whatever stopped the rest
            noted = self._keep(asked, said, by, begun, how)
        if not noted:
            raise JournalError(AFRESH)
        verdicts = tuple(said[row] for row in sorted(said))
        return RowsJudged(asked.asks, self.analyst.name, verdicts, failed, error, known, left, read)

    def rows_estimate(self, where: Any = None, criterion: str = "", *, index: Any = None, most: int = MOST) -> Estimate:
        """What :meth:`judge_rows` would take: requests, tokens, and USD where the price is known."""
        return self.analyst.rows_estimate(self._asked(where, criterion, most, index)[0])

    @property
    def judgement(self) -> Judged:
        """What was said of single rows, over all rows of the corpus: the latest word on each that is in force."""
        state = self.state
        if self._row_words is None or self._row_words[0] is not state:
            self._row_words = state, judged(state.in_force, self.corpus.ids)
        return self._row_words[1]

    @property
    def judged(self) -> pd.DataFrame:
        """The judged rows as a table: row, verdict, quality, reason, criterion, source."""
        import pandas as pd

        told = self.judgement
        rows = np.flatnonzero(told.rows)
        return pd.DataFrame(
            {
                "row": rows,
                "verdict": [WORDS[code] for code in told.verdicts[rows].tolist()],
                "quality": told.quality[rows],
                **{
                    name: [by[row] for row in rows.tolist()]
                    for name, by in (("reason", told.reasons), ("criterion", told.criteria), ("source", told.sources))
                },
            }
        )

    @property
    def findings(self) -> pd.DataFrame:
        """Evidence about each row of the table, from the current round; with verdicts on rows where there are any.

        It bears the index of a pandas table, so ``df[s.findings["copy"]]`` and ``df.assign(doubt=s.findings["label_score"])`` fit.
        What is written into it changes nothing of the session: it is yours.
        """
        found, told = self._beside.findings(self.current), self.judgement
        if not told.rows.any():
            return found
        return found.assign(**{name: values[: len(found)] for name, values in told.columns().items()})

    # -- inside --------------------------------------------------------------------------------------------------------------

    def _asked(self, where: Any, criterion: str, most: int, index: Any) -> tuple[RowsAsked, int]:
        """What the analyst is asked, and how many rows are left out of it."""
        made = self.current
        rows = self.selection if where is None and index is None else self._rows(where, None, None, index)
        space, prepared = self._steps.space(made.settings), self._steps.prepared(made.settings.prepare, edits=made.settings.edits)
        there = np.flatnonzero(np.asarray(rows) & self.state.keep & (space.of >= 0))
        if not len(there):
            raise InputError("There is no row to judge: select some that stay, or give a mask.")
        left = max(0, len(there) - most)
        if left:
            there = np.sort(np.random.default_rng(made.settings.seed).choice(there, most, replace=False))
        return RowsAsked(
            tuple(there.tolist()), tuple(prepared.texts[row] or "" for row in there), criterion.strip(), self._judge.context(made),
            space.X[space.of[there]], space.X, _flags(made, there), space.speak,
        ), left  # fmt: skip

    def _asker(self, asked: RowsAsked) -> str:
        """Who is asked, in which words: what a verdict is known under."""
        context = asked.context
        told = repr((self.analyst.key(), asked.asks, context.task, context.system))
        return hashlib.blake2b(told.encode("utf-8", "replace"), digest_size=12).hexdigest()

    def _said_before(self, asked: RowsAsked, by: str) -> dict[int, RowVerdict]:
        """Verdicts by the same words, taken back or not; without a model they cost nothing and depend on the others, so none."""
        if not self.analyst.kept:
            return {}
        noted = [record for record in self.journal.records if record.data.get("asker") == by]
        shown = {row: mark(text) for row, text in zip(asked.rows, asked.texts, strict=True)}
        old = judged([*_refused(self._archive.get_json(_name(by))), *noted], self.corpus.ids, shown)
        rows = [row for row in asked.rows if old.verdicts[row] >= 0]
        return {
            row: RowVerdict(row, WORDS[old.verdicts[row]], float(old.quality[row]), old.reasons[row])  # type: ignore[arg-type]
            for row in rows
        }

    def _keep(self, asked: RowsAsked, said: Mapping[int, RowVerdict], by: str, begun: str, how: Mapping[str, Any]) -> bool:
        """Note verdicts; False where what stood when they were asked for, ``begun``, was put aside: they belong to it."""
        if not said:
            return True
        rows: NDArray[np.bool_] = np.zeros(len(self.corpus), bool)
        rows[list(said)] = True
        told = [said[row] for row in sorted(said)]
        shown = [mark(text) for row, text in zip(asked.rows, asked.texts, strict=True) if row in said]
        data = packed([one.verdict for one in told], [one.quality for one in told], [one.reason for one in told], shown)
        more = {"criterion": asked.asks, "by": self.analyst.name, "asker": by, "after": begun}
        how = {"reason": asked.asks, **how}
        noted = False
        try:
            with self.at_once():
                if belongs := not self.put_aside_since(begun):
                    self._record(KIND, rows, data={**data, **more}, **how)
            noted = belongs
        finally:  # where another kernel took over meanwhile too, what was paid for is found again by whoever asks the same
            if not noted and self.analyst.kept:
                self._archive.put_json(_name(by), {"ids": self.corpus.ids[rows].tolist(), **data})
        return noted


def _name(by: str) -> str:
    """Where the archive has verdicts that no journal took."""
    return f"rows-{by}"


def _refused(kept: Any) -> Iterator[Decision]:
    """The same as the record that they would have been."""
    with suppress(KeyError, TypeError, ValueError, OverflowError):  # of other hands: asked again
        yield Decision("", KIND, np.array(kept["ids"], np.uint64), data=kept)


def _flags(made: Round, rows: NDArray[np.int64]) -> tuple[tuple[str, ...], ...]:
    """What was found about each row, in words."""
    words, found = flags_of(made.findings), made.findings
    there = {words[name]: found[name].to_numpy(bool) for name in SPOKEN if name in found}
    return tuple(tuple(word for word, flagged in there.items() if flagged[row]) for row in rows)


def _some(asked: RowsAsked, at: list[int]) -> RowsAsked:
    """The same question about these places of it."""
    return RowsAsked(
        tuple(asked.rows[i] for i in at), tuple(asked.texts[i] for i in at), asked.criterion, asked.context,
        None if asked.vectors is None else asked.vectors[at], asked.whole, tuple(asked.flags[i] for i in at), asked.speak,
    )  # fmt: skip


def _nobody(done: int, of: int) -> None:
    """Hears of an answer, and tells nobody."""
