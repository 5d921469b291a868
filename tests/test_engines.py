"""A recipe over shards says the same of every row, however they are cut, in whatever order and wherever they are worked on."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from engine_runs import ALL, GROUPS, recipe, rows, said, texts_out, vectors, write
from torture import only_full, times, torture

from elute import apply_recipe
from elute.engines.base import Outcome, Task
from elute.engines.inline import Inline
from elute.engines.job import Job
from elute.engines.local import Local
from elute.engines.run import engine_of
from elute.errors import EluteError, ProviderError, SettingsError
from elute.prepare import Prepare
from elute.recipe import Across, Recipe


class Shuffled(Inline):
    """Runs tasks in another order each time, some of them twice."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)

    def run(self, tasks: Sequence[Task]) -> Iterator[Outcome]:
        order = list(range(len(tasks)))
        self._draw.shuffle(order)
        for index in order:
            for _ in range(self._draw.choice([0, 0, 0, 1])):
                list(super().run([tasks[index]]))
            (found,) = super().run([tasks[index]])
            yield Outcome(index, found.answer, found.error)


class Stops(Inline):
    """Ends the run after so many tasks, as a kill would; counts those that wrote something: a count of rows is made again."""

    def __init__(self, after: int) -> None:
        self.left, self.worked = after, 0

    def run(self, tasks: Sequence[Task]) -> Iterator[Outcome]:
        for each in super().run(tasks):
            if self.left == 0:
                raise KeyboardInterrupt
            self.left -= 1
            self.worked += bool(each.answer.get("new")) and "counts" not in each.answer
            yield each


