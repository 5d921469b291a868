"""Every task by its name: a pure function of files that are there and files that it writes, which may run any number of times."""

from __future__ import annotations

from typing import Any

from elute.engines import crossing, finishing, judging, nearing
from elute.engines.base import Task
from elute.engines.job import job_of
from elute.engines.store import Store
from elute.errors import SettingsError

STAGES = {
    "contents": judging.contents,
    "before": judging.before,
    "judge": judging.judge,
    "texts": judging.keep_texts,
    "spread": crossing.spread,
    "gather": crossing.gather,
    "tally": crossing.tally,
    "sign": nearing.sign,
    "pair": nearing.pair,
    "check": nearing.check,
    "join": nearing.join,
    "finish": finishing.finish,
}


def run(task: Task) -> dict[str, Any]:
    """Do a task: ``{"stage": ..., "root": folder of the results, "job": name of the job, ...}``; the rest are its own arguments."""
    rest = dict(task)
    stage, root, job = STAGES.get(rest.pop("stage")), rest.pop("root"), rest.pop("job")
    if stage is None:
        raise SettingsError(f"{task['stage']!r} is no stage: the workers have another version of elute than this process.")
    answer: dict[str, Any] = stage(Store(root), job_of(root, job), **rest)  # type: ignore[operator]
    return answer
