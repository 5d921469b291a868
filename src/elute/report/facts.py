"""What a report tells of a round, as plain values: no array, no text of a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from elute.report.changes import Changes
from elute.report.removed import Removal


@dataclass(frozen=True)
class ClusterFact:
    """One cluster: its name as a person sees it, and its figures. ``label`` is the most frequent one with its share, or ""."""

    cluster: int
    name: str
    size: int
    share: float
    silhouette: float | None
    duplicates: float
    label: str
    verdict: str
    reasons: tuple[str, ...]
    confidence: float


@dataclass(frozen=True)
class Standing:
    """A round in the row of rounds: ``metrics`` as :attr:`elute.rounds.round.Round.metrics`, those of an old journal may lack some."""

    number: int
    kept: int
    metrics: Mapping[str, float | int | None]


@dataclass(frozen=True)
class Overlap:
    """Two clusters that mix, by their names: how far in the full space, in 3D and in 2D, 0 to 1, and what that means."""

    a: str
    b: str
    full: float
    in3: float | None
    in2: float | None
    why: str

    @property
    def most(self) -> float:
        """The largest of the three."""
        return max(self.full, self.in3 or 0.0, self.in2 or 0.0)

    @property
    def only_flat(self) -> bool:
        """Whether the 2D map alone lays them over each other."""
        return self.in2 is not None and self.in2 >= 0.2 and self.full < 0.1 and (self.in3 is None or self.in3 < 0.1)


@dataclass(frozen=True)
class Facts:
    """All of it.

    Attributes
    ----------
    n : int
        Rows of the table, without those of a reference.
    course : tuple of Standing
        Rounds up to this one, which is the last.
    undone : frozenset of int
        Numbers of those that were taken back before this one was begun.
    clusters : tuple of ClusterFact
        Largest first; noise (-1) last, where there is any.
    overlaps : tuple of Overlap, or None
        None where the vectors of that round are not at hand.
    changes : Changes or None
        Since the round before; None where this is the first.
    removed : tuple of Removal
        By decision, oldest first.
    task : str
    advice : tuple of str
        What the analyst advises for the whole, a sentence each.
    reference : int
        Rows of a reference, which take part in each round.
    sample : str
        Where the rows are a sample: that they are, and what stands behind it; "" otherwise.
    """

    n: int
    course: tuple[Standing, ...]
    clusters: tuple[ClusterFact, ...]
    overlaps: tuple[Overlap, ...] | None
    changes: Changes | None
    removed: tuple[Removal, ...]
    task: str = ""
    advice: tuple[str, ...] = ()
    reference: int = 0
    sample: str = ""
    undone: frozenset[int] = frozenset()

    @property
    def now(self) -> Standing:
        """This round."""
        return self.course[-1]

    @property
    def before(self) -> Standing | None:
        """The round from which the session came to this one."""
        return next((one for one in reversed(self.course[:-1]) if one.number not in self.undone), None)