@pytest.fixture(scope="module", params=["rows", "groups"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Recipe, pd.DataFrame, Any]:
    """A recipe, new rows, and what ``apply`` says of them in one process."""
    by_groups = request.param == "groups"
    found, table = recipe(tmp_path_factory.mktemp("made"), GROUPS if by_groups else ALL, by_groups)
    new = pd.concat([table, rows(160, 3), table.iloc[:20]], ignore_index=True)
    return found, new, found.apply(new.drop(columns="vector"), vectors=vectors(new))


def same(out: Path, want: Any, new: pd.DataFrame) -> None:
    found = said(out)
    assert found["keep"].tolist() == want.keep.tolist()
    assert found["reason"].tolist() == want.reason
    assert found["copies"].tolist() == want.group.tolist()
    assert found["cluster"].tolist() == want.cluster.tolist()
    assert texts_out(out) == new["text"][want.keep].tolist()


@torture
@pytest.mark.parametrize("seed", range(times(2, 25)))
def test_any_cut_and_any_order_of_tasks_says_what_apply_says(made: Any, tmp_path: Path, seed: int) -> None:
    found, new, want = made
    draw = random.Random(seed)
    shards = write(new, tmp_path / "in", draw.choice([1, 2, 3, times(4, 9)]), seed)
    draw.shuffle(shards)
    done = apply_recipe(found, shards, tmp_path / "out", engine=Shuffled(seed), vectors="vector", buckets=draw.choice([1, 3, 5]))
    assert done.ok and done.rows == len(new) and done.kept == int(want.keep.sum())
    same(tmp_path / "out", want, new)


def test_texts_that_were_cut_are_no_near_copies_over_shards_either(tmp_path: Path) -> None:
    found = replace(recipe(tmp_path, ALL)[0], prepare=Prepare(max_chars=30))
    first = rows(60, 3)
    new = pd.concat([first, first.assign(text=first["text"].str.upper() + "!")], ignore_index=True)
    want = found.apply(new.drop(columns="vector"), vectors=vectors(new))
    whole = replace(found, prepare=Prepare()).apply(new.drop(columns="vector"), vectors=vectors(new))
    near = "near copy of a row that stays"
    assert near in whole.reason and near not in want.reason
    write(new, tmp_path / "in", 3)
    assert apply_recipe(found, tmp_path / "in", tmp_path / "out", engine=Inline(), vectors="vector").ok
    same(tmp_path / "out", want, new)


@torture
@pytest.mark.parametrize("made", ["rows", pytest.param("groups", marks=only_full)], indirect=True)
def test_local_processes_say_the_same_though_one_is_killed_again_and_again(made: Any, tmp_path: Path) -> None:
    found, new, want = made
    write(new, tmp_path / "in", 2)
    engine, killed, stop = Local(2), [], threading.Event()

    def kill() -> None:
        while not stop.wait(0.6):
            if engine.pids and len(killed) < times(1, 2):  # at the third death of one task the engine gives it up, and says so
                killed.append(engine.pids[0])
                os.kill(killed[-1], signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        done = apply_recipe(found, tmp_path / "in", tmp_path / "out", engine=engine, vectors="vector", buckets=2)
    finally:
        stop.set()
        thread.join()
    assert killed and done.ok, str(done)
    assert engine.pids == []
    same(tmp_path / "out", want, new)


def test_the_pipes_of_a_process_that_died_between_two_tasks_are_closed() -> None:
    with Local(workers=1) as engine:
        first = engine._process(0)
        first.kill()
        first.wait()
        assert engine._process(0).pid != first.pid
        assert first.stdin is not None and first.stdin.closed and first.stdout is not None and first.stdout.closed


def test_dask_says_the_same(made: Any, tmp_path: Path) -> None:
    found, new, want = made
    write(new, tmp_path / "in", 3)
    with here(processes=False) as engine:
        done = apply_recipe(found, tmp_path / "in", tmp_path / "out", engine=engine, vectors="vector", buckets=2)
    assert done.ok and done.engine == "dask"
    same(tmp_path / "out", want, new)


@torture
@only_full
def test_dask_says_the_same_though_a_worker_is_killed_in_each_stage(made: Any, tmp_path: Path) -> None:
    found, new, want = made
    write(new, tmp_path / "in", 4)
    stages: list[str] = []

    class Kills:
        def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
            if done == 0 and stage not in stages:
                stages.append(stage)
                pids = list(engine.client.run(os.getpid).values())
                threading.Timer(0.02, os.kill, (pids[0], signal.SIGKILL)).start()

        def check(self) -> None:
            return None

    with here(processes=True) as engine:
        done = apply_recipe(
            found, tmp_path / "in", tmp_path / "out", engine=engine, vectors="vector", buckets=3, progress=Kills()
        )
    assert done.ok and len(stages) >= 9, str(done)
    same(tmp_path / "out", want, new)


@pytest.mark.parametrize("ours", [True, False])
def test_dask_without_a_worker_starts_its_own_again_and_does_not_wait_for_others_for_ever(
    made: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ours: bool
) -> None:
    distributed = pytest.importorskip("distributed")
    from elute.engines import dask as engines

    found, new, want = made
    write(new, tmp_path / "in", 3)
    monkeypatch.setattr(engines, "LOOK", 0.2)
    monkeypatch.setattr(engines, "AWAY", 0.5)

    class Retires:
        done = False

        def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
            if stage == "judge" and not self.done:
                self.done = True
                cluster.scale(0)
                while engine.client.scheduler_info()["workers"]:
                    time.sleep(0.05)

        def check(self) -> None:
            return None

    retires = Retires()
    how: dict[str, Any] = {"vectors": "vector", "buckets": 2, "progress": retires}
    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=False, **engines.QUIET) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
        engines.Dask(client=client, workers=1) as engine,
    ):
        if ours:
            engine._cluster = cluster
            done = apply_recipe(found, tmp_path / "in", tmp_path / "out", engine=engine, **how)
            assert done.ok, str(done)
            same(tmp_path / "out", want, new)
        else:
            with pytest.raises(ProviderError, match="no worker for"):
                apply_recipe(found, tmp_path / "in", tmp_path / "out", engine=engine, **how)
    assert retires.done


