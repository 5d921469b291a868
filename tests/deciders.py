"""A program: children decide as fast as they can and are killed; what they were told was saved must be there. Prints what was tried.

    python deciders.py FOLDER KILLS SEED

Also under ``fiu-run``, which makes system calls fail: a decision that was not said to be saved may then be lost with its process.
"""

from __future__ import annotations

import ctypes
import json
import os
import random
import signal
import sys
import time
from pathlib import Path

import numpy as np

from elute.corpus import Corpus
from elute.decisions.ledger import Ledger

N = 64
TEXTS = [f"text {row}" for row in range(N)]
AFRESH = 25
"""Kills after which another journal is begun."""


def corpus() -> Corpus:
    return Corpus.from_data(TEXTS)


def plan(number: int) -> tuple[str, list[int]]:
    """What decision ``number`` does: pure, so that the parent knows it too."""
    chance = random.Random(number)
    return chance.choice(["drop", "drop", "restore", "undo"]), chance.sample(range(N), 20)


def decide(ledger: Ledger, number: int) -> None:
    kind, rows = plan(number)
    if kind == "undo":
        ledger.undo(decision=f"d{number}")
    else:
        getattr(ledger, kind)(rows, decision=f"d{number}")


def child(folder: Path, begin: int, pipe: int) -> None:
    """Decide until killed; each number is told once the ledger says that all is saved."""
    ledger, number = Ledger(corpus(), folder), begin
    unreliable = ctypes.CDLL(None).fiu_enable_random if os.environ.get("ELUTE_FIU") else None
    if unreliable is not None:  # from here on one system call of files in twenty fails
        unreliable(b"posix/io/*", 1, None, 0, ctypes.c_float(0.05))
    tell(pipe, b"ready\n")
    while True:
        decide(ledger, number)
        if ledger.journal.saved:
            tell(pipe, f"{number}\n".encode())
        number += 1


def tell(pipe: int, line: bytes) -> None:
    """The pipe is not what is tested."""
    while line:
        try:
            line = line[os.write(pipe, line) :]
        except OSError:
            continue


def told(pipe: int, raw: bytes) -> list[int]:
    while more := os.read(pipe, 65536):
        raw += more
    return [int(line) for line in raw.split(b"\n")[:-1] if line != b"ready"]


def killed(folder: Path, begin: int, seconds: float, ready: bool) -> list[int]:
    """Numbers that a child was told were saved before it was killed, so long after it began or, where ``ready``, could decide."""
    out, into = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(out)
        try:
            child(folder, begin, into)
        finally:
            os._exit(1)
    os.close(into)
    raw = os.read(out, 65536) if ready else b""
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    saved = told(out, raw)
    os.close(out)
    return saved


def replayed(many: int) -> tuple[list[str], list[bool]]:
    """Ids of the records and the mask that ``many`` decisions give: a plain list of masks, and no journal."""
    keep = [np.ones(N, bool)]
    ids: list[str] = []
    for number in range(many):
        kind, rows = plan(number)
        now = keep[-1].copy()
        if kind == "undo":
            if len(keep) > 1:
                keep.pop()
                ids.append(f"d{number}")
            continue
        now[rows] = kind == "restore"
        if (now != keep[-1]).any():
            keep.append(now)
            ids.append(f"d{number}")
    return ids, keep[-1].tolist()


def main(folder: Path, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    found = {"kills": 0, "saved": 0, "lost": 0, "invented": 0, "masks": 0, "torn": 0, "untold": 0}
    here, begin = folder, 0
    for kill in range(kills):
        if kill % AFRESH == 0:
            here, begin = folder / f"{kill}", 0
        saved = killed(here, begin, chance.random() * 0.12, ready=chance.random() < 0.8)
        ledger = Ledger(corpus(), here)
        records = [record.id for record in ledger.journal.records]
        after = saved[-1] + 1 if saved else begin
        # the last decision may be on disk though its child died before it could tell; where calls fail, those that waited may be
        most = after + (100 if os.environ.get("ELUTE_FIU") else 1)
        ends = [many for many in range(after, most + 1) if replayed(many)[0] == records]
        found["kills"] += 1
        found["saved"] += len(saved)
        found["torn"] += bool(ledger.journal.note)
        wanted = replayed(after)[0]
        found["lost"] += len(set(wanted) - set(records))
        found["invented"] += len(set(records) - set(replayed(most)[0])) + (not ends)
        if ends:
            found["untold"] += ends[0] > after
            found["masks"] += ledger.keep.tolist() != replayed(ends[0])[1]
            begin = ends[0]
        ledger.journal.close()
        del ledger
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
