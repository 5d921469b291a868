"""CSV and its like: the separator found in the first line, values left as they are written, lines that do not fit counted."""

from __future__ import annotations

import io
import re
import warnings
from typing import TYPE_CHECKING

from elute.errors import InputError
from elute.reading.reading import bad_lines

if TYPE_CHECKING:
    import pandas as pd

SEPARATORS = (",", "\t", ";", "|")
WHOLE = re.compile(r"0|-?[1-9]\d{0,14}")
NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,15})?([eE][+-]?\d{1,2})?")
"""Numbers that may lose nothing as numbers: ``007`` is a name, and so are 20 digits."""


def separator(text: str, ending: str) -> str:
    """What parts the columns: a tab in a .tsv, else what is most in the first line outside of quotes."""
    if ending == ".tsv":
        return "\t"
    first = re.sub(r'"[^"]*"', "", text.lstrip("\n").split("\n", 1)[0])
    return max(SEPARATORS, key=first.count)


def from_separated(text: str, ending: str, name: str, strict: bool = False) -> tuple[pd.DataFrame, int, str]:
    """The table, every value a text, how many lines have more values than there are columns, and a sentence about those.

    Nothing is read as missing: ``null`` and ``NA`` are words, and an empty value is an empty text.

    Parameters
    ----------
    strict : bool
        A line with more values than there are columns is an error.

    Raises
    ------
    InputError
        It is empty, a quote is never closed, or every line has more values than the first has names.
    """
    import pandas as pd

    parted = separator(text, ending)
    one = parted not in text.split("\n", 1)[0]
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            table = pd.read_csv(
                io.StringIO(text), sep=parted, dtype=str, keep_default_na=False, skip_blank_lines=not one,
                on_bad_lines="error" if strict else "warn",
            )  # fmt: skip
        except pd.errors.EmptyDataError:
            raise InputError(f"{name} is empty: there is no line with names of columns.") from None
        except pd.errors.ParserError as error:
            why = _why(str(error))
            raise InputError(f"{name} can't be read: {why}. Repair that line, or save the table as Parquet or JSONL.") from None
    if not isinstance(table.index, pd.RangeIndex):
        raise InputError(f"{name}: its lines have more values than the first line has names. Name every column there.")
    bad = [int(line) for each in told for line in re.findall(r"Skipping line (\d+)", str(each.message))]
    count = len(table.columns)
    note = bad_lines(len(bad), bad, f"they have more than {count} value{'' if count == 1 else 's'}")
    return table, len(bad), note


def _why(said: str) -> str:
    """What the parser said, without what stands in the file."""
    if at := re.search(r"EOF inside string starting at row (\d+)", said):
        return f"a quote that opens near line {int(at[1]) + 1:,} is never closed"
    if at := re.search(r"Expected \d+ fields in line (\d+), saw", said):
        return f"line {int(at[1]):,} has more values than there are columns"
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
