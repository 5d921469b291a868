"""The words of a report by a language model: it is shown elute's figures, and may repeat them, but say no other."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from elute.analyze import prompts
from elute.analyze.accepted import TooLong
from elute.analyze.asked import ask
from elute.analyze.base import Analyst
from elute.analyze.chat import Chat
from elute.analyze.openai import OpenAIAnalyst
from elute.analyze.schema import Answer, Context
from elute.analyze.wording import one_line
from elute.errors import ProviderError
from elute.progress import SILENT, Progress

PARAGRAPH, ITEM, MOST_ITEMS = 900, 300, 6
"""Characters of a paragraph and of a thing to do, and how many of those."""
LINE, LINES = 300, (160, 100, 60, 40, 25, 15)
"""Characters of one line that is shown, and how many lines: fewer where the model's context is short. None is cut for that: half a
figure is another one."""
MORE = "(The report goes on. What it says besides is not shown here: say nothing about it.)"
_NUMBER = re.compile(r"\d+(?:[,\u202f]\d{3})*(?:\.\d+)?")

SYSTEM = """\
You help a person to purify a text training set. The set was embedded and clustered, and elute measured it.
What the set is for: {task}"""

ASK = """\
Write the words of a report on the current round for the person who purifies this set. The fenced lines are the round's figures.
summary: two or three sentences, the most important first. distribution: how the rows lie in clusters. overlaps: which clusters mix,
and whether only on the 2D map. changed: what is otherwise than in the round before; "" where there was none. next: up to five things to
do now, a sentence each, the most urgent first; say what to look at, never that rows should be removed unseen. Use plain words. Repeat a
figure exactly as it is written, and use no figure that is not written there: do not round or compute."""


@dataclass(frozen=True)
class Prose(Answer):
    """The words of a report: a paragraph each, and what to do next."""

    summary: str
    distribution: str
    overlaps: str
    changed: str
    next: tuple[str, ...]


def writes(analyst: Analyst) -> bool:
    """Whether an analyst has words of its own; the offline one goes by rules."""
    return isinstance(analyst, OpenAIAnalyst)


def write(analyst: Analyst, lines: Sequence[str], context: Context, progress: Progress = SILENT) -> Prose:
    """Have a model write the words of a report.

    Parameters
    ----------
    analyst : Analyst
        One that :func:`writes`.
    lines : sequence of str
        The report by rules; all that the model is shown, and all the figures that it may use.

    Raises
    ------
    ProviderError
        There is no usable answer, after one more try; or the model's context is too short.
    Cancelled
    """
    if not isinstance(analyst, OpenAIAnalyst):
        raise ProviderError("this analyst writes no words of its own")

    def asks(chat: Chat) -> Prose:
        for most in LINES:
            shown = [one_line(line, LINE) for line in lines[:most]] + [MORE] * (len(lines) > most)
            with suppress(TooLong):
                return ask(chat, Prose, messages_for_report(shown, context), partial(check_prose, lines=shown), "report")
        raise ProviderError("the model's context is too short for the instruction and the first lines of the report")

    found = analyst.ask_once(asks, progress)
    return Prose(
        summary=one_line(found.summary, PARAGRAPH),
        distribution=one_line(found.distribution, PARAGRAPH),
        overlaps=one_line(found.overlaps, PARAGRAPH),
        changed=one_line(found.changed, PARAGRAPH),
        next=tuple(filter(None, (one_line(item, ITEM) for item in found.next[:MOST_ITEMS]))),
    )


def messages_for_report(lines: Sequence[str], context: Context) -> list[dict[str, str]]:
    """System and user message; the lines are fenced, since names and reasons in them come from data, a model or a person."""
    nonce = secrets.token_hex(8)
    system = prompts.fill(SYSTEM, dict.fromkeys(prompts.PLACEHOLDERS, "") | {"task": prompts.task_line(context)})
    rules = prompts.RULES.replace("{nonce}", nonce)
    return [
        {"role": "system", "content": f"{system}\n\n{ASK}\n\n{rules}"},
        {"role": "user", "content": prompts.fence(nonce, lines)},
    ]


def check_prose(prose: Prose, lines: Sequence[str]) -> None:
    """Refuse words without a summary or anything to do, and any figure that stands in none of the lines.

    Raises
    ------
    ValueError
    """
    if not one_line(prose.summary, PARAGRAPH) or not any(one_line(item, ITEM) for item in prose.next):
        raise ValueError("summary and next must say something")
    known = figures(" ".join(lines))
    for text in (prose.summary, prose.distribution, prose.overlaps, prose.changed, *prose.next):
        if strange := sorted(figures(text) - known):
            raise ValueError(f"the figure {strange[0]} is not among those given; repeat a figure exactly or leave it out")


def figures(text: str) -> set[str]:
    """The numbers of a text, without separators of thousands.

    >>> sorted(figures("1,200 of 3000 rows: 0.118, -0.5"))
    ['0.118', '0.5', '1200', '3000']
    """
    return {number.replace(",", "").replace("\u202f", "") for number in _NUMBER.findall(text)}
