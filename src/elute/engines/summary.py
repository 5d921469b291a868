"""What came of a run: a row a shard, counts by reason, what failed and why."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from elute.engines.shards import left_out
from elute.recipe.judged import together

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class ShardDone:
    """One shard.

    Attributes
    ----------
    name : str
    rows, kept : int
        0 where it failed.
    went : dict of str to int
        Rows that went, by reason.
    error : str
        "" or why it was left out, in a sentence.
    skipped : tuple of str
        What could not be done on it, with ``on_missing="skip"``.
    guessed : str
        What a text that is no UTF-8 was read as; "" where nothing was guessed.
    """

    name: str
    rows: int = 0
    kept: int = 0
    went: Mapping[str, int] | None = None
    error: str = ""
    skipped: tuple[str, ...] = ()
    guessed: str = ""


@dataclass(frozen=True)
class Summary:
    """A run.

    Attributes
    ----------
    out : str
        ``data/`` (rows that stay, a file a shard), ``rows/`` (what was said of each row) and ``summary.json`` are in it.
    shards : tuple of ShardDone
    engine : str
    workers : int
    seconds : float
    work : dict of str to (int, int)
        Tasks of each stage: done now, and found done by an earlier run.
    memory : int
        The most that one worker had in memory, in bytes; 0 where that is not known.
    recipe : str
        Its digest.
    stale : tuple of str
        Files in ``data/`` that an earlier run wrote, for shards that are not among these. They are left, and said.
    unread : tuple of str
        Files of the folders of the shards that are no shards by their endings, though :func:`elute.read` reads them.
    """

    out: str
    shards: tuple[ShardDone, ...]
    engine: str
    workers: int
    seconds: float
    work: Mapping[str, tuple[int, int]]
    memory: int
    recipe: str
    stale: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        return sum(shard.rows for shard in self.shards)

    @property
    def kept(self) -> int:
        return sum(shard.kept for shard in self.shards)

    @property
    def failed(self) -> tuple[ShardDone, ...]:
        """Shards that were left out."""
        return tuple(shard for shard in self.shards if shard.error)

    @property
    def ok(self) -> bool:
        """Whether every shard is done."""
        return not self.failed

    @property
    def went(self) -> dict[str, int]:
        """Rows that went, by reason, the most first."""
        total: dict[str, int] = {}
        for shard in self.shards:
            for reason, count in (shard.went or {}).items():
                total[reason] = total.get(reason, 0) + count
        return dict(sorted(total.items(), key=lambda one: (-one[1], one[0])))

    @property
    def left(self) -> str:
        """What is to be said of :attr:`stale`, "" where there is none."""
        if not self.stale:
            return ""
        return f"Left in data/ by an earlier run, of shards that are not among these: {_some(self.stale)}. Remove what is not to count."

    @property
    def guessed(self) -> str:
        """What is to be said of shards that are no UTF-8, in one line; "" where there is none. What is written is UTF-8."""
        found = [(shard.name, shard.guessed) for shard in self.shards if shard.guessed]
        if not found:
            return ""
        names, read_as = [name for name, _ in found], " or ".join(sorted({guessed for _, guessed in found}))
        told = f"{names[0]} is" if len(names) == 1 else f"{len(names):,} shards are"
        which = "" if len(names) == 1 else f": {_some(names)}"
        return f"{told} not UTF-8, read as {read_as} and written as UTF-8{which}. If letters look wrong, save as UTF-8 and start again."

    def table(self) -> pd.DataFrame:
        """A row a shard: name, rows, kept, error."""
        import pandas as pd

        return pd.DataFrame([{"shard": one.name, "rows": one.rows, "kept": one.kept, "error": one.error} for one in self.shards])

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {**asdict(self), "rows": self.rows, "kept": self.kept, "went": self.went, "ok": self.ok}

    def to_json(self) -> bytes:
        return json.dumps(self.to_dict(), indent=1).encode()

    def __str__(self) -> str:
        lines = [
            f"{self.kept:,} of {self.rows:,} rows stay, in {len(self.shards) - len(self.failed):,} of {len(self.shards):,} shards."
        ]
        lines += [f"{count:,}: {why}" for why, count in self.went.items()]
        lines += [f"{shard.name}: {shard.error}" for shard in self.failed]
        told = together(sentence for shard in self.shards for sentence in shard.skipped)
        return "\n".join([*lines, *told, *filter(None, (self.guessed, self.left, left_out(self.unread)))])


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3:,} more" if len(names) > 3 else "")
