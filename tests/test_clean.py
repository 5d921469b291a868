"""Repairs of one text: what is repaired, and what must stay as it is."""

from __future__ import annotations

import time
import unicodedata

import pytest
from ftfy.badness import MOJIBAKE_CATEGORIES, is_bad
from hypothesis import given, settings
from hypothesis import strategies as st

from elute.prepare.clean import (
    _MAYBE_MOJIBAKE,
    collapse_whitespace,
    join_surrogates,
    repair_encoding,
    strip_control,
    strip_markup,
)


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("<p>Hello <b>wor</b>ld</p>", "\nHello world\n"),
        ("one<br />two<BR>three", "one\ntwo\nthree"),
        ('<a href="http://x.org/?a>b" target=_blank>z</a>', "z"),
        ("<img src='x' onerror=alert(1)>", "\n"),
        ("<script>if (a<b) {}</script>x<style>p{}</style>", "\nx\n"),
        ("a<!-- c > d -->b", "a\nb"),
        ("<!DOCTYPE html><html>x</html>", "\n\nx\n"),
        ('<time datetime="2024">now</time>', "now"),
        ('<w:p rsid="1">x', "x"),
        ("AT&amp;T &eacute;&#233;&#xE9;&nbsp;", "AT&T ééé\xa0"),
    ],
)
def test_markup_goes(dirty: str, clean: str) -> None:
    assert strip_markup(dirty) == clean


@pytest.mark.parametrize(
    "text",
    [
        "a < b and c > d",
        "if a<b and c>d then",
        "I <3 you </3",
        "<- left, right ->",
        "<me@example.org> <https://example.org>",
        "hello <user>, it is <time>, <unk> <think>",
        "AT&T, R&D; a&b, ?x=1&copy=2, &notathing; &notit;",
        "x <<= 2 >> 1",
        "<!-- never closed",
        "<script> never closed",
        '<a href="never closed',
    ],
)
def test_what_only_looks_like_markup_stays(text: str) -> None:
    assert strip_markup(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "How do I center a <div>?",
        "what does <b> do in HTML?",
        "What is the difference between <b> and <strong>",
        "do I need a closing </p>, or not",
        "when is it <p> and </p>?",
        "<div> or <span>: which one",
        "<hr> tag in a list",
        "The <br> Tag",
        "why `<i>` and not '<em>' (<u> even)?",
        "is <!DOCTYPE html> needed",
        'make all <input type="text"> fields red',
        "what do <b></b> do?",
        "HTML中的<br>标签有什么用",
        "use <div>/<span> here",
        "Are nested <td>s slow?",
        "Do <li>s need a <ul>?",
        "the first <p>'s margin is wrong",
        "Use two <br>s between lines",
        "How to Get the <td> Value",
        "Set <p> Width To Auto",
        "Make <li> Clickable With jQuery",
        "Hide <span> On Hover",
        "Why is my <div> 100px wide",
        "Comment centrer un <div> ?",
        "Как центрировать <div> по вертикали",
        "<div>怎么居中",
        "<div>和<span>的区别",
        "<div>: what is it for?",
        "<th> scope attribute",
    ],
)
def test_a_tag_that_a_text_speaks_of_stays(text: str) -> None:
    assert strip_markup(text) == text


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("A great film. <br /><br />The acting is fine", "A great film. \n\nThe acting is fine"),
        ("It is over <br>", "It is over \n"),
        ("<p> it began here", "\n it began here"),
        ("<b> hello </b> you there", " hello  you there"),
        ("I like the <b>big</b> one, and <i>you</i>?", "I like the big one, and you?"),
        ("see <a href='x.org'> here", "see  here"),
        ('a picture <img src="cat.png"> of mine', "a picture \n of mine"),
        ("one <br> two <br> three <br> four <br> five <br> six", "one \n two \n three \n four \n five \n six"),
        ("one<br>two", "one\ntwo"),
        ("A great film. <div> It was fine", "A great film. \n It was fine"),
        ("<td>5\n<td>cell", "\n5\n\ncell"),
        ("<i> Not now", " Not now"),
        ("first <p> Then <p> Last", "first \n Then \n Last"),
        ("第一段。<p>第二段", "第一段。\n第二段"),
        ("is <b>this <i>or</i> that</b> right", "is this or that right"),
    ],
)
def test_a_tag_that_a_text_uses_goes(dirty: str, clean: str) -> None:
    assert strip_markup(dirty) == clean


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("10<sup>3</sup> litres, 6 x 10<sup>24</sup> kg", "10^3 litres, 6 x 10^24 kg"),
        ("2<sup>10</sup> or 10<sup>2</sup>, 10<SUP>-3</SUP>, 10<sup>&minus;3</sup>", "2^10 or 10^2, 10^-3, 10^−3"),
        ("H<sub>2</sub>O, Ca<sup>2+</sup>, <sup>14</sup>C", "H_2O, Ca^2+, ^14C"),
        ("10<sup>3</sup>4 and x<sup>n</sup>y, x<sup>3</sup>.5", "10^(3)4 and x^(n)y, x^(3).5"),
        ("e<sup>a + <i>b</i></sup> and x<sub>i<sup>2</sup></sub>", "e^(a + b) and x_(i^2)"),
        ("the 1<sup>st</sup> of Acme<sup>TM</sup>", "the 1st of AcmeTM"),
        ("a note <sup>1</sup> here<sub></sub>", "a note 1 here"),
    ],
)
def test_what_is_raised_or_lowered_says_so(dirty: str, clean: str) -> None:
    assert strip_markup(dirty) == clean


