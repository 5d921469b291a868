"""Large arrays between the processes: what comes out is what went in, and nothing is left behind, however a call ends."""

from __future__ import annotations

import io
import os
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from elute.errors import Cancelled
from elute.offload import helper as parent
from elute.offload import shared
from elute.offload.wire import receive, send
from elute.progress import SILENT, Silent

HDBSCAN = "elute.cluster.hdbscan:run"
PARAMS = {"min_cluster_size": 5, "min_samples": 5}
LONG = {"X": np.random.default_rng(0).normal(size=(20_000, 100)).astype(np.float32)}  # 8 MB, and a minute of HDBSCAN

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="descriptors are handed over on Linux only")


def held(pid: int | str = "self") -> int:
    """Shared arrays that a process has open or mapped."""
    descriptors = []
    for path in Path(f"/proc/{pid}/fd").iterdir():
        try:
            descriptors.append(str(path.readlink()))
        except OSError:  # the one that lists the folder
            continue
    return (" ".join(descriptors) + Path(f"/proc/{pid}/maps").read_text()).count("memfd:elute")


def files() -> set[str]:
    return {str(path) for folder in (tempfile.gettempdir(), "/dev/shm") for path in Path(folder).glob("*elute*")}


def there_and_back(array: np.ndarray) -> tuple[np.ndarray, bool]:
    """What the other side receives, and whether it was a file."""
    pipe = io.BytesIO()
    ends = shared.line()
    assert ends is not None
    with ends[0], ends[1]:
        send(pipe, {"kind": "done"}, {"small": np.arange(3), "a": array}, ends[0])
        at_most_header = len(pipe.getvalue())
        pipe.seek(0)
        header, got = receive(pipe, ends[1])
    assert header == {"kind": "done"} and got["small"].tolist() == [0, 1, 2]
    return got["a"], at_most_header < array.nbytes


DTYPES = st.one_of(
    arrays_of.boolean_dtypes(), arrays_of.integer_dtypes(), arrays_of.unsigned_integer_dtypes(), arrays_of.floating_dtypes()
)


@settings(deadline=None)
@given(
    arrays_of.arrays(DTYPES, arrays_of.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=9)),
    st.sampled_from(["C", "F", "step", "back"]),
)
def test_any_array_goes_as_a_file(array: np.ndarray, how: str) -> None:
    if array.ndim:
        array = {"C": array, "F": np.asfortranarray(array), "step": array[::2], "back": array[::-1]}[how]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shared, "LARGE", 1)
        patch.setattr(shared, "BLOCK", 16)
        if array.ndim == 0 or not array.size:
            patch.setattr(shared, "LARGE", 1 << 20)
        got, _ = there_and_back(array)
    assert got.dtype == array.dtype and got.shape == array.shape
    np.testing.assert_array_equal(got, array)


@pytest.mark.parametrize(
    "change", [lambda X: X, lambda X: X.T, lambda X: X[::2], lambda X: X > 0], ids=["C", "F", "step", "bool"]
)
def test_a_large_array_is_a_file_that_can_be_written(change: Callable[[np.ndarray], np.ndarray]) -> None:
    array = change(np.random.default_rng(0).normal(size=(5000, 500)))
    got, by_file = there_and_back(array)
    assert by_file and held() and got.flags.writeable
    np.testing.assert_array_equal(got, array)
    got[:] = 1
    del got
    assert held() == 0


def full() -> int:
    return os.open("/dev/full", os.O_WRONLY)


def none() -> int:
    raise OSError("no such place")


@pytest.mark.parametrize(
    ("places", "by_file"),
    [
        ((full, shared._in_the_temporary_folder), True),
        ((none, shared._in_the_temporary_folder), True),
        ((full, none), False),
        ((), False),
    ],
    ids=["memory full", "no memory files", "no room anywhere", "no place"],
)
def test_where_there_is_no_room_the_next_place_serves(
    places: tuple[Callable[[], int], ...], by_file: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "_PLACES", places)
    array = np.arange(1 << 19, dtype=np.float64)
    before, open_before = files(), len(list(Path("/proc/self/fd").iterdir()))
    got, was_file = there_and_back(array)
    assert was_file == by_file and files() == before
    np.testing.assert_array_equal(got, array)
    del got
    assert len(list(Path("/proc/self/fd").iterdir())) == open_before


def test_what_cannot_be_sent_leaves_nothing_open() -> None:
    ends = shared.line()
    assert ends is not None
    with ends[0], ends[1], pytest.raises(TypeError, match="not JSON serializable"):
        send(io.BytesIO(), {"params": object()}, LONG, ends[0])
    with pytest.raises(OSError):
        send(io.BytesIO(), {}, LONG, ends[0])  # closed
    assert held() == 0


def test_the_other_side_has_died() -> None:
    ends = shared.line()
    assert ends is not None
    ends[0].close()
    with ends[1], pytest.raises(EOFError):
        shared.take(ends[1])


def test_a_descriptor_that_found_no_place_is_no_death() -> None:
    ends = shared.line()
    assert ends is not None
    with ends[0], ends[1], pytest.raises(OSError, match="Too many open files"):
        ends[0].sendall(b"f")  # all that arrives where this process may open no more files
        shared.take(ends[1])


# -- with a real helper --------------------------------------------------------------------------------------------------------


@pytest.fixture
def helper(monkeypatch: pytest.MonkeyPatch) -> Iterator[parent.Helper]:
    monkeypatch.setattr(shared, "LARGE", 500)
    made = parent.Helper()
    yield made
    made.stop()


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


SMALL = {"X": np.random.default_rng(0).normal(size=(100, 3)).astype(np.float32)}


def test_between_two_calls_neither_side_holds_an_array(helper: parent.Helper) -> None:
    assert len(helper.call(HDBSCAN, SMALL, PARAMS, SILENT)[0]["labels"]) == 100
    assert helper._process is not None
    pid = helper._process.pid
    wait_until(lambda: held(pid) == 0)  # its answer comes before it lets go
    with pytest.raises(RuntimeError, match="KeyError"):
        helper.call(HDBSCAN, {"Y": SMALL["X"]}, PARAMS, SILENT)
    wait_until(lambda: held(pid) == 0)
    assert held() == 0


def test_a_cancel_and_a_death_leave_nothing(helper: parent.Helper) -> None:
    before = files()
    threads = threading.active_count()

    class Stops(Silent):
        def check(self) -> None:
            if helper._process is not None and held(helper._process.pid):
                raise Cancelled

    with pytest.raises(Cancelled):
        helper.call(HDBSCAN, LONG, PARAMS, Stops())
    wait_until(lambda: threading.active_count() <= threads)
    assert held() == 0 and files() == before

    class Kills(Silent):
        def check(self) -> None:
            if helper._process is not None and helper._process.poll() is None and held(helper._process.pid):
                helper._process.kill()
                helper._process.wait()

    with pytest.raises(RuntimeError, match="exit code -9"):
        helper.call(HDBSCAN, LONG, PARAMS, Kills())
    wait_until(lambda: threading.active_count() <= threads)
    assert held() == 0 and files() == before


def test_without_a_line_arrays_go_through_the_pipe(helper: parent.Helper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "line", lambda: None)
    assert len(helper.call(HDBSCAN, SMALL, PARAMS, SILENT)[0]["labels"]) == 100


def test_a_system_without_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(socket, "socketpair", refuse)
        assert shared.line() is None
    monkeypatch.setattr(sys, "platform", "win32")
    assert shared.line() is None
