"""Fail and kill at every step of the disk, cut the power there, kill -9: every acknowledged decision is there, none is invented."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest
from disks import Died, Paper
from torture import only_full, times, torture

from elute.decisions import Decision, fold
from elute.disk import Disk
from elute.journal import Journal, put_aside
from elute.journal.format import encode, parse

HERE = Path("/paper/home/journal.jsonl")
N = 16


def decision(name: str, at: int) -> Decision:
    rows = np.array([at % N, (at * 5 + 1) % N], np.uint64)
    kind = ("drop", "restore", "drop", "undo")[at % 4]
    return Decision(name, kind, np.empty(0, np.uint64) if kind == "undo" else rows, "why", {"kind": "lasso"}, at)


class Person:
    """Decides, and remembers what was tried and what was said to be saved."""

    def __init__(self) -> None:
        self.tried: list[Decision] = []
        self.saved: list[str] = []
        self.journal: Journal | None = None

    def decides(self, journal: Journal, many: int) -> None:
        self.journal = journal
        for _ in range(many):
            made = decision(f"d{len(self.tried)}", len(self.tried))
            self.tried.append(made)
            assert journal.append(made)
            if journal.saved:
                self.saved = [one.id for one in self.tried]


def begin(disk: Disk, person: Person) -> None:
    person.decides(Journal(HERE, "f", disk), 4)


def run_again(disk: Disk, person: Person) -> None:
    person.decides(Journal(HERE, "f", disk), 2)
    person.decides(Journal(HERE, "f", disk), 2)


def afresh(disk: Disk, person: Person) -> None:
    person.decides(Journal(HERE, "f", disk), 2)
    if person.journal is not None and person.journal.saved:
        try:
            put_aside(HERE, disk)
        except OSError:
            return
        person.decides(Journal(HERE, "f", disk), 2)


def beside(disk: Disk, person: Person) -> None:
    journal = Journal(HERE, "f", disk)
    person.decides(journal, 2)
    try:
        copy = journal.copy(Path("/paper/copy/journal.jsonl"))
    except OSError:
        return
    person.decides(copy, 2)


SCRIPTS: dict[str, Callable[[Disk, Person], None]] = {
    "begin": begin, "run again": run_again, "start afresh": afresh, "a copy": beside,
}  # fmt: skip


def torn(person: Person) -> Paper:
    """A journal whose last line was never finished, and one that is not its own work in the middle."""
    disk = Paper()
    person.decides(Journal(HERE, "f", disk), 3)
    node = disk.names[HERE]
    node.content = node.synced = node.content + b"deadbeef {\n" + encode(decision("x", 0), 9)[:40]
    return disk


def whole(disk: Paper) -> list[Decision]:
    """All records of all journals of a disk, the oldest file first, each once."""
    files = sorted(disk.names, key=lambda path: (path.parent != HERE.parent, path.name == HERE.name, path.name))
    lines = [parse(line) for path in files if path.suffix == ".jsonl" for line in disk.read(path).split(b"\n")]
    found = {line.decision.id: line.decision for line in lines if line is not None}
    return list(found.values())


def same(found: Decision, made: Decision) -> bool:
    return (found.kind, found.ids.tolist(), found.reason, found.round) == (made.kind, made.ids.tolist(), made.reason, made.round)


def hold(disk: Paper, person: Person) -> None:
    """What must be true of a disk: nothing acknowledged is lost, nothing was made up, the order is that of the decisions."""
    for path in [HERE, Path("/paper/copy/journal.jsonl")]:
        Journal(path, "f", disk)  # as the next cell does; a damaged file is put aside
    found, made = whole(disk), {one.id: one for one in person.tried}
    names = [one.id for one in found]
    assert set(person.saved) <= set(names), f"lost {set(person.saved) - set(names)}"
    assert set(names) <= set(made), f"invented {set(names) - set(made)}"
    assert names == sorted(names, key=lambda name: int(name[1:]))
    assert all(same(one, made[one.id]) for one in found)


def mask(records: Iterable[Decision]) -> list[bool]:
    def locate(ids: np.ndarray) -> tuple[np.ndarray, int]:
        rows = np.zeros(N, bool)
        rows[ids.astype(int)] = True
        return rows, 0

    return [bool(one) for one in fold(list(records), N, locate).keep]


def lives(
    fate: str, start: Callable[[Person], Paper], script: Callable[[Disk, Person], None]
) -> Iterable[tuple[Paper, Person, int]]:
    """The script again and again, with its fate at the first step, the second ... until it is through unharmed."""
    for n in itertools.count():
        person = Person()
        disk = start(person)
        disk.count, disk.fate = 0, lambda at, n=n: fate if at == n else ""  # type: ignore[misc]
        try:
            script(disk, person)
        except Died:
            pass
        else:
            if disk.count <= n:
                assert n > 5
                return
        yield disk, person, n


STARTS: dict[str, Callable[[Person], Paper]] = {"new": lambda _: Paper(), "damaged": torn}


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("script", SCRIPTS)
def test_killed_at_every_step(script: str, start: str) -> None:
    for disk, person, _ in lives("die", STARTS[start], SCRIPTS[script]):
        hold(disk.killed(), person)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("script", SCRIPTS)
def test_the_power_cut_at_every_step(script: str, start: str) -> None:
    tried = 0
    for disk, person, _ in lives("die", STARTS[start], SCRIPTS[script]):
        for left in disk.after_power_cut():
            hold(left, person)
            tried += 1
    assert tried > 30


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_step_that_fails_costs_nothing(script: str, start: str) -> None:
    """Once, at every step: all is on disk as soon as the next write works, and the power may be cut then."""
    for disk, person, _ in lives("fail", STARTS[start], SCRIPTS[script]):
        journal = person.journal
        assert journal is not None
        disk.fate = lambda _: ""
        assert journal.save() or not journal.records
        assert journal.problem == ""
        person.saved = [one.id for one in person.tried]
        for left in disk.after_power_cut():
            hold(left, person)
        assert mask(whole(disk)) == mask(person.tried)


def test_a_disk_that_stays_full_loses_nothing_that_was_saved_and_keeps_the_rest_in_memory() -> None:
    for n in range(40):
        person, disk = Person(), Paper(lambda at, n=n: "fail" if at >= n else "")  # type: ignore[misc]
        begin(disk, person)
        assert person.journal is not None
        assert [one.id for one in person.journal.records] == [one.id for one in person.tried]
        assert person.journal.saved == (person.journal.problem == "")
        for left in disk.after_power_cut():
            hold(left, person)


def test_a_disk_that_lies_is_found_out() -> None:
    """The sweep can fail: without fsync it does."""

    class Liar(Paper):
        def fsync(self, file: object) -> None:
            self._step("fsync")

    person, disk = Person(), Liar()
    begin(disk, person)
    with pytest.raises(AssertionError, match="lost"):
        for left in disk.after_power_cut():
            hold(left, person)


DECIDERS = Path(__file__).parent / "deciders.py"


def kills(folder: Path, many: int, *, under: Sequence[str] = (), **environment: str) -> dict[str, int]:
    """What tests/deciders.py found."""
    done = subprocess.run(
        [*under, sys.executable, str(DECIDERS), str(folder), str(many), "8"],
        env={**os.environ, **environment}, capture_output=True, text=True, timeout=900,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, int] = json.loads(done.stdout)
    print(found)
    return found


@torture
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.parametrize("where", ["disk", pytest.param("memory", marks=only_full)])
def test_kill_9_while_deciding_as_fast_as_it_can(tmp_path: Path, where: str) -> None:
    """In memory a decision takes no time to sync, so that many more are made."""
    if where == "memory":
        if not Path("/dev/shm").is_dir():
            pytest.skip("no file system in memory here")
        tmp_path = Path(tempfile.mkdtemp(dir="/dev/shm"))
    many = times(6, 500)
    found = kills(tmp_path, many)
    if where == "memory":
        shutil.rmtree(tmp_path)
    assert (found["lost"], found["invented"], found["masks"]) == (0, 0, 0)
    assert found["kills"] == many and found["saved"] > many // 4


@torture
@pytest.mark.skipif(shutil.which("fiu-run") is None, reason="fiu-run is not installed (Debian: fiu-utils)")
def test_kill_9_while_one_system_call_in_twenty_fails(tmp_path: Path) -> None:
    many = times(6, 500)
    found = kills(tmp_path, many, under=["fiu-run", "-x"], ELUTE_FIU="1")
    assert (found["lost"], found["invented"], found["masks"]) == (0, 0, 0)
    assert found["kills"] == many and found["saved"] > many // 4
