"""One worker: the newest of a kind counts, a cancel takes hold, a job that breaks does not end it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from elute.errors import InputError
from elute.jobs import Job, Jobs, Status


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


def test_cancel_takes_hold_within_100_ms_and_says_idle() -> None:
    heard: list[Status] = []
    started = threading.Event()

    def long(job: Job) -> None:
        while True:
            job.report("long", 1, 2)
            started.set()
            time.sleep(0.005)

    jobs = Jobs(heard.append)
    jobs.submit("run", long)
    started.wait(5)
    assert jobs.busy
    start = time.monotonic()
    assert jobs.cancel()
    assert jobs.wait(5)
    assert time.monotonic() - start < 0.1
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
    assert [status.seconds_left for status in heard] == [None, 9.0, 8.0, 7.0]


def test_without_threads_jobs_run_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    ran: list[int] = []
    jobs = Jobs(lambda status: None)
    jobs.submit("run", lambda job: ran.append(1))
    assert ran == [1] and not jobs.busy