def here(processes: bool) -> Any:
    """Dask on this machine."""
    pytest.importorskip("distributed")
    import dask
    from distributed import Client, LocalCluster

    from elute.engines.dask import QUIET, Dask

    # a worker that happens to be dead 15 seconds after a kill would be given up, and this cluster is not the engine's to mend
    patient = dask.config.set({"distributed.deploy.lost-worker-timeout": "10m"})

    class Here(Dask):
        def __enter__(self) -> Any:
            return self

        def close(self) -> None:
            super().close()
            self._client.close()
            cluster.close()
            patient.__exit__(None, None, None)

    cluster = LocalCluster(n_workers=2, threads_per_worker=1, processes=processes, **QUIET)
    return Here(client=Client(cluster, set_as_default=False))


@torture
@pytest.mark.parametrize("after", range(times(17, 1), times(18, 60), times(1, 4)))
def test_a_run_that_was_killed_goes_on_and_does_nothing_twice(made: Any, tmp_path: Path, after: int) -> None:
    found, new, want = made
    write(new, tmp_path / "in", 3)
    whole, first, second = Stops(-1), Stops(after), Stops(-1)
    apply_recipe(found, tmp_path / "in", tmp_path / "other", engine=whole, vectors="vector", buckets=3)
    try:
        apply_recipe(found, tmp_path / "in", tmp_path / "out", engine=first, vectors="vector", buckets=3)
    except KeyboardInterrupt:
        assert first.left == 0
    else:
        assert after > 17
        pytest.skip("it was over before")
    (tmp_path / "out" / "_elute" / "new" / "half").write_bytes(b"half a file")
    apply_recipe(found, tmp_path / "in", tmp_path / "out", engine=second, vectors="vector", buckets=3)
    # the task under way when it was ended had done its work, and was not counted
    assert whole.worked - 1 <= first.worked + second.worked <= whole.worked
    same(tmp_path / "out", want, new)
    assert not (tmp_path / "out" / "_elute" / "new").exists()
    before = times_of(tmp_path / "out")
    third = Stops(-1)
    done = apply_recipe(found, tmp_path / "in", tmp_path / "out", engine=third, vectors="vector", buckets=3)
    assert third.left == -1 and third.worked == 0 and done.engine == "none" and done.kept == int(want.keep.sum())
    assert times_of(tmp_path / "out") == before


def times_of(out: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file() and path.name != "summary.json"}


def test_without_steps_across_rows_a_new_shard_is_all_the_work(tmp_path: Path) -> None:
    found, table = recipe(tmp_path, Across())
    new = rows(60, 5)
    shards = write(new, tmp_path / "in", 3)
    apply_recipe(found, shards[:2], tmp_path / "out", engine="inline", vectors="vector")
    done = apply_recipe(found, shards, tmp_path / "out", engine="inline", vectors="vector")
    assert done.work["finish"] == (1, 2)


def test_what_a_run_asks_of_each_shard_does_not_grow_with_their_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found, _ = recipe(tmp_path, Across())
    new = rows(60, 5)
    real, counts, widest = Job.read_key, [0], [0]

    def counted(self: Job, index: int) -> str:
        counts[-1] += 1
        return real(self, index)

    class Wide(Inline):
        def run(self, tasks: Sequence[Task]) -> Iterator[Outcome]:
            if tasks[0]["stage"] == "judge":
                widest[-1] = max(len(json.dumps(task)) for task in tasks)
            return super().run(tasks)

    monkeypatch.setattr(Job, "read_key", counted)
    for shards in (4, 16):
        counts.append(0), widest.append(0)
        write(new, tmp_path / f"in-{shards}", shards)
        apply_recipe(found, tmp_path / f"in-{shards}", tmp_path / f"out-{shards}", engine=Wide(), vectors="vector", buckets=4)
    assert counts[2] == 4 * counts[1]
    # a digit more of the number of the shard, and of the folder
    assert widest[2] <= widest[1] + 4


