"""Values as codes, as keys to sort by, and as they are told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elute.widget.codes import MISSING, MOST, STEPS, Categories, Numbers, flags, reach

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
