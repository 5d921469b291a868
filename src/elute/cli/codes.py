"""Exit codes. A script may rely on them; docs/cli.md lists them."""

from __future__ import annotations

from elute.errors import Cancelled, EluteError, JournalError, MissingExtraError, ProviderError

DONE = 0
BROKEN = 1
"""Something that elute did not foresee: a bug."""
USAGE = 2
"""The arguments are not understood (argparse)."""
INPUT = 3
"""The file, a column or a setting does not fit, or a file can't be read or written."""
MISSING = 4
"""A package or a program is missing; the message is the command that installs it."""
PARTLY = 5
"""Some of it was done and some was not; what was not is listed."""
BUSY = 6
"""A journal can't be read or written, or another process has it."""
SERVER = 7
"""A model's server or a scheduler failed, or can't be reached."""
INTERRUPTED = 130
"""Ctrl-C."""

MEANING = {
    DONE: "done",
    BROKEN: "a bug in elute: run it again with --debug, and tell us",
    USAGE: "the arguments are not understood",
    INPUT: "the file, a column or a setting does not fit, or a file can't be read or written",
    MISSING: "a package or a program is missing; the message says how to install it",
    PARTLY: "done in part; what was not done is listed",
    BUSY: "a journal can't be read or written, or another process has it open",
    SERVER: "a server or scheduler failed or can't be reached",
    INTERRUPTED: "interrupted; what was written before is whole",
}


def code_of(error: BaseException) -> int:
    """The exit code that an error leads to."""
    if isinstance(error, KeyboardInterrupt | Cancelled):
        return INTERRUPTED
    if isinstance(error, MissingExtraError):
        return MISSING
    if isinstance(error, JournalError):
        return BUSY
    if isinstance(error, ProviderError):
        return SERVER
    return INPUT if isinstance(error, EluteError | OSError) else BROKEN
