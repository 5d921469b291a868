"""The tables of docs/reliability.md from tests/failure_modes.txt: ``make reliability``. What stands around them is written by hand."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from failure_modes import TABLES, Failure  # noqa: E402

DOC = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- make reliability: from here -->", "<!-- make reliability: to here -->"


def main() -> None:
    """Write the tables between their marks."""
    DOC.write_text(written(DOC.read_text(encoding="utf-8")), encoding="utf-8")


def written(doc: str) -> str:
    """The document with its tables as they are now."""
    before, _, rest = doc.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables()}\n{END}{after}"


def tables() -> str:
    """All tables as Markdown, each under its heading."""
    parts = []
    for title, rows in TABLES.items():
        head = f"### {title}\n\n| what goes wrong | what elute does | where it is provoked |\n|---|---|---|\n"
        parts.append(head + "".join(f"| {one.name} | {one.expected} | {where(one)} |\n" for one in rows))
    return "\n".join(parts).replace("<=", "&le;").replace(" > ", " &gt; ")


def where(failure: Failure) -> str:
    """Its tests, those of a file together, and the reason where they provoke but a part of it."""
    files: dict[str, list[str]] = {}
    for test in failure.tests:
        file, _, name = test.partition("::")
        files.setdefault(file, []).append(name.removeprefix("test_").replace("_", " ").replace("|", ""))
    told = "; ".join(f"`{file}`: {', '.join(names)}" for file, names in files.items())
    return " ".join(filter(None, (told, failure.why)))


if __name__ == "__main__":
    main()
