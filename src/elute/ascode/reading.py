"""How a cell reads the texts and the columns of a table, and takes rows of it, for each kind of table."""

from __future__ import annotations

import string
from typing import Any

from elute.corpus import Corpus
from elute.corpus.compose import compose

PLACEHOLDER = 0
"""What stands for a composed text with a part that is no text: no text either."""


def parts(corpus: Corpus) -> tuple[list[str], list[str]]:
    """Literals and columns that a text is made of: literal 0, column 0, literal 1, column 1, ..., last literal."""
    name = corpus.text_name
    if name in corpus.columns:
        return ["", ""], [name]
    if "{" in name and not _split(name, corpus.columns):
        literals, names = [""], []
        for literal, column, _, _ in string.Formatter().parse(name):
            literals[-1] += literal
            if column is not None:
                names.append(column)
                literals.append("")
        return literals, names
    names = _split(name, corpus.columns)
    return ["", *["\n"] * (len(names) - 1), ""], names


def texts(corpus: Corpus) -> list[Any]:
    """The texts as the cell reads them, (given,): values of the column, or composed ones; nothing is filled."""
    literals, names = parts(corpus)
    positions = [corpus.columns.index(name) for name in names]
    if literals == ["", ""]:
        return corpus.table.values(positions[0])[: corpus.given]
    made = compose(corpus.table, _split(corpus.text_name, corpus.columns) or corpus.text_name, None, None)
    return [
        PLACEHOLDER if state == 2 else text for text, state in zip(made.texts, made.state.tolist(), strict=True)
    ][: corpus.given]  # fmt: skip


def lines(corpus: Corpus, table: str) -> list[str]:
    """The lines of the cell that read the texts."""
    literals, names = parts(corpus)
    if literals == ["", ""]:
        return [f"texts = {column(corpus, table, names[0])}"]
    read = ", ".join(column(corpus, table, name) for name in names)
    made = " + ".join(
        piece
        for at, literal in enumerate(literals)
        for piece in ([ascii(literal)] if literal else []) + ([f"row[{at}]"] if at < len(names) else [])
    )
    return [
        f"parts = zip({read})",
        "texts = []",
        "for row in parts:",
        "    if all(isinstance(part, str) for part in row):",
        f"        texts.append({made})",
        "    else:  # a part is missing (None), or is no text (0)",
        "        odd = [part for part in row if not isinstance(part, str)]",
        "        gaps = [part is None or type(part).__name__ in ('NAType', 'NaTType') or part != part for part in odd]",
        "        texts.append(None if all(gaps) else 0)",
    ]


def column(corpus: Corpus, table: str, name: str) -> str:
    """An expression for the values of a column, as a list."""
    if corpus.kind == "list":
        return f"list({table})"
    at = corpus.columns.index(name)
    if corpus.kind == "pandas":
        own = corpus.table.data.columns[at]
        return f"{table}[{ascii(own)}].tolist()" if isinstance(own, (str, int)) else f"{table}.iloc[:, {at}].tolist()"
    if corpus.kind == "polars":
        return f"{table}[{ascii(name)}].to_list()"
    if corpus.kind == "pyarrow":
        return f"{table}[{ascii(name)}].to_pylist()"
    return f"{table}.with_format(None)[{ascii(name)}][:]"


def taken(kind: str, table: str, mask: str) -> str:
    """An expression for the rows of which an expression for a mask is true."""
    return {
        "pandas": f"{table}.loc[{mask}]",
        "polars": f"{table}.filter({mask})",
        "pyarrow": f"{table}.filter(pyarrow.array({mask}))",
        "datasets": f"{table}.select(np.flatnonzero({mask}))",
    }.get(kind, f"[text for text, stays in zip({table}, {mask}) if stays]")


def _split(name: str, columns: list[str]) -> list[str]:
    """``"a + b"`` -> its columns, also where a column has a plus or braces in its name; none where it is a template."""
    pieces, found = name.split(" + "), []
    while pieces:
        take = next((count for count in range(len(pieces), 0, -1) if " + ".join(pieces[:count]) in columns), 0)
        if not take:
            return []
        found.append(" + ".join(pieces[:take]))
        pieces = pieces[take:]
    return found
