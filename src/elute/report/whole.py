"""What a report of the whole session tells, as plain values; and the report itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from elute.report.document import Picture, Readable, Section
from elute.report.facts import ClusterFact, Standing
from elute.report.removed import Removal


@dataclass(frozen=True)
class RoundFact:
    """One round of the session.

    Attributes
    ----------
    standing : Standing
    settings : tuple of str
        What it was made with, a line each.
    notes : tuple of str
    clusters : tuple of ClusterFact
        Largest first; noise last.
    picture : Picture or None
        None where the round is not kept any more, or is not drawn.
    taken_back : bool
        What it was made of is in force no more.
    """

    standing: Standing
    settings: tuple[str, ...]
    notes: tuple[str, ...] = ()
    clusters: tuple[ClusterFact, ...] = ()
    picture: Picture | None = None
    taken_back: bool = False


@dataclass(frozen=True)
class Gone:
    """One decision that took rows: what it was, why, and a few of its rows."""

    removal: Removal
    why: str
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Whole:
    """All of it.

    Attributes
    ----------
    title, task : str
    came : tuple of (str, str)
        What came in: names and figures.
    repaired : tuple of (str, int, int)
        Of each kind of defect the rows that had it before and after the cleaning of the working copy.
    kept, n : int
        Rows that stay, and rows that came in, without those of a reference.
    rounds : tuple of RoundFact
    gone : tuple of Gone
        Oldest first.
    compared : tuple of (str, str, str)
        Duplicates and balance: what, before, after.
    labels : tuple of (str, int, int)
        Rows of each label before and after, most first; after, by the labels that were proposed.
    said : tuple of str
        What the analyst said of the whole, and what accepted advice did.
    verdicts : tuple of (str, str, str)
        Of each cluster of the last round: name, verdict, summary.
    by : str
        Who judged.
    recipe : tuple of str or None
        What the recipe does, in sentences; None where there is none.
    versions : dict of str to str
    other : tuple of str
        What else the reader should know: rounds not drawn, decisions newer than the last round.
    told : bool
        Whether texts, names and labels are in it.
    reference : int
        Rows of a reference, which take part in each round.
    sample : str
        Where all of it is about a sample: that it is, and what stands behind it; "" otherwise.
    settings : tuple of str
        What the round that is shown was made with, a line each.
    proposed : dict of str to str
        Of how many rows a label or a cleaned text is proposed, and where: a sentence for each of ``elute_label`` and ``elute_text``.
    """

    title: str
    task: str
    came: tuple[tuple[str, str], ...]
    repaired: tuple[tuple[str, int, int], ...]
    kept: int
    n: int
    rounds: tuple[RoundFact, ...]
    gone: tuple[Gone, ...]
    compared: tuple[tuple[str, str, str], ...]
    labels: tuple[tuple[str, int, int], ...]
    said: tuple[str, ...]
    verdicts: tuple[tuple[str, str, str], ...]
    by: str
    recipe: tuple[str, ...] | None
    versions: Mapping[str, str]
    other: tuple[str, ...] = ()
    told: bool = True
    reference: int = 0
    sample: str = ""
    settings: tuple[str, ...] = ()
    proposed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, repr=False)
class SessionReport(Readable):
    """What there is to read about a session: sections and pictures, in the order in which they are read."""

    title: str
    parts: tuple[Section | Picture, ...]
    foot: str = ""

    @property
    def html(self) -> str:
        """As one HTML page that loads nothing and runs nothing."""
        from elute.report.page import session_page

        return session_page(self)

    @property
    def text(self) -> str:
        """As Markdown, with what each picture shows in its place. What comes from data or a model is escaped."""
        from elute.report.markdown import session_markdown

        return session_markdown(self)
