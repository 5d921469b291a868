"""Words and patterns, and the time that a pattern may take."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elute.errors import InputError
from elute.widget.matching import EVERY, LIMIT, STUCK, matching

TEXTS = ["A cat", "dog", None, "Straße", "cat\ndog", ""]


def test_words_and_patterns_know_no_case() -> None:
    assert matching(TEXTS, "CAT").tolist() == [True, False, False, False, True, False]
    assert matching(TEXTS, "STRASSE").tolist() == [False, False, False, True, False, False]
    assert matching(TEXTS, "^(a|D)", regex=True).tolist() == [True, True, False, False, False, False]
    assert matching(TEXTS, "").tolist() == [True, True, False, True, True, True]
    only = np.array([False, True, True, True, True, True])
    assert matching(TEXTS, "cat", among=only).tolist() == [False, False, False, False, True, False]


@given(st.lists(st.one_of(st.none(), st.text(max_size=9)), max_size=30), st.text(max_size=3), st.integers(0, 2**30))
def test_asking_some_rows_is_asking_all_and_taking_some(texts: list[str | None], query: str, bits: int) -> None:
    among = np.array([bits >> row & 1 for row in range(len(texts))], bool)
    np.testing.assert_array_equal(matching(texts, query, among=among), matching(texts, query) & among)


@pytest.mark.parametrize("pattern", ["(", "[", "*", "(?P<a>", "a{99999999999}", "\\"])
def test_what_is_no_pattern_is_said_calmly(pattern: str) -> None:
    with pytest.raises(InputError, match="not a regular expression"):
        matching(TEXTS, pattern, regex=True)


def test_a_match_that_runs_away_is_stopped() -> None:
    before = signal.getsignal(signal.SIGALRM)
    begun = time.monotonic()
    with pytest.raises(InputError, match="takes too long"):
        matching(["a" * 50 + "b"], "(a+)+$", regex=True, stuck=0.3)
    assert time.monotonic() - begun < 3
    assert signal.getsignal(signal.SIGALRM) is before and signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_somebody_elses_alarm_still_comes() -> None:
    heard = threading.Event()
    before = signal.signal(signal.SIGALRM, lambda number, frame: heard.set())
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        assert matching(TEXTS, "cat", regex=True).sum() == 2
        time.sleep(0.5)
        assert heard.is_set()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def in_a_thread(
    texts: Sequence[str | None], pattern: str, limit: float = LIMIT, stuck: float = STUCK
) -> tuple[list[bool] | str, float]:
    """What came of it, and how long the main thread stood still meanwhile."""
    told: list[list[bool] | str] = []

    def search() -> None:
        try:
            told.append(matching(texts, pattern, regex=True, limit=limit, stuck=stuck).tolist())
        except InputError as no:
            told.append(str(no))

    thread, still = threading.Thread(target=search), 0.0
    thread.start()
    while thread.is_alive():
        begun = time.monotonic()
        time.sleep(0.01)
        still = max(still, time.monotonic() - begun)
    return told[0], still


def test_in_another_thread_a_match_that_runs_away_is_stopped_and_the_kernel_goes_on() -> None:
    told, still = in_a_thread(["a" * 50 + "b"], "(a+)+$", stuck=0.3)
    assert "takes too long" in told and still < 2
    told, still = in_a_thread(["a" * 18 + "b"] * 200 * EVERY, "(a+)+$", limit=3)
    assert "takes too long" in told and still < 2


def test_in_another_thread_the_same_is_found() -> None:
    texts = [*TEXTS, "lone \ud800", "\x00", "nothing"]
    for pattern in ("^(a|D)", "ca?t", r"\W+\ud800", ".*", "x*$", r"\x00+"):
        assert in_a_thread(texts, pattern)[0] == matching(texts, pattern, regex=True).tolist()
    assert in_a_thread([None, ""], "a*")[0] == [False, True]
    assert "not a regular expression" in in_a_thread(texts, "(a+")[0]
