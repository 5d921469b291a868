"""While elute works on a thread, the main thread of the kernel has its turn: a cell, a cancel, a lasso."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import pytest

from elute.errors import InputError

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))
from heartbeat import Stages, beats, longest_gap, steps

FROZEN = 0.25
"""Seconds. Elute's own bound is 0.1, held in bench/; here the machine may be busy, so only a real freeze fails."""


def test_a_freeze_is_found_with_its_stage_and_line() -> None:
    def work(progress: Stages) -> str:
        progress.report("before", 1, 5, "epoch 3")
        time.sleep(0.1)
        progress.report("frozen", 2, 5, "layout 3D of 2")
        sum(range(30_000_000))  # one call into C, which gives nothing back until it has ended
        progress.report("after")
        time.sleep(0.1)
        return "done"

    found = beats(work)
    assert found.result == "done" and found.longest.seconds > 0.05 and found.longest.stage == "frozen: layout of"
    assert found.longest in found.late and "test_heartbeat.py" in found.longest.where


def test_work_without_the_gil_is_no_freeze() -> None:
    X = np.random.default_rng(0).normal(size=(1000, 1000))
    seconds, stage = longest_gap(lambda progress: (progress.report("product"), [X @ X for _ in range(10)]), times=3)
    assert seconds < FROZEN and stage in ("start", "product")


def test_what_the_work_raises_is_raised() -> None:
    def work(progress: Stages) -> None:
        raise InputError("No row is left.")

    with pytest.raises(InputError):
        beats(work)


def test_no_step_freezes_the_main_thread(tmp_path: Path) -> None:
    frozen: dict[str, list[tuple[float, str, str]]] = {}
    for attempt in range(3):
        now = {name: beats(work).longest for name, work in steps(5000, tmp_path / str(attempt))}
        late = {name: gap for name, gap in now.items() if gap.seconds > FROZEN}
        # a freeze comes back each time; another program's noise, and a first import, do not
        frozen = {name: [*frozen.get(name, []), (gap.seconds, gap.stage, gap.where)] for name, gap in late.items()}
        if not frozen:
            break
    assert not [gaps for gaps in frozen.values() if len(gaps) == 3], frozen
