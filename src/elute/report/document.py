"""A report as a value: titled sections of plain strings, which Markdown, HTML and the page each write in their own way."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from elute.errors import SettingsError
from elute.places import expanded
from elute.report.saving import save

FORMATS = {".html": "html", ".htm": "html", ".md": "md", ".markdown": "md", ".txt": "md"}


@dataclass(frozen=True)
class Section:
    """One part of a report; every string is plain text, from data or not, and is escaped where it is written.

    Attributes
    ----------
    title : str
    lines : tuple of str
        Paragraphs, first of all.
    head, rows : tuple of str, tuple of tuple of str
        A table; none where ``head`` is empty. Every row is as long as the head.
    bars : tuple of float
        0 to 1, one a row: drawn beside it. Empty for none.
    items : tuple of str
        A list, last of all.
    """

    title: str
    lines: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    bars: tuple[float, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A picture that elute drew, and what it shows.

    Attributes
    ----------
    svg : str
        Markup of our own, in which every word of the data is escaped already; "" for none.
    caption : str
        Plain text.
    """

    svg: str
    caption: str


class Readable:
    """What is read as Markdown or as one HTML page, and saved as either."""

    @property
    def text(self) -> str:
        """As Markdown. What comes from data or a model is escaped."""
        raise NotImplementedError

    @property
    def html(self) -> str:
        """As one HTML page that loads nothing and runs nothing."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {getattr(self, 'title', '')!r}: .text, .html, .save('report.html')>"

    def file(self, kind: str) -> bytes:
        """The bytes of a file: ``kind`` is "html" or "md".

        Raises
        ------
        SettingsError
            For another kind.
        """
        if kind not in ("html", "md"):
            raise SettingsError(f"A report is saved as html or md, not {kind!r:.20}.")
        return (self.html if kind == "html" else self.text).encode("utf-8", "replace")

    def save(self, path: str | Path) -> Path:
        """Write it to ``path``, as HTML or Markdown by the ending of its name. Returns the path.

        Raises
        ------
        SettingsError
            The name ends otherwise.
        OSError
            The file can't be written.
        """
        path = expanded(path)
        kind = FORMATS.get(path.suffix.lower())
        if kind is None:
            raise SettingsError(f"Give the report a name that ends in .html or .md, not {path.suffix!r:.20}.")
        return save(path, self.file(kind))

    def __str__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        return self.text


@dataclass(frozen=True, repr=False)
class RoundReport(Readable):
    """What there is to read about one round.

    Attributes
    ----------
    round : int
    title : str
    sections : tuple of Section
    source : str
        Who wrote the words: "offline", or the model's name. The figures are always elute's.
    note : str
        What the reader should know about how it was written.
    """

    round: int
    title: str
    sections: tuple[Section, ...]
    source: str = "offline"
    note: str = ""

    @property
    def text(self) -> str:
        """As Markdown. What comes from data or a model is escaped."""
        from elute.report.markdown import markdown

        return markdown(self)

    @property
    def html(self) -> str:
        """As one HTML page that loads nothing and runs nothing."""
        from elute.report.page import page

        return page(self)

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)
