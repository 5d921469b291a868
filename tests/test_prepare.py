"""Step 0: what is repaired, what must stay as it is, and that the counts are true."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elute.corpus import BLANK, MISSING, NOT_TEXT, TEXT, Corpus
from elute.errors import Cancelled, SettingsError
from elute.options import form, from_dict, to_dict
from elute.prepare import Prepare, Prepared, StepCount, prepare
from elute.prepare.beyond import beyond
from elute.prepare.clean import strip_control
from elute.progress import Silent


def prepared(values: list[Any], **options: Any) -> Prepared:
    return prepare(Corpus.from_data(values), Prepare(**options))


def count(result: Prepared, step: str) -> tuple[int, int, int]:
    (found,) = [item for item in result.counts if item.step == step]
    return found.before, found.after, found.changed


any_text = st.text(max_size=30) | st.lists(
    st.sampled_from(["<b>", "</p>", "&amp;", "Ã©", "\u200d", "👩", "\ud83d", "\udc00", " \n", "é", "x", "\x00", "e\u0301"]),
    max_size=10,
).map("".join)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.none() | st.integers() | any_text, max_size=12), st.builds(Prepare, *[st.booleans()] * 4, st.integers(0, 5)))
def test_promises_that_hold_for_any_rows(values: list[Any], options: Prepare) -> None:
    corpus = Corpus.from_data(values)
    result = prepare(corpus, options)

    assert corpus.texts == [value if isinstance(value, str) else None for value in values]  # the original is as it was
    assert len(result.texts) == len(result.state) == len(result.changed) == len(result.duplicate_of) == len(values)
    first: dict[str, int] = {}
    for row, (value, text) in enumerate(zip(values, result.texts, strict=True)):
        kind = MISSING if value is None else NOT_TEXT if not isinstance(value, str) else TEXT if text is not None else BLANK
        assert result.state[row] == kind
        if text is None:
            assert result.duplicate_of[row] == -1
            continue
        text.encode("utf-8")  # every tokenizer can take it
        assert text.strip()
        assert result.changed[row] == (text != value)
        assert result.too_short[row] == (len(text) < options.min_chars)
        compared = result.compared[row]
        assert compared is not None and compared.startswith(text)
        assert result.duplicate_of[row] == first.get(compared, -1)
        first.setdefault(compared, row)
        if options.whitespace:
            assert text == " ".join(text.split())
        if options.control:
            assert strip_control(text) == text
    for item in result.counts:
        assert 0 <= item.changed <= item.before <= len(values) or item.step in ("blank", "too_short", "duplicates")
        if item.changed == 0 and item.step in ("markup", "encoding", "control", "whitespace"):
            assert item.before == 0 or not getattr(options, item.step)


def test_counts_before_and_after() -> None:
    values = [
        "fine text",
        "<b>bold</b> text",
        "<br>",
        "cafÃ© life",
        "zero\u200bwidth",
        " spaced  out ",
        "",
        "  ",
        None,
        5,
        "a\ud800b!",
        "ok",
        "fine  text",
    ]
    result = prepared(values)
    assert result.counts == (
        StepCount("missing", "Missing", 1, 1, 0),
        StepCount("not_text", "Not text (numbers, lists)", 1, 1, 0),
        StepCount("surrogates", "Broken characters (lone surrogates)", 1, 0, 1),
        StepCount("markup", "HTML tags and entities", 2, 0, 2),
        StepCount("encoding", "Wrong encoding, or Unicode not composed", 1, 0, 1),
        StepCount("control", "Control and zero-width characters", 1, 0, 1),
        StepCount("whitespace", "Irregular white space", 4, 0, 4),
        StepCount("blank", "Blank", 2, 3, 0),
        StepCount("too_short", "Under 3 characters", 1, 1, 0),
        StepCount("too_long", "Over 32,000 characters", 0, 0, 0),
        StepCount("duplicates", "Exact copies", 0, 1, 0),
    )
    assert result.texts == [
        "fine text",
        "bold text",
        None,
        "café life",
        "zerowidth",
        "spaced out",
        None,
        None,
        None,
        None,
        "ab!",
        "ok",
        "fine text",
    ]
    assert result.state.tolist() == [0, 0, 3, 0, 0, 0, 3, 3, 1, 2, 0, 0, 0]
    assert result.duplicate_of.tolist() == [-1] * 12 + [0]
    assert np.flatnonzero(result.too_short).tolist() == [11]
    assert np.flatnonzero(result.changed).tolist() == [1, 2, 3, 4, 5, 7, 10, 12]


def test_a_step_that_is_off_changes_nothing_and_counts_what_it_would() -> None:
    values = ["<b>bold</b>", "cafÃ© e", "zero\u200bwidth", "two  spaces"]
    result = prepared(values, markup=False, encoding=False, control=False, whitespace=False)
    assert result.texts == values
    assert not result.changed.any()
    for step in ("markup", "encoding", "control", "whitespace"):
        assert count(result, step) == (1, 1, 0)


def test_what_was_filled_is_counted_as_missing_before() -> None:
    result = prepare(Corpus.from_data(["a text", None, None], fill=lambda row: None))
    assert count(result, "missing") == (2, 2, 0)
    result = prepare(Corpus.from_data(["a text", None, None], fill="none given"))
    assert count(result, "missing") == (2, 0, 2)
    assert result.texts == ["a text", "none given", "none given"]
    assert result.duplicate_of.tolist() == [-1, -1, 1]


def test_a_text_of_ten_megabytes_is_cut_and_flagged_at_once() -> None:
    big = "naïve <b>café</b> ’quotes’ " * 400_000
    start = time.process_time()
    corpus = Corpus.from_data([big, big + "x", big, "short text"])
    result = prepare(corpus)
    assert time.process_time() - start < 5.0  # some 0.4 s; unbounded, ftfy alone takes 3 s a text
    assert result.too_long.tolist() == [True, True, True, False]
    assert [len(text or "") <= 32_000 for text in result.texts] == [True] * 4
    assert corpus.texts[0] is big
    # The first two begin alike and are no copies; the third is one.
    assert result.duplicate_of.tolist() == [-1, -1, 0, -1]
    assert count(result, "too_long") == (3, 0, 3)


def test_markup_does_not_count_as_length() -> None:
    result = prepared(["<br>" * 8 + "word", "word " * 3], max_chars=10)
    assert result.texts == ["word", "word word"]
    assert result.too_long.tolist() == [False, True]


@pytest.mark.parametrize("values", [[], ["only"], ["same text"] * 5, [None, None], ["", " "]])
def test_small_and_uniform_sets(values: list[Any]) -> None:
    result = prepared(values)
    assert len(result.texts) == len(values)
    if values == ["same text"] * 5:
        assert result.duplicate_of.tolist() == [-1, 0, 0, 0, 0]


def test_a_duplicated_index_does_not_matter() -> None:
    frame = pd.DataFrame({"text": ["one text", "<b>two", "one text"]}, index=[7, 7, 7])
    result = prepare(Corpus.from_data(frame))
    assert result.texts == ["one text", "two", "one text"]
    assert result.duplicate_of.tolist() == [-1, -1, 0]


def test_results_are_read_only() -> None:
    result = prepared(["a text"])
    for array in (result.state, result.changed, result.too_short, result.too_long, result.duplicate_of):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = array[0]


def test_a_cancel_takes_hold() -> None:
    class Stop(Silent):
        def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
            raise Cancelled(f"{stage} {done} of {total}")

    with pytest.raises(Cancelled, match="prepare"):
        prepare(Corpus.from_data(["a"] * 10), progress=Stop())


def test_options_are_a_form_and_come_back_from_the_journal() -> None:
    assert [item["name"] for item in form(Prepare)["fields"]] == [
        "encoding",
        "markup",
        "control",
        "whitespace",
        "min_chars",
        "max_chars",
    ]
    options = Prepare(markup=False, min_chars=10)
    assert from_dict({"prepare": Prepare}, to_dict(options)) == options
    refused: list[dict[str, Any]] = [{"min_chars": -1}, {"max_chars": 0}, {"min_chars": 500, "max_chars": 100}]
    for values in refused:
        with pytest.raises(SettingsError, match="it must be"):
            Prepare(**values)


def test_a_hundred_thousand_rows_take_seconds() -> None:
    words = ["please", "refund", "my", "card", "it’s", "broken", "café", "<b>now</b>", "&amp;", "soon"]
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"text": [" ".join(row) for row in rng.choice(words, (100_000, 15)).tolist()]})
    start = time.process_time()
    corpus = Corpus.from_data(frame)
    assert len(np.unique(corpus.ids)) == 100_000
    prepare(corpus)
    assert time.process_time() - start < 20.0  # some 3 s on one quiet core


def test_questions_about_tags_are_no_copies_of_each_other() -> None:
    """They were one text once their tags were gone, and safe to drop."""
    result = prepare(Corpus.from_data([f"what does <{tag}> do in HTML?" for tag in ("b", "i", "br", "div", "table")]))
    assert result.duplicate_of.tolist() == [-1] * 5 and not result.changed.any()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hello  world ", "hello world"), ("It came\nlate, and\nbroken", "It came late,\nand broken"), ("a\r\nb c d", "a b\nc d"),
        ("  A whole\n  paragraph of it", "A whole paragraph of it"), ('He said "a b" here', 'He  said "a b" here'),
        ("I don't know.  It isn't here", "I don't know. It isn't here"), ("a text\t", "a text"), ("Tom &amp; Jerry", "Tom & Jerry"),
        ("<p>It <b>is</b></p>\n\n<p>so</p>", "It is so"), ("<ul><li>one and more words</li></ul>", "one and more words"),
        ('<p class="x">short</p>', "short"), ("<!DOCTYPE html>\n<p>a text</p>", "a text"),
    ],
)  # fmt: skip
def test_prose_is_a_copy_however_it_was_wrapped_or_formatted(one: str, other: str) -> None:
    assert prepared([one, other]).duplicate_of.tolist() == [-1, 0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("for x in xs:\n  a(x)\n  b(x)", "for x in xs:\n  a(x)\nb(x)"), ("- a\n- b\n  - c", "- a\n  - b\n  - c"), ("a\t\t5", "a\t5"),
        ("env:\n  A: 1\n  B: 2", "env:\n  A: 1\nB: 2"), ("name\tage\nAnna\t\t5", "name\tage\nAnna\t5\t"), ("x = 'a  b'", "x = 'a b'"),
        ("..#\n#..", "..# #.."), ("a = 1\nb = 2;\nc", "a = 1 b = 2; c"), ("Allergies: no\nFever: yes", "Allergies: no Fever: yes"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("whitespace", [True, False])
def test_texts_that_differ_in_what_their_layout_says_are_no_copies(one: str, other: str, whitespace: bool) -> None:
    result = prepared([one, other, one], whitespace=whitespace)
    assert result.duplicate_of.tolist() == [-1, -1, 0]
    assert len({" ".join(text.split()) for text in result.texts if text}) == 1  # they are embedded alike


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5<sup>2</sup> plus 3", "5<sub>2</sub> plus 3"), ('What is this? <img src="1.jpg">', 'What is this? <img src="2.jpg">'),
        ('It is <a href="1.pdf">here</a>', 'It is <a href="2.pdf">here</a>'), ('It is <a href="1.pdf">here</a>', "It is here"),
        ("<script>eval(1)</script> hello", "hello"), ("<div><h1>Welcome</h1></div>", "<div><h2>Welcome</h2></div>"),
        ("A film. <div> Of it", "A film. <table> Of it"), ("closing</div> lacks", "closing</td> lacks"), ("Set <br> Up", "Set <hr> Up"),
        ("<li>怎么居中", "<p>怎么居中"),
        ("<b onclick=go(1)>hello</b> there", "<b>hello</b> there"), ("a text <!-- of mine --> here", "a text here"),
    ],
)  # fmt: skip
def test_texts_that_differ_in_what_their_tags_say_are_no_copies(one: str, other: str) -> None:
    assert prepared([one, other, one]).duplicate_of.tolist() == [-1, -1, 0]


@pytest.mark.parametrize(
    "text", ['"' + " a  " * 30_000, "a" + "\t" * 120_000 + "\n b", "<a " * 40_000, "<!--" * 30_000, "'" * 120_000 + "  x"]
)
def test_no_layout_and_no_tags_take_long(text: str) -> None:
    start = time.process_time()
    beyond(text, text, True)
    assert time.process_time() - start < 2.0  # some .05 s


@pytest.mark.parametrize(
    "hostile", ['"' + "\t " * 50_000, "\n " * 50_000, "'  " * 40_000, "no\n" * 40_000, '<a href="' * 10_000, "x\t" * 50_000]
)
def test_no_layout_takes_long(hostile: str) -> None:
    start = time.process_time()
    beyond(hostile, hostile, True)
    assert time.process_time() - start < 2.0  # some 0.05 s; a quadratic scan takes a minute
