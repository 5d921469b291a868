"""Numbers and names of clusters follow the rows, not the run."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from elute.analyze.naming import lasting_names, renamed
from elute.decisions import Decision
from elute.rounds.continuity import continue_labels

PAIRS = st.lists(st.tuples(st.integers(-1, 5), st.integers(-2, 9)), min_size=1, max_size=60)


def parts(labels: np.ndarray) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(labels == label).tolist()) for label in np.unique(labels) if label >= 0}


@settings(deadline=None)  # the first one waits for an import
@given(PAIRS)
def test_the_clusters_stay_the_same_and_noise_stays_noise(pairs: list[tuple[int, int]]) -> None:
    labels, before = (np.array(column, np.int32) for column in zip(*pairs, strict=True))
    now = continue_labels(labels, before)
    assert parts(now) == parts(labels) and now.dtype == labels.dtype
    np.testing.assert_array_equal(now[labels < 0], labels[labels < 0])


@settings(deadline=None)
@given(PAIRS)
def test_a_number_is_old_only_where_a_row_bore_it(pairs: list[tuple[int, int]]) -> None:
    labels, before = (np.array(column, np.int32) for column in zip(*pairs, strict=True))
    now = continue_labels(labels, before)
    old = set(before[before >= 0].tolist())
    for number in set(now[now >= 0].tolist()) & old if old else ():
        assert ((now == number) & (before == number)).any()


@settings(deadline=None)
@given(st.lists(st.integers(-1, 5), min_size=1, max_size=40), st.permutations(range(6)))
def test_the_same_clusters_under_other_numbers_get_theirs_back(before: list[int], other: list[int]) -> None:
    was = np.array(before, np.int32)
    shuffled = np.where(was >= 0, np.array(other)[was], -1).astype(np.int32)
    np.testing.assert_array_equal(continue_labels(shuffled, was), was)


def test_as_many_rows_as_possible_keep_their_number() -> None:
    # the larger half of a split cluster goes on; the other one gets a number that none had
    assert continue_labels(np.array([0, 0, 1, 1, 1]), np.array([4, 4, 4, 4, 4])).tolist() == [5, 5, 4, 4, 4]
    # of two that were merged, the one that gave more rows goes on
    assert continue_labels(np.array([0, 0, 0]), np.array([2, 7, 7])).tolist() == [7, 7, 7]


@settings(deadline=None)
@given(PAIRS)
def test_no_other_assignment_keeps_more_rows(pairs: list[tuple[int, int]]) -> None:
    labels, before = (np.array(column, np.int32) for column in zip(*pairs, strict=True))
    overlap = np.zeros((6, 10), int)
    both = (labels >= 0) & (before >= 0)
    np.add.at(overlap, (labels[both], before[both]), 1)
    kept = (continue_labels(labels, before) == before) & both
    assert kept.sum() == overlap[linear_sum_assignment(overlap, maximize=True)].sum()


def test_what_it_takes_grows_with_rows_and_not_with_clusters_squared() -> None:
    before = np.repeat(np.arange(6_000, dtype=np.int32), 4)
    labels = before[::-1].copy()
    labels[::4] = -1
    tracemalloc.start()
    now = continue_labels(labels, before[::-1].copy())
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    np.testing.assert_array_equal(now, labels)
    assert most < 20e6  # a count of every pair takes 288 MB, and the same again to match them


@pytest.mark.parametrize("before", [[-1, -1, -1], [-2, -2, -2]])
def test_after_nothing_but_noise_numbers_begin_anew(before: list[int]) -> None:
    assert continue_labels(np.array([0, 1, -1]), np.array(before)).tolist() == [0, 1, -1]


@settings(deadline=None)
@given(PAIRS)
def test_numbers_with_wide_gaps_are_matched_like_others(pairs: list[tuple[int, int]]) -> None:
    labels, before = (np.array(column, np.int32) for column in zip(*pairs, strict=True))
    wide = np.where(before >= 0, before * 100_000 + 7, before)
    now, then = continue_labels(labels, before), continue_labels(labels, wide)
    kept = np.isin(now, before[before >= 0])
    np.testing.assert_array_equal(then[kept], np.where(now[kept] >= 0, now[kept] * 100_000 + 7, now[kept]))
    assert parts(then) == parts(labels)


def test_a_name_lasts_while_most_rows_had_it() -> None:
    before, now = np.array([0, 0, 1, 1, -1, -1]), np.array([0, 0, 1, -2, 1, -1])
    names = {0: "cards", 1: "cats", 2: "gone", -1: "noise"}
    assert lasting_names(before, names, now) == {0: "cards"}  # half of cluster 1 is new


def name(name: str, rows: range | np.ndarray, size: int | None = None) -> Decision:
    """What a person called a cluster of ``size`` rows, of which these are noted."""
    told = {"name": name, "cluster": 0} | ({} if size is None else {"size": size})
    return Decision(name, "rename", np.asarray(rows, np.uint64), data=told)


def named_now(renames: list[Decision], labels: np.ndarray) -> tuple[dict[int, str], dict[int, str]]:
    def locate(ids: np.ndarray) -> tuple[np.ndarray, int]:
        return np.isin(np.arange(len(labels)), ids), 0

    found = renamed(renames, labels.astype(np.int32), locate)
    return found.names, found.held


@pytest.mark.parametrize(
    "size", [13, None]
)  # journals of earlier versions note no size: of fewer than 50 rows it is known all the same
def test_a_name_given_to_a_few_rows_is_not_that_of_a_large_cluster_they_fell_into(size: int | None) -> None:
    labels = np.repeat([0, 1], [714, 200])
    names, held = named_now([name("Wikipedia: drop", range(13), size)], labels)
    assert names == {} and held == {0: "Holds “Wikipedia: drop” (13 of 714 rows)."}
    assert named_now([name("Wikipedia: drop", range(13), size)], np.repeat([0, 1], [26, 200])) == ({0: "Wikipedia: drop"}, {})


def test_a_large_name_goes_on_by_the_rows_that_were_noted_of_it() -> None:
    typical = np.arange(0, 400, 8)
    assert named_now([name("cards", typical, 400)], np.repeat([0, 1], [400, 500]))[0] == {0: "cards"}
    assert named_now([name("cards", typical, 400)], np.repeat([0, 1], [700, 200]))[0] == {0: "cards"}
    assert named_now([name("cards", typical, 400)], np.repeat([0, 1], [900, 9])) == (
        {},
        {0: "Holds “cards” (about 400 of 900 rows)."},
    )
    assert named_now([name("cards", typical)], np.repeat([0, 1], [900, 9]))[0] == {0: "cards"}, "of an earlier version: as it did"
    assert named_now([name("cards", typical, 400)], np.repeat([0, 1, 2], [150, 150, 200])) == ({}, {}), "it fell apart"
    dropped = np.where(np.arange(900) % 3, -2, np.repeat([0, 1], [400, 500]))
    assert named_now([name("cards", typical, 400)], dropped)[0] == {0: "cards"}


def test_of_two_names_that_meet_the_one_of_most_of_the_rows_stays() -> None:
    both = [name("keep: friends", range(23)), name("DROP: adverts", range(23, 29))]
    for order in (both, both[::-1]):
        assert named_now(order, np.zeros(29)) == ({0: "keep: friends"}, {0: "Holds “DROP: adverts” (6 of 29 rows)."})


def test_another_name_for_the_same_rows_replaces_it_and_another_level_has_its_own() -> None:
    again = [name("cards", range(30)), name("payments", range(30))]
    assert named_now(again, np.zeros(40)) == ({0: "payments"}, {})
    assert named_now(again, np.zeros(400))[1] == {0: "Holds “payments” (30 of 400 rows)."}
    levels = [name("Wikipedia", range(13)), name("mixed", range(25))]
    assert named_now(levels, np.repeat([0, 1, 2], [13, 12, 100]))[0] == {0: "Wikipedia"}
    assert named_now(levels, np.repeat([0, 2], [25, 100])) == ({0: "mixed"}, {})
