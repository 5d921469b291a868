"""What is suggested of HTML in texts: nothing that a person turned off, and code is read first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from grounds import blobs, ground

from elute.prepare import Prepare
from elute.suggest.markup import in_code, markup

PLAIN = [f"plain {i}" for i in range(38)]


def test_code_is_never_cleaned_unread() -> None:
    X, of = blobs([20, 20])
    safe, look = markup(ground(X, of, texts=["a <b>bold</b> word", 'x = s.replace("<", "a &lt; b")', *PLAIN]))
    assert (safe.tier, np.flatnonzero(safe.rows).tolist()) == ("safe", [0])
    assert (look.tier, look.action, np.flatnonzero(look.rows).tolist()) == ("look", "look", [1])
    assert "in code" in look.title and "edit" in look.actions and look.id != safe.id


def test_where_markup_was_turned_off_none_is_offered() -> None:
    X, of = blobs([20, 20])
    made = ground(X, of, texts=["a <b>bold</b> word", "and <i>another</i>", *PLAIN])
    off = replace(made.made, settings=replace(made.made.settings, prepare=Prepare(markup=False)))
    assert len(markup(made)) == 1 and markup(replace(made, made=off)) == []


@pytest.mark.parametrize(
    "text",
    [
        'return text.replace("&amp;", "&")',
        "if (a <b> c) return <i>x</i>;",
        "x &lt; y && z",
        "<script>eval(name)</script> hello",
        'def html(self):\n    self._write("<b>" + self.text + "</b>")',
        '{"title": "<b>Sale</b>"}',
    ],
)
def test_what_looks_like_code(text: str) -> None:
    assert in_code(text)


@pytest.mark.parametrize(
    "text",
    [
        "<p>A great film. <br /><br />The acting (mostly) is fine; see <a href='http://x.org/?a=1&amp;b=2'>this</a>!</p>",
        "fish &amp; chips: 5 &euro;, or 3&nbsp;$ (each) :)",
        "Compute 10<sup>3</sup> + 5 = ?",
    ],
)
def test_what_is_prose_with_tags(text: str) -> None:
    assert not in_code(text)
