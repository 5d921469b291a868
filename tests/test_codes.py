"""Values as codes, as keys to sort by, and as they are told."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elute.widget.codes import DAY, MISSING, MOST, STEPS, YEAR, Categories, Codes, Numbers, flags, reach
from elute.widget.columns import _times

FLOATS = st.floats(allow_nan=True, allow_infinity=True)


@given(st.lists(FLOATS, max_size=60))
def test_numbers_come_back_within_half_a_step(values: list[float]) -> None:
    numbers = np.array(values, np.float64)
    made = Numbers(numbers).codes()
    assert made.codes.dtype == np.uint16 and made.categories is None and np.isfinite([made.lo, made.hi]).all()
    np.testing.assert_array_equal(made.codes == MISSING, np.isnan(numbers))
    known = ~np.isnan(numbers)
    inside = np.clip(numbers[known], made.lo, made.hi)
    # a weighted mean, since hi - lo may be too large for a float
    part = made.codes[known] / STEPS
    back = made.lo * (1 - part) + made.hi * part
    step = made.hi / STEPS - made.lo / STEPS
    assert (np.abs(back - inside) <= 0.5001 * step + 1e-9 * np.abs(inside) + 1e-300).all()


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=60))
def test_a_larger_number_never_has_a_smaller_code(values: list[float]) -> None:
    numbers = np.array(values)
    codes = Numbers(numbers).codes().codes[np.argsort(numbers)]
    assert (np.diff(codes.astype(int)) >= 0).all()


def thresholds(made: Codes) -> list[float]:
    """All that the page may write, computed as it does: the first, the last, and some between."""
    grid = made.grid
    assert grid is not None
    if grid.time:
        first, last = ((end - 1970) * YEAR * DAY / grid.unit for end in (made.lo, made.hi))
    else:
        first, last = (end / grid.unit * grid.per for end in (made.lo, made.hi))
    some = {math.floor(first), math.floor(first) + 1, math.ceil(last), math.floor(last)}
    some |= {math.floor(first + (last - first) * part / 9) for part in range(10)}
    told = [1970 + at * grid.unit / DAY / YEAR if grid.time else at * grid.unit / grid.per for at in sorted(some)]
    return [one for one in told if made.lo < one <= made.hi]


def reaching(made: Codes, threshold: float) -> list[bool]:
    """Which rows the page takes with a threshold."""
    span = made.hi / 2 - made.lo / 2
    code = math.floor(min(1, max(0, (threshold / 2 - made.lo / 2) / span)) * STEPS + 0.5)
    assert made.under is not None
    return [
        bool(one != MISSING and (one > code or (one == code and not low)))
        for one, low in zip(made.codes, made.under, strict=True)
    ]


@given(
    st.lists(st.one_of(FLOATS, st.floats(0, 1), st.integers(-50, 50).map(float), st.integers(0, 10**7).map(float)), max_size=60)
)
def test_a_threshold_takes_the_rows_that_reach_it(values: list[float]) -> None:
    numbers = np.array(values, np.float64)
    made = Numbers(numbers).codes()
    if made.grid is not None:
        for threshold in thresholds(made):
            assert reaching(made, threshold) == [bool(value >= threshold) for value in values]


@pytest.mark.parametrize("count", [300_000])
def test_a_threshold_takes_the_rows_that_reach_it_where_rows_are_dense(count: int) -> None:
    rng = np.random.default_rng(0)
    for numbers in (rng.normal(size=count), rng.integers(0, 10**6, count).astype(float), np.round(rng.random(count), 3)):
        made = Numbers(numbers).codes()
        some = thresholds(made)
        assert len(some) > 5 and made.under is not None
        for threshold in some[:8]:
            code = math.floor((threshold - made.lo) / (made.hi - made.lo) * STEPS + 0.5)
            np.testing.assert_array_equal((made.codes > code) | ((made.codes == code) & ~made.under), numbers >= threshold)


def test_thresholds_are_what_one_writes() -> None:
    def grid(*values: float) -> tuple[float, float]:
        made = Numbers(np.array(values, np.float64)).codes().grid
        assert made is not None
        return made.unit, made.per

    assert grid(1990, 2024) == grid(1, 5) == (1, 1), "whole numbers"
    assert grid(10, 9000) == (10, 1) and grid(0, 0.5, 1) == (1, 1000) and grid(0.5, 1e-7) == (1, 1000)
    assert Numbers(np.ones(4)).codes().grid is None is Numbers(np.full(2, np.nan)).codes().grid
    cut = Numbers(np.r_[np.arange(1, 99), 250_000, np.inf]).codes()
    assert cut.grid is not None and (cut.hi, cut.grid.beyond) == (98, (False, True))
    assert not any(reaching(cut, 98)[:97]) and reaching(cut, 98)[97:] == [True] * 3
    days = _times(np.arange("2021-01-01", "2026-06-01", 50, dtype="datetime64[D]")).codes()
    assert days.grid is not None and days.grid.time and days.grid.unit == DAY
    moments = np.array(["2024-05-01T23:59:59", "2024-05-02", "2024-05-02T00:00:01", "NaT", "2020-01-01"], "datetime64[us]")
    made = _times(moments).codes()
    day = int(np.datetime64("2024-05-02", "us").astype(np.int64))
    assert made.grid is not None and day % made.grid.unit == 0
    assert reaching(made, 1970 + day / DAY / YEAR) == [False, True, True, False, False]


def test_an_outlier_does_not_take_all_colours() -> None:
    numbers = np.r_[np.linspace(0, 1, 1000), 1e6, -1e6, np.inf, np.nan]
    made = Numbers(numbers).codes()
    assert -0.1 < made.lo <= 0.02 and 0.98 <= made.hi < 1.1
    assert made.codes[-4:].tolist() == [STEPS, 0, STEPS, MISSING]
    assert reach(np.linspace(0, 1, 1000)) == (0.0, 1.0), "what is no outlier is not cut off"
    assert reach(np.r_[np.zeros(990), np.arange(10)]) == (0.0, 9.0)
    assert reach(np.array([np.nan, np.inf])) == (0.0, 0.0) == reach(np.empty(0))


@given(st.lists(st.integers(-1, 8), max_size=80))
def test_categories_come_back_the_most_frequent_first(which: list[int]) -> None:
    names = [f"name {at}" for at in range(9)]
    made = Categories(names, np.array(which, np.int32)).codes()
    assert made.categories is not None
    back = [None if code == MISSING else made.categories[code][0] for code in made.codes.tolist()]
    assert back == [None if at < 0 else names[at] for at in which]
    counts = [count for _, count in made.categories]
    assert counts == sorted(counts, reverse=True) and sum(counts) == sum(at >= 0 for at in which) and 0 not in counts
    assert made.others == 0


@pytest.mark.parametrize("different", [MOST, MOST + 1, 5000])
def test_rare_categories_share_the_last_code(different: int) -> None:
    which = np.repeat(np.arange(different), 2).astype(np.int32)
    which = np.r_[which, which[: 2 * 50]]  # the first fifty are more frequent
    made = Categories([str(at) for at in range(different)], which).codes()
    assert made.categories is not None
    if different == MOST:
        assert len(made.categories) == MOST and made.others == 0
    else:
        assert len(made.categories) == MOST + 1 and made.others == different - MOST
        assert made.categories[-1] == (f"{different - MOST:,} others", 2 * (different - MOST))
        assert int(made.codes.max()) == MOST and (np.bincount(made.codes)[-1]) == 2 * (different - MOST)
    assert {name for name, _ in made.categories[:50]} == {str(at) for at in range(50)}


def test_names_sort_without_regard_to_case_and_missing_ones_have_no_place() -> None:
    made = Categories(["b", "A", "c"], np.array([0, 1, 2, -1, 0], np.int32))
    assert np.argsort(made.key, kind="stable").tolist() == [1, 0, 4, 2, 3]
    assert made.told(np.array([3, 1])) == [None, "A"]


def test_flags_say_yes_and_no() -> None:
    made = flags(np.array([True, False, False]), np.array([True, True, False]))
    assert made.told(np.arange(3)) == ["yes", "no", None]
    assert made.codes().categories == [("no", 1), ("yes", 1)]


def test_numbers_are_told_as_a_person_writes_them() -> None:
    made = Numbers(np.array([0.1 + 0.2, 3.0, np.nan, -np.inf, 1e300, 123456.78901]))
    assert made.told(np.arange(6)) == [0.3, 3, None, None, 1e300, 123456.789]
    large = np.array([2**53 + 1, 7, -(2**60)])
    assert Numbers(large.astype(float), large).told(np.arange(3)) == ["9007199254740993", 7, "-1152921504606846976"]
    moments = np.array(["2026-01-02", "2026-01-02T03:04:05", "NaT"], "datetime64[us]")
    assert Numbers(np.zeros(3), moments).told(np.arange(3)) == ["2026-01-02", "2026-01-02 03:04:05", None]
