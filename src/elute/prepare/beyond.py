"""What a text says beyond its words: by where its lines break and how far they are indented, and by what its tags point to.

Prepared texts are clean: one space for all white space, no tags. They are embedded so. But ``return`` inside a loop is not ``return``
behind it, and a question about one picture is not the same question about another. So what this finds counts wherever texts are compared
as copies. It is "" for prose, however it was wrapped, and for plain formatting.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import blake2b
from html import unescape

MARK = "\ue000\ue001"
"""Begins the word that stands for all this behind a text that is compared."""

_QUOTED = re.compile(r"""(?<!\w)(?:"[^"\n]*"|'[^'\n]*'(?!\w)|`[^`\n]*`)""")
_FIELDS = re.compile(r"\S[^\S\n\t]*\t[^\S\n]*\S")
_BREAKS = re.compile(  # lines that end where prose does not break, or are no prose
    r"""[;{}=\\|][^\S\n]*\n | ^[^\S\n]*[|{}\[\]][^\n]*$ | ^[^\w\n]+$
    | (?<![^\n]{40})(?<!\w)(?:no|not|none|never|nein|nicht|keine?|non|pas|sin)[^\S\n]*\n""",
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_LINE = re.compile(r"\r\n?|\n")
_RUN = re.compile(r"[^\S\n\t]+")

_PLAIN = (
    "abbr|acronym|article|aside|b|bdi|big|blockquote|body|br|center|cite|dd|div|dl|dt|em|figcaption|figure|font|footer|h[1-6]|head|"
    "header|hr|html|i|li|main|mark|nobr|ol|p|pre|section|small|span|strong|tbody|td|tfoot|th|thead|tr|tt|table|u|ul|wbr"
)
_FORMAT = re.compile(rf"</?(?:{_PLAIN})(?=[\s/>])", re.IGNORECASE)
_FRAME = re.compile(r"</?(?:b|br|center|div|em|font|i|p|span|strong|u)(?=[\s/>])", re.IGNORECASE)
_SINGLE, _HALVES = frozenset({"br", "nobr", "wbr"}), frozenset("br li nobr p wbr".split())
"""Never or seldom closed: half of a pair of these is plain formatting (of the latter among other tags), and of any other it may be what a
text is about."""
_NAME = re.compile(r"</?([a-z][\w:-]*)", re.IGNORECASE)
_POINTS = re.compile(
    r"[\s\"'/](?:href|src|srcset|alt|title|value|content|data[\w-]*|on[a-z]+)\s*=|javascript:|url\(", re.IGNORECASE
)
_TAG = re.compile(r"<!--(?:(?!<!--)[\s\S])*?-->|</?[a-z][^<>]*>|<!doctype\b[^<>]*>|<\?xml\b[^<>]*>", re.IGNORECASE)


def layout(text: str) -> str:
    """What white space says: a text of several lines with its indentation, fields between tabs, spaces within quotes; "" for prose.

    >>> layout("It came late,\\nand  broken. "), layout("  A whole\\n  paragraph.")
    ('', '')
    >>> layout("for x in xs:\\n    a(x)\\n  b(x)  ")
    'for x in xs:\\n    a(x)\\n  b(x)'
    """
    if "\n" not in text and "\t" not in text and "  " not in text and "\r" not in text:
        return ""
    lines = [line for line in _LINE.split(text) if line and not line.isspace()]
    common = min((len(line) - len(line.lstrip()) for line in lines), default=0)
    lines = [line[common:] for line in lines]
    laid = "\n".join(line.rstrip() for line in lines)
    fields = "\t" in laid and _FIELDS.search(laid) is not None
    indented = len(lines) > 1 and any(line[0].isspace() for line in lines)
    quoted = "  " in laid and any("  " in found[0] for found in _QUOTED.finditer(laid))
    if not (fields or indented or quoted or (len(lines) > 1 and _BREAKS.search(laid))):
        return ""
    return "\n".join(_laid(line, fields, quoted) for line in lines)


def _laid(line: str, fields: bool, quoted: bool) -> str:
    """A line as far as its white space says something: a tab at the end of a row of fields is an empty cell."""
    said = line.lstrip()
    told = said.rstrip(" ") if fields else said.rstrip()
    return line[: len(line) - len(said)] + (told if quoted else _RUN.sub(" ", told))


def said(markup: str) -> str:
    """What tags say that are taken out: a text with all but plain formatting, without white space; "" where there is no more than that.

    Links and pictures, scripts, powers, comments and elements that are no HTML say something, and so does half of a pair of tags. Where a
    text is made of tags, headings and lists do too.

    >>> said("<p>A <b>bold</b> word</p>"), said("5<sup>2</sup>")
    ('', '5<sup>2</sup>')
    >>> said('<p>It is <a href="a.pdf">here</a>.</p>')
    'Itis<ahref="a.pdf">here</a>.'
    """
    if "<" not in markup:
        return ""
    found = _TAG.findall(markup)
    plain, alone = _FRAME if 2 * sum(map(len, found)) > len(markup) else _FORMAT, _alone(found)
    if all(_is_format(tag, plain, alone) for tag in found):
        return ""
    return "".join(unescape(_TAG.sub(lambda tag: " " if _is_format(tag[0], plain, alone) else tag[0], markup)).split())


def beyond(original: str, laid: str, stripped: bool) -> str:
    """The word that stands behind a text where it is compared; "" where there is nothing to say.

    Parameters
    ----------
    original : str
    laid : str
        The text before its white space was collapsed.
    stripped : bool
        Markup was taken out.
    """
    told = layout(laid)
    if stripped:
        told += "\0" + tags if (tags := said(original)) else ""
    return f"{MARK}{blake2b(told.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}" if told else ""


def joined(texts: list[str | None], said: Mapping[int, str]) -> list[str | None]:
    """Texts (n,) as they are compared: each with the word behind it that says what is beyond its own, by row."""
    if not said:
        return texts
    found = list(texts)
    for row, word in said.items():
        if (text := found[row]) is not None:
            found[row] = f"{text} {word}"
    return found


def _alone(tags: list[str]) -> set[str]:
    """Names of tags, in small letters, that are opened and never closed, or the other way round."""
    opened, closed = set[str](), set[str]()
    for tag in tags:
        if name := _NAME.match(tag):
            (closed if tag[1] == "/" else opened).add(name[1].lower())
    return (opened ^ closed) - (_HALVES if len(tags) > 1 else _SINGLE)


def _is_format(tag: str, plain: re.Pattern[str], alone: set[str]) -> bool:
    if tag[:2] in ("<?", "<!"):
        return tag[:4] != "<!--"
    name = plain.match(tag)
    return name is not None and name[0].lstrip("</").lower() not in alone and _POINTS.search(tag) is None
