"""A report by rules: from facts to sections. Every sentence follows from a figure beside it."""

from __future__ import annotations

from elute.plain import many
from elute.report.document import Section
from elute.report.facts import Facts, Overlap, Standing
from elute.report.nextup import advised
from elute.report.words import beside, number, quoted, rows, share, signed

CLUSTERS, ROUNDS, PAIRS, REMOVALS = 40, 12, 20, 30
"""Lines of each table at most; what is left out is counted."""
EVEN = 0.9
"""Share of the number of clusters that equal ones would be as uneven as, from which their sizes count as even."""
TOLD = 0.1
"""Mixing, somewhere, from which a pair of clusters is listed."""
INDICES = (
    ("silhouette", "Silhouette", 3, True),
    ("davies_bouldin", "Davies-Bouldin", 2, False),
    ("calinski_harabasz", "Calinski-Harabasz", 1, True),
)
"""Key, title, digits, and whether higher is better."""
STILL = {"silhouette": 0.0005, "davies_bouldin": 0.005, "calinski_harabasz": 0.05}
"""Changes that the digits above do not show."""


def sections(facts: Facts) -> tuple[Section, ...]:
    """All sections, in the order in which they are read."""
    made = [distribution(facts), course(facts), overlaps(facts)]
    if facts.changes is not None:
        made.append(changed(facts))
    return (short(facts), *made, removed(facts), Section("What to do next", items=advised(facts)))


def short(facts: Facts) -> Section:
    """The round in a few sentences."""
    now, metrics = facts.now, facts.now.metrics
    noise = metrics.get("noise") or 0.0
    lines = [
        f"{now.kept:,} of {facts.n:,} rows are kept ({share(now.kept / max(1, facts.n))}), in "
        f"{int(metrics.get('clusters') or 0):,} clusters" + (f"; {share(noise)} of them are noise." if noise else ".")
    ]
    if facts.task:
        lines.insert(0, f"What the set is for: {facts.task}")
    if facts.sample:
        lines.insert(0, facts.sample)
    if told := beside(facts.reference):
        lines.append(told)
    if facts.before is not None:
        lines.append(_moved(facts.before, now))
    if facts.overlaps:
        mixed, flat = _mixed(facts.overlaps), [one for one in facts.overlaps if one.only_flat]
        said = many(len(mixed), "pair") + " of clusters" if mixed else "No two clusters"
        said += f" {'mixes' if len(mixed) == 1 else 'mix'} in the full space"
        lines.append(said + (f"; the 2D map alone lays {many(len(flat), 'pair')} over each other." if flat else "."))
    return Section("In short", tuple(lines))


def distribution(facts: Facts) -> Section:
    """How the rows lie in clusters."""
    clusters = [one for one in facts.clusters if one.cluster >= 0]
    metrics = facts.now.metrics
    lines = []
    if clusters:
        half, left = 0, sum(one.size for one in clusters) / 2
        for one in clusters:
            if left <= 0:
                break
            half, left = half + 1, left - one.size
        first, last = clusters[0], clusters[-1]
        half_in = f"Half of all clustered rows lie in {half} of {len(clusters)} clusters."
        largest = f"The largest cluster, “{first.name}”, has {rows(first.size)} ({share(first.share)})"
        if first.size > last.size:
            lines.append(f"{largest}; the smallest, “{last.name}”, {rows(last.size)}. {half_in}")
        else:
            lines.append(f"{largest}, and no cluster has fewer.")
        even = metrics.get("effective")
        uneven = bool(even) and float(even or 0) < EVEN * len(clusters)
        lines.append(
            f"Balance is {number(metrics.get('balance'), 2)} (1: all of one size)"
            + (f"; the sizes are as uneven as those of {even:.1f} equal clusters." if uneven else ".")
        )
    shown = facts.clusters[:CLUSTERS]
    if more := facts.clusters[CLUSTERS:]:
        lines.append(f"{len(more)} smaller clusters with {rows(sum(one.size for one in more))} are not listed.")
    labelled = any(one.label for one in shown)
    head = ("Cluster", "Rows", "Share", "Silhouette", *(("Main label",) if labelled else ()), "Verdict")
    table = tuple(
        (one.name, f"{one.size:,}", share(one.share), number(one.silhouette, 2), *((one.label,) if labelled else ()), one.verdict)
        for one in shown
    )
    most = max((one.share for one in shown), default=1.0) or 1.0
    return Section("Distribution", tuple(lines), head, table, tuple(one.share / most for one in shown))


def course(facts: Facts) -> Section:
    """The indices by round."""
    shown = facts.course[-ROUNDS:]
    lines = ["Higher is better but for Davies-Bouldin, where lower is. Each round is scored on the rows it kept."]
    if hidden := len(facts.course) - len(shown):
        lines.append(f"{hidden} earlier rounds are not listed.")
    table = tuple(
        (
            f"{one.number}{' (taken back)' if one.number in facts.undone else ''}",
            f"{one.kept:,}", f"{int(one.metrics.get('clusters') or 0):,}", share(one.metrics.get("noise") or 0.0),
            *(number(one.metrics.get(key), digits) for key, _, digits, _ in INDICES), number(one.metrics.get("balance"), 2),
        )
        for one in shown
    )  # fmt: skip
    head = ("Round", "Kept", "Clusters", "Noise", *(title for _, title, _, _ in INDICES), "Balance")
    return Section("Indices by round", tuple(lines), head, table)


