"""Coming back: what is told, what comes along, and that starting afresh deletes nothing."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pages import table

import elute
from elute.disk import DISK
from elute.errors import InputError, JournalError
from elute.journal import roster
from elute.progress import Callback
from elute.session.returning import Returned


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ELUTE_HOME", str(tmp_path))
    return tmp_path


def opened(df: Any, **how: Any) -> elute.Session:
    return elute.Session(df, text="text", embedder="tfidf", clusterer="kmeans", projector="pca", **how)


def test_what_came_back_is_told_in_one_line() -> None:
    first = opened(table())
    assert first.returned == Returned(0) and first.returned.line == ""
    first.drop(np.arange(5))
    first.drop([7])
    again = opened(table())
    assert again.returned.decisions == 2 and again.returned.new == again.returned.gone == 0
    assert again.returned.line.startswith("2 decisions came back, of ") and again.returned.line.count(".") == 1
    assert again.keep.tolist() == first.keep.tolist()


def test_on_a_changed_table_new_and_gone_rows_are_counted(home: Path) -> None:
    path = home / "here"
    opened(table(), path=path).drop(np.arange(5))
    more = pd.DataFrame({"text": [f"a new text number {row}" for row in range(7)], "topic": "new"})
    changed = pd.concat([more, table().iloc[3:].sample(frac=1, random_state=0)], ignore_index=True)
    back = opened(changed, path=path)
    assert (back.returned.new, back.returned.gone, back.returned.unknown) == (7, 3, 3)
    assert "7 rows are new and 3 are gone since the table was opened last." in back.returned.line
    assert "3 that were decided about are not in this table." in back.returned.line
    dropped = set(table().text[:5])
    assert back.keep.tolist() == [text not in dropped for text in changed.text]
    assert (opened(changed, path=path).returned.new, opened(changed, path=path).returned.gone) == (0, 0)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"new": 1, "gone": 0}, " 1 row is new since the table was opened last."),
        ({"new": 0, "gone": 1}, " 1 row is gone since the table was opened last."),
        ({"new": 0, "gone": 2}, " 2 rows are gone since the table was opened last."),
        ({"new": 2, "gone": 1}, " 2 rows are new and 1 is gone since the table was opened last."),
        ({"new": None, "gone": None, "unknown": 1}, " 1 that was decided about is not in this table."),
        ({}, ""),
    ],
)  # fmt: skip
def test_the_line_reads_well(told: dict[str, Any], words: str) -> None:
    line = Returned(1, "2026-11-27T14:05:00.000+00:00", "2026-11-27T14:05:30.000+00:00", **told).line
    assert line.startswith("1 decision came back, of 27 November 2026, ") and line.endswith(f"{words or '5.'}")
    over = Returned(1_234, "2026-11-01T10:00:00.000+00:00", "2026-11-27T14:05:30.000+00:00").line
    assert over.startswith("1,234 decisions came back, of 1 November 2026, ") and " to 27 November 2026, " in over


# -- afresh ---------------------------------------------------------------------------------------------------------------------


def test_starting_afresh_puts_aside_and_deletes_nothing() -> None:
    session = opened(table())
    session.run()
    session.drop(np.arange(5), reason="these")
    session.select([9])
    session.save("nine")
    session.run()
    before, folder = (session.folder / "journal.jsonl").read_bytes(), session.folder
    aside = session.start_afresh()
    assert aside is not None and aside.read_bytes() == before
    assert session.keep.all() and not session.selected.any() and not session.selections and session.state.history == ()
    assert session.undo() is None and session.returned.line == ""
    session.run()
    assert [made.data["number"] for made in session.rounds] == [1]
    session.drop([11])
    assert opened(table()).keep.tolist() == session.keep.tolist()  # from disk alone

    # to go on with what was put aside, it gets the journal's name again
    aside.replace(folder / "journal.jsonl")
    assert np.flatnonzero(~opened(table()).keep).tolist() == [0, 1, 2, 3, 4]


def test_another_session_of_this_process_starts_afresh_too() -> None:
    one, two = opened(table()), opened(table())
    one.drop([1])
    assert not two.keep[1]
    two.start_afresh()
    assert one.keep.all() and one.undo() is None
    one.drop([2])
    for session in (one, two, opened(table())):
        assert np.flatnonzero(~session.keep).tolist() == [2]


def test_what_is_not_saved_is_not_put_aside(home: Path) -> None:
    blocked = home / "blocked"
    blocked.write_text("a file where a folder should be")
    session = opened(table(), path=blocked / "here")
    with pytest.warns(UserWarning, match="not saved yet"):
        session.drop([1])
    with pytest.raises(JournalError, match="Try again once they are"):
        session.start_afresh()
    assert not session.keep[1]


def test_nobody_is_told_under_the_lock() -> None:
    """A listener may wait for a thread that waits for the session's lock: then both would wait for ever."""
    opened(table().iloc[3:]).drop([1])
    session, heard, waited = opened(table()), list[str](), list[str]()

    def hear(kind: str) -> None:
        heard.append(kind)
        other = threading.Thread(target=lambda: session.state, daemon=True)
        other.start()
        other.join(5)
        waited.extend([kind] if other.is_alive() else [])

    session.listen(hear)
    session.bring_along()
    session.start_afresh()
    session.run()
    session.select([4])
    session.save("four")
    session.drop([5])
    session.configure(automatic=False)
    session.goto(session.rounds[0].id)
    session.undo()
    session.redo()
    session.copy_journal()
    session.take_over()
    assert set(heard) == {"goto", "select", "afresh", "round", "selection", "drop", "settings", "undo", "redo", "journal"}
    assert not waited


