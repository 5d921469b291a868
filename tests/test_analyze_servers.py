"""Servers as they are: models that think first, gateways that send errors as answers, and what each costs by the books."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from openai_server import OpenAIServer
from test_analyze_chat import Picky
from test_analyze_openai import ANSWER, CONTEXT, VIEWS, analyst, judged, nothing_is_left_open, reply
from test_rowwise import N, by_rule
from test_rowwise import asked as rows_asked

from elute.analyze.budget import LONGEST_ANSWER, LONGEST_THOUGHT, Spending, tokens_of
from elute.errors import BudgetError, SettingsError

__all__ = ["nothing_is_left_open"]
Patch = Callable[[dict[str, Any]], dict[str, Any]]


class Server(OpenAIServer):
    """Its replies go through ``patch``."""

    def __init__(self, patch: Patch, chat: Callable[[dict[str, Any]], str] | None = None) -> None:
        super().__init__(chat or reply())
        self.patch = patch

    def completion(self, body: dict[str, Any], kind: str) -> dict[str, Any]:
        return self.patch(super().completion(body, kind))


def using(answered: int, sent: int = 500) -> Patch:
    return lambda made: {**made, "usage": {"prompt_tokens": sent, "completion_tokens": answered}}


def saying(**message: Any) -> Patch:
    def patch(made: dict[str, Any]) -> dict[str, Any]:
        made["choices"][0]["message"].update(message)
        return made

    return patch


class Thinker(Picky):
    """Takes neither temperature nor ``max_tokens``, as OpenAI's models that think first; an answer counts 6,000 tokens."""

    def __init__(self, *refused: str) -> None:
        names = ("temperature", "max_tokens", *refused)

        def refuses(body: dict[str, Any]) -> tuple[str, str] | None:
            name = next((name for name in names if name in body), None)
            hint = "Use 'max_completion_tokens' instead."
            return (name, f"Unsupported parameter: '{name}' is not supported with this model. {hint}") if name else None

        super().__init__(refuses)

    def completion(self, body: dict[str, Any], kind: str) -> dict[str, Any]:
        return using(6_000)(super().completion(body, kind))


# -- models that think first ---------------------------------------------------------------------------------------------------


def test_a_model_that_takes_max_completion_tokens_gets_them_and_max_cost_holds() -> None:
    with Thinker() as server:
        one = analyst(server, price=(1.10, 4.40), max_cost=0.1, concurrency=4)
        before = one.estimate(VIEWS, CONTEXT).cost or 0
        said = judged(one)
        answered = [body for body in server.requests if "temperature" not in body and "max_tokens" not in body]
        assert {body["max_completion_tokens"] for body in answered} == {LONGEST_THOUGHT} and len(answered) >= 2
        assert one.spent == pytest.approx(len(answered) * (500 * 1.10 + 6_000 * 4.40) / 1e6) and one.spent <= 0.1
        failed = [told.error for told in said.values() if told.status == "failed"]
        assert failed and all("max_cost" in error for error in failed)
        assert (one.estimate(VIEWS, CONTEXT).cost or 0) > 10 * before, "answers that were counted are what is estimated by"
    with Thinker() as server:
        tight = analyst(server, price=(1.10, 4.40), max_cost=0.02, concurrency=4)
        judged(tight)
        assert tight.spent == 0, "one answer may cost more than there is"
        assert judged(analyst(server, max_tokens=2_000), VIEWS[:1])[0].status == "ok"
        assert server.requests[-1]["max_completion_tokens"] == 2_000


def test_where_no_length_is_taken_one_answer_shows_what_the_next_may_cost() -> None:
    with Thinker("max_completion_tokens") as server:
        one = analyst(server, price=(1.10, 4.40), max_cost=0.05, concurrency=4)
        judged(one)
        answered = [body for body in server.requests if not {"temperature", "max_tokens", "max_completion_tokens"} & set(body)]
        assert len(answered) == 1 and one.spent < 0.05


def test_where_there_is_a_limit_the_others_wait_for_the_first_answer() -> None:
    books = Spending((0.0, 1.0), 0.01)
    with books.promise(10, LONGEST_ANSWER):
        assert books._hold(10, LONGEST_ANSWER) is None
        books.answer("cluster", 10, 6_000, counted=True)
        with pytest.raises(BudgetError, match="may cost"):
            books._hold(10, LONGEST_ANSWER)
    assert books.usual("cluster") == 6_000 and books.usual("rows") is None
    free = Spending(None, None)
    with free.promise(10), free.promise(10):
        pass


