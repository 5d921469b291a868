"""HTML in the texts, taken out of what is handed back: safe where few texts hold it, a look where it is how the set is written."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np

from elute.corpus import Corpus
from elute.findings.table import MOST
from elute.prepare.clean import collapse_whitespace, strip_markup
from elute.suggest.ground import Ground, Mask
from elute.suggest.suggestion import Example, Suggestion, identity
from elute.suggest.words import many, share

LONG = 50_000
"""Characters of a text that are read: who looks for markup in more finds it in these."""


def markup(ground: Ground) -> list[Suggestion]:
    """Texts with tags or entities, each with what it would read like.

    As for every rule, beyond 5 % of the rows it is nothing to accept in bulk: 5.8 % of SMS hold ``&lt;#&gt;``, where a number stood.

    The round may have read them without already; accepting says that what comes out (``elute_text``) is without too.
    """
    done = getattr(ground.state, "edit_steps", {}).get("markup")
    rows = with_markup(ground.corpus) & ground.free
    if done is not None:
        rows &= ~done
    if not rows.any():
        return []
    count = int(rows.sum())
    at = np.flatnonzero(rows)
    usual = count > max(1, MOST * ground.kept)
    chosen = at[np.linspace(0, len(at) - 1, min(3, len(at))).astype(int)]
    return [
        Suggestion(
            identity("markup", ground.ids(rows)), "look" if usual else "safe", "markup", "look" if usual else "edit",
            f"{many(count, 'text')} with HTML" if usual else f"Clean {many(count, 'text')} of HTML",
            "They hold tags, comments or entities; the words stay." + (" So many do that it may belong to the set." if usual else ""),
            rows, count, other="edit" if usual else None, confidence=1.0,
            meaning="only what is HTML is taken out; what merely looks like it stays",
            effect=f"{share(count, ground.kept)} read without markup in the column elute_text; your own column stays as it is.",
            examples=tuple(Example(int(row), after=strip_markup(ground.corpus.texts[row] or "")) for row in chosen),
        )
    ]  # fmt: skip


def with_markup(corpus: Corpus) -> Mask:
    """(n,) texts of which markup can be taken out, and words are left; read once for a corpus."""
    if corpus not in _KNOWN:
        _KNOWN[corpus] = np.fromiter((_has(text) for text in corpus.texts), bool, len(corpus))
    return _KNOWN[corpus]


def _has(text: str | None) -> bool:
    if text is None or ("<" not in text and "&" not in text):
        return False
    text = text[:LONG]
    clean = strip_markup(text)
    return clean != text and bool(collapse_whitespace(clean))


_KNOWN: WeakKeyDictionary[Corpus, Mask] = WeakKeyDictionary()