def test_a_page_that_counts_stops_nobody_who_has_the_lock(open_page: Any) -> None:
    page = open_page()
    with page.widget.session._lock:
        counting = threading.Thread(target=page.widget._touch, args=("decision",), daemon=True)
        counting.start()
        counting.join(0.2)
        other = threading.Thread(target=page.widget._touch, args=("analysis",), daemon=True)
        other.start()
        other.join(5)
        assert counting.is_alive() and not other.is_alive()
    counting.join(5)
    assert not counting.is_alive()


def test_starting_afresh_twice_by_one_id_is_once() -> None:
    session = opened(table())
    session.drop([1])
    session.start_afresh(decision="x")
    assert "x" in session.journal and len(list(session.folder.glob("journal.2*.jsonl"))) == 1


# -- along ----------------------------------------------------------------------------------------------------------------------


def test_decisions_about_nearly_the_same_rows_can_be_brought_along() -> None:
    first = opened(table())
    first.run()
    first.drop(np.arange(5))
    first.relabel([30], "other") if first.corpus.label is not None else first.tag([30], "look")
    theirs = (first.folder / "journal.jsonl").read_bytes()
    other = opened(table().iloc[3:].reset_index(drop=True))
    assert other.keep.all() and other.returned.line == ""
    assert (
        other.offered is not None
        and "57 of these rows are also in a table that 2 decisions were made about" in other.offered.line
    )
    assert other.bring_along() == 2 and other.offered is None
    assert np.flatnonzero(~other.keep).tolist() == [0, 1] and other.rounds == ()
    assert "2 decisions came back" in other.returned.line and "3 that were decided about" in other.returned.line
    assert (first.folder / "journal.jsonl").read_bytes() == theirs
    assert opened(table().iloc[3:].reset_index(drop=True)).keep.tolist() == other.keep.tolist()
    other.undo()
    other.undo()
    assert other.keep.all()
    with pytest.raises(InputError, match="no decisions"):
        other.bring_along()


def test_what_was_gone_back_from_stays_behind() -> None:
    first = opened(table())
    first.run()
    first.drop([0, 1, 2], reason="wrong")
    first.run()
    first.goto(first.rounds[0].id)
    first.drop([50], reason="right")
    first.drop([51], reason="taken back")
    first.undo()
    first._record("dismiss", data={"suggestion": "a suggestion"})
    first.select([9, 10])
    first.save("two")
    other = opened(table().iloc[:58])
    assert other.offered is not None and other.offered.decisions == 2 == other.bring_along()
    assert np.flatnonzero(~other.keep).tolist() == [50] and other.returned.decisions == 2
    assert np.flatnonzero(other.selections["two"]).tolist() == [9, 10] and other.state.dismissed == {"a suggestion"}
    assert [one.kind for one in other.state.history] == ["drop", "dismiss"] and other.redo() is None
    assert opened(table().iloc[:58]).keep.tolist() == other.keep.tolist()


