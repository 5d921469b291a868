"""A model whose context is short: what fits is measured and remembered, samples are cut and the instruction never."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from openai_server import Behaviour, OpenAIServer, _Handler
from test_analyze_openai import ANSWER, CONTEXT, OVERVIEW, VIEWS, analyst, judged

from elute.analyze import prompts
from elute.analyze.accepted import SHORTEST_ANSWER, Accepted
from elute.analyze.asked import cut, fitted
from elute.analyze.budget import tokens_of
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


class _ShortHandler(_Handler):
    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        owner: Short = self.server.owner  # type: ignore[attr-defined]
        asked = json.loads(self.asked)
        sent, answer = sum(len(message["content"].encode()) for message in asked["messages"]) // 4, asked.get("max_tokens", 100)
        if sent + answer > owner.limit:
            error = {
                "message": owner.words(owner.limit, sent, answer),
                "type": "invalid_request_error",
                "code": None,
                "param": None,
            }
            status, body = 400, json.dumps({"error": error}).encode()
        super()._send(status, body, headers)

    def _answer(self, owner: OpenAIServer) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked = raw

        class Again:
            def read(self, count: int) -> bytes:
                return raw

        self.rfile = Again()  # type: ignore[assignment]
        super()._answer(owner)


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
