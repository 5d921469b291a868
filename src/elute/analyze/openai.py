"""The analyst that asks a language model: any chat model behind an OpenAI-compatible server, remote or on this machine."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from elute.analyze import answers, prompts
from elute.analyze.accepted import SHORTEST_ANSWER, Accepted, TooLong, Unusable
from elute.analyze.asked import ask, ask_about, fitted
from elute.analyze.audit import Audit
from elute.analyze.base import Analyst
from elute.analyze.budget import ANSWER, PRICES, Spending, tokens_of
from elute.analyze.chat import Chat, Secret
from elute.analyze.offline import OfflineAnalyst
from elute.analyze.pool import as_completed
from elute.analyze.rows import ROW_ANSWER, Batch, RowsAnswer, RowsAsked, RowsTold, batches, by_model, messages_for_rows
from elute.analyze.schema import SCHEMA_VERSION, ClusterAnalysis, ClusterView, Context, Estimate, Overview, SelectionAnalysis
from elute.analyze.told import analysis_of
from elute.analyze.underway import UnderWay
from elute.analyze.wording import Names, one_line
from elute.errors import MissingExtraError, ProviderError, SettingsError
from elute.keys import variable
from elute.progress import SILENT, Progress, put_off
from elute.servers import OPENAI, address, host, is_openai

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
R = TypeVar("R")


@dataclass(eq=False)
class OpenAIAnalyst(Analyst):
    """Names and judges clusters with a chat model. What it answers is only ever the schema; nothing it says removes a row.

    Parameters
    ----------
    model : str, default="gpt-4o-mini"
    base_url : str, optional
        Address of a compatible server, such as ``http://localhost:11434/v1``; default: ``OPENAI_BASE_URL``, else OpenAI's.
    key_env : str, default="OPENAI_API_KEY"
        Name of the environment variable that holds the key. It is read when a request is made and kept nowhere; a server on
        this machine needs none.
    system, user : str, optional
        Templates, see :mod:`elute.analyze.prompts`. ``system`` says how to judge; ``user`` must hold ``{examples}``.
    max_cost : float, optional
        USD over the life of this analyst; clusters that would lead above it fail and say so.
    price : (float, float), optional
        USD for a million tokens sent and answered; default: ``budget.PRICES``, where OpenAI is asked and lists the model.
    concurrency : int, default=4
        Requests under way at once.
    timeout : float, default=60
        Seconds for one request.
    max_tokens : int, optional
        Tokens of an answer, thoughts included. Default: 1,000; 8,000 where the server takes ``max_completion_tokens`` alone, as
        OpenAI does for models that think first.
    context : int, optional
        Tokens of the model's context, for servers that cut what is too long and do not say so, as Ollama does. Where a server
        refuses it, what fits is measured, and nothing need be said here.

    Attributes
    ----------
    audit : Audit
        Every request so far, with the exact messages and the exact answer; see :mod:`elute.analyze.audit`.

    Raises
    ------
    SettingsError
        A template with an unknown placeholder; ``max_cost`` for a model whose price is not known; an address that is none; a
        number out of its range.
    """

    model: str = "gpt-4o-mini"
    base_url: str | None = None
    key_env: str = "OPENAI_API_KEY"
    system: str | None = None
    user: str | None = None
    max_cost: float | None = None
    price: tuple[float, float] | None = None
    concurrency: int = 4
    timeout: float = 60.0
    context: int | None = None
    max_tokens: int | None = None
    audit: Audit = field(init=False, repr=False, default_factory=Audit)
    _spending: Spending = field(init=False, repr=False)
    _accepted: Accepted = field(init=False, repr=False)
    _under_way: UnderWay = field(init=False, repr=False, default_factory=UnderWay)

    def __post_init__(self) -> None:
        variable(self.key_env)
        prompts.check_template(self.system or prompts.SYSTEM)
        prompts.check_template(self.user or prompts.USER, user=True)
        limits = (
            ("concurrency", self.concurrency, 1),
            ("timeout", self.timeout, 0.01),
            ("max_cost", self.max_cost, 0),
            ("context", self.context, 1000),
            ("max_tokens", self.max_tokens, SHORTEST_ANSWER),
        )
        for name, value, low in limits:
            if value is not None and value < low:
                raise SettingsError(f"{name} must be at least {low}, not {value}")
        self.base_url = address(self.base_url)
        price = self.price or (PRICES.get(self.model) if is_openai(self.base_url) else None)
        if self.max_cost is not None and price is None:
            raise SettingsError(
                f"max_cost needs the price of {self.model!r}: give price=(USD for a million tokens sent, and answered)"
            )
        self._spending, self._accepted = Spending(price, self.max_cost), Accepted(self.max_tokens)
        if self.context is not None:
            self._accepted.hold(self.context)

    @property
    def name(self) -> str:  # type: ignore[override]
        # The host is a part: it is what a person agrees to, and what stands beside a verdict.
        return f"{self.model} ({self.provider})"

    @property
    def remote(self) -> bool:  # type: ignore[override]
        """Whether texts leave this machine."""
        return self.provider not in _LOOPBACK

    @property
    def provider(self) -> str:
        """The host that texts are sent to."""
        return host(self.base_url)

    @property
    def spent(self) -> float:
        """USD so far; 0 where the price is not known."""
        return self._spending.spent

    @property
    def priced(self) -> bool:
        """Whether the price is known, and :attr:`spent` says something."""
        return self._spending.price is not None

    def key(self) -> str:
        parts = (SCHEMA_VERSION, self.model, self.base_url or OPENAI, self._system, self._user, prompts.CLUSTER)
        return "openai-" + hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()

    def clusters(self, views: Sequence[ClusterView], context: Context, progress: Progress = SILENT) -> Iterator[ClusterAnalysis]:
        names = Names(context.taken)

        def key(view: ClusterView) -> tuple[Any, ...]:
            # what an answer may be kept by, as the judge does; and the rows, which its numbers count
            return view.content, view.rows, context.task, context.system, context.user

        with self._chat(progress) as chat:

            def say(view: ClusterView) -> list[dict[str, str]]:
                return self._messages(view, context, prompts.CLUSTER)

            def check(answer: answers.ClusterAnswer, shown: ClusterView) -> None:
                answers.check_cluster(answer, len(shown.texts))

            def asks(view: ClusterView) -> tuple[answers.ClusterAnswer | ProviderError, ClusterView]:
                try:
                    return ask_about(chat, answers.ClusterAnswer, view, say, check, "cluster")
                except Unusable as error:  # an answer too: held like any other
                    return error, view

            def judge(view: ClusterView) -> tuple[answers.ClusterAnswer | ProviderError, ClusterView]:
                try:
                    return self._under_way.ask(key(view), lambda: asks(view), chat)
                except ProviderError as error:
                    return error, view

            for i, (answer, shown) in as_completed(judge, views, self.concurrency, progress):
                self._under_way.taken(key(views[i]))
                yield analysis_of(views[i], answer, names, shown.rows, self.name)

    def overview(
        self, views: Sequence[ClusterView], analyses: Mapping[int, ClusterAnalysis], context: Context, progress: Progress = SILENT
    ) -> Overview:
        """As the base says; where the model fails, the offline advice, and ``source`` says so."""
        known = {view.cluster for view in views if view.cluster >= 0}

        def judge(chat: Chat) -> answers.OverviewAnswer:
            for listed in (prompts.LISTED, 60, 30, 12, 6):
                messages = self._overview(views, analyses, context, listed)
                with suppress(TooLong):
                    return ask(chat, answers.OverviewAnswer, messages, lambda a: answers.check_overview(a, known), "overview")
            raise ProviderError("the model's context is too short for the instruction and six clusters")

        key = prompts.without_nonce(self._overview(views, analyses, context, prompts.LISTED))
        try:
            answer = self.ask_once(lambda chat: self._under_way.ask(key, lambda: judge(chat), chat), progress)
            self._under_way.taken(key)
        except ProviderError as error:
            offline = OfflineAnalyst().overview(views, analyses, context)
            return replace(offline, source=f"offline, since {self.name} failed: {one_line(str(error), 160)}")
        texts = {name: one_line(getattr(answer, name), 300) for name in ("reason", "imbalance", "next")}
        return Overview(answer.more_or_fewer, answer.suggested, merge=answer.merge, split=answer.split, source=self.name, **texts)

    def selection(self, view: ClusterView, context: Context, progress: Progress = SILENT) -> SelectionAnalysis:
        """As the base says.

        Raises
        ------
        ProviderError
            There is no usable answer.
        """

        def say(view: ClusterView) -> list[dict[str, str]]:
            return self._messages(view, context, prompts.SELECTION)

        answer, _ = self.ask_once(
            lambda chat: ask_about(chat, answers.SelectionAnswer, view, say, lambda answer, shown: None, "selection"), progress
        )
        return SelectionAnalysis(one_line(answer.what, 300), answer.belongs, answers.reasons(answer.reasons), self.name)

    def rows(self, asked: RowsAsked, progress: Progress = SILENT) -> Iterator[RowsTold]:
        system, parts = self._batches(asked)
        with self._chat(progress) as chat:

            def asks(said: list[dict[str, str]], check: Callable[[RowsAnswer], None]) -> RowsAnswer:
                return ask(chat, RowsAnswer, said, check, "rows")

            yield from by_model(asks, asked, system, parts, lambda: chat.left(RowsAnswer), self.concurrency, progress)

    def rows_estimate(self, asked: RowsAsked) -> Estimate:
        system, parts = self._batches(asked)
        sent = sum(tokens_of(messages_for_rows(asked, part.at, system, part.limit)) for part in parts)
        answered = max(ROW_ANSWER * len(asked.rows), round((self._spending.usual("rows") or 0) * len(parts)))
        return self._estimate(len(parts), sent, answered)

    def _batches(self, asked: RowsAsked) -> tuple[str, list[Batch]]:
        system = asked.context.system or self._system
        return system, batches(asked, system, self._accepted.left(RowsAnswer), self._accepted.answer)

    def estimate(self, views: Sequence[ClusterView], context: Context, known: Collection[int] = ()) -> Estimate:
        sent = [tokens_of(self.messages(view, context)) for view in views if view.cluster not in known]
        sent.append(tokens_of(self._overview(views, {}, context, prompts.LISTED)))
        answered = (self._spending.usual("cluster") or ANSWER) * (len(sent) - 1) + (self._spending.usual("overview") or ANSWER)
        return self._estimate(len(sent), sum(sent), round(answered))

    def _estimate(self, calls: int, sent: int, answered: int) -> Estimate:
        return Estimate(calls, sent + answered, self._spending.cost(sent, answered) if self._spending.price else None)

    def messages(self, view: ClusterView, context: Context) -> list[dict[str, str]]:
        """The exact messages about one cluster, but for the nonce, which is fresh each time.

        Texts are cut to what the model's context is known to hold.
        """

        def say(view: ClusterView) -> list[dict[str, str]]:
            return self._messages(view, context, prompts.CLUSTER)

        return say(fitted(view, say, self._accepted.left(answers.ClusterAnswer)) or view)

    def _messages(self, view: ClusterView, context: Context, ask: str) -> list[dict[str, str]]:
        # what the person set since goes before what this analyst was made with
        return prompts.messages_for_view(view, context, ask, context.system or self._system, context.user or self._user)

    def _overview(
        self, views: Sequence[ClusterView], analyses: Mapping[int, ClusterAnalysis], context: Context, listed: int
    ) -> list[dict[str, str]]:
        return prompts.messages_for_overview(views, analyses, context, context.system or self._system, listed)

    @property
    def _system(self) -> str:
        return self.system or prompts.SYSTEM

    @property
    def _user(self) -> str:
        return self.user or prompts.USER

    def ask_once(self, work: Callable[[Chat], R], progress: Progress) -> R:
        """What ``work`` makes of one way to the model, which is closed afterwards."""
        with self._chat(progress) as chat:
            ((_, answer),) = as_completed(work, [chat], 1, progress)
        return answer

    @contextmanager
    def _chat(self, progress: Progress) -> Iterator[Chat]:
        """The way to the model, with the key as it is now. Leaving the block ends every wait in it, and sends nothing any more.

        Calls under way are cut off, but not where the work was only put off.
        """
        try:
            import openai
        except ImportError:
            raise MissingExtraError("OpenAIAnalyst", "openai") from None
        secret = Secret(os.environ.get(self.key_env, "").strip())
        unusable = ""
        if self.remote and not secret:
            unusable = f"there is no key: set the environment variable {self.key_env}"
        elif not secret.isascii() or not secret.isprintable():
            unusable = f"the environment variable {self.key_env} holds characters that no key has"
        usable = secret if secret and not unusable else "none"
        client = openai.OpenAI(api_key=usable, base_url=self.base_url or OPENAI, timeout=self.timeout, max_retries=0)
        chat = Chat(client, self.model, self._accepted, self._spending, secret, unusable, self.audit)
        try:
            yield chat
        finally:
            chat.stop(cut=not put_off(progress))
