"""The table that came in: its texts, stable row ids, and the way back from masks to tables of the same kind.

Row count and order are sacred. A row without usable text is marked, never left out; nothing becomes a string in silence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from elute.corpus.compose import BLANK, MISSING, NOT_TEXT, TEXT, Composed, Fill, FromColumn, compose, position_of
from elute.corpus.frames import Frame, Kind, as_frame
from elute.corpus.joined import Joined, compared
from elute.corpus.labels import Spelling, numbered_labels
from elute.corpus.rows import array_of, content_ids, groups_of, labels_of, numbered, objects, positions, rows_of_index, written
from elute.errors import InputError

__all__ = ["BLANK", "MISSING", "NOT_TEXT", "TEXT", "Corpus", "FromColumn"]

_PERSON = {TEXT: b"text", MISSING: b"missing", NOT_TEXT: b"not text"}


@dataclass(frozen=True, eq=False, repr=False)
class Corpus:
    """A table as elute sees it, and as it was when :meth:`from_data` read it; the user's own is never altered.

    Attributes
    ----------
    kind : {"pandas", "polars", "pyarrow", "datasets", "list"}
        What came in, and what :meth:`take` gives back.
    texts : list of (str or None), length n
        With their original characters; None where missing or not text.
    state : ndarray of shape (n,), int8
        ``TEXT``, ``MISSING`` or ``NOT_TEXT``.
    filled : ndarray of shape (n,), bool
        Rows that have a text only thanks to ``fill=``.
    label : ndarray of shape (n,), object, or None
        The label column, None where missing, empty or blank.
    text_name, label_name : str
        What the texts and labels are made of.
    columns : list of str
        All columns of the table.
    reference : ndarray of shape (n,), bool
        Rows to compare with, which are never dropped. Those of another table come after the user's own.
    given : int
        Rows of the user's table: the first of the n. Masks and tables that are handed out are of these.
    group : ndarray of shape (n,), int32, or None
        Dialogue or document of each row, by number; -1 for a row that is one by itself.
    group_name : str or None
        The column that groups are made of.
    named : ndarray of shape (n,), uint64, or None
        Ids that the rows had before, where order alone would give others.
    """

    kind: Kind
    texts: list[str | None]
    state: NDArray[np.int8]
    filled: NDArray[np.bool_]
    label: NDArray[np.object_] | None
    text_name: str
    label_name: str | None
    columns: list[str]
    _frame: Frame
    reference: NDArray[np.bool_]
    given: int
    group: NDArray[np.int32] | None = None
    group_name: str | None = None
    named: NDArray[np.uint64] | None = None

    @classmethod
    def from_data(
        cls,
        data: Any,
        text: str | Sequence[str] | None = None,
        label: str | None = None,
        fill: Fill | Mapping[str, Fill] | None = None,
        *,
        group: str | None = None,
        reference: Any = None,
    ) -> Self:
        """Read a table.

        Parameters
        ----------
        data : pandas.DataFrame, polars.DataFrame, pyarrow.Table, datasets.Dataset or list of str
        text : str or sequence of str, optional
            A column, several (joined by a line break), or a template such as ``"{title}: {body}"``. By default the column
            ``text``, or the only one that holds text.
        label : str, optional
            A column with one value a row, which may be missing.
        fill : str, FromColumn, callable or mapping of column to one of these, optional
            What stands for a missing part. A callable gets the row as a dict.
        group : str, optional
            A column that says which dialogue or document a row is of; rows without a value are groups of their own.
        reference : table, list of str, str or array of bool, optional
            Rows to compare with: another table, or a column or mask that marks rows of this one.

        Raises
        ------
        InputError
            The table is of an unknown kind, or a column is not there.
        """
        frame = as_frame(data)
        composed = compose(frame, text, fill, label)
        beside, marked = compared(frame, reference)
        given = len(frame)
        if beside is not None:
            composed = composed.joined(_composed_beside(beside, text, fill, composed.name))
            frame = Joined(frame, beside)
        labels = None if label is None else labels_of(frame.labels(position_of(frame, label)), label)
        groups = None if group is None else numbered(frame.values(position_of(frame, group)), given)
        for array in (composed.state, composed.filled, marked, *(part for part in (labels, groups) if part is not None)):
            array.flags.writeable = False
        return cls(
            frame.kind, composed.texts, composed.state, composed.filled, labels, composed.name,
            None if label is None else str(label), list(frame.columns), frame, marked, given, groups,
            None if group is None else str(group),
        )  # fmt: skip

    def __repr__(self) -> str:
        label = f", label={self.label_name!r}" if self.label_name else ""
        beside = f", {self.n - self.given:,} of reference" if self.n > self.given else ""
        return f"Corpus({self.kind}, {self.given:,} rows{beside}, text={self.text_name!r}{label})"

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def n(self) -> int:
        """How many rows came in, those of a reference among them."""
        return len(self.texts)

    @property
    def ids(self) -> NDArray[np.uint64]:
        """A stable id for each row, shape (n,), uint64: 8 bytes of BLAKE2b of its content and how often that came before.

        So a row whose text no other has keeps its id when others are added, removed or moved; equal texts do where it is known which
        was which (:mod:`elute.corpus.again`). With 64 bits, the chance that any two of ten million rows meet is under 3 in a million.
        """
        return self.in_order if self.named is None else self.named

    @property
    def in_order(self) -> NDArray[np.uint64]:
        """The same, of equal texts always by their order: what the table alone says."""
        return self._numbered[0]

    @property
    def contents(self) -> NDArray[np.uint64]:
        """(n,) hash of what each row holds, however often it came."""
        return self._numbered[1]

    @cached_property
    def _numbered(self) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
        made = content_ids(self.texts, [_PERSON[state] for state in self.state.tolist()], self._odd)
        for array in made:
            array.flags.writeable = False
        return made

    @cached_property
    def fingerprint(self) -> str:
        """32 hex digits over the ids in their order and the name of the text: the same table, read the same way."""
        name = self.text_name.encode("utf-8", "surrogatepass")
        return blake2b(self.in_order[: self.given].astype(">u8").tobytes() + name, digest_size=16).hexdigest()

    @property
    def index(self) -> Any:
        """The labels of the user's rows, as a pandas index; None for a table that has none."""
        return self._frame.index

    def column(self, name: str) -> NDArray[np.object_]:
        """The values of a column, shape (n,), object; None where missing."""
        return objects(self._unchanged().values(position_of(self._frame, name)))

    def rows(self, where: Any) -> NDArray[np.bool_]:
        """A boolean mask of shape (n,) from whatever a person may say for "these rows".

        Parameters
        ----------
        where : array-like
            A boolean mask of length n, or integer positions. A pandas mask means the rows of its labels; all else goes by position.

        Raises
        ------
        InputError
            A mask of another length or index or of 0 and 1, a position that is negative or too large, labels, or values of another kind.
        """
        given = array_of(where, self.index)
        if given.dtype == bool:
            if len(given) not in (self.n, self.given):
                raise InputError(f"The mask has {len(given):,} values; the table has {self.given:,} rows.")
            return np.append(given, np.zeros(self.n - len(given), bool))
        mask = np.zeros(self.n, bool)
        mask[positions(given, self.n, self.given)] = True
        return mask

    def rows_by_id(self, ids: Any) -> tuple[NDArray[np.bool_], int]:
        """The rows that have these ids, as a mask of shape (n,), and how many of the ids no row has."""
        asked = np.unique(np.asarray(ids, np.uint64))
        mask = np.zeros(self.n, bool)
        if self.n == 0:
            return mask, len(asked)
        order, ordered = self._by_id
        at = np.minimum(np.searchsorted(ordered, asked), self.n - 1)
        found = ordered[at] == asked
        mask[order[at[found]]] = True
        return mask, int((~found).sum())

    def rows_by_index(self, labels: Any, every: bool = False) -> NDArray[np.bool_]:
        """The rows of a pandas table that bear these index labels, as a mask of shape (n,); ``every`` takes each row that bears one.

        Raises
        ------
        InputError
            The table has no index, or a label is not in it, or occurs more often than it was said.
        """
        if (index := self._unchanged().index) is None:
            raise InputError(f"A {self.kind} table has no index: say which rows by a mask, by positions or by ids=.")
        return self.rows(rows_of_index(index, labels, every))

    def whole(self, rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """These rows and all others of their groups, (n,) bool."""
        if self.group is None or not rows.any():
            return rows
        return rows | ((self.group >= 0) & groups_of(self.group, rows)[self.group])

    def groups(self, rows: NDArray[np.bool_]) -> int:
        """How many groups these rows are of, a row without one counting as one; 0 where the table has no groups."""
        if self.group is None:
            return 0
        return int(groups_of(self.group, rows)[:-1].sum() + (rows & (self.group < 0)).sum())

    @cached_property
    def label_codes(self) -> tuple[NDArray[np.int32], list[Any]]:
        """The label of each row by number, (n,) int32, -1 where missing; and the labels, in the order of their first rows."""
        return numbered_labels([None] * self.n if self.label is None else self.label, self.n)

    @cached_property
    def spelled(self) -> Spelling:
        """A label as the label column writes it, whatever type it comes in."""
        classes = [] if self.label_name is None else self._frame.classes(position_of(self._frame, self.label_name))
        return Spelling(self.label_codes[1], classes)

    @property
    def table(self) -> Frame:
        """The table that came in, behind the verbs of its kind."""
        return self._unchanged()

    def take(self, keep: Any) -> Any:
        """The rows that ``keep`` says, in their order, as a table of the kind that came in, with its schema and index."""
        return self._unchanged().take(self.rows(keep))

    def extended(self, keep: Any, columns: Mapping[str, list[Any]]) -> Any:
        """The same with more columns, each given over all n rows."""
        rows = self.rows(keep)
        there = np.flatnonzero(rows[: self.given]).tolist()
        return self._unchanged().extended(
            self.take(rows), {name: [values[row] for row in there] for name, values in columns.items()}
        )

    @cached_property
    def _by_id(self) -> tuple[NDArray[np.intp], NDArray[np.uint64]]:
        order = np.argsort(self.ids)
        return order, self.ids[order]

    def _unchanged(self) -> Frame:
        if changed := self._frame.changed():
            raise InputError(f"{changed}: make a new session for it.")
        return self._frame

    def content_of(self, row: int) -> tuple[bytes, bytes]:
        """What a row holds, and of which kind that is: what ids are made of."""
        text = self.texts[row]
        content = self._odd.get(row, b"") if text is None else text.encode("utf-8", "surrogatepass")
        return content, _PERSON[int(self.state[row])]

    @cached_property
    def _odd(self) -> dict[int, bytes]:
        """What tells rows that are not text apart, by row."""
        if self.text_name not in self.columns or not (self.state == NOT_TEXT).any():
            return {}
        values = self._unchanged().values(position_of(self._frame, self.text_name))
        return {row: written(values[row]) for row in np.flatnonzero(self.state == NOT_TEXT).tolist()}


def _composed_beside(beside: Frame, text: Any, fill: Any, name: str) -> Composed:
    """The texts of a reference table, read as the user's; a list of texts has but one column, and none to fill from."""
    if beside.kind == "list":
        return compose(beside, "text", None, None)
    return compose(beside, name if text is None else text, fill, None)
