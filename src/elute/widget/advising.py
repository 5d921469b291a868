"""What the analyst's advice would do together, before it is accepted; and what it did to the numbers afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from elute.decisions.effects import FIGURES, Effect
from elute.session.suggestions import Suggestions
from elute.suggest import Ground, Suggestion
from elute.suggest.advised import as_advised
from elute.suggest.plan import plan
from elute.suggest.words import goes, many

EFFECTS = 3
"""Accepted things that the page shows, the last one first."""


def foretold(session: Suggestions, ground: Ground, chosen: Sequence[Suggestion]) -> dict[str, Any]:
    """The reply to ``advice``: rows of all together, each counted once, and what the next round would be made with."""
    made = as_advised(chosen)
    todo = plan(made, session.state.keep, whole=session.corpus.whole)
    going = session.going(todo.drop)
    told = [goes(ground, going.rows), going.note] if todo.drop.any() else ["No row goes."]
    return {
        "rows": int(going.rows.sum()) if todo.drop.any() else 0,
        "ids": [one.id for one in made],
        "effect": " ".join(filter(None, told)),
        "next": _next(todo.settings.get("clusterer")),
    }


def told_effects(session: Suggestions) -> list[dict[str, Any]]:
    """What was accepted last did, for ``state``: the last one first, and of each the figures that moved."""
    return [_told(one) for one in reversed(session.effects[-EFFECTS:])]


def _told(one: Effect) -> dict[str, Any]:
    figures = [
        {
            "name": name, "title": title, "digits": digits, "before": one.before[name], "after": one.after[name],
            "better": None if up is None else (one.change[name] > 0) == up,
        }
        for name, title, up, digits in FIGURES
        if abs(one.change.get(name, 0.0)) >= 0.5 * 10**-digits and name not in one.unsure
    ]  # fmt: skip
    title = one.title if len(one.kinds) < 2 else f"{len(one.kinds)} suggestions: {one.title}"
    return {
        "id": one.decisions[0], "title": title[:200] + ("…" if len(title) > 200 else ""), "analyst": one.analyst,
        "rows": one.rows, "before_round": one.before_round, "after_round": one.after_round, "beside": one.beside, "figures": figures,
    }  # fmt: skip


def _next(clusterer: Any) -> str:
    """What steers the clusters of the next round, in words."""
    told = dict(clusterer or {})
    if "k" in told:
        return f"The next round would look for {many(int(told['k']), 'cluster')}."
    if told.get("resolution"):
        return f"The next round would be made at resolution {told['resolution']:.2f}."
    return f"The next round would be made at the {told['level']} level." if "level" in told else ""
