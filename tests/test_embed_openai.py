"""Embedding over HTTP, against a real server on this machine that speaks the OpenAI protocol, with its faults."""

from __future__ import annotations

import threading
import time
import traceback

import numpy as np
import pytest
from openai_server import Behaviour, Handler, OpenAIServer, error, vector_of

from elute.embed import Cache, OpenAIEmbedder, embed
from elute.embed.forms import form_of
from elute.embed.remote import _retry_after
from elute.errors import BudgetError, Cancelled, EmbeddingError, ProviderError, SettingsError
from elute.progress import Silent

CANARY = "sk-canary-1234567890"


@pytest.fixture(autouse=True)
def _key(monkeypatch):
    monkeypatch.setenv("ELUTE_TEST_KEY", CANARY)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server():
    with OpenAIServer() as running:
        yield running


def embedder_of(server: OpenAIServer, **settings) -> OpenAIEmbedder:
    return OpenAIEmbedder("some-model", base_url=server.base_url, key_env="ELUTE_TEST_KEY", **settings)


def expected(texts: list[str], dimension: int = 8) -> np.ndarray:
    vectors = np.stack([vector_of(t, dimension) for t in texts])
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


TEXTS = [f"text number {i}" for i in range(7)]


@pytest.mark.parametrize("base64", [True, False])
@pytest.mark.parametrize("kind", ["ok", "reordered"])
def test_vectors_come_back_in_the_order_of_the_texts(base64, kind):
    with OpenAIServer(base64=base64) as server:
        server.default = Behaviour(kind)
        result = embed(embedder_of(server, batch_size=3), [*TEXTS, None, TEXTS[0]])
        np.testing.assert_allclose(result.vectors[:7], expected(TEXTS), atol=1e-6)
        assert np.array_equal(result.vectors[8], result.vectors[0]) and not result.valid[7]
        assert [r["input"] for r in server.requests] == [TEXTS[:3], TEXTS[3:6], TEXTS[6:]]
        assert {r["model"] for r in server.requests} == {"some-model"} and "dimensions" not in server.requests[0]
        assert server.headers[0]["authorization"] == f"Bearer {CANARY}"


def test_a_second_run_sends_nothing(server, tmp_path):
    cache = Cache(tmp_path)
    first = embed(embedder_of(server), TEXTS, cache=cache)
    second = embed(embedder_of(server), TEXTS, cache=cache)
    assert len(server.requests) == 1 and second.cached == 7 and np.array_equal(first.vectors, second.vectors)
    embed(embedder_of(server, dimensions=4), TEXTS, cache=cache)
    assert len(server.requests) == 2 and server.requests[1]["dimensions"] == 4, "other settings are another key"


def test_requests_are_bounded_by_tokens_too(server):
    texts = [f"{i} " + "word " * 16000 for i in range(14)]
    embed(embedder_of(server), texts)
    sizes = [len(r["input"]) for r in server.requests]
    assert sizes == [12, 2], "8,191 tokens are read of each, and 100,000 go into a request"


def test_texts_beyond_the_limit_are_cut_and_that_is_said(server):
    texts = ["short", "ü" * 1000, "x" * 300]
    result = embed(embedder_of(server, max_tokens=100), texts)
    assert server.requests[0]["input"] == ["short", "ü" * 150, "x" * 300]
    assert result.notes == ("1 of 3 texts are longer than about 100 tokens and are cut",)


def test_429_waits_as_long_as_retry_after_says(server):
    server.script([Behaviour("429", seconds=0.6)])
    result = embed(embedder_of(server), TEXTS)
    np.testing.assert_allclose(result.vectors, expected(TEXTS), atol=1e-6)
    assert len(server.times) == 2 and 0.6 <= server.times[1] - server.times[0] < 1.5