def test_neither_settings_nor_a_consent_come_along() -> None:
    """What the cell of this table says is what it gets, and nobody was asked about its texts."""
    first = opened(table())
    first.drop([0])
    first.configure({"source": {"kind": "page"}}, clusterer=elute.KMeans(9))
    first.consent("m at api.openai.com")
    ended = elute.Session(table(), text="text", embedder="tfidf", clusterer="hdbscan")  # another cell ends what was chosen
    assert ended.choices.told(ended.state.settings)["clusterer"]["name"] == "hdbscan"
    ended.configure({"source": {"kind": "page"}}, automatic=False)
    other = elute.Session(table().iloc[1:], text="text", embedder="tfidf", clusterer="hdbscan")
    said = dict(other.state.settings)
    assert other.offered is not None and other.offered.decisions == 1 == other.bring_along()
    assert dict(other.state.settings) == said and other.choices.told(said)["clusterer"]["name"] == "hdbscan"
    assert not other.state.consents


def test_a_filter_under_a_name_comes_before_the_drop_that_went_by_it() -> None:
    first = opened(table())
    for kind, data in [("learned", {"name": "mine"}), ("selection", {"name": "none"})]:
        first._append(kind, data=data)
    first.drop([3])
    other = opened(table().iloc[1:])
    other.bring_along()
    assert [one.kind for one in other.journal.records][-3:] == ["learned", "selection", "drop"]


def test_nothing_is_offered_where_it_would_surprise(home: Path) -> None:
    opened(table()).drop([1])
    assert opened(table().iloc[:20]).offered is None  # a third of that table
    assert opened(table(), path=home / "mine").offered is None  # a place of the person's own
    decided = opened(table().iloc[2:])
    decided.bring_along()
    decided.undo()
    assert decided.offered is None and opened(table().iloc[2:]).offered is None  # it was brought along, and taken back


def test_who_begins_afresh_in_a_cell_is_told_where_the_old_decisions_are() -> None:
    """The cell is run again the next day: ``resume=False`` stands in it still."""
    opened(table()).drop([1, 2])
    afresh = opened(table(), resume=False)
    (aside,) = afresh.folder.glob("journal.2*.jsonl")
    assert afresh.aside == aside and aside.name in repr(afresh) and "resume=False" in afresh.returned.line
    assert aside.name in afresh.returned.line and afresh.returned.decisions == 0
    again = opened(table(), resume=False)  # nothing was decided since
    assert again.aside and again.returned.line == "" and "aside" not in repr(again)
    assert opened(table()).returned.line == ""


def test_what_is_brought_along_leaves_each_label_as_many_rows_as_a_drop_would() -> None:
    first = opened(table(), label="topic")
    first.drop(np.arange(1, 16), reason="of one label")
    first.drop([16, 17, 30], reason="and more of it")
    other = opened(table().iloc[1:].reset_index(drop=True), label="topic", min_per_label=5)
    assert other.going(np.arange(59) < 17).note == "17 rows of “cards” stay: never below 5 a label."
    assert other.bring_along() == 2
    assert np.flatnonzero(other.dropped).tolist() == [29] and other.held_back in other.returned.line
    assert other.returned.line.endswith(" 17 rows of “cards” stay: never below 5 a label.")
    assert [len(one.ids) for one in other.state.decided] == [0, 1] and other.offered is None
    again = opened(table().iloc[1:].reset_index(drop=True), label="topic", min_per_label=5)
    assert again.keep.tolist() == other.keep.tolist() and again.offered is None
    for _ in range(2):
        other.undo()
    assert other.keep.all()
    for _ in range(2):
        other.redo()
    assert np.flatnonzero(other.dropped).tolist() == [29], "no way back takes more than the label can spare"


def test_what_was_dropped_here_counts_for_what_a_label_keeps_and_stays_dropped() -> None:
    opened(table(), label="topic").drop(np.arange(1, 9))
    other = opened(table().iloc[1:].reset_index(drop=True), label="topic", min_per_label=8)
    other.drop(np.arange(10, 15), reason="mine")
    other.bring_along()
    assert np.flatnonzero(other.dropped).tolist() == [10, 11, 12, 13, 14] and "8 rows of “cards” stay" in other.returned.line


def test_what_a_label_can_spare_is_brought_along_and_nothing_is_said() -> None:
    opened(table(), label="topic").drop(np.arange(1, 9))
    enough = opened(table().iloc[2:].reset_index(drop=True), label="topic", min_per_label=8)
    enough.bring_along()
    assert enough.dropped.sum() == 7 and "stay" not in enough.returned.line and enough.held_back == ""


