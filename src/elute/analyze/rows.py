"""Verdicts on single rows by a criterion: what is asked, what may be answered, and how a language model is asked, in batches.

A verdict removes nothing. Rows are asked about in batches of :data:`BATCH`, their texts fenced as everywhere; a batch that can't be used
is asked for again in halves, and then its rows stay unjudged, and the others go on.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from elute.analyze import prompts
from elute.analyze.pool import as_completed
from elute.analyze.schema import Context
from elute.analyze.wording import one_line
from elute.errors import ProviderError
from elute.progress import Progress

BATCH = 15
"""Texts of one request: their answers fit into the tokens of one."""
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
    """What came of one batch: verdicts, or the rows that stay unjudged and why."""

    verdicts: tuple[RowVerdict, ...] = ()
    failed: tuple[int, ...] = ()
    error: str = ""


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


def messages_for_rows(asked: RowsAsked, at: Sequence[int], system: str) -> list[dict[str, str]]:
    """System and user message about the rows at these places of ``asked``."""
    nonce = secrets.token_hex(8)
    values = dict.fromkeys(prompts.PLACEHOLDERS, "") | {"task": prompts.task_line(asked.context)}
    rules = prompts.RULES.replace("{nonce}", nonce)
    lines = [f"{number}. {one_line(asked.texts[i], prompts.TEXT_LIMIT)}" for number, i in enumerate(at, 1)]
    # the criterion goes in last: braces in it are only braces
    ask = ASK.replace("{criterion}", asked.asks)
    return [
        {"role": "system", "content": f"{prompts.fill(system, values)}\n\n{ask}\n\n{rules}"},
        {"role": "user", "content": f"{len(at)} texts to judge:\n{prompts.fence(nonce, lines)}"},
    ]


def batches(m: int) -> list[range]:
    """Places 0 to m - 1 in runs of :data:`BATCH`."""
    return [range(start, min(start + BATCH, m)) for start in range(0, m, BATCH)]


def by_model(ask: Ask, asked: RowsAsked, system: str, concurrency: int, progress: Progress) -> Iterator[RowsTold]:
    """What a model says of all rows, a batch at a time, in the order they are ready.

    Raises
    ------
    Cancelled
    """

    def judge(at: Sequence[int]) -> tuple[RowVerdict, ...]:
        answer = ask(messages_for_rows(asked, at, system), lambda said: check_rows(said, len(at)))
        return tuple(_verdict(asked.rows[at[one.text - 1]], one) for one in answer.rows)

    def tried(at: Sequence[int]) -> RowsTold:
        try:
            return RowsTold(judge(at))
        except ProviderError as error:
            return RowsTold((), tuple(asked.rows[i] for i in at), one_line(str(error), 300))

    def work(at: range) -> RowsTold:
        whole = tried(at)
        if not whole.failed or len(at) < 2:
            return whole
        middle = len(at) // 2
        one, two = tried(at[:middle]), tried(at[middle:])
        return RowsTold(one.verdicts + two.verdicts, one.failed + two.failed, one.error or two.error)

    for _, told in as_completed(work, batches(len(asked.rows)), concurrency, progress):
        yield told


def _verdict(row: int, said: Any) -> RowVerdict:
    return RowVerdict(row, said.verdict, said.quality, one_line(said.reason, REASON))
