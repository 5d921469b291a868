"""What a recipe over a billion rows would take, reckoned from two small runs, and how good such a reckoning is.

    python bench/plan.py [real] [rows to check against, 100000 ...]
    python bench/plan.py billion [real]

Each step is measured at 10,000 and 40,000 rows (steps.py). Seconds and bytes of a step are reckoned as so much a task and so much a
row; those of near copies (``pair``, ``check``) follow the number of pairs, which grows faster than rows, as a power of them, until each
key of each row has all the pairs that it may have. Then a simulation gives the tasks of each step to workers, and a step begins when the
one before it has ended, as in ``engines/driving.py``.
"""

from __future__ import annotations

import heapq
import json
import sys
from dataclasses import dataclass
from math import inf, log

from scale import D
from steps import BUCKETS, Step, measured

from elute.findings.duplicates import FRAME

SMALL, LARGE, SHARDS = 10_000, 40_000, 8
BY_PAIRS = ("pair", "check")
BY_SHARD = ("contents", "judge", "sign", "tally", "finish")
EMBEDDED = 350
"""Documents a second of one core: bench/embedding.py, two cores, halved."""
CORE_HOUR, GB_MONTH, THOUSAND_PUTS, THOUSAND_GETS = 0.05, 0.023, 0.005, 0.0004
"""Dollars that are assumed: a core of a common machine on demand, and object storage, as large public clouds listed them in 2025."""
MESSAGE = 0.002
"""Seconds of the scheduler and the network a task."""


@dataclass(frozen=True)
class Law:
    """``each`` a task, ``row`` a row to the power ``power``, and never more than ``most`` a row."""

    each: float
    row: float
    power: float = 1.0
    most: float = inf

    def at(self, rows: float, tasks: int) -> float:
        """The whole step."""
        return float(self.each * tasks + min(self.row * rows**self.power, self.most * rows))


def law(name: str, small: float, large: float, tasks: int, times: float) -> Law:
    """Through two measured points; nothing is below zero. Of pairs a row has no more than ``times`` as many as at the larger one."""
    if min(small, large) <= 0:
        return Law(0.0, max(small, large) / LARGE)
    if name.split()[0] in BY_PAIRS:
        power = max(1.0, log(large / small) / log(LARGE / SMALL))
        return Law(0.0, large / LARGE**power, power, times * large / LARGE)
    row = max(0.0, (large - small) / (LARGE - SMALL))
    return Law(max(0.0, large - row * LARGE) / tasks, row)


@dataclass(frozen=True)
class Laws:
    """A step: seconds, bytes written, bytes read; and bytes of a record that it shuffles."""

    name: str
    seconds: Law
    wrote: Law
    got: Law
    record: int = 0

    def tasks(self, shards: int, buckets: int) -> int:
        """How many tasks it has."""
        if self.name == "join":
            return 1
        return shards if self.name.split()[0] in (*BY_SHARD, "spread") else buckets


def laws(real: bool) -> list[Laws]:
    """Measured now."""
    measured(4000, 2, real)  # compiled
    small, large = measured(SMALL, SHARDS, real), measured(LARGE, SHARDS, real)
    found = []
    # a key pairs a row with FRAME others at most, and keys and pairs are records of 16 bytes
    times = FRAME * large["sign"].wrote / large["pair"].wrote
    print(f"pairs a row: at most {FRAME} for each key, {times:.1f} times as many as at {LARGE:,} rows")
    for name, step in large.items():
        less = small.get(name, Step())
        seconds, wrote, got = (
            law(name, getattr(less, of), getattr(step, of), step.tasks, times) for of in ("seconds", "wrote", "got")
        )
        found.append(Laws(name, seconds, wrote, got, step.record))
    return found


def simulated(found: list[Laws], rows: float, shards: int, buckets: int, workers: int, message: float = 0.0) -> float:
    """Seconds until the last worker is done."""
    clock = 0.0
    for one in found:
        tasks = one.tasks(shards, buckets)
        each = one.seconds.at(rows, tasks) / tasks + message
        free = [clock] * min(workers, tasks)
        heapq.heapify(free)
        full, rest = divmod(tasks, len(free))
        # equal tasks: rounds of all workers, and a last one of some
        clock = max(free) + each * (full + (rest > 0))
    return clock


def check(found: list[Laws], rows: int, real: bool) -> None:
    """Predicted beside measured."""
    steps = measured(rows, SHARDS, real)
    print(f"\n{rows:,} rows: step | predicted s | measured s | off")
    total = [0.0, 0.0]
    for one in found:
        predicted, seen = one.seconds.at(rows, one.tasks(SHARDS, BUCKETS)), steps[one.name].seconds
        total = [total[0] + predicted, total[1] + seen]
        if seen > 0.3:
            print(f"{one.name} | {predicted:.1f} | {seen:.1f} | {predicted / seen - 1:+.0%}")
    print(f"all | {total[0]:.1f} | {total[1]:.1f} | {total[0] / total[1] - 1:+.0%}", flush=True)