def test_answers_may_be_longer_where_a_person_says_so() -> None:
    def cut(made: dict[str, Any]) -> dict[str, Any]:
        made["choices"][0]["finish_reason"] = "length"
        return made

    with Server(cut) as server:
        (said,) = judged(analyst(server), VIEWS[:1]).values()
        assert "cut off at 1,000 tokens" in said.error and "max_tokens=" in said.error and "thinking turned off" in said.error
        judged(analyst(server, max_tokens=6_000), VIEWS[:1])
        assert server.requests[-1]["max_tokens"] == 6_000
        judged(analyst(server, max_tokens=6_000, context=8_192), VIEWS[:1])
        assert server.requests[-1]["max_tokens"] == 4_096, "half of a context is left to what is asked"
        with pytest.raises(SettingsError, match="max_tokens must be at least"):
            analyst(server, max_tokens=10)
    with OpenAIServer(by_rule) as server:
        list(analyst(server, max_tokens=6_000).rows(rows_asked()))
    assert len(server.requests) == -(-N // 15), "no more rows a request than else"


@pytest.mark.parametrize(
    "content",
    [
        f"Okay, {{the user}} wants...\n</think>\n\n{json.dumps(ANSWER)}",
        f"<think>{'hm ' * 9_000}</think>\n```json\n{json.dumps(ANSWER)}\n```",
        json.dumps({**ANSWER, "summary": "About </think> tags."}),
        [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}, {"type": "text", "text": json.dumps(ANSWER)}],
    ],
    ids=["no beginning", "long", "in a text", "parts"],
)
def test_an_answer_behind_a_thought_is_read(content: Any) -> None:
    with Server(saying(content=content)) as server:
        (said,) = judged(analyst(server), VIEWS[:1]).values()
    assert (said.status, said.name) == ("ok", "bank cards") and len(server.requests) == 1


@pytest.mark.parametrize(
    ("message", "error"),
    [
        (
            {"content": None, "tool_calls": [{"id": "1", "type": "function", "function": {"name": "a", "arguments": "{}"}}]},
            "tool call",
        ),
        ({"content": [{"type": "thinking", "thinking": []}]}, "parts without text"),
        ({"content": ""}, "answered nothing"),
    ],
)
def test_an_answer_without_words_says_what_it_was(message: dict[str, Any], error: str) -> None:
    with Server(saying(**message)) as server:
        (said,) = judged(analyst(server), VIEWS[:1]).values()
    assert said.status == "failed" and error in said.error


# -- errors as answers, and money ------------------------------------------------------------------------------------------------


def _failing(*errors: Any) -> Patch:
    left: Iterator[Any] = iter(errors)

    def patch(made: dict[str, Any]) -> dict[str, Any]:
        told = next(left, None)
        return made if told is None else {"error": told, "user_id": "u"}

    return patch


def test_an_error_that_came_as_an_answer_is_one() -> None:
    busy = {"message": "Provider returned error: upstream overloaded", "code": 502}
    with Server(_failing(busy)) as server:
        one = analyst(server)
        assert judged(one, VIEWS[:1])[0].status == "ok" and len(server.requests) == 2
        assert one.spent == pytest.approx((10 * 0.15 + 5 * 0.60) / 1e6), "what failed is not charged"
        assert [call.error for call in one.audit.calls()] == [busy["message"], ""]
    with Server(_failing("the model is being loaded")) as server:
        (said,) = judged(analyst(server), VIEWS[:1]).values()
        assert "the model is being loaded" in said.error and len(server.requests) == 1
    with Server(_failing({"message": "Invalid API key", "code": "401"})) as server:
        assert "does not accept the key" in judged(analyst(server), VIEWS[:1])[0].error


def test_a_404_is_told_in_the_servers_words() -> None:
    help = "No endpoints found matching your data policy. Configure: https://openrouter.ai/settings/privacy"
    with Server(_failing({"message": help, "code": 404})) as server:
        (said,) = judged(analyst(server), VIEWS[:1]).values()
    assert help in said.error and "or does not let you use it (HTTP 404)" in said.error


def test_the_audit_adds_up_to_what_was_booked() -> None:
    def uncounted(made: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in made.items() if name != "usage"}

    with Server(uncounted) as server:
        one = analyst(server, timeout=0.3)
        server.script(["ok", "hang", "500"])
        judged(one, VIEWS[:3])
        calls = one.audit.calls()
    assert [call.answered for call in calls] == [LONGEST_ANSWER, 0, 0, LONGEST_ANSWER]
    assert [call.sent for call in calls[:2]] == [tokens_of(list(map(dict, call.messages))) for call in calls[:2]]
    assert one.spent > 0 and sum(call.cost or 0 for call in calls) == pytest.approx(one.spent)
