"""What each step of a recipe over shards takes: seconds of a processor and bytes by step, in one process.

    python bench/steps.py [rows, 100000] [real]

Vectors are given, as in scale.py; exact copies, near copies and a cap a cluster: every shuffle there is. Texts are made, or with
``real`` those of $ELUTE_DATA (some 171,000 at most). Seconds are those that the process had a core, so that other work on the machine
counts little, and waiting for a disk not at all. ``plan.py`` reckons with what is measured here.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import data
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from scale import recipe, shard

from elute import apply_recipe
from elute.engines.base import Outcome, Task
from elute.engines.inline import Inline
from elute.engines.store import Store

BUCKETS = 8


@dataclass
class Step:
    """Sums over the tasks of a step: seconds, bytes written and read, reads; and the largest record that it shuffled, in bytes."""

    tasks: int = 0
    seconds: float = 0.0
    wrote: int = 0
    got: int = 0
    reads: int = 0
    record: int = 0


class Watched(Inline):
    """The plain loop, with a clock; what goes through a Store while a task runs is that task's."""

    def __init__(self) -> None:
        self.steps: dict[str, Step] = {}
        self.now = Step()
        Store.write, Store.read = self._write(Store.write), self._read(Store.read)  # type: ignore[method-assign]

    def run(self, tasks: Sequence[Task]) -> Iterator[Outcome]:
        for index, task in enumerate(tasks):
            name = " ".join([str(task["stage"]), str(task.get("step", ""))]).strip()
            self.now = self.steps.setdefault(name, Step())
            began = time.process_time()
            (found,) = super().run([task])
            self.now.tasks += 1
            self.now.seconds += time.process_time() - began
            yield Outcome(index, found.answer, found.error)

    def _write(self, inner: Callable[..., None]) -> Callable[..., None]:
        def write(store: Store, name: str, content: bytes) -> None:
            self.now.wrote += len(content)
            self.now.record = max(self.now.record, record_of(content))
            inner(store, name, content)

        return write

    def _read(self, inner: Callable[..., bytes]) -> Callable[..., bytes]:
        def read(store: Store, name: str, start: int = 0, stop: int | None = None) -> bytes:
            found: bytes = inner(store, name, start, stop)
            self.now.got += len(found)
            self.now.reads += 1
            return found

        return read


def record_of(content: bytes) -> int:
    """Bytes of a record, of a file as ``engines/parts.py`` writes them; 0 of any other."""
    try:
        told = json.loads(bytes(content[8 : 8 + int.from_bytes(content[:8])]))
        return np.dtype([(str(field), str(kind)) for field, kind in told["types"]]).itemsize
    except (ValueError, LookupError, TypeError):
        return 0


def real_texts() -> list[str]:
    """All distinct texts, mixed."""
    found = pd.concat([data._column(Path(os.environ["ELUTE_DATA"]) / name) for name in data.FILES]).drop_duplicates()
    return [str(text) for text in found.sample(frac=1, random_state=0)]


def given(rows: int, shards: int, real: bool) -> Iterator[pa.Table]:
    """The shards; real texts once each, mixed."""
    known = real_texts()[:rows] if real else None
    if known is not None and len(known) < rows:
        raise SystemExit(f"There are {len(known):,} distinct real texts: ask for fewer rows, or leave out 'real'.")
    for at in range(shards):
        table, n = shard(rows // shards, at), rows // shards
        yield table if known is None else table.set_column(0, "text", pa.array(known[at * n : (at + 1) * n]))


def measured(rows: int, shards: int, real: bool = False) -> dict[str, Step]:
    """The steps of one run, each shard of ``rows / shards``."""
    before = Store.write, Store.read
    try:
        with tempfile.TemporaryDirectory() as here:
            folder = Path(here)
            (folder / "in").mkdir()
            for at, table in enumerate(given(rows, shards, real)):
                pq.write_table(table, folder / "in" / f"part-{at:04}.parquet")
            made = recipe(folder, near=True)
            engine = Watched()
            done = apply_recipe(made, folder / "in", folder / "out", engine=engine, vectors="vector", buckets=BUCKETS)
            assert done.ok, str(done)
            return engine.steps
    finally:
        Store.write, Store.read = before  # type: ignore[method-assign]


def table(rows: int, steps: dict[str, Step]) -> str:
    """Markdown."""
    lines = ["| step | tasks | s a million rows | bytes written a row | bytes read a row |", "|---|---|---|---|---|"]
    for name, step in steps.items():
        lines.append(
            f"| {name} | {step.tasks} | {step.seconds / rows * 1e6:.1f} | {step.wrote / rows:.0f} | {step.got / rows:.0f} |"
        )
    total = [sum(getattr(step, name) for step in steps.values()) for name in ("tasks", "seconds", "wrote", "got")]
    return "\n".join(
        [*lines, f"| all | {total[0]} | {total[1] / rows * 1e6:.1f} | {total[2] / rows:.0f} | {total[3] / rows:.0f} |"]
    )


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    measured(4000, 2)  # compiled
    print(table(asked, measured(asked, 8, "real" in sys.argv)), flush=True)