def test_the_session_s_own_rows_over_shards_are_the_session_s_mask(made: Any, tmp_path: Path) -> None:
    found, new, _ = made
    own = new.iloc[:90]
    write(own, tmp_path / "in", 5, 2)
    apply_recipe(found, tmp_path / "in", tmp_path / "out", engine="inline", vectors="vector", buckets=2)
    assert said(tmp_path / "out")["keep"].tolist() == found.apply(own.drop(columns="vector"), vectors=vectors(own)).keep.tolist()


def test_nothing_of_the_texts_stays_in_the_work_folder(made: Any, tmp_path: Path) -> None:
    found, new, _ = made
    write(new, tmp_path / "in", 2)
    apply_recipe(found, tmp_path / "in", tmp_path / "out", engine="inline", vectors="vector", buckets=2)
    work = [path for path in (tmp_path / "out" / "_elute").rglob("*") if path.is_file()] + [tmp_path / "out" / "summary.json"]
    assert len(work) > 5
    assert not [path for path in work for word in (b"declined", b"afternoon", b"broke the") if word in path.read_bytes()]


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_json_lines_and_csv(tmp_path: Path, kind: str) -> None:
    found, _ = recipe(tmp_path, Across())
    new = rows(30, 7)
    write(new, tmp_path / "in", 2, kind=kind)
    given = "vector" if kind == "jsonl" else None
    if given is None:
        with pytest.raises(EluteError, match="vectors="):
            apply_recipe(found, tmp_path / "in", tmp_path / "out", engine="inline")
        return
    want = found.apply(new.drop(columns="vector"), vectors=vectors(new))
    done = apply_recipe(found, tmp_path / "in", tmp_path / "out", engine="inline", vectors=given)
    assert done.ok, str(done)
    assert said(tmp_path / "out")["keep"].tolist() == want.keep.tolist()
    lines = [line for path in sorted((tmp_path / "out" / "data").glob("*.jsonl")) for line in path.read_text().splitlines()]
    assert len(lines) == int(want.keep.sum())


def test_a_task_that_takes_every_worker_with_it_is_listed(tmp_path: Path) -> None:
    class Dies(Local):
        def _process(self, slot: int) -> Any:
            process = super()._process(slot)
            process.kill()
            process.wait()
            return process

    with Dies(1) as engine:
        (found,) = engine.run([{"stage": "judge"}])
    assert "killed 3 times" in found.error


def test_workers_go_on_where_the_run_is_started_while_an_error_is_handled() -> None:
    with Local(1) as engine:
        try:
            raise ValueError("of the caller's")
        except ValueError:
            first = [list(engine.run([{"stage": "none", "root": "", "job": ""}])) for _ in range(2)]
        assert engine.pids
    assert all("is no stage" in outcome.error for outcomes in first for outcome in outcomes)


def test_a_stop_ends_the_workers(tmp_path: Path) -> None:
    found, new = recipe(tmp_path)
    write(new, tmp_path / "in", 4)
    engine = Local(2)

    class Stop:
        def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
            if done:
                raise KeyboardInterrupt

        def check(self) -> None:
            return None

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        apply_recipe(found, tmp_path / "in", tmp_path / "out", engine=engine, vectors="vector", progress=Stop())
    assert engine.pids == [] and time.monotonic() - began < 60


@pytest.mark.parametrize("engine", ["ray", "dask:/", ""])
def test_an_engine_that_is_none(engine: str) -> None:
    with pytest.raises(SettingsError, match="engine="):
        engine_of(engine, 2)


def test_row_ids_are_in_the_order_of_the_rows() -> None:
    from elute.engines.parts import place_of, row_ids, shard_of

    ids = np.concatenate([row_ids(shard, 3) for shard in range(4)])
    assert ids.tolist() == sorted(ids.tolist()) and len(set(ids.tolist())) == 12
    assert shard_of(ids).tolist() == [0] * 3 + [1] * 3 + [2] * 3 + [3] * 3 and place_of(ids).tolist() == [0, 1, 2] * 4
