"""One question to a model: asked, read, checked, asked once more; and with fewer samples where the model's context is short.

What goes wrong costs one cluster at most: it is "failed", with an offline name and summary, the verdict "unsure", and the reason
in ``error``; the others go on.

====================================  ====================================================================
the server ...                        what follows
====================================  ====================================================================
says 429                              all wait as long as it asks (up to 60 s), ten times; then failed
says 500, cuts the connection         asked again, four times in all; then failed
does not answer                       failed after ``timeout`` seconds, not asked again
refuses, cuts the answer off          failed: an answer that is cut off is never mended
sends an error as an answer (200)     as if it had come with its own code; nothing is booked
answers no JSON, another schema,      asked once more with what was wrong; then failed
numbers of texts that were not shown
answers what is no chat completion    failed
says 400 and names a parameter        asked again without it, and never sent it again; max_tokens by its other name first
says that the request is too long     asked again with fewer and shorter texts, and all others too; what is known not to fit
                                      is never sent
says 403                              failed, in its words; four times and never an answer: as 401
says 401, 404, quota used up          failed, and so are all others: nothing more is sent
====================================  ====================================================================

With ``max_cost`` reached, all others are failed too. A cancel ends everything within 100 ms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TypeVar

from elute.analyze import answers, prompts, records
from elute.analyze.accepted import TooLong, Unusable
from elute.analyze.budget import tokens_of
from elute.analyze.chat import Chat
from elute.analyze.schema import ClusterView
from elute.analyze.wording import one_line
from elute.errors import ProviderError

T = TypeVar("T")
Messages = list[dict[str, str]]
TRIES = 8
"""Times that one question may turn out to be too long."""
CUTS = ((1.0, 400), (1.0, 250), (0.75, 200), (0.5, 150), (0.3, 120), (0.15, 100), (0.0, 80))
"""Share of the texts and characters of each, gentlest first; one text is always left."""


def ask(
    chat: Chat, kind: type[T], messages: Messages, check: Callable[[T], None], about: str = "", cluster: int | None = None
) -> T:
    """Ask, read, check; an answer that can't be used is asked for once more with what was wrong, and then given up.

    Raises
    ------
    ProviderError
    Cancelled
    """
    schema = records.json_schema(kind)
    said = list(messages)
    problem = ""
    for _ in range(2):
        try:
            content = chat.ask(said, schema, about, cluster)
        except TooLong:
            if not problem:
                raise
            break  # the question fits, and only the talk about its answer does not
        try:
            answer = answers.read(kind, content, chat.clean)
            check(answer)
            return answer
        except ValueError as error:
            problem = str(error)
        said += [
            {"role": "assistant", "content": content[: answers.LONGEST]},
            {"role": "user", "content": f"That can't be used: {problem}. Answer again with the whole JSON object only."},
        ]
    raise Unusable(f"the model's answer can't be used: {problem}")


def ask_about(
    chat: Chat, kind: type[T], view: ClusterView, say: Callable[[ClusterView], Messages], check: Callable[[T, ClusterView], None],
    about: str,
) -> tuple[T, ClusterView]:  # fmt: skip
    """The answer about a view, and the view as it was shown: cut to what the model's context holds.

    Raises
    ------
    ProviderError
        Among others, the instruction alone is too long.
    Cancelled
    """
    told = ""
    for _ in range(TRIES):
        shown = fitted(view, say, chat.left(kind))
        if shown is None:
            break
        try:
            return ask(chat, kind, say(shown), partial(_checked, check, shown), about, view.cluster), shown
        except TooLong as error:
            told = f" ({error})"
    raise ProviderError(f"the model's context is too short for the instruction and one text{told}")


def _checked(check: Callable[[T, ClusterView], None], shown: ClusterView, answer: T) -> None:
    check(answer, shown)


def fitted(view: ClusterView, say: Callable[[ClusterView], Messages], room: float) -> ClusterView | None:
    """The view with as much of its texts as messages of ``room`` tokens hold; None where not even one text fits."""
    if room == float("inf"):
        return view
    return next((shown for shown in _cuts(view) if tokens_of(say(shown)) <= room), None)


def _cuts(view: ClusterView) -> Iterator[ClusterView]:
    yield view
    for share, limit in CUTS:
        yield cut(view, max(1, round(share * len(view.texts))), limit)


def cut(view: ClusterView, count: int, limit: int) -> ClusterView:
    """The same with ``count`` of its texts, of each at most ``limit`` characters: border rows and others in the same proportion."""
    border = round(view.border * count / max(1, len(view.texts)))
    first = len(view.texts) - view.border
    inner = min(first, count - border)
    at = [*range(inner), *range(first, first + count - inner)]
    texts = tuple(one_line(view.texts[i], min(limit, prompts.TEXT_LIMIT)) for i in at)
    return replace(view, rows=tuple(view.rows[i] for i in at), texts=texts, border=count - inner)