def test_retry_after_may_be_a_date_or_nonsense():
    from datetime import UTC, datetime, timedelta
    from email.utils import format_datetime

    in_ten = format_datetime(datetime.now(UTC) + timedelta(seconds=10), usegmt=True)
    assert 8 < _retry_after({"retry-after": in_ten}) <= 10
    assert _retry_after({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0
    assert _retry_after({"retry-after": "1.5"}) == 1.5
    for nonsense in ({}, {"retry-after": "soon"}, {"retry-after": "nan"}, {"retry-after": ""}):
        assert _retry_after(nonsense) is None


def test_a_wait_too_long_to_sit_through_is_an_error(server):
    server.script([Behaviour("429", seconds=3600)])
    with pytest.raises(ProviderError, match="left alone for 3600 s"):
        embed(embedder_of(server), TEXTS)
    assert len(server.requests) == 1


@pytest.mark.parametrize("fault", ["500", "drop", "429"])
def test_passing_faults_are_tried_again(server, fault):
    server.script([fault])
    np.testing.assert_allclose(embed(embedder_of(server), TEXTS).vectors, expected(TEXTS), atol=1e-6)
    assert len(server.requests) == 2


def test_a_hanging_request_is_given_up_after_the_timeout_and_tried_again(server):
    server.script(["hang"])
    np.testing.assert_allclose(embed(embedder_of(server, timeout=0.3), TEXTS).vectors, expected(TEXTS), atol=1e-6)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("fault", "says", "tries"),
    [
        ("500", r"answered 500.*\(2 tries\)", 2),
        ("drop", r"can't be reached.*\(2 tries\)", 2),
        ("401", "answered 401", 1),
        ("404", "answered 404.*does not exist", 1),
        ("quota", "answered 429.*quota", 1),
        ("refusal", "answered 400", 1),
        ("garbage", "no JSON object. Is base_url right", 1),
        ("truncated", "no JSON object", 1),
    ],
)
def test_lasting_faults_are_one_clear_error_without_the_key(server, fault, says, tries):
    server.default = Behaviour(fault)
    embedder = embedder_of(server, max_retries=1)
    with pytest.raises(ProviderError, match=says) as caught:
        embed(embedder, TEXTS)
    assert len(server.requests) == tries
    error = caught.value
    assert error.__cause__ is None and error.__context__ is None, "the server's error repeats the key"
    everything = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    for text in (str(error), everything, repr(embedder), str(vars(embedder)), embedder.key()):
        assert CANARY not in text


def test_a_key_at_the_end_of_what_is_shown_is_not_shown_in_part(server, monkeypatch):
    monkeypatch.setenv("ELUTE_TEST_KEY", CANARY.replace("sk-", "") * 20)
    server.default = Behaviour("401")
    with pytest.raises(ProviderError, match="answered 401") as caught:
        embed(embedder_of(server), TEXTS)
    assert "[key]" in str(caught.value) and CANARY.replace("sk-", "")[:6] not in str(caught.value)


def test_a_word_that_stands_for_a_key_is_cut_out_of_no_error(server, monkeypatch):
    monkeypatch.setenv("ELUTE_TEST_KEY", "no")
    server.default = Behaviour("404")
    with pytest.raises(ProviderError, match="some-model` does not exist"):
        embed(embedder_of(server), TEXTS)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("wrong_count", "asked for 3 vectors and gave 2"),
        ("wrong_dimension", "vectors of 7 numbers where 8 were expected"),
        ("nan", "NaN or infinity in 1 of 3 vectors"),
    ],
)
def test_wrong_vectors_are_an_error_with_the_numbers_and_never_cached(server, tmp_path, fault, says):
    cache = Cache(tmp_path)
    server.script(["ok", fault])
    with pytest.raises(EmbeddingError, match=says):
        embed(embedder_of(server, batch_size=3), TEXTS, cache=cache)
    assert len(server.requests) == 2
    result = embed(embedder_of(server, batch_size=3), TEXTS, cache=cache)
    assert result.cached == 3, "what was right before is kept"
    np.testing.assert_allclose(result.vectors, expected(TEXTS), atol=1e-6)


def test_other_dimensions_than_asked_for(server):
    server.default = Behaviour("wrong_dimension")
    with pytest.raises(EmbeddingError, match="vectors of 4 numbers where 5 were expected"):
        embed(embedder_of(server, dimensions=5, batch_size=1), ["a"])


@pytest.mark.parametrize("what", [Behaviour("hang"), Behaviour("429", seconds=60)])
def test_cancel_takes_hold_while_waiting_and_nothing_more_is_sent(server, what):
    class Button(Silent):
        pressed = threading.Event()
        polls = 0

        def check(self):
            self.polls += 1
            if self.pressed.is_set():
                raise Cancelled("stop")

    button = Button()
    server.default = what
    stopped_after: list[float] = []

    def press():
        while not server.requests:
            time.sleep(0.01)
        time.sleep(0.3)
        stopped_after.append(time.monotonic())
        button.pressed.set()

    thread = threading.Thread(target=press)
    thread.start()
    with pytest.raises(Cancelled):
        embed(embedder_of(server), TEXTS, progress=button)
    thread.join()
    assert time.monotonic() - stopped_after[0] < 0.3
    assert button.polls >= 4
    time.sleep(0.3)
    assert len(server.requests) == 1


def test_a_cost_above_the_limit_is_refused_before_anything_is_sent(server):
    embedder = embedder_of(server, price=1000.0, max_cost=0.01)
    with pytest.raises(BudgetError, match=r"about \$0.0350; of max_cost=\$0.01"):
        embed(embedder, TEXTS)
    assert server.requests == []


def test_money_spent_counts_over_all_calls_by_what_the_server_counted(server):
    embedder = embedder_of(server, price=1000.0, max_cost=0.06)
    embed(embedder, TEXTS)
    assert embedder.spent == pytest.approx(7 * 3 * 1000 / 1e6)  # the server counts 3 words a text
    with pytest.raises(BudgetError, match=r"\$0.0210 is spent"):
        embed(embedder, [f"another {i}" for i in range(10)])
    assert len(server.requests) == 1


