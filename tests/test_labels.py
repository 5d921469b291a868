"""Label issues: flips are found, clean sets stay as they are, foreign rows are no label issues."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from elute.errors import Cancelled
from elute.findings.labels import LabelIssues, better_label_issues, label_issues
from elute.linear import ridge, softmax_regression
from elute.neighbors import Neighbors, nearest

Pass = Callable[..., LabelIssues]
both = pytest.mark.parametrize("judge", [label_issues, better_label_issues])


def unit(X: NDArray[np.float64]) -> NDArray[np.float32]:
    return np.asarray(X / np.linalg.norm(X, axis=1, keepdims=True), np.float32)


def classes(n: int = 800, c: int = 12, seed: int = 0) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, c, n)
    return unit(rng.normal(size=(c, 24))[codes] + 0.5 * rng.normal(size=(n, 24))), codes.astype(np.int32)


def flipped(codes: NDArray[np.int32], share: float = 0.05, seed: int = 0) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    rng = np.random.default_rng(seed)
    c, which = int(codes.max()) + 1, np.zeros(len(codes), bool)
    which[rng.choice(len(codes), round(share * len(codes)), replace=False)] = True
    return np.where(which, (codes + rng.integers(1, c, len(codes))) % c, codes).astype(np.int32), which


def judged(judge: Pass, X: NDArray[np.float32], codes: NDArray[np.int32]) -> LabelIssues:
    return judge(X, np.arange(len(X)), codes, nearest(X, 10), classes=int(codes.max()) + 1)


@both
def test_flips_are_found_with_the_label_the_data_would_give(judge: Pass) -> None:
    X, true = classes()
    given, which = flipped(true)
    found = judged(judge, X, given)
    assert which[found.flag].mean() > 0.9 and found.flag[which].mean() > 0.75
    assert (found.suggested[found.flag & which] == true[found.flag & which]).all()
    assert found.score[which].min() > np.median(found.score)


def test_beyond_fifteen_percent_nothing_is_flagged_and_what_was_named_is_known() -> None:
    X, true = classes()
    few, _ = flipped(true)
    assert not judged(label_issues, X, few).held.any()
    given, which = flipped(true, 0.28)
    found = judged(label_issues, X, given)
    assert not found.flag.any() and found.held.mean() > 0.15 and which[found.held].mean() > 0.9


@both
def test_a_clean_set_is_left_alone(judge: Pass) -> None:
    X, codes = classes()
    found = judged(judge, X, codes)
    assert found.flag.mean() <= 0.01 and (found.suggested == codes).mean() > 0.95


@both
def test_foreign_rows_with_labels_by_chance_are_no_label_issues(judge: Pass) -> None:
    X, codes = classes()
    rng = np.random.default_rng(4)
    far = unit(6 * rng.normal(size=24) + rng.normal(size=(150, 24)))
    found = judged(judge, np.vstack([X, far]), np.r_[codes, rng.integers(0, 12, 150)].astype(np.int32))
    assert found.flag[len(X) :].mean() <= 0.02


@both
def test_a_habit_of_confusion_is_no_error(judge: Pass) -> None:
    X, codes = classes(1600)
    given = codes.copy()
    given[np.flatnonzero(codes == 0)[:25]] = 1  # one label is always taken for the same other one
    scattered, which = flipped(codes, 0.02)
    given[which] = scattered[which]
    found = judged(judge, X, given)
    assert not found.flag[np.flatnonzero(codes == 0)[:25]][~which[np.flatnonzero(codes == 0)[:25]]].any()
    assert found.flag[which].mean() > 0.6


@both
def test_rows_without_a_label_and_rare_labels_are_never_flagged(judge: Pass) -> None:
    X, true = classes()
    given, which = flipped(true)
    given[::7] = -1
    given[3] = 12  # a label of one row
    found = judged(judge, X, given)
    assert not found.flag[::7].any() and (found.score[::7] == 0).all() and np.isnan(found.probability[::7]).all()
    assert not found.flag[3]
    assert found.flag[which & (given >= 0)].mean() > 0.6


@both
def test_of_ten_neighbours_six_must_agree_though_others_have_no_label(judge: Pass) -> None:
    rng = np.random.default_rng(0)
    true = np.repeat(np.arange(3), 120)
    X = unit(rng.normal(size=(3, 32))[true] + 0.5 * rng.normal(size=(360, 32)))
    row, graph = 123, nearest(X, 15)
    near = graph.indices[row, :10]
    for agreeing, flagged in ((3, False), (5, False), (6, True)):
        codes = true.astype(np.int32)
        codes[row] = 0
        codes[near] = -1
        codes[near[:agreeing]] = 1
        found = judge(X, np.arange(360), codes, graph, classes=3)
        assert found.flag[row] == flagged and found.suggested[row] == 1


@pytest.mark.parametrize("codes", [np.full(60, -1), np.zeros(60), np.arange(60), np.r_[-1, np.arange(59)]])
@both
def test_labels_that_say_nothing(judge: Pass, codes: NDArray[np.int64]) -> None:
    X, _ = classes(60)
    found = judge(X, np.arange(60), codes.astype(np.int32), nearest(X, 10), classes=max(int(codes.max()) + 1, 1))
    assert not found.flag.any() and np.isfinite(found.score).all()


def test_two_rows_and_none() -> None:
    X, codes = classes(2)
    assert not label_issues(X, np.arange(2), np.array([0, 1]), nearest(X, 10), classes=2).flag.any()
    nobody = Neighbors(np.empty((0, 0), np.int32), np.empty((0, 0), np.float32))
    assert len(label_issues(X[:0], np.arange(0), codes[:0], nobody, classes=0).flag) == 0


def test_labels_by_chance_flag_nothing() -> None:
    X, _ = classes()
    found = judged(label_issues, X, np.random.default_rng(0).integers(0, 12, len(X)).astype(np.int32))
    assert found.flag.mean() < 0.02


def test_copies_do_not_vouch_for_one_another() -> None:
    X, true = classes()
    given = true.copy()
    given[0] = (true[0] + 1) % 12
    of = np.r_[np.arange(len(X)), np.zeros(12, int)]  # twelve more copies of row 0, with the same wrong label
    found = label_issues(X, of, np.r_[given, np.full(12, given[0])].astype(np.int32), nearest(X, 10), classes=12)
    assert found.flag[0] and found.flag[len(X) :].all() and found.suggested[0] == true[0]


def test_copies_with_different_labels_are_judged_each() -> None:
    X, true = classes()
    of = np.r_[np.arange(len(X)), 0]
    wrong = (true[0] + 1) % 12
    found = label_issues(X, of, np.r_[true, wrong].astype(np.int32), nearest(X, 10), classes=12)
    assert not found.flag[0] and found.flag[-1]


def test_many_labels_ask_neighbours_only(monkeypatch: pytest.MonkeyPatch) -> None:
    from elute.findings import labels

    monkeypatch.setattr(labels, "MANY", 5)
    monkeypatch.setattr(labels, "ridge", None)
    X, true = classes()
    given, which = flipped(true)
    found = judged(label_issues, X, given)
    assert which[found.flag].mean() > 0.9 and found.flag[which].mean() > 0.6


def test_ridge_leaves_each_row_out_exactly() -> None:
    X, codes = classes(120, 4)
    whole = ridge(X, codes, 4)
    said = whole.predict(0, 120)
    for row in (0, 17, 119):
        others = np.arange(120) != row
        alone = ridge(X[others], codes[others], 4)
        np.testing.assert_allclose((X[row] - alone.mean) @ alone.coefficients + alone.intercept, said[row], atol=1e-4)


def test_rows_without_a_class_are_predicted_by_the_others() -> None:
    X, codes = classes(120, 4)
    some = codes.copy()
    some[:20] = -1
    fit, alone = ridge(X, some, 4), ridge(X[20:], codes[20:], 4)
    np.testing.assert_allclose(fit.predict(0, 20), (X[:20] - alone.mean) @ alone.coefficients + alone.intercept, atol=1e-4)


def test_logistic_regression_is_that_of_scikit_learn() -> None:
    from sklearn.linear_model import LogisticRegression

    X, codes = classes(400, 5)
    weights = np.random.default_rng(0).uniform(0.5, 2, 400)
    ours = softmax_regression(X, codes, 5, C=1.0, weights=weights, steps=200).probabilities(X)
    theirs = LogisticRegression(C=1.0, max_iter=2000, tol=1e-8).fit(X, codes, weights).predict_proba(X)
    np.testing.assert_allclose(ours, theirs, atol=5e-3)


@both
def test_it_hears_a_cancel(judge: Pass) -> None:
    class Stop:
        def report(self, *_: object) -> None: ...

        def check(self) -> None:
            raise Cancelled("stopped")

    X, codes = classes(100)
    with pytest.raises(Cancelled):
        judge(X, np.arange(100), codes, nearest(X, 10), classes=12, progress=Stop())
