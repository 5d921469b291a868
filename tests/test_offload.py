"""The helper process: answers, errors, cancels, deaths, and the places it must work in. Its work here is real: HDBSCAN."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from torture import only_full, torture

from elute import offload
from elute.errors import BudgetError, Cancelled, EluteError, InputError, MissingExtraError
from elute.offload import __main__ as child
from elute.offload import helper as parent
from elute.offload.target import run
from elute.offload.wire import receive, send
from elute.progress import SILENT, Silent

HDBSCAN = "elute.cluster.hdbscan:run"
PARAMS = {"min_cluster_size": 5, "min_samples": 5}
SOURCE = str(Path(offload.__file__).parents[2])


def blobs(n: int, d: int = 5) -> np.ndarray:
    random = np.random.default_rng(0)
    return (random.normal(size=(4, d))[np.arange(n) % 4] * 9 + random.normal(size=(n, d))).astype(np.float32)


SMALL = {"X": blobs(100)}
LONG = {"X": np.random.default_rng(0).normal(size=(20_000, 100)).astype(np.float32)}  # a minute of HDBSCAN


@pytest.fixture(scope="module")
def helper() -> Iterator[parent.Helper]:
    made = parent.Helper()
    yield made
    made.stop()


class StopAfter(Silent):
    """Asks to stop some seconds after it was made."""

    def __init__(self, seconds: float) -> None:
        self.at = time.monotonic() + seconds

    def check(self) -> None:
        if time.monotonic() > self.at:
            raise Cancelled


def test_a_call_gives_what_the_function_gives() -> None:
    here, _ = run(HDBSCAN, SMALL, PARAMS, SILENT)
    there, results = offload.call(HDBSCAN, SMALL, PARAMS)
    assert results == {} and set(there) == {"labels", "probabilities", "outlier_scores"}
    for name in here:
        assert there[name].dtype == here[name].dtype and there[name].flags.writeable
        np.testing.assert_array_equal(here[name], there[name])


def test_the_same_process_answers_again(helper: parent.Helper) -> None:
    helper.call(HDBSCAN, SMALL, PARAMS, SILENT)
    first = helper._process
    helper.call(HDBSCAN, SMALL, PARAMS, SILENT)
    assert helper._process is first


def test_a_cancel_kills_it_at_once_and_the_next_call_works(helper: parent.Helper) -> None:
    helper.call(HDBSCAN, SMALL, PARAMS, SILENT)
    killed = helper._process
    stop = StopAfter(0.3)
    with pytest.raises(Cancelled):
        helper.call(HDBSCAN, LONG, PARAMS, stop)
    assert time.monotonic() - stop.at < 0.25  # 50 ms on an idle machine
    assert killed is not None and killed.poll() is not None
    assert len(helper.call(HDBSCAN, SMALL, PARAMS, SILENT)[0]["labels"]) == 100


def test_waiting_for_a_turn_can_be_cancelled_and_harms_nobody(helper: parent.Helper) -> None:
    with helper._turn, pytest.raises(Cancelled):
        helper.call(HDBSCAN, SMALL, PARAMS, StopAfter(0.05))


def test_an_error_in_a_report_stops_the_work(helper: parent.Helper) -> None:
    class Refuses(Silent):
        def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
            raise Cancelled

    graph = {"indices": np.array([[1], [0]]), "distances": np.ones((2, 1)), "start": np.ones((2, 3))}
    with pytest.raises(Cancelled):
        helper.call("elute.project.tsne:run", graph, {"perplexity": 1.0, "seed": 0}, Refuses())
    assert helper._process is None


def test_a_crash_is_told_and_the_next_call_works(helper: parent.Helper) -> None:
    helper.call(HDBSCAN, SMALL, PARAMS, SILENT)
    process = helper._process
    assert process is not None
    threading.Timer(0.3, process.kill).start()
    with pytest.raises(RuntimeError, match=r"ended \(exit code -9\) in elute\.cluster\.hdbscan:run.*memory"):
        helper.call(HDBSCAN, LONG, PARAMS, SILENT)
    assert len(helper.call(HDBSCAN, SMALL, PARAMS, SILENT)[0]["labels"]) == 100


@pytest.mark.parametrize("error", [OSError(24, "Too many open files"), MemoryError(), KeyError("arrays")])
def test_an_answer_that_has_no_room_here_is_told_and_the_next_call_works(
    helper: parent.Helper, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper.call(HDBSCAN, SMALL, PARAMS, SILENT)

    def fails(*_: Any) -> Any:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(parent, "receive", fails)
        with pytest.raises(RuntimeError, match=r"could not be read .*(Too many open files|memory ran out|arrays)"):
            helper.call(HDBSCAN, SMALL, PARAMS, StopAfter(5))
    assert len(helper.call(HDBSCAN, SMALL, PARAMS, SILENT)[0]["labels"]) == 100


def test_threads_take_turns(helper: parent.Helper, monkeypatch: pytest.MonkeyPatch) -> None:
    follow, inside, answers = helper._follow, [], []

    def alone(*args: Any) -> Any:
        inside.append(threading.get_ident())
        time.sleep(0.02)
        assert set(inside) == {threading.get_ident()}
        found = follow(*args)
        inside.clear()
        return found

    def ask(n: int) -> None:
        answers.append(len(helper.call(HDBSCAN, {"X": blobs(n)}, PARAMS, SILENT)[0]["labels"]))

    monkeypatch.setattr(helper, "_follow", alone)
    threads = [threading.Thread(target=ask, args=(n,)) for n in (40, 60, 80, 100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [40, 60, 80, 100]


BESIDE = """
import threading, warnings, numpy as np, umap
from elute import offload

