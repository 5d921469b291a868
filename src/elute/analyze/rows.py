"""Verdicts on single rows by a criterion: what is asked, what may be answered, and how a language model is asked, in batches.

A verdict removes nothing. Rows are asked about in batches of :data:`BATCH`, their texts fenced as everywhere; where the model's context
is short, in smaller ones. A batch that can't be used is asked for again in halves, and then its rows stay unjudged, and the others go on.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from elute.analyze import prompts
from elute.analyze.accepted import TooLong
from elute.analyze.budget import LONGEST_ANSWER, tokens_of
from elute.analyze.pool import as_completed
from elute.analyze.schema import Context
from elute.analyze.wording import one_line
from elute.errors import ProviderError
from elute.progress import Progress

BATCH = 15
"""Texts of one request: their answers fit into the tokens of the longest; of one that may be shorter, in proportion."""
LIMITS = (prompts.TEXT_LIMIT, 400, 200)
"""Characters of a text: all that is shown of any, and less where not even one fits. By less, nobody should judge a row."""
ROW_ANSWER = 45
"""Tokens that the answer about one text takes, as estimated beforehand."""
CRITERION, REASON = 2_000, 120
"""Characters of a criterion, and of a reason."""
RowWord = Literal["keep", "drop", "unsure"]

ASK = """\
Judge each text by itself, by what the person asks. What they ask: {criterion}
Give one object for every text, in their order, and leave none out. text: its number. verdict: "keep" if it is what they ask for, "drop"
only if it clearly is not, "unsure" if you can't tell. quality: 0 to 1, how good it is for that. reason: at most eight words, your own.
A person will decide; when in doubt, say unsure."""


@dataclass(frozen=True)
class RowVerdict:
    """What an analyst says of one row.

    Attributes
    ----------
    row : int
        Position in the table.
    verdict : {"keep", "drop", "unsure"}
        By the criterion; advice, no more.
    quality : float
        0 to 1.
    reason : str
    """

    row: int
    verdict: RowWord
    quality: float
    reason: str


@dataclass(frozen=True, eq=False)
class RowsAsked:
    """Rows to judge, and what is known about them.

    Attributes
    ----------
    rows : tuple of int, length m
        Positions in the table.
    texts : tuple of str, length m
    criterion : str
        The person's line; where there is none, the task of ``context`` stands for it.
    context : Context
    vectors : ndarray of shape (m, d), float32, or None
        Of the rows; NaN for a row without one.
    whole : ndarray of shape (k, d), float32, or None
        Distinct vectors of the set, to compare with.
    flags : tuple of tuple of str
        What was found about each row, in words.
    speak : callable or None
        Embeds a few more texts by the same model: ``texts -> (t, d)`` or None.
    """

    rows: tuple[int, ...]
    texts: tuple[str, ...]
    criterion: str
    context: Context
    vectors: NDArray[np.float32] | None = None
    whole: NDArray[np.float32] | None = None
    flags: tuple[tuple[str, ...], ...] = ()
    speak: Callable[[Sequence[str | None]], NDArray[np.float32] | None] | None = None

    @property
    def asks(self) -> str:
        """What is asked for, in one line."""
        return one_line(self.criterion, CRITERION) or prompts.task_line(self.context)


@dataclass(frozen=True)
class RowsTold:
    """What came of one batch: verdicts, or the rows that stay unjudged and why; and how the criterion was read, without a model."""

    verdicts: tuple[RowVerdict, ...] = ()
    failed: tuple[int, ...] = ()
    error: str = ""
    read: str = ""


@dataclass(frozen=True)
class RowAnswer:
    """What a model says of one text, by its number from 1."""

    text: int
    verdict: RowWord
    quality: float
    reason: str


@dataclass(frozen=True)
class RowsAnswer:
    """What a model says of a batch."""

    rows: tuple[RowAnswer, ...]


Ask = Callable[[list[dict[str, str]], Callable[[RowsAnswer], None]], RowsAnswer]
"""Messages and a check that raises ``ValueError`` -> the answer, asked for once more where the check refuses it."""


def check_rows(answer: RowsAnswer, shown: int) -> None:
    """Refuse an answer that does not judge each of the ``shown`` texts exactly once, or a quality beyond 0 to 1.

    Raises
    ------
    ValueError
    """
    numbers = [one.text for one in answer.rows]
    if wrong := [number for number in numbers if not 1 <= number <= shown]:
        raise ValueError(f"rows names text {wrong[0]}, and the texts are 1 to {shown}")
    if missing := sorted(set(range(1, shown + 1)) - set(numbers)):
        raise ValueError(f"rows leaves out text {missing[0]}")
    if len(numbers) > shown:
        raise ValueError("rows names a text twice")
    if any(not 0 <= one.quality <= 1 for one in answer.rows):
        raise ValueError("quality must be between 0 and 1")


def messages_for_rows(asked: RowsAsked, at: Sequence[int], system: str, limit: int = LIMITS[0]) -> list[dict[str, str]]:
    """System and user message about the rows at these places of ``asked``, of each text at most ``limit`` characters."""
    nonce = secrets.token_hex(8)
    values = dict.fromkeys(prompts.PLACEHOLDERS, "") | {"task": prompts.task_line(asked.context)}
    rules = prompts.RULES.replace("{nonce}", nonce)
    lines = [f"{number}. {one_line(asked.texts[i], limit)}" for number, i in enumerate(at, 1)]
    # the criterion goes in last: braces in it are only braces
    ask = ASK.replace("{criterion}", asked.asks)
    return [
        {"role": "system", "content": f"{prompts.fill(system, values)}\n\n{ask}\n\n{rules}"},
        {"role": "user", "content": f"{len(at)} texts to judge:\n{prompts.fence(nonce, lines)}"},
    ]


class Batch(NamedTuple):
    """Places of one request, and how many characters it shows of each text."""

    at: range
    limit: int = LIMITS[0]


def batches(asked: RowsAsked, system: str, room: float, answer: int) -> list[Batch]:
    """All places in runs whose messages hold at most ``room`` tokens, wherever a run of one text can, and their answers ``answer``."""
    m, most = len(asked.rows), max(1, min(BATCH, BATCH * answer // LONGEST_ANSWER))
    runs = [range(start, min(start + most, m)) for start in range(0, m, most)]
    return [part for run in runs for part in _fitting(asked, run, system, room)]


def _fitting(asked: RowsAsked, at: range, system: str, room: float) -> list[Batch]:
    """The same places in runs that fit: in halves first, since a text that is cut may be judged wrongly."""
    limits = LIMITS if len(at) == 1 else LIMITS[:1]
    for limit in limits:
        if tokens_of(messages_for_rows(asked, at, system, limit)) <= room:
            return [Batch(at, limit)]
    if len(at) == 1:
        return [Batch(at, LIMITS[-1])]
    return [part for half in _halves(at) for part in _fitting(asked, half, system, room)]


def _halves(at: range) -> tuple[range, range]:
    return at[: len(at) // 2], at[len(at) // 2 :]


def by_model(
    ask: Ask,
    asked: RowsAsked,
    system: str,
    parts: Sequence[Batch],
    room: Callable[[], float],
    concurrency: int,
    progress: Progress,
) -> Iterator[RowsTold]:
    """What a model says of all rows, a batch at a time, in the order they are ready.

    Parameters
    ----------
    parts : sequence of Batch
        All of ``asked``, see :func:`batches`.
    room : callable
        Tokens that messages may have, as far as is known by now; what ``ask`` finds too long makes it less.

    Raises
    ------
    Cancelled
    """

    def judge(batch: Batch) -> RowsTold:
        said = messages_for_rows(asked, batch.at, system, batch.limit)
        answer = ask(said, lambda answer: check_rows(answer, len(batch.at)))
        return RowsTold(tuple(_verdict(asked.rows[batch.at[one.text - 1]], one) for one in answer.rows))

    def work(batch: Batch, again: bool = True) -> RowsTold:
        try:
            return judge(batch)
        except TooLong as error:
            parts = _fitting(asked, batch.at, system, room())
            why = f"the model's context is too short for the instruction and one text ({error})"
        except ProviderError as error:
            parts = [batch._replace(at=half) for half in _halves(batch.at)] if again and len(batch.at) > 1 else [batch]
            again, why = False, str(error)
        if parts == [batch]:
            return RowsTold((), tuple(asked.rows[i] for i in batch.at), one_line(why, 300))
        told = [work(part, again) for part in parts]
        return RowsTold(
            tuple(verdict for one in told for verdict in one.verdicts),
            tuple(row for one in told for row in one.failed),
            next((one.error for one in told if one.error), ""),
        )

    for _, told in as_completed(work, parts, concurrency, progress):
        yield told


def _verdict(row: int, said: Any) -> RowVerdict:
    return RowVerdict(row, said.verdict, said.quality, one_line(said.reason, REASON))
