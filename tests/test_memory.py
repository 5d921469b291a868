"""What is free, in a container too; what a step would take; and what is said where it would not fit."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import elute
from elute import memory
from elute.errors import Cancelled, SettingsError
from elute.progress import Silent

GB = 1_000_000_000


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., int]:
    """What ``available`` says on a made-up machine: its free bytes, the groups of the process, and the files of cgroups."""

    def ask(free: int | None, mine: str = "", files: dict[str, str] | None = None) -> int:
        fake = None if free is None else SimpleNamespace(virtual_memory=lambda: SimpleNamespace(available=free))
        monkeypatch.setitem(sys.modules, "psutil", fake)
        (tmp_path / "mine").write_text(mine)
        for name, content in (files or {}).items():
            path = tmp_path / "cgroup" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        monkeypatch.setattr(memory, "_MINE", tmp_path / "mine")
        monkeypatch.setattr(memory, "_GROUPS", tmp_path / "cgroup")
        return memory.available()

    return ask


def test_this_machine_has_some() -> None:
    assert 1e6 < memory.available() < 1e15


def test_without_a_limit_it_is_the_machines(machine: Callable[..., int]) -> None:
    assert machine(10 * GB) == 10 * GB
    assert machine(10 * GB, "0::/user.slice\n", {"user.slice/memory.max": "max\n", "user.slice/memory.current": "5\n"}) == 10 * GB
    assert machine(10 * GB, "nonsense\n\n1:\n") == 10 * GB


def test_a_container_of_either_version_has_less(machine: Callable[..., int]) -> None:
    version_2 = {
        "memory.max": "max", "pod/memory.max": f"{3 * GB}\n", "pod/memory.current": f"{2 * GB}\n",
        "pod/memory.stat": f"anon 5\ninactive_file {GB}\nfile 3\n",
    }  # fmt: skip
    assert machine(10 * GB, "0::/pod/container\n", version_2) == 2 * GB  # what is cached gives way
    version_1 = {
        "memory/memory.limit_in_bytes": f"{4 * GB}", "memory/memory.usage_in_bytes": f"{3 * GB}",
        "memory/memory.stat": "cache 7\ntotal_inactive_file 1000\n",
    }  # fmt: skip
    # the path is the host's; what is mounted is the container's own group
    assert machine(10 * GB, "5:cpu,cpuacct:/\n4:memory:/docker/0123\n0::/\n", version_1) == GB + 1000
    unlimited = {"memory/memory.limit_in_bytes": "9223372036854771712"}
    assert machine(10 * GB, "4:memory:/docker/0123\n", unlimited) == 10 * GB


def test_where_nobody_can_tell_nothing_is_refused(machine: Callable[..., int], monkeypatch: pytest.MonkeyPatch) -> None:
    machine(None)
    memory.need(1e15, "This", "Never mind.")
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert memory.available() == 2 * GB
    monkeypatch.setattr(memory, "_MINE", Path("/nowhere"))
    assert memory.available() == 2 * GB


def test_what_does_not_fit_is_refused_with_numbers_and_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available", lambda: int(9.8 * GB))
    with pytest.raises(SettingsError) as error:
        memory.need(12.4 * GB, "DBSCAN at eps = 0.9", "Choose a smaller eps.")
    assert str(error.value) == (
        "DBSCAN at eps = 0.9 would take about 12.4 GB of memory, and 9.8 GB are free. Choose a smaller eps."
    )
    with pytest.raises(SettingsError, match=r"about 9\.0 GB of memory, and 9\.8 GB are free, of which 2\.0 GB are left to every"):
        memory.need(9 * GB, "This", "Take fewer rows.")
    memory.need(7.8 * GB, "This", "Take fewer rows.")
    assert memory.fits(7.8 * GB) and not memory.fits(7.9 * GB)


def test_pairs_are_counted_as_they_are() -> None:
    X = np.random.default_rng(0).normal(size=(150, 8)).astype(np.float32)
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    for eps in (0.01, 0.5, 1.0, 2.1):
        cosines = X @ X.T
        pairs = np.count_nonzero(cosines >= 1 - eps)
        assert memory.pairs_within(X, eps) == pytest.approx(pairs)
    many = np.tile(X, (20, 1))
    assert memory.pairs_within(many, 0.5) == pytest.approx(400 * memory.pairs_within(X, 0.5), rel=0.2)
    assert memory.pairs_within(X[:0], 0.5) == 0


def test_counting_pairs_can_be_stopped() -> None:
    class Stops(Silent):
        def check(self) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        memory.pairs_within(np.eye(3, dtype=np.float32), 0.5, progress=Stops())


MEASURE = """
import numpy as np, warnings
from elute import memory
warnings.simplefilter("ignore")
def unit(n, d):
    X = np.random.default_rng(0).normal(size=(n, d)).astype(np.float32)
    return X / np.linalg.norm(X, axis=1, keepdims=True)
