"""Accuracy by round: the same judges, which no mask chooses; it rises when dirt goes, and not when anything goes."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from elute.errors import Cancelled
from elute.metrics.validation import Scored, Validation, accuracy, fixed_part, verdict
from elute.vectors import row_hashes


def unit(X: NDArray[np.float64]) -> NDArray[np.float32]:
    return np.asarray(X / np.linalg.norm(X, axis=1, keepdims=True), np.float32)


def noisy(
    n: int = 3000, c: int = 20, share: float = 0.5, seed: int = 0
) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.bool_]]:
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, c, n)
    X = unit(rng.normal(size=(c, 48))[codes] + 2.2 * rng.normal(size=(n, 48)))
    wrong = rng.random(n) < share
    return X, np.where(wrong, rng.integers(0, c, n), codes), wrong


def test_the_fixed_part_knows_no_mask_and_no_order() -> None:
    X, _, _ = noisy()
    hashes = row_hashes(X)
    part = fixed_part(hashes)
    assert 0.17 < part.mean() < 0.23
    order = np.random.default_rng(1).permutation(len(X))
    assert (fixed_part(hashes[order]) == part[order]).all()
    assert (fixed_part(hashes, 1) != part).any()


def test_copies_are_on_one_side() -> None:
    X, codes, _ = noisy(400)
    of = np.r_[np.arange(400), np.arange(400)]
    judged = Validation(X, of, np.r_[codes, codes])
    assert (judged.judges[:400] == judged.judges[400:]).all()
    assert not (judged.judges & judged.teachers).any()


def test_it_rises_when_wrong_rows_go_and_not_by_chance() -> None:
    X, codes, wrong = noisy()
    everyone = np.ones(len(X), bool)
    judged = Validation(X, np.arange(len(X)), codes)
    judges = ~wrong
    before, after = judged.score(everyone, judges), judged.score(~wrong, judges)
    assert before is not None and after is not None and after.accuracy > before.accuracy + 2 * before.error
    chance = judged.at_random(int((judged.teachers & ~wrong).sum()), judges)
    assert chance is not None and chance < before.accuracy + before.error


def test_it_is_a_ridge_on_the_kept_teachers() -> None:
    from sklearn.linear_model import Ridge

    X, codes, wrong = noisy(800, 6)
    keep = ~wrong
    keep[:3] = True
    judged = Validation(X, np.arange(800), codes)
    for mask in (keep, np.arange(800) % 3 == 0):  # corrected by what went, and made of what stayed
        scored = judged.score(mask, mask)
        assert scored is not None
        taught, asked = judged.teachers & mask, judged.judges & mask
        model = Ridge(alpha=0.1).fit(X[taught].astype(float), np.eye(6)[codes[taught]])
        assert (scored.right == (model.predict(X[asked].astype(float)).argmax(1) == codes[asked])).mean() > 0.99


def test_rows_without_label_or_vector_take_no_part() -> None:
    X, codes, _ = noisy(900, 6)
    of = np.arange(900)
    codes[:100], of[100:200] = -1, -1
    judged = Validation(X, of, codes)
    assert not (judged.judges | judged.teachers)[:200].any()
    assert accuracy(X, of, codes, np.ones(900, bool)) is not None


def test_too_few_rows_or_labels_give_none() -> None:
    X, codes, _ = noisy(100)
    assert accuracy(X, np.arange(100), codes, np.ones(100, bool)) is None
    X, codes, _ = noisy(1000)
    assert accuracy(X, np.arange(1000), np.zeros(1000, int), np.ones(1000, bool)) is None
    assert accuracy(X, np.arange(1000), np.arange(1000), np.ones(1000, bool)) is not None


def scored(*right: NDArray[np.bool_]) -> list[Scored]:
    return [Scored(float(one.mean()), 0.01, one) for one in right]


def test_the_verdict() -> None:
    rng = np.random.default_rng(0)
    low, high = rng.random(2000) < 0.7, rng.random(2000) < 0.9
    same = high.copy()
    same[0] ^= True
    assert verdict([], []) == (None, "")
    best, why = verdict([1, 2, 3], scored(low, high, same))
    assert best in (2, 3) and "no longer pay" in why and "within the error" not in why
    best, why = verdict([1, 2, 3], scored(low, low, high))
    assert best == 3 and "no longer pay" not in why
    few = np.arange(111)
    gains = [few >= 30, few >= 28, few >= 25]
    best, why = verdict([1, 2, 3], scored(*gains))
    assert (
        best == 3
        and "no longer pay" not in why
        and why.endswith("the 111 rows that judge are too few to tell whether more rounds pay.")
    )
    best, why = verdict([1, 2, 3], scored(few >= 30, few >= 25, few >= 25))
    assert "too few to tell" in why, "none of 111 differs, and one in a hundred may"
    best, why = verdict([1, 2], scored(high, low))
    assert best == 1 and "below it" in why and "No round beats round 1" in why


def test_it_hears_a_cancel() -> None:
    class Stop:
        def report(self, *_: object) -> None: ...

        def check(self) -> None:
            raise Cancelled("stopped")

    X, codes, _ = noisy(900)
    with pytest.raises(Cancelled):
        Validation(X, np.arange(900), codes).score(np.ones(900, bool), np.ones(900, bool), Stop())
