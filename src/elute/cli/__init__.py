"""The command line: ``elute open | clean | apply | report | forget | doctor``. Arguments, sentences and exit codes; no work."""

from __future__ import annotations

from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. See :mod:`elute.cli.codes`."""
    from elute.cli.run import run

    return run(argv)
