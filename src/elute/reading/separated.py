"""CSV and its like: the separator found in the first line, values left as they are written, lines that do not fit counted."""

from __future__ import annotations

import io
import re
import warnings
from typing import TYPE_CHECKING, Literal

from elute.errors import InputError
from elute.reading.quotes import fits, may_be_rows, swallowed
from elute.reading.reading import bad_lines

if TYPE_CHECKING:
    import pandas as pd

SEPARATORS = (",", "\t", ";", "|")
PLAIN = "Quotes were read as part of the texts: so each line is a row, and otherwise lines would have become one."
ABOVE = re.compile(r'(?:[ \t]*\r?\n)*(?:"?sep=([^"\s]|\t)"?\r?\n(?:[ \t]*\r?\n)*)?', re.I)
"""What may stand above the names: blank lines, and the separator, as Excel is told it."""
WHOLE = re.compile(r"0|-?[1-9]\d{0,14}")
NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,15})?([eE][+-]?\d{1,2})?")
"""Numbers that may lose nothing as numbers: ``007`` is a name, and so are 20 digits."""


def separator(text: str, ending: str) -> str:
    """What parts the columns: a tab in a .tsv, else what is most in the first line outside of quotes."""
    if ending == ".tsv":
        return "\t"
    first = re.sub(r'"[^"]*"', "", text.split("\n", 1)[0])
    return max(SEPARATORS, key=first.count)


def from_separated(text: str, ending: str, name: str, strict: bool = False) -> tuple[pd.DataFrame, int, str]:
    """The table, every value a text, how many lines have more values than there are columns, and what one should know of both.

    Nothing is read as missing: ``null`` and ``NA`` are words, and an empty value is an empty text. In a .tsv, quotes are part of the text
    where each line is a row by itself only so.

    Parameters
    ----------
    strict : bool
        A line with more values than there are columns is an error.

    Raises
    ------
    InputError
        It is empty, a quote is never closed, or every line has more values than the first has names.
    """
    start = ABOVE.match(text)
    told, end = (start[1], start.end()) if start else (None, 0)
    above, text = text.count("\n", 0, end), text[end:]
    parted = told or separator(text, ending)
    plain = _plain(text, parted, name) if ending == ".tsv" and '"' in text else None
    try:
        table, bad = _parsed(text, parted, name, strict, above)
    except InputError:
        if plain is None:
            raise
        return plain, 0, PLAIN
    if plain is not None and len(plain) > len(table):
        return plain, 0, PLAIN
    count = len(table.columns)
    note = bad_lines(len(bad), bad, f"they have more than {count} value{'' if count == 1 else 's'}")
    several = '"' in text and text.count("\n", 0, -1) > len(table) + len(bad)  # values of more lines than one
    over = swallowed(text, parted, count) if several else []
    return table, len(bad), " ".join(filter(None, (note, may_be_rows([line + above for line in over]))))


def _plain(text: str, parted: str, name: str) -> pd.DataFrame | None:
    """The table where quotes are letters like any other; None where lines do not fit that way."""
    if not fits(text, parted):
        return None
    try:
        table, _ = _parsed(text, parted, name, strict=True, above=0, quoting=3)
    except InputError:
        return None
    return table if len(table) == sum(bool(line.strip("\r")) for line in text.split("\n")) - 1 else None


def _parsed(
    text: str,
    parted: str,
    name: str,
    strict: bool,
    above: int,
    quoting: Literal[0, 3] = 0,  # 3: quotes are part of the values
) -> tuple[pd.DataFrame, list[int]]:
    """The table, and which lines have too many values, in a file with so many lines ``above`` the text."""
    import pandas as pd

    one = parted not in text.split("\n", 1)[0]
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            table = pd.read_csv(
                io.StringIO(text), sep=parted, dtype=str, keep_default_na=False, skip_blank_lines=not one, quoting=quoting,
                on_bad_lines="error" if strict else "warn",
            )  # fmt: skip
        except pd.errors.EmptyDataError:
            raise InputError(f"{name} is empty: there is no line with names of columns.") from None
        except pd.errors.ParserError as error:
            why = _why(str(error), above)
            raise InputError(f"{name} can't be read: {why}. Repair that line, or save the table as Parquet or JSONL.") from None
    if not isinstance(table.index, pd.RangeIndex):
        raise InputError(f"{name}: its lines have more values than the first line has names. Name every column there.")
    return table, [int(line) + above for each in told for line in re.findall(r"Skipping line (\d+)", str(each.message))]


def _why(said: str, above: int) -> str:
    """What the parser said, without what stands in the file."""
    if at := re.search(r"EOF inside string starting at row (\d+)", said):
        return f"a quote that opens near line {int(at[1]) + 1 + above:,} is never closed"
    if at := re.search(r"Expected \d+ fields in line (\d+), saw", said):
        return f"line {int(at[1]) + above:,} has more values than there are columns"
    return "its lines do not fit together"


def numbered(table: pd.DataFrame) -> pd.DataFrame:
    """Columns of nothing but numbers as numbers; a column with a value that a number would not be written as stays text."""
    import pandas as pd

    for at in range(len(table.columns)):
        values = table.iloc[:, at]
        gaps = values.isna() | (values == "")
        there = values[~gaps]
        if not len(there):
            continue
        if all(map(WHOLE.fullmatch, there)):
            made = pd.to_numeric(there).astype("int64")
            table.isetitem(at, (made.astype("Int64").reindex(values.index) if gaps.any() else made).array)
        elif all(map(unchanged, there)) and there.nunique() == there.astype("float64").nunique():  # not both 1 and 1.0
            table.isetitem(at, pd.to_numeric(values.where(~gaps)).array)
    return table


def unchanged(text: str) -> bool:
    """Whether a number is written back as this text, or with ``.0`` behind it: 1.10 may be a version."""
    return bool(NUMBER.fullmatch(text)) and repr(float(text)) in (text, f"{text}.0")
