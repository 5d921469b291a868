"""Repairs of one text, each a function from str to str that gives back an equal text where there is nothing to repair.

They run on every row, so each begins with a test that most texts leave by at once.
"""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from html.entities import html5
from itertools import islice

from elute.prepare.mentions import FEW, mentioned
from elute.prepare.pairs import as_raised, paired, quoted

_SURROGATE = re.compile("[\ud800-\udfff]")


def join_surrogates(text: str) -> str:
    """Halves of a character that stand together become that character; lone halves, which no encoder takes, go."""
    if text.isascii() or not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


_BLOCK = (
    "article|aside|blockquote|body|br|caption|center|dd|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|head|header|hr|html|"
    "img|legend|li|main|nav|ol|option|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul"
)
_INLINE = (
    "a|abbr|acronym|b|bdi|bdo|big|button|cite|code|del|dfn|em|font|i|iframe|ins|kbd|mark|nobr|q|s|samp|small|span|strike|strong|sub|sup|"
    "tt|u|var|wbr"
)
# Any other name in angle brackets is as often a placeholder ("<time>") or a delimiter ("<input>") as a tag: it counts only with a quoted
# attribute, and its closing tag only with such an opening one.
_QUOTED = r"""\s+[a-z_:@][\w:.@-]*\s*=\s*(?:"[^"]*"|'[^']*')"""
_BARE = r"\s+[a-z_:@][\w:.@-]*\s*=\s*[^\s\"'=<>`]+"
# Without a value only what HTML has so, or "a<b and c>d" would lose its middle.
_FLAG = r"\s+(?:async|autoplay|checked|controls|defer|disabled|hidden|multiple|muted|nowrap|readonly|required|selected)\b"
_ATTRIBUTES = rf"(?:{_QUOTED}|{_BARE}|{_FLAG})"
# Each alternative stops at the next "<" that could begin it anew, so that no input makes the scan quadratic.
_MARKUP = re.compile(
    rf"""
      (?P<hidden> <!--(?:(?!<!--)[\s\S])*?--> | <(?P<body>script|style)\b[^<>]*>(?:(?!<(?P=body))[\s\S])*?</(?P=body)\s*>
                | <!doctype\b[^<>]*> | <\?xml\b[^<>]*> )
    | (?P<block> <(?:{_BLOCK}){_ATTRIBUTES}*\s*/?> | </(?:{_BLOCK})\s*> )
    | (?P<inline> <(?:{_INLINE}){_ATTRIBUTES}*\s*/?> | </[a-z][\w:-]*\s*>
                | <[a-z][\w:-]*{_QUOTED}{_ATTRIBUTES}*\s*/?> )
    | &(?P<entity> \#[0-9]{{1,7}} | \#x[0-9a-f]{{1,6}} | [a-z][a-z0-9]{{1,31}} );
    """,
    re.IGNORECASE | re.VERBOSE,
)


def strip_markup(text: str) -> str:
    """HTML without its tags, comments, scripts and entities.

    One pass: a tag that was itself written with entities (``&lt;b&gt;``) is what the author wanted to show, and stays. What only
    looks like a tag stays too: ``a < b``, ``<3``, ``<me@example.org>``, ``<user>``, ``Vec<A>`` (:mod:`elute.prepare.pairs`). So does
    one that the text speaks of, as in ``How do I center a <div>?`` (:mod:`elute.prepare.mentions`). A power stays one: ``10^3``.
    """
    if "<" not in text and "&" not in text:
        return text
    found = list(_MARKUP.finditer(text))
    if not found:
        return text
    tags = [one for one in found if one["block"] or one["inline"]]
    stay, raised = paired(text, tags, _KNOWN)
    stay |= {one.start() for one in found if (one["hidden"] or one["entity"]) and quoted(text, one)}
    stay |= mentioned(text, list(islice((one for one in found if not one["entity"] and one.start() not in stay), FEW + 1)))
    parts, at, opened = list[str](), 0, list[int]()
    for one in found:
        parts.append(text[at : one.start()])
        at = one.end()
        other = raised.get(one.start())
        if one.start() in stay:
            parts.append(one[0])
        elif other is None or other.start() in stay:
            parts.append(_without(one))
        elif one[0][1] != "/":
            opened.append(len(parts))
        else:
            inside = "".join(parts[(first := opened.pop()) :])
            parts[first:] = [as_raised(text, other, one, inside)]
    return "".join([*parts, text[at:]])


_KNOWN = re.compile(f"{_BLOCK}|{_INLINE}", re.IGNORECASE)


def _without(match: re.Match[str]) -> str:
    if match.lastgroup == "entity":
        entity = match["entity"] + ";"
        # unescape alone would read "&notit;" as "&not" and "it;"
        return unescape("&" + entity) if entity[0] == "#" or entity in html5 else match[0]
    return "" if match["inline"] else "\n"


# Whatever ftfy takes for mojibake holds one of these characters, or two side by side of which one is no Greek or Cyrillic letter;
# a test holds this against ftfy. Its own test takes 40 us for a tweet, this one under 1.
_SIGN = "\x80-\u036f\u0384\u0385\u0490\u0491\u2000-\u25ff\uf8ff\ufb01\ufb02\ufffd"
_MAYBE_MOJIBAKE = re.compile(f"[{_SIGN}][{_SIGN}\u0370-\u048f]|[\u0370-\u048f][{_SIGN}]|[\x80-\x9fŒœÂÃ\u0402]")


def repair_encoding(text: str) -> str:
    """UTF-8 that was read as another encoding, mended by ftfy (Speer 2019, doi:10.5281/zenodo.2591652); then NFC.

    Of ftfy only this: quotes, ligatures and widths are how the author wrote.
    """
    if text.isascii():
        return text
    if _MAYBE_MOJIBAKE.search(text):
        from ftfy import fix_encoding

        text = fix_encoding(text)
    return unicodedata.normalize("NFC", text)


_TERMINAL = r"\x1b\[[0-?]*[ -/]*[@-~]"
_ASCII_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff"
    r"\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_BREAK = r"[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]"
# Joiners carry meaning after letters of Arabic, Syriac, N'Ko, Indic, Tibetan, Myanmar, Khmer and Mongolian scripts ...
_JOINING = "\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u17ff\u1800-\u180d\u1820-\u18af\ua8e0-\ua8ff\ua9e0-\ua9ff\uaa60-\uaa7f"
# ... and between emoji; a flag of a region is a black flag with tags.
_EMOJI = "\xa9\xae\u2190-\u2bff\u3030\u303d\U0001f000-\U0001faff"
_REMOVE = re.compile(
    f"(?P<keep>\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f|(?<=[{_JOINING}])[\u200c\u200d]|(?<=[{_EMOJI}\ufe0f])\u200d(?=[{_EMOJI}]))"
    f"|(?P<breaks>{_BREAK})|{_TERMINAL}|{_CONTROL.pattern}"
)


def strip_control(text: str) -> str:
    """Without control characters, terminal colours, zero-width and direction marks; what breaks a line becomes a line break.

    Joiners stay in emoji, and in scripts that need them.
    """
    if not (_ASCII_CONTROL if text.isascii() else _CONTROL).search(text):
        return text
    # What the removed stood between may now compose.
    return unicodedata.normalize("NFC", _REMOVE.sub(lambda match: match["keep"] or ("\n" if match["breaks"] else ""), text))


def collapse_whitespace(text: str) -> str:
    """Every run of white space is one space, and none is at the ends."""
    return " ".join(text.split())
