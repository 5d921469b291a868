"""HTML in the texts, taken out of what is handed back: safe where few texts hold it, a look where it is how the set is written, and
where it stands in code."""

from __future__ import annotations

import re
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

_TAG = re.compile(r"</?[a-z][^<>]*>|&#?\w{1,31};", re.IGNORECASE)
_SCRIPT = re.compile(r"<(?:script|style)\b", re.IGNORECASE)
_CODE = re.compile(
    r"""
      ``` | [!=]== | [!=<>]=(?!=) | == | && | \|\| | [-=]> | :: | \w:=\w | [-+*%]= | \w\ ?=\ ?[\w"'\[({$]      # operators
    | ["'\w]\ ?:\ ?["\[{] | \w\.\w+\( | \w\(\) | \w\(.*\)\s*[:;{] | \w\[["'\w]+\] | \\[a-z]{2,}[{\s] | \$\{?[a-z_]\w*
    | ^[ \t]*(?:[}\])] | //|/\*|\#!|\#include | (?:def|class|fn|func|function|import|return|const|let|var)\ .*[;:{()])
    | [;{}\\][ \t]*$ | \bSELECT\b.+\bFROM\b""",
    re.MULTILINE | re.VERBOSE,
)


def markup(ground: Ground) -> list[Suggestion]:
    """Texts with tags or entities, each with what it would read like; none where the person wants markup to stay (``Prepare``).

    As for every rule, beyond 5 % of the rows it is nothing to accept in bulk: 5.8 % of SMS hold ``&lt;#&gt;``, where a number stood. Nor
    is code: ``replace("<b>", "")`` is no bold text.

    The round may have read them without already; accepting says that what comes out (``elute_text``) is without too.
    """
    if not ground.made.settings.prepare.markup:
        return []
    done = getattr(ground.state, "edit_steps", {}).get("markup")
    rows = with_markup(ground.corpus) & ground.free
    if done is not None:
        rows &= ~done
    usual = int(rows.sum()) > max(1, MOST * ground.kept)
    code = np.zeros(len(rows), bool)
    at = np.flatnonzero(rows)
    code[at] = [in_code(ground.corpus.texts[row] or "") for row in at]
    return [
        *_suggested(ground, rows & ~code, "So many do that it may belong to the set." if usual else ""),
        *_suggested(ground, rows & code, "They look like code, where it may be meant as it stands.", " in code"),
    ]


def _suggested(ground: Ground, rows: Mask, doubt: str, where: str = "") -> list[Suggestion]:
    """Safe, but where there is a doubt."""
    if not rows.any():
        return []
    count, at = int(rows.sum()), np.flatnonzero(rows)
    chosen = at[np.linspace(0, len(at) - 1, min(3, len(at))).astype(int)]
    return [
        Suggestion(
            identity("markup", ground.ids(rows)), "look" if doubt else "safe", "markup", "look" if doubt else "edit",
            f"{many(count, 'text')} with HTML{where}" if doubt else f"Clean {many(count, 'text')} of HTML",
            "They hold tags, comments or entities; the words stay." + (f" {doubt}" if doubt else ""),
            rows, count, other="edit" if doubt else None, confidence=1.0,
            meaning="only what is HTML is taken out; what merely looks like it stays",
            effect=f"{share(count, ground.kept)} read without markup in the column elute_text; your own column stays as it is.",
            examples=tuple(Example(int(row), after=strip_markup(ground.corpus.texts[row] or "")) for row in chosen),
        )
    ]  # fmt: skip


def in_code(text: str) -> bool:
    """Whether a text that holds HTML looks like code beside it. In doubt it does: a person reads it then.

    >>> in_code("<p>A <b>good</b> one; see <a href='x.org'>this</a></p>"), in_code('return text.replace("&amp;", "&")')
    (False, True)
    """
    text = text[:LONG]
    return _SCRIPT.search(text) is not None or _CODE.search(_TAG.sub(" ", text)) is not None


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