class Listens:
    def check(self): pass
    def report(self, *told):
        busy.set()
        beside.append(own.is_set())

def ask():
    offload.call("elute.project.umap:run", graph, {"dims": [2, 3], "min_dist": 0.1, "seed": 0}, Listens())

warnings.simplefilter("ignore")
busy, own, beside = threading.Event(), threading.Event(), []
random = np.random.default_rng(0)
X = random.normal(size=(3000, 8)).astype(np.float32)
indices, distances = random.integers(0, 3000, (3000, 15), dtype=np.int32), random.random((3000, 15), dtype=np.float32)
graph = {"indices": indices, "distances": np.sort(distances), "start": X[:, :3]}
thread = threading.Thread(target=lambda: [ask(), ask()])
thread.start()
busy.wait()
own.set()
made = umap.UMAP(n_epochs=50).fit_transform(X)  # below 4,096 rows it needs no pynndescent, which compiles for 20 s
thread.join()
print(made.shape, any(beside))
"""


@torture
@only_full
def test_a_persons_own_umap_runs_beside_the_helpers() -> None:
    """Two in one process abort it: numba's pool of threads is not made for two callers."""
    process = script(BESIDE)
    out, error = process.communicate(timeout=300)
    assert (out, process.returncode) == ("(3000, 2) True\n", 0), error


def test_errors_come_back_and_the_helper_lives(helper: parent.Helper) -> None:
    with pytest.raises(RuntimeError, match="^KeyError: 'X'$"):
        helper.call(HDBSCAN, {}, PARAMS, SILENT)
    process = helper._process
    with pytest.raises(RuntimeError, match="dtype object"):
        helper.call(HDBSCAN, {"X": np.array([None])}, PARAMS, SILENT)
    with pytest.raises(RuntimeError, match="not JSON serializable"):
        helper.call(HDBSCAN, SMALL, {"min_samples": object()}, SILENT)
    helper.call(HDBSCAN, SMALL, PARAMS, SILENT)
    assert helper._process is process


