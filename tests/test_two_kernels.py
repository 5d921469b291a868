"""Two processes on one journal: one decides, the other reads until it takes over or goes on in a copy."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from elute.corpus import Corpus
from elute.decisions.ledger import Ledger
from elute.errors import JournalError

TEXTS = [f"text {row}" for row in range(8)]
OTHER = """
import sys
import time
from pathlib import Path
from elute.corpus import Corpus
from elute.decisions.ledger import Ledger
ledger = Ledger(Corpus.from_data([f"text {row}" for row in range(8)]), Path(sys.argv[1]))
for line in sys.stdin:
    try:
        print(repr(eval(line)), flush=True)
    except Exception as error:
        print(type(error).__name__, error, flush=True)
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no flock on Windows: one kernel a journal is the rule there")


class Kernel:
    """Another process with a ledger."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", OTHER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def says(self, code: str) -> str:
        assert self.process.stdin is not None and self.process.stdout is not None
        print(code, file=self.process.stdin, flush=True)
        return self.process.stdout.readline().strip()


@contextmanager
def kernel(folder: Path) -> Iterator[Kernel]:
    other = Kernel(folder)
    with other.process:
        try:
            yield other
        finally:
            other.process.kill()


def ledger(folder: Path, **how: bool) -> Ledger:
    return Ledger(Corpus.from_data(TEXTS), folder, **how)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Kernel, Path]]:
    """A process that holds a journal with one decision; the folder is shared by the tests, in their order."""
    folder = tmp_path_factory.mktemp("two") / "kernels"
    with kernel(folder) as process:
        assert process.says("ledger.drop([0])") == "1"
        yield process, folder


def test_the_second_reads_what_the_first_decides_and_is_refused(other: tuple[Kernel, Path]) -> None:
    first, folder = other
    mine = ledger(folder)
    assert mine.journal.mode == "read-only" and first.says("ledger.journal.mode") == "'own'"
    held = mine.journal.holder
    assert held is not None and held.process == first.process.pid and held.since
    assert not mine.keep[0]
    before = (folder / "journal.jsonl").read_bytes()
    with pytest.raises(JournalError, match=rf"process {first.process.pid} .* take over with session.take_over\(\)"):
        mine.drop([1])
    with pytest.raises(JournalError):
        mine.undo()
    assert mine.keep[1] and mine.journal.saved and (folder / "journal.jsonl").read_bytes() == before
    assert first.says("ledger.drop([2])") == "1" and not mine.keep[2]


def test_facts_of_who_only_reads_stay_in_memory(other: tuple[Kernel, Path]) -> None:
    _, folder = other
    before = (folder / "journal.jsonl").read_bytes()
    mine = ledger(folder)
    assert mine._append("open", data={"settings": {"seed": 3}})
    assert mine.state.settings["seed"] == 3 and (folder / "journal.jsonl").read_bytes() == before


def test_a_journal_is_not_put_aside_under_the_hands_of_who_decides(other: tuple[Kernel, Path]) -> None:
    _, folder = other
    with pytest.raises(JournalError, match="End that kernel first"):
        ledger(folder, resume=False)
    assert list(folder.glob("journal.2*")) == []


def test_a_copy_goes_on_apart(other: tuple[Kernel, Path], tmp_path: Path) -> None:
    first, folder = other
    mine = ledger(folder)
    beside = mine.copy_journal()
    assert beside.parent == folder.parent and mine.journal.mode == "own" and mine.folder == beside
    assert mine.drop([5]) == 1 and mine.journal.saved
    assert first.says("bool(ledger.keep[5])") == "True" and first.says("ledger.drop([6])") == "1" and mine.keep[6]
    again = ledger(beside)
    assert again.keep.tolist() == mine.keep.tolist() and again.journal.note == ""
    with pytest.raises(JournalError, match="already"):
        ledger(folder).copy_journal(beside)
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalError, match="give another folder"):
        ledger(folder).copy_journal(tmp_path / "file" / "x")


def test_who_takes_over_decides_and_the_other_says_so_at_its_next_decision(other: tuple[Kernel, Path]) -> None:
    first, folder = other
    mine = ledger(folder)
    mine.take_over()
    assert mine.journal.mode == "own" and mine.journal.holder is None and mine.drop([3]) == 1
    said = first.says("ledger.drop([4])")
    assert said.startswith("JournalError") and f"process {os.getpid()} " in said
    assert first.says("bool(ledger.keep[4]), bool(ledger.keep[3]), ledger.journal.mode") == "(True, False, 'read-only')"
    assert first.says("ledger.take_over()") == "None" and first.says("ledger.drop([4])") == "1"
    with pytest.raises(JournalError):
        mine.drop([7])
    assert not mine.keep[4]
    # the facts that were kept in memory while it only read are written when it takes over
    mine._append("round", data={"number": 1})
    mine.take_over()
    assert [made.data["number"] for made in ledger(folder).state.rounds] == [1]
    assert first.says("ledger.take_over()") == "None"


def test_what_could_not_be_written_before_the_other_took_over_goes_into_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from elute.disk import DISK

    folder = tmp_path / "held"
    mine = ledger(folder)
    mine.drop([0])

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(DISK, "fsync", full)
    mine.drop([1])
    monkeypatch.undo()
    with kernel(folder) as second:
        assert second.says("ledger.take_over()") == "None" and second.says("bool(ledger.keep[1])") == "True"
        with pytest.raises(JournalError):
            mine.drop([2])
        assert not mine.journal.saved and "copy_journal()" in mine.journal.problem and not mine.keep[1]
        beside = mine.copy_journal()
        assert ledger(beside).keep.tolist() == [False, False, *[True] * 6] and mine.journal.saved


def test_a_claim_dies_with_its_process_and_a_copy_of_the_process_has_none(tmp_path: Path) -> None:
    folder = tmp_path / "held"
    with kernel(folder) as first:
        assert first.says("ledger.drop([0])") == "1"
        mine = ledger(folder)
        assert mine.journal.mode == "read-only"
        child = first.says(
            "(lambda pid: pid or (ledger.journal.mode == 'read-only' or __import__('os')._exit(1), __import__('time').sleep(60)))"
            "(__import__('os').fork())"
        )
        first.process.send_signal(signal.SIGKILL)
        first.process.wait()
        try:
            assert os.getpgid(int(child))  # the child lives, and holds nothing once it has begun to
            end = time.monotonic() + 5
            while mine.journal.mode != "own" and time.monotonic() < end:
                time.sleep(0.01)
            assert mine.journal.mode == "own" and mine.drop([1]) == 1
        finally:
            os.kill(int(child), signal.SIGKILL)


def test_a_cell_that_is_run_again_decides_as_before(tmp_path: Path) -> None:
    one, two = ledger(tmp_path), ledger(tmp_path)
    assert one.journal.mode == two.journal.mode == "own"
    one.drop([0])
    two.drop([1])
    assert one.keep.tolist() == two.keep.tolist()
    one.journal.close()
    with kernel(tmp_path) as other:
        assert other.says("ledger.journal.mode") == "'read-only'"
        two.journal.close()
        assert other.says("ledger.drop([2])") == "1"
    assert one.drop([3]) == 1 and not two.keep[3]
