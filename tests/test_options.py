"""Parameter objects: what they refuse, how they describe themselves, and that the journal's form comes back equal."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elute.errors import SettingsError
from elute.options import Options, form, from_dict, name_of, option, to_dict


@dataclass(frozen=True)
class Grid(Options):
    title: ClassVar[str] = "Grid"
    when: ClassVar[str] = "To test."

    k: int | None = option(None, low=2, high=100, help="How many.")
    eps: float = option(0.5, low=0.1, high=1.0, help="How near.")
    space: Literal["reduced", "full"] = option("reduced", choices=("reduced", "full"), help="Where.")
    fast: bool = option(True, help="Hurry.")
    note: str = option("", help="A word.")


@dataclass(frozen=True)
class Empty(Options):
    pass


def test_form_says_all_that_the_page_needs() -> None:
    described = form(Grid)
    assert json.loads(json.dumps(described)) == described
    assert (described["name"], described["title"], described["when"]) == ("grid", "Grid", "To test.")
    kinds = {item["name"]: (item["kind"], item["optional"]) for item in described["fields"]}
    assert kinds == {
        "k": ("int", True),
        "eps": ("float", False),
        "space": ("choice", False),
        "fast": ("bool", False),
        "note": ("str", False),
    }
    assert described["fields"][0] == {
        "name": "k",
        "kind": "int",
        "default": None,
        "low": 2,
        "high": 100,
        "choices": None,
        "help": "How many.",
        "optional": True,
    }
    assert described["fields"][2]["choices"] == ["reduced", "full"]
    assert form(Empty) == {"name": "empty", "title": "Empty", "when": "", "fields": []}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"k": 1}, "Grid.k is 1; it must be at least 2."),
        ({"k": 101}, "at most 100"),
        ({"k": 2.0}, "a whole number or None"),
        ({"k": True}, "a whole number"),
        ({"k": "3"}, "a whole number"),
        ({"eps": 0}, "Grid.eps is 0.0; it must be at least 0.1."),
        ({"eps": float("nan")}, "a number"),
        ({"eps": float("inf")}, "a number"),
        ({"eps": None}, "must be a number."),
        ({"space": "half"}, "one of 'reduced', 'full'"),
        ({"fast": 1}, "True or False"),
        ({"note": 5}, "text"),
    ],
)
def test_a_value_out_of_range_is_refused_by_name_and_bound(values: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=said.replace(".", r"\.")):
        Grid(**values)


def test_numbers_of_numpy_become_plain_ones() -> None:
    made = Grid(k=np.int64(4), eps=np.float32(0.5), fast=np.True_)  # type: ignore[arg-type]
    assert [type(getattr(made, item.name)) for item in fields(made)] == [int, float, str, bool, str]
    assert json.loads(json.dumps(to_dict(made))) == {
        "name": "grid",
        "k": 4,
        "eps": 0.5,
        "space": "reduced",
        "fast": True,
        "note": "",
    }


@given(
    st.builds(
        Grid,
        k=st.none() | st.integers(2, 100),
        eps=st.floats(0.1, 1.0),
        space=st.sampled_from(["reduced", "full"]),
        fast=st.booleans(),
        note=st.text(),
    )
)
def test_what_is_written_is_read_again(made: Grid) -> None:
    assert from_dict({name_of(Grid): Grid, name_of(Empty): Empty}, json.loads(json.dumps(to_dict(made)))) == made


def test_absent_fields_have_their_defaults() -> None:
    assert from_dict({"grid": Grid}, {"name": "grid", "k": 7}) == Grid(7)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"name": "cube"}, "no setting 'cube'. There are: grid"),
        ({"k": 3}, "no setting None"),
        ({"name": ["grid"]}, "no setting"),
        ({"name": "grid", "q": 3}, "no parameter 'q'. It has: k, eps, space, fast, note"),
        ({"name": "grid", "k": -3}, "at least 2"),
    ],
)
def test_unknown_names_are_refused(data: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        from_dict({"grid": Grid}, data)


def test_a_field_of_another_type_is_a_mistake_of_the_programmer() -> None:
    @dataclass(frozen=True)
    class Wrong(Options):
        many: list[int] = option(None, help="")

    with pytest.raises(TypeError, match="Wrong.many"):
        Wrong()