def test_what_is_offered_is_told_and_can_be_brought_after_a_first_decision() -> None:
    """Who overlooked it trains on all that was dropped. What was decided here since has the last word."""
    first = opened(table())
    first.drop([10, 11, 12], reason="theirs")
    first.tag([20], "odd")
    first.select([30])
    first.save("some")
    first.pin([12], on=False)
    other = opened(table().iloc[1:].reset_index(drop=True))
    told = "2 decisions of another version of this table offered: bring_along()"
    assert told in repr(other) and "decisions resumed" not in repr(other)
    other.drop([0], reason="mine")
    other.drop([9], reason="mine")
    other.restore([9], reason="mine after all")
    other.select([40])
    other.save("some")
    assert told in repr(other) and told in repr(opened(table().iloc[1:].reset_index(drop=True)))
    assert other.bring_along() == 2 and other.offered is None and "offered" not in repr(other)
    assert np.flatnonzero(other.dropped).tolist() == [0, 10, 11]
    assert np.flatnonzero(other.selections["some"]).tolist() == [40] and np.flatnonzero(other.state.tags["odd"]).tolist() == [19]
    assert other.returned.decisions == 2 and "2 decisions came back" in other.returned.line
    again = opened(table().iloc[1:].reset_index(drop=True))
    assert again.keep.tolist() == other.keep.tolist() and again.offered is None
    while "theirs" in {one.reason for one in other.state.decided}:
        other.undo()
    other.undo()
    assert [one.reason for one in other.state.decided] == ["mine", "mine", "mine after all"]


def test_a_roster_that_is_none_is_left_alone(tmp_path: Path) -> None:
    assert roster.recall(tmp_path) is None
    (tmp_path / roster.NAME).write_bytes(b"nonsense")
    assert roster.recall(tmp_path) is None
    np.save(tmp_path / roster.NAME, np.array([{"a": 1}], object), allow_pickle=True)
    assert roster.recall(tmp_path) is None and roster.recall(tmp_path, whole=False) is None
    roster.remember(tmp_path, np.array([3, 1], np.uint64))
    found = roster.recall(tmp_path)
    assert found is not None and found.tolist() == [3, 1] and roster.compared(found, np.array([1, 5, 6], np.uint64)) == (2, 1)


# -- on the page ----------------------------------------------------------------------------------------------------------------


def test_the_page_starts_afresh_once_however_often_it_asks(open_page: Any) -> None:
    page = open_page()
    page.ask("run")
    page.wait()
    page.widget.drop(np.arange(5))
    page.wait()
    told, _ = page.ask("afresh", decision="again")
    assert told["applied"] and told["saved"] and "journal.2" in told["note"]
    state = page.wait()
    assert state["kept"] == 60 and state["history"] == [] and state["undo"] is None and state["resumed"] == ""
    assert state["round"]["kept"] == 60
    page.widget.drop([7])
    assert not page.ask("afresh", decision="again")[0]["applied"] and page.wait()["kept"] == 59


def test_the_page_is_offered_what_could_be_brought_along(open_page: Any) -> None:
    open_page(path=None).widget.drop(np.arange(5))
    page = open_page(table().iloc[2:].reset_index(drop=True), path=None)
    assert "58 of these rows" in page.ask("state")[0]["offered"]
    assert page.ask("bring_along")[0] == {"decisions": 1}
    state = page.wait()
    assert state["kept"] == 55 and state["offered"] == "" and "1 decision came back" in state["resumed"]


def test_the_page_says_what_is_not_saved_until_it_is(open_page: Any, home: Path) -> None:
    blocked = home / "blocked"
    blocked.write_text("a file where a folder should be")
    page = open_page(path=blocked / "here")
    told, _ = page.ask("drop", np.packbits(np.arange(60) < 5, bitorder="little").tobytes(), decision="d")
    assert told["applied"] and not told["saved"]
    state = page.ask("state")[0]
    assert "not saved yet" in state["problem"] and not state["saved"] and state["kept"] == 55
    assert page.ask("save_again")[0]["saved"] is False
    blocked.unlink()
    assert page.ask("save_again")[0] == {"saved": True, "problem": ""}
    state = page.ask("state")[0]
    assert state["saved"] and state["problem"] == ""
    assert elute.Session(table(), text="text", path=blocked / "here").keep.sum() == 55


