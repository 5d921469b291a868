"""The traits of texts, counted all at once, are those that a reader of one text would count."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from elute.stylometry import CHARACTERS, TRAITS, table


def counted(text: str) -> list[float]:
    """One text, a character at a time."""
    text = text[:CHARACTERS]
    words = text.split()
    n, m = max(1, len(text)), max(1, len(words))
    letters, digits, spaces = (sum(map(kind, text)) for kind in (str.isalpha, str.isdigit, str.isspace))
    return [
        np.log1p(len(words)),
        letters / m,
        sum(map(str.isupper, text)) / max(1, letters),
        digits / n,
        (n - letters - digits - spaces) / n,
        "?" in text,
        text.rstrip()[-1:] in tuple(".!?"),
        text[:1].isupper(),
        sum(not character.isascii() for character in text) / n,
        min(3, len(re.findall(r"[<>{}\[\]\\|=_#@&;*~^]|https?:|www\.", text))) / 3,
        text.count(",") / m,
        text.count("'") / m,
    ]


PIECES = st.sampled_from([*"aAßǅ1²½Ⅳ漢😀é \t\n\x1c\u3000.,!?'<#hwtps:", "\ud800", "http:", "https:", "www."])
TEXTS = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=20) | st.just("word " * 200)


@given(st.lists(TEXTS, max_size=8))
@example(["", " ", "http", ":", "www", ".", "ends\n", "\nbegins", "x" * 5000])
def test_many_texts_at_once_are_counted_as_each_is(texts: list[str]) -> None:
    assert table(texts).tolist() == [counted(text) for text in texts]


def test_a_missing_text_is_an_empty_one_and_no_text_a_table_too() -> None:
    assert table([None]).tolist() == table([""]).tolist()
    assert table([]).shape == (0, len(TRAITS))


def test_a_block_ends_between_two_texts() -> None:
    texts = [f"Text {i}, http://{'a' * (i % 7)} and 'so' on?" for i in range(9000)]
    assert table(texts).tolist() == [counted(text) for text in texts]
