"""Near copies by keys: what shares a key, what is compared, and which group each is of."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elute.alike import alike_pairs, components, near_pairs
from elute.alike.minhash import Bands, Runs, jaccards
from elute.alike.pairs import pairs_within
from elute.findings.words import Words


def as_set(found: tuple[np.ndarray, np.ndarray]) -> set[tuple[int, int]]:
    return set(zip(found[0].tolist(), found[1].tolist(), strict=True))


def test_near_copies_are_found_and_opposites_are_not() -> None:
    texts = [
        "my card was declined at the new shop yesterday",  # 0
        "My card was declined at the new shop yesterday!",  # 1: but for case and marks
        "my card was delcined at the new shop yesterday",  # 2: a slip
        "my card was not declined at the new shop yesterday",  # 3: the opposite
        "how do I top up my account with a cheque",  # 4
        "my card was declined at the new shop 2 days ago",  # 5
        "",  # 6
        *(f"declined {which}" for which in "abcdefgh"),  # so "delcined" is a slip
    ]
    assert as_set(near_pairs(texts)) == {(0, 1), (0, 2), (1, 2)}


def test_near_copies_keep_to_their_label() -> None:
    texts = ["where is my parcel now"] * 3
    assert as_set(near_pairs(texts, np.array([7, 8, 7], np.uint64))) == {(0, 2)}


def test_a_slip_in_a_short_text_is_found_by_the_word_keys() -> None:
    usual = [f"pending {which}" for which in "abcdefghij"]
    assert as_set(near_pairs(["transfer pending", "transfer penidng", "transfer declined", *usual])) == {(0, 1)}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=40), st.randoms(use_true_random=False))
def test_components_do_not_depend_on_the_order_of_edges(edges: list[tuple[int, int]], draw: object) -> None:
    a, b = (np.array([edge[side] for edge in edges], np.uint64) for side in (0, 1))
    rows, lowest = components(a, b)
    group = {row: {row} for row in range(31)}
    for x, y in edges:
        whole = group[x] | group[y]
        for row in whole:
            group[row] = whole
    assert [min(group[int(row)]) for row in rows] == lowest.tolist()
    order = np.array(draw.sample(range(len(edges)), len(edges)), int)  # type: ignore[attr-defined]
    again = components(b[order], a[order])
    assert np.array_equal(again[0], rows) and np.array_equal(again[1], lowest)


def test_a_key_of_many_rows_joins_them_all_at_a_linear_price() -> None:
    rows = np.arange(5000, dtype=np.uint64)
    low, high = pairs_within(np.zeros(5000, np.uint64), rows, 12)
    assert len(low) < 12 * 5000
    assert components(low, high)[1].max() == 0


@pytest.mark.parametrize("threshold", [0.5, 0.7, 0.9])
def test_bands_find_pairs_at_the_threshold(threshold: float) -> None:
    how = Bands.at(threshold)
    assert 1 - (1 - threshold**how.rows) ** how.bands >= 0.98


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text("ab c", min_size=1, max_size=12), min_size=2, max_size=8))
def test_jaccard_is_that_of_sets(texts: list[str]) -> None:
    words = Words.of(texts)
    some = [at for at, text in enumerate(texts) if text.split()]
    runs = Runs.of(words)
    plain = [" ".join(text.split()) + " " for text in texts]  # the end of a word is a letter too
    sets = [{text[at : at + 3] for at in range(max(1, len(text) - 2))} for text in plain]
    for x in some:
        for y in some:
            want = len(sets[x] & sets[y]) / len(sets[x] | sets[y])
            assert jaccards(runs.sets, np.array([x]), np.array([y]))[0] == pytest.approx(want)


def test_alike_pairs_against_all_pairs() -> None:
    draw = np.random.default_rng(3)
    base = ["".join(draw.choice(list("abcdefghij "), 60)) for _ in range(60)]
    texts = [text[:cut] + "zzz" + text[cut + 3 :] for text in base for cut in (5, 30)] + base
    runs = Runs.of(Words.of(texts)).sets
    x, y = np.triu_indices(len(texts), 1)
    want = jaccards(runs, x, y) >= 0.7
    found = as_set(alike_pairs(texts, 0.7))
    truth = set(zip(x[want].tolist(), y[want].tolist(), strict=True))
    assert found <= truth and len(found) >= 0.97 * len(truth) > 100