def test_what_is_not_saved_is_said_where_there_is_no_page(home: Path) -> None:
    blocked = home / "blocked"
    blocked.write_text("a file where a folder should be")
    session = opened(table(), path=blocked / "here")
    with pytest.warns(UserWarning, match=r"^Decisions are not saved yet \(.+\): they are kept in memory") as told:
        session.drop([1])
    assert [Path(one.filename).name for one in told] == ["test_returning.py"]
    session.drop([2])  # once is enough
    assert "Decisions are not saved yet" in repr(session)
    session.run()
    report = session.whole_report().text
    assert "Not every decision is saved yet." in report and str(home) not in report
    blocked.unlink()
    session.drop([3])
    assert session.journal.saved and "saved" not in repr(session) + session.whole_report().text


def test_a_damaged_journal_is_said_where_it_is_opened(home: Path, open_page: Any) -> None:
    path = home / "here"
    first = opened(table(), path=path)
    first.drop([1])
    first.drop([2])
    first.journal.close()
    lines = (path / "journal.jsonl").read_bytes().splitlines(keepends=True)
    whole, torn = b"".join(lines), b"".join([lines[0], lines[1][:-20] + b"\n", *lines[2:]])
    (path / "journal.jsonl").write_bytes(torn)
    with pytest.warns(UserWarning, match="1 could not be"):
        again = opened(table(), path=path)
    assert "1 could not be" in repr(again) and "1 could not be" in again.returned.line
    assert "1 could not be" in again.whole_report().text
    again.journal.close()
    (path / "journal.jsonl").write_bytes(whole.replace(lines[2], b"#\n").replace(lines[1], b"#\n"))
    with pytest.warns(UserWarning, match="2 could not be"):
        page = open_page(table(), "text", path=path)
    assert "2 could not be" in page.ask("state")[0]["resumed"]  # though nothing came back


def test_pages_of_one_journal_know_each_other_by_its_name(open_page: Any, home: Path) -> None:
    def name(**how: Any) -> str:
        return str(open_page(**how).ask("hello", b"abcd", protocol=1)[0]["journal"])

    assert name() == name() != name(path=home / "elsewhere")


HOLDS = """import fcntl, sys
file = open(sys.argv[1], "a")
fcntl.flock(file, fcntl.LOCK_EX)
print("holds", flush=True)
sys.stdin.read()"""


@pytest.fixture
def another(home: Path) -> Iterator[Path]:
    """A folder whose journal another process holds."""
    folder = home / "held"
    opened(table(), path=folder).drop(np.arange(5))
    gc.collect()  # what was opened here gives its claim back
    claim = str(folder / "journal.jsonl.lock")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, claim], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None and other.stdout.readline() == "holds\n"
        yield folder
        other.communicate()


@pytest.mark.skipif(not DISK.locks, reason="files can't be locked here")
def test_of_two_kernels_the_second_reads_until_it_takes_over(open_page: Any, another: Path) -> None:
    page = open_page(path=another)
    before = (another / "journal.jsonl").read_bytes()
    state = page.ask("state")[0]
    assert "Another kernel decides" in state["read_only"] and state["kept"] == 55
    bits = np.packbits(np.arange(60) == 9, bitorder="little").tobytes()
    for name, buffer in [("drop", bits), ("undo", None), ("afresh", None)]:
        assert page.refused(name, buffer, decision=name) == "refused"
    page.ask("run")
    assert page.wait()["kept"] == 55 and (another / "journal.jsonl").read_bytes() == before
    assert not list(another.glob("journal.2*"))

    assert page.refused("hold", how="steal") == "invalid"
    assert page.ask("hold", how="take")[0] == {"folder": ""}
    assert page.wait()["read_only"] == ""
    assert page.ask("drop", bits, decision="mine")[0]["saved"]
    assert opened(table(), path=another).keep.sum() == 54


@pytest.mark.skipif(not DISK.locks, reason="files can't be locked here")
def test_of_two_kernels_the_second_goes_on_in_a_copy(open_page: Any, another: Path) -> None:
    page = open_page(path=another)
    before = (another / "journal.jsonl").read_bytes()
    folder = Path(page.ask("hold", how="copy")[0]["folder"])
    assert folder != another and page.ask("state")[0]["read_only"] == ""
    bits = np.packbits(np.arange(60) == 9, bitorder="little").tobytes()
    assert page.ask("drop", bits, decision="mine")[0]["saved"]
    assert page.ask("afresh", decision="afresh")[0]["applied"] and page.wait()["kept"] == 60
    assert (another / "journal.jsonl").read_bytes() == before and len(list(folder.glob("journal.2*"))) == 1


CARDS = pd.DataFrame(
    {
        "text": ["card was declined", "card was declined", *(f"text number {row} here" for row in range(20))],
        "label": ["payment", "GARBAGE", *["x"] * 20],
    }
)
"""One text under two labels."""


