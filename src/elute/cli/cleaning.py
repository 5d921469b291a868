"""``elute clean``: rounds with no screen, into a new folder that is there whole or not at all."""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import psutil

from elute import __version__
from elute.cli.accepting import Rounds, kinds, rounds
from elute.cli.codes import DONE
from elute.cli.reporting import save_report
from elute.cli.saying import Saying
from elute.cli.tables import table_of
from elute.cli.writing import form_of, write_clean
from elute.decisions.proposals import reasons
from elute.disk import DISK
from elute.errors import InputError
from elute.plain import many, plain
from elute.reading import Reading
from elute.report.why import why
from elute.session import Session

INDICES = ("clusters", "silhouette", "davies_bouldin", "calinski_harabasz", "balance")


def run(given: argparse.Namespace, say: Saying) -> int:
    """Read, accept what is named, write everything beside ``--out`` and rename it."""
    started, named = time.perf_counter(), kinds(given.accept)
    out = Path(given.out).expanduser()
    if out.exists():
        raise InputError(f"{out} is there already: give --out another name, or take it away first.")
    reading, columns = table_of(given, say)
    if not len(reading):
        raise InputError("The file has no rows: there is nothing to clean.")
    form_of(reading, given.format)
    DISK.make_folder(out.parent)
    beside = out.with_name(f".{out.name}.{_here()}-{os.getpid()}-{uuid4().hex[:8]}")
    _sweep(out)
    try:
        DISK.make_folder(beside)
        told = _clean(beside, reading, columns.how, given, say, named)
        told |= {"seconds": round(time.perf_counter() - started, 1), "out": str(out)}
        DISK.rename(beside, out)
        DISK.sync_folder(out.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    say.line(f"Written to {out}: {', '.join(told['files'])}; {told['seconds']:.0f} s.")
    say.result(told)
    return DONE


def _here() -> str:
    """This machine, in a name that says nothing of it."""
    return blake2b(platform.node().encode(), digest_size=4).hexdigest()


def _sweep(out: Path) -> None:
    """Take away what a run to the same place left when it was killed on this machine; one that still runs keeps its folder."""
    named = re.compile(re.escape(f".{out.name}.{_here()}-") + r"(\d{1,9})-[0-9a-f]{8}")
    with suppress(OSError):
        for path in out.parent.iterdir():
            found = named.fullmatch(path.name)
            if found and path.is_dir() and not path.is_symlink() and not psutil.pid_exists(int(found[1])):
                shutil.rmtree(path, ignore_errors=True)


def _clean(
    folder: Path, reading: Reading, columns: Mapping[str, Any], given: argparse.Namespace, say: Saying, named: frozenset[str]
) -> dict[str, Any]:
    session = Session(
        reading.table, **columns, task=given.task, embedder=given.embedder, seed=given.seed, path=folder / "journal",
        progress=say.progress.report,
    )  # fmt: skip
    try:
        made = rounds(session, named, given.rounds, given.confidence, given.most, say.progress)
        keep, n = session.keep, len(reading)
        for step in made.steps:
            title = _unnamed(step.action, step.rows) if given.no_texts else step.title
            say.line(f"round {step.round}: {title} ({step.kind})")
        if not named:
            say.line("Nothing was accepted: say --accept safe for what was measured not to hurt.")
        _tell_left(made, say, names=not given.no_texts)
        clean, note = write_clean(folder, reading, session.clean(), keep, given.format)
        say.lines(f"{keep.sum():,} of {n:,} rows stay.", note)
        np.save(folder / "mask.npy", keep, allow_pickle=False)
        _write_dropped(folder, session, keep, names=not given.no_texts)
        save_report(session, folder / "report.html", texts=not given.no_texts, title=Path(given.file).name, notes=reading.notes)
        files = ["mask.npy", clean.name, "dropped.jsonl", "report.html", "manifest.json", "summary.json", "journal/"]
        _write_json(folder / "manifest.json", session.manifest())
        if hasattr(session, "recipe"):
            session.recipe().save(folder / "recipe")
            files.append("recipe/")
        told = _summary(reading, columns, made, keep, named, files)
        _write_json(folder / "summary.json", told)
        return told
    finally:
        session.journal.close()


def _write_json(path: Path, told: Mapping[str, Any]) -> None:
    DISK.replace(path, (json.dumps(plain(told), indent=1, allow_nan=False) + "\n").encode())


def _unnamed(action: str, rows: int) -> str:
    """What was suggested, without its title: that may name a cluster, and those names are words of the texts."""
    return f"{action}, {many(rows)}"


def _tell_left(made: Rounds, say: Saying, names: bool) -> None:
    for one in made.left[:12]:
        sure = "" if one.confidence is None else f", {one.confidence:.2f}"
        against = f": {made.why[one.id]}" if one.id in made.why else ""
        title = one.title if names else _unnamed(one.action, one.count)
        say.line(f"left to a person: {title} ({one.kind}{sure}{f', {one.count:,} rows' if names else ''}){against}")
    if len(made.left) > 12:
        say.line(f"and {len(made.left) - 12} more; elute open shows them.")


def _write_dropped(folder: Path, session: Session, keep: np.ndarray, names: bool) -> None:
    """Which rows went and why, a line each: positions and reasons, without ``names`` none that may hold that of a cluster."""
    said = reasons(session.corpus, session.state, lambda decision: why(decision, words=names))
    lines = [json.dumps({"row": row, "reason": said[row] or ""}) for row in np.flatnonzero(~keep).tolist()]
    DISK.replace(folder / "dropped.jsonl", "".join(f"{line}\n" for line in lines).encode())


def _summary(
    reading: Reading, columns: Mapping[str, str], made: Rounds, keep: np.ndarray, named: frozenset[str], files: list[str]
) -> dict[str, Any]:
    """Numbers and names of columns; no text of the data, nor a title that has words of it."""
    steps = [
        {"round": step.round, "kind": step.kind, "action": step.action, "rows": step.rows, "confidence": step.confidence}
        for step in made.steps
    ]
    left = [{"kind": one.kind, "tier": one.tier, "rows": one.count, "confidence": one.confidence} for one in made.left]
    before, after = ({name: each.metrics.get(name) for name in INDICES} for each in (made.first, made.last))
    return {
        "elute": __version__, "rows": len(reading), "kept": int(keep.sum()), "bad_lines": reading.bad, "notes": reading.notes,
        "columns": dict(columns), "accept": sorted(named), "accepted": steps, "left": left, "before": before, "after": after,
        "settings": made.last.settings.describe(), "files": files,
    }  # fmt: skip
