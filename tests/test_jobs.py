"""One worker: the newest of a kind counts, a cancel takes hold, a job that breaks does not end it."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from types import ModuleType

import numpy as np
import pytest

from elute.errors import Cancelled, InputError
from elute.jobs import Job, Jobs, Status, time_slice


def test_jobs_run_one_after_the_other_and_the_newest_of_a_kind_counts() -> None:
    ran: list[str] = []
    gate = threading.Event()
    jobs = Jobs(lambda status: None)
    jobs.submit("first", lambda job: gate.wait(5))
    jobs.submit("run", lambda job: ran.append("old"))
    jobs.submit("other", lambda job: ran.append("other"))
    jobs.submit("run", lambda job: ran.append("new"))
    gate.set()
    assert jobs.wait(5)
    assert sorted(ran) == ["new", "other"]


def test_a_newer_job_stops_the_one_of_its_kind_that_runs() -> None:
    ended: list[str] = []
    started = threading.Event()

    def long(job: Job) -> None:
        started.set()
        for step in range(10_000):
            job.report("long", step, 10_000)
            time.sleep(0.001)
        ended.append("long")

    jobs = Jobs(lambda status: None)
    jobs.submit("run", long)
    started.wait(5)
    jobs.submit("run", lambda job: ended.append("short"))
    assert jobs.wait(5)
    assert ended == ["short"]


def test_cancel_takes_hold_at_the_next_report_and_says_idle() -> None:
    heard: list[Status] = []
    reports = [0]
    started = threading.Event()

    def long(job: Job) -> None:
        while True:
            job.report("long", 1, 2)
            reports[0] += 1
            started.set()
            time.sleep(0.005)

    jobs = Jobs(heard.append)
    jobs.submit("run", long)
    started.wait(5)
    assert jobs.busy
    assert jobs.cancel()
    before = reports[0]
    assert jobs.wait(5)
    assert reports[0] - before <= 1  # the one that was under way
    assert heard[-1] == Status()
    assert not jobs.cancel()


def test_a_job_that_breaks_is_said_and_the_next_runs() -> None:
    heard: list[Status] = []
    ran: list[int] = []
    jobs = Jobs(heard.append)
    jobs.submit("run", lambda job: 1 / 0)
    assert jobs.wait(5)
    assert "ZeroDivisionError" in heard[-1].error and not heard[-1].busy
    jobs.submit("run", lambda job: ran.append(1))
    assert jobs.wait(5) and ran == [1] and heard[-1] == Status()


def failing(problem: BaseException) -> Callable[[Job], None]:
    def work(job: Job) -> None:
        raise problem

    return work


def test_what_others_say_in_their_errors_is_kept_back() -> None:
    heard: list[Status] = []
    jobs = Jobs(heard.append)
    jobs.submit("run", failing(ValueError("could not read 'a private text'; key sk-123")))
    assert jobs.wait(5) and "ValueError" in heard[-1].error
    assert "private" not in heard[-1].error and "sk-123" not in heard[-1].error
    jobs.submit("run", failing(InputError("No row is left.")))
    assert jobs.wait(5) and heard[-1].error == "No row is left."


def test_an_error_outlives_the_jobs_of_other_kinds_behind_it() -> None:
    heard: list[Status] = []
    gate = threading.Event()
    jobs = Jobs(heard.append)
    jobs.submit("first", lambda job: gate.wait(5))
    jobs.submit("analyse", failing(InputError("It cost too much.")))
    jobs.submit("warm", lambda job: job.report("warm"))
    gate.set()
    assert jobs.wait(5) and heard[-1] == Status(error="It cost too much.")


def test_a_panic_and_a_listener_that_raises_leave_the_worker_usable() -> None:
    class PanicException(BaseException):
        """As libraries written in Rust raise it."""

    def tell(status: Status) -> None:
        raise LookupError("an observer of the person's own")

    ran: list[int] = []
    jobs = Jobs(tell)
    jobs.submit("run", failing(PanicException()))
    assert jobs.wait(5) and not jobs.busy
    jobs.submit("run", lambda job: ran.append(1))
    assert jobs.wait(5) and ran == [1]


def test_a_cancel_of_one_kind_leaves_the_others() -> None:
    ran: list[str] = []
    gate, started = threading.Event(), threading.Event()
    jobs = Jobs(lambda status: None)

    def first(job: Job) -> None:
        started.set()
        gate.wait(5)
        job.check()
        ran.append("run")

    jobs.submit("run", first)
    assert started.wait(5)
    jobs.submit("analyse", lambda job: ran.append("analyse"))
    jobs.submit("warm", lambda job: ran.append("warm"))
    assert jobs.cancel("analyse") and not jobs.cancel("explain")
    gate.set()
    assert jobs.wait(5) and ran == ["run", "warm"]


def test_the_last_that_is_heard_is_idle_even_where_a_cancel_meets_the_end_of_a_job() -> None:
    heard: list[Status] = []
    jobs = Jobs(lambda status: (heard.append(status), jobs.cancel()))  # the cancel of what waits arrives with each status
    jobs.submit("run", lambda job: jobs.submit("analyse", lambda job: None))
    assert jobs.wait(5) and not heard[-1].busy


def test_seconds_left_are_told_once_they_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Status] = []
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    job = Job("run", lambda job: None, heard.append)
    for done in range(4):
        now[0] = float(done)
        job.report("embed", done, 10)
    assert heard[0].seconds_left is None and [status.seconds_left for status in heard[1:]] == pytest.approx([9, 8, 7])


def test_seconds_left_follow_a_new_pace_without_a_jump(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Status] = []
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    job = Job("run", lambda job: None, heard.append)
    for second in range(100):
        now[0] = float(second)
        job.report("embed", 10 * second if second <= 20 else 200 + 30 * (second - 20), 10_000)
    left = [status.seconds_left for status in heard]
    assert left[20] == pytest.approx(9800 / 10)
    assert left[99] == pytest.approx((10_000 - 200 - 30 * 79) / 30, rel=0.01)  # the pace of now, not the mean since the start
    told = np.array(left[1:], dtype=float)
    assert (np.diff(told) < 0).all() and (told[1:] / told[:-1]).min() > 0.8  # at the change it falls over several reports


def test_seconds_left_begin_anew_where_the_count_does(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Status] = []
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    job = Job("run", lambda job: None, heard.append)
    for done, total in [(5000, 10_000), (5001, 10_000), (0, 200), (20, 200), (10, 200), (5, 0), (7, 6)]:
        job.report("embed", done, total)
        now[0] += 1.0
    # the first 5,000 came from a cache, in no time: they tell nothing of the pace
    assert [status.seconds_left for status in heard] == [None, 4999.0, None, 9.0, None, None, None]


def test_the_clock_goes_on_while_a_long_batch_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Status] = []
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    job = Job("run", lambda job: None, heard.append)
    for done in (0, 5, 5, 5):
        job.report("embed", done, 10)
        now[0] += 4.0
    assert [status.seconds_left for status in heard] == [None, 4.0, 0.0, 0.0]


def test_ten_statuses_a_second_and_every_new_stage_and_message(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Status] = []
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    job = Job("run", lambda job: None, heard.append)
    for done in range(1000):  # two seconds
        now[0] = done / 500
        job.report("layout", done, 1000)
    assert 18 <= len(heard) <= 21
    job.report("layout", 1000, 1000)
    job.report("score")
    job.report("score", message="by cluster")
    job.report("score", message="by cluster")
    assert [(status.stage, status.done, status.message) for status in heard[-3:]] == [
        ("layout", 1000, ""), ("score", 0, ""), ("score", 0, "by cluster"),
    ]  # fmt: skip


def test_a_cancel_is_heard_by_a_report_that_tells_nothing() -> None:
    job = Job("run", lambda job: None, lambda status: None)
    job.report("layout", 1, 9)
    job.cancel()
    with pytest.raises(Cancelled, match="run was stopped"):
        job.report("layout", 1, 9)


# -- where no thread can be started ----------------------------------------------------------------------------------------


@pytest.fixture
def threadless(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)


def until_stopped(job: Job) -> None:
    for step in range(10_000):
        job.report("long", step, 10_000)
        time.sleep(0.001)
    raise AssertionError("nobody stopped it")


@pytest.mark.usefixtures("threadless")
def test_without_threads_jobs_run_at_once() -> None:
    ran: list[int] = []
    jobs = Jobs(lambda status: None)
    jobs.submit("run", lambda job: ran.append(1))
    assert ran == [1] and not jobs.busy and jobs.wait(5)


@pytest.mark.usefixtures("threadless")
def test_a_cancel_comes_in_with_a_slice_of_time() -> None:
    heard: list[Status] = []
    jobs = Jobs(heard.append, slice=lambda: jobs.cancel())
    start = time.monotonic()
    jobs.submit("run", until_stopped)
    assert time.monotonic() - start < 5 and not jobs.busy and heard[-1] == Status()


@pytest.mark.usefixtures("threadless")
def test_a_newer_job_comes_in_with_a_slice_and_runs_after_the_old_has_ended() -> None:
    ran: list[str] = []

    def old(job: Job) -> None:
        ran.append("old begins")
        try:
            until_stopped(job)
        finally:
            ran.append("old ends")

    def host() -> None:
        if arriving:
            arriving.pop()()
            ran.append("enqueued")

    jobs = Jobs(lambda status: None, slice=host)
    arriving: list[Callable[[], object]] = [
        lambda: jobs.submit("run", lambda job: ran.append("new")),
        lambda: jobs.submit("other", lambda job: ran.append("other")),
    ]
    jobs.submit("run", old)
    assert ran == ["old begins", "enqueued", "enqueued", "old ends", "other", "new"] and not jobs.busy


@pytest.mark.usefixtures("threadless")
def test_a_slice_at_most_every_50_ms_and_never_within_one(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    slices: list[float] = []
    running: list[Job] = []

    def host() -> None:
        slices.append(now[0])
        now[0] += 1.0
        running[0].check()  # a handler that looks at the job must not give slices itself

    def work(job: Job) -> None:
        running.append(job)
        for _ in range(100):
            now[0] += 0.01
            job.check()

    Jobs(lambda status: None, slice=host).submit("run", work)
    assert 15 <= len(slices) <= 20 and np.diff(slices).min() > 1.04


@pytest.mark.usefixtures("threadless")
def test_an_interrupt_of_the_cell_stops_everything() -> None:
    ran: list[str] = []
    heard: list[Status] = []
    jobs = Jobs(heard.append)

    def work(job: Job) -> None:
        jobs.submit("warm", lambda job: ran.append("warm"))
        raise KeyboardInterrupt

    jobs.submit("run", work)
    assert ran == [] and heard == [Status()] and not jobs.busy


@pytest.mark.usefixtures("threadless")
def test_waiting_within_a_slice_gives_slices_and_never_hangs() -> None:
    answers: list[bool] = []

    def work(job: Job) -> None:
        answers.append(jobs.wait(0.01))

    jobs = Jobs(lambda status: None, slice=lambda: None)
    jobs.submit("run", work)
    jobs = Jobs(lambda status: None)
    jobs.submit("run", work)
    assert answers == [False, False]


def test_in_pyodide_a_slice_is_one_turn_of_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[object] = []
    able = [False]
    fake = ModuleType("pyodide.ffi")
    fake.can_run_sync = lambda: able[0]  # type: ignore[attr-defined]

    def run_sync(coroutine: Coroutine[None, None, None]) -> None:
        # on a thread of its own: Playwright leaves a running loop on this one
        thread = threading.Thread(target=lambda: turns.append(asyncio.run(coroutine)))
        thread.start()
        thread.join()

    fake.run_sync = run_sync  # type: ignore[attr-defined]
    assert time_slice() is None
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert time_slice() is None  # another Python on WebAssembly
    monkeypatch.setitem(sys.modules, "pyodide", ModuleType("pyodide"))
    monkeypatch.setitem(sys.modules, "pyodide.ffi", fake)
    give = time_slice()
    assert give is not None
    give()
    able[0] = True
    give()
    assert turns == [None]
