"""A report as one HTML page: escaped, without script, and with a policy that lets it load nothing at all."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from elute.report.document import Picture, RoundReport, Section
from elute.report.markdown import foot
from elute.report.whole import SessionReport

STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; max-width: 46rem; margin: 2.5rem auto; padding: 0 1.2rem;
  color: light-dark(#1c2024, #e8eaed); background: light-dark(#fff, #15181b); }
h1 { font-size: 1.5rem; margin: 0 0 1.2rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { margin: .4rem 0; overflow-wrap: anywhere; } li { margin: .25rem 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .87rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .28rem .7rem .28rem 0; border-bottom: 1px solid light-dark(#e7e6e2, #2b3137); vertical-align: top; }
td { overflow-wrap: anywhere; min-width: 3.2rem; } th { font-weight: 600; color: light-dark(#5f6570, #a4abb4); }
svg { display: block; margin-top: .45rem; fill: light-dark(#0b7285, #4fc3d4); }
figure { margin: .8rem 0; } figcaption { color: light-dark(#5f6570, #a4abb4); font-size: .85rem; }
.map { width: 100%; height: auto; fill: none; border: 1px solid light-dark(#e7e6e2, #2b3137); }
.map path { fill: none; stroke-linecap: round; } .dots { opacity: .75; }
.noise { stroke: light-dark(#555, #bbb); stroke-width: 1.5; } .gone { stroke: light-dark(#111, #fff); stroke-width: 2; }
.map text, .curve text { font: 26px system-ui, sans-serif; fill: light-dark(#1c2024, #e8eaed); }
.map text { text-anchor: middle; paint-order: stroke; stroke: light-dark(#fff, #15181b); stroke-width: 6px; stroke-linejoin: round; }
.curve { display: inline-block; width: 32%; min-width: 9rem; height: auto; }
.curve path { fill: none; stroke: light-dark(#0b7285, #4fc3d4); stroke-width: 3; }
.curve circle { fill: light-dark(#0b7285, #4fc3d4); }
.curve .figure { font-size: 22px; }
footer { margin-top: 2.5rem; color: light-dark(#5f6570, #a4abb4); font-size: .85rem; }
@media print {
  :root { color-scheme: light; } body { margin: 0; max-width: none; } .wide { overflow: visible; }
  figure, tr { break-inside: avoid; } h2 { break-after: avoid; }
}
"""
BAR = 90
"""Width of a full bar, in CSS pixels."""


def policy() -> str:
    """The content security policy of the page: nothing is loaded or run, and its one style sheet is known by its hash."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def page(report: RoundReport) -> str:
    """The whole report of a round."""
    return _whole(report.title, [_section(section) for section in report.sections], foot(report))


def session_page(report: SessionReport) -> str:
    """The whole report of a session."""
    return _whole(
        report.title, [_picture(part) if isinstance(part, Picture) else _section(part) for part in report.parts], report.foot
    )


def _whole(title: str, parts: list[str], last: str) -> str:
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(policy())}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{escape(title)}</title>",
            f"<style>{STYLE}</style>",
            "</head>",
            "<body>",
            "<main>",
            f'<h1 dir="auto">{escape(title)}</h1>',
            *parts,
            "</main>",
            f"<footer>{escape(last)}</footer>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _picture(picture: Picture) -> str:
    """Its markup is our own, and escaped where it was drawn."""
    caption = f"<figcaption>{escape(picture.caption)}</figcaption>" if picture.caption else ""
    return f"<figure>{picture.svg}{caption}</figure>"


def _section(section: Section) -> str:
    parts = [f"<section><h2>{escape(section.title)}</h2>" if section.title else "<section>"]
    parts += [f'<p dir="auto">{escape(line)}</p>' for line in section.lines]
    if section.head:
        bars = section.bars if len(section.bars) == len(section.rows) else ()
        head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in section.head) + ("<td></td>" if bars else "")
        body = "\n".join(_row(row, bars[at] if bars else None) for at, row in enumerate(section.rows))
        # what can be scrolled on a phone can be reached by a keyboard too
        label = escape(section.title or section.head[0])
        table = f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>"
        parts.append(f'<div class="wide" tabindex="0" role="region" aria-label="{label}: table">{table}</div>')
    if section.items:
        parts.append("<ul>" + "".join(f'<li dir="auto">{escape(item)}</li>' for item in section.items) + "</ul>")
    return "\n".join([*parts, "</section>"])


def _row(row: tuple[str, ...], bar: float | None) -> str:
    cells = "".join(f'<td dir="auto">{escape(cell)}</td>' for cell in row)
    if bar is not None:
        width = max(1.0, BAR * min(1.0, max(0.0, bar)))
        cells += f'<td><svg width="{BAR}" height="8" aria-hidden="true"><rect width="{width:.1f}" height="8"></rect></svg></td>'
    return f"<tr>{cells}</tr>"
