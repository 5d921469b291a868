"""A disk that is full, a folder that can't be written, and nothing left but the journal."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from elute import KMeans, Session
from elute.corpus import Corpus
from elute.decisions.ledger import Ledger
from elute.disk import DISK

TEXTS = [f"text {row}" for row in range(600)]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KiB."""
    place = tmp_path / "small"
    place.mkdir()
    if os.name == "nt" or os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place]).returncode:
        pytest.skip("a small file system can't be mounted here; test_crash_sweep has the same on paper")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def test_a_full_disk_is_said_and_all_is_written_once_there_is_room(small: Path) -> None:
    ledger = Ledger(Corpus.from_data(TEXTS), small)
    model = np.ones(len(TEXTS), bool)
    for row in range(40):
        rows = np.arange(row * 7, row * 7 + 300) % len(TEXTS)
        (ledger.drop if row % 2 else ledger.restore)(rows)
        model[rows] = row % 2 == 0
        assert ledger.keep.tolist() == model.tolist()
    assert not ledger.journal.saved and "No space left" in ledger.journal.problem and "kept in memory" in ledger.journal.problem
    again = Ledger(Corpus.from_data(TEXTS), small)
    assert again.keep.tolist() == model.tolist() and again.journal.problem == ledger.journal.problem
    subprocess.run(["mount", "-o", "remount,size=4m", small], check=True)
    assert ledger.journal.save() and not again.journal.problem
    raw = (small / "journal.jsonl").read_bytes()
    (small / "elsewhere").mkdir()
    (small / "elsewhere" / "journal.jsonl").write_bytes(raw)
    there = Ledger(Corpus.from_data(TEXTS), small / "elsewhere")
    assert there.keep.tolist() == model.tolist() and there.journal.note == ""


def test_a_folder_that_cannot_be_written_keeps_decisions_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As root any folder can be written: the disk says no instead."""

    def refuse(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    for name in ("make_folder", "open", "create"):
        monkeypatch.setattr(DISK, name, refuse)
    ledger = Ledger(Corpus.from_data(TEXTS), tmp_path / "folder")
    assert ledger.drop([0]) == 1 and ledger.journal.mode == "own"
    assert "Read-only file system" in ledger.journal.problem and not ledger.journal.saved
    monkeypatch.undo()
    assert ledger.drop([1]) == 1 and ledger.journal.saved and not ledger.journal.problem
    assert Ledger(Corpus.from_data(TEXTS), tmp_path / "folder").keep.tolist() == ledger.keep.tolist()


def test_masks_are_identical_when_nothing_is_left_but_the_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELUTE_HOME", str(tmp_path / "home"))
    vectors = np.random.default_rng(0).normal(size=(60, 8))
    how: dict[str, Any] = {"embedder": vectors, "clusterer": KMeans(3), "projector": "pca"}
    session = Session(TEXTS[:60], **how)
    session.run()
    session.drop(cluster=0, reason="off")
    session.restore([int(np.flatnonzero(session.dropped)[0])])
    session.tag([3], "x")
    session.drop([5, 6])
    session.undo()
    session.run()
    session.goto(session.state.rounds[0].id)
    session.drop([9])
    session.select([1, 2])
    session.save("mine")
    said = session.history.to_dict("list")
    for path in sorted((tmp_path / "home").rglob("*"), reverse=True):
        if path.name != "journal.jsonl":
            path.unlink() if path.is_file() else shutil.rmtree(path) if not list(path.rglob("journal.jsonl")) else None
    again = Session(TEXTS[:60], **how)
    assert again.keep.tolist() == session.keep.tolist() and again.history.to_dict("list") == said
    assert again.selections["mine"].tolist() == session.selections["mine"].tolist()
    assert [tags.tolist() for tags in again.state.tags.values()] == [tags.tolist() for tags in session.state.tags.values()]
    assert again.journal.note == ""
