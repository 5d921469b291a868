"""Why a decision was made, in words that may be handed on."""

from __future__ import annotations

from elute.decisions import Decision
from elute.decisions.proposals import reason
from elute.report.removed import HOW


def why(decision: Decision, words: bool) -> str:
    """The reason of a decision.

    Parameters
    ----------
    words : bool
        True: whatever it says. False: a reason that was given in code, by hand; of any other, which may hold names that were made of
        words of the texts, as the title of a suggestion that was dismissed does, how it came about and, for a suggestion, of which
        kind.
    """
    kind = str(decision.source.get("kind", ""))
    if words or (kind == "code" and decision.reason and decision.kind != "dismiss"):
        return reason(decision)
    how = HOW.get(kind, kind if kind.isidentifier() else "") or decision.kind
    kinds = ", ".join(str(each).replace("_", " ") for each in decision.source.get("kinds", ()) or ())
    return f"{how} ({kinds})" if kinds else how