@pytest.mark.parametrize(
    "text",
    [
        "<input>Cats sleep.</input> Reply in <output>one line</output>",
        "<data>1,2</data><label>even</label>, <title>Sale</title> <summary>half price</summary> </source>",
        "fn first<A>(xs: Vec<A>) -> Option<A>",
        "Does 1<b>3 hold, or x<I>y",
        "std::vector<a> or std::vector<b>, List<Table>",
        "10<sup>3, 5</sub>",
        """s.replace("&", "&amp;").replace('<', '&lt;')""",
        "self._write(f'<!--{content}-->')",
        "'<script>alert(1)</script>'",
        "</document> and </think>",
    ],
)
def test_what_a_tag_may_not_be_stays_whole(text: str) -> None:
    assert strip_markup(text) == text


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ('<title lang="en">Sale</title>', "Sale"),
        ('<doc id="1">one</doc> </doc>', "one </doc>"),
        ("one<b>two</b>three", "onetwothree"),
        ("one<li>two<li>three", "one\ntwo\nthree"),
        ("He said</b> so", "He said so"),
    ],
)
def test_tags_go_by_pairs(dirty: str, clean: str) -> None:
    assert strip_markup(dirty) == clean


_tags = st.sampled_from(
    "<b> </b> <p> </p> <A> </A> <br/> <sup> </sup> <sub> </sub> <input> </input> </title> </x>".split(" ")
    + ["<x y='z'>", "<div class='x'>", "&amp;", "&nbsp;", "&nope;"]
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(["word", "7", " ", ".", "Vec", "(", '"', "^", " < ", " > ", "é"]).map(lambda t: (t, True))
        | _tags.map(lambda t: (t, False)),
        max_size=12,
    )
)
def test_only_tags_and_entities_are_ever_taken_out(pieces: list[tuple[str, bool]]) -> None:
    left = iter(strip_markup("".join(text for text, _ in pieces)))
    said = "".join(text for text, own in pieces if own)
    assert all(letter in left for letter in said if not letter.isspace()), "each is there, in its order"