def peak():
    # not ru_maxrss: a child inherits that of a large parent
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) * 1024
from sklearn.cluster import DBSCAN
model = DBSCAN(eps=1.0, algorithm="brute")  # |x - y| = 1 where the cosine distance is 0.5
model.fit(unit(300, 3))  # what the libraries take once
X = unit(6000, 3)  # 9 million pairs
estimate = memory.dbscan(*X.shape, memory.pairs_within(X, 0.5)) - X.nbytes
before = peak()
model.fit(X)
print(peak() - before, estimate)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_the_estimate_for_dbscan_is_near_what_is_taken() -> None:
    done = subprocess.run([sys.executable, "-c", MEASURE], capture_output=True, text=True, check=True)
    taken, estimate = map(float, done.stdout.split())
    assert 0.6 * taken < estimate < 1.6 * taken


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"clusterer": elute.DBSCAN(0.5, algorithm="exact")}, 'DBSCAN at eps = 0.5.*Choose a smaller eps, or algorithm="fast"'),
        ({"clusterer": elute.HDBSCAN(5, space="full", algorithm="exact")}, "hdbscan package on 8 dimensions of 60 texts.*GB|MB"),
        ({"projector": elute.UMAP(algorithm="exact")}, 'umap-learn.s map of 60 texts.*algorithm="fast"'),
        ({"projector": elute.TSNE(perplexity=5)}, "t-SNE of 60 texts.*Choose UMAP"),
        ({"clusterer": elute.DBSCAN()}, "neighbour graph of 60 texts.*Choose K-means and PCA"),
    ],
    ids=["dbscan", "hdbscan", "umap", "tsne", "graph"],
)
def test_a_step_that_would_not_fit_is_refused_with_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: dict[str, Any], message: str
) -> None:
    X = np.random.default_rng(0).normal(size=(60, 8)).astype(np.float32)
    s = elute.Session([f"text {row}" for row in range(60)], embedder=X, path=tmp_path, **{"projector": "pca", **how})
    if "graph" not in message:
        s.space().graph.build()
    monkeypatch.setattr(memory, "available", lambda: 100)
    with pytest.raises(SettingsError, match=message):
        s.run()
    monkeypatch.undo()
    assert s.run().number == 1  # nothing was lost


def test_a_map_that_would_not_fit_is_laid_out_on_a_sample_and_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    X = np.random.default_rng(0).normal(size=(300, 8)).astype(np.float32)
    s = elute.Session([f"text {row}" for row in range(300)], embedder=X, clusterer=elute.KMeans(3), path=tmp_path)
    s.space().graph.build()
    monkeypatch.setattr("elute.project.maps.SAMPLE", 100)
    monkeypatch.setattr(memory, "fits", lambda bytes_: False)
    made = s.run()
    assert any("laid out on 100 of 300 texts" in note for note in made.notes)
    assert np.isfinite(made.coords[3]).all()
