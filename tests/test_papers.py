"""Papers of a whole session: their figures are those of the session, nothing in them is markup, and what was left out is not there."""

from __future__ import annotations

import json
import re
import shutil
from hashlib import sha256
from html.parser import HTMLParser
from operator import attrgetter
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from test_session import session, table
from torture import only_full, torture

import elute
from elute.corpus import Corpus
from elute.corpus.kinds import as_kind
from elute.errors import InputError, SettingsError
from elute.report.curves import curves
from elute.report.document import Section
from elute.report.drawn import POINTS, drawn
from elute.report.facts import Standing
from elute.report.manifest import manifest
from elute.report.whole import SessionReport

NASTY = '<img src=x onerror="alert(1)"> | **b** [x](http://e.vil) "quoted"'
CANARY = "zqcanary"


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> elute.Session:
    """Three rounds with drops by code, by lasso and by a suggestion, over texts that are markup, one of them in each text."""
    df = table()
    df["text"] = [f"{text} {CANARY}{row}" for row, text in enumerate(df["text"])]
    df.loc[0, "text"] = f"{NASTY} {CANARY}0"
    df["topic"] = df["topic"] + f"<i>{CANARY}</i>"
    s = session(pd.concat([df, df.iloc[:3]], ignore_index=True), tmp_path_factory.mktemp("used"), task=f"answers {NASTY}")
    s.run()
    s.rename(0, f"{CANARY} {NASTY}")
    s.drop([0, 1, 2, 3], reason="four by hand")
    s.run()
    s.drop(np.flatnonzero(s.keep)[:5], reason=f"{CANARY} in a reason", source={"kind": "lasso"})
    s.drop([40], reason=f"{CANARY} suggested", source={"kind": "suggestion", "kinds": ["near_copies"]})
    s.restore([0])
    s.run(clusterer="communities")
    return s


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}


def told(report: SessionReport, title: str) -> Section:
    return next(part for part in report.parts if isinstance(part, Section) and part.title.startswith(title))


def test_its_figures_are_those_of_the_session(used: elute.Session) -> None:
    report = used.whole_report()
    kept = int(used.keep.sum())
    assert f"{kept} of {len(used.keep)} rows are kept" in told(report, "In short").lines[1]
    rounds = told(report, "Indices by round").rows
    assert [row[1] for row in rounds] == [f"{record.data['kept']:,}" for record in used.state.rounds] and len(rounds) == 3
    went = told(report, "What went").rows
    assert sum(int(row[2]) for row in went) == (~used.keep).sum() and went[0][3] == "four by hand"
    labels = told(report, "Labels").rows
    assert sum(int(row[2]) for row in labels) == kept
    assert {row[0] for row in told(report, "Versions").rows} >= {"elute", "Python", "numpy"}
    assert {row[0]: row[1] for row in told(report, "What came in").rows}["Rows"] == f"{len(used.keep)}"
    examples = told(report, "Examples of what went").items
    shown = [item.split("“", 1)[1].rstrip("”") for item in examples]
    texts = used.corpus.texts
    assert shown and all(texts.index(text) in np.flatnonzero(used.dropped) for text in shown)


def test_every_round_has_its_map(used: elute.Session) -> None:
    html = used.whole_report().html
    assert html.count('class="map"') == 3 and html.count('class="curve"') == 6
    first = used.current_at(used.state.rounds[0].id)
    went = first.keep & ~used.current_at(used.state.rounds[1].id).keep
    picture = drawn(first, {}, went)
    marks = picture.svg.count("h0") + picture.svg.count("m-4-4l8 8")
    assert 0.8 * len(went) < marks <= len(went) and f"Crosses are the {went.sum()} rows" in picture.caption


def test_it_holds_no_markup_of_the_data_and_loads_nothing(used: elute.Session) -> None:
    html = used.whole_report(title=NASTY).html
    page = Page(html)
    assert set(page.tags) <= {
        "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "section", "p", "div", "table", "thead", "tbody", "tr",
        "th", "td", "ul", "li", "svg", "rect", "path", "circle", "text", "figure", "figcaption", "footer",
    }  # fmt: skip
    assert not {name for name in page.attributes if name.startswith("on") or name in ("src", "href", "style")}
    assert html.count("default-src &#x27;none&#x27;") == 1 and "&lt;img src=x" in html
    assert not re.search(r"(?<!\\)<img|(?<!\\)\]\(http", used.whole_report(title=NASTY).text)