def test_a_tag_the_author_wanted_to_show_stays() -> None:
    assert strip_markup("use <code>&lt;div&gt;</code>") == "use <div>"


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>",
        '<a b="',
        "<!--",
        "<a x=1 ",
        "<a " + "x=1 " * 9,
        "<script ",
        "<a" + " " * 9,
        "<",
        "&",
        "&#1",
        "<style></style>",
        "<sup>",
        "</b>",
        "<sup>1</sup>",
        "x<b>",
        "<b>s ",
    ],
)
def test_no_markup_takes_long(hostile: str) -> None:
    start = time.process_time()
    strip_markup(hostile * (100_000 // len(hostile)))
    strip_markup(hostile + "\n " * 50_000 + "a word")  # white space behind a tag
    strip_markup("a " * 50_000 + hostile + " B " * 50_000)
    assert time.process_time() - start < 2.0  # some 0.05 s; a quadratic scan takes minutes


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("cafÃ©", "café"),
        ("itâ€™s", "it’s"),
        ("Ð¿Ñ€Ð¸Ð²ÐµÑ‚", "привет"),
        ("e\u0301", "é"),
        ("ℌ “quotes” ﬁ Ａ naïve", "ℌ “quotes” ﬁ Ａ naïve"),
        ("これは日本語です。", "これは日本語です。"),
    ],
)
def test_encoding_is_mended_and_typography_is_not_touched(dirty: str, clean: str) -> None:
    assert repair_encoding(dirty) == clean


_suspicious = st.sampled_from([chr(c) for c in range(0x80, 0x500)] + [c for s in MOJIBAKE_CATEGORIES.values() for c in s])


@settings(max_examples=500, deadline=None)
@given(st.lists(_suspicious | st.sampled_from("aZ .β€вЂГўВœ×²√≈‚ā"), max_size=8).map("".join))
def test_the_quick_test_lets_nothing_pass_that_ftfy_would_mend(text: str) -> None:
    if is_bad(text):
        assert _MAYBE_MOJIBAKE.search(text)


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("aé’ñüßçøœ€£“”ÄÖ ç日本語пр"), min_size=1), st.sampled_from(["latin-1", "windows-1252"]))
def test_every_repair_of_ftfy_is_made(text: str, wrong: str) -> None:
    from ftfy import fix_encoding

    try:
        broken = text.encode("utf-8").decode(wrong)
    except UnicodeDecodeError:
        return
    assert repair_encoding(broken) == unicodedata.normalize("NFC", fix_encoding(broken))


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("a\x00b\x07c\x7fd", "abcd"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("zero\u200bwidth\ufeff \u202eover\u202c soft\xadhyphen", "zerowidth over softhyphen"),
        ("a\x0bb\x0cc\u2028d\x85e", "a\nb\nc\nd\ne"),
        ("hidden\U000e0041\U000e0042", "hidden"),
        ("a\u200db\u200cc", "abc"),
        ("e\u200b\u0301", "é"),
        ("👨\u200d", "👨"),
        ("tab\tand\r\nline", "tab\tand\r\nline"),
    ],
)
def test_control_characters_go(dirty: str, clean: str) -> None:
    assert strip_control(dirty) == clean


@pytest.mark.parametrize(
    "text",
    [
        "👨\u200d👩\u200d👧 👩🏽\u200d💻 ❤️\u200d🔥 🏳️\u200d🌈",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "می\u200cخواهم",  # Persian needs the non-joiner
        "क्\u200dष",  # Devanagari a joiner
        "ශ්\u200dරී",  # and Sinhala
        "\u0601\u0661",  # a number sign of Arabic is a format character that is seen
    ],
)
def test_joiners_stay_where_they_carry_meaning(text: str) -> None:
    assert strip_control(text) == text


def test_surrogates_are_joined_or_go() -> None:
    assert join_surrogates("a\ud83d\ude00b\ud800c\udc00") == "a😀bc"
    assert join_surrogates("\ud800\ud83d\ude00") == "😀"


def test_white_space_of_every_sort_is_one_space() -> None:
    assert collapse_whitespace(" \ta\u3000\n\nb\xa0c\u2009 ") == "a b c"
