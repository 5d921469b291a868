"""What nobody waits for: it runs after a round, changes what is shown, and gives way at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pages import Page, table

import elute
from elute.findings.labels import LabelIssues
from elute.progress import Progress
from elute.session import closerlook


def test_a_closer_look_at_the_labels_replaces_the_findings(open_page: Callable[..., Page]) -> None:
    page = open_page(table(60))
    page.widget.start()
    assert page.widget.wait(60)
    made = page.widget.session.round
    assert np.isfinite(made.findings["label_probability"].to_numpy(float)).all()
    assert page.widget.session.known_round() is page.widget.session.current
    assert not page.widget.status["busy"] and page.widget.status["error"] == ""
    assert not any(status["stage"] in ("labels", "accuracy") for status in page.statuses)


def test_accuracy_is_measured_after_each_round(open_page: Callable[..., Page]) -> None:
    page = open_page(table(200))
    page.widget.start()
    assert page.widget.wait(60)
    first, _ = page.ask("accuracy")
    assert [row["round"] for row in first["course"]] == [1] and first["best"] == 1 and not first["pending"]
    rows = np.zeros(600, bool)
    rows[::9] = True
    page.widget.drop(rows)
    assert page.widget.wait(60)
    then, _ = page.ask("accuracy")
    assert [row["round"] for row in then["course"]] == [1, 2] and then["why"]
    assert then["course"][0]["random"] is None and then["course"][1]["random"] is not None
    assert then["course"][1]["kept"] == 600 - rows.sum()
    assert 0.5 < then["course"][1]["accuracy"] <= 1 and 0 < then["course"][1]["error"] < 0.2


def test_without_labels_it_says_so(open_page: Callable[..., Page]) -> None:
    page = open_page(table().drop(columns="topic"))
    page.widget.start()
    assert page.widget.wait(60)
    told, _ = page.ask("accuracy")
    assert told["course"] == [] and not told["pending"] and "no labels" in told["why"]


def test_a_decision_does_not_wait_for_it(open_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch) -> None:
    looking, gave = threading.Event(), threading.Event()
    better = closerlook.better_label_issues

    def slow(*args: Any, progress: Progress, **how: Any) -> LabelIssues:
        looking.set()
        for _ in range(2000):
            try:
                progress.check()
            except BaseException:
                gave.set()
                raise
            if gave.is_set():
                break
            time.sleep(0.01)
        return better(*args, progress=progress, **how)

    monkeypatch.setattr(closerlook, "better_label_issues", slow)
    page = open_page(table(60))
    page.widget.start()
    assert looking.wait(30)
    page.widget.drop(np.arange(180) < 10)
    assert gave.wait(5)
    assert page.widget.wait(60)
    made = page.widget.session.round
    assert made.keep.sum() == 170 and np.isfinite(made.findings["label_probability"].to_numpy(float)[10:]).all()


def test_what_breaks_there_is_said_once_and_the_round_stays(
    open_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def broken(*args: Any, **how: Any) -> LabelIssues:
        calls.append(1)
        raise ValueError("no")

    monkeypatch.setattr(closerlook, "better_label_issues", broken)
    page = open_page(table(60))
    page.widget.start()
    assert page.widget.wait(60)
    assert len(calls) == 1 and "The closer look at the labels" in page.widget.status["error"]
    assert page.widget.session.round.keep.all()
    assert "ValueError" in page.widget.status["error"]


def test_accuracy_by_round_ends_where_the_session_stands() -> None:
    session = elute.Session(table(200), "text", "topic", embedder="tfidf", clusterer=elute.KMeans(3), projector="pca")
    session.run()
    for gone in ([0, 1], np.arange(600) % 3 == 1):
        session.drop(gone)
        session.run()
    assert [row["round"] for row in session.measure_accuracy().rows] == [1, 2, 3]
    session.undo()
    session.run()
    assert session.accuracy_course()[3], "another course than the one that was measured"
    course = session.measure_accuracy()
    assert [row["round"] for row in course.rows] == [1, 2] and "ound 3" not in course.why and not session.accuracy_course()[3]
    session.restore([0, 1])
    session.run()
    assert [row["round"] for row in session.measure_accuracy().rows] == [1], "come back to, though nothing was undone"


def test_a_session_does_both_by_hand() -> None:
    session = elute.Session(table(200), "text", "topic", embedder="tfidf", clusterer=elute.KMeans(3), projector="pca")
    session.run()
    assert session.accuracy_course()[3]
    assert session.judge_labels()
    course = session.measure_accuracy()
    assert course.best == 1 and session.accuracy_course() == (list(course.rows), 1, course.why, False)
    session.drop(np.arange(600) < 30)
    assert not session.judge_labels()  # its round is not there yet
    assert session.accuracy_course()[3]
