"""Whatever a model answers, what comes of it is the schema or a failed cluster, and nothing in between."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any, get_args

import pytest
from openai_server import OpenAIServer
from test_analyze_openai import ANSWER, VIEWS, analyst, judged

from elute.analyze import ClusterAnalysis
from elute.analyze.schema import Verdict

WHOLE = json.dumps({**ANSWER, "trim": [1, 2]})
ODD: tuple[Any, ...] = (
    None, True, -1, 10**30, 0.5, "", "drop", "\u202e\x00<script>", [], [[1]], {"a": 1}, [1, 1, 1], ["x"] * 50, float("inf"), "9" * 5_000,
)  # fmt: skip


def broken(seed: int) -> str:
    """One of many ways to answer wrongly; now and then a right one."""
    dice = random.Random(seed)
    answer = json.loads(WHOLE)
    way = dice.randrange(6)
    if way == 0:
        return WHOLE[: dice.randrange(len(WHOLE))]
    if way == 1:
        answer[dice.choice(list(answer))] = dice.choice(ODD)
    elif way == 2:
        del answer[dice.choice(list(answer))]
    elif way == 3:
        at = dice.randrange(len(WHOLE))
        return WHOLE[:at] + chr(dice.randrange(32, 1_000)) + WHOLE[at + 1 :]
    elif way == 4:
        return dice.choice(
            ["[" * 20_000, WHOLE * 2, f"Sure! {WHOLE}", f"```json\n{WHOLE}\n```", f"<think>drop</think>{WHOLE}", "null", "0"]
        )
    return json.dumps(answer)


def test_two_hundred_broken_answers_become_the_schema_or_a_failure() -> None:
    views = {view.cluster: view for view in VIEWS}
    counts = {"ok": 0, "failed": 0}
    with OpenAIServer() as server:
        one = analyst(server, concurrency=4)
        for start in range(20):
            server.chat = lambda body, start=start: broken(start * 1_000 + len(server.requests))  # type: ignore[misc]
            for cluster, said in judged(one).items():
                counts[said.status] += 1
                assert said.verdict in get_args(Verdict) and 0 <= said.quality <= 1 and 0 <= said.confidence <= 1
                assert set(said.trim) <= set(views[cluster].rows) and said.name and len(said.name) <= 60
                assert ClusterAnalysis.from_dict(json.loads(json.dumps(said.to_dict()))) == said
                assert said.status == "ok" or (said.verdict == "unsure" and not said.trim and said.error)
    assert counts["ok"] > 20 and counts["failed"] > 20


@pytest.mark.parametrize("end", [10, 60, len(WHOLE) - 1])
def test_half_an_answer_that_claims_to_be_whole_is_never_mended(end: int) -> None:
    half: Callable[[dict[str, Any]], str] = lambda body: WHOLE[:end]  # noqa: E731
    with OpenAIServer(half) as server:
        said = judged(analyst(server), VIEWS[:1])[0]
    assert said.status == "failed" and said.verdict == "unsure" and said.trim == () and "not JSON" in said.error
    assert len(server.requests) == 2


class Odd(OpenAIServer):
    """Answers every second request with ``body``, whatever that is."""

    def __init__(self, body: Any) -> None:
        super().__init__(lambda _: WHOLE)
        self.body, self.turn = body, 0

    def completion(self, body: dict[str, Any], kind: str) -> Any:
        self.turn += 1
        return super().completion(body, kind) if self.turn % 2 else self.body


@pytest.mark.parametrize(
    "body",
    [
        [], "x", None, {"choices": [{"finish_reason": "stop"}]}, {"choices": [{"finish_reason": "stop", "message": None}]},
        {"choices": [{}]}, {"choices": [None]}, {"choices": "x"}, {"choices": {"a": 1}}, {"choices": [[]]},
        {"choices": [{"finish_reason": "stop", "message": {"content": None, "refusal": 5}}]},
    ],
)  # fmt: skip
def test_one_reply_that_is_no_chat_completion_ends_only_itself(body: Any) -> None:
    with Odd(body) as server:
        told = judged(analyst(server, concurrency=1), VIEWS[:4])
    assert [said.status for said in told.values()] == ["ok", "failed"] * 2
    assert all("no chat completion" in said.error or "refused" in said.error for said in told.values() if said.status == "failed")


@pytest.mark.parametrize("usage", [[1], "x", {}, {"prompt_tokens": "12"}, {"prompt_tokens": -(10**9), "completion_tokens": 1}])
def test_an_odd_count_of_tokens_costs_no_answer_and_what_was_promised(usage: Any) -> None:
    class Counted(OpenAIServer):
        def completion(self, body: dict[str, Any], kind: str) -> Any:
            return {**super().completion(body, kind), "usage": usage}

    with Counted(lambda _: WHOLE) as server:
        one = analyst(server, price=(1.0, 1.0))
        assert {said.status for said in judged(one).values()} == {"ok"}
    assert one.spent > len(VIEWS) * 1000e-6


def test_a_number_too_large_for_a_float_is_refused() -> None:
    with OpenAIServer(lambda _: WHOLE.replace(json.dumps(ANSWER["quality"]), "1" + "0" * 400)) as server:
        said = judged(analyst(server), VIEWS[:1])[0]
    assert said.status == "failed" and "quality must be a finite number" in said.error