def test_without_texts_there_is_none(used: elute.Session) -> None:
    report = used.whole_report(texts=False)
    manifest = json.dumps(used.manifest())
    for paper in (report.html, report.text, used.card(), manifest, used.code()):
        assert CANARY not in paper and "alert(1)" not in paper
    assert "four by hand" in report.text and "a suggestion (near copies)" in report.text and "cluster 1" in report.text
    assert (
        CANARY in used.whole_report().html and CANARY in used.card(texts=True) and CANARY in json.dumps(used.manifest(texts=True))
    )


def test_nothing_decided_yet_is_a_report_too(tmp_path: Path) -> None:
    s = session(table(), tmp_path)
    before = s.whole_report()
    assert told(before, "What went").lines == ("Nothing was removed.",) and "90 of 90 rows" in before.text
    s.run()
    assert "1 round" in s.whole_report().text and 'class="curve"' not in s.whole_report().html
    s.drop([0])
    assert "newer than the last round" in s.whole_report().text
    assert "Dataset Card" in s.card() and s.manifest()["result"]["rows"] == 89


def test_it_is_saved_whole_or_not_at_all(used: elute.Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = used.whole_report()
    assert report.save(tmp_path / "a.html").read_text(encoding="utf-8") == report.html
    assert report.save(tmp_path / "a.md").read_text(encoding="utf-8") == report.text
    with pytest.raises(SettingsError, match=r"ends in .html or .md"):
        report.save(tmp_path / "a.pdf")
    for home in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(home, str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    with pytest.raises(InputError, match="There is no folder .*none: make it first"):
        report.save(tmp_path / "none" / "a.html")
    assert report.save("~/b.md") == tmp_path / "home" / "b.md"
    shutil.rmtree(tmp_path / "home")

    def full(self: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        report.save(tmp_path / "a.html")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "a.md"]
    assert (tmp_path / "a.html").stat().st_size == len(report.file("html"))


def test_a_manifest_ties_what_stays_to_what_came(used: elute.Session) -> None:
    made = used.manifest()
    json.dumps(made, allow_nan=False)
    own = used.corpus.ids[used.keep]
    hashed = made["result"].pop("contents_sha256")
    assert made["result"] == {"rows": int(used.keep.sum()), "ids_sha256": sha256(own.astype(">u8").tobytes()).hexdigest()}
    clean = used.clean().iloc[::-1]
    there = Corpus.from_data(clean, "text", "topic")
    state = SimpleNamespace(keep=np.ones(len(there), bool), rounds=(), history=(), in_force=(), agreed=())
    again = manifest(there, cast(Any, state), {}, words=False, code="")
    assert again["result"]["contents_sha256"] == hashed, "whoever has the set can tell that it is the same"
    assert (
        made["code_sha256"] == sha256(used.code().encode()).hexdigest()
        and made["table"]["fingerprint"] == used.corpus.fingerprint
    )
    assert [one["kind"] for one in made["decisions"] if one["in_force"]] == [one.kind for one in used.state.in_force]
    again = elute.Session(used.clean(), "text", "topic", embedder="tfidf", path=used.folder / "again")
    assert sha256(again.corpus.ids.astype(">u8").tobytes()).hexdigest() != made["table"]["fingerprint"]


def test_the_head_of_a_card_is_yaml_whatever_the_title(used: elute.Session) -> None:
    yaml = pytest.importorskip("yaml")
    card = used.card(title='a: "b"\n---\n# <script>')
    head = yaml.safe_load(card.split("\n---\n")[0].removeprefix("---\n"))
    assert head["pretty_name"] == 'a: "b"\n---\n# <script>' and head["size_categories"] == ["n<1K"] and head["tags"] == ["elute"]
    assert "<script>" not in card.split("\n---\n", 1)[1] and card.count("[More Information Needed]") > 5


def test_the_task_and_the_labels_are_those_of_now(tmp_path: Path) -> None:
    df = table()
    df.loc[df["topic"] == "rain", "text"] += "<br>"
    s = session(df, tmp_path, task="bank questions")
    s.run()
    s.set_prompts(task="stories about animals")
    cards, rain = (np.flatnonzero(s.corpus.label == topic) for topic in ("cards", "rain"))
    s.relabel(cards[:8], "cats")
    s.relabel(rain[:1], "snow")
    s.edit(rain[:1], "markup")
    s.drop(cards[:1])
    for paper in (s.whole_report().text, s.card(texts=True)):
        assert "stories about animals" in paper and "bank questions" not in paper
        assert "8 rows that stay have a proposed label: in elute_label of clean()" in paper.replace("\\_", "_")
    labels = told(s.whole_report(), "Labels")
    assert {row[0]: row[1:] for row in labels.rows} == {
        "cards": ("30", "22"), "cats": ("30", "37"), "rain": ("30", "29"), "snow": ("0", "1"),
    }  # fmt: skip
    balance = {row[0]: row[1:] for row in told(s.whole_report(), "Duplicates and balance").rows}
    assert balance["Labels"] == ("3", "4") and balance["Largest label to smallest"][0] == "1.0"
    card = s.card(texts=True).replace("\\_", "_")
    assert all(f"| {column} |" in card for column in s.clean().columns) and "| cats | 37 |" in card
    assert "snow" not in s.card() and "elute_label" in s.card().replace("\\_", "_")


def test_copies_with_another_label_are_counted_by_the_labels_in_force(tmp_path: Path) -> None:
    df = table()
    df.loc[1, ["text", "topic"]] = [df.loc[0, "text"], "cats"]
    s = session(df, tmp_path)
    s.run()
    s.relabel([1], df.loc[0, "topic"])
    balance = {row[0]: row[1:] for row in told(s.whole_report(), "Duplicates and balance").rows}
    assert balance["Copies with another label"] == ("2 (2.2 %)", "0 (0.0 %)")


def test_labels_proposed_for_a_table_that_has_none_are_counted(tmp_path: Path) -> None:
    s = elute.Session(table()[["text"]], "text", embedder="tfidf", clusterer=elute.KMeans(3), projector="pca", path=tmp_path)
    s.run()
    s.relabel([0, 1], "new")
    assert told(s.whole_report(), "Labels").rows == (("new", "0", "2"),)


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow", "datasets"])
def test_a_table_has_one_row_a_row_in_any_kind(used: elute.Session, kind: str) -> None:
    pytest.importorskip(kind)
    found: Any = used.table(kind)
    df = {"pandas": lambda: found, "datasets": lambda: found.to_pandas(), "polars": lambda: pd.DataFrame(found.to_dicts()),
          "pyarrow": lambda: found.to_pandas()}[kind]()  # fmt: skip
    assert df["keep"].tolist() == used.keep.tolist() and df["text"].tolist() == used.corpus.texts
    assert type(found).__module__.split(".")[0] == kind
    rounds = df["round"].astype(float)
    assert (
        rounds[~used.keep].notna().all() and rounds[used.keep].isna().all() and rounds[1] == 1 and set(rounds.dropna()) == {1, 2}
    )
    clusters = df["cluster"].astype(float).to_numpy()
    assert (clusters[used.keep] == used.round.labels[used.keep]).all()
    assert clusters[1] == used.current_at(used.state.rounds[0].id).labels[1], "of a row that went, the last it was in"
    assert df["findings"].str.contains("copy").any()


@pytest.mark.parametrize("kind", ["polars", "pyarrow", "datasets"])
def test_whole_numbers_stay_whole_in_a_table_of_pandas(tmp_path: Path, kind: str) -> None:
    library = pytest.importorskip(kind)
    held = {"text": ["a b", "c d", "e f"], "id": [2**60 + 1, 2**60 + 2, None], "many": [[2**60 + 1, None], [], None]}
    made = {"polars": "DataFrame", "pyarrow": "table", "datasets": "Dataset.from_dict"}[kind]
    s = elute.Session(attrgetter(made)(library)(held), "text", embedder="tfidf", path=tmp_path)
    s.drop([1])
    found = s.table("pandas")
    assert found["id"].tolist()[:2] == held["id"][:2] and found["id"].isna().tolist() == [False, False, True]
    assert list(found["many"][0]) == held["many"][0] and str(found["round"].dtype) == "Int64"
    unsigned = as_kind(pa.table({"n": pa.array([2**64 - 1, None], pa.uint64()), "k": pa.array([1, None], pa.int8())}), "pandas")
    assert unsigned["n"][0] == 2**64 - 1 and [str(one) for one in unsigned.dtypes] == ["UInt64", "Int8"]


@pytest.mark.parametrize("kind", ["polars", "pyarrow", "datasets"])
def test_an_index_with_a_name_is_a_column_of_other_tables(tmp_path: Path, kind: str) -> None:
    pytest.importorskip(kind)
    df = pd.DataFrame({"text": ["a b", "c d", "e f"]}, index=pd.Index([7, 8, 9], name="id"))
    s = elute.Session(df, "text", embedder="tfidf", path=tmp_path)
    found: Any = s.table(kind)
    columns = found.columns if kind == "polars" else found.column_names
    assert columns[:2] == ["id", "text"] and list(found["id"].to_pylist() if kind == "pyarrow" else found["id"]) == [7, 8, 9]
    assert s.table().index.name == "id" and "id" not in s.table()  # the table that came is as it was
    both = as_kind(df.assign(id=1).set_index([df.index, df.index.rename(None)]), "pyarrow")
    assert both.column_names == ["id_index", "text", "id"] and both["id_index"].to_pylist() == [7, 8, 9]


def test_a_table_before_any_round_and_of_a_list(tmp_path: Path) -> None:
    s = elute.Session(["a b", "c d", "a b"], embedder="tfidf", path=tmp_path)
    s.drop([1], reason="why")
    assert [row["round"] for row in s.table()] == [None, 0, None] and "cluster" not in s.table()[0]
    assert s.table("polars")["reason"].to_list() == [None, "why", None]
    assert str(s.table("pandas")["round"].dtype) == "Int64" and str(s.table("pandas")["keep"].dtype) == "bool"
    with pytest.raises(InputError, match="no kind of table"):
        s.table("excel")


@pytest.mark.parametrize("kind", ["map", "history", "sizes", "overlaps", "flow"])
def test_a_figure_of_each_kind(used: elute.Session, kind: str) -> None:
    how: Any = {"dim": "full"} if kind == "overlaps" else {"dim": 2, "round": 1} if kind == "map" else {}
    figure = used.figure(**how, kind=kind)
    assert len(figure.data) and "<img" not in figure.to_json().replace("\\u003c", "<")
    if kind == "history":
        assert list(figure.data[0].y) == [record.data["kept"] for record in used.state.rounds]
    if kind == "sizes":
        assert sum(figure.data[0].x) == used.keep.sum()
    if kind == "map":
        assert sum(len(trace.x) for trace in figure.data) == len(used.keep)


def test_rows_are_followed_and_none_is_lost(used: elute.Session) -> None:
    from elute.figures import flow

    rounds = [used.current_at(record.id) for record in used.state.rounds]
    for at, found in enumerate([[one for one in flow(rounds) if one.round == step] for step in range(2)]):
        there = rounds[at].keep | rounds[at + 1].keep
        assert sum(one.rows for one in found) == there.sum()


def test_figures_that_can_not_be_drawn_say_why(used: elute.Session, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there are: map, history"):
        used.figure(kind="pie")
    with pytest.raises(SettingsError, match="'full', 3 or 2"):
        used.figure(4, kind="overlaps")
    s = session(table(), tmp_path)
    s.run()
    with pytest.raises(InputError, match="no two rounds yet"):
        s.figure(kind="flow")


def test_curves_leave_a_gap_where_an_index_is_missing() -> None:
    full = {"silhouette": 0.1, "davies_bouldin": 1.0, "calinski_harabasz": 9.0, "balance": 1.0, "noise": 0.0}
    course = [Standing(1, 9, full), Standing(2, 8, {**full, "silhouette": None}), Standing(3, 7, full)]
    svg = curves(course).svg.split("</svg>")[1]
    assert svg.count("<circle") == 2 and svg.count("L") == 0 and svg.count("M") == 2
    assert curves(course[:1]).svg == ""


@torture
@only_full
def test_three_rounds_on_20000_rows_fit_into_a_page(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    n = 20_000
    centres = rng.normal(size=(30, 24))
    X = (centres[rng.integers(30, size=n)] + 0.3 * rng.normal(size=(n, 24))).astype(np.float32)
    texts = [f"text number {row} with some words" for row in range(n)]
    s = elute.Session(texts, embedder=X, projector="pca", clusterer=elute.KMeans(30), path=tmp_path)
    for _ in range(3):
        s.run()
        s.drop(s.round.labels == int(s.round.clusters["cluster"].iloc[0]))
    html = s.whole_report().html
    assert html.count('class="map"') == 3 and len(html) < 8_000_000 and n <= POINTS


def test_examples_are_of_the_decision_that_took_them(tmp_path: Path) -> None:
    s = session(table(), tmp_path)
    s.drop([0, 1, 2, 3], reason="spam")
    s.restore([0, 1, 2])
    s.drop([0, 1, 2], reason="too short")
    items = told(s.whole_report(), "Examples of what went").items
    assert [item.split(":")[0] for item in items] == ["Decision 1", "Decision 3", "Decision 3", "Decision 3"]


def test_what_stays_is_counted_as_it_stays_and_the_rest_left_open_until_a_round(tmp_path: Path) -> None:
    df = pd.concat([table(), table().iloc[:12]], ignore_index=True)
    s = session(df, tmp_path)
    s.run()
    s.drop(np.arange(90, 102), reason="copies")
    balance = {row[0]: row[1:] for row in told(s.whole_report(), "Duplicates and balance").rows}
    assert balance["Rows"] == ("102", "90") and balance["Exact copies"] == ("12 (11.8 %)", "0 (0.0 %)")
    assert balance["Largest label to smallest"][1] == "1.0" and balance["Balance of clusters (1: all of one size)"][1] == "n/a"
    assert "newer than the last round" in s.card() and "| Rows | 102 | 90 |" in s.card()


def test_before_is_the_first_round_though_it_is_not_kept_any_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    s = session(table(), tmp_path)
    s.run()
    s.drop(np.arange(10))
    s.run()
    s.restore(np.arange(5))
    s.drop(np.arange(40, 50))
    s.run()
    first, second, last = (s._kept_round(record) for record in s.state.rounds)
    monkeypatch.setattr(s, "_kept_round", lambda record: last if record.data["number"] == 3 else None)
    balance = {row[0]: row[1:] for row in told(s.whole_report(), "Duplicates and balance").rows}
    assert balance["Rows"] == ("90", "75") and balance["Exact copies"][0] == "n/a" and first is not second
    assert "10 rows left and 5 rows came back." in s.report(prose=False).text


def test_what_was_repaired_says_where_rows_of_a_reference_are_counted(tmp_path: Path) -> None:
    s = session(table(), tmp_path, reference=["<b>a text</b> of another set"])
    assert any("of the reference are counted too" in line for line in told(s.whole_report(), "What was repaired").lines)


def test_a_round_that_was_taken_back_is_said_to_be(tmp_path: Path) -> None:
    s = session(table(), tmp_path)
    s.run()
    s.run(clusterer="communities")
    s.drop(np.arange(60), reason="mistake")
    s.run()
    s.undo()
    s.undo()
    s.run()
    report = s.whole_report()
    assert "Taken back since: rounds 2, 3." in told(report, "In short").lines
    assert [part.title for part in report.parts if isinstance(part, Section) and part.title.startswith("Round ")] == [
        "Round 1", "Round 2 (taken back)", "Round 3 (taken back)",
    ]  # fmt: skip
    assert "Crosses" not in report.text, "no row that was dropped after a round is out"
    for settings in (told(report, "Settings of the last round").items, [s.card(texts=True)]):
        assert any("kmeans" in line for line in settings) and not any("communities" in line for line in settings)
    s.redo()
    assert told(s.whole_report(), "Round 2").title == "Round 2"