@pytest.mark.parametrize(
    "error",
    [InputError("rows 3, 8"), Cancelled("stopped"), BudgetError("5 USD"), MissingExtraError("t-SNE", "all")],
    ids=lambda e: type(e).__name__,
)
def test_errors_of_elute_keep_their_kind(error: EluteError, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> None:
        raise error

    monkeypatch.setattr(child, "run", fails)
    pipe = io.BytesIO()
    send(pipe, *child._answer({"target": "", "params": {}}, {}, child._Sender(pipe)))
    pipe.seek(0)
    again = parent._as_error(receive(pipe)[0])
    assert type(again) is type(error) and str(again) == str(error) and vars(again) == vars(error)


@pytest.mark.parametrize(
    "target", ["os:getcwd", "elute.offload:os.getcwd", "eluted.x:f", "elute:call", "elute.cluster", "elute..x:f", "elute.x:_f\n"]
)
def test_only_functions_inside_elute_are_called(target: str) -> None:
    with pytest.raises(RuntimeError, match="not a function inside elute"):
        offload.call(target, {}, {})
    with pytest.raises(ValueError, match="not a function inside elute"):
        run(target, {}, {}, SILENT)


def test_progress_is_passed_on_and_prints_are_not() -> None:
    seen: list[tuple[str, int, int, str]] = []

    class Listens(Silent):
        def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
            seen.append((stage, done, total, message))

    indices = np.array([[j for j in range(12) if j != i] for i in range(12)])
    graph = {"indices": indices, "distances": np.ones((12, 11)), "start": np.random.default_rng(0).normal(size=(12, 3))}
    found, _ = offload.call("elute.project.tsne:run", graph, {"perplexity": 3.0, "seed": 0}, Listens())  # it prints all along
    assert found["3"].shape == (12, 3)
    assert {message for *_, message in seen} == {"t-SNE 2D", "t-SNE 3D"}


def test_progress_is_at_most_ten_a_second() -> None:
    pipe = io.BytesIO()
    sender = child._Sender(pipe)
    for done in range(1000):
        sender.report("a", done, 1000)
    sender.report("b")
    pipe.seek(0)
    assert receive(pipe)[0]["report"] == ["a", 0, 1000, ""]
    last = None
    for _ in range(5):
        last = receive(pipe)[0]["report"]
        if last[0] == "b":
            break
    assert last == ["b", 0, 0, ""]


@pytest.mark.parametrize(
    "array", [np.zeros((0, 3)), np.array(3.5), np.arange(6).reshape(2, 3).T, np.array([True, False]), np.zeros(5, ">i2")]
)
def test_arrays_survive_the_wire(array: np.ndarray) -> None:
    pipe = io.BytesIO()
    send(pipe, {"kind": "done"}, {"a": array, "b": np.arange(3)})
    pipe.seek(0)
    header, arrays = receive(pipe)
    assert header == {"kind": "done"} and arrays["a"].dtype == array.dtype
    np.testing.assert_array_equal(arrays["a"], array)
    np.testing.assert_array_equal(arrays["b"], [0, 1, 2])
    with pytest.raises(EOFError):
        receive(pipe)


@pytest.mark.parametrize("executable", ["", "/nonexistent/python", "/bin/true"])
def test_without_a_process_it_runs_here(monkeypatch: pytest.MonkeyPatch, executable: str) -> None:
    monkeypatch.setattr(sys, "executable", executable)
    helper = parent.Helper()
    assert len(helper.call(HDBSCAN, SMALL, PARAMS, SILENT)[0]["labels"]) == 100
    with pytest.raises(parent.CannotStart):
        helper.call(HDBSCAN, SMALL, PARAMS, SILENT, inline=False)


def test_warming_never_raises_and_warms_again_after_a_cancel(helper: parent.Helper) -> None:
    helper.warm("elute.nothing:here")
    helper.call(HDBSCAN, SMALL, PARAMS, SILENT)
    with pytest.raises(Cancelled):
        helper.call(HDBSCAN, LONG, PARAMS, StopAfter(0.1))
    deadline = time.monotonic() + 10
    while helper._process is None and time.monotonic() < deadline:
        time.sleep(0.02)
    assert helper._process is not None


def script(text: str, **more: Any) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": SOURCE}
    return subprocess.Popen(
        [sys.executable, "-c", text], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, **more
    )


def test_a_script_without_a_main_guard_and_with_a_module_in_its_way(tmp_path: Path) -> None:
    (tmp_path / "hdbscan.py").write_text("raise SystemExit('the wrong hdbscan')")
    process = script(
        "import numpy as np\nfrom elute import offload\nprint('once')\n"
        f"a, _ = offload.call('{HDBSCAN}', {{'X': np.random.default_rng(0).normal(size=(40, 3))}}, {PARAMS})\n"
        "print(len(a['labels']))",
        cwd=tmp_path,
    )
    out, error = process.communicate(timeout=60)
    assert (out, error, process.returncode) == ("once\n40\n", "", 0)


def test_it_dies_with_its_parent_in_the_middle_of_a_fit() -> None:
    process = script(
        "import threading, time, numpy as np\nfrom elute.offload import helper\n"
        "X = np.random.default_rng(0).normal(size=(20000, 100))\n"
        f"threading.Thread(target=lambda: helper.call('{HDBSCAN}', {{'X': X}}, {PARAMS}), daemon=True).start()\n"
        "while helper._HELPER._process is None or not helper._HELPER._ready: time.sleep(.02)\n"
        "time.sleep(1)\nprint(helper._HELPER._process.pid, flush=True)\ntime.sleep(60)"
    )
    assert process.stdout is not None
    pid = int(process.stdout.readline())
    os.kill(pid, 0)
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and _alive(pid):
        time.sleep(0.05)
    assert not _alive(pid)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return (
            Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
        )  # a zombie has no one to reap it in a container
    except (OSError, IndexError):
        return False


def test_a_forked_child_has_a_helper_of_its_own() -> None:
    process = script(
        "import os, numpy as np\nfrom elute.offload import helper\n"
        f"call = lambda: helper.call('{HDBSCAN}', {{'X': np.random.default_rng(0).normal(size=(40, 3))}}, {PARAMS})\n"
        "call()\nmine = helper._HELPER._process.pid\nchild = os.fork()\n"
        "if not child:\n    assert helper._HELPER._process is None\n    call()\n    other = helper._HELPER._process.pid\n"
        "    helper._HELPER.stop()\n    os._exit(0 if other != mine else 1)\n"
        "print(os.waitpid(child, 0)[1])\ncall()\nprint(helper._HELPER._process.pid == mine)"
    )
    out, error = process.communicate(timeout=60)
    assert out == "0\nTrue\n", error