def test_a_decision_on_one_of_two_equal_texts_stays_with_it_when_the_table_is_sorted() -> None:
    opened(CARDS, label="label").drop(CARDS.label == "GARBAGE")
    for turned in (CARDS.sort_values("label", kind="stable"), CARDS):
        back = opened(turned, label="label")
        assert back.returned.decisions == 1 and back.returned.unknown == back.returned.new == back.returned.gone == 0
        assert back.table()[~back.keep].label.tolist() == ["GARBAGE"]
        # a recipe and a cell go by the table alone
        assert back.recipe().apply(turned).keep.tolist() == back.keep.tolist()


def test_of_groups_none_is_torn_when_rows_are_moved_or_added(home: Path) -> None:
    said = [(f"c{c}", text) for c in range(6) for text in (f"question number {c} about topic {c * 7}", "yes please")]
    df = pd.DataFrame(said, columns=["conv", "text"])
    first = opened(df, group="conv", path=home / "here")
    first.drop(df.conv == "c2")
    more = pd.concat([pd.DataFrame({"conv": ["n"], "text": ["yes please"]}), df], ignore_index=True)
    without = more[more.conv != "c2"]
    for changed in (df.iloc[::-1], more, without, more, df):
        back = opened(changed, group="conv", path=home / "here")
        assert (~back.keep).tolist() == (changed.conv == "c2").tolist()
    assert first.copy_journal(home / "copy") == home / "copy"
    copied = opened(more, group="conv", path=home / "copy")
    assert (~copied.keep).tolist() == (more.conv == "c2").tolist()


def test_what_is_brought_along_goes_to_the_rows_with_the_same_label() -> None:
    opened(CARDS, label="label").drop(CARDS.label == "GARBAGE")
    other = pd.concat([pd.DataFrame({"text": ["one more"], "label": ["x"]}), CARDS.iloc[::-1]], ignore_index=True)
    there = opened(other, label="label")
    assert there.bring_along() == 1 and other[~there.keep].label.tolist() == ["GARBAGE"]
    again = opened(other, label="label")
    assert other[~again.keep].label.tolist() == ["GARBAGE"]


def test_what_agrees_with_no_row_is_not_dropped_and_said(home: Path) -> None:
    opened(CARDS, label="label", path=home / "here").drop(CARDS.label == "GARBAGE")
    renamed = CARDS.assign(label=CARDS.label.replace("GARBAGE", "refund"))
    back = opened(renamed, label="label", path=home / "here")
    assert back.keep.all() and "1 that was decided about is not in this table." in back.returned.line
    assert not opened(CARDS, label="label", path=home / "here").keep.all()


def test_a_journal_from_before_labels_were_kept_is_read_as_it_was(home: Path) -> None:
    opened(CARDS, label="label", path=home / "here").drop(CARDS.label == "GARBAGE")
    (home / "here" / roster.MARKS).unlink()
    back = opened(CARDS, label="label", path=home / "here")
    assert CARDS[~back.keep].label.tolist() == ["GARBAGE"] and (home / "here" / roster.MARKS).exists()
    assert elute.forget(back, sure=True).gone and not (home / "here" / roster.MARKS).exists()


def test_a_session_that_lives_on_drops_what_resume_false_put_aside(home: Path) -> None:
    first = opened(table())
    first.drop(np.arange(10))
    opened(table())  # the cell says the same, so this one notes no opening of its own
    fresh = opened(table(), resume=False)
    fresh.drop([30])
    assert first.keep.tolist() == fresh.keep.tolist() and first.keep.sum() == len(first.keep) - 1
    first.undo()
    first.undo()
    assert first.keep.all() and fresh.keep.all() and opened(table()).keep.all()


def test_what_began_before_starting_afresh_is_noted_in_no_fresh_journal(home: Path) -> None:
    s = opened(table())
    s.drop([1])

    def report(stage: str, *told: Any) -> None:
        if stage == "project" and s.state.decided:
            s.start_afresh()

    s.run(progress=Callback(report))
    assert not s.state.decided and s.rounds == ()
    made = s.run()
    assert [one.data["kept"] for one in s.rounds] == [len(s.keep)] and s.round is made and made.keep.all()
    s.drop([1])  # the round that was begun before is found again, and noted now
    assert s.has_round() and s.run().keep.sum() == len(s.keep) - 1 and len(s.rounds) == 2
