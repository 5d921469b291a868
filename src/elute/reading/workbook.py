"""A sheet of a workbook: text cells stay text, and columns of nothing but numbers are numbers."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from elute.errors import InputError, MissingExtraError
from elute.reading.exact import EXACT, numbers
from elute.reading.reading import Reading
from elute.reading.separated import unchanged

if TYPE_CHECKING:
    import pandas as pd


def workbook(raw: bytes, name: str, sheet: str | None) -> Reading:
    """The sheet of that name, or the first one.

    Raises
    ------
    InputError
        It is no workbook that can be read, or has no such sheet.
    MissingExtraError
        What reads workbooks is not installed.
    """
    import pandas as pd

    try:
        book = pd.ExcelFile(io.BytesIO(raw), engine="calamine")
        sheets = [str(each) for each in book.sheet_names]
        chosen = sheets[0] if sheet is None else sheet
        # as objects: pandas would make numbers and truth values of cells that the workbook says are text
        table = pd.read_excel(book, sheet_name=chosen, keep_default_na=False, dtype=object) if chosen in sheets else None
    except ImportError:
        raise MissingExtraError(f"Reading {name}", "xlsx") from None
    except Exception:  # calamine's own errors, and those of the container: each has its own tree
        raise InputError(
            f"{name} is no workbook that can be read: it is damaged, has a password, or is of another format."
        ) from None
    if table is None:
        raise InputError(f"{name} has no sheet {chosen[:60]!r}; it has {', '.join(sheets[:12])}.")
    for at in range(len(table.columns)):
        table.isetitem(at, _column(table.iloc[:, at].tolist()).array)
    others = len(sheets) - 1
    note = f"Sheet {chosen!r} was read, {others} other{'s' if others > 1 else ''} not: say --sheet for another." if others else ""
    return Reading(table, kind="sheet", notes=(note,) if note and sheet is None else ())


def _column(cells: list[Any]) -> pd.Series[Any]:
    """The cells with their own types: blank ones are empty texts beside texts, and missing beside anything else.

    Texts beside numbers become numbers where all read as such: Excel keeps some numbers of a column as text.
    """
    import pandas as pd

    there = [cell for cell in cells if cell != ""]
    if any(map(_number, there)):
        if all(_number(cell) or (isinstance(cell, str) and unchanged(cell)) for cell in there):
            return pd.Series(_numbers([None if cell == "" else float(cell) for cell in cells]))
    elif there and not any(isinstance(cell, str) for cell in there):
        cells = [None if cell == "" else cell for cell in cells]
    return pd.Series(cells, dtype=object).infer_objects()


def _number(cell: Any) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _numbers(values: list[float | None]) -> Any:
    """A workbook holds nothing but floats: whole numbers where all are, and small enough to be exact."""
    if all(value is None or (value.is_integer() and abs(value) <= EXACT) for value in values):
        made = numbers([None if value is None else int(value) for value in values])
        return made if None in values else made.astype("int64")
    return numbers(values)
