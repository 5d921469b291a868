"""Every acknowledged decision is read back, whatever happens to the file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elute.decisions import Decision
from elute.disk import DISK
from elute.errors import JournalError
from elute.journal import Journal, decode, encode, pack, put_aside, unpack
from elute.journal.format import parse


def drop(name: str, *ids: int) -> Decision:
    return Decision(name, "drop", np.array(ids, np.uint64), "why", {"kind": "code"}, 1)


def names(journal: Journal) -> list[str]:
    return [record.id for record in journal.records]


def test_a_decision_is_read_back_whole(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "journal.jsonl"
    journal = Journal(path)
    source = {"kind": "lasso", "polygon": [1.5, 2.0], "camera": [0.1] * 16}
    assert journal.append(Decision("a", "drop", np.array([2**64 - 1, 0], np.uint64), 'dünn "x"\n', source, 3, "", {"k": [1]}))
    assert journal.saved
    (record,) = Journal(path).records
    assert record.ids.tolist() == [2**64 - 1, 0]
    assert (record.reason, record.source, record.round, record.data) == ('dünn "x"\n', source, 3, {"k": [1]})
    assert record.time.endswith("+00:00")


def test_each_record_has_its_number_and_its_table(tmp_path: Path) -> None:
    path = tmp_path / "j"
    one, two = Journal(path, "table"), Journal(path, "other")
    for at, journal in enumerate((one, two, one)):
        journal.append(drop(f"{at}", at))
    lines = [parse(line) for line in path.read_bytes().splitlines()]
    assert [(line.seq, line.corpus) for line in lines if line] == [(1, "table"), (2, "other"), (3, "table")]
    assert Journal(path).corpora == ["table", "other", "table"]


def test_a_journal_of_schema_1_is_read_and_gone_on_with(tmp_path: Path) -> None:
    """A line as elute wrote it before records had a number."""
    path = tmp_path / "j"
    path.write_text(
        '13600d07 {"data":{},"id":"a","ids":"AQAAAAAAAAA=","kind":"drop","reason":"why","round":1,"source":{"kind":"code"},'
        '"time":"2026-01-01T00:00:00.000+00:00","v":1}\n'
    )
    old = path.read_bytes()
    journal = Journal(path, "table")
    assert names(journal) == ["a"] and journal.note == "" and journal.records[0].ids.tolist() == [1]
    journal.append(drop("b", 2))
    assert path.read_bytes().startswith(old)
    assert names(Journal(path)) == ["a", "b"] and Journal(path).corpora == ["", "table"]


def test_the_same_id_never_applies_twice(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j")
    assert journal.append(drop("a", 1))
    assert not journal.append(drop("a", 2))
    assert not Journal(tmp_path / "j").append(drop("a", 3))
    assert names(Journal(tmp_path / "j")) == ["a"]


@pytest.mark.parametrize("cut", range(1, 40, 3))
def test_a_torn_tail_costs_only_the_torn_record(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "j"
    journal = Journal(path)
    journal.append(drop("a", 1))
    journal.append(drop("b", 2))
    path.write_bytes(path.read_bytes()[:-cut])
    found = path.read_bytes()
    again = Journal(path)
    assert names(again) == ["a"]
    assert "1 could not be" in again.note and "not finished when the kernel ended" in again.note
    aside = list(tmp_path.glob("*damaged*"))
    assert [other.read_bytes() for other in aside] == [found]
    again.append(drop("c", 3))
    assert names(Journal(path)) == ["a", "c"]
    assert Journal(path).note == ""


def test_damage_in_the_middle_leaves_the_rest_and_a_copy(tmp_path: Path) -> None:
    path = tmp_path / "j"
    journal = Journal(path)
    for name in "abc":
        journal.append(drop(name, 1))
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    assert names(Journal(path)) == ["a", "c"]
    assert any("damaged" in other.name for other in tmp_path.iterdir())


@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_an_exception(raw: bytes) -> None:
    for line in raw.split(b"\n"):
        assert decode(line) is None or line


@given(st.lists(st.integers(0, 2**64 - 1), max_size=50), st.text(max_size=40))
def test_encode_and_decode_are_opposites(ids: list[int], reason: str) -> None:
    record = Decision("x", "drop", np.array(ids, np.uint64), reason)
    again = decode(encode(record))
    assert again is not None and again.reason == reason and again.ids.tolist() == ids
    assert unpack(pack(record.ids)).tolist() == ids


@given(st.integers(0, 400), st.integers(0, 7))
@settings(max_examples=60)
def test_one_flipped_bit_is_never_taken_for_a_record(at: int, bit: int) -> None:
    line = bytearray(encode(drop("a", 1, 2, 3)))
    at %= len(line) - 1
    line[at] ^= 1 << bit
    again = decode(bytes(line))
    # upper and lower case of a hexadecimal digit of the checksum mean the same
    assert again is None or (at < 8 and again.ids.tolist() == [1, 2, 3])


def test_two_kernels_on_one_file_agree(tmp_path: Path) -> None:
    one, two = Journal(tmp_path / "j"), Journal(tmp_path / "j")
    one.append(drop("a", 1))
    two.append(drop("b", 2))
    assert one.catch_up() == 1
    assert names(one) == ["a", "b"] == names(two) == names(Journal(tmp_path / "j"))


def test_a_full_disk_keeps_decisions_in_memory_until_it_is_solved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "j"
    journal = Journal(path)
    journal.append(drop("a", 1))
    real = os.fsync

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert journal.append(drop("b", 2))
    assert not journal.saved and "No space left" in journal.problem
    assert names(journal) == ["a", "b"]
    on_disk = [decode(line) for line in path.read_bytes().splitlines()]
    assert [record.id for record in on_disk if record is not None] == ["a"]
    # the cell run again, in the same process: what waits is not lost with the old widget
    assert names(Journal(path)) == ["a", "b"] and "No space left" in Journal(path).problem
    monkeypatch.setattr(os, "fsync", real)
    journal.append(drop("c", 3))
    assert journal.saved and not journal.problem
    assert names(Journal(path)) == ["a", "b", "c"]


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    journal = Journal(tmp_path / "file" / "j")
    assert journal.append(drop("a", 1))
    assert not journal.saved and "not saved yet" in journal.problem


def test_a_newer_schema_is_refused_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from elute.journal import format

    monkeypatch.setattr(format, "SCHEMA", 99)
    line = encode(drop("a", 1))
    monkeypatch.undo()
    (tmp_path / "j").write_bytes(line)
    with pytest.raises(JournalError, match="upgrade elute"):
        Journal(tmp_path / "j")
    assert (tmp_path / "j").read_bytes() == line


def test_nothing_is_written_by_reading(tmp_path: Path) -> None:
    journal: Any = Journal(tmp_path / "j")
    assert journal.records == [] and not (tmp_path / "j").exists()


def test_what_json_cannot_hold_is_refused_and_poisons_nothing(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j")
    with pytest.raises(ValueError, match="JSON"):
        journal.append(Decision("a", "drop", source={"x": float("inf")}))
    assert journal.append(drop("b", 1)) and journal.saved
    assert names(journal) == ["b"] == names(Journal(tmp_path / "j"))


def test_a_file_put_aside_by_another_kernel_is_followed(tmp_path: Path) -> None:
    path = tmp_path / "j"
    one = Journal(path)
    for name in "abc":
        one.append(drop(name, 1))
    put_aside(path)
    two = Journal(path)
    two.append(Decision("d", "open", data={"settings": {}, "afresh": True}))
    assert one.catch_up() == 1 and names(one) == ["a", "b", "c", "d"]
    one.append(drop("e", 3))
    assert two.catch_up() == 1 and names(Journal(path)) == ["d", "e"]


@pytest.mark.parametrize("read_first", [False, True])
@pytest.mark.parametrize("what", ["deleted", "moved", "moved and back", "an earlier state", "cut", "another in its place"])
def test_saved_is_said_of_nothing_that_is_gone_from_disk(tmp_path: Path, what: str, read_first: bool) -> None:
    path, away = tmp_path / "here" / "j", tmp_path / "away"
    one = Journal(path, "table")
    for name in "abc":
        one.append(drop(name, 1))
    lines = path.read_bytes().splitlines(keepends=True)
    if what == "deleted":
        path.unlink()
    elif what.startswith("moved"):
        path.parent.rename(away)
    elif what == "an earlier state":
        (tmp_path / "old").write_bytes(lines[0])
        (tmp_path / "old").replace(path)
    elif what == "cut":
        path.write_bytes(b"".join(lines[:2]))
    else:
        path.unlink()
        path.write_bytes(b"".join(encode(drop(f"x{at}", 9), at + 1) for at in range(5)))
    if read_first:
        one.catch_up()
    assert one.append(drop("d", 2)) and one.saved
    if what == "moved and back":
        (path.parent / "j").unlink()
        (path.parent / "j.lock").unlink(missing_ok=True)
        path.parent.rmdir()
        away.rename(path.parent)
        assert one.append(drop("e", 2)) and one.saved
        assert names(Journal(path)) == [*"abcde"]
        return
    again = Journal(path, "table")
    assert set(names(one)) <= set(names(again)) and names(again)[-4:] == [*"abcd"] and "written again" in one.note
    assert again.note == ""
    before = path.read_bytes()
    assert one.append(drop("e", 2)) and path.read_bytes().startswith(before)


def test_what_is_appended_together_is_written_at_once_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "j"
    one = Journal(path)
    one.append(drop("a", 1))
    writes: list[int] = []
    real = type(DISK).fsync
    monkeypatch.setattr(type(DISK), "fsync", lambda self, file: (writes.append(1), real(self, file))[1])
    with one.together():
        assert one.append(drop("b", 2)) and one.append(drop("c", 3)) and not one.append(drop("b", 2))
        assert len(path.read_bytes().splitlines()) == 1 and names(one) == ["a", "b", "c"]
    assert len(writes) == 1 and one.saved and names(Journal(path)) == ["a", "b", "c"]
    with pytest.raises(KeyboardInterrupt), one.together():
        one.append(drop("d", 2))
        raise KeyboardInterrupt
    assert names(one) == names(Journal(path)) == ["a", "b", "c"] and one.append(drop("d", 2))
    monkeypatch.setattr(type(DISK), "fsync", lambda self, file: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with one.together():
        one.append(drop("e", 2))
        one.append(drop("f", 2))
    assert names(one)[-2:] == ["e", "f"] and not one.saved and "No space left" in one.problem
    monkeypatch.setattr(type(DISK), "fsync", real)
    assert one.save() and names(Journal(path)) == [*"abcdef"]


def test_a_line_that_another_kernel_is_just_writing_is_no_damage(tmp_path: Path) -> None:
    import fcntl
    import threading

    path, line = tmp_path / "j", encode(drop("b", 1))
    Journal(path).append(drop("a", 1))
    found: list[Journal] = []
    with path.open("ab", buffering=0) as file:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX)
        file.write(line[:20])
        reader = threading.Thread(target=lambda: found.append(Journal(path)))
        reader.start()
        reader.join(0.3)
        file.write(line[20:])
    reader.join(5)
    assert names(found[0]) == ["a", "b"] and found[0].note == ""
    assert sorted(other.name for other in tmp_path.iterdir()) == ["j", "j.lock"]


def test_a_writer_that_waited_while_the_file_was_put_aside_writes_to_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from elute import disk

    path = tmp_path / "j"
    one = Journal(path)
    one.append(drop("a", 1))
    real = disk.fcntl.flock
    moved: list[Path] = []

    def slow(handle: int, how: int) -> None:
        if not moved:  # between our opening and our lock, another kernel mends the file
            moved.append(path.rename(tmp_path / "aside"))
            path.write_bytes(encode(drop("a", 1)))
        real(handle, how)

    monkeypatch.setattr(disk.fcntl, "flock", slow)
    one.append(drop("b", 1))
    assert names(Journal(path)) == ["a", "b"]


def test_a_damaged_file_that_cannot_be_put_aside_is_still_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "j"
    Journal(path).append(drop("a", 1))
    path.write_bytes(path.read_bytes() + b"torn")

    def read_only(path: Path, content: bytes) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(DISK, "replace", read_only)
    again = Journal(path)
    assert names(again) == ["a"] and "1 could not be" in again.note
    again.append(drop("b", 2))
    assert names(again) == ["a", "b"]


def test_a_process_that_was_forked_while_a_record_was_written_does_not_keep_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "j"
    journal = Journal(path)
    journal.append(drop("a", 1))
    assert journal._file is not None
    with journal._file.locked() as file:
        inherited = os.dup(file.fileno())  # what a forked child has
    try:
        journal.append(drop("b", 2))
        assert journal.saved
    finally:
        os.close(inherited)


def test_a_process_that_stands_still_while_it_writes_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    from elute.journal import file as module

    monkeypatch.setattr(module, "PATIENCE", 0.05)
    path = tmp_path / "j"
    journal = Journal(path)
    journal.append(drop("a", 1))
    with path.open("ab") as other:
        fcntl.flock(other.fileno(), fcntl.LOCK_EX)
        assert journal.append(drop("b", 2)) and "another process is writing" in journal.problem
    assert journal.save() and names(Journal(path)) == ["a", "b"]


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("relabel", {}),
        ("relabel", {"labels": ["a"], "codes": "*"}),
        ("relabel", {"labels": ["a", "b"], "codes": "eJxjYGBgAAAABAAB"}),
        ("open", {}),
        ("selection", {"name": 3}),
        ("consent", {}),
        ("rename", {}),
        ("drop", {"batch": []}),
    ],
)
def test_a_record_that_does_not_say_what_its_kind_says_is_damage(tmp_path: Path, kind: str, data: dict[str, Any]) -> None:
    """Its checksum is good, so it came from other hands; a session that could not open for it would be worth less than the line."""
    line = encode(Decision("odd", kind, np.arange(3, dtype=np.uint64), data=data))
    assert decode(line) is None
    (tmp_path / "journal.jsonl").write_bytes(encode(Decision("good", "drop", np.arange(2, dtype=np.uint64))) + line)
    journal = Journal(tmp_path / "journal.jsonl")
    assert [record.id for record in journal.records] == ["good"] and journal.note


def test_a_line_that_was_taken_out_is_missed(tmp_path: Path) -> None:
    path = tmp_path / "j"
    journal = Journal(path)
    for name in "abc":
        journal.append(drop(name, 1))
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[2])
    again = Journal(path)
    assert names(again) == ["a", "c"] and again.note.startswith("1 record is missing from the journal")
    path.write_bytes(b"".join(lines))
    assert Journal(path).note == ""
