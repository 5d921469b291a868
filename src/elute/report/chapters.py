"""The report of a session by rules: from facts to sections and pictures. Every sentence follows from a figure beside it."""

from __future__ import annotations

from collections.abc import Iterator

from elute.plain import many
from elute.report.curves import curves
from elute.report.document import Picture, Section
from elute.report.facts import ClusterFact, Facts
from elute.report.sections import course
from elute.report.whole import Gone, RoundFact, SessionReport, Whole
from elute.report.words import beside, number, rows, share

CLUSTERS, GONE, LABELS, VERDICTS = 12, 60, 15, 40
"""Lines of each table at most; what is left out is counted."""


def session_report(whole: Whole) -> SessionReport:
    """The whole report."""
    parts = tuple(part for part in _parts(whole) if not isinstance(part, Picture) or part.svg)
    foot = "Written by elute, by rules." + ("" if whole.told else " Texts, names and labels were left out.")
    return SessionReport(whole.title, parts, foot)


def _parts(whole: Whole) -> Iterator[Section | Picture]:
    yield _short(whole)
    yield Section("What came in", head=("What", "Value"), rows=whole.came)
    if whole.repaired:
        yield Section(
            "What was repaired",
            (
                "On a working copy: the table that came in is never changed."
                + (" Rows of the reference are counted too." if whole.reference else ""),
            ),
            ("Defect", "Rows before", "Rows after"),
            tuple((title, f"{before:,}", f"{after:,}") for title, before, after in whole.repaired),
        )
    standings = tuple(one.standing for one in whole.rounds)
    if standings:
        undone = frozenset(one.standing.number for one in whole.rounds if one.taken_back)
        yield course(Facts(whole.n, standings, (), None, None, (), undone=undone))
        yield curves(standings)
    for one in whole.rounds:
        if one.picture is not None:
            yield _round(one)
            yield one.picture
            if one.clusters:
                yield _clusters(one.standing.number, one.clusters)
    yield from _gone(whole)
    if whole.compared:
        yield Section("Duplicates and balance", head=("What", "Before", "After"), rows=whole.compared)
    if whole.labels:
        yield _labels(whole)
    if whole.said or whole.verdicts:
        yield _analyst(whole)
    if whole.recipe is not None:
        yield Section("The recipe", ("What new rows go through:",) if whole.recipe else (), items=whole.recipe)
    if whole.settings:
        yield Section("Settings of the last round", items=whole.settings)
    yield Section("Versions", head=("What", "Version"), rows=tuple(whole.versions.items()))


def _short(whole: Whole) -> Section:
    lines = list(filter(None, (whole.sample, f"What the set is for: {whole.task}" if whole.task else "")))
    made, rounds = many(len(whole.gone), "decision"), many(len(whole.rounds), "round")
    lines.append(
        f"{whole.kept:,} of {whole.n:,} rows are kept ({share(whole.kept / max(1, whole.n))}); "
        f"{rows(whole.n - whole.kept)} went by {made} in {rounds}."
    )
    return Section("In short", tuple(filter(None, (*lines, *whole.proposed.values(), beside(whole.reference), *whole.other))))


def _round(one: RoundFact) -> Section:
    now = one.standing
    said = [
        f"{rows(now.kept)} in {int(now.metrics.get('clusters') or 0):,} clusters, silhouette {number(now.metrics.get('silhouette'), 3)}."
    ]
    return Section(f"Round {now.number}{' (taken back)' if one.taken_back else ''}", (*said, *one.notes))


def _clusters(number_: int, found: tuple[ClusterFact, ...]) -> Section:
    shown, more = found[:CLUSTERS], found[CLUSTERS:]
    lines = (f"{len(more):,} smaller clusters with {rows(sum(one.size for one in more))} are not listed.",) if more else ()
    table = tuple((one.name, f"{one.size:,}", share(one.share), number(one.silhouette, 2), one.verdict) for one in shown)
    most = max((one.share for one in shown), default=1.0) or 1.0
    head = ("Cluster", "Rows", "Share", "Silhouette", "Verdict")
    return Section(f"Clusters of round {number_}", lines, head, table, tuple(one.share / most for one in shown))


def _gone(whole: Whole) -> Iterator[Section]:
    title = "What went, and why"
    if not whole.gone:
        yield Section(title, ("Nothing was removed.",))
        return
    shown, earlier = whole.gone[-GONE:], whole.gone[:-GONE]
    lines = []
    if earlier:
        count = rows(sum(one.removal.rows for one in earlier))
        lines.append(f"{len(earlier):,} earlier decisions with {count} are not listed.")
    table = tuple(
        (
            str(one.removal.number), str(one.removal.round) if one.removal.round else "before", f"{one.removal.rows:,}", one.why,
            one.removal.how,
        )
        for one in shown
    )  # fmt: skip
    yield Section(title, tuple(lines), ("Decision", "Round", "Rows", "Reason", "How"), table)
    if told := [one for one in shown if one.examples]:
        yield Section("Examples of what went", items=tuple(_example(one, text) for one in told for text in one.examples))


def _example(one: Gone, text: str) -> str:
    return f"Decision {one.removal.number}: “{text}”"


def _labels(whole: Whole) -> Section:
    shown, more = whole.labels[:LABELS], whole.labels[LABELS:]
    lines = (f"{len(more):,} labels with fewer rows are not listed.",) if more else ()
    table = tuple((name, f"{before:,}", f"{after:,}", share(after / max(1, before))) for name, before, after in shown)
    head = ("Label", "Rows before", "Rows after", "Kept")
    # where rows changed their label, what is there after is no share of what was there before
    width = 3 if "elute_label" in whole.proposed else 4
    return Section("Labels", lines, head[:width], tuple(row[:width] for row in table))


def _analyst(whole: Whole) -> Section:
    shown, more = whole.verdicts[:VERDICTS], whole.verdicts[VERDICTS:]
    lines = [f"Judged by {whole.by}.", *whole.said]
    if more:
        lines.append(f"{len(more):,} smaller clusters are not listed.")
    head: tuple[str, ...] = ("Cluster", "Verdict", "What it holds") if whole.told else ("Cluster", "Verdict")
    return Section("What the analyst said", tuple(lines), head if shown else (), tuple(row[: len(head)] for row in shown))
