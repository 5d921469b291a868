"""TF-IDF + SVD: any texts, any number of them, always the same vectors."""

from __future__ import annotations

import numpy as np
import pytest

from elute.embed import Cache, TfidfEmbedder, embed
from elute.errors import Cancelled, SettingsError
from elute.progress import Silent

CARDS = ["my card has not arrived yet", "when will my new card arrive", "the card I ordered never arrived"]
WEATHER = ["will it rain in Paris tomorrow", "is there rain tomorrow", "how much rain falls in Paris"]


def test_like_texts_are_near():
    x = embed(TfidfEmbedder(), CARDS + WEATHER).vectors
    similarity = x @ x.T
    within = np.concatenate([similarity[:3, :3][np.triu_indices(3, 1)], similarity[3:, 3:][np.triu_indices(3, 1)]])
    assert within.min() > similarity[:3, 3:].max()


def test_a_misspelt_word_is_near_its_right_form():
    x = embed(TfidfEmbedder(), ["transferred", "transfered", "completely other"]).vectors
    assert x[0] @ x[1] > 0.6 > 0.2 > abs(x[0] @ x[2])


@pytest.mark.parametrize("n", [1, 2, 3, 10, 51, 300])
def test_any_number_of_texts_and_the_same_vectors_each_time(n):
    rng = np.random.default_rng(n)
    words = [f"word{i}" for i in range(40)]
    texts = [" ".join(rng.choice(words, 6)) for _ in range(n)]
    first, second = embed(TfidfEmbedder(dimension=32), texts), embed(TfidfEmbedder(dimension=32), texts)
    assert first.valid.all() and np.array_equal(first.vectors, second.vectors)
    assert first.vectors.shape == (n, min(32, len(set(texts)), first.vectors.shape[1]))
    np.testing.assert_allclose(np.linalg.norm(first.vectors, axis=1), 1, atol=1e-5)


def test_identical_texts_get_identical_vectors():
    result = embed(TfidfEmbedder(), ["the same"] * 40)
    assert result.valid.all() and result.embedded == 1
    assert np.array_equal(result.vectors, np.repeat(result.vectors[:1], 40, axis=0))


def test_texts_without_any_term_are_zero_vectors_that_are_said():
    result = embed(TfidfEmbedder(), [" ", "\t\n"])
    assert not result.valid.any() and "2 rows have a zero vector" in result.notes[0]
    strangers = [chr(0x4E00 + 2 * i) + chr(0x4E01 + 2 * i) for i in range(60)]  # no two share a term
    result = embed(TfidfEmbedder(), strangers)
    assert result.vectors.shape[0] == 60


def test_one_stranger_among_many_is_listed():
    texts = [f"{a} {b}" for a in CARDS for b in WEATHER] * 8
    texts = [f"{t} {i}" for i, t in enumerate(texts)] + ["語彙"]
    result = embed(TfidfEmbedder(), texts)
    assert not result.valid[-1] and result.valid[:-1].all() and result.notes[-1].endswith(f": {len(texts) - 1}")


def test_new_texts_after_the_fit_land_where_they_belong():
    embedder = TfidfEmbedder()
    x = embed(embedder, CARDS + WEATHER).vectors
    query = embedder.embed_batch(["did my card arrive"])[0]
    assert (x @ query)[:3].min() > (x @ query)[3:].max()


def test_it_is_never_cached_and_can_be_cancelled(tmp_path):
    cache = Cache(tmp_path)
    assert embed(TfidfEmbedder(), CARDS, cache=cache).cached == embed(TfidfEmbedder(), CARDS, cache=cache).cached == 0

    class Stop(Silent):
        def check(self):
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        embed(TfidfEmbedder(), CARDS, progress=Stop())


def test_a_dimension_below_one_is_refused():
    with pytest.raises(SettingsError, match="at least 1, not 0"):
        TfidfEmbedder(dimension=0)
