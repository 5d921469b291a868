"""A recipe over shards, from beginning to end: which tasks, in which order, on which engine."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from elute.engines import shards
from elute.engines.base import Engine, Outcome, Task
from elute.engines.crossing import steps_of
from elute.engines.failing import sentence
from elute.engines.finishing import done, forget, marker
from elute.engines.inline import Inline
from elute.engines.job import WORK, Job, publish
from elute.engines.judging import texts_name
from elute.engines.store import Store
from elute.engines.summary import ShardDone, Summary
from elute.errors import EluteError, InputError, MissingExtraError, SettingsError
from elute.progress import SILENT, Progress
from elute.recipe import Recipe

Paths = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


def apply_recipe(
    recipe: Recipe | str | os.PathLike[str],
    paths: Paths,
    out: str | os.PathLike[str],
    *,
    engine: str | Engine = "local",
    workers: int = 2,
    columns: Mapping[str, str] | None = None,
    vectors: str | None = None,
    on_missing: str = "refuse",
    buckets: int | None = None,
    progress: Progress = SILENT,
) -> Summary:
    """Treat shards as a session treated its rows.

    The same rows stay for any engine, number and order of shards, and number of workers. A run that was killed goes on where it was when
    it is started again; a finished one does nothing. A shard that fails is listed and left out, and the others are done.

    Parameters
    ----------
    recipe : Recipe or path of one
    paths : path, pattern, or list of them
        Parquet, JSON lines or CSV; folders; fsspec addresses (``s3://bucket/set``). Rows count in the order of the shards' names.
    out : path or fsspec address
        A folder that all workers see. ``data/`` gets the rows that stay, ``rows/`` what was said of each row, ``_elute/`` what a
        later run goes on from.
    engine : {"local", "inline"}, ``"dask"``, ``"dask://host:port"``, or an Engine
        Processes of this machine, none, or a Dask cluster (``pip install 'elute[dask]'``).
    workers : int
        Processes that are started here; a cluster has its own.
    columns : mapping, optional
        Name that the recipe knows to the name in the shards.
    vectors : str, optional
        Column of the shards that holds a vector for each row.
    on_missing : {"refuse", "skip"}
        As in :meth:`elute.recipe.Recipe.judge`.
    buckets : int, optional
        Parts of a shuffle, each of which has to fit into the memory of a worker: as many as there are shards, at most 16, which do for
        some 10 million short texts. What comes out does not depend on it.

    Raises
    ------
    InputError
        There are no shards, or they are where the results would go.
    RecipeError
        The recipe can't be read, or needs what is not there.
    ProviderError
        The scheduler can't be reached, or died.
    EluteError
        A shuffle failed; started again, it goes on.
    """
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise MissingExtraError("A recipe over shards", "recipe") from None
    if buckets is not None and not 1 <= buckets <= 4096:
        raise SettingsError(f"buckets={buckets}: 1 to 4096.")
    if on_missing not in ("refuse", "skip"):
        raise SettingsError(f"on_missing={on_missing!r}: 'refuse' or 'skip'.")
    made = recipe if isinstance(recipe, Recipe) else Recipe.load(Path(os.fspath(recipe)))
    if made.needs_given and not vectors:
        raise InputError(
            'This recipe was made from vectors that were given. Say which column of the shards has them: vectors="...".'
        )
    found = shards.find(paths)
    where = os.fspath(out)
    store = Store(where if "://" in where else str(Path(where).resolve()))
    _apart(store, found)
    job = Job(made.digest, tuple(found), dict(columns or {}), vectors or "", on_missing, buckets or min(16, len(found)))
    with engine_of(engine, workers) as running:
        return _Run(store, made, job, running, progress).go()


def engine_of(engine: str | Engine, workers: int) -> Engine:
    """An engine by its name.

    Raises
    ------
    SettingsError
        There is no such engine.
    """
    if not isinstance(engine, str):
        return engine
    if engine == "inline":
        return Inline()
    if engine == "local":
        from elute.engines.local import Local

        return Local(workers)
    if engine == "dask" or engine.startswith("dask://"):
        from elute.engines.dask import Dask

        return Dask(engine.removeprefix("dask").removeprefix("://"), workers)
    raise SettingsError(f"engine={engine!r}: 'local', 'inline', 'dask' or 'dask://host:port'.")


def _apart(store: Store, found: Sequence[shards.Shard]) -> None:
    """Results among the shards would be taken for shards the next time."""
    for shard in found:
        place = f"{shard.folder.rstrip('/')}/{shard.name}"
        if place.startswith(store.root.rstrip("/") + "/"):
            raise InputError(f"{shard.name} is in the folder of the results, {store.root}. Choose another folder for them.")


class _Run:
    """One run: what failed, what was done, and the most memory that a worker had."""

    def __init__(self, store: Store, recipe: Recipe, job: Job, engine: Engine, progress: Progress) -> None:
        self.store, self.recipe, self.job, self.engine, self.progress = store, recipe, job, engine, progress
        self.errors: dict[int, str] = {}
        self.skipped: dict[int, tuple[str, ...]] = {}
        self.work: dict[str, tuple[int, int]] = {}
        self.memory = 0

    def go(self) -> Summary:
        """All of it."""
        began = time.perf_counter()
        self._save()
        self._judge()
        if not self._all_finished():
            self._cross()
        told = self._each("finish", [{"index": index} for index in self.job.good], self.job.good)
        for index in self.errors:
            with suppress(OSError):
                forget(self.store, self.job.shards[index].name)
        summary = Summary(
            self.store.root, tuple(self._shard(index, told.get(index)) for index in range(len(self.job.shards))), self.engine.name,
            self.engine.workers, round(time.perf_counter() - began, 3), dict(self.work), self.memory, self.job.recipe,
        )  # fmt: skip
        self._tidy(summary)
        return summary

    def _judge(self) -> None:
        """Each shard by itself; then the job knows the key of each."""
        n = len(self.job.shards)
        good = list(range(n))
        if n > 1:
            self._each("contents", [{"index": index} for index in good], good)
            good = [index for index in good if index not in self.errors]
            if len(good) > 1:
                self._all("before", [{"bucket": bucket, "good": good} for bucket in range(self.job.buckets)])
        near = "near copy" in steps_of(self.recipe.across)
        self._know(self._each("judge", [{"index": index, "good": good, "texts": near} for index in good], good))
        if near and not self._all_finished():
            # texts are kept until a run is finished; this one goes on after one that was, with other shards
            late = [index for index in self.job.good if not self.store.exists(texts_name(self.job.judged[index]))]
            self._all("judge", [{"index": index, "good": good, "texts": True, "again": True} for index in late])

    def _know(self, told: Mapping[int, Mapping[str, Any]]) -> None:
        """The job, with what is known of each shard."""
        every = range(len(self.job.shards))
        keys = tuple(str(told[index]["key"]) if index in told else "" for index in every)
        self.skipped = {index: tuple(told[index]["skipped"]) for index in told}
        self.job = replace(self.job, judged=keys, rows=tuple(int(told[index]["rows"]) if index in told else 0 for index in every))
        self._save()

    def _save(self) -> None:
        try:
            publish(self.store, self.recipe)
            self.job.save(self.store)
        except OSError as error:
            raise InputError(f"{self.store.root} can't be written to. {sentence(error)}") from None

    def _finished(self) -> dict[int, dict[str, Any]]:
        """Shards whose results are there already."""
        crosses = bool(self.recipe.across)
        found = {index: done(self.store, self.job, index, marker(self.job, index, crosses)) for index in self.job.good}
        return {index: told for index, told in found.items() if told is not None}

    def _all_finished(self) -> bool:
        return len(self._finished()) == len(self.job.good)

    def _cross(self) -> None:
        """What is not per row, step by step."""
        buckets: list[Task] = [{"bucket": bucket} for bucket in range(self.job.buckets)]
        good: list[Task] = [{"index": index} for index in self.job.good]
        for step in steps_of(self.recipe.across):
            if step == "near copy":
                for stage, tasks in (("sign", good), ("pair", buckets), ("check", buckets), ("join", [{}])):
                    self._all(stage, tasks)
            if step == "balance":
                self._caps(good)
            self._all("spread", [{**task, "step": step} for task in good])
            self._all("gather", [{**task, "step": step} for task in buckets])

    def _caps(self, good: Sequence[Task]) -> None:
        """Count what is there over all shards, and write down how much of each stratum may stay."""
        name = f"{self.job.folder}/caps.json"
        if self.store.exists(name) or self.recipe.across.balance is None:
            return
        total: dict[int, int] = {}
        for told in self._all("tally", good):
            for stratum, count in told["counts"]:
                total[stratum] = total.get(stratum, 0) + count
        self.store.write(name, json.dumps(self.recipe.across.balance.caps(total)).encode())

    def _each(self, stage: str, tasks: Sequence[Task], indices: Sequence[int]) -> dict[int, dict[str, Any]]:
        """Tasks of shards: those that fail are left out from now on. Returns the answers by shard."""
        told: dict[int, dict[str, Any]] = {}
        for outcome in self._run(stage, tasks):
            index = indices[outcome.index]
            if outcome.error:
                self.errors[index] = outcome.error
            else:
                told[index] = outcome.answer
        return told

    def _all(self, stage: str, tasks: Sequence[Task]) -> list[dict[str, Any]]:
        """Tasks of which none may fail, since others build on them."""
        told = list(self._run(stage, tasks))
        failed = sorted({outcome.error for outcome in told if outcome.error})
        if failed:
            raise EluteError(f"The stage {stage!r} failed: {failed[0]} Start again: what is done is not done twice.")
        return [outcome.answer for outcome in told]

    def _run(self, stage: str, tasks: Sequence[Task]) -> Iterator[Outcome]:
        if not tasks:
            return
        whole = [{"stage": stage, "root": self.store.root, "job": self.job.name, **task} for task in tasks]
        self.progress.report(stage, 0, len(whole))
        for count, outcome in enumerate(self.engine.run(whole), start=1):
            new, old = self.work.get(stage, (0, 0))
            if not outcome.error:
                self.work[stage] = (new + 1, old) if outcome.answer.get("new", True) else (new, old + 1)
            self.memory = max(self.memory, outcome.memory)
            self.progress.report(stage, count, len(whole))
            yield outcome

    def _shard(self, index: int, told: Mapping[str, Any] | None) -> ShardDone:
        name = self.job.shards[index].name
        if told is None:
            return ShardDone(name, error=self.errors.get(index, "It was not worked on."))
        return ShardDone(name, told["rows"], told["kept"], told["went"], skipped=self.skipped.get(index, ()))

    def _tidy(self, summary: Summary) -> None:
        """Write the summary. Once every shard is done, what only a run in the middle needs goes: texts first of all."""
        try:
            self.store.write("summary.json", summary.to_json())
            if summary.ok:
                self.store.sweep()
                for folder in ("texts", "cross"):
                    self.store.clear(f"{WORK}/{folder}")
        except OSError as error:
            raise InputError(f"{self.store.root} can't be written to. {sentence(error)}") from None
