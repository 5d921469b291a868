"""What a command says: lines for people on a terminal or in a log, or one JSON object; progress beside it, on the other stream."""

from __future__ import annotations

import json
import sys
from typing import Any

from elute.plain import plain
from elute.progress import SILENT, Progress, Terminal


class Saying:
    """Where a command's words go.

    Parameters
    ----------
    as_json : bool
        Print one JSON object at the end, and no lines.
    quiet : bool
        No progress.
    """

    def __init__(self, as_json: bool = False, quiet: bool = False) -> None:
        self.as_json = as_json
        self._bars = None if quiet else Terminal()
        self._said = False

    @property
    def progress(self) -> Progress:
        """Bars on a terminal, a plain line a stage in a log; both on the error stream."""
        return SILENT if self._bars is None else self._bars

    def line(self, text: str) -> None:
        """A line for people; what a terminal would take as a command is shown, not sent."""
        self.rest()
        if not self.as_json:
            print(shown(text), flush=True)

    def item(self, name: str, value: str) -> None:
        """A name and what it is, indented."""
        if not self.as_json:
            print(f"  {shown(name):18} {shown(value)}", flush=True)

    def lines(self, *texts: str) -> None:
        """Those that are not empty."""
        for text in filter(None, texts):
            self.line(text)

    def result(self, told: dict[str, Any]) -> None:
        """The JSON object, where it was asked for; whoever reads the output as one finds no second."""
        self.rest()
        if self.as_json and not self._said:
            self._said = True
            print(json.dumps(plain(told), allow_nan=False), flush=True)

    def failed(self, text: str, code: int, told: dict[str, Any] | None = None) -> None:
        """One line on the error stream; with JSON the object says it too, beside what was ``told``, unless it is printed already."""
        self.rest()
        print(f"elute: {shown(text)}", file=sys.stderr, flush=True)
        self.result({**(told or {}), "error": text, "exit": code})

    def rest(self) -> None:
        """End the bar that is open, if one is."""
        if self._bars is not None:
            self._bars.close()


def shown(text: str) -> str:
    """One line that no terminal takes as more than words, in letters that the stream can write."""
    line = "".join(letter if letter.isprintable() else " " for letter in " ".join(text.split()))
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return line.encode(encoding, "replace").decode(encoding, "replace")
