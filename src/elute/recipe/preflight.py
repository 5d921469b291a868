"""What a recipe needs and what is there, before anything is read: columns, models, versions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from elute.errors import EluteError, RecipeError
from elute.recipe.rows import LISTED, Reads, column_names

if TYPE_CHECKING:
    from elute.recipe.recipe import Recipe


@dataclass(frozen=True)
class Preflight:
    """The answer.

    Attributes
    ----------
    missing : tuple of str
        What is not there, a sentence each, with what to do.
    columns : dict of str to str
        Column that the recipe knows to the one of this table that would stand for it: what ``columns=`` takes.
    absent : tuple of str
        Columns for which there is none.
    readable : bool
        There are columns for the text: with ``on_missing="skip"`` the rows can be judged.
    notes : tuple of str
        What one should know.
    """

    missing: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    readable: bool = True
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether all is there."""
        return not self.missing

    def __str__(self) -> str:
        lines = ["All that the recipe needs is there." if self.ok else "Not all that the recipe needs is there."]
        lines += [
            f"Column {name!r} is read from {there!r}."
            for name, there in self.columns.items()
            if name not in (there, *self.absent)
        ]
        return "\n".join([*lines, *self.missing, *self.notes])

    @classmethod
    def of_columns(
        cls,
        reads: Reads,
        optional: Mapping[str, str],
        there: list[str],
        columns: Mapping[str, str] | None = None,
        offer: bool = False,
    ) -> Preflight:
        """Columns only.

        Parameters
        ----------
        optional : mapping of str to str
            Columns without which the rows can still be judged, and what is then left out.
        there : list of str
            Columns of the table.
        columns : mapping, optional
            Name that the recipe knows to the name here.
        offer : bool
            Offer names that are alike; otherwise only what is named so, or said by ``columns``, counts.
        """
        said = dict(columns or {})
        refuse_unknown(reads, said)
        if wrong := [name for name in said.values() if name not in there]:
            raise RecipeError(f"columns= names {wrong[0]!r}, which this table does not have. {_there(there)}")
        found, missing, absent, readable = dict[str, str](), list[str](), list[str](), True
        texts = (*reads.text_columns, *reads.fill_columns)
        if there == [LISTED] and len(reads.text_columns) == 1:
            said.setdefault(reads.text_columns[0], LISTED)  # a list of texts has one column, whatever it was called
        notes = list[str]()
        for name in _read_by(reads):
            if (at := said.get(name, name)) in there:
                found[name] = at
                continue
            like = alike(name, [one for one in there if one not in found.values()])
            if offer and like is not None:
                found[name] = like
            absent.append(name)
            what = "the text" if name in texts else "the label" if name == reads.label else "the group"
            advice = f"Say columns={{{name!r}: {like!r}}} if that is it." if like else f"Say columns={{{name!r}: '...'}}."
            if name not in texts and name not in optional:
                if name == reads.reference:
                    notes.append(
                        f"There is no column {name!r}, which marks rows of the reference: each counts as your own. {advice}"
                    )
                continue
            readable &= name not in texts
            left = f" Without it, {optional[name]}" if name in optional else ""
            missing.append(f"There is no column {name!r}, which is {what}. {advice} {_there(there)}{left}")
        return cls(tuple(missing), found, tuple(absent), readable, tuple(notes))

    @classmethod
    def of(cls, recipe: Recipe, given: Any, columns: Mapping[str, str] | None = None, vectors: bool = False) -> Preflight:
        """Columns, models and versions."""
        found = cls.of_columns(recipe.reads, recipe.optional, column_names(given), columns, offer=True)
        missing, notes = list(found.missing), list(found.notes)
        if recipe.needs_vectors and not vectors:
            try:
                recipe.embedder()
            except EluteError as error:
                missing.append(str(error))
            if recipe.embedding.remote:
                notes.append(f"Texts go to {recipe.embedding.name}, off this machine, by the key in OPENAI_API_KEY.")
        if (made := recipe.made.get("elute")) and made != recipe.here["elute"]:
            notes.append(f"The recipe is of elute {made}; this is {recipe.here['elute']}.")
        lost = [told for told in recipe.decisions if told.replays == "not replayable"]
        if lost:
            notes.append(f"{len(lost)} of the decisions {'is' if len(lost) == 1 else 'are'} not replayable: see explain().")
        return cls(tuple(missing), found.columns, found.absent, found.readable, tuple(notes))


def refuse_unknown(reads: Reads, columns: Mapping[str, str]) -> None:
    """Refuse names in ``columns=`` that the recipe does not know: what was meant would be read under its own name, or not at all.

    Raises
    ------
    RecipeError
    """
    known = _read_by(reads)
    if wrong := next((name for name in columns if name not in known), None):
        reads_ = ", ".join(repr(name[:40]) for name in known)
        raise RecipeError(
            f"The recipe knows no column {wrong[:40]!r}; it reads {reads_}. columns= names these, and what each is here."
        )


def _read_by(reads: Reads) -> tuple[str, ...]:
    marks = filter(None, (reads.label, reads.group, reads.reference))
    return tuple(dict.fromkeys((*reads.text_columns, *reads.fill_columns, *marks)))


def alike(name: str, there: Sequence[str]) -> str | None:
    """The column that is likely meant: the same but for case and marks, else the nearest by spelling, else None.

    >>> alike("user_text", ["id", "User Text"])
    'User Text'
    """

    def plain(one: str) -> str:
        return re.sub(r"[\W_]+", "", one).casefold()

    by = {plain(one): one for one in reversed(there)}
    if plain(name) in by:
        return by[plain(name)]
    near = get_close_matches(plain(name), list(by), 1, 0.75)
    return by[near[0]] if near else None


def _there(there: Sequence[str]) -> str:
    shown = ", ".join(repr(one[:40]) for one in there[:12])
    return f"There are: {shown}{', ...' if len(there) > 12 else ''}." if there else "The table has no columns."
