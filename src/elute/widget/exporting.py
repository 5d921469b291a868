"""One page on its own, to look and filter with no kernel: the widget's own bundle, and what it would ask for, in one file."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from elute.errors import InputError
from elute.places import expanded
from elute.plain import plain
from elute.report.saving import save

_STATIC = Path(__file__).parent / "static"
STYLE = (
    ":root{color-scheme:light dark}body{margin:12px;background:light-dark(#fff,#15181b);color:light-dark(#1c2024,#e8eaed);"
    "font:15px/1.55 system-ui,sans-serif}"
)
START = "\nwidget.exported(window);\n"


@dataclass(frozen=True)
class Export:
    """A page that was written: where, how large, and what it holds. Paths take it as one."""

    path: Path
    size: int
    rows: int
    texts: bool

    def __fspath__(self) -> str:
        return os.fspath(self.path)

    def __str__(self) -> str:
        holds = "their texts, labels and names of clusters" if self.texts else "no texts, labels or names of clusters"
        return f"{self.path}: {megabytes(self.size)}, {self.rows:,} rows, {holds}"

    __repr__ = __str__


def write(path: str | Path, held: dict[str, Any], script: str, style: str) -> Export:
    """Write the page of what :func:`elute.widget.sealing.sealed` gave, under another name first.

    Raises
    ------
    InputError
        ``path`` is a folder, or its folder is not there.
    OSError
        The file can't be written; what was there is as it was.
    """
    path = expanded(path)
    if path.is_dir() or not path.parent.is_dir():
        raise InputError(f"There is no place to write {os.fspath(path)!r}: name a file in a folder that is there.")
    content = _bytes(page(held, script, style))
    save(path, content)
    return Export(path, len(content), held["hello"]["n"], held["texts"] is not None)


def bundle(name: str) -> str:
    """``widget.js`` or ``widget.css``, as built."""
    # as text and once: a Path would keep every widget alive after close() (anywidget#929)
    return (_STATIC / name).read_text(encoding="utf-8")


def page(held: dict[str, Any], script: str, style: str) -> str:
    """The whole page. Nothing in it is markup of the table's: what it holds is JSON without a single <."""
    script, style = script + START, STYLE + style
    title = "elute: a map of texts" if held["texts"] is not None else "elute: a map without texts"
    size = sum(len(_bytes(part)) for part in (script, style, _json(held)))
    held = {**held, "hello": {**held["hello"], "exported": {"texts": held["texts"] is not None, "said": said(held, size)}}}
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(policy(script, style))}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{title}</title>",
            f"<style>{style}</style>",
            "</head>",
            "<body>",
            '<main id="elute"><p>This page needs scripts, which it holds itself: it loads nothing and sends nothing.</p></main>',
            f'<script type="application/json" id="elute-held">{_json(held)}</script>',
            f'<script type="module">{script}</script>',
            "</body>",
            "</html>",
            "",
        ]
    )


def policy(script: str, style: str) -> str:
    """The content security policy: this script and this style sheet, known by their hashes; nothing is loaded or sent.

    Style attributes are let in, since lengths and colours of bars are; they can load nothing either. Markup is made by lit-html alone.
    """
    return (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; style-src-attr 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'; trusted-types lit-html; require-trusted-types-for 'script'"
    )


def said(held: dict[str, Any], size: int) -> str:
    """What the page is and what it holds, in sentences that stand on it."""
    state = held["state"]
    stay = f"{state['kept']:,} of {state['n']:,} rows stay after round {state['round']['number']}"
    if beside := state.get("reference"):
        stay += f", with {beside:,} of the reference beside them"
    stands = f"Exported from elute on {date.today().isoformat()}, to look at: {stay}"
    older = ", and the map is older than the last decision" if state["stale"] else ""
    if held["texts"] is None:
        holds = "Texts, labels, and names of clusters were left out."
    else:
        holds = "It holds every text, those of dropped rows too."
        if held["personal"]:
            rows = "1 row seems" if held["personal"] == 1 else f"{held['personal']:,} rows seem"
            holds += f" {rows} to hold details of a person."
    return f"{stands}{older}. {holds} {megabytes(size)}; nothing is loaded or sent."


def megabytes(size: int) -> str:
    """A size in bytes as one reads it.

    >>> megabytes(1_234_567)
    '1.2 MB'
    """
    return f"{size / 1e6:,.1f} MB"


def _bytes(content: str) -> bytes:
    # half a character, which a column may hold, is no UTF-8
    return content.encode("utf-8", "replace")


def _json(held: dict[str, Any]) -> str:
    # a script element of data ends at </script>, and a JSON text needs no < but in its strings
    return json.dumps(plain(held), ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def _digest(content: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"
