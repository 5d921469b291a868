"""What evidence and suggestions are worth, on sets in which every dirt is known, in one run that can be taken up again.

    ELUTE_DATA=folder python bench/evidence.py [--part looks ...] [--quick] [--seeds 1] [--cache DIR]
    ELUTE_DATA=folder python bench/evidence.py --write

Parts: looks, halves, safe, duplicates, labels, learn, clusters; all of them if none is named. Prints a Markdown table of each and writes
bench/evidence.json. ``--quick`` takes one seed and the first mixes, to see that it works; ``--seeds 1`` one seed and all mixes.
``--write`` measures nothing: it draws docs/evidence.svg of what is kept of looks and safe.

A part is a module ``evidence_PART.py`` with

    def lines(quick: bool) -> Iterable[Line]

which makes its lines (``line.Line``) as it goes, and wraps whatever takes longer than a second in :func:`kept`:

    from evidence import SEEDS, kept, spread
    found = kept("looks", {"mix": spec.name, "seed": seed}, lambda: measure(spec, seed))

A kept answer is JSON (numbers, strings, lists, dicts). It is found again by its name, what it is of, and the code of elute and of the
part, so a run that was stopped goes on where it was, and one after a change of the code starts anew.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
PARTS = ("looks", "halves", "safe", "duplicates", "labels", "learn", "clusters")
SEEDS: tuple[int, ...] = (0, 1, 2)
CACHE = "ELUTE_EVIDENCE"
"""Names the folder that keeps what was measured; it is passed on to helpers that a part starts."""
WRITING = False
"""Whether nothing is to be measured."""


def kept(part: str, of: dict[str, Any], work: Callable[[], Any]) -> Any:
    """What ``work`` measures, or measured before with the same code."""
    told = json.dumps({"part": part, "of": of, "code": code(part)}, sort_keys=True)
    folder = Path(os.environ.get(CACHE) or Path.home() / ".cache" / "elute-evidence")
    path = folder / part / f"{hashlib.blake2b(told.encode(), digest_size=12).hexdigest()}.json"
    if path.is_file():
        return json.loads(path.read_text())["found"]
    if WRITING:
        raise SystemExit(f"Of {part}, {json.dumps(of)} is not kept for this code: run bench/evidence.py --part {part} first.")
    found = json.loads(json.dumps(work(), default=_plain))
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}")
    temporary.write_text(json.dumps({"of": of, "found": found}))
    temporary.replace(path)
    return found


@cache
def code(part: str) -> str:
    """The code that an answer depends on: elute without its page, and the bench's own files of the part."""
    import elute

    package = Path(elute.__file__).parent
    files = [path for path in sorted(package.rglob("*.py")) if "widget" not in path.parts]
    files += [HERE / f"evidence_{name}.py" for name in ("mixes", "sources", "edits", "person", part)]
    files += [HERE / f"{part}.py"]  # benches of their own keep their answers too: analyst.py
    told = hashlib.blake2b(digest_size=12)
    for path in files:
        told.update(path.read_bytes() if path.is_file() else b"")
    return told.hexdigest()


def spread(values: Iterable[float]) -> str:
    """Mean, and the lowest and highest."""
    seen = np.array(list(values), float)
    return f"{seen.mean():.3f} [{seen.min():.3f} to {seen.max():.3f}]" if len(seen) else "nothing"


def table(lines: Iterable[Any]) -> str:
    """Lines as Markdown, printed as they come."""
    told = ["| Measure | Seen | Beside | Value | Bound | Met |", "|---|---|---|---|---|---|"]
    print(*told, sep="\n", flush=True)
    for line in lines:
        met = "" if not line.bound else "yes" if line.met else "**no**"
        told.append(f"| {line.measure} | {line.ours} | {line.usual} | {line.value} | {line.bound} | {met} |")
        print(told[-1], flush=True)
    return "\n".join(told)


def main() -> int:
    """Run the parts that were named; 1 where a bound was missed."""
    global SEEDS, WRITING
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--part", nargs="*", choices=PARTS, default=PARTS)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seeds", type=int, choices=range(1, len(SEEDS) + 1), default=len(SEEDS), help="how many of the seeds")
    parser.add_argument("--cache", help="folder that keeps what was measured")
    parser.add_argument("--write", action="store_true", help="draw docs/evidence.svg of what is kept")
    said = parser.parse_args()
    if said.cache:
        os.environ[CACHE] = said.cache
    SEEDS = SEEDS[: said.seeds]  # parts are imported after this
    if said.write:
        WRITING = True
        importlib.import_module("evidence_plot").written(HERE.parent / "docs" / "evidence.svg")
        return 0
    seen: dict[str, list[dict[str, Any]]] = {}
    for part in said.part:
        print(f"\n## {part}\n", flush=True)
        lines = []
        table(lines.append(line) or line for line in importlib.import_module(f"evidence_{part}").lines(said.quick))  # type: ignore[func-returns-value]
        seen[part] = [asdict(line) for line in lines]
    if not said.quick:
        (HERE / "evidence.json").write_text(json.dumps(seen, indent=1, default=_plain) + "\n")
    return int(any(line["bound"] and not line["met"] for lines in seen.values() for line in lines))


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    raise TypeError(type(value).__name__)


if __name__ == "__main__":
    # parts import this file by its name: without this they would have a second one
    sys.modules.setdefault("evidence", sys.modules["__main__"])
    sys.exit(main())
