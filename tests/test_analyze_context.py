"""A model whose context is short: what fits is measured and remembered, samples are cut and the instruction never."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from openai_server import Behaviour, Handler, OpenAIServer, Reply, error
from test_analyze_chat import Picky
from test_analyze_openai import ANSWER, CONTEXT, OVERVIEW, VIEWS, analyst, judged
from test_rowwise import N, by_rule
from test_rowwise import asked as rows_asked

from elute.analyze import prompts, report
from elute.analyze.accepted import SHORTEST_ANSWER, Accepted
from elute.analyze.asked import cut, fitted
from elute.analyze.budget import tokens_of
from elute.analyze.rows import ROW_ANSWER
from elute.errors import ProviderError, SettingsError

LONG = [replace(view, texts=tuple(f"{text} " + "lorem ipsum dolor " * 40 for text in view.texts)) for view in VIEWS]
Words = Callable[[int, int, int], str]
SERVERS: dict[str, Words] = {
    "OpenAI": lambda limit, sent, answer: (
        f"This model's maximum context length is {limit} tokens. However, your messages resulted in {sent} tokens."
    ),
    "vLLM": lambda limit, sent, answer: (
        f"This model's maximum context length is {limit} tokens. However, you requested {sent + answer} tokens "
        f"({sent} in the messages, {answer} in the completion). Please reduce the length of the messages or completion."
    ),
    "llama.cpp": lambda limit, sent, answer: (
        f"request ({sent} tokens) exceeds the available context size ({limit} tokens), try increasing it"
    ),
    "terse": lambda limit, sent, answer: "context length exceeded",
}  # fmt: skip


class Short(OpenAIServer):
    """Refuses what is longer than its context: a token for four bytes, and the answer counts."""

    def __init__(self, limit: int, words: Words) -> None:
        super().__init__(_answer)
        self.limit, self.words = limit, words
        self._http.RequestHandlerClass = _ShortHandler


class _ShortHandler(Handler):
    def reply(self, owner: OpenAIServer, body: dict[str, Any]) -> Reply | None:
        answered = super().reply(owner, body)
        assert isinstance(owner, Short)
        sent, answer = sum(len(message["content"].encode()) for message in body["messages"]) // 4, body.get("max_tokens", 100)
        if sent + answer > owner.limit:
            answered = error(400, owner.words(owner.limit, sent, answer), "invalid_request_error")
        return answered


def _answer(body: dict[str, Any]) -> str:
    whole = "clustering as a whole" in body["messages"][0]["content"]
    return json.dumps({**OVERVIEW, "merge": []} if whole else {**ANSWER, "trim": [1]})


@pytest.mark.parametrize("words", SERVERS.values(), ids=list(SERVERS))
def test_samples_are_cut_until_they_fit_and_what_fitted_is_remembered(words: Words) -> None:
    with Short(2_000, words) as server:
        one = analyst(server)
        said = judged(one, LONG[:4])
        first = len(server.requests)
        judged(one, LONG[4:])
        assert one.overview(LONG, {}, CONTEXT).source == one.name
    assert {a.status for a in said.values()} == {"ok"}
    assert first <= 4 + 6  # the first cluster measured, the others went by it
    assert len(server.requests) - first <= len(LONG[4:]) + 2
    system, user = (message["content"] for message in server.requests[first - 1]["messages"])
    whole, _ = prompts.messages_for_view(LONG[3], CONTEXT, prompts.CLUSTER, prompts.SYSTEM, prompts.USER)
    assert system.split("<data-")[0] == whole["content"].split("<data-")[0] and "1. " in user
    assert said[LONG[0].cluster].trim == (LONG[0].rows[0],)


def test_a_context_that_holds_not_even_the_instruction_fails_in_words_and_the_others_go_on() -> None:
    with Short(500, SERVERS["OpenAI"]) as server:
        one = analyst(server)
        said = judged(one, LONG[:3])
        asked = len(server.requests)
        with pytest.raises(ProviderError, match="context is too short"):
            one.selection(LONG[0], CONTEXT)
        assert one.overview(LONG, {}, CONTEXT).source.startswith("offline, since")
    assert {a.status for a in said.values()} == {"failed"} and len({a.name for a in said.values()}) == 3
    assert all("context is too short" in a.error for a in said.values())
    assert asked <= 8 and len(server.requests) == asked  # what can't fit is not sent again


def test_a_short_context_makes_short_answers() -> None:
    with Short(1_200, SERVERS["vLLM"]) as server:
        (said,) = judged(analyst(server), LONG[:1]).values()
    assert said.status == "ok"
    assert server.requests[0]["max_tokens"] == 1000 and SHORTEST_ANSWER <= server.requests[-1]["max_tokens"] < 400


def test_what_is_cut_are_texts_in_proportion_and_rows_go_with_them() -> None:
    view = replace(LONG[0], border=4)
    few = cut(view, 6, 100)
    assert len(few.rows) == len(few.texts) == 6 and few.border == 2
    assert few.rows == (*view.rows[:4], *view.rows[-4:-2]) and all(len(text) <= 100 for text in few.texts)
    assert cut(view, 1, 80).rows == view.rows[:1]

    def say(shown: Any) -> list[dict[str, str]]:
        return prompts.messages_for_view(shown, CONTEXT, prompts.CLUSTER, prompts.SYSTEM, prompts.USER)

    assert fitted(view, say, float("inf")) is view
    shown = fitted(view, say, 1_100)
    assert shown is not None and tokens_of(say(shown)) <= 1_100 and fitted(view, say, 100) is None


def test_the_estimate_and_the_prompt_shown_are_what_will_be_sent() -> None:
    with Short(2_000, SERVERS["llama.cpp"]) as server:
        one = analyst(server)
        before = one.estimate(LONG, CONTEXT).tokens
        judged(one, LONG[:1])
        assert one.estimate(LONG, CONTEXT).tokens < before
        shown = one.messages(LONG[0], CONTEXT)[1]["content"]
    assert len(shown) == len(server.requests[-1]["messages"][1]["content"])


def test_what_is_no_matter_of_length_changes_no_room() -> None:
    accepted = Accepted()

    class Error:
        status_code, code, message, body = 400, None, "temperature must be 1", None

    assert not accepted.too_long(Error(), 3_000) and accepted.room == float("inf")  # type: ignore[arg-type]
    Error.message = "context length exceeded"
    assert accepted.too_long(Error(), 3_000) and accepted.room == pytest.approx(2_100)  # type: ignore[arg-type]
    assert accepted.too_long(Error(), 9_000) and accepted.room == pytest.approx(2_100)  # type: ignore[arg-type]


@pytest.mark.parametrize("beside", ["Model: gpt-4o-20241120", "asked at 1732900000"])
def test_a_date_in_what_a_server_says_is_no_count_of_tokens(beside: str) -> None:
    class Error:
        status_code, code, body = 400, None, None
        message = f"This model's maximum context length is 8192 tokens. However, you requested 9000 tokens. {beside}"

    accepted = Accepted()
    assert accepted.too_long(Error(), 9_000) and accepted.room == pytest.approx(9_000 * 7_192 / 9_000)  # type: ignore[arg-type]


def test_a_busy_server_is_asked_more_slowly_and_costs_no_cluster() -> None:
    with OpenAIServer(_answer) as server:
        server.script([Behaviour("429", 0.02)] * 9)
        said = judged(analyst(server), VIEWS[:2])
        server.default = Behaviour("429", 0.01)
        (given_up,) = judged(analyst(server), VIEWS[:1]).values()
    assert {a.status for a in said.values()} == {"ok"}
    assert "HTTP 429, 10 times" in given_up.error


def test_a_repair_that_does_not_fit_is_not_made() -> None:
    prose = "I think that these texts are about cards. " * 120

    with Short(3_000, SERVERS["OpenAI"]) as server:
        server.chat = lambda body: prose
        (said,) = judged(analyst(server), VIEWS[:1]).values()
    assert "can't be used: the answer is not JSON" in said.error and len(server.requests) == 2


def test_a_context_that_is_told_is_held_from_the_first_request_on() -> None:
    with OpenAIServer(_answer) as server:
        one = analyst(server, context=2_000)
        assert {a.status for a in judged(one, LONG[:3]).values()} == {"ok"}
        body = server.requests[0]
    assert tokens_of(body["messages"]) + body["max_tokens"] <= 2_000 and body["max_tokens"] == 500
    with pytest.raises(SettingsError, match="context must be at least 1000"):
        analyst(server, context=10)


def total(body: dict[str, Any]) -> int:
    """Tokens that a request and the longest answer to it take, from above."""
    return tokens_of(body["messages"]) + int(body["max_tokens"])


def test_rows_are_judged_within_the_context_that_is_told_and_every_text_whole() -> None:
    texts = ["Где моя новая карта? " * 14 + ("SPAM" if i % 4 == 0 else "") for i in range(30)]
    with OpenAIServer(by_rule) as server:
        one = analyst(server, context=2_048)
        estimate = one.rows_estimate(rows_asked(texts))
        said = list(one.rows(rows_asked(texts)))
        assert estimate.calls == len(server.requests) > 2 and max(map(total, server.requests)) <= 2_048
    verdicts = {verdict.row: verdict.verdict for told in said for verdict in told.verdicts}
    assert verdicts == {i: "drop" if "SPAM" in text else "keep" for i, text in enumerate(texts)}
    assert not any(told.failed for told in said)


def test_a_text_that_is_too_long_by_itself_is_cut_and_where_that_is_not_enough_its_row_stays_unjudged() -> None:
    with OpenAIServer(by_rule) as server:
        one = analyst(server, context=1_000)
        (said,) = one.rows(rows_asked(["Где моя новая карта? " * 60], "к" * 200))
        shown = server.requests[-1]["messages"][1]["content"]
        assert not said.failed and "…" in shown and max(map(total, server.requests)) <= 1_000
        sent = len(server.requests)
        told = list(one.rows(rows_asked(["ok", "fine"], "к" * 2_000)))
        assert len(server.requests) == sent and sorted(row for one in told for row in one.failed) == [0, 1]
    assert "context is too short" in told[0].error


def test_as_many_rows_are_asked_about_as_a_short_answer_holds() -> None:
    with OpenAIServer(by_rule) as server:
        list(analyst(server, context=1_400).rows(rows_asked()))
    asked = [len(body["messages"][1]["content"].splitlines()) - 3 for body in server.requests]
    assert sum(asked) == N and max(asked) * ROW_ANSWER <= server.requests[0]["max_tokens"] == 350


def test_rows_go_by_what_a_server_said_of_its_context() -> None:
    with Short(1_500, SERVERS["llama.cpp"]) as server:
        server.chat = by_rule
        one = analyst(server, concurrency=1)
        said = list(one.rows(rows_asked(["Where is my new card? " * 25] * 45)))
        assert sum(len(told.verdicts) for told in said) == 45
        measured = len(server.requests)
        assert one.rows_estimate(rows_asked(["Where is my new card? " * 25] * 45)).calls <= measured <= 14


def test_a_report_is_written_from_as_many_whole_lines_as_fit() -> None:
    prose = {"summary": "Fine.", "distribution": "", "overlaps": "", "changed": "", "next": ["Read."]}
    lines = [f"cluster {i}: 1234 rows, silhouette 0.12, some words about it, nearest others and verdicts" for i in range(160)]
    with OpenAIServer(lambda body: json.dumps(prose)) as server:
        assert report.write(analyst(server, context=2_048), lines, CONTEXT).summary == "Fine."
        (body,) = server.requests
        shown = body["messages"][1]["content"].split("\n")[1:-1]
        assert total(body) <= 2_048 and len(shown) > 10 and shown[:-1] == lines[: len(shown) - 1] and shown[-1] == report.MORE
        with pytest.raises(ProviderError, match="context is too short"):
            report.write(analyst(server, context=1_000), [line + " and more" * 30 for line in lines], CONTEXT)


@pytest.mark.parametrize("context", [1_600, 2_400])
def test_a_schema_that_is_told_in_words_counts(context: int) -> None:
    def refuses(body: dict[str, Any]) -> tuple[str, str] | None:
        return ("response_format", "not known here") if "response_format" in body else None

    with Picky(refuses) as server:
        assert {a.status for a in judged(analyst(server, context=context), LONG[:3]).values()} == {"ok"}
        answered = [body for body in server.requests if "response_format" not in body]
        assert len(answered) == 3 and all("JSON Schema" in body["messages"][0]["content"] for body in answered)
        assert max(map(total, server.requests)) <= context


def test_a_second_try_that_the_context_does_not_hold_is_not_sent() -> None:
    with OpenAIServer(lambda body: "I think that these texts are about cards. " * 120) as server:
        (said,) = judged(analyst(server, context=2_500), LONG[:1]).values()
        assert len(server.requests) == 1 and total(server.requests[0]) <= 2_500
    assert said.status == "failed" and "can't be used: the answer is not JSON" in said.error