def test_an_estimate_before_anything_is_sent():
    embedder = OpenAIEmbedder(key_env="ELUTE_TEST_KEY")
    estimate = embedder.estimate(["word " * 300] * 1000)
    assert estimate.texts == 1000 and 300_000 <= estimate.tokens <= 600_000
    assert estimate.cost == pytest.approx(estimate.tokens * 0.02 / 1e6)
    assert OpenAIEmbedder("unheard-of").estimate(["a"]).cost is None
    assert embedder.remote


def test_settings_that_can_not_work_are_refused(monkeypatch):
    with pytest.raises(SettingsError, match="set the environment variable OPENAI_API_KEY"):
        embed(OpenAIEmbedder(), ["a"])
    with pytest.raises(SettingsError, match="max_cost needs price"):
        OpenAIEmbedder("unheard-of", max_cost=1)
    with pytest.raises(SettingsError, match="at least 1 and at most 2048, not 5000"):
        OpenAIEmbedder(batch_size=5000)
    with pytest.raises(SettingsError, match="no user name, password") as caught:
        OpenAIEmbedder(base_url=f"http://me:{CANARY}@localhost/v1")
    assert CANARY not in str(caught.value)


def test_a_server_of_ones_own_needs_no_key_and_its_address_may_come_from_the_environment(server, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
    result = embed(OpenAIEmbedder("some-model"), TEXTS)
    np.testing.assert_allclose(result.vectors, expected(TEXTS), atol=1e-6)


def test_a_server_that_is_not_there():
    embedder = OpenAIEmbedder("m", base_url="http://127.0.0.1:9/v1", max_retries=0)
    with pytest.raises(ProviderError, match="m at 127.0.0.1:9 can't be reached"):
        embed(embedder, TEXTS)


class Dense(OpenAIServer):
    """Counts a token for two bytes, as of digits, and reads 8,192 of a text; says so as OpenAI does, or in no numbers."""

    def __init__(self, numbers: bool = True) -> None:
        super().__init__()
        self.numbers = numbers
        self._http.RequestHandlerClass = _DenseHandler


class _DenseHandler(Handler):
    def reply(self, owner, body):
        answer = super().reply(owner, body)
        worst = max(len(text.encode()) // 2 for text in body["input"])
        if worst > 8192:
            said = f"maximum context length is 8192 tokens, however you requested {worst} tokens ({worst} in your prompt)."
            told = f"This model's {said}" if owner.numbers else "The input is too large to process."
            answer = error(400, told, "invalid_request_error")
        return answer


@pytest.mark.parametrize("numbers", [True, False])
def test_a_text_of_many_tokens_is_cut_alone_and_nothing_is_sent_twice(tmp_path, numbers):
    texts = [f"short text {i}" for i in range(40)]
    texts[20] = "0123456789abcdef" * 2000
    with Dense(numbers) as server:
        one = embedder_of(server, price=1.0)
        made = embed(one, texts, cache=Cache(tmp_path))
        assert made.notes[-1] == "1 of 40 texts are longer than the server reads and are cut further, to what it takes"
        taken = [r["input"] for r in server.requests if max(map(len, r["input"])) <= 16384]
        assert sorted(text[:15] for part in taken for text in part) == sorted(text[:15] for text in texts)
        others = [i for i in range(40) if i != 20]
        np.testing.assert_allclose(made.vectors[others], expected([texts[i] for i in others]), atol=1e-6)
        (cut,) = (text for part in taken for text in part if len(text) > 100)
        assert texts[20].startswith(cut) and len(cut) > 10_000 and len(server.requests) < 20
        met = OpenAIEmbedder("m")
        met.refused |= one.refused
        assert form_of(met) is not None, "what a server said is no setting"
        assert len(embed(one, texts, cache=Cache(tmp_path)).notes) == 2


def test_a_server_that_finds_everything_too_long_is_told_with_the_setting(server):
    server.script(["ok"])
    server.embeddings = lambda body, kind: {"error": {"message": "context length exceeded", "code": 400}}
    with pytest.raises(ProviderError, match=r"context length exceeded.*give a smaller max_tokens="):
        embed(embedder_of(server), ["word " * 100])
    assert len(server.requests) < 8


def test_an_error_that_came_as_an_answer_is_told_and_asked_again_where_that_may_help():
    class Loading(OpenAIServer):
        def embeddings(self, body, kind):
            loading = {"error": {"message": "model is loading, try again", "code": self.code}}
            return loading if len(self.requests) == 1 else super().embeddings(body, kind)

    with Loading() as server:
        server.code = 503
        np.testing.assert_allclose(embed(embedder_of(server), TEXTS).vectors, expected(TEXTS), atol=1e-6)
        assert len(server.requests) == 2
    with Loading() as server:
        server.code = None
        with pytest.raises(ProviderError, match="answered with an error: model is loading, try again"):
            embed(embedder_of(server), TEXTS)