def overlaps(facts: Facts) -> Section:
    """Which clusters mix, and where."""
    title = "Overlaps"
    if facts.overlaps is None:
        return Section(title, ("The vectors of this round are not at hand, so its overlaps are not told.",))
    if not facts.overlaps:
        return Section(title, ("No two clusters touch, in the full space or on a map.",))
    flat = [one for one in facts.overlaps if one.only_flat]
    told = [one for one in facts.overlaps if one.most >= TOLD]
    if not told:
        first = facts.overlaps[0]
        near = f"nearest to it are {quoted([first.a, first.b])} ({number(first.most, 2)} on a scale of 0 to 1)"
        return Section(title, (f"No two clusters mix, in the full space or on a map: {near}.",))
    # what only the flat map shows is never cut off before what mixes a little everywhere
    shown = sorted(told[:PAIRS], key=lambda one: -one.full)
    shown += [one for one in flat if one not in shown][: PAIRS // 2]
    lines = ["0: no row has a neighbour in the other cluster; 1: as if the rows of both had been shuffled."]
    if flat:
        apart = "in 3D and in the full space they are apart, so the overlap is the map's"
        lines.append(f"Only the 2D map lays {_pairs(flat)} over each other: {apart}.")
    if hidden := len(facts.overlaps) - len(shown):
        lines.append(f"{many(hidden, 'more pair')} that touch less are not listed.")
    table = tuple(
        (f"“{one.a}”, “{one.b}”", number(one.full, 2), number(one.in3, 2), number(one.in2, 2), _meaning(one)) for one in shown
    )
    return Section(title, tuple(lines), ("Clusters", "Full space", "3D", "2D", "What it means"), table)


def changed(facts: Facts) -> Section:
    """What is otherwise than in the round before."""
    found = facts.changes
    assert found is not None
    lines = [f"{rows(found.gone)} left and {rows(found.back)} came back."] if found.gone or found.back else []
    if not lines:
        lines = ["The same rows take part."]
    if not found.told:
        lines.append("That round is not kept any more, so nothing can be said of its clusters.")
    elif found.both:
        lines.append(
            f"Of the {rows(found.both)} in both rounds, {found.moved:,} ({share(found.moved / found.both)}) changed cluster."
        )
    if found.settings:
        lines.append(f"Other settings: {'; '.join(found.settings)}.")
    return Section(f"What changed since round {found.since}", tuple(lines), items=found.clusters)


def removed(facts: Facts) -> Section:
    """What is out, by decision."""
    title = "What was removed, and why"
    if not facts.removed:
        return Section(title, ("Nothing is removed.",))
    total, fresh = sum(one.rows for one in facts.removed), sum(one.rows for one in facts.removed if one.fresh)
    lines = [f"{rows(total)} ({share(total / max(1, facts.n))}) by {many(len(facts.removed), 'decision')}."]
    if facts.changes is not None:
        lines.append(f"Of them, {rows(fresh)} since round {facts.changes.since}.")
    shown = facts.removed[-REMOVALS:]
    if earlier := facts.removed[: -len(shown)]:
        lines.append(f"{many(len(earlier), 'earlier decision')} with {rows(sum(one.rows for one in earlier))} not listed.")
    table = tuple(
        (
            str(one.number),
            str(one.round) if one.round else "before",
            f"{one.rows:,}",
            one.reason or "no reason given",
            one.how,
            one.origin,
        )
        for one in reversed(shown)
    )
    return Section(title, tuple(lines), ("Decision", "Round", "Rows", "Reason", "How", "Mostly from"), table)


def _moved(before: Standing, now: Standing) -> str:
    said = []
    for key, title, digits, up in INDICES:
        then, here = before.metrics.get(key), now.metrics.get(key)
        if then is None or here is None:
            continue
        change = here - then
        word = (
            "unchanged"
            if abs(change) < STILL[key]
            else f"{signed(change, digits)}, {'better' if (change > 0) == up else 'worse'}"
        )
        said.append(f"{title} {number(here, digits)} ({word})")
    return (
        f"Since round {before.number}: {'; '.join(said)}." if said else f"Round {before.number} had no indices to compare with."
    )


def _mixed(found: tuple[Overlap, ...]) -> list[Overlap]:
    return [one for one in found if one.full >= 0.2]


def _pairs(found: list[Overlap]) -> str:
    said = [quoted([one.a, one.b]) for one in found[:3]]
    return "; ".join(said) + (f" and {many(len(found) - 3, 'more pair')}" if len(found) > 3 else "")


def _meaning(one: Overlap) -> str:
    # the names stand beside it already
    tail = one.why.removeprefix(f"{one.a} and {one.b} ")
    return tail[:1].upper() + tail[1:]
