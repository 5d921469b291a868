"""One run from beginning to end: which tasks, in which order, and what is done when one fails."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

from elute.engines.base import Engine, Outcome, Task
from elute.engines.crossing import near_name, steps_of
from elute.engines.failing import sentence
from elute.engines.finishing import done, forget, marker, stale
from elute.engines.job import WORK, Job, publish
from elute.engines.judging import among_key, judged_name, texts_name
from elute.engines.store import Store
from elute.engines.summary import ShardDone, Summary
from elute.errors import EluteError, InputError
from elute.progress import Progress
from elute.recipe import Recipe


class Run:
    """One run: what failed, what was done, and the most memory that a worker had."""

    def __init__(
        self,
        store: Store,
        recipe: Recipe,
        job: Job,
        start: Callable[[], Engine],
        progress: Progress,
        unread: tuple[str, ...] = (),
    ) -> None:
        self.store, self.recipe, self.job, self._start, self.progress, self.unread = store, recipe, job, start, progress, unread
        self.engine: Engine | None = None
        self.errors: dict[int, str] = {}
        self.skipped: dict[int, tuple[str, ...]] = {}
        self.work: dict[str, tuple[int, int]] = {}
        self.memory = 0

    def go(self) -> Summary:
        """All of it."""
        began = time.perf_counter()
        with _writing(self.store):
            publish(self.store, self.recipe)
        self._save()
        if not self._recall():
            self._judge()
        told = self._finished()
        rest = [index for index in self.job.good if index not in told]
        if rest:
            self._keep_texts()
            self._cross()
        self.work["finish"] = (0, len(told))
        told |= self._each("finish", [{"index": index} for index in rest], rest)
        for index in self.errors:
            with suppress(OSError):
                forget(self.store, self.job.shards[index].name)
        workers = self.engine.workers if self.engine else 0
        summary = Summary(
            self.store.root, tuple(self._shard(index, told.get(index)) for index in range(len(self.job.shards))),
            self.engine.name if self.engine else "none", workers, round(time.perf_counter() - began, 3), dict(self.work), self.memory,
            self.job.recipe, stale(self.store, self.job), self.unread,
        )  # fmt: skip
        self._tidy(summary)
        return summary

    def _judge(self) -> None:
        """Each shard by itself; then the job knows the key of each."""
        n = len(self.job.shards)
        good, among = list(range(n)), ""
        if n > 1:
            self._each("contents", [{"index": index} for index in good], good)
            good = [index for index in good if index not in self.errors]
            if len(good) > 1:
                among = among_key(self.job, good)
                self._all("before", [{"bucket": bucket, "good": good, "among": among} for bucket in range(self.job.buckets)])
        near, name = "near copy" in steps_of(self.recipe.across), f"{WORK}/runs/{self.job.key}.json"
        told = self._each("judge", [{"index": index, "among": among, "texts": near} for index in good], good)
        self._know(told)
        if not self.errors:
            with _writing(self.store):
                self.store.write(name, json.dumps({str(index): told[index] for index in told}).encode())

    def _recall(self) -> bool:
        """Whether an earlier run has judged every shard as it is; then the job knows the key of each."""
        try:
            told = json.loads(self.store.read(f"{WORK}/runs/{self.job.key}.json"))
            found = {int(index): {name: each[name] for name in ("key", "rows", "skipped")} for index, each in told.items()}
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return False
        if not all(self.store.exists(judged_name(str(each["key"]))) for each in found.values()):
            return False
        self._know(found)
        self.work["judge"] = (0, len(found))
        return True

    def _keep_texts(self) -> None:
        """Texts go with the run that judged them; one that goes on after it makes them anew, where they are still to be compared."""
        if "near copy" in steps_of(self.recipe.across) and not self.store.exists(near_name(self.job)):
            late = [index for index in self.job.good if not self.store.exists(texts_name(self.job.judged[index]))]
            self._all("texts", [{"index": index} for index in late])

    def _know(self, told: Mapping[int, Mapping[str, Any]]) -> None:
        """The job, with what is known of each shard."""
        every = range(len(self.job.shards))
        keys = tuple(str(told[index]["key"]) if index in told else "" for index in every)
        self.skipped = {index: tuple(told[index]["skipped"]) for index in told}
        self.job = replace(self.job, judged=keys, rows=tuple(int(told[index]["rows"]) if index in told else 0 for index in every))
        self._save()

    def _save(self) -> None:
        with _writing(self.store):
            self.job.save(self.store)

    def _finished(self) -> dict[int, dict[str, Any]]:
        """Shards whose results are there already."""
        crosses = bool(self.recipe.across)
        found = {index: done(self.store, self.job, index, marker(self.job, index, crosses)) for index in self.job.good}
        return {index: told for index, told in found.items() if told is not None}

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
        self.engine = self.engine or self._start()
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
        skipped = self.skipped.get(index, ())
        return ShardDone(name, told["rows"], told["kept"], told["went"], skipped=skipped, guessed=told["guessed"])

    def _tidy(self, summary: Summary) -> None:
        """Texts go, whatever failed. Write the summary; once every shard is done, all that only a run in the middle needs goes too."""
        with _writing(self.store):
            self.store.clear(f"{WORK}/texts")
            self.store.write("summary.json", summary.to_json())
            if summary.ok:
                self.store.sweep()
                self.store.clear(f"{WORK}/cross")


@contextmanager
def _writing(store: Store) -> Iterator[None]:
    """What the disk says, in one sentence."""
    try:
        yield
    except OSError as error:
        raise InputError(f"{store.root} can't be written to. {sentence(error)}") from None
