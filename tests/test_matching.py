"""Words and patterns, and the time that a pattern may take."""

from __future__ import annotations

import signal
import threading
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elute.errors import InputError
from elute.widget.matching import EVERY, matching

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


def test_in_another_thread_the_clock_is_looked_at_between_texts() -> None:
    told: list[str] = []

    def search() -> None:
        try:
            matching(["a" * 18 + "b"] * 20 * EVERY, "(a+)+$", regex=True, limit=0.2)
        except InputError as no:
            told.append(str(no))

    thread = threading.Thread(target=search)
    begun = time.monotonic()
    thread.start()
    thread.join(60)
    assert "takes too long" in told[0] and time.monotonic() - begun < 30
