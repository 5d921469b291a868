"""One command from its arguments to its exit code: every error is one line, whatever it is."""

from __future__ import annotations

import argparse
import traceback
import warnings
from collections.abc import Callable, Sequence

from elute.cli.codes import BROKEN, code_of
from elute.cli.parser import parser
from elute.cli.saying import Saying
from elute.errors import EluteError

Command = Callable[[argparse.Namespace, Saying], int]


def run(argv: Sequence[str] | None = None) -> int:
    """Parse, do, and say what went wrong in one line; a traceback only with ``--debug``."""
    given = parser().parse_args(argv)
    say = Saying(given.json, given.quiet)
    try:
        with warnings.catch_warnings():
            if not given.debug:
                warnings.simplefilter("ignore")  # of libraries, for those who write code with them
            return _command(given.command)(given, say)
    except BaseException as error:
        if isinstance(error, SystemExit):
            raise
        code = code_of(error)
        say.failed(told(error, code), code)
        if given.debug:
            traceback.print_exception(error)
        return code


def told(error: BaseException, code: int) -> str:
    """One sentence. What elute did not foresee may quote the data: of that only the kind is told."""
    if isinstance(error, KeyboardInterrupt):
        return "Interrupted. What was written before is whole."
    if isinstance(error, OSError) and not isinstance(error, EluteError):
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror or type(error).__name__}. Nothing half-written was left."
    if code == BROKEN:
        return f"Something elute did not foresee ({type(error).__name__}). Run it again with --debug to see where."
    return str(error)


def _command(name: str) -> Command:
    # what a command does not need is not imported: doctor is to work where half of it is missing
    if name == "open":
        from elute.cli.opening import run as command
    elif name == "clean":
        from elute.cli.cleaning import run as command
    elif name == "apply":
        from elute.cli.applying import run as command
    elif name == "report":
        from elute.cli.reporting import run as command
    elif name == "forget":
        from elute.cli.forgetting import run as command
    else:
        from elute.cli.doctor import run as command
    return command
