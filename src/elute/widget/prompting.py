"""Requests about what the analyst is told: its prompts, the exact text of one, what judging will cost, and every call so far."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from elute.analyze import Analyst, ClusterView, Context, prompts
from elute.errors import Cancelled, InputError, SettingsError, problem
from elute.jobs import STOPPED, Job
from elute.rounds.round import Round
from elute.widget.protocol import CHUNK
from elute.widget.wire import Refused

if TYPE_CHECKING:
    from elute.session import Session
    from elute.widget.rounds import Rounds

Answer = tuple[dict[str, Any], bytes | None]
FIELDS = ("system", "user", "task")
PLACEHOLDERS = {
    "task": "the line above that says what the set is for",
    "examples": "the texts, numbered: typical ones, then others, then those at the border",
    "keywords": "words that set the cluster apart",
    "figures": "rows, silhouette, spread, copies",
    "labels": "your own labels in it, with shares",
    "neighbors": "words of the nearest clusters",
}
"""What each placeholder of a template stands for."""
SHOWN = 50
"""Calls told at a time: each holds its whole prompt."""
CALL = (
    "id", "time", "kind", "cluster", "model", "provider", "messages", "answer", "status", "error", "sent", "answered", "cost", "seconds"
)  # fmt: skip
GOES_BY = (
    "Names: words and pairs of words that are frequent in a cluster and rare in the others, at most four words.",
    "Summaries: how many rows, its most typical text, your labels, copies.",
    "Verdicts: rules on its figures: silhouette, spread, unusual words, copies, and rows that lie nearer to another cluster.",
    "The number of clusters: the sweep, where there is one, and the clusters that overlap.",
)
"""What the offline analyst reads, a sentence each."""


class Prompting:
    """The prompt that the page last asked to see: made by the worker, since choosing texts takes a while on a large set.

    Parameters
    ----------
    rounds : Rounds
    touch : callable
        ``touch("analysis")`` tells the page that it is there.
    """

    def __init__(self, rounds: Rounds, touch: Callable[..., None]) -> None:
        self._rounds, self._touch = rounds, touch
        self._views: tuple[Round, list[ClusterView]] | None = None
        self._asked: int | None = None
        self._told: dict[str, Any] | None = None
        self._error = ""
        self._job: Job | None = None

    def ask(self, cluster: int, given: Mapping[str, str]) -> None:
        """Make the prompt about a cluster, by the templates and task that are ``given``; nothing is sent anywhere.

        Raises
        ------
        InputError
            There is no round yet.
        SettingsError
            A template or the task can't be used.
        """
        if not self._rounds.current():
            raise InputError("There is no round yet. What the analyst is told can be read after the first.")
        session = self._rounds.session
        for name, why in session.check_prompts(**given).items():
            raise SettingsError(f"{name}: {why}")
        as_it_comes = standard(session)
        told = {name: text if text.strip() else as_it_comes[name] for name, text in given.items()}
        self._asked, self._error = cluster, ""
        self._rounds.before_judging(lambda: self._submit(cluster, told))

    def stopped(self) -> None:
        """The person stopped what ran or waited: whoever waits for a prompt hears that none is on its way."""
        if self._job is not None and self._job.cancelled:
            self._job, self._told, self._error = None, None, STOPPED
            self._touch("analysis")

    def answer(self) -> dict[str, Any]:
        """The reply to ``prompted``."""
        return {"asked": self._asked, "prompt": self._told, "error": self._error}

    def _submit(self, cluster: int, given: Mapping[str, str]) -> None:
        self._job = self._rounds.jobs.submit("prompt", lambda job: self._run(job, cluster, given))

    def _run(self, job: Job, cluster: int, given: Mapping[str, str]) -> None:
        told, error = None, ""
        try:
            told = self._made(cluster, given)
        except Cancelled:
            raise
        except Exception as no:
            error = problem(no)
        if not job.cancelled:
            self._told, self._error = told, error
            self._touch("analysis")

    def _made(self, cluster: int, given: Mapping[str, str]) -> dict[str, Any]:
        session = self._rounds.session
        made = session.current
        if self._views is None or self._views[0] is not made:
            self._views = made, session.views(made)
        words = _words(session, given)
        views, context = self._views[1], _with(session.context(), words)
        view = next((view for view in views if view.cluster == cluster), None)
        if view is None:
            raise InputError("This cluster is not there any more: a newer round is.")
        analyst = session.analyst
        estimate = session.judging_estimate(views, context, words)
        return {
            "cluster": cluster,
            "messages": messages(analyst, view, context),
            "texts": len(view.texts),
            "calls": estimate.calls,
            "tokens": estimate.tokens,
            "cost": estimate.cost,
        }


class PromptRequests:
    """Handlers of the analyst's panel; :class:`~elute.widget.handlers.Handlers` is one."""

    rounds: Rounds
    session: Session
    _once: Callable[[dict[str, Any], Callable[[], int]], Answer]

    def prompts(self, params: dict[str, Any], buffer: bytes) -> Answer:
        """The reply to ``prompts``."""
        session = self.session
        now, by_round = session.prompts, session.prompts_by_round
        return {
            "now": _texts(now),
            "standard": standard(session),
            "changed": list(now.changed),
            "earlier": [{"round": number, **_texts(by_round[number])} for number in sorted(by_round, reverse=True)],
            "placeholders": [{"name": name, "means": PLACEHOLDERS.get(name, "")} for name in prompts.PLACEHOLDERS],
            "goes_by": [] if asks(session.analyst) else list(GOES_BY),
        }, None

    def check_prompts(self, params: dict[str, Any], buffer: bytes) -> Answer:
        """The reply to ``check_prompts``."""
        return {"problems": {**dict.fromkeys(FIELDS, ""), **self.session.check_prompts(**params)}}, None

    def set_prompts(self, params: dict[str, Any], buffer: bytes) -> Answer:
        """A decision: checked before anything is sent, then every cluster is judged by them."""
        given = {name: params[name] for name in FIELDS}
        how = {"decision": params["decision"], "source": {"kind": "page"}}
        self.rounds.consent.ask_again()
        return self._once(params, lambda: int(self.session.set_prompts(**given, how=how)))

    def prompt(self, params: dict[str, Any], buffer: bytes) -> Answer:
        """The reply to ``prompt``."""
        given = {name: params[name] for name in FIELDS if params.get(name) is not None}
        self.rounds.prompting.ask(params["cluster"], given)
        return {}, None

    def withdraw_consent(self, params: dict[str, Any], buffer: bytes) -> Answer:
        """Texts no longer go to a provider that the person agreed to; the same click, twice, is one."""
        if params["provider"] in self.session.state.consents:
            self.session.consent(params["provider"], granted=False)
        return {}, None

    def prompted(self, params: dict[str, Any], buffer: bytes) -> Answer:
        """The reply to ``prompted``."""
        return self.rounds.prompting.answer(), None

    def calls(self, params: dict[str, Any], buffer: bytes) -> Answer:
        """The reply to ``calls``."""
        found = self._calls()[::-1]
        first = max(0, params["offset"])
        shown = found[first : first + min(max(0, params["limit"]), SHOWN)]
        return {"total": len(found), "calls": [{name: call[name] for name in CALL} for call in shown]}, None

    def calls_file(self, params: dict[str, Any], buffer: bytes) -> Answer:
        """The reply to ``calls_file``."""
        whole = "".join(json.dumps(call) + "\n" for call in self._calls()).encode()
        chunks = max(1, -(-len(whole) // CHUNK))
        if not 0 <= params["chunk"] < chunks:
            raise Refused("invalid", "There is no such chunk.")
        return {"chunks": chunks}, whole[params["chunk"] * CHUNK : (params["chunk"] + 1) * CHUNK]

    def _calls(self) -> list[dict[str, Any]]:
        audit = getattr(self.session.analyst, "audit", None)
        return [] if audit is None else [asdict(call) for call in audit.calls()]


def of_analyst(session: Session) -> dict[str, Any]:
    """Which analyst there is, whether it may be asked, and what it cost so far: the ``analyst`` of ``state``."""
    analyst = session.analyst
    consented = not analyst.remote or analyst.name in session.state.consents
    return {
        "name": analyst.name,
        "model": str(getattr(analyst, "model", "")),
        "provider": str(getattr(analyst, "provider", "")),
        "asks": asks(analyst),
        "remote": analyst.remote,
        "consented": consented,
        "spent": getattr(analyst, "spent", None) if getattr(analyst, "priced", True) else None,
        "limit": getattr(analyst, "max_cost", None),
    }


def standard(session: Session) -> dict[str, str]:
    """What an empty field restores: what the cell says, else what comes with elute."""
    analyst = session.analyst
    system, user = (getattr(analyst, name, None) for name in ("system", "user"))
    return {"system": system or prompts.SYSTEM, "user": user or prompts.USER, "task": session.task}


def asks(analyst: Analyst) -> bool:
    """Whether an analyst has prompts: a language model has, rules have none."""
    return hasattr(analyst, "messages")


def messages(analyst: Analyst, view: ClusterView, context: Context) -> list[dict[str, str]]:
    """What an analyst reads of a cluster: the exact messages, or figures, words and texts where it is a set of rules."""
    if asks(analyst):
        return [dict(one) for one in analyst.messages(view, context)]  # type: ignore[attr-defined]
    parts = {
        "task": prompts.task_line(context),
        "figures": prompts.figures(view, context),
        "words": ", ".join(view.keywords) or "(none)",
        "labels": ", ".join(f"{label} ({share:.0%})" for label, share in view.labels) or "(none)",
        "neighbours": "\n".join(view.neighbors) or "(none)",
        "texts": "\n".join(f"{number}. {text[: prompts.TEXT_LIMIT]}" for number, text in enumerate(view.texts, 1)),
    }
    return [{"role": role, "content": content} for role, content in parts.items()]


def _with(context: Context, words: prompts.Prompts) -> Context:
    system, user = (getattr(words, name) if name in words.changed else "" for name in ("system", "user"))
    return replace(context, system=system, user=user, task=words.task)


def _words(session: Session, given: Mapping[str, str]) -> prompts.Prompts:
    """The words in force, but for those that are ``given``."""
    own = standard(session)
    said = {**_texts(session.prompts), **given}
    return prompts.Prompts(**said, changed=tuple(name for name in FIELDS if said[name] != own[name]))


def _texts(given: prompts.Prompts) -> dict[str, str]:
    return {name: getattr(given, name) for name in FIELDS}