def billion(
    found: list[Laws], near: bool, rows: float = 1e9, shard: int = 200_000, workers: int = 256, buckets: int = 1024
) -> None:
    """The plan."""
    some = [one for one in found if near or one.name.split()[0] not in ("sign", *BY_PAIRS, "join") and "near" not in one.name]
    shards = int(rows / shard)
    seconds = simulated(some, rows, shards, buckets, workers, MESSAGE)
    embed = rows / EMBEDDED / workers
    cores = sum(one.seconds.at(rows, one.tasks(shards, buckets)) for one in some) / 3600
    wrote = sum(one.wrote.at(rows, one.tasks(shards, buckets)) for one in some)
    got = sum(one.got.at(rows, one.tasks(shards, buckets)) for one in some)
    tasks = sum(one.tasks(shards, buckets) for one in some)
    shuffles = sum(one.name.split()[0] in ("gather", "before", "pair", "check") for one in some)
    # a bucket's task reads a range of every shard's file, and a shard's task its share of every bucket's
    reads = shuffles * 2 * shards * buckets
    shuffled = [one for one in some if one.name.split()[0] in ("spread", "sign", "pair")]
    largest = max(one.wrote.at(rows, one.tasks(shards, buckets)) / buckets for one in shuffled)
    puts = tasks * 2
    money = {
        "embedding": rows / EMBEDDED / 3600 * CORE_HOUR,
        "steps": cores * CORE_HOUR,
        "storage, a month": wrote / 1e9 * GB_MONTH,
        "requests": reads / 1000 * THOUSAND_GETS + puts / 1000 * THOUSAND_PUTS,
    }
    copies = "looked for" if near else "not looked for"
    print(f"\n{rows:,.0f} rows, {shards:,} shards, {buckets:,} buckets, {workers} cores, near copies {copies}")
    print(
        f"embedding {embed / 3600:.1f} h ({rows / EMBEDDED / 3600:,.0f} core hours); "
        f"steps {seconds / 3600:.1f} h ({cores:,.0f} core hours)"
    )
    print(
        f"written {wrote / 1e12:.2f} TB, read {got / 1e12:.2f} TB, {tasks:,} tasks, {reads:,.0f} ranged reads, "
        f"largest bucket {largest / 1e9:.2f} GB"
    )
    _needs(some, rows, shards, shard, workers)
    print("dollars: " + ", ".join(f"{name} {dollars:,.0f}" for name, dollars in money.items()), flush=True)


def _needs(some: list[Laws], rows: float, shards: int, shard: int, workers: int) -> None:
    """What is reckoned from sizes alone, each with its formula."""
    from elute.engines.dask import AHEAD

    shuffled = {one.name: one.record for one in some if one.record and one.name not in ("judge", "finish")}
    print("bytes of a record that is shuffled: " + ", ".join(f"{name} {record}" for name, record in shuffled.items()))
    print(f"a shard's vectors: {shard:,} rows x {D} numbers x 4 bytes = {shard * D * 4 / 1e9:.2f} GB")
    # the widest task names every shard that could be read; there are as many of them as buckets
    task = len(
        json.dumps(
            {"stage": "before", "root": "x" * 40, "job": "x" * 50, "bucket": 0, "good": list(range(shards)), "among": "x" * 32}
        )
    )
    print(f"the scheduler: {AHEAD} tasks a worker x {workers} workers x {task:,} bytes (before, {shards:,} shards) = "
          f"{AHEAD * workers * task / 1e6:.0f} MB at a time")  # fmt: skip
    for one in some:
        if one.name == "check":
            edges = one.wrote.at(rows, 1)
            print(f"join, one task: {edges / rows:.1f} bytes of edges a row x {rows:,.0f} = {edges / 1e9:.1f} GB")


def main() -> None:
    """Print what was asked for."""
    given = sys.argv[1:]
    real = "real" in given
    found = laws(real)
    for one in found:
        print(f"{one.name} | {one.seconds.row * 1e6:.3g} us a row^{one.seconds.power:.2f} + {one.seconds.each * 1e3:.0f} ms a task | "
              f"{one.wrote.row:.3g} B^{one.wrote.power:.2f} written")  # fmt: skip
    if "billion" in given:
        for near in (False, True):
            billion(found, near)
        return
    for rows in [int(word) for word in given if word.isdigit()] or [100_000]:
        check(found, rows, real)


if __name__ == "__main__":
    main()
